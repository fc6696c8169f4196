package egress

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
)

// connected is the way of a call from a subnet to a service of AWS whose endpoint is in another network: a route that leads there, and who
// answers there for the name of the service. It is empty unless there are both. What that endpoint lets through, its owner decides.
func (n *network) connected(subnet, service string) string {
	vpc, name := text(n.subnets[subnet], "vpc_id"), n.lookedUp(service)
	answers := ""
	if zone, found := n.zoneFor(vpc, name); found {
		answers = zone.Address
	}
	for _, association := range n.all["aws_route53_resolver_rule_association"] {
		for _, rule := range n.all["aws_route53_resolver_rule"] {
			of := text(association, "vpc_id") == vpc && text(association, "resolver_rule_id") == text(rule, "id")
			if of && answers == "" && within(name, strings.TrimSuffix(text(rule, "domain_name"), ".")) {
				answers = rule.Address
			}
		}
	}
	routes := n.routesOf(subnet)
	if answers == "" || len(routes) == 0 {
		return ""
	}
	var by []string
	for _, route := range routes {
		by = append(by, route.address)
	}
	slices.Sort(by)
	return strings.Join(slices.Compact(by), " or ") + ", where " + answers + " leads " + name
}

// lookedUp is the name by which SDKs look a service up. Those of EKS Auth know one name alone, of the newer kind. Source: endpoints.json of
// botocore, 2026-08-07.
func (n *network) lookedUp(service string) string {
	if service == "eks-auth" {
		return "eks-auth." + n.region + ".api.aws"
	}
	parts := strings.Split(service, ".")
	slices.Reverse(parts)
	return strings.Join(parts, ".") + "." + n.region + "." + facts.DNSSuffix(n.region)
}
