package ec2

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// sources are what a rule may let in or out; a rule of the newer types has exactly one of them.
var ruleSources = []string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"}

// ruleSource holds a rule to one source, which the provider itself refuses otherwise.
func ruleSource(c *model.Call) *world.Error {
	given := 0
	for _, argument := range ruleSources {
		if value := c.At(argument); value != nil {
			given++
		}
	}
	switch given {
	case 1:
		return nil
	case 0:
		return world.Fail("MissingParameter", "Source group ID missing.")
	}
	return world.Fail("InvalidParameterCombination", "Only one of %s can be specified", strings.Join(ruleSources, ", "))
}

// legacySource holds a rule of the older type to a source. Text: the provider's.
func legacySource(c *model.Call) *world.Error {
	if len(splitRule(c, c.Object)) == 0 {
		return &world.Error{Message: "one of 'cidr_blocks', 'ipv6_cidr_blocks', 'self', 'source_security_group_id' or 'prefix_list_ids' " +
			"must be set to create an AWS Security Group Rule"}
	}
	return nil
}

// legacyTwice refuses a rule of the older type that names a source twice.
func legacyTwice(c *model.Call) *world.Error {
	seen := map[string]bool{}
	for _, rule := range splitRule(c, c.Object) {
		if seen[ruleKey(rule)] {
			return samePermission
		}
		seen[ruleKey(rule)] = true
	}
	return nil
}

// legacyRules finds the rules that one resource of the older type is.
func legacyRules(c *model.Call) []*world.Resource {
	of, wanted := ingressRule, map[string]bool{}
	if c.String("type") == "egress" {
		of = egressRule
	}
	for _, rule := range splitRule(c, c.Object) {
		wanted[ruleKey(rule)] = true
	}
	return slices.DeleteFunc(c.Where(of, "security_group_id", c.String("security_group_id")), func(rule *world.Resource) bool {
		return !wanted[ruleKey(rule.Attributes)]
	})
}

// ruleNetwork refuses a source group in another VPC; AWS allows it over a peering connection alone.
func ruleNetwork(c *model.Call) *world.Error {
	source := c.String("referenced_security_group_id")
	if source == "" || len(c.All("aws_vpc_peering_connection")) > 0 || c.VPCOf(source) == c.VPCOf(c.String("security_group_id")) {
		return nil
	}
	return world.Fail("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
}

// ruleDescription holds descriptions to AWS's characters. Text: seen in public reports, unverified.
func ruleDescription(c *model.Call) *world.Error {
	description := c.String("description")
	if len(description) < 256 && groupText().MatchString(description) {
		return nil
	}
	return world.Fail("InvalidParameterValue",
		"Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  %s", groupTextSet)
}

// ipProtocols are the protocols that EC2 knows by name.
var ipProtocols = map[string]string{"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": "-1"}

// protocolNumber is the number of a protocol given by name or number; -1 is all of them.
func protocolNumber(protocol string) (int, bool) {
	if named := ipProtocols[strings.ToLower(protocol)]; named != "" {
		protocol = named
	}
	n, err := strconv.Atoi(protocol)
	return n, err == nil && n >= -1 && n <= 255
}

// rulePorts applies the rules of ports to the arguments of one rule, whose protocol has one of two names.
func rulePorts(c *model.Call) *world.Error { return checkPorts(c.Object) }

// checkPorts holds TCP and UDP to a range of ports and ICMP to types and codes. Texts: measured (ICMP), others unverified.
func checkPorts(attributes world.Object) *world.Error {
	protocol, ok := attributes["ip_protocol"].(string)
	if !ok {
		protocol, ok = attributes["protocol"].(string)
	}
	number, known := protocolNumber(protocol)
	if !ok {
		return nil
	}
	if !known {
		return world.Fail("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", protocol)
	}
	from, hasFrom := attributes["from_port"].(float64)
	to, hasTo := attributes["to_port"].(float64)
	switch number {
	case 6, 17:
		name := map[int]string{6: "TCP", 17: "UDP"}[number]
		switch {
		case !hasFrom || !hasTo:
			return world.Fail("InvalidParameterValue", "Must specify both from and to ports with TCP/UDP.")
		case from < 0 || from > 65535:
			return world.Fail("InvalidParameterValue", "TCP/UDP port (%d) out of range", int(from))
		case to < 0 || to > 65535:
			return world.Fail("InvalidParameterValue", "TCP/UDP port (%d) out of range", int(to))
		case from > to:
			return world.Fail("InvalidParameterValue", "Invalid %s port range (%d:%d)", name, int(from), int(to))
		}
	case 1, 58:
		if hasFrom && (from < -1 || from > 255) {
			return world.Fail("InvalidParameterValue", "ICMP type (%d) out of range", int(from))
		}
		if hasTo && (to < -1 || to > 255) {
			return world.Fail("InvalidParameterValue", "ICMP code (%d) out of range", int(to))
		}
	}
	return nil
}

// ruleRange refuses sources that are no range of their family.
func ruleRange(c *model.Call) *world.Error {
	if err := checkRange(c.String("cidr_ipv4"), netip.Addr.Is4); err != nil {
		return err
	}
	return checkRange(c.String("cidr_ipv6"), netip.Addr.Is6)
}

func checkRange(cidr string, family func(netip.Addr) bool) *world.Error {
	if cidr == "" {
		return nil
	}
	if prefix, err := netip.ParsePrefix(cidr); err != nil || !family(prefix.Addr()) {
		return world.Fail("InvalidParameterValue", "CIDR block %s is malformed", cidr)
	}
	return nil
}

// ruleTaken refuses a second rule of the same direction, protocol, ports and source in a group. Text: seen in public reports, unverified.
func ruleTaken(c *model.Call) *world.Error {
	for _, other := range c.Where(c.Type.Name, "security_group_id", c.String("security_group_id")) {
		if (c.Self == nil || other.Key() != c.Self.Key()) && ruleKey(other.Attributes) == ruleKey(c.Object) {
			return world.Fail("InvalidPermission.Duplicate", `the specified rule "%s" already exists`, rulePeer(c.Object))
		}
	}
	return nil
}

// rulePeer words a rule as AWS does in its answers.
func rulePeer(attributes world.Object) string {
	peer := ""
	for _, argument := range ruleSources {
		if value, _ := attributes[argument].(string); value != "" {
			peer = value
		}
	}
	protocol := protocolName(attributes["ip_protocol"])
	if protocol == "-1" {
		return "peer: " + peer + ", ALL, ALLOW"
	}
	from, _ := attributes["from_port"].(float64)
	to, _ := attributes["to_port"].(float64)
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, strings.ToUpper(protocol), int(from), int(to))
}
