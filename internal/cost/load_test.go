package cost_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/shopspring/decimal"
)

// workspaces is a plan that promises 100 workspaces, which count for ten nodes and take nine, on a node on demand and up to six on spot.
func workspaces() *tfjson.Plan {
	return planOf(map[string]any{"capacity": map[string]any{
		"max_workspaces": 100.0, "supported": 100.0, "zones": 1.0, "homes_gib": 2000.0, "builds": map[string]any{"per_node": 5.0},
		"profiles": map[string]any{"small": map[string]any{"nodes": 10.0, "share": 100.0}},
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
		{"everybody: spot up to its most, the rest on demand", [][2]string{{"load", "always"}}, "2190", "4380", "73000"},
		{"fewer than promised stay on spot", [][2]string{{"load", "always"}, {"users", "70"}}, "730", "4380", "51100"},
		{"two workspaces each", [][2]string{{"load", "always"}, {"users", "35"}, {"workspaces_per_user", "2"}}, "730", "4380", "51100"},
		{"half a workspace each is twice as many people", [][2]string{{"load", "always"}, {"workspaces_per_user", "0.5"}}, "2190", "4380",
			"73000"},
		{"and two each half as many", [][2]string{{"load", "always"}, {"workspaces_per_user", "2"}}, "2190", "4380", "73000"},
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

// TestNotHeld refuses loads of which the plan itself says that its settings do not hold them.
func TestNotHeld(t *testing.T) {
	document := workspaces()
	capacity := document.PlannedValues.Outputs["capacity"].Value.(map[string]any)
	capacity["supported"] = 120.0
	capacity["limits"] = []any{
		map[string]any{"setting": "database.max_acu", "value": "4", "supports": 160.0},
		map[string]any{"setting": "node_groups.workspace.max_size", "value": "26", "supports": 120.0},
	}
	for _, test := range []struct {
		name string
		set  [][2]string
		says []string
	}{
		{"as many as are promised", nil, nil},
		{"more than are promised, and held", [][2]string{{"users", "120"}}, nil},
		{"one more than are held", [][2]string{{"users", "121"}}, []string{
			"121 workspaces at once are more than these settings hold, which is 120",
			"node_groups.workspace.max_size = 26 holds 120", "raise max_workspaces to 121"}},
		{"two of each of few people", [][2]string{{"users", "90"}, {"workspaces_per_user", "2"}}, []string{"180 workspaces at once",
			"node_groups.workspace.max_size = 26 holds 120; database.max_acu = 4 holds 160"}},
		{"many people with few workspaces", [][2]string{{"users", "1000"}, {"workspaces_per_user", "0.1"}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			usage := cost.NewUsage()
			for _, pair := range test.set {
				if err := usage.Set(pair[0], pair[1]); err != nil {
					t.Fatal(err)
				}
			}
			_, err := tryEstimate(t, document, cost.Options{Usage: usage})
			if (err != nil) != (test.says != nil) {
				t.Fatalf("the error is %v", err)
			}
			if err != nil && diagnostic.From(err)[0].Code != "cost.load_not_held" {
				t.Errorf("the error is %v", err)
			}
			for _, want := range test.says {
				if d := diagnostic.From(err)[0]; !strings.Contains(d.Summary+d.Why+d.Todo, want) {
					t.Errorf("%+v does not say %q", d, want)
				}
			}
		})
	}
}

// TestWorldwide: three sites eight hours apart have 151 percent of one site's people in their busiest hour (60 at eight, 90 at four in the
// afternoon, 1 at midnight), in which all that count as users are there. Over a workday they have 978 × 3 / 1.51, over a day off
// 58 × 3 / 1.51, but for the rounding of each hour to whole percents.
func TestWorldwide(t *testing.T) {
	usage := cost.NewUsage().With(cost.Worldwide)
	work, end, most := 0, 0, 0
	for hour := range 24 {
		work, end = work+int(usage.Workday[hour].IntPart()), end+int(usage.Weekend[hour].IntPart())
		most = max(most, int(usage.Workday[hour].IntPart()))
	}
	if work != 1947 || end != 117 || most != 100 {
		t.Errorf("%d on workdays, %d on weekends, %d at most", work, end, most)
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
		{"reserved, what runs at all hours is reserved", cost.Reserved1y, "aws_eks_node_group.demand", pricing.EC2Reserved1yHour, "2190"},
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

// TestGrowth: of what the load needs, groups on spot take the first, and of two alike the smaller one, up to the most that each may have.
func TestGrowth(t *testing.T) {
	const first, second, demand = "aws_eks_node_group.a", "aws_eks_node_group.b", "aws_eks_node_group.demand"
	spot := values{"capacity_type": "SPOT"}
	for _, test := range []struct {
		name   string
		groups [3]*tfjson.StateResource
		// users are as many as nodes by eleven or so: ten workspaces count for a node, and seven eighths of the nodes that count are there. The
		// hours are by group: 730 for each node.
		users string
		hours [3]string
	}{
		{"the smaller of two on spot", [3]*tfjson.StateResource{nodeGroup(first, "workspace", 0, 9, spot),
			nodeGroup(second, "workspace", 1, 9, spot), nodeGroup(demand, "workspace", 1, 9, nil)}, "30", [3]string{"730", "730", "730"}},
		{"the first of two of a size", [3]*tfjson.StateResource{nodeGroup(first, "workspace", 1, 9, spot),
			nodeGroup(second, "workspace", 1, 9, spot), nodeGroup(demand, "workspace", 0, 9, nil)}, "30", [3]string{"1460", "730", "0"}},
		{"both on spot up to their most, and then on demand", [3]*tfjson.StateResource{nodeGroup(first, "workspace", 0, 1, spot),
			nodeGroup(second, "workspace", 0, 2, spot), nodeGroup(demand, "workspace", 0, 9, nil)}, "50", [3]string{"730", "1460", "1460"}},
		{"a group of another kind stays as it is", [3]*tfjson.StateResource{nodeGroup(first, "control", 1, 9, spot),
			nodeGroup(second, "control", 1, 9, nil), nodeGroup(demand, "workspace", 0, 9, nil)}, "30", [3]string{"730", "730", "2190"}},
		{"part of a node is a node", [3]*tfjson.StateResource{nodeGroup(first, "workspace", 0, 9, spot),
			nodeGroup(second, "workspace", 0, 9, nil), nodeGroup(demand, "workspace", 0, 9, nil)}, "23", [3]string{"2190", "0", "0"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := workspaces()
			plan.PlannedValues.RootModule.Resources = test.groups[:]
			usage := usageOf(t, "users", test.users)
			if err := usage.Set("load", "always"); err != nil {
				t.Fatal(err)
			}
			r := estimate(t, plan, cost.Options{Usage: usage})
			for i, group := range test.groups {
				item := pricing.EC2OnDemandHour
				if group.AttributeValues["capacity_type"] == "SPOT" {
					item = pricing.EC2SpotHour
				}
				if got := quantity(r, group.Address, item); got != test.hours[i] {
					t.Errorf("%s has %s node-hours, want %s", group.Address, got, test.hours[i])
				}
			}
		})
	}
}

// TestProvisioners holds what builds need to a sum by hand. 240 users who all come at one hour and go at another make 480 builds a day,
// of which half are begun in each of the two: 240 builds of 10 minutes are 40 hours of provisioners, of which five run on a node.
func TestProvisioners(t *testing.T) {
	plan := workspaces()
	plan.PlannedValues.RootModule.Resources = []*tfjson.StateResource{nodeGroup("aws_eks_node_group.p", "provisioner", 0, 20, nil)}
	plan.PlannedValues.Outputs["capacity"].Value.(map[string]any)["supported"] = 240.0
	for _, test := range []struct{ name, minutes, burst, builds, hours string }{
		{"eight nodes for two hours of each weekday", "10", "1", "2", "348"},               // 8 × 2 × 261 / 12
		{"a part of a node is a node", "10.1", "1", "2", "391.5"},                          // 9 × 2 × 261 / 12
		{"twice as many builds", "10", "1", "4", "696"},                                    // 16 × 2 × 261 / 12
		{"twice as many at once in the busiest minutes of an hour", "10", "2", "2", "696"}, // 16 × 2 × 261 / 12
		{"no more than there may be", "60", "1", "4", "870"},                               // 20 × 2 × 261 / 12
		{"builds that take no time", "0", "1", "2", "0"},
	} {
		usage := usageFile(t, "users = 240\nbuild_burst = "+test.burst+"\nbuild_minutes = "+test.minutes+
			"\nbuilds_per_workspace_day = "+test.builds+"\nworkday = ["+
			strings.Repeat("0, ", 9)+strings.Repeat("100, ", 8)+strings.Repeat("0, ", 6)+"0]\nweekend = ["+strings.Repeat("0, ", 23)+"0]\n")
		r := estimate(t, plan, cost.Options{Usage: usage})
		if got := quantity(r, "aws_eks_node_group.p", pricing.EC2OnDemandHour); got != test.hours {
			t.Errorf("%s: %s node-hours, want %s", test.name, got, test.hours)
		}
	}
}

// usageFile reads a usage file of a text.
func usageFile(t *testing.T, text string) *cost.Usage {
	t.Helper()
	file := filepath.Join(t.TempDir(), "usage.hcl")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	usage, err := cost.ReadUsage(file)
	if err != nil {
		t.Fatal(err)
	}
	return usage
}

// TestDatabaseCapacity: what a database needs for so many workspaces lies on the lines between the points of Coder's validated
// architectures, and within the bounds that the plan sets.
func TestDatabaseCapacity(t *testing.T) {
	for _, test := range []struct {
		users, acu  string
		least, most float64
	}{
		{"0", "0.5", 0.5, 256},
		{"20", "0.5", 0.5, 256}, // 15 ACU for 600 are 1 for 40
		{"60", "1.5", 0.5, 256},
		{"300", "7.5", 0.5, 256},
		{"600", "15", 0.5, 256},
		{"1200", "37.5", 0.5, 256}, // half of the way to 60 for 1,800
		{"1800", "60", 0.5, 256},
		{"7680", "256", 0.5, 256},
		{"9000", "256", 0.5, 256},
		{"300", "8.5", 8.5, 64},
		{"300", "2.5", 0.5, 2.5},
	} {
		for tier, follows := range map[float64]bool{0: true, 1: true, 2: false, 15: false} {
			usage := usageOf(t, "users", test.users)
			if err := usage.Set("load", "always"); err != nil {
				t.Fatal(err)
			}
			r := estimate(t, planOf(nil,
				resource("aws_rds_cluster.d", values{"cluster_identifier": "d", "engine": "aurora-postgresql",
					"serverlessv2_scaling_configuration": []any{values{"min_capacity": test.least, "max_capacity": test.most}}}),
				resource("aws_rds_cluster_instance.w", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": 0.0}),
				resource("aws_rds_cluster_instance.x", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": tier}),
			), cost.Options{Usage: usage})
			want := decimal.RequireFromString(test.acu).Mul(decimal.NewFromInt(730)).String()
			if got := quantity(r, "aws_rds_cluster_instance.w", pricing.AuroraACUHour); got != want {
				t.Errorf("%s users: the writer has %s ACU-hours, want %s", test.users, got, want)
			}
			if !follows {
				want = decimal.NewFromFloat(test.least * 730).String()
			}
			if got := quantity(r, "aws_rds_cluster_instance.x", pricing.AuroraACUHour); got != want {
				t.Errorf("%s users: a reader of tier %g has %s ACU-hours, want %s", test.users, tier, got, want)
			}
		}
	}
}
