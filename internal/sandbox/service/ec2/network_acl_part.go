package ec2

import (
	"fmt"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// inlineEntries are the arguments ingress and egress of a network ACL.
func inlineEntries() []model.Part {
	part := func(argument string, egress bool) model.Part {
		return model.Part{
			Argument: argument, Type: "aws_network_acl_rule", Of: "network_acl_id", Key: entryKey, Content: entryContent, Join: joinEntries,
			Only: func(entry world.Object) bool { return entryDirection(entry) == argument },
			Split: func(_ *model.Call, element any) []world.Object {
				block, _ := element.(world.Object)
				return []world.Object{{
					"rule_number": block["rule_no"], "egress": egress, "protocol": block["protocol"], "rule_action": block["action"],
					"cidr_block": block["cidr_block"], "ipv6_cidr_block": block["ipv6_cidr_block"],
					"from_port": block["from_port"], "to_port": block["to_port"], "icmp_type": block["icmp_type"], "icmp_code": block["icmp_code"],
				}}
			},
		}
	}
	return []model.Part{part("ingress", false), part("egress", true)}
}

func joinEntries(_ *model.Call, entries []*world.Resource) []any {
	all := []any{}
	for _, entry := range entries {
		number, _ := protocolNumber(entry.String("protocol"))
		block := world.Object{"rule_no": entry.Attributes["rule_number"], "protocol": strconv.Itoa(number), "action": entry.String("rule_action"),
			"cidr_block": entry.String("cidr_block"), "ipv6_cidr_block": entry.String("ipv6_cidr_block")}
		for _, name := range []string{"from_port", "to_port", "icmp_type", "icmp_code"} {
			block[name], _ = entry.Attributes[name].(float64)
		}
		all = append(all, block)
	}
	return all
}

// entryDirection is the argument of an ACL that an entry stands in.
func entryDirection(entry world.Object) string {
	if egress, _ := entry["egress"].(bool); egress {
		return "egress"
	}
	return "ingress"
}

// entryKey is what AWS tells the entries of an ACL apart by: direction and number.
func entryKey(entry world.Object) string {
	number, _ := entry["rule_number"].(float64)
	return entryDirection(entry) + " " + model.FormatNumber(number)
}

// entryContent is all that AWS keeps of an entry: ports of TCP and UDP, types and codes of ICMP.
func entryContent(entry world.Object) string {
	protocol, _ := entry["protocol"].(string)
	action, _ := entry["rule_action"].(string)
	number, _ := protocolNumber(protocol)
	of := func(names ...string) string {
		var values []string
		for _, name := range names {
			n, _ := entry[name].(float64)
			values = append(values, model.FormatNumber(n))
		}
		return strings.Join(values, "-")
	}
	detail := ""
	switch number {
	case 6, 17:
		detail = of("from_port", "to_port")
	case 1, 58:
		detail = of("icmp_type", "icmp_code")
	}
	ipv4, _ := entry["cidr_block"].(string)
	ipv6, _ := entry["ipv6_cidr_block"].(string)
	return fmt.Sprintf("%s %d %s %s%s %s", entryKey(entry), number, strings.ToLower(action), ipv4, ipv6, detail)
}

func entryExists(entry world.Object) *world.Error {
	number, _ := entry["rule_number"].(float64)
	return world.Fail("NetworkAclEntryAlreadyExists", "The network acl entry identified by %s already exists.", model.FormatNumber(number))
}

// checkInlineEntries refuses two blocks of one number before any of them is made.
func checkInlineEntries(c *model.Call) *world.Error {
	for i := range c.Type.Parts {
		part, seen := &c.Type.Parts[i], map[string]bool{}
		if part.Type != "aws_network_acl_rule" {
			continue
		}
		for _, block := range c.Blocks(part.Argument) {
			for _, entry := range part.Split(c, block) {
				if seen[entryKey(entry)] {
					return entryExists(entry)
				}
				seen[entryKey(entry)] = true
			}
		}
	}
	return nil
}

// inlineSubnets are the subnets of a network ACL other than the VPC's default one.
func inlineSubnets() model.Part {
	return model.Part{
		Argument: "subnet_ids", Type: "aws_network_acl_association", Of: "network_acl_id",
		Key: func(association world.Object) string {
			id, _ := association["subnet_id"].(string)
			return id
		},
		Split: func(_ *model.Call, element any) []world.Object { return []world.Object{{"subnet_id": element}} },
		Join: func(_ *model.Call, associations []*world.Resource) []any {
			all := []any{}
			for _, association := range associations {
				all = append(all, association.String("subnet_id"))
			}
			return all
		},
	}
}

// dissociate takes subnets from their network ACLs, so that they are under the VPC's default one, or under what comes next.
func dissociate(c *model.Call, subnets ...string) {
	for _, subnet := range subnets {
		for _, association := range c.Where("aws_network_acl_association", "subnet_id", subnet) {
			c.Catalog.Remove(c.World, association)
		}
	}
}

// underDefault lists the subnets of a VPC that are under its default network ACL: those that are under no other.
func underDefault(c *model.Call, acl, vpc string) []any {
	all := []any{}
	for _, subnet := range c.Where("aws_subnet", "vpc_id", vpc) {
		associations := c.Where("aws_network_acl_association", "subnet_id", subnet.ID)
		if len(associations) == 0 || associations[0].String("network_acl_id") == acl {
			all = append(all, subnet.ID)
		}
	}
	return all
}
