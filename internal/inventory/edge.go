package inventory

import (
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/plan"
)

// edge finds what users meet first: load balancers, certificates and names.
func (r *reading) edge(inv *Inventory) {
	types := []string{"aws_lb", "aws_alb"}
	ports := map[string][]string{}
	for _, listener := range r.of("aws_lb_listener", "aws_alb_listener") {
		of := r.refersOne(listener, "load_balancer_arn", types...)
		ports[of] = append(ports[of], r.port(listener, listener.Values, "protocol", "port"))
	}
	for _, resource := range r.of(types...) {
		lb := LoadBalancer{
			Resource: resource, Kind: resource.Values.Attr("load_balancer_type").Text().Else("application", ""),
			Internal: resource.Values.Attr("internal").Bool().Default(false), Subnets: r.refers(resource, "subnets", subnetType), Ports: []string{},
		}
		if len(lb.Subnets) == 0 {
			lb.Subnets = r.refers(resource, "subnet_mapping.subnet_id", subnetType)
		}
		if len(texts(resource.Values, "subnets")) == 0 {
			lb.Subnets = inv.reachable(lb)
		}
		lb.Zones = inv.zonesOf(lb.Subnets)
		lb.Ports = append(lb.Ports, ports[resource.Address]...)
		slices.Sort(lb.Ports)
		inv.LoadBalancers = append(inv.LoadBalancers, lb)
	}
	for _, resource := range r.of("aws_elb") {
		lb := LoadBalancer{
			Resource: resource, Kind: "classic", Internal: resource.Values.Attr("internal").Bool().Default(false),
			Subnets: r.refers(resource, "subnets", subnetType), Ports: []string{},
		}
		lb.Zones = inv.zonesOf(lb.Subnets)
		for _, listener := range resource.Values.Blocks("listener") {
			lb.Ports = append(lb.Ports, strings.ToUpper(r.port(resource, listener, "lb_protocol", "lb_port")))
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
		record := Record{Resource: resource, Kind: text(resource.Values, "type")}
		record.Name = shown(resource.Values, "name")
		if expressionsAt(r.expressions(resource), []string{"alias"}) != nil || len(resource.Values.Blocks("alias")) > 0 {
			record.Target = r.refersOne(resource, "alias.name", append(types, "aws_elb")...)
		}
		inv.Records = append(inv.Records, record)
	}
}

// port names where a listener listens, such as TLS 443; a ? stands for what the plan does not know.
func (r *reading) port(from Resource, values plan.Value, protocol, port string) string {
	number := "?"
	if n, state := r.count(from, values, port).Get(); state == plan.IsKnown {
		number = strconv.Itoa(n)
	}
	return strings.TrimSpace(text(values, protocol) + " " + number)
}

// reachable leaves out subnets that AWS would not let a load balancer serve from: one that faces the internet needs public ones. It
// is for subnets that were found through expressions, which name all that can be meant.
func (inv *Inventory) reachable(lb LoadBalancer) []string {
	internal, state := lb.Internal.Get()
	if state != plan.IsKnown {
		return lb.Subnets
	}
	meant := map[string]bool{}
	for _, address := range lb.Subnets {
		meant[address] = true
	}
	var kept []string
	for _, subnet := range inv.Subnets {
		if meant[subnet.Address] && (subnet.Kind == Public) != internal {
			kept = append(kept, subnet.Address)
		}
	}
	if len(kept) == 0 {
		return lb.Subnets
	}
	return kept
}
