package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

type given = func(*testing.T, *sandboxtest.Driver) (string, object)

func groupIn(t *testing.T, d *sandboxtest.Driver, vpc any, name string) object {
	t.Helper()
	return d.MustCreate(t, "aws_security_group", object{"name": name, "description": "test", "vpc_id": vpc})
}

// https is a rule for HTTPS from one range.
func https(group object) object {
	return object{"security_group_id": group["id"], "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8"}
}

func TestSecurityGroups(t *testing.T) {
	group := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_security_group", merged(object{"name": "web", "description": "Web servers", "vpc_id": vpcOf(t, d)}, change)
		}
	}
	again := func(name string) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			vpc := vpcOf(t, d)
			groupIn(t, d, vpc, "web")
			return "aws_security_group", object{"name": name, "vpc_id": vpc}
		}
	}
	inline := func(rule object) given { return group(object{"ingress": []any{rule}}) }
	check(t, []rule{
		{name: "a group", given: group(nil)},
		{name: "a name of 255 characters", given: group(object{"name": text(255)})},
		{name: "a name of 256 characters", given: group(object{"name": text(256)}), refused: "InvalidParameterValue: Value (aaa"},
		{name: "a name with an accent", given: group(object{"name": "café"}), refused: "InvalidParameterValue: Value (café)"},
		{name: "a name like an id", given: group(object{"name": "sg-web"}),
			refused: "InvalidParameterValue: Invalid value 'sg-web' for groupName. Group names may not be in the format sg-*."},
		{name: "a prefix like an id", given: group(object{"name": nil, "name_prefix": "sg-web"}), refused: "InvalidParameterValue"},
		{name: "the reserved name", given: group(object{"name": "default"}),
			refused: "InvalidParameterValue: Cannot use reserved security group name: default"},
		{name: "a description of 256 characters", given: group(object{"description": text(256)}), refused: "InvalidParameterValue"},
		{name: "a description with a typographic dash", given: group(object{"description": "web – public"}),
			refused: "Character sets beyond ASCII are not supported."},
		{name: "a group in no VPC", given: group(object{"vpc_id": "vpc-0"}), refused: "InvalidVpcID.NotFound"},
		{name: "a group where there is no default VPC", given: group(object{"vpc_id": nil}),
			refused: "VPCIdNotSpecified: No default VPC for this user"},
		{name: "a name that is taken", given: again("web"),
			refused: "InvalidGroup.Duplicate: The security group 'web' already exists for VPC 'vpc-"},
		{name: "a name that differs in case alone", given: again("WEB"), refused: "InvalidGroup.Duplicate"},
		{name: "another name", given: again("db")},
		{name: "a name that is taken in another VPC", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			groupIn(t, d, vpcOf(t, d), "web")
			return group(nil)(t, d)
		}},
		{name: "a rule in the group's argument",
			given: inline(object{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": []any{"0.0.0.0/0"}})},
		{name: "a rule in the group's argument from no range", refused: "InvalidParameterValue: CIDR block anywhere is malformed",
			given: inline(object{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": []any{"anywhere"}})},
		{name: "a rule in the group's argument from no group", refused: "InvalidGroup.NotFound: The security group 'sg-0' does not exist",
			given: inline(object{"protocol": "tcp", "from_port": 80, "to_port": 80, "security_groups": []any{"sg-0"}})},
	})
}

func TestSecurityGroupRules(t *testing.T) {
	of := func(typeName string, change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return typeName, merged(https(groupIn(t, d, vpcOf(t, d), "web")), change)
		}
	}
	in := func(change object) given { return of("aws_vpc_security_group_ingress_rule", change) }
	out := func(change object) given { return of("aws_vpc_security_group_egress_rule", change) }
	from := func(source object) given { return in(merged(object{"cidr_ipv4": nil}, source)) }
	after := func(first, second string, change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config := https(groupIn(t, d, vpcOf(t, d), "web"))
			d.MustCreate(t, first, config)
			return second, merged(config, change)
		}
	}
	const ingress, egress = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
	check(t, []rule{
		{name: "HTTPS in", given: in(nil)},
		{name: "HTTPS out", given: out(nil)},
		{name: "everything out", given: out(object{"ip_protocol": "-1", "from_port": nil, "to_port": nil, "cidr_ipv4": "0.0.0.0/0"})},
		{name: "ports 0 to 65535", given: in(object{"from_port": 0, "to_port": 65535})},
		{name: "a port above 65535", given: in(object{"to_port": 65536}), refused: "InvalidParameterValue: TCP/UDP port (65536) out of range"},
		{name: "a port below 0", given: in(object{"from_port": -1}), refused: "InvalidParameterValue: TCP/UDP port (-1) out of range"},
		{name: "ports that run backwards", given: in(object{"from_port": 443, "to_port": 80}),
			refused: "InvalidParameterValue: Invalid TCP port range (443:80)"},
		{name: "TCP without ports", given: in(object{"from_port": nil, "to_port": nil}),
			refused: "InvalidParameterValue: Must specify both from and to ports with TCP/UDP."},
		{name: "an unknown protocol", given: in(object{"ip_protocol": "http"}),
			refused: "InvalidParameterValue: Invalid value 'http' for IP protocol. Unknown protocol."},
		{name: "a protocol by its number", given: in(object{"ip_protocol": "50", "from_port": nil, "to_port": nil})},
		{name: "all of ICMP", given: in(object{"ip_protocol": "icmp", "from_port": -1, "to_port": -1})},
		{name: "an ICMP type above 255", given: in(object{"ip_protocol": "icmp", "from_port": 256, "to_port": -1}),
			refused: "InvalidParameterValue: ICMP type (256) out of range"},
		{name: "from IPv6", given: from(object{"cidr_ipv6": "::/0"})},
		{name: "from IPv4 as IPv6", given: from(object{"cidr_ipv6": "10.0.0.0/8"}),
			refused: "InvalidParameterValue: CIDR block 10.0.0.0/8 is malformed"},
		{name: "from no range", given: from(object{"cidr_ipv4": "10.0.0.0"}), refused: "InvalidParameterValue: CIDR block 10.0.0.0 is malformed"},
		{name: "from one of AWS's prefix lists", given: from(object{"prefix_list_id": "pl-63a5400a"})},
		{name: "from nowhere", given: from(nil), refused: "MissingParameter: Source group ID missing."},
		{name: "from two sources", given: in(object{"cidr_ipv6": "::/0"}), refused: "InvalidParameterCombination: Only one of"},
		{name: "from no group", given: from(object{"referenced_security_group_id": "sg-0"}),
			refused: "InvalidGroup.NotFound: The security group 'sg-0' does not exist"},
		{name: "in no group", given: in(object{"security_group_id": "sg-0"}),
			refused: "InvalidGroup.NotFound: The security group 'sg-0' does not exist"},
		{name: "a description of 255 characters", given: in(object{"description": text(255)})},
		{name: "a description of 256 characters", given: in(object{"description": text(256)}),
			refused: "InvalidParameterValue: Invalid rule description."},
		{name: "a description with an apostrophe", given: in(object{"description": "the user's"}),
			refused: "InvalidParameterValue: Invalid rule description."},
		{name: "from a group of another VPC",
			refused: "InvalidGroup.NotFound: You have specified two resources that belong to different networks.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return from(object{"referenced_security_group_id": groupIn(t, d, vpcOf(t, d), "other")["id"]})(t, d)
			}},
		{name: "the same rule twice", given: after(ingress, ingress, nil),
			refused: `InvalidPermission.Duplicate: the specified rule "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW" already exists`},
		{name: "the same rule in and out", given: after(ingress, egress, nil)},
		{name: "the same rule by its protocol's number", given: after(ingress, ingress, object{"ip_protocol": "6"}),
			refused: "InvalidPermission.Duplicate"},
		{name: "the same rule for another port", given: after(ingress, ingress, object{"to_port": 444})},
		{name: "a sixty-first rule",
			refused: "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config := https(groupIn(t, d, vpcOf(t, d), "web"))
				for i := range 60 {
					d.MustCreate(t, ingress, merged(config, object{"cidr_ipv4": fmt.Sprintf("10.%d.0.0/16", i)}))
				}
				return ingress, config
			}},
	})
}

func TestLegacySecurityGroupRules(t *testing.T) {
	legacy := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			group := groupIn(t, d, vpcOf(t, d), "web")
			d.MustCreate(t, "aws_security_group_rule", object{"security_group_id": group["id"], "type": "ingress", "protocol": "tcp",
				"from_port": 80, "to_port": 80, "cidr_blocks": []any{"10.0.0.0/8", "192.168.0.0/16"}})
			return "aws_security_group_rule", merged(object{"security_group_id": group["id"], "type": "ingress", "protocol": "tcp",
				"from_port": 443, "to_port": 443, "cidr_blocks": []any{"10.0.0.0/8"}}, change)
		}
	}
	check(t, []rule{
		{name: "a rule", given: legacy(nil)},
		{name: "a rule for the group itself", given: legacy(object{"cidr_blocks": nil, "self": true})},
		{name: "a rule of which one source is there already", given: legacy(object{"from_port": 80, "to_port": 80}),
			refused: "InvalidPermission.Duplicate"},
		{name: "a rule of no direction", given: legacy(object{"type": "sideways"}), refused: "InvalidParameterValue"},
		{name: "a rule from nowhere", given: legacy(object{"cidr_blocks": nil}), refused: "must be set to create an AWS Security Group Rule"},
	})
}

func TestSecurityGroupDeletion(t *testing.T) {
	d := sandboxtest.New(t, "")
	vpc := vpcOf(t, d)
	web, db := groupIn(t, d, vpc, "web"), groupIn(t, d, vpc, "db")
	self := d.MustCreate(t, "aws_vpc_security_group_ingress_rule",
		merged(https(web), object{"cidr_ipv4": nil, "referenced_security_group_id": web["id"]}))
	cross := d.MustCreate(t, "aws_vpc_security_group_ingress_rule",
		merged(https(db), object{"cidr_ipv4": nil, "referenced_security_group_id": web["id"]}))

	expect(t, d.Delete("aws_security_group", web), "DependencyViolation: resource "+web["id"].(string)+" has a dependent object")
	expect(t, d.Delete("aws_vpc_security_group_ingress_rule", cross), "")
	expect(t, d.Delete("aws_security_group", web), "")
	if left, err := d.Read("aws_vpc_security_group_ingress_rule", self); err != nil || left != nil {
		t.Errorf("the group's own rule outlived it (%v)", err)
	}
	expect(t, d.Delete("aws_security_group", db), "")
	noFallbacks(t, d)
}

// What has network interfaces in a group holds it; what only names it for later does not.
func TestSecurityGroupIsHeld(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	subnets := []any{n.subnets[0]["id"], n.subnets[1]["id"]}
	for _, test := range []struct {
		holder string
		config func(group any) object
		held   bool
	}{
		{"aws_lb", func(group any) object {
			return object{"name": "web", "load_balancer_type": "network", "subnets": subnets, "security_groups": []any{group}}
		}, true},
		{"aws_vpc_endpoint", func(group any) object {
			return object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.sts", "vpc_endpoint_type": "Interface",
				"subnet_ids": subnets, "security_group_ids": []any{group}}
		}, true},
		{"aws_instance", func(group any) object {
			return object{"ami": "ami-0123456789abcdef0", "instance_type": "t3.micro", "subnet_id": subnets[0],
				"vpc_security_group_ids": []any{group}}
		}, true},
		{"aws_rds_cluster", func(group any) object {
			d.MustCreate(t, "aws_db_subnet_group", object{"name": "db", "subnet_ids": subnets})
			return object{"cluster_identifier": "db", "engine": "aurora-postgresql", "master_username": "coder", "manage_master_user_password": true,
				"db_subnet_group_name": "db", "skip_final_snapshot": true, "vpc_security_group_ids": []any{group}}
		}, true},
		{"aws_launch_template", func(group any) object { return object{"name": "later", "vpc_security_group_ids": []any{group}} }, false},
	} {
		t.Run(test.holder, func(t *testing.T) {
			group := groupIn(t, d, n.vpc["id"], test.holder)
			holder := d.MustCreate(t, test.holder, test.config(group["id"]))
			if test.held {
				expect(t, d.Delete("aws_security_group", group), "DependencyViolation: resource "+group["id"].(string)+" has a dependent object")
				expect(t, d.Delete(test.holder, holder), "")
			}
			expect(t, d.Delete("aws_security_group", group), "")
		})
	}
}

func TestSecurityGroupUpdate(t *testing.T) {
	d := sandboxtest.New(t, "")
	web := groupIn(t, d, vpcOf(t, d), "web")
	config := https(web)
	one := d.MustCreate(t, "aws_vpc_security_group_ingress_rule", config)
	d.MustCreate(t, "aws_vpc_security_group_ingress_rule", merged(config, object{"from_port": 80, "to_port": 80}))

	changed, err := d.Update("aws_vpc_security_group_ingress_rule", one, merged(config, object{"cidr_ipv4": "192.168.0.0/16"}))
	expect(t, err, "")
	if changed["id"] != one["id"] || changed["cidr_ipv4"] != "192.168.0.0/16" {
		t.Errorf("the rule became %v", changed)
	}
	_, err = d.Update("aws_vpc_security_group_ingress_rule", changed, merged(config, object{"from_port": 80, "to_port": 80}))
	expect(t, err, "InvalidPermission.Duplicate")
}

func TestDefaultSecurityGroup(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 0)
	adopted := d.MustCreate(t, "aws_default_security_group", object{"vpc_id": n.vpc["id"], "tags": object{"Name": "closed"}})
	if adopted["id"] != n.vpc["default_security_group_id"] || adopted["name"] != "default" {
		t.Errorf("adopted %v with the name %v, want the VPC's %v", adopted["id"], adopted["name"], n.vpc["default_security_group_id"])
	}
	group, err := d.Import("aws_security_group", adopted["id"].(string))
	expect(t, err, "")
	expect(t, d.Delete("aws_security_group", group), "CannotDelete")

	expect(t, d.Delete("aws_default_security_group", adopted), "")
	if left, err := d.Read("aws_security_group", group); err != nil || left == nil {
		t.Errorf("the VPC's group went with the resource that had adopted it (%v)", err)
	}
	adopted = d.MustCreate(t, "aws_default_security_group", object{"vpc_id": n.vpc["id"]})
	for typeName, state := range map[string]object{"aws_route_table": n.table, "aws_internet_gateway": n.gateway} {
		expect(t, d.Delete(typeName, state), "")
	}
	expect(t, d.Delete("aws_vpc", n.vpc), "")
	if left, err := d.Read("aws_default_security_group", adopted); err != nil || left != nil {
		t.Errorf("the default security group outlived its VPC (%v)", err)
	}
	noFallbacks(t, d)
}
