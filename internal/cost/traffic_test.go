package cost_test

import (
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestTraffic: what goes out and what crosses zones is billed once, at the first load balancer, or at the first NAT gateway where there is
// none. Zones count where there are several, and where workspaces are in several.
func TestTraffic(t *testing.T) {
	const nat, lb = "aws_nat_gateway.n", "aws_lb.l"
	subnets := []*tfjson.StateResource{resource("aws_subnet.a", values{"availability_zone": "us-east-1a"}),
		resource("aws_subnet.b", values{"availability_zone": "us-east-1b"})}
	gateway, balancer := resource(nat, nil), resource(lb, values{"load_balancer_type": "network", "internal": true})
	for _, test := range []struct {
		name string
		// zones are those of the subnets, promised those in which the settings put workspaces; 0 if they say nothing.
		zones, promised int
		with            []*tfjson.StateResource
		// out and across are the GB a month of 100 users at all hours, 73,000 h × 0.02, and the latter in both directions; by whose line.
		at, out, across string
	}{
		{"a load balancer and a gateway", 2, 2, []*tfjson.StateResource{gateway, balancer}, lb, "1460", "2920"},
		{"a gateway alone", 2, 2, []*tfjson.StateResource{gateway}, nat, "1460", "2920"},
		{"a load balancer alone", 2, 2, []*tfjson.StateResource{balancer}, lb, "1460", "2920"},
		{"a single zone", 1, 1, []*tfjson.StateResource{balancer}, lb, "1460", "0"},
		{"two zones, and workspaces in one", 2, 1, []*tfjson.StateResource{balancer}, lb, "1460", "0"},
		{"two zones, and nothing said of workspaces", 2, 0, []*tfjson.StateResource{balancer}, lb, "1460", "2920"},
		{"no way out", 2, 2, nil, lb, "0", "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := planOf(nil, append(subnets[:test.zones:test.zones], test.with...)...)
			if test.promised > 0 {
				plan.PlannedValues.Outputs["capacity"] = &tfjson.StateOutput{Value: map[string]any{"zones": float64(test.promised)}}
			}
			usage := usageOf(t, "users", "100")
			if err := usage.Set("load", "always"); err != nil {
				t.Fatal(err)
			}
			r := estimate(t, plan, cost.Options{Usage: usage})
			if got := quantity(r, test.at, pricing.InternetOutGB); got != test.out {
				t.Errorf("%s GB go out, want %s", got, test.out)
			}
			if got := quantity(r, test.at, pricing.InterAZGB); got != test.across {
				t.Errorf("%s GB cross zones, want %s", got, test.across)
			}
		})
	}
}

// TestLogs: whose logs a group has follows from its name, or from a flow log beside it. An hour has 0.1 GB of a control plane and
// 0.005 more for each node, 0.001 of a database and 0.005 of a node's flows, and a month has 1 GB of what is not known.
func TestLogs(t *testing.T) {
	named := func(name string) values { return values{"name": name, "retention_in_days": 30.0} }
	const vended, other = pricing.CloudWatchVendedLogsGB, pricing.CloudWatchLogsIngestedGB
	for _, test := range []struct {
		name, group string
		with        []*tfjson.StateResource
		item        pricing.Item
		gb          string
	}{
		{"a control plane", "/aws/eks/c/cluster", nil, vended, "80.3"},
		{"something else of a cluster", "/aws/eks/c/fluent-bit", nil, other, "1"},
		{"something else that ends so", "/mine/cluster", nil, other, "1"},
		{"a database", "/aws/rds/cluster/d/postgresql", nil, other, "0.73"},
		{"flow logs, by name", "vpc-flow-logs", nil, vended, "7.3"}, // 2 nodes × 730 h × 0.005
		{"flow logs, by the flow log beside it", "network", []*tfjson.StateResource{resource("module.m.aws_flow_log.f", nil)}, vended, "7.3"},
		{"a flow log in another module", "network", []*tfjson.StateResource{resource("module.o.aws_flow_log.f", nil)}, other, "1"},
		{"a group of AWS's beside a flow log", "/aws/lambda/f", []*tfjson.StateResource{resource("module.m.aws_flow_log.f", nil)}, other, "1"},
	} {
		r := estimate(t, planOf(nil, append(test.with, nodeGroup("aws_eks_node_group.n", "control", 2, 2, nil),
			resource("module.m.aws_cloudwatch_log_group.l", named(test.group)))...), cost.Options{})
		if got := quantity(r, "module.m.aws_cloudwatch_log_group.l", test.item); got != test.gb {
			t.Errorf("%s: %s GB of %s, want %s", test.name, got, test.item, test.gb)
		}
	}
}
