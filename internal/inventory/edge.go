package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// edge finds what users meet first: load balancers, certificates and names.
func (r *reading) edge(inv *Inventory) {
	types := []string{"aws_lb", "aws_alb"}
	for _, resource := range r.of(types...) {
		lb := LoadBalancer{
			Resource: resource, Kind: Text(resource.Values, "load_balancer_type"), Internal: truth(resource.Values, "internal"),
			Subnets: r.refers(resource, "subnets", subnetType), Ports: []string{},
		}
		if lb.Kind == "" {
			lb.Kind = "application"
		}
		if len(lb.Subnets) == 0 {
			lb.Subnets = r.refers(resource, "subnet_mapping.subnet_id", subnetType)
		}
		if len(texts(resource.Values, "subnets")) == 0 {
			lb.Subnets = inv.reachable(lb)
		}
		lb.Zones = inv.zonesOf(lb.Subnets)
		for _, listener := range r.of("aws_lb_listener", "aws_alb_listener") {
			if r.refersOne(listener, "load_balancer_arn", types...) == resource.Address {
				port := strings.TrimSpace(fmt.Sprintf("%s %g", Text(listener.Values, "protocol"), Number(listener.Values, "port")))
				lb.Ports = append(lb.Ports, port)
			}
		}
		slices.Sort(lb.Ports)
		inv.LoadBalancers = append(inv.LoadBalancers, lb)
	}
	for _, resource := range r.of("aws_elb") {
		lb := LoadBalancer{
			Resource: resource, Kind: "classic", Internal: truth(resource.Values, "internal"),
			Subnets: r.refers(resource, "subnets", subnetType), Ports: []string{},
		}
		lb.Zones = inv.zonesOf(lb.Subnets)
		for _, listener := range Blocks(resource.Values, "listener") {
			lb.Ports = append(lb.Ports, fmt.Sprintf("%s %g", strings.ToUpper(Text(listener, "lb_protocol")), Number(listener, "lb_port")))
		}
		inv.LoadBalancers = append(inv.LoadBalancers, lb)
	}
	for _, resource := range r.of("aws_acm_certificate") {
		certificate := Certificate{Resource: resource, Domains: unique(append(texts(resource.Values, "domain_name"),
			texts(resource.Values, "subject_alternative_names")...))}
		slices.SortFunc(certificate.Domains, func(a, b string) int { return len(a) - len(b) })
		inv.Certificates = append(inv.Certificates, certificate)
	}
	for _, resource := range r.of("aws_route53_record") {
		record := Record{Resource: resource, Kind: Text(resource.Values, "type")}
		record.Name = Text(resource.Values, "name")
		if expressionsAt(r.expressions(resource), []string{"alias"}) != nil || len(Blocks(resource.Values, "alias")) > 0 {
			record.Target = r.refersOne(resource, "alias.name", append(types, "aws_elb")...)
		}
		inv.Records = append(inv.Records, record)
	}
}

// reachable leaves out subnets that AWS would not let a load balancer serve from: one that faces the internet needs public ones. It
// is for subnets that were found through expressions, which name all that can be meant.
func (inv *Inventory) reachable(lb LoadBalancer) []string {
	var kept []string
	for _, subnet := range inv.Subnets {
		if slices.Contains(lb.Subnets, subnet.Address) && (subnet.Kind == Public) != lb.Internal {
			kept = append(kept, subnet.Address)
		}
	}
	if len(kept) == 0 {
		return lb.Subnets
	}
	return kept
}
