package egress

import (
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/plan"
)

// signIns finds the ways of what coderd calls for people to sign in: to an issuer, to GitHub, to providers of external authentication.
func (n *network) signIns() []Way {
	var ways []Way
	for _, release := range n.all["helm_release"] {
		for _, asked := range coderd.Asks(environmentOf(release)) {
			way := Way{Caller: "release " + text(release, "name"), Calls: asked.URL + " (sign-in)"}
			if way.By, way.Missing = n.host(asked.Host()); way.Missing != "" {
				way.Symptom = "people do not sign in there: dial tcp: i/o timeout"
				if asked.AtStart {
					way.Symptom = "coderd exits as it starts (CrashLoopBackOff): " + asked.Unanswered("dial tcp: i/o timeout")
				}
				way.Todo = "connect the network that " + asked.Host() + " is in, by a route and a name that lead there, or take " + asked.Setting +
					" out"
			}
			ways = append(ways, way)
		}
	}
	return ways
}

// environmentOf is what a release tells coderd, as the values of Coder's own chart have it.
func environmentOf(release plan.Resource) coderd.Environment {
	e := coderd.Environment{Program: coderd.Server}
	chart, _ := valuesOf(release)["coder"].(map[string]any)
	list, _ := chart["env"].([]any)
	for _, element := range list {
		variable, _ := element.(map[string]any)
		name, _ := variable["name"].(string)
		value, known := variable["value"].(string)
		e.Settings = append(e.Settings, coderd.Setting{Name: name, Value: value, Known: known})
	}
	return e
}

// host finds the way of a call over HTTPS from every subnet that has nodes to a host which is none of AWS's. Private hosted zones of the
// network say where a name leads that they hold, alone. Of another name the address is not known: whoever connected a network vouches for
// what is in it, so that a route there, which is told among the named exceptions, counts as its way.
func (n *network) host(host string) (by, missing string) {
	if strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".svc.cluster.local") || !strings.Contains(host, ".") {
		return "a Service of the cluster", ""
	}
	var all []string
	for _, subnet := range n.nodes {
		if by, missing = n.hostFrom(subnet, host); missing != "" {
			return "", missing
		}
		all = append(all, by)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", "), ""
}

func (n *network) hostFrom(subnet, host string) (by, missing string) {
	zone, found := n.zoneFor(text(n.subnets[subnet], "vpc_id"), host)
	if !found || n.foreign(zone) {
		if address, err := netip.ParseAddr(host); err == nil {
			return n.routed(subnet, address)
		}
		for _, route := range n.routesOf(subnet) {
			if route.prefix.Bits() <= 1 {
				return route.address, ""
			}
			by = route.address + ", if it is in " + route.prefix.String()
		}
		if by == "" {
			missing = n.subnets[subnet].Address + " has no way out of the network, in which no private zone leads to " + host
		}
		return by, missing
	}
	addresses, elsewhere := n.answers(zone, host)
	switch {
	case elsewhere:
		return zone.Address, ""
	case len(addresses) == 0:
		return "", zone.Address + " has no record of " + host + ", and hides those of the internet"
	}
	for _, address := range addresses {
		if by, missing = n.routed(subnet, address); missing != "" {
			return "", missing
		}
	}
	return by, ""
}

// route is one that leads out of the network.
type route struct {
	address string
	prefix  netip.Prefix
}

// routesOf are the routes by which a subnet leaves the network, the widest first.
func (n *network) routesOf(subnet string) []route {
	var all []route
	add := func(address, destination string, values plan.Value) {
		if prefix, err := netip.ParsePrefix(destination); err == nil && leads(values) != "" {
			all = append(all, route{address, prefix})
		}
	}
	for _, r := range n.all["aws_route"] {
		if text(r, "route_table_id") == n.tables[subnet] {
			add(r.Address, text(r, "destination_cidr_block"), r.Values)
		}
	}
	for _, table := range n.all["aws_route_table"] {
		if text(table, "id") != n.tables[subnet] {
			continue
		}
		for _, block := range table.Values.Blocks("route") {
			add(table.Address, block.Attr("cidr_block").Text().Else("", ""), block)
		}
	}
	slices.SortStableFunc(all, func(a, b route) int { return a.prefix.Bits() - b.prefix.Bits() })
	return all
}

// routed is what leads from a subnet to an address: the network itself, or the narrowest route that has it.
func (n *network) routed(subnet string, address netip.Addr) (by, missing string) {
	for _, vpc := range n.all["aws_vpc"] {
		inside, err := netip.ParsePrefix(text(vpc, "cidr_block"))
		if text(vpc, "id") == text(n.subnets[subnet], "vpc_id") && err == nil && inside.Contains(address) {
			return vpc.Address, ""
		}
	}
	for _, route := range slices.Backward(n.routesOf(subnet)) {
		if route.prefix.Contains(address) {
			return route.address, ""
		}
	}
	return "", "the route table of " + n.subnets[subnet].Address + " has no route to " + address.String()
}

// zoneFor is the private hosted zone that answers for a name in a VPC: the one with the longest name.
func (n *network) zoneFor(vpc, host string) (zone plan.Resource, found bool) {
	for _, candidate := range n.all["aws_route53_zone"] {
		name := strings.TrimSuffix(text(candidate, "name"), ".")
		of := isIn(candidate, vpc) || slices.ContainsFunc(n.all["aws_route53_zone_association"], func(r plan.Resource) bool {
			return text(r, "zone_id") == text(candidate, "zone_id") && text(r, "vpc_id") == vpc
		})
		if of && within(host, name) && (!found || len(name) > len(text(zone, "name"))) {
			zone, found = candidate, true
		}
	}
	return zone, found
}

// answers are the addresses of a name in a zone; elsewhere says that its record leads to another name.
func (n *network) answers(zone plan.Resource, host string) (addresses []netip.Addr, elsewhere bool) {
	_, parent, _ := strings.Cut(host, ".")
	for _, name := range []string{host, "*." + parent} {
		for _, record := range n.all["aws_route53_record"] {
			if text(record, "zone_id") != text(zone, "zone_id") || strings.TrimSuffix(text(record, "fqdn"), ".") != name {
				continue
			}
			if text(record, "type") == "CNAME" || text(record, "type") == "A" && len(record.Values.Blocks("alias")) > 0 {
				return nil, true
			}
			for _, value := range texts(record, "records") {
				if address, err := netip.ParseAddr(value); err == nil {
					addresses = append(addresses, address)
				}
			}
		}
		if len(addresses) > 0 {
			return addresses, false
		}
	}
	return nil, false
}

// isIn reports whether a private hosted zone names a VPC as one of its own.
func isIn(zone plan.Resource, vpc string) bool {
	return slices.ContainsFunc(zone.Values.Blocks("vpc"), func(block plan.Value) bool {
		return block.Attr("vpc_id").Text().Else("", "") == vpc
	})
}

// foreign reports whether a private hosted zone is of another network, so that its records are not known.
func (n *network) foreign(zone plan.Resource) bool {
	return !slices.ContainsFunc(n.all["aws_vpc"], func(vpc plan.Resource) bool { return isIn(zone, text(vpc, "id")) })
}

// within reports whether a name is a domain, or in it.
func within(name, domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }
