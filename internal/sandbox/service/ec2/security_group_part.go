package ec2

import (
	"cmp"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// A rule of a security group is kept as the provider's newest type of the direction has it, one source each. The arguments of groups and
// the older type word several of them at once.
const (
	ingressRule = "aws_vpc_security_group_ingress_rule"
	egressRule  = "aws_vpc_security_group_egress_rule"
)

// groupRules are the arguments ingress and egress of a security group.
func groupRules() []model.Part {
	part := func(argument, of string) model.Part {
		return model.Part{
			Argument: argument, Type: of, Of: "security_group_id", Key: ruleKey, Content: ruleContent, Split: splitRule, Join: joinRules,
		}
	}
	return []model.Part{part("ingress", ingressRule), part("egress", egressRule)}
}

// wholeRules are the rules that one resource of the older type is.
func wholeRules() []model.Part {
	part := func(direction, of string) model.Part {
		split := func(c *model.Call, element any) []world.Object {
			if rule, _ := element.(world.Object); rule["type"] == direction {
				return splitRule(c, element)
			}
			return nil
		}
		return model.Part{
			Type: of, Of: "security_group_id", By: "security_group_id", Key: ruleKey, Content: ruleContent, Split: split,
		}
	}
	return []model.Part{part("ingress", ingressRule), part("egress", egressRule)}
}

// ruleKey is what AWS tells the rules of a group and a direction apart by: protocol, ports and source, but not the description.
func ruleKey(rule world.Object) string { return rulePeer(rule) }

func ruleContent(rule world.Object) string {
	description, _ := rule["description"].(string)
	return ruleKey(rule) + " " + description
}

// splitRule makes a rule of each source.
func splitRule(c *model.Call, element any) []world.Object {
	rule, _ := element.(world.Object)
	group := cmp.Or(c.String("security_group_id"), c.ID)
	var all []world.Object
	add := func(argument string, sources ...string) {
		for _, source := range sources {
			one := world.Object{"ip_protocol": protocolName(rule["protocol"]), "from_port": rule["from_port"], "to_port": rule["to_port"],
				"description": rule["description"], argument: source}
			if one["ip_protocol"] == "-1" {
				one["from_port"], one["to_port"] = nil, nil // AWS keeps no ports
			}
			all = append(all, one)
		}
	}
	add("cidr_ipv4", model.Strings(rule, "cidr_blocks")...)
	add("cidr_ipv6", model.Strings(rule, "ipv6_cidr_blocks")...)
	add("prefix_list_id", model.Strings(rule, "prefix_list_ids")...)
	add("referenced_security_group_id", model.Strings(rule, "security_groups")...)
	if self, _ := rule["self"].(bool); self {
		add("referenced_security_group_id", group)
	} else if source, _ := rule["source_security_group_id"].(string); source != "" {
		add("referenced_security_group_id", source)
	}
	return all
}

// joinRules words rules as blocks, those of the same protocol, ports and description in one.
func joinRules(c *model.Call, rules []*world.Resource) []any {
	blocks, all := map[string]world.Object{}, []any{}
	for _, rule := range rules {
		port := func(name string) float64 {
			n, _ := rule.Attributes[name].(float64)
			return max(n, 0)
		}
		protocol, from, to := protocolName(rule.Attributes["ip_protocol"]), port("from_port"), port("to_port")
		key := strings.Join([]string{protocol, model.FormatNumber(from), model.FormatNumber(to), rule.String("description")}, " ")
		block := blocks[key]
		if block == nil {
			block = world.Object{"protocol": protocol, "from_port": from, "to_port": to, "description": rule.String("description"), "self": false,
				"cidr_blocks": []any{}, "ipv6_cidr_blocks": []any{}, "prefix_list_ids": []any{}, "security_groups": []any{}}
			blocks[key], all = block, append(all, block)
		}
		for _, pair := range [][2]string{{"cidr_ipv4", "cidr_blocks"}, {"cidr_ipv6", "ipv6_cidr_blocks"},
			{"prefix_list_id", "prefix_list_ids"}, {"referenced_security_group_id", "security_groups"}} {
			source := rule.String(pair[0])
			switch {
			case source == "":
			case source == c.ID:
				block["self"] = true
			default:
				list, _ := block[pair[1]].([]any)
				block[pair[1]] = append(list, source)
			}
		}
	}
	return all
}

// protocolName is a protocol as AWS answers it: by its name if EC2 has one, -1 for all, else by its number.
func protocolName(protocol any) string {
	text, _ := protocol.(string)
	number, known := protocolNumber(text)
	if !known {
		return text
	}
	for name, n := range ipProtocols {
		if n == strconv.Itoa(number) && name != "all" {
			return name
		}
	}
	return strconv.Itoa(number)
}

// inlineRules holds blocks to what the provider and AWS refuse before they look at single rules. Texts: the provider's, and seen in public
// reports.
func inlineRules(c *model.Call) *world.Error {
	for _, direction := range []string{"ingress", "egress"} {
		seen := map[string]bool{}
		for _, block := range c.Blocks(direction) {
			from, _ := block["from_port"].(float64)
			to, _ := block["to_port"].(float64)
			if protocolName(block["protocol"]) == "-1" && (from != 0 || to != 0) {
				return &world.Error{Message: "updating rules: from_port (" + model.FormatNumber(from) + ") and to_port (" + model.FormatNumber(to) +
					`) must both be 0 to use the 'ALL' "-1" protocol!`}
			}
			for _, rule := range splitRule(c, block) {
				if seen[ruleKey(rule)] {
					return samePermission
				}
				seen[ruleKey(rule)] = true
			}
		}
	}
	return nil
}

// samePermission is AWS's answer to a request that names one rule twice.
var samePermission = world.Fail("InvalidParameterValue", "The same permission must not appear multiple times")

// revokeRules takes all rules of a group away.
func revokeRules(c *model.Call, group string) {
	for _, of := range []string{ingressRule, egressRule} {
		for _, rule := range c.Where(of, "security_group_id", group) {
			c.Catalog.Remove(c.World, rule)
		}
	}
}
