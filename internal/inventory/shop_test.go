package inventory

import (
	"compress/gzip"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"coderaws/internal/configuration"
	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// shopPlan reads a plan of testdata/shop.
func shopPlan(t testing.TB, name string) *plan.Plan {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "shop", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	p, d := plan.Decode(text)
	if d != nil {
		t.Fatal(d)
	}
	return p
}

// read makes an inventory that is not refused.
func read(t testing.TB, p *plan.Plan, written *configuration.Module) *Inventory {
	t.Helper()
	inv, err := Read(p, written)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func shopWritten(t testing.TB) *configuration.Module {
	t.Helper()
	written, err := configuration.Load(filepath.Join("testdata", "shop"), filepath.Join("testdata", "shop"))
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// TestShop is the specification of the inventory: what is read of Terraform that is not ours, before anything of it exists.
func TestShop(t *testing.T) {
	inv := read(t, shopPlan(t, "plan"), shopWritten(t))
	private := []string{"aws_subnet.private[0]", "aws_subnet.private[1]"}
	public := []string{"aws_subnet.public[0]", "aws_subnet.public[1]"}
	data := []string{"aws_subnet.data[0]", "aws_subnet.data[1]"}
	zones := []string{"eu-west-1a", "eu-west-1b"}
	subnets := map[string]Subnet{}
	for _, s := range inv.Subnets {
		subnets[s.Address] = s
	}
	vpc, nat, gateway := only(t, inv.VPCs), only(t, inv.NATGateways), only(t, inv.InternetGateways)
	group, lb, database, instance := only(t, inv.NodeGroups), only(t, inv.LoadBalancers), only(t, inv.Databases), only(t, inv.Instances)
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"the region is that of the provider, through a variable", inv.Regions, []string{"eu-west-1"}},
		{"a VPC has its name and range", []any{vpc.Name, vpc.CIDRs}, []any{"shop", []string{"10.20.0.0/16"}}},
		{"an internet gateway names its VPC by an expression", gateway.VPC, "aws_vpc.main"},
		{"a subnet with a route to the internet gateway is public", subnets[public[0]].Kind, Public},
		{"one with a route to a NAT gateway is private, though a local value connects them", subnets[private[1]].Kind, Private},
		{"one without a table is isolated", subnets[data[0]].Kind, Isolated},
		{"a subnet has its zone and range", []string{subnets[private[1]].Zone, subnets[private[1]].CIDR},
			[]string{"eu-west-1b", "10.20.11.0/24"}},
		{"a subnet says where its block stands", subnets[private[1]].Where.String(), "main.tf:41:1"},
		{"a NAT gateway is in the subnet of a constant index", nat.Zone, "eu-west-1a"},
		{"a group of machines is in the subnets that its module was given", group.Subnets, private},
		{"and in their zones", group.Zones, zones},
		{"and says that these are candidates", group.Candidates, []string{"vpc_zone_identifier"}},
		{"its template decides what is launched", group.InstanceTypes, []string{"c7g.large"}},
		{"its bounds are those of the group", []plan.Maybe[int]{group.Min, group.Max}, []plan.Maybe[int]{plan.Known(2), plan.Known(6)}},
		{"a block in a module says where it stands", group.Where.String(), "service/main.tf:15:1"},
		{"a load balancer is in the public subnets", lb.Subnets, public},
		{"it is what AWS makes without a word: an application one", lb.Kind, "application"},
		{"it listens where its listener says", lb.Ports, []string{"HTTP 80"}},
		{"a database is in the subnets of its group", database.Subnets, data},
		{"and is an instance by itself", database.Instances[0].Class, "db.t4g.medium"},
		{"a machine is in the zone of its subnet", instance.Zone, "eu-west-1b"},
		{"what has no list of its own is among the others", types(inv.Others),
			[]string{"aws_eip", "aws_launch_template", "aws_lb_target_group", "aws_sqs_queue"}},
		{"everything is to be made", vpc.Action, Create},
		{"nothing is left unresolved", len(inv.Opaque), 0},
	} {
		if diff := cmp.Diff(test.want, test.got, byValue); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// byValue compares what a plan knows by value.
var byValue = cmp.Comparer(func(a, b plan.Maybe[int]) bool { return a == b })

// only is the one element of a list.
func only[T any](t *testing.T, list []T) T {
	t.Helper()
	if len(list) != 1 {
		t.Fatalf("%d of %T, of which there is one", len(list), list)
	}
	return list[0]
}

func types(resources []Resource) []string {
	seen := map[string]bool{}
	for _, r := range resources {
		seen[r.Type] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// TestBeforeAndAfter: what is found through expressions before anything exists is what the ids say once it does.
func TestBeforeAndAfter(t *testing.T) {
	written := shopWritten(t)
	before, after := read(t, shopPlan(t, "plan"), written), read(t, shopPlan(t, "made"), written)
	for i := range after.Subnets {
		after.Subnets[i].Action = Create
	}
	for name, pair := range map[string][2]any{
		"subnets":          {before.Subnets, after.Subnets},
		"zones of a group": {before.NodeGroups[0].Subnets, after.NodeGroups[0].Subnets},
		"NAT gateways":     {before.NATGateways[0].Subnet, after.NATGateways[0].Subnet},
		"load balancers":   {before.LoadBalancers[0].Subnets, after.LoadBalancers[0].Subnets},
		"databases":        {before.Databases[0].Subnets, after.Databases[0].Subnets},
		"routes":           {routes(before), routes(after)},
	} {
		if diff := cmp.Diff(pair[0], pair[1], withoutValues, byValue); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	if after.VPCs[0].Action != Keep {
		t.Errorf("what exists and stays has the action %s", after.VPCs[0].Action)
	}
	if len(after.NodeGroups[0].Candidates) > 0 {
		t.Errorf("of what exists, everything is known, and yet there are candidates for %v", after.NodeGroups[0].Candidates)
	}
}

// withoutValues compares resources without their attributes.
var withoutValues = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Values" }, cmp.Ignore())

func routes(inv *Inventory) map[string][]Route {
	all := map[string][]Route{}
	for _, table := range inv.RouteTables {
		all[table.Address] = table.Routes
	}
	return all
}

// TestWithoutFiles: a plan alone does not say what local values refer to, and the inventory says so.
func TestWithoutFiles(t *testing.T) {
	inv := read(t, shopPlan(t, "plan"), nil)
	if diff := cmp.Diff([]string{"local.private_ids"}, inv.Opaque); diff != "" {
		t.Errorf("opaque (-want +got):\n%s", diff)
	}
	if inv.VPCs[0].Where != nil {
		t.Error("a block has a place, and no file was read")
	}
}

// TestOrderIsTerraforms: the order of work that is read from a configuration is the one that Terraform recorded when it applied the plan.
func TestOrderIsTerraforms(t *testing.T) {
	work, _ := Plan(shopPlan(t, "plan"), shopWritten(t))
	var resources []*tfjson.StateResource
	var walk func(*tfjson.StateModule)
	walk = func(module *tfjson.StateModule) {
		resources = append(resources, module.Resources...)
		for _, child := range module.ChildModules {
			walk(child)
		}
	}
	walk(shopPlan(t, "made").Document.PriorState.Values.RootModule)
	resources = slices.DeleteFunc(resources, func(r *tfjson.StateResource) bool { return r.Mode != tfjson.ManagedResourceMode })
	if diff := cmp.Diff(closure(Made(resources)), closure(work)); diff != "" {
		t.Errorf("what comes before what (-recorded +read):\n%s", diff)
	}
}

// closure lists all that comes before each piece of work, directly or not.
func closure(work []Work) map[string][]string {
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
