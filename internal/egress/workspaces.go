package egress

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/plan"
)

// workspace is what the network policy of workspaces lets out of them, beside names and coderd's pods.
type workspace struct {
	release  plan.Resource
	internet bool
	ranges   []opened
}

// opened is a range that the policy lets through to, on some ports or on all.
type opened struct {
	prefix netip.Prefix
	except []netip.Prefix
	ports  []float64
}

// readWorkspaces finds the release whose values open something to workspaces.
func (n *network) readWorkspaces() (w workspace, found bool) {
	for _, release := range n.all["helm_release"] {
		values, ok := valuesOf(release)["workspaces"].(map[string]any)
		if !ok {
			continue
		}
		w = workspace{release: release}
		egress, _ := values["egress"].(map[string]any)
		internet, given := egress["internet"].(bool)
		w.internet = internet || !given
		ranges, _ := egress["ranges"].([]any)
		for _, element := range ranges {
			entry, _ := element.(map[string]any)
			if prefixes := prefixesOf(entry["cidr"]); len(prefixes) == 1 {
				o := opened{prefix: prefixes[0]}
				except, _ := entry["except"].([]any)
				o.except = prefixesOf(except...)
				ports, _ := entry["ports"].([]any)
				for _, port := range ports {
					number, _ := port.(float64)
					o.ports = append(o.ports, number)
				}
				w.ranges = append(w.ranges, o)
			}
		}
		found = true
	}
	return w, found
}

func prefixesOf(values ...any) []netip.Prefix {
	var all []netip.Prefix
	for _, value := range values {
		text, _ := value.(string)
		if prefix, err := netip.ParsePrefix(text); err == nil {
			all = append(all, prefix)
		}
	}
	return all
}

// lets reports whether the policy lets something through to an address over HTTPS. Without a default route the internet has no way anyhow,
// and what has a private address is not of it.
func (w workspace) lets(address netip.Addr) bool {
	if w.internet && !address.IsPrivate() && !address.IsLinkLocalUnicast() {
		return true
	}
	return slices.ContainsFunc(w.ranges, func(o opened) bool {
		return o.prefix.Contains(address) && (len(o.ports) == 0 || slices.Contains(o.ports, 443)) &&
			!slices.ContainsFunc(o.except, func(p netip.Prefix) bool { return p.Contains(address) })
	})
}

// closed begins the sentence on what the policy does not let through.
func (w workspace) closed() string {
	return "the network policy of workspaces (" + w.release.Address + ") lets nothing through to "
}

// overlaps reports whether the policy lets something through to a part of a range.
func (w workspace) overlaps(prefix netip.Prefix) bool {
	return w.internet && !prefix.Addr().IsPrivate() ||
		slices.ContainsFunc(w.ranges, func(o opened) bool { return o.prefix.Overlaps(prefix) })
}

// workspaceWays finds the ways of what is known that every workspace calls: names, Coder itself, and the Git hosts with whose credentials
// Coder provides it. What its template's programs call besides, nobody knows but who wrote it.
func (n *network) workspaceWays() []Way {
	w, found := n.readWorkspaces()
	if !found {
		return nil
	}
	ways := []Way{n.resolver()}
	for _, release := range n.all["helm_release"] {
		environment := environmentOf(release)
		if access, err := url.Parse(coderd.AccessURL(environment)); err == nil && access.Hostname() != "" {
			ways = append(ways, n.toCoder(w, access))
		}
		for _, host := range coderd.GitHosts(environment) {
			ways = append(ways, n.toGit(w, host))
		}
	}
	return ways
}

// resolver is the way of names: the cluster's DNS asks the resolver of the VPC, at an address that no route and no rule is about.
func (n *network) resolver() Way {
	way := Way{Caller: "every pod", Calls: "names (DNS)"}
	for _, vpc := range n.all["aws_vpc"] {
		if way.By = "the resolver of " + vpc.Address; !yes(vpc, "enable_dns_support") {
			way.By, way.Missing = "", vpc.Address+" has no DNS support, and so no resolver"
			way.Symptom, way.Todo = "nothing is found by its name: no such host; nodes do not join", "set enable_dns_support of the VPC to true"
			return way
		}
	}
	if way.By == "" {
		way.By = "the resolver of a VPC that is not in the plan"
	}
	return way
}

// toCoder is the way of agents and of browsers in workspaces to the address of Coder: through its load balancer.
func (n *network) toCoder(w workspace, access *url.URL) Way {
	way := Way{Caller: "workspaces", Calls: access.String() + " (Coder)"}
	zone, held := n.zoneFor(n.vpc(), access.Hostname())
	for _, balancer := range n.all["aws_lb"] {
		if way.By, way.Missing = n.toBalancer(w, balancer); way.Missing == "" {
			break // which of several is Coder's is not said: one that is reached may be
		}
	}
	if held && !n.foreign(zone) && way.Missing == "" {
		if addresses, elsewhere := n.answers(zone, access.Hostname()); len(addresses) == 0 && !elsewhere {
			way.Missing = zone.Address + " has no record of " + access.Hostname() + ", and hides those of the internet"
		}
	}
	if way.By == "" && way.Missing == "" {
		way.By, way.Missing = n.host(access.Hostname())
	}
	if way.Missing != "" {
		way.By, way.Symptom = "", "workspaces start and never connect: their agents do not reach "+access.String()
		way.Todo = "let workspaces reach the load balancer of Coder on port 443, by its name"
	}
	return way
}

// toBalancer is the way of workspaces to a load balancer: one that is internal has addresses of this network, which the policy has to name.
func (n *network) toBalancer(w workspace, balancer plan.Resource) (by, missing string) {
	if !yes(balancer, "internal") {
		by, open := n.anyOut()
		switch {
		case !open:
			return "", balancer.Address + " is on the internet, and the nodes have no way out"
		case !w.internet:
			return "", w.closed() + "the internet, where " + balancer.Address + " is"
		case !n.letsIn(balancer, n.publicAddresses()):
			return "", "no security group of " + balancer.Address + " lets the NAT gateways in on port 443, by which workspaces come"
		}
		return by + ", then " + balancer.Address, ""
	}
	for _, mapping := range balancer.Values.Blocks("subnet_mapping") {
		address, err := netip.ParseAddr(mapping.Attr("private_ipv4_address").Text().Else("", ""))
		if err == nil && !w.lets(address) {
			return "", w.closed() + address.String() + " of " + balancer.Address
		}
	}
	var from []netip.Prefix
	for _, subnet := range n.nodes {
		from = append(from, n.cidr(subnet))
	}
	if !n.letsIn(balancer, from) {
		return "", "no security group of " + balancer.Address + " lets the nodes' subnets in on port 443"
	}
	return balancer.Address, ""
}

// letsIn reports whether the security groups of a load balancer let every one of some ranges in. One without groups lets everybody in.
func (n *network) letsIn(balancer plan.Resource, ranges []netip.Prefix) bool {
	groups := texts(balancer, "security_groups")
	for _, from := range ranges {
		if len(groups) > 0 && !slices.ContainsFunc(n.all["aws_vpc_security_group_ingress_rule"], func(rule plan.Resource) bool {
			return slices.Contains(groups, text(rule, "security_group_id")) && admits(rule, from, https[0])
		}) {
			return false
		}
	}
	return true
}

// publicAddresses are those of the NAT gateways, by which what is inside is seen from the internet.
func (n *network) publicAddresses() []netip.Prefix {
	var all []netip.Prefix
	for _, gateway := range n.all["aws_nat_gateway"] {
		if address, err := netip.ParseAddr(text(gateway, "public_ip")); err == nil {
			all = append(all, netip.PrefixFrom(address, address.BitLen()))
		}
	}
	return all
}

// toGit is the way of workspaces to a host that they clone from.
func (n *network) toGit(w workspace, host string) Way {
	way := Way{Caller: "workspaces", Calls: "https://" + host + " (Git)"}
	if way.By, way.Missing = n.host(host); way.Missing == "" && !n.gitAllowed(w, host) {
		way.Missing = w.closed() + "where " + host + " is"
		way.Todo = "name its range in workspaces.egress.allowed_cidrs"
	}
	if way.Missing != "" {
		way.By, way.Symptom = "", "git clone in a workspace: Failed to connect to "+host+" port 443: Connection timed out"
	}
	if way.Missing != "" && way.Todo == "" {
		way.Todo = "connect the network that " + host + " is in, by a route and a name that lead there, or take it out of coder.external_auth"
	}
	return way
}

// gitAllowed reports whether the policy lets workspaces through to a host: to its address where that is known, else to a part of a range to
// which a route leads.
func (n *network) gitAllowed(w workspace, host string) bool {
	if strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".svc.cluster.local") || !strings.Contains(host, ".") {
		return false // the policy names no other pods than coderd's and those of DNS
	}
	addresses, known := []netip.Addr{}, false
	if zone, found := n.zoneFor(n.vpc(), host); found && !n.foreign(zone) {
		addresses, _ = n.answers(zone, host)
		known = len(addresses) > 0
	} else if address, err := netip.ParseAddr(host); err == nil {
		addresses, known = []netip.Addr{address}, true
	}
	if known {
		return !slices.ContainsFunc(addresses, func(a netip.Addr) bool { return !w.lets(a) })
	}
	if w.internet || len(n.nodes) == 0 {
		return true
	}
	return slices.ContainsFunc(n.routesOf(n.nodes[0]), func(r route) bool { return w.overlaps(r.prefix) })
}

// vpc is the network of the nodes.
func (n *network) vpc() string {
	if len(n.nodes) == 0 {
		return ""
	}
	return text(n.subnets[n.nodes[0]], "vpc_id")
}
