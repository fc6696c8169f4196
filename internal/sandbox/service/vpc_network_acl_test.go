package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestNetworkACLs(t *testing.T) {
	entry := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			acl := d.MustCreate(t, "aws_network_acl", object{"vpc_id": vpcOf(t, d)})
			d.MustCreate(t, "aws_network_acl_rule", object{"network_acl_id": acl["id"], "rule_number": 100, "egress": false, "protocol": "-1",
				"rule_action": "allow", "cidr_block": "0.0.0.0/0"})
			return "aws_network_acl_rule", merged(object{"network_acl_id": acl["id"], "rule_number": 200, "egress": false, "protocol": "tcp",
				"rule_action": "deny", "cidr_block": "10.0.0.0/8", "from_port": 22, "to_port": 22}, change)
		}
	}
	check(t, []rule{
		{name: "an entry", given: entry(nil)},
		{name: "the last number", given: entry(object{"rule_number": 32766})},
		{name: "a number too high", given: entry(object{"rule_number": 32767}),
			refused: "InvalidParameterValue: Value (32767) for parameter ruleNumber"},
		{name: "the number 0", given: entry(object{"rule_number": 0}), refused: "InvalidParameterValue"},
		{name: "a number that is taken", given: entry(object{"rule_number": 100}),
			refused: "NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists."},
		{name: "a number that is taken in the other direction", given: entry(object{"rule_number": 100, "egress": true})},
		{name: "an action that there is not", given: entry(object{"rule_action": "reject"}), refused: "InvalidParameterValue"},
		{name: "a port too high", given: entry(object{"to_port": 70000}), refused: "InvalidParameterValue: TCP/UDP port (70000) out of range"},
		{name: "no range", given: entry(object{"cidr_block": "all"}),
			refused: "InvalidParameterValue: Value (all) for parameter cidrBlock is invalid."},
		{name: "in no ACL", given: entry(object{"network_acl_id": "acl-0"}),
			refused: "InvalidNetworkAclID.NotFound: The network acl ID 'acl-0' does not exist"},
		{name: "a twenty-first entry", refused: "NetworkAclEntryLimitExceeded",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := entry(nil)(t, d)
				for i := range 19 {
					d.MustCreate(t, typeName, merged(config, object{"rule_number": 1000 + i}))
				}
				return typeName, config
			}},
		{name: "two entries of one number in the argument", refused: "NetworkAclEntryAlreadyExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				entry := object{"rule_no": 100, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}
				return "aws_network_acl", object{"vpc_id": vpcOf(t, d), "ingress": []any{entry, merged(entry, object{"action": "deny"})}}
			}},
		{name: "a subnet of another VPC", refused: "belong to different networks",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				n := networkIn(t, d, 1)
				acl := d.MustCreate(t, "aws_network_acl", object{"vpc_id": vpcOf(t, d)})
				return "aws_network_acl_association", object{"network_acl_id": acl["id"], "subnet_id": n.subnets[0]["id"]}
			}},
	})
}

func TestNetworkACLDeletion(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 1)
	acl := d.MustCreate(t, "aws_network_acl", object{"vpc_id": n.vpc["id"]})
	association := d.MustCreate(t, "aws_network_acl_association", object{"network_acl_id": acl["id"], "subnet_id": n.subnets[0]["id"]})
	// The provider puts the subnets of an ACL that it deletes under the default one first, whoever put them there.
	expect(t, d.Delete("aws_network_acl", acl), "")
	if left, err := d.Read("aws_network_acl_association", association); err != nil || left != nil {
		t.Errorf("the association with a deleted ACL is %v (%v)", left, err)
	}

	standard, err := d.Import("aws_network_acl", n.vpc["default_network_acl_id"].(string))
	expect(t, err, "")
	expect(t, d.Delete("aws_network_acl", standard), "InvalidParameterValue: cannot delete default network ACL acl-")
	adopted := d.MustCreate(t, "aws_default_network_acl", object{"default_network_acl_id": standard["id"]})
	expect(t, d.Delete("aws_default_network_acl", adopted), "")
	noFallbacks(t, d)
}

func TestVPCRanges(t *testing.T) {
	second := func(cidr string) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_vpc_ipv4_cidr_block_association", object{"vpc_id": vpcOf(t, d), "cidr_block": cidr}
		}
	}
	check(t, []rule{
		{name: "a second range", given: second("10.1.0.0/16")},
		{name: "a carrier-grade NAT range beside a private one", given: second("100.64.0.0/16")},
		{name: "a range that overlaps the first", given: second("10.0.128.0/17"), refused: "CidrConflict"},
		{name: "a range of another private network", given: second("192.168.0.0/16"),
			refused: "InvalidVpc.Range: The CIDR '192.168.0.0/16' is restricted."},
		{name: "a range too large", given: second("11.0.0.0/8"), refused: "InvalidVpc.Range"},
		{name: "a sixth range", refused: "has met its maximum number of allowed CIDRs: 5",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				vpc := vpcOf(t, d)
				for i := range 4 {
					d.MustCreate(t, "aws_vpc_ipv4_cidr_block_association", object{"vpc_id": vpc, "cidr_block": fmt.Sprintf("10.%d.0.0/16", i+1)})
				}
				return "aws_vpc_ipv4_cidr_block_association", object{"vpc_id": vpc, "cidr_block": "10.9.0.0/16"}
			}},
	})
	d := sandboxtest.New(t, "")
	vpc := vpcOf(t, d)
	pods := d.MustCreate(t, "aws_vpc_ipv4_cidr_block_association", object{"vpc_id": vpc, "cidr_block": "100.64.0.0/16"})
	subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "100.64.0.0/20"})
	expect(t, d.Delete("aws_vpc_ipv4_cidr_block_association", pods), "InvalidCidrBlock.InUse")
	expect(t, d.Delete("aws_subnet", subnet), "")
	expect(t, d.Delete("aws_vpc_ipv4_cidr_block_association", pods), "")
}

func TestDHCPOptions(t *testing.T) {
	d := sandboxtest.New(t, "")
	vpc, err := d.Import("aws_vpc", vpcOf(t, d))
	expect(t, err, "")
	options := d.MustCreate(t, "aws_vpc_dhcp_options",
		object{"domain_name": "corp.example.com", "domain_name_servers": []any{"AmazonProvidedDNS"}})
	association := d.MustCreate(t, "aws_vpc_dhcp_options_association", object{"vpc_id": vpc["id"], "dhcp_options_id": options["id"]})
	if vpc, err = d.Read("aws_vpc", vpc); err != nil || vpc["dhcp_options_id"] != options["id"] {
		t.Errorf("dhcp_options_id is %v, want %v (%v)", vpc["dhcp_options_id"], options["id"], err)
	}
	expect(t, d.Delete("aws_vpc_dhcp_options", options), "DependencyViolation: The dhcpOptions '"+options["id"].(string)+
		"' has dependencies and cannot be deleted.")
	expect(t, d.Delete("aws_vpc_dhcp_options_association", association), "")
	expect(t, d.Delete("aws_vpc_dhcp_options", options), "")
	_, err = d.Create("aws_vpc_dhcp_options_association", object{"vpc_id": vpc["id"], "dhcp_options_id": "dopt-0"})
	expect(t, err, "InvalidDhcpOptionID.NotFound: DhcpOptionID dopt-0 does not exist.")
	_, err = d.Create("aws_vpc_dhcp_options", object{"netbios_node_type": "3"})
	expect(t, err, "InvalidParameterValue")
	noFallbacks(t, d)
}
