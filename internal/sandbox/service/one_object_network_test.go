package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// pair is one thing of AWS that two types make: in an argument that lists such things, or as a resource of their own.
type pair struct {
	name string
	// whole is the type with the argument, and of what it is made without it.
	whole    string
	given    func(t *testing.T, d *sandboxtest.Driver) object
	argument string
	// element is the thing in the argument.
	element func(whole object) any
	// single is the type of its own, same the thing in the argument in its words, and other another one in the same whole.
	single      string
	same, other func(whole object) object
	// refused is AWS's answer to the same thing again; "" where it replaces what there is.
	refused string
}

func pairs() []pair {
	group := func(t *testing.T, d *sandboxtest.Driver) object { return object{"name": "web", "vpc_id": vpcOf(t, d)} }
	standard := func(attribute, argument string) func(*testing.T, *sandboxtest.Driver) object {
		return func(t *testing.T, d *sandboxtest.Driver) object {
			vpc, err := d.Import("aws_vpc", vpcOf(t, d))
			expect(t, err, "")
			return object{argument: vpc[attribute]}
		}
	}
	block := func(any) any {
		return object{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": []any{"10.0.0.0/8"}}
	}
	rule := func(port int) func(object) object {
		return func(group object) object {
			return object{"security_group_id": group["id"], "ip_protocol": "6", "from_port": port, "to_port": port, "cidr_ipv4": "10.0.0.0/8"}
		}
	}
	legacy := func(port int) func(object) object {
		return func(group object) object {
			return object{"security_group_id": group["id"], "type": "ingress", "protocol": "tcp", "from_port": port, "to_port": port,
				"cidr_blocks": []any{"10.0.0.0/8", "192.168.0.0/16"}}
		}
	}
	anywhere := func(whole object) any { return block(whole) }
	const duplicate = `InvalidPermission.Duplicate: the specified rule "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW" ` +
		"already exists"
	gateway := func(t *testing.T, d *sandboxtest.Driver, vpc any) {
		subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.0.0/24"})
		d.MustCreate(t, "aws_nat_gateway", object{"subnet_id": subnet["id"], "connectivity_type": "private"})
	}
	nat := func(d *sandboxtest.Driver) any { return d.World.Of("aws_nat_gateway")[0].ID }
	entry := func(number int, egress bool) func(object) object {
		return func(acl object) object {
			return object{"network_acl_id": acl["id"], "rule_number": number, "egress": egress, "protocol": "tcp", "rule_action": "allow",
				"cidr_block": "10.0.0.0/8", "from_port": 443, "to_port": 443}
		}
	}
	inline := func(object) any {
		return object{"rule_no": 100, "protocol": "6", "action": "allow", "cidr_block": "10.0.0.0/8", "from_port": 443, "to_port": 443}
	}
	acl := func(t *testing.T, d *sandboxtest.Driver) object { return object{"vpc_id": vpcOf(t, d)} }
	const entryTaken = "NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists."

	var driver *sandboxtest.Driver // that of the pair whose things have to be looked up
	table := func(t *testing.T, d *sandboxtest.Driver) object {
		driver = d
		vpc := vpcOf(t, d)
		gateway(t, d, vpc)
		return object{"vpc_id": vpc}
	}
	mainTable := func(t *testing.T, d *sandboxtest.Driver) object {
		config := standard("main_route_table_id", "default_route_table_id")(t, d)
		driver = d
		gateway(t, d, d.World.Of("aws_vpc")[0].ID)
		return config
	}
	way := func(destination string) func(object) object {
		return func(table object) object {
			return object{"route_table_id": table["id"], "destination_cidr_block": destination, "nat_gateway_id": nat(driver)}
		}
	}
	inTable := func(object) any { return object{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat(driver)} }
	const routeTaken = "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists."

	subnets := func(t *testing.T, d *sandboxtest.Driver) object {
		driver = d
		return object{"vpc_id": networkIn(t, d, 2).vpc["id"]}
	}
	subnet := func(i int) any { return driver.World.Of("aws_subnet")[i].ID }
	under := func(i int) func(object) object {
		return func(acl object) object { return object{"network_acl_id": acl["id"], "subnet_id": subnet(i)} }
	}
	gatewayEndpoint := func(t *testing.T, d *sandboxtest.Driver) object {
		driver = d
		n := networkIn(t, d, 2)
		d.MustCreate(t, "aws_route_table", object{"vpc_id": n.vpc["id"]})
		return object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.s3"}
	}
	interfaceEndpoint := func(t *testing.T, d *sandboxtest.Driver) object {
		config := merged(gatewayEndpoint(t, d), object{"service_name": "com.amazonaws.us-east-1.sts", "vpc_endpoint_type": "Interface"})
		groupIn(t, d, config["vpc_id"], "one")
		groupIn(t, d, config["vpc_id"], "two")
		return config
	}
	nth := func(of string, i int) any {
		var users []*world.Resource
		for _, r := range driver.World.Of(of) {
			if r.Owner == "" {
				users = append(users, r)
			}
		}
		return users[i].ID
	}
	with := func(argument, of string, i int) func(object) object {
		return func(endpoint object) object { return object{"vpc_endpoint_id": endpoint["id"], argument: nth(of, i)} }
	}
	first := func(of string) func(object) any { return func(object) any { return nth(of, 0) } }
	const zoneTaken = "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of subnet-"
	return []pair{
		{"a route table of an endpoint", "aws_vpc_endpoint", gatewayEndpoint, "route_table_ids", first("aws_route_table"),
			"aws_vpc_endpoint_route_table_association", with("route_table_id", "aws_route_table", 0),
			with("route_table_id", "aws_route_table", 1), ""},
		{"a subnet of an endpoint", "aws_vpc_endpoint", interfaceEndpoint, "subnet_ids", first("aws_subnet"),
			"aws_vpc_endpoint_subnet_association", with("subnet_id", "aws_subnet", 0), with("subnet_id", "aws_subnet", 1), zoneTaken},
		{"a security group of an endpoint", "aws_vpc_endpoint", interfaceEndpoint, "security_group_ids", first("aws_security_group"),
			"aws_vpc_endpoint_security_group_association", with("security_group_id", "aws_security_group", 0),
			with("security_group_id", "aws_security_group", 1), ""},
		{"a rule in and the newer type", "aws_security_group", group, "ingress", anywhere,
			"aws_vpc_security_group_ingress_rule", rule(443), rule(80), duplicate},
		{"a rule out and the newer type", "aws_security_group", group, "egress", anywhere,
			"aws_vpc_security_group_egress_rule", rule(443), rule(80), duplicate},
		{"a rule in and the older type", "aws_security_group", group, "ingress", anywhere,
			"aws_security_group_rule", legacy(443), legacy(80), duplicate},
		{"a rule of the VPC's own group", "aws_default_security_group", standard("id", "vpc_id"), "ingress", anywhere,
			"aws_vpc_security_group_ingress_rule", rule(443), rule(80), duplicate},
		{"a route", "aws_route_table", table, "route", inTable, "aws_route", way("0.0.0.0/0"), way("192.168.0.0/16"), routeTaken},
		{"a route of the main table", "aws_default_route_table", mainTable, "route", inTable,
			"aws_route", way("0.0.0.0/0"), way("192.168.0.0/16"), routeTaken},
		{"an entry in", "aws_network_acl", acl, "ingress", inline, "aws_network_acl_rule", entry(100, false), entry(200, false), entryTaken},
		{"an entry out", "aws_network_acl", acl, "egress", inline, "aws_network_acl_rule", entry(100, true), entry(200, true), entryTaken},
		{"an entry of the VPC's own ACL", "aws_default_network_acl", standard("default_network_acl_id", "default_network_acl_id"),
			"ingress", inline, "aws_network_acl_rule", entry(100, false), entry(200, false), entryTaken},
		{"a subnet of an ACL", "aws_network_acl", subnets, "subnet_ids", func(object) any { return subnet(0) },
			"aws_network_acl_association", under(0), under(1), ""},
	}
}

// elements of an argument that a read shows.
func elements(t *testing.T, d *sandboxtest.Driver, p pair, state object) []any {
	t.Helper()
	state, err := d.Read(p.whole, state)
	expect(t, err, "")
	list, _ := state[p.argument].([]any)
	return list
}

// TestOneThing is how two types that make one thing see each other, as on AWS.
func TestOneThing(t *testing.T) {
	for _, p := range pairs() {
		t.Run(p.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			config := p.given(t, d)
			written := func(elements ...any) object { return merged(config, object{p.argument: elements}) }

			// Written in the argument, it cannot be made again, and another one can.
			whole := d.MustCreate(t, p.whole, config)
			whole, err := d.Update(p.whole, whole, written(p.element(whole)))
			expect(t, err, "")
			_, err = d.Create(p.single, p.same(whole))
			expect(t, err, p.refused)
			other := d.MustCreate(t, p.single, p.other(whole))

			// The argument is all there may be: the next read shows the other one, and the next apply takes it away.
			if list := elements(t, d, p, whole); len(list) != 2 {
				t.Errorf("with one in the argument and one beside it there are %v", list)
			}
			seen, err := d.Read(p.whole, whole)
			expect(t, err, "")
			planned, err := d.Plan(p.whole, seen, written(p.element(whole)))
			expect(t, err, "")
			if cmp.Equal(seen, planned) {
				t.Errorf("the plan leaves %v", seen[p.argument])
			}
			whole, err = d.Update(p.whole, seen, written(p.element(whole)))
			expect(t, err, "")
			if left, err := d.Read(p.single, other); err != nil || left != nil {
				t.Errorf("what the argument does not have is still there: %v (%v)", left, err)
			}
			// The other one comes back, and they go on.
			other = d.MustCreate(t, p.single, p.other(whole))
			if list := elements(t, d, p, whole); len(list) != 2 {
				t.Errorf("with another one again there are %v", list)
			}

			// What is deleted by its own type is gone from the argument.
			expect(t, d.Delete(p.single, other), "")
			if list := elements(t, d, p, whole); len(list) != 1 {
				t.Errorf("without the other one there are %v", list)
			}

			// An empty argument leaves nothing.
			whole, err = d.Update(p.whole, whole, written())
			expect(t, err, "")
			if list := elements(t, d, p, whole); len(list) != 0 {
				t.Errorf("an empty argument leaves %v", list)
			}
			d.MustCreate(t, p.single, p.same(whole))
			noFallbacks(t, d)
		})
	}
}

// TestOneThingUnwritten is an argument of which a configuration says nothing: it shows what there is.
func TestOneThingUnwritten(t *testing.T) {
	for _, p := range pairs() {
		if p.whole == "aws_default_network_acl" {
			continue // its arguments are not computed: the provider takes what is not written for none
		}
		t.Run(p.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			config := p.given(t, d)
			whole := d.MustCreate(t, p.whole, config)
			before := len(elements(t, d, p, whole))
			single := d.MustCreate(t, p.single, p.same(whole))
			whole, err := d.Read(p.whole, whole)
			expect(t, err, "")
			if list, _ := whole[p.argument].([]any); len(list) != before+1 {
				t.Errorf("the argument shows %v", whole[p.argument])
			}
			planned, err := d.Plan(p.whole, whole, config)
			expect(t, err, "")
			if diff := cmp.Diff(whole, planned, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the plan changes (-is +planned):\n%s", diff)
			}
			// A change of something else leaves it alone.
			if _, has := whole["tags"]; has {
				_, err = d.Update(p.whole, whole, merged(config, object{"tags": object{"Name": "web"}}))
				expect(t, err, "")
				if left, err := d.Read(p.single, single); err != nil || left == nil {
					t.Errorf("a tag of the whole has taken it away (%v)", err)
				}
			}
			// What is a part of a whole that is made is made along with it, and goes with it; what adopts a whole leaves it.
			adopts := p.whole == "aws_default_security_group" || p.whole == "aws_default_route_table"
			expect(t, d.Delete(p.whole, whole), "")
			if left, err := d.Read(p.single, single); err != nil || (left != nil) != adopts {
				t.Errorf("after the whole is deleted, its part is %v (%v)", left, err)
			}
		})
	}
}

// TestRulesOfTwoTypes are rules of one group that two types make as resources of their own.
func TestRulesOfTwoTypes(t *testing.T) {
	const newer, older = "aws_vpc_security_group_ingress_rule", "aws_security_group_rule"
	one := func(group object) object {
		return object{"security_group_id": group["id"], "type": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443,
			"cidr_blocks": []any{"10.0.0.0/8"}}
	}
	after := func(first string, has func(object) object, second string, config func(object) object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			group := groupIn(t, d, vpcOf(t, d), "web")
			d.MustCreate(t, first, has(group))
			return second, config(group)
		}
	}
	as := func(config func(object) object, change object) func(object) object {
		return func(group object) object { return merged(config(group), change) }
	}
	check(t, []rule{
		{name: "the newer after the older", given: after(older, one, newer, https), refused: "InvalidPermission.Duplicate"},
		{name: "the older after the newer", given: after(newer, https, older, one), refused: "InvalidPermission.Duplicate"},
		{name: "the older after the newer, with another source",
			given: after(newer, https, older, as(one, object{"cidr_blocks": []any{"192.168.0.0/16"}}))},
		{name: "the older after the newer, one source of two the same", refused: "InvalidPermission.Duplicate",
			given: after(newer, https, older, as(one, object{"cidr_blocks": []any{"192.168.0.0/16", "10.0.0.0/8"}}))},
		{name: "the older after the newer, of everything", refused: "InvalidPermission.Duplicate",
			given: after(newer, as(https, object{"ip_protocol": "-1", "from_port": nil, "to_port": nil}),
				older, as(one, object{"protocol": "all", "from_port": 0, "to_port": 0}))},
		{name: "the older after the newer, out", given: after(newer, https, older, as(one, object{"type": "egress"}))},
		{name: "the older with one source twice", refused: "InvalidParameterValue: The same permission must not appear multiple times",
			given: after(newer, as(https, object{"to_port": 444}), older, as(one, object{"cidr_blocks": []any{"10.0.0.0/8", "10.0.0.0/8"}}))},
	})

	d := sandboxtest.New(t, "")
	group := groupIn(t, d, vpcOf(t, d), "web")
	two := d.MustCreate(t, older, merged(one(group), object{"cidr_blocks": []any{"10.0.0.0/8", "192.168.0.0/16"}}))
	rules := d.World.Of(newer)
	if len(rules) != 2 {
		t.Fatalf("a rule of two sources is %d rules", len(rules))
	}
	// One of them is deleted by its own type: the older type's resource is not there any more, as the provider finds it by all its sources.
	first, err := d.Import(newer, rules[0].ID)
	expect(t, err, "")
	expect(t, d.Delete(newer, first), "")
	if left, err := d.Read(older, two); err != nil || left != nil {
		t.Errorf("a rule without one of its sources is %v (%v)", left, err)
	}
	if left := d.World.Of(older); len(left) != 0 {
		t.Errorf("the world still has %v", left[0])
	}
	// What was refused leaves nothing behind.
	_, err = d.Create(older, merged(one(group), object{"cidr_blocks": []any{"172.16.0.0/12", "192.168.0.0/16"}}))
	expect(t, err, "InvalidPermission.Duplicate")
	if rules, wholes := len(d.World.Of(newer)), len(d.World.Of(older)); rules != 1 || wholes != 0 {
		t.Errorf("a refused rule left %d rules of the newer type and %d of the older", rules-1, wholes)
	}
}

// TestRulesAreCountedTogether is the quota of a group, whichever types its rules are of.
func TestRulesAreCountedTogether(t *testing.T) {
	d := sandboxtest.New(t, "")
	group := d.MustCreate(t, "aws_security_group", object{"name": "web", "vpc_id": vpcOf(t, d), "ingress": []any{
		object{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": rangesOf(1, 30)}}})
	older := func(cidrs []any) object {
		return object{"security_group_id": group["id"], "type": "ingress", "protocol": "tcp", "from_port": 80, "to_port": 80,
			"cidr_blocks": cidrs}
	}
	d.MustCreate(t, "aws_security_group_rule", older(rangesOf(2, 29)))
	d.MustCreate(t, "aws_vpc_security_group_ingress_rule", https(group))
	_, err := d.Create("aws_vpc_security_group_ingress_rule", merged(https(group), object{"from_port": 80}))
	expect(t, err, "RulesPerSecurityGroupLimitExceeded")
	_, err = d.Create("aws_security_group_rule", older(rangesOf(3, 1)))
	expect(t, err, "RulesPerSecurityGroupLimitExceeded")
	d.MustCreate(t, "aws_vpc_security_group_egress_rule", https(group))
}

// rangesOf are n ranges of 10.x.0.0/16.
func rangesOf(x, n int) []any {
	var all []any
	for i := range n {
		all = append(all, fmt.Sprintf("10.%d.%d.0/24", x, i))
	}
	return all
}

// TestWorldBeforeParts opens a world that was written when what an argument lists was kept in the argument alone.
func TestWorldBeforeParts(t *testing.T) {
	path := worldBefore(t, "world_before_parts.json")
	for _, opening := range []string{"the first time", "once more"} {
		t.Run(opening, func(t *testing.T) {
			w, err := world.Open(path, world.Options{Now: sandboxtest.Now})
			expect(t, err, "")
			defer func() { expect(t, w.Close(), "") }()
			d := sandboxtest.On(t, w, "")
			only := func(typeName, name string) object {
				for _, r := range w.Of(typeName) {
					if r.Owner == "" && (name == "" || r.String("name") == name) {
						state, err := d.Import(typeName, r.ID)
						expect(t, err, "")
						return state
					}
				}
				t.Fatalf("no %s %s", typeName, name)
				return nil
			}
			for of, want := range map[string]int{
				"aws_vpc_security_group_ingress_rule": 6, // three sources of one group, two of the other, and one of the VPC's own
				"aws_vpc_security_group_egress_rule":  1, "aws_route": 1, "aws_network_acl_rule": 1, "aws_network_acl_association": 1,
				"aws_vpc_endpoint_route_table_association": 1,
			} {
				if got := len(w.Of(of)); got != want {
					t.Errorf("there are %d %s, want %d", got, of, want)
				}
			}
			web, table, acl := only("aws_security_group", "web"), only("aws_route_table", ""), only("aws_network_acl", "")
			if list := web["ingress"].([]any); len(list) != 1 || list[0].(object)["self"] != true ||
				len(list[0].(object)["cidr_blocks"].([]any)) != 2 {
				t.Errorf("ingress is %v", list)
			}
			if len(table["route"].([]any)) != 1 || len(acl["subnet_ids"].([]any)) != 1 || len(acl["ingress"].([]any)) != 1 {
				t.Errorf("routes are %v, subnets %v, entries %v", table["route"], acl["subnet_ids"], acl["ingress"])
			}
			_, err = d.Create("aws_vpc_security_group_ingress_rule", merged(https(web), object{"cidr_ipv4": "10.1.0.0/16"}))
			expect(t, err, "InvalidPermission.Duplicate")
			older := only("aws_security_group_rule", "")
			if left, err := d.Read("aws_security_group_rule", older); err != nil || left == nil {
				t.Errorf("the rule of the older type is gone (%v)", err)
			}
			_, err = d.Create("aws_vpc_security_group_ingress_rule", object{"security_group_id": older["security_group_id"],
				"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432, "cidr_ipv4": "10.2.0.0/16"})
			expect(t, err, "InvalidPermission.Duplicate")
		})
	}
}
