package egress

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"

	"sigs.k8s.io/yaml"
)

// routes looks for routes that leave the network, and for what they would lead to.
func (n *network) routes(r *Report) {
	for _, route := range n.all["aws_route"] {
		switch to := leads(route.Values); {
		case to == "":
		case named(to) && !everywhere(text(route, "destination_cidr_block"), text(route, "destination_ipv6_cidr_block")):
			r.Exceptions = append(r.Exceptions, Opening{route.Address, "a route to " + to, ""})
		default:
			r.open(route.Address, "a route to "+to, "take the route away")
		}
	}
	for _, table := range slices.Concat(n.all["aws_route_table"], n.all["aws_default_route_table"]) {
		for _, block := range table.Values.Blocks("route") {
			cidr, cidr6 := block.Attr("cidr_block").Text().Else("", ""), block.Attr("ipv6_cidr_block").Text().Else("", "")
			switch to := leads(block); {
			case to == "":
			case !named(to) || everywhere(cidr, cidr6):
				r.open(table.Address, "a route to "+to, "take the route away")
			case !n.written(text(table, "id"), cidr):
				r.Exceptions = append(r.Exceptions, Opening{table.Address, "a route to " + to, ""})
			}
		}
	}
	for _, gateway := range slices.Concat(n.all["aws_internet_gateway"], n.all["aws_nat_gateway"], n.all["aws_egress_only_internet_gateway"],
		n.all["aws_eip"], n.all["aws_vpn_gateway"]) {
		r.open(gateway.Address, "a gateway or an address of the internet", "take it away: nothing here needs it")
	}
	r.Closed += len(n.subnets)
	for _, subnet := range n.all["aws_subnet"] {
		if yes(subnet, "map_public_ip_on_launch") {
			r.open(subnet.Address, "public addresses for what is started in it", "set map_public_ip_on_launch to false")
		}
	}
}

// named reports whether what a route leads to is another network, which somebody has connected.
func named(to string) bool {
	return strings.HasPrefix(to, "other networks") || strings.HasPrefix(to, "another network")
}

// written reports whether a route of a table is a resource of its own: reading the table shows it again.
func (n *network) written(table, cidr string) bool {
	return slices.ContainsFunc(n.all["aws_route"], func(r plan.Resource) bool {
		return text(r, "route_table_id") == table && text(r, "destination_cidr_block") == cidr
	})
}

// everywhere tells of the destination of a route whether it takes most of the addresses that there are, in one or in two halves.
func everywhere(destinations ...string) bool {
	for _, destination := range destinations {
		if prefix, err := netip.ParsePrefix(destination); err == nil && prefix.Bits() <= 1 {
			return true
		}
	}
	return false
}

// doors looks for what lets the internet in, and for what lets workspaces out.
func (n *network) doors(r *Report) {
	for _, cluster := range n.all["aws_eks_cluster"] {
		for _, access := range cluster.Values.Blocks("vpc_config") {
			if public, _ := access.Attr("endpoint_public_access").Known().(bool); public {
				r.open(cluster.Address, "the Kubernetes API on the internet", "leave cluster.public_access_cidrs empty")
			}
		}
	}
	for _, balancer := range n.all["aws_lb"] {
		if !yes(balancer, "internal") {
			r.open(balancer.Address, "a load balancer on the internet", "set ingress.internal to true")
		}
	}
	for _, rule := range n.all["aws_vpc_security_group_ingress_rule"] {
		if text(rule, "cidr_ipv4") == "0.0.0.0/0" && n.guards(text(rule, "security_group_id")) {
			r.open(rule.Address, "an endpoint for every address", "name the ranges of callers")
		}
	}
	if w, found := n.readWorkspaces(); found {
		n.workspaces(r, w)
	}
}

func (n *network) guards(group string) bool {
	return slices.ContainsFunc(n.endpoints, func(e *endpoint) bool { return slices.Contains(texts(e.Resource, "security_group_ids"), group) })
}

// workspaces looks at what the network policy of workspaces opens.
func (n *network) workspaces(r *Report, w workspace) {
	if w.internet {
		r.open(w.release.Address, "everything that has no private address, to workspaces: S3 by its endpoint",
			"set workspaces.egress.internet of the chart to false")
	}
	for _, o := range w.ranges {
		if e := n.within(o.prefix); e != "" {
			r.open(w.release.Address, o.prefix.String()+" to workspaces, in which "+e+" is", "name the addresses that workspaces need alone")
		}
	}
	r.Closed++
}

// within finds an endpoint whose subnets overlap with a range.
func (n *network) within(prefix netip.Prefix) string {
	for _, e := range n.endpoints {
		for _, id := range texts(e.Resource, "subnet_ids") {
			if subnet, err := netip.ParsePrefix(text(n.subnets[id], "cidr_block")); err == nil && subnet.Overlaps(prefix) {
				return e.Address
			}
		}
	}
	return ""
}

// statements looks for those of endpoints that let more through than who calls.
func (n *network) statements(r *Report, used map[*iampolicy.Statement]bool) {
	for _, e := range n.endpoints {
		if len(e.policy.Statements) == 0 {
			r.open(e.Address, "everything, with anybody's credentials: it has no policy that can be read", "give it a policy")
		}
		for i := range e.policy.Statements {
			s := &e.policy.Statements[i]
			switch {
			case s.Effect != "Allow":
			case e.service == "s3" && n.onlyLayers(s):
				r.Closed++
			case !known(s):
				r.open(e.Address, allows(s)+" with anybody's credentials",
					"add a condition on aws:PrincipalArn or aws:PrincipalAccount to the statement")
			case !used[s]:
				r.Exceptions = append(r.Exceptions, Opening{e.Address, allows(s) + " for roles of this account", ""})
			default:
				r.Closed++
			}
		}
	}
}

// onlyLayers reports whether a statement lets nothing be done but read layers of images.
func (n *network) onlyLayers(s *iampolicy.Statement) bool {
	outside := func(resource string) bool { return !strings.HasPrefix(resource, n.layers()) }
	return slices.Equal(s.Actions, []string{"s3:GetObject"}) && len(s.Resources) > 0 && !slices.ContainsFunc(s.Resources, outside)
}

// valuesOf are the values of a release.
func valuesOf(release plan.Resource) map[string]any {
	all := map[string]any{}
	for _, document := range texts(release, "values") {
		if data, err := yaml.YAMLToJSON([]byte(document)); err == nil {
			_ = json.Unmarshal(data, &all) // it was written by Terraform
		}
	}
	return all
}

// images finds the ways of the images of releases: nodes reach the registry of their own region alone, if they reach no other.
func (n *network) images() []Way {
	var ways []Way
	for _, release := range n.all["helm_release"] {
		for _, image := range imagesIn(valuesOf(release)) {
			way := Way{Caller: "release " + text(release, "name"), Calls: image}
			host, _, _ := strings.Cut(image, "/")
			switch route, open := n.anyOut(); {
			case strings.HasSuffix(host, ".dkr.ecr."+n.region+".amazonaws.com") || strings.HasSuffix(host, ".dkr.ecr."+n.region+".amazonaws.com.cn"):
				way.By = "the endpoints of ECR"
			case open:
				way.By = route
			default:
				way.Missing, way.Symptom = "no way to the registry "+host, "ImagePullBackOff: dial tcp: i/o timeout"
				way.Todo = "copy the image into a repository in ECR of " + n.region + ", and name that in images"
			}
			ways = append(ways, way)
		}
	}
	return ways
}

// anyOut is a route by which all nodes leave the network.
func (n *network) anyOut() (route string, open bool) {
	for _, subnet := range n.nodes {
		if route, open = n.out(subnet); !open {
			return "", false
		}
	}
	return route, open
}

// imagesIn are the images that values name: as a text, or as a repository beside its tag.
func imagesIn(values map[string]any) []string {
	var all []string
	var walk func(name string, value any)
	walk = func(name string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for _, repository := range []string{"repo", "repository"} {
				if text, ok := v[repository].(string); ok && strings.Contains(name, "image") {
					all = append(all, text)
					return
				}
			}
			for key, inner := range v {
				if name == "images" {
					key = "image"
				}
				walk(key, inner)
			}
		case string:
			if name == "image" && strings.Contains(v, "/") {
				all = append(all, v)
			}
		}
	}
	walk("", values)
	slices.Sort(all)
	return slices.Compact(all)
}
