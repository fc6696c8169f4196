package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Silence is why nobody answers at a host.
type Silence struct {
	// Fault is in the words of Go's network, as programs in containers show it. Why says what lacks.
	Fault, Why string
}

// Unanswered finds what keeps a call over HTTPS from a host, which is none of AWS's, in a subnet; nil if nothing does. Private hosted zones
// of the VPC say where a name leads that they hold, alone. Of other names, the address is not known: any way out may lead there.
func Unanswered(c *model.Call, subnet, host string) *Silence {
	found := c.Find("aws_subnet", subnet)
	if found == nil || c.Find("aws_vpc", found.String("vpc_id")) == nil {
		return nil
	}
	zone := zoneFor(c, found.String("vpc_id"), host)
	if zone == nil || shared(c, zone) {
		if address, err := netip.ParseAddr(host); err == nil {
			return unrouted(c, found, address)
		}
		if WayOut(c, subnet) != NoWay {
			if wall := walledOut(c, found); wall != "" {
				return &Silence{"dial tcp: i/o timeout", wall}
			}
			return nil
		}
		return &Silence{"dial tcp: i/o timeout", "there is no way from " + subnet + " out of its VPC, in which no private hosted zone leads to " +
			host}
	}
	addresses, elsewhere := answersOf(c, zone, host)
	if elsewhere {
		return nil
	}
	if len(addresses) == 0 {
		return &Silence{"dial tcp: lookup " + host + ": no such host", "the private hosted zone " + zone.String("name") +
			" of the VPC has no record of it, and hides those of the internet"}
	}
	for _, address := range addresses {
		if silence := unrouted(c, found, address); silence != nil {
			return silence
		}
	}
	return nil
}

// zoneFor is the private hosted zone that answers for a name in a VPC: of those that it is in, the one with the longest name (Route 53
// developer guide, considerations when working with a private hosted zone). It is nil if none does.
func zoneFor(c *model.Call, vpc, host string) (zone *world.Resource) {
	for _, candidate := range c.All("aws_route53_zone") {
		name := strings.TrimSuffix(candidate.String("name"), ".")
		joined := slices.ContainsFunc(c.Where("aws_route53_zone_association", "zone_id", candidate.ID), func(a *world.Resource) bool {
			return a.String("vpc_id") == vpc
		})
		of := joined || slices.Contains(model.Strings(candidate.Attributes, "vpc.vpc_id"), vpc)
		if of && within(host, name) && (zone == nil || len(name) > len(zone.String("name"))) {
			zone = candidate
		}
	}
	return zone
}

// shared reports whether a private hosted zone is one of another network, which is there beforehand: of which is not known what it holds.
func shared(c *model.Call, zone *world.Resource) bool {
	return !slices.ContainsFunc(model.Strings(zone.Attributes, "vpc.vpc_id"), func(id string) bool { return c.Find("aws_vpc", id) != nil })
}

// answeredElsewhere reports whether a name of AWS's leads to what another network has there: by a private hosted zone, by a resolver rule
// of the VPC, or by who answers in place of AWS's resolver or beside it, of which is not known what they answer.
func answeredElsewhere(c *model.Call, vpc, name string) bool {
	if zoneFor(c, vpc, name) != nil {
		return true
	}
	for _, association := range c.Where("aws_route53_resolver_rule_association", "vpc_id", vpc) {
		rule := c.Find("aws_route53_resolver_rule", association.String("resolver_rule_id"))
		if rule == nil || within(name, strings.TrimSuffix(rule.String("domain_name"), ".")) {
			return true
		}
	}
	for _, association := range c.Where("aws_vpc_dhcp_options_association", "vpc_id", vpc) {
		options := c.Find("aws_vpc_dhcp_options", association.String("dhcp_options_id"))
		servers := model.Strings(options.Object(), "domain_name_servers")
		if options == nil || len(servers) > 0 && !slices.Contains(servers, "AmazonProvidedDNS") {
			return true
		}
	}
	return len(c.Where("aws_route53profiles_association", "resource_id", vpc)) > 0
}

// within reports whether a name is a domain, or in it.
func within(name, domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }

// answersOf are the addresses of a name in a zone. elsewhere says that its record, or a wildcard's, leads to another name, of which is not
// known here what it leads to.
func answersOf(c *model.Call, zone *world.Resource, host string) (addresses []netip.Addr, elsewhere bool) {
	names := []string{host}
	if _, parent, found := strings.Cut(host, "."); found {
		names = append(names, "*."+parent)
	}
	for _, name := range names {
		for _, record := range c.Where("aws_route53_record", "zone_id", zone.ID) {
			if strings.TrimSuffix(record.String("fqdn"), ".") != name {
				continue
			}
			switch record.String("type") {
			case "CNAME":
				return nil, true
			case "A":
				if len(model.Every(record.Attributes, "alias.name")) > 0 {
					return nil, true
				}
				for _, text := range model.Strings(record.Attributes, "records") {
					if address, err := netip.ParseAddr(text); err == nil {
						addresses = append(addresses, address)
					}
				}
			}
		}
		if len(addresses) > 0 {
			return addresses, false
		}
	}
	return nil, false
}

// unrouted says that no route of a subnet leads to an address; nil if one does, or if it is in the VPC.
func unrouted(c *model.Call, subnet *world.Resource, address netip.Addr) *Silence {
	vpc := c.Find("aws_vpc", subnet.String("vpc_id"))
	ranges := []string{vpc.String("cidr_block")}
	for _, more := range c.Where("aws_vpc_ipv4_cidr_block_association", "vpc_id", vpc.ID) {
		ranges = append(ranges, more.String("cidr_block"))
	}
	for _, route := range c.Where("aws_route", "route_table_id", tableOf(c, subnet)) {
		ranges = append(ranges, routeDestination(route.Attributes))
	}
	for _, text := range ranges {
		prefix, err := netip.ParsePrefix(text)
		if err == nil && prefix.Contains(address) || err != nil && text != "" { // a list of networks, of which is not known what is in it
			return nil
		}
	}
	return &Silence{"dial tcp " + address.String() + ":443: i/o timeout", "the route table of " + subnet.ID + " has no route to " +
		address.String()}
}
