package ec2

import (
	"fmt"
	"hash/crc32"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// networkACLTypes declares network ACLs. Error codes and texts: EC2 API model and moto's record of real answers, unless a comment says
// otherwise.
func networkACLTypes() []*model.Type {
	return []*model.Type{networkACL(), defaultNetworkACL(), networkACLRule(), networkACLAssociation()}
}

var networkACLMissing = model.Missing("InvalidNetworkAclID.NotFound", "The network acl ID '%s' does not exist")

func networkACL() *model.Type {
	return &model.Type{
		Name: "aws_network_acl", API: api, Noun: "EC2 Network ACL",
		CreateCall: "CreateNetworkAcl", UpdateCall: "CreateNetworkAclEntry", DeleteCall: "DeleteNetworkAcl",
		Identify: model.GeneratedID("acl-", 17),
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing},
			{Path: "subnet_ids", To: []string{"aws_subnet"}, Missing: subnetMissing, Weak: true},
		},
		Checks:  []model.Check{inlineEntries},
		Counted: []model.CountedQuota{{Quota: entriesPerACL, Error: "NetworkAclEntryLimitExceeded"}},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-B4A6D682", Service: "vpc", Name: "Network ACLs per VPC", Default: 200},
			Per:   perVPC,
			Exceeded: func() *world.Error {
				return world.Fail("NetworkAclLimitExceeded", "The maximum number of network ACLs has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "network-acl/"+c.ID))
			c.Set("owner_id", c.Account)
			c.SetEach([]any{}, "ingress", "egress", "subnet_ids")
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil && vpc.String("default_network_acl_id") == c.ID {
				return world.Fail("InvalidParameterValue", "cannot delete default network ACL %s", c.ID) // text: unverified
			}
			return nil
		}},
		InUse:   model.DependencyViolation("The networkAcl '%s' has dependencies and cannot be deleted."), // text: unverified
		Latency: model.Latency{Create: model.Seconds(2, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(2, 1, 2), Source: "logs of real deployments"},
	}
}

// defaultNetworkACL takes over the network ACL that AWS made with the VPC. Terraform neither makes nor deletes it.
func defaultNetworkACL() *model.Type {
	return &model.Type{
		Name: "aws_default_network_acl", API: api, Noun: "EC2 Default Network ACL",
		CreateCall: "DescribeNetworkAcls", UpdateCall: "CreateNetworkAclEntry", DeleteCall: "DescribeNetworkAcls",
		Identify: model.IDFrom("default_network_acl_id"),
		References: []model.Reference{
			{Path: "default_network_acl_id", To: []string{"aws_network_acl"}, Inside: true, Missing: networkACLMissing},
			{Path: "subnet_ids", To: []string{"aws_subnet"}, Missing: subnetMissing, Weak: true},
		},
		Checks: []model.Check{inlineEntries},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "network-acl/"+c.ID))
			c.Set("owner_id", c.Account)
			if acl := c.Find("aws_network_acl", c.ID); acl != nil {
				c.Set("vpc_id", acl.String("vpc_id"))
			}
		},
		Latency: model.Instant("estimate: it reads, and replaces rules"),
	}
}

// inlineEntries applies the rules of entries to the ingress and egress arguments of a network ACL.
func inlineEntries(c *model.Call) *world.Error {
	for _, direction := range []string{"ingress", "egress"} {
		seen := map[float64]bool{}
		for _, entry := range c.Blocks(direction) {
			n, _ := entry["rule_no"].(float64)
			if seen[n] {
				return world.Fail("NetworkAclEntryAlreadyExists", "The network acl entry identified by %s already exists.", model.FormatNumber(n))
			}
			seen[n] = true
			if err := checkEntry(entry, n, "action"); err != nil {
				return err
			}
		}
		if !c.World.Use(entriesPerACL, c.Region, c.ID+" "+direction, float64(len(seen))) {
			return entriesExceeded()
		}
	}
	return nil
}

var entriesPerACL = world.Quota{Code: "L-2AEEBF1A", Service: "vpc", Name: "Rules per network ACL", Default: 20}

func entriesExceeded() *world.Error {
	return world.Fail("NetworkAclEntryLimitExceeded", "The maximum number of network acl entries has been reached.")
}

// checkEntry holds an entry to a number, an action, and a protocol with ports. Texts: unverified.
func checkEntry(entry world.Object, ruleNumber float64, action string) *world.Error {
	verb, _ := entry[action].(string)
	protocol, _ := entry["protocol"].(string)
	switch {
	case ruleNumber < 1 || ruleNumber > 32766:
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter ruleNumber is invalid. Rule numbers are between 1 and 32766.", model.FormatNumber(ruleNumber))
	case verb != "" && !strings.EqualFold(verb, "allow") && !strings.EqualFold(verb, "deny"):
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter ruleAction is invalid. The action is allow or deny.", verb)
	}
	for _, argument := range []string{"cidr_block", "ipv6_cidr_block"} {
		if cidr, _ := entry[argument].(string); cidr != "" {
			if err := checkCIDR(cidr); err != nil {
				return err
			}
		}
	}
	if n, known := protocolNumber(protocol); !known || n == -1 || n == 0 {
		if !known {
			return world.Fail("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", protocol)
		}
		return nil // all of them, without ports
	}
	return checkPorts(entry)
}

func networkACLRule() *model.Type {
	direction := func(attributes world.Object) string {
		if egress, _ := attributes["egress"].(bool); egress {
			return "egress"
		}
		return "ingress"
	}
	return &model.Type{
		Name: "aws_network_acl_rule", API: api, Noun: "EC2 Network ACL Rule",
		CreateCall: "CreateNetworkAclEntry", UpdateCall: "ReplaceNetworkAclEntry", DeleteCall: "DeleteNetworkAclEntry",
		Identify: func(c *model.Call) string {
			n, _ := c.Number("rule_number")
			key := fmt.Sprintf("%s-%d-%t-%s-", c.String("network_acl_id"), int(n), c.Bool("egress"), c.String("protocol"))
			return fmt.Sprintf("nacl-%d", crc32.ChecksumIEEE([]byte(key)))
		},
		References: []model.Reference{{Path: "network_acl_id", To: []string{"aws_network_acl"}, Inside: true, Missing: networkACLMissing}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			n, _ := c.Number("rule_number")
			for _, other := range c.All("aws_network_acl_rule") {
				if c.Creating() && other.String("network_acl_id") == c.String("network_acl_id") && other.Attributes["rule_number"] == n &&
					direction(other.Attributes) == direction(c.Object) {
					return world.Fail("NetworkAclEntryAlreadyExists", "The network acl entry identified by %s already exists.", model.FormatNumber(n))
				}
			}
			return checkEntry(c.Object, n, "rule_action")
		}},
		Quotas: []model.Quota{{
			Quota: entriesPerACL, Exceeded: entriesExceeded,
			Per: func(_ *model.Call, attributes world.Object) string {
				acl, _ := attributes["network_acl_id"].(string)
				return acl + " " + direction(attributes)
			},
		}},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			// The import id is the ACL, the number, the protocol and the direction: acl-1:100:tcp:false.
			for _, r := range c.All("aws_network_acl_rule") {
				n, _ := r.Attributes["rule_number"].(float64)
				if fmt.Sprintf("%s:%d:%s:%t", r.String("network_acl_id"), int(n), r.String("protocol"), direction(r.Attributes) == "egress") == id {
					return r
				}
			}
			return nil
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2), Source: "logs of real deployments"},
	}
}

// networkACLAssociation puts a subnet under another network ACL. A subnet is always under exactly one, so the call replaces what was.
func networkACLAssociation() *model.Type {
	return &model.Type{
		Name: "aws_network_acl_association", API: api, Noun: "EC2 Network ACL Association",
		CreateCall: "ReplaceNetworkAclAssociation", UpdateCall: "ReplaceNetworkAclAssociation", DeleteCall: "ReplaceNetworkAclAssociation",
		Identify: model.GeneratedID("aclassoc-", 17),
		References: []model.Reference{
			{Path: "network_acl_id", To: []string{"aws_network_acl"}, Missing: networkACLMissing},
			{Path: "subnet_id", To: []string{"aws_subnet"}, Inside: true, Missing: subnetMissing},
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			acl, subnet := c.Find("aws_network_acl", c.String("network_acl_id")), c.String("subnet_id")
			if acl != nil && subnet != "" && acl.String("vpc_id") != c.VPCOf(subnet) {
				return world.Fail("InvalidParameterValue", "networkAcl %s and subnet %s belong to different networks", acl.ID, subnet) // text: unverified
			}
			return nil
		}},
		Latency: model.Instant("logs of real deployments"),
	}
}
