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
		},
		Parts:  append(inlineEntries(), inlineSubnets()),
		Checks: []model.Check{checkInlineEntries},
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
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil && vpc.String("default_network_acl_id") == c.ID {
				return world.Fail("InvalidParameterValue", "cannot delete default network ACL %s", c.ID) // text: unverified
			}
			return nil
		}},
		InUse: model.DependencyViolation("The networkAcl '%s' has dependencies and cannot be deleted."), // text: unverified
		Latency: model.Latency{Create: model.Seconds(2, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(2, 1, 2),
			Source: "logs of real deployments"},
	}
}

// defaultNetworkACL takes over the network ACL that AWS made with the VPC, and takes its entries away. Terraform neither makes nor deletes
// it, and leaves what is in it when it lets go of it. Its subnets are those that are under no other: they can be given to it, and not
// taken from it.
func defaultNetworkACL() *model.Type {
	return &model.Type{
		Name: "aws_default_network_acl", API: api, Noun: "EC2 Default Network ACL",
		CreateCall: "DescribeNetworkAcls", UpdateCall: "CreateNetworkAclEntry", DeleteCall: "DescribeNetworkAcls",
		Identify: model.IDFrom("default_network_acl_id"),
		References: []model.Reference{
			{Path: "default_network_acl_id", To: []string{"aws_network_acl"}, Inside: true, Missing: networkACLMissing},
			{Path: "subnet_ids", To: []string{"aws_subnet"}, Missing: subnetMissing, Weak: true},
		},
		Parts:  inlineEntries(),
		Checks: []model.Check{checkInlineEntries},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "network-acl/"+c.ID))
			c.Set("owner_id", c.Account)
			if acl := c.Find("aws_network_acl", c.ID); acl != nil {
				c.Set("vpc_id", acl.String("vpc_id"))
			}
			if c.Creating() {
				for _, entry := range c.Where("aws_network_acl_rule", "network_acl_id", c.ID) {
					c.Catalog.Remove(c.World, entry)
				}
			}
			dissociate(c, c.Strings("subnet_ids")...)
		},
		Refresh: func(c *model.Call) { c.Force("subnet_ids", underDefault(c, c.ID, c.String("vpc_id"))) },
		Latency: model.Instant("estimate: it reads, and replaces rules"),
	}
}

var entriesPerACL = world.Quota{Code: "L-2AEEBF1A", Service: "vpc", Name: "Rules per network ACL", Default: 20}

func entriesExceeded() *world.Error {
	return world.Fail("NetworkAclEntryLimitExceeded", "The maximum number of network acl entries has been reached.")
}

// checkEntry holds an entry to a number, an action, and a protocol with ports. Texts: unverified.
func checkEntry(entry world.Object) *world.Error {
	ruleNumber, _ := entry["rule_number"].(float64)
	verb, _ := entry["rule_action"].(string)
	protocol, _ := entry["protocol"].(string)
	switch {
	case ruleNumber < 1 || ruleNumber > 32766:
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter ruleNumber is invalid. Rule numbers are between 1 and 32766.",
			model.FormatNumber(ruleNumber))
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
			for _, other := range c.Where("aws_network_acl_rule", "network_acl_id", c.String("network_acl_id")) {
				if c.Creating() && entryKey(other.Attributes) == entryKey(c.Object) {
					return entryExists(c.Object)
				}
			}
			return checkEntry(c.Object)
		}},
		Quotas: []model.Quota{{
			Quota: entriesPerACL, Exceeded: entriesExceeded, Within: "network_acl_id",
			Per: func(_ *model.Call, attributes world.Object) string {
				acl, _ := attributes["network_acl_id"].(string)
				return acl + " " + entryDirection(attributes)
			},
		}},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			// The import id is the ACL, the number, the protocol and the direction: acl-1:100:tcp:false.
			for _, r := range c.All("aws_network_acl_rule") {
				n, _ := r.Attributes["rule_number"].(float64)
				egress := entryDirection(r.Attributes) == "egress"
				if fmt.Sprintf("%s:%d:%s:%t", r.String("network_acl_id"), int(n), r.String("protocol"), egress) == id {
					return r
				}
			}
			return nil
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

// networkACLAssociation puts a subnet under another network ACL. A subnet is always under exactly one, so the call replaces what was.
func networkACLAssociation() *model.Type {
	return &model.Type{
		Name: "aws_network_acl_association", API: api, Noun: "EC2 Network ACL Association",
		CreateCall: "ReplaceNetworkAclAssociation", UpdateCall: "ReplaceNetworkAclAssociation", DeleteCall: "ReplaceNetworkAclAssociation",
		Identify: model.GeneratedID("aclassoc-", 17),
		References: []model.Reference{
			// The provider puts the subnets of an ACL that it deletes under the default one first, whoever put them there.
			{Path: "network_acl_id", To: []string{"aws_network_acl"}, Inside: true, Missing: networkACLMissing},
			{Path: "subnet_id", To: []string{"aws_subnet"}, Inside: true, Missing: subnetMissing},
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			acl, subnet := c.Find("aws_network_acl", c.String("network_acl_id")), c.String("subnet_id")
			if acl != nil && subnet != "" && acl.String("vpc_id") != c.VPCOf(subnet) {
				// text: unverified
				return world.Fail("InvalidParameterValue", "networkAcl %s and subnet %s belong to different networks", acl.ID, subnet)
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			if c.Creating() {
				dissociate(c, c.String("subnet_id"))
			}
		},
		Latency: model.Instant("logs of real deployments"),
	}
}
