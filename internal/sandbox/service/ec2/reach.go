package ec2

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Way is how what is in a subnet leaves its VPC.
type Way string

// The ways out of a VPC.
const (
	NoWay Way = ""
	// ByGateway is an internet gateway, which serves public addresses alone.
	ByGateway Way = "internet gateway"
	// ByOther is a NAT gateway or instance, or a network behind a transit gateway, a peering or a firewall, of which is not known where it
	// ends.
	ByOther Way = "other"
	// ByNetwork is a network behind a transit gateway or a peering, for ranges of its own alone. Endpoints of AWS's services may be in it, for
	// who is told so by name.
	ByNetwork Way = "network"
)

// WayOut is the way out of a subnet by the routes of its table: the default route, or else one to another network. Subnets that are
// not of this world, or whose VPC is not, have some way.
func WayOut(c *model.Call, subnet string) Way {
	found := c.Find("aws_subnet", subnet)
	if found == nil || c.Find("aws_vpc", found.String("vpc_id")) == nil {
		return ByOther
	}
	table := tableOf(c, found)
	if r := c.Find("aws_route_table", table); r != nil && len(model.Every(r.Attributes, "propagating_vgws")) > 0 {
		return ByOther
	}
	connected := NoWay
	for _, route := range c.Where("aws_route", "route_table_id", table) {
		if leadsElsewhere(route) {
			if leadsFar(route) || strings.HasPrefix(route.String("gateway_id"), "vgw-") {
				return ByOther
			}
			connected = ByNetwork
		}
		if !leadsFar(route) {
			continue
		}
		if strings.HasPrefix(route.String("gateway_id"), "igw-") {
			return ByGateway
		}
		nat := c.Find("aws_nat_gateway", route.String("nat_gateway_id"))
		if nat == nil || nat.String("connectivity_type") == "private" || nat.String("subnet_id") == subnet ||
			nat.String("subnet_id") == "" || WayOut(c, nat.String("subnet_id")) == ByGateway {
			return ByOther
		}
	}
	return connected
}

// leadsElsewhere reports whether a route leads into another network, such as one in which a company keeps endpoints for all.
func leadsElsewhere(route *world.Resource) bool {
	return strings.HasPrefix(route.String("gateway_id"), "vgw-") || slices.ContainsFunc([]string{
		"core_network_arn", "transit_gateway_id", "vpc_peering_connection_id",
	}, func(target string) bool { return route.String(target) != "" })
}

// leadsFar reports whether a route is for (half of) everything, or for a list of networks, of which is not known what is in it.
func leadsFar(route *world.Resource) bool {
	destination := routeDestination(route.Attributes)
	prefix, err := netip.ParsePrefix(destination)
	return err != nil && destination != "" || err == nil && prefix.Bits() <= 1
}

// tableOf is the route table of a subnet: its own, or the main one of its VPC.
func tableOf(c *model.Call, subnet *world.Resource) string {
	for _, association := range c.Where("aws_route_table_association", "subnet_id", subnet.ID) {
		return association.String("route_table_id")
	}
	return c.Find("aws_vpc", subnet.String("vpc_id")).String("main_route_table_id")
}

// PublicByDefault reports whether instances in a subnet have public addresses: as their launch template says, which may be nil, else as the
// subnet does.
func PublicByDefault(c *model.Call, subnet string, template *world.Resource) bool {
	if public, told := model.At(template.Object(), "network_interfaces.associate_public_ip_address").(string); told && public != "" {
		return public == "true"
	}
	public, _ := c.Find("aws_subnet", subnet).Object()["map_public_ip_on_launch"].(bool)
	return public
}

// Ask is a call to one of AWS's services.
type Ask struct {
	// Service is what the name of its endpoint ends with, such as ecr.api.
	Service string
	// Caller is the ARN of a role; empty for a URL that a service of AWS has signed.
	Caller string
	// Action and Resource are as policies name them; Resource is empty for whatever they name.
	Action, Resource string
	// Groups are the security groups of the machine that asks; nil if they are not known.
	Groups []string
}

// Barrier is what keeps a call from its service.
type Barrier struct {
	// Why says what lacks.
	Why string
	// Refused says that an endpoint takes the call, and that its policy does not let it through.
	Refused bool
}

// Blocked finds what keeps a call that is made in a subnet from its service; nil if nothing does. The name of the service leads to an
// endpoint in the VPC, if that has private DNS, also where there is another way out.
func Blocked(c *model.Call, subnet string, ask Ask) *Barrier {
	found := c.Find("aws_subnet", subnet)
	if found == nil || c.Find("aws_vpc", found.String("vpc_id")) == nil {
		return nil
	}
	why := "its VPC has no endpoint for " + ask.Service
	for _, endpoint := range c.Where("aws_vpc_endpoint", "vpc_id", found.String("vpc_id")) {
		if serviceSuffix(c.Region, endpoint.String("service_name")) != ask.Service {
			continue
		}
		look := c.Look(endpoint)
		called, closed := leadsTo(c, found, look), cmp.Or(admission(c, found, look, ask.Groups), walledFrom(c, found, look))
		policy, _ := look["policy"].(string)
		switch {
		case called != "":
			why = called
		case closed != "":
			return &Barrier{Why: closed}
		case !passes(c, endpoint, policy, ask):
			return &Barrier{Why: "the policy of the endpoint for " + ask.Service + " does not allow " + ask.Action, Refused: true}
		default:
			return nil
		}
	}
	switch name := lookedUp(c.Region, ask.Service); WayOut(c, subnet) {
	case NoWay:
		return &Barrier{Why: why}
	case ByNetwork:
		if !answeredElsewhere(c, found.String("vpc_id"), name) {
			return &Barrier{Why: why + ", and neither a private hosted zone nor a resolver rule of it leads " + name +
				" to one in a network that is connected"}
		}
	}
	if wall := walledOut(c, found); wall != "" {
		return &Barrier{Why: wall}
	}
	return nil
}

// walledFrom says which network ACL keeps a subnet from an endpoint, or its answers from coming back. The name of the service leads to each
// of the endpoint's subnets. A gateway's addresses are those of the service, outside of the VPC.
func walledFrom(c *model.Call, subnet *world.Resource, endpoint world.Object) string {
	if endpointType(endpoint) == "Gateway" {
		return walledIn(c, subnet)
	}
	for _, id := range model.Strings(endpoint, "subnet_ids") {
		to := c.Find("aws_subnet", id)
		if to == nil {
			continue
		}
		if wall := walled(c, subnet, to, https); wall != "" {
			return wall
		}
	}
	return ""
}

// passes reports whether the policy of an endpoint lets a call through, as far as its conditions are known. One that AWS has taken and that
// cannot be read here does.
func passes(c *model.Call, endpoint *world.Resource, text string, ask Ask) bool {
	policy, fault := iampolicy.Parse(text)
	if text == "" || fault != "" {
		return true
	}
	request := iampolicy.Request{Action: ask.Action, Resource: ask.Resource, Context: iampolicy.Context{
		"aws:securetransport": {"true"}, "aws:sourcevpc": {endpoint.String("vpc_id")}, "aws:sourcevpce": {endpoint.ID},
	}}
	if ask.Caller != "" {
		request.Caller = iampolicy.Caller{ARN: ask.Caller, Account: c.Account}
	}
	return iampolicy.Decide(request, policy).Possible()
}

// leadsTo says why what asks in a subnet for a service does not come to an endpoint of it.
func leadsTo(c *model.Call, subnet *world.Resource, endpoint world.Object) string {
	service := serviceSuffix(c.Region, endpoint["service_name"].(string))
	if endpointType(endpoint) == "Gateway" {
		if slices.Contains(model.Strings(endpoint, "route_table_ids"), tableOf(c, subnet)) {
			return ""
		}
		return "its route table has no route to the endpoint for " + service
	}
	private, _ := endpoint["private_dns_enabled"].(bool)
	switch {
	case len(model.Strings(endpoint, "subnet_ids")) == 0:
		return "the endpoint for " + service + " is in no subnet"
	case !private:
		return "the endpoint for " + service + " has no private DNS, so that the name of the service leads to the internet"
	}
	return ""
}

// admission says why the security groups of an endpoint let nobody of a subnet in on port 443. An endpoint that names none has the default
// one of its VPC, which lets in what carries it too (AWS documentation: interface endpoints).
func admission(c *model.Call, subnet *world.Resource, endpoint world.Object, carried []string) string {
	if endpointType(endpoint) == "Gateway" {
		return ""
	}
	groups := model.Strings(endpoint, "security_group_ids")
	for _, group := range groups {
		if c.Find("aws_security_group", group) == nil && group != c.Find("aws_vpc", subnet.String("vpc_id")).String("default_security_group_id") {
			return "" // it was there before
		}
	}
	if Admits(c, groups, 443, carried, subnet.ID) {
		return ""
	}
	return "no security group of the endpoint for " + serviceSuffix(c.Region, endpoint["service_name"].(string)) + " lets " +
		subnet.String("cidr_block") + " in on port 443"
}

// DiskKeys are the KMS keys that a launch template, which may be nil, names for disks.
func DiskKeys(template *world.Resource) []string {
	return model.Strings(template.Object(), "block_device_mappings.ebs.kms_key_id")
}

// TemplateGroups are the security groups that a launch template, which may be nil, gives what it launches.
func TemplateGroups(template *world.Resource) []string {
	return append(model.Strings(template.Object(), "vpc_security_group_ids"),
		model.Strings(template.Object(), "network_interfaces.security_groups")...)
}

// Admits reports whether rules of one of these security groups let TCP traffic of a port in from a subnet whose interfaces carry others.
func Admits(c *model.Call, groups []string, port float64, from []string, subnet string) bool {
	network, _ := netip.ParsePrefix(c.Find("aws_subnet", subnet).String("cidr_block"))
	return anyRule(c, ingressRule, groups, port, func(rule *world.Resource) bool {
		open, err := netip.ParsePrefix(rule.String("cidr_ipv4"))
		return slices.Contains(from, rule.String("referenced_security_group_id")) ||
			rule.String("prefix_list_id") != "" || // of which is not known what is in it
			err == nil && open.Bits() <= network.Bits() && open.Contains(network.Addr())
	})
}

// LetOut reports whether rules of one of these security groups let TCP traffic to a port out.
func LetOut(c *model.Call, groups []string, port float64) bool {
	return anyRule(c, egressRule, groups, port, func(*world.Resource) bool { return true })
}

// anyRule finds a rule of these security groups that is about a TCP port.
func anyRule(c *model.Call, of string, groups []string, port float64, fits func(*world.Resource) bool) bool {
	for _, group := range groups {
		for _, rule := range c.Where(of, "security_group_id", group) {
			first, _ := rule.Attributes["from_port"].(float64)
			last, _ := rule.Attributes["to_port"].(float64)
			switch protocolName(rule.Attributes["ip_protocol"]) {
			case "-1":
			case "tcp":
				if port < first || port > last {
					continue
				}
			default:
				continue
			}
			if fits(rule) {
				return true
			}
		}
	}
	return false
}
