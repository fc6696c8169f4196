package egress

import (
	"cmp"
	"net/netip"
	"slices"

	"coderaws/internal/plan"
)

// entry is one of a network ACL.
type entry struct {
	number      float64
	egress      bool
	allows      bool
	cidr        netip.Prefix
	first, last float64
}

// acl is a network ACL that was written. AWS's own, which a VPC has without one, lets everything through.
type acl struct {
	address string
	entries []entry // in the order of their numbers: the first that fits decides
}

// answers are the ports to which answers come back: those from which the kernels of Amazon Linux and Bottlerocket call. Source: Amazon VPC
// user guide, network ACLs, ephemeral ports.
var answers = [2]float64{32768, 60999}

// https is the port of AWS's services.
var https = [2]float64{443, 443}

// readACLs finds the network ACL of each subnet that has one which was written, in a resource or in several.
func (n *network) readACLs() {
	for _, r := range slices.Concat(n.all["aws_network_acl"], n.all["aws_default_network_acl"]) {
		found := &acl{address: r.Address}
		for _, direction := range []string{"ingress", "egress"} {
			for _, block := range r.Values.Blocks(direction) {
				found.add(block, direction == "egress", "rule_no", "action")
			}
		}
		for _, rule := range n.all["aws_network_acl_rule"] {
			if text(rule, "network_acl_id") == text(r, "id") {
				found.add(rule.Values, yes(rule, "egress"), "rule_number", "rule_action")
			}
		}
		slices.SortStableFunc(found.entries, func(a, b entry) int { return cmp.Compare(a.number, b.number) })
		for _, subnet := range texts(r, "subnet_ids") {
			n.acls[subnet] = found
		}
		for _, association := range n.all["aws_network_acl_association"] {
			if text(association, "network_acl_id") == text(r, "id") {
				n.acls[text(association, "subnet_id")] = found
			}
		}
	}
}

// add takes an entry that is about TCP and IPv4, which is what calls to AWS's services use here.
func (a *acl) add(values plan.Value, egress bool, number, action string) {
	e := entry{egress: egress, allows: values.Attr(action).Text().Else("", "") == "allow"}
	e.number, _ = values.Attr(number).Number().Get()
	cidr, err := netip.ParsePrefix(values.Attr("cidr_block").Text().Else("", ""))
	e.cidr = cidr
	switch values.Attr("protocol").Text().Else("", "") {
	case "-1", "all":
		e.last = 65535
	case "6", "tcp":
		e.first, _ = values.Attr("from_port").Number().Get()
		e.last, _ = values.Attr("to_port").Number().Get()
	default:
		return
	}
	if err == nil {
		a.entries = append(a.entries, e)
	}
}

// passes reports whether everything between a range and some ports may leave, or come in: an entry that allows it stands before each that
// denies a part of it.
func (a *acl) passes(egress bool, peer netip.Prefix, ports [2]float64) bool {
	if a == nil {
		return true
	}
	for _, e := range a.entries {
		if e.egress != egress || !e.cidr.Overlaps(peer) || e.last < ports[0] || ports[1] < e.first {
			continue
		}
		if !e.allows {
			return false
		}
		if e.cidr.Bits() <= peer.Bits() && e.first <= ports[0] && ports[1] <= e.last {
			return true
		}
	}
	return false // what no entry is about is denied
}

// stopped says which network ACL keeps a subnet from an endpoint in other subnets, or its answers from coming back: the name of a service
// leads to each of them, and no ACL looks at what stays in one subnet. Of a gateway, the addresses of S3 are not known from a plan.
func (n *network) stopped(from string, e *endpoint) string {
	own := n.cidr(from)
	for _, to := range texts(e.Resource, "subnet_ids") {
		peer := n.cidr(to)
		if to == from || !peer.IsValid() || !own.IsValid() {
			continue
		}
		here, there := n.acls[from], n.acls[to]
		switch {
		case !here.passes(true, peer, https):
			return here.address + " lets nothing out of " + n.subnets[from].Address + " to port 443 of " + e.Address
		case !there.passes(false, own, https):
			return there.address + " lets nothing of " + n.subnets[from].Address + " in to port 443 of " + e.Address
		case !there.passes(true, own, answers):
			return there.address + " does not let the answers of " + e.Address + " out to " + n.subnets[from].Address
		case !here.passes(false, peer, answers):
			return here.address + " does not let the answers of " + e.Address + " in to " + n.subnets[from].Address
		}
	}
	return ""
}

func (n *network) cidr(subnet string) netip.Prefix {
	prefix, _ := netip.ParsePrefix(text(n.subnets[subnet], "cidr_block"))
	return prefix
}
