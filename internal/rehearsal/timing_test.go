package rehearsal_test

import (
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// critical are the types that a deployment hangs on, in order: EKS's control plane, the network of its pods, its nodes, and what runs on
// them first. All else is made beside them; steps of a few seconds are left out.
var critical = []string{"aws_eks_cluster", "aws_eks_addon", "aws_eks_node_group", "aws_eks_addon"}

// firstSteps is how long the control plane may wait for what it needs: the key that encrypts its secrets, and two subnets. Where an account
// is audited too, five keys more are in the queue beside them, of which Terraform works on ten steps at a time.
const firstSteps = 35 * time.Second

// longestDeployment is what no pattern may take longer to make, even at its slowest.
const longestDeployment = 20 * time.Minute

// longestUntilHealthy is the same for all stacks one after the other.
const longestUntilHealthy = 25 * time.Minute

// TestPreview: what is worked out from the plan of a pattern before anything exists is what is found once Terraform has made it.
func TestPreview(t *testing.T) {
	if testing.Short() {
		t.Skip("each pattern takes some seconds")
	}
	binary := engineOrSkip(t)
	source := os.DirFS("../..")
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	patterns, err := deployment.Patterns(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range patterns {
		t.Run(pattern.Name, func(t *testing.T) {
			d, findings := pattern.Deployment(t.TempDir())
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			runner := &lifecycle.Runner{
				Source: source, Program: "test", Binary: binary, Environ: environ(),
				Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(),
			}
			previews, err := rehearsal.New("test", now).Preview(t.Context(), runner, d, true)
			if err != nil {
				t.Fatal(err)
			}
			healthy := map[string]time.Duration{} // by region, its stacks one after the other
			for _, p := range previews {
				checkOrder(t, p)
				checkTimes(t, p)
				checkInventory(t, p)
				healthy[p.Region] += rehearsal.NewTimetable(p.Place, p.Plan, p.Written, 0).Longest
			}
			for region, late := range healthy {
				if late > longestUntilHealthy {
					t.Errorf("in %s Coder can answer as late as after %s, more than %s", region, late, longestUntilHealthy)
				}
			}
		})
	}
}

// checkOrder holds the order of work to the dependencies that Terraform recorded.
func checkOrder(t *testing.T, p rehearsal.Preview) {
	t.Helper()
	work, opaque := inventory.Plan(p.Plan, p.Written)
	if len(opaque) > 0 {
		t.Errorf("local values that could not be followed: %v", opaque)
	}
	if diff := cmp.Diff(closure(inventory.Made(stateOf(p.Made.Document))), closure(work)); diff != "" {
		t.Errorf("what comes before what (-recorded +read):\n%s", diff)
	}
}

func checkTimes(t *testing.T, p rehearsal.Preview) {
	t.Helper()
	table := rehearsal.NewTimetable(p.Place, p.Plan, p.Written, 0)
	if table.Longest > longestDeployment {
		t.Errorf("it can take %s, more than %s", table.Longest, longestDeployment)
	}
	var path []string
	for _, step := range table.Steps {
		if step.Type == "aws_eks_cluster" && step.Start > firstSteps {
			t.Errorf("the control plane is begun after %s", step.Start)
		}
		if step.Critical && step.End-step.Start >= 5*time.Second && (len(path) > 0 || step.Type == critical[0]) {
			path = append(path, step.Type)
		}
	}
	want := critical
	if p.Stack == lifecycle.PlatformStack {
		// what Coder needs, Coder, and the way in, once it has an owner
		want, path = []string{"helm_release", "helm_release", "helm_release"}, releasesOf(table)
	}
	if diff := cmp.Diff(want, path); diff != "" {
		t.Errorf("critical path (-want +got):\n%s", diff)
	}
	for _, step := range table.Steps {
		if step.Source == "" {
			t.Errorf("the time of %s has no source", step.Resource)
		}
	}
}

// releasesOf are the types of the steps that a platform hangs on.
func releasesOf(table rehearsal.Timetable) []string {
	var path []string
	for _, step := range table.Steps {
		if step.Critical {
			path = append(path, step.Type)
		}
	}
	return path
}

// checkInventory holds what was found through expressions to what the ids say. Where a plan only says what an argument can name, what it
// does name must be among that.
func checkInventory(t *testing.T, p rehearsal.Preview) {
	t.Helper()
	before, err := inventory.Read(p.Plan, p.Written)
	if err != nil {
		t.Fatal(err)
	}
	after, err := inventory.Read(p.Made, p.Written)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range []struct {
		what          string
		before, after []string
	}{
		{"subnets", subnetsOf(before), subnetsOf(after)},
		{"gateways", gatewaysOf(before), gatewaysOf(after)},
		{"databases", databasesOf(before), databasesOf(after)},
		{"others", addressesOf(before.Others), addressesOf(after.Others)},
	} {
		if diff := cmp.Diff(pair.after, pair.before); diff != "" {
			t.Errorf("%s (-made +planned):\n%s", pair.what, diff)
		}
	}
	if len(before.NodeGroups) != len(after.NodeGroups) {
		t.Fatalf("%d node groups are planned, %d are made", len(before.NodeGroups), len(after.NodeGroups))
	}
	for i, group := range after.NodeGroups {
		for _, subnet := range group.Subnets {
			if !slices.Contains(before.NodeGroups[i].Subnets, subnet) {
				t.Errorf("%s is in %s, and the plan was read as if it could only be in %v", group.Address, subnet, before.NodeGroups[i].Subnets)
			}
		}
		if group.Cluster != before.NodeGroups[i].Cluster || group.DiskGiB != before.NodeGroups[i].DiskGiB ||
			group.Name != before.NodeGroups[i].Name {
			t.Errorf("%s is made as %+v and planned as %+v", group.Address, group, before.NodeGroups[i])
		}
	}
}

func subnetsOf(inv *inventory.Inventory) (lines []string) {
	for _, s := range inv.Subnets {
		lines = append(lines, strings.Join([]string{s.Address, s.VPC, s.Zone, s.CIDR, string(s.Kind), s.RouteTable, s.Region, s.Where.String()},
			" "))
	}
	return lines
}

func gatewaysOf(inv *inventory.Inventory) (lines []string) {
	for _, g := range inv.NATGateways {
		lines = append(lines, g.Address+" "+g.Subnet+" "+g.Zone)
	}
	for _, table := range inv.RouteTables {
		for _, route := range table.Routes {
			lines = append(lines, table.Address+" "+route.Destination+" "+route.Target)
		}
	}
	for _, endpoint := range inv.Endpoints {
		lines = append(lines, endpoint.Address+" "+endpoint.VPC+" "+endpoint.Service+" "+endpoint.Kind)
	}
	return lines
}

func databasesOf(inv *inventory.Inventory) (lines []string) {
	for _, d := range inv.Databases {
		lines = append(lines, d.Address+" "+strings.Join(d.Subnets, " "))
		for _, i := range d.Instances {
			lines = append(lines, i.Address+" "+i.Zone+" "+i.Class)
		}
	}
	return lines
}

func addressesOf(resources []inventory.Resource) (addresses []string) {
	for _, r := range resources {
		addresses = append(addresses, r.Address)
	}
	return addresses
}

// stateOf lists the resources of the state that a plan started from.
func stateOf(plan *tfjson.Plan) []*tfjson.StateResource {
	var all []*tfjson.StateResource
	var walk func(*tfjson.StateModule)
	walk = func(module *tfjson.StateModule) {
		for _, resource := range module.Resources {
			if resource.Mode == tfjson.ManagedResourceMode {
				all = append(all, resource)
			}
		}
		for _, child := range module.ChildModules {
			walk(child)
		}
	}
	walk(plan.PriorState.Values.RootModule)
	return all
}

// closure lists all that comes before each piece of work, directly or not.
func closure(work []inventory.Work) map[string][]string {
	after := map[string][]string{}
	for _, w := range work {
		after[w.ID] = w.After
	}
	all := map[string][]string{}
	for id := range after {
		seen := map[string]bool{}
		var visit func(string)
		visit = func(id string) {
			for _, before := range after[id] {
				if !seen[before] {
					seen[before] = true
					visit(before)
				}
			}
		}
		visit(id)
		all[id] = slices.Sorted(maps.Keys(seen))
	}
	return all
}
