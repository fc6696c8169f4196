package cost_test

import (
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// workspaces is a plan that promises 100 workspaces, ten to a node, on a node on demand and up to six on spot.
func workspaces() *tfjson.Plan {
	return planOf(map[string]any{"capacity": map[string]any{
		"max_workspaces": 100.0, "supported": 100.0, "zones": 1.0, "homes_gib": 2000.0, "builds": map[string]any{"per_node": 5.0},
		"profiles": map[string]any{"small": map[string]any{"nodes": 10.0}},
	}},
		resource("aws_eks_cluster.c", values{"name": "c", "version": "1.35"}),
		nodeGroup("aws_eks_node_group.demand", "workspace", 1, 20, nil),
		nodeGroup("aws_eks_node_group.spot", "workspace", 1, 6,
			values{"capacity_type": "SPOT", "instance_types": []any{"m5.large", "m5a.large"}}),
	)
}

// quantity adds up what lines of a kind use.
func quantity(r *cost.Report, address string, item pricing.Item) string {
	var sum = r.Users.Sub(r.Users)
	for _, line := range r.Lines {
		if line.Address == address && line.Figure.Key.Item == item {
			sum = sum.Add(line.Quantity)
		}
	}
	return sum.Round(2).String()
}

func TestLoads(t *testing.T) {
	for _, test := range []struct {
		name          string
		set           [][2]string
		demand, spot  string
		workspaceTime string
	}{
		{"nobody: the least sizes", [][2]string{{"load", "idle"}}, "730", "730", "0"},
		{"everybody: spot up to its most, the rest on demand", [][2]string{{"load", "always"}}, "2920", "4380", "73000"},
		{"fewer than promised stay on spot", [][2]string{{"load", "always"}, {"users", "70"}}, "730", "4380", "51100"},
		{"two workspaces each", [][2]string{{"load", "always"}, {"users", "35"}, {"workspaces_per_user", "2"}}, "730", "4380", "51100"},
		{"more than promised: as many as the groups may have", [][2]string{{"load", "always"}, {"users", "1000"}}, "14600", "4380", "730000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			usage := cost.NewUsage()
			for _, pair := range test.set {
				if err := usage.Set(pair[0], pair[1]); err != nil {
					t.Fatal(err)
				}
			}
			r := estimate(t, workspaces(), cost.Options{Usage: usage})
			if got := quantity(r, "aws_eks_node_group.demand", pricing.EC2OnDemandHour); got != test.demand {
				t.Errorf("%s hours on demand, want %s", got, test.demand)
			}
			if got := quantity(r, "aws_eks_node_group.spot", pricing.EC2SpotHour); got != test.spot {
				t.Errorf("%s hours on spot, want %s", got, test.spot)
			}
			if got := r.WorkspaceHours.String(); got != test.workspaceTime {
				t.Errorf("%s workspace-hours, want %s", got, test.workspaceTime)
			}
		})
	}
}

// TestOffice holds the shape of a working day to a sum that is worked out by hand: on a weekday the percentages of the hours add up to 978,
// on a day of the weekend to 58. 2026 has 261 weekdays and 104 others. So 100 users have (261 × 978 + 104 × 58) / 12 hours in a month.
func TestOffice(t *testing.T) {
	r := estimate(t, workspaces(), cost.Options{})
	if got := r.WorkspaceHours.Round(2).String(); got != "21774.17" {
		t.Errorf("%s workspace-hours", got)
	}
}

func TestPurchases(t *testing.T) {
	usage := cost.NewUsage()
	if err := usage.Set("load", "always"); err != nil {
		t.Fatal(err)
	}
	hours := func(purchase cost.Purchase, address string, item pricing.Item) string {
		return quantity(estimate(t, workspaces(), cost.Options{Usage: usage, Purchase: purchase}), address, item)
	}
	for _, test := range []struct {
		name     string
		purchase cost.Purchase
		address  string
		item     pricing.Item
		want     string
	}{
		{"on demand, what is planned on spot is on demand", cost.OnDemand, "aws_eks_node_group.spot", pricing.EC2OnDemandHour, "4380"},
		{"reserved, what runs at all hours is reserved", cost.Reserved1y, "aws_eks_node_group.demand", pricing.EC2Reserved1yHour, "2920"},
		{"reserved, nothing is left on demand", cost.Reserved1y, "aws_eks_node_group.demand", pricing.EC2OnDemandHour, "0"},
		{"reserved, spot stays spot", cost.Reserved3y, "aws_eks_node_group.spot", pricing.EC2SpotHour, "4380"},
	} {
		if got := hours(test.purchase, test.address, test.item); got != test.want {
			t.Errorf("%s: %s hours, want %s", test.name, got, test.want)
		}
	}
	// AWS says of EC2 Instance Savings Plans that they save just like standard reservations; the bill says whose price it has.
	for plan, reservation := range map[cost.Purchase]cost.Purchase{cost.SavingsPlan1y: cost.Reserved1y, cost.SavingsPlan3y: cost.Reserved3y} {
		planned := estimate(t, workspaces(), cost.Options{Usage: usage, Purchase: plan})
		if want := estimate(t, workspaces(), cost.Options{Usage: usage, Purchase: reservation}).Total(); !planned.Total().Equal(want) {
			t.Errorf("%s makes %s, and %s makes %s", plan, planned.Total().Cents(), reservation, want.Cents())
		}
		said := ""
		for _, line := range planned.Find("aws_eks_node_group.demand") {
			said += planned.Explain(line)
		}
		for _, want := range []string{"m5.large under a savings plan for", "a standard reservation's price",
			"https://aws.amazon.com/savingsplans/faqs/"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not say %q:\n%s", plan, want, said)
			}
		}
	}
	// In office hours the second node on demand never runs so long that a reservation pays.
	r := estimate(t, workspaces(), cost.Options{Purchase: cost.Reserved1y})
	if got := quantity(r, "aws_eks_node_group.demand", pricing.EC2Reserved1yHour); got != "730" {
		t.Errorf("%s hours reserved in office hours, want one node's 730", got)
	}
}
