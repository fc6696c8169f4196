package ec2

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// ports are those of TCP, the first and the last.
type ports struct{ first, last float64 }

var (
	https = ports{443, 443}
	// ephemeral are the ports to which answers come back: those from which the kernels of Amazon Linux and Bottlerocket call. Source: Amazon
	// VPC user guide, network ACLs, ephemeral ports.
	ephemeral = ports{32768, 60999}
	// anywhere is what lies outside of a VPC, at addresses that are not known here.
	anywhere = netip.MustParsePrefix("0.0.0.0/0")
)

// guard is the network ACL of a subnet.
type guard struct {
	id string
	// home is the range of the VPC.
	home netip.Prefix
	// entries are in the order in which they decide.
	entries []*world.Resource
}

// guardOf is the network ACL of a subnet, nil for one that lets everything through: the default one of a VPC, as long as nobody has put
// entries into it or taken it over.
func guardOf(c *model.Call, subnet *world.Resource) *guard {
	vpc := c.Find("aws_vpc", subnet.String("vpc_id"))
	acl := vpc.String("default_network_acl_id")
	for _, association := range c.Where("aws_network_acl_association", "subnet_id", subnet.ID) {
		acl = association.String("network_acl_id")
	}
	entries := c.Where("aws_network_acl_rule", "network_acl_id", acl)
	untouched := acl == vpc.String("default_network_acl_id") && c.Find("aws_default_network_acl", acl) == nil
	if untouched && len(entries) == 0 {
		return nil
	}
	if untouched { // AWS's own entries are the last of it: https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
		for _, egress := range []bool{false, true} {
			entries = append(entries, &world.Resource{Attributes: world.Object{"egress": egress, "rule_number": 100.0, "protocol": "-1",
				"rule_action": "allow", "cidr_block": "0.0.0.0/0"}})
		}
	}
	slices.SortStableFunc(entries, func(a, b *world.Resource) int {
		first, _ := a.Attributes["rule_number"].(float64)
		second, _ := b.Attributes["rule_number"].(float64)
		return cmp.Compare(first, second)
	})
	home, _ := netip.ParsePrefix(vpc.String("cidr_block"))
	return &guard{acl, home, entries}
}

// passes reports whether a network ACL lets TCP out of its subnet, or in: the first that is about it decides. Of a peer that
// is anywhere, the address that is called may be in whatever part of it is let through, but not in the VPC.
func (g *guard) passes(egress bool, peer netip.Prefix, of ports) bool {
	if g == nil {
		return true
	}
	for _, entry := range g.entries {
		if out, _ := entry.Attributes["egress"].(bool); out != egress {
			continue
		}
		cidr, err := netip.ParsePrefix(entry.String("cidr_block"))
		if err != nil || !cidr.Overlaps(peer) || peer == anywhere && g.home.Contains(cidr.Addr()) && g.home.Bits() <= cidr.Bits() {
			continue // of IPv6, or of others
		}
		number, _ := protocolNumber(entry.String("protocol"))
		first, _ := entry.Attributes["from_port"].(float64)
		last, _ := entry.Attributes["to_port"].(float64)
		if number == -1 {
			first, last = 0, 65535
		}
		if number != -1 && number != 6 || last < of.first || of.last < first {
			continue
		}
		all, allows := cidr.Bits() <= peer.Bits(), strings.EqualFold(entry.String("rule_action"), "allow")
		switch {
		case allows && (all || peer == anywhere) && first <= of.first && of.last <= last:
			return true
		case !allows && (all || peer != anywhere):
			return false
		}
	}
	return false // what no entry is about is denied
}

// walled says which network ACL keeps what is in a subnet from a port in another subnet, or its answers from coming back; "" if none does.
// No network ACL looks at what stays in one subnet.
func walled(c *model.Call, from, to *world.Resource, port ports) string {
	own, err := netip.ParsePrefix(from.String("cidr_block"))
	peer, fault := netip.ParsePrefix(to.String("cidr_block"))
	if from.ID == to.ID || err != nil || fault != nil {
		return ""
	}
	here, there := guardOf(c, from), guardOf(c, to)
	switch {
	case !here.passes(true, peer, port):
		return "the network ACL " + here.id + " lets nothing out of " + from.ID + " to " + peer.String() + " on port " +
			model.FormatNumber(port.first)
	case !there.passes(false, own, port):
		return "the network ACL " + there.id + " lets nothing of " + own.String() + " in to " + to.ID + " on port " +
			model.FormatNumber(port.first)
	case !there.passes(true, own, ephemeral):
		return "the network ACL " + there.id + " lets no answers out of " + to.ID + " to " + own.String() + " (ports 32768 to 60999)"
	case !here.passes(false, peer, ephemeral):
		return "the network ACL " + here.id + " lets no answers of " + peer.String() + " in to " + from.ID + " (ports 32768 to 60999)"
	}
	return ""
}

// Walled says which network ACL keeps what is in a subnet from the Kubernetes API in another one; "" if none does.
func Walled(c *model.Call, from, to string) string {
	a, b := c.Find("aws_subnet", from), c.Find("aws_subnet", to)
	if a == nil || b == nil || c.Find("aws_vpc", a.String("vpc_id")) == nil || c.Find("aws_vpc", b.String("vpc_id")) == nil {
		return ""
	}
	return walled(c, a, b, https)
}

// walledIn says which network ACL keeps a subnet from everything outside of its VPC over HTTPS; "" if none does.
func walledIn(c *model.Call, subnet *world.Resource) string {
	acl := guardOf(c, subnet)
	switch {
	case !acl.passes(true, anywhere, https):
		return "the network ACL " + acl.id + " lets nothing out of " + subnet.ID + " on port 443"
	case !acl.passes(false, anywhere, ephemeral):
		return "the network ACL " + acl.id + " lets no answers in to " + subnet.ID + " (ports 32768 to 60999)"
	}
	return ""
}

// walledOut says which network ACL keeps what is in a subnet from what its way out leads to: its own, or that of its NAT gateway's subnet.
func walledOut(c *model.Call, subnet *world.Resource) string {
	if wall := walledIn(c, subnet); wall != "" {
		return wall
	}
	for _, route := range c.Where("aws_route", "route_table_id", tableOf(c, subnet)) {
		nat := c.Find("aws_nat_gateway", route.String("nat_gateway_id"))
		if nat == nil || !leadsFar(route) || nat.String("subnet_id") == subnet.ID {
			continue
		}
		to := c.Find("aws_subnet", nat.String("subnet_id"))
		if to == nil || c.Find("aws_vpc", to.String("vpc_id")) == nil {
			continue
		}
		if wall := cmp.Or(passedOn(c, subnet, to), walledIn(c, to)); wall != "" {
			return wall
		}
	}
	return ""
}

// passedOn says that the network ACL of a NAT gateway's subnet takes nothing of another subnet, or gives it no answers. What goes by it is
// addressed to what is called, so that entries about the gateway's own range decide nothing.
func passedOn(c *model.Call, from, gateway *world.Resource) string {
	own, err := netip.ParsePrefix(from.String("cidr_block"))
	acl := guardOf(c, gateway)
	switch {
	case err != nil:
	case !acl.passes(false, own, https):
		return "the network ACL " + acl.id + " of the NAT gateway's subnet lets nothing of " + own.String() + " in on port 443"
	case !acl.passes(true, own, ephemeral):
		return "the network ACL " + acl.id + " of the NAT gateway's subnet lets no answers out to " + own.String() + " (ports 32768 to 60999)"
	}
	return ""
}
