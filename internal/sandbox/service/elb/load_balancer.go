// Package elb declares Elastic Load Balancing: application and network load balancers, listeners, rules and target groups. Beside
// the model it imports iampolicy; the catalog imports it, and so does route53.
//
// Rules: API model (botocore) prose; messages: logs of real deployments and moto, unless marked unverified. The provider knows each
// type by two names.
package elb

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const api = "Elastic Load Balancing v2"

// Blank is the service's answer to a required argument that is empty.
func Blank(argument string) *world.Error {
	return world.Fail("ValidationError", "A %s must be specified", strings.Replace(strings.ReplaceAll(argument, "_", " "), " arn", " ARN", 1))
}

// Types are the resource types of the service.
func Types() []*model.Type {
	var types []*model.Type
	for _, t := range []func() *model.Type{loadBalancer, targetGroup, listener, listenerRule, listenerCertificate, targetGroupAttachment} {
		alias := t()
		alias.Name = strings.Replace(alias.Name, "aws_lb", "aws_alb", 1)
		types = append(types, t(), alias)
	}
	return types
}

// What a reference to a load balancer, a target group or a listener may mean.
var (
	LoadBalancers = []string{"aws_lb", "aws_alb"}
	targetGroups  = []string{"aws_lb_target_group", "aws_alb_target_group"}
	listeners     = []string{"aws_lb_listener", "aws_alb_listener"}
)

const (
	applicationLB = "application"
	networkLB     = "network"
	gatewayLB     = "gateway"
)

// The arguments that only one kind of load balancer has; the provider drops them from the plan of the others (measured).
var (
	applicationOnly = []string{
		"client_keep_alive", "desync_mitigation_mode", "drop_invalid_header_fields", "enable_http2",
		"enable_tls_version_and_cipher_suite_headers",
		"enable_waf_fail_open", "enable_xff_client_port", "idle_timeout", "preserve_host_header", "xff_header_processing_mode",
	}
	networkOnly = []string{"dns_record_client_routing_policy", "enable_cross_zone_load_balancing"}
)

func loadBalancer() *model.Type {
	return &model.Type{
		Name: "aws_lb", API: api, Noun: "ELBv2 Load Balancer",
		CreateCall: "CreateLoadBalancer", UpdateCall: "ModifyLoadBalancerAttributes", DeleteCall: "DeleteLoadBalancer",
		Identify: func(c *model.Call) string {
			short := map[string]string{applicationLB: "app", networkLB: "net", gatewayLB: "gwy"}[kindOf(c.Object)]
			return c.ARN("elasticloadbalancing", "loadbalancer/"+short+"/"+balancerName(c)+"/"+c.Hex(16))
		},
		References: []model.Reference{
			{Path: "subnets", To: []string{"aws_subnet"}, Missing: model.Missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "subnet_mapping.subnet_id", To: []string{"aws_subnet"},
				Missing: model.Missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			// unverified text
			{Path: "subnet_mapping.allocation_id", To: []string{"aws_eip"},
				Missing: model.Missing("AllocationIdNotFound", "The allocation IDs '%s' do not exist")},
			// unverified text
			{Path: "security_groups", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidSecurityGroup", "The security group '%s' does not exist")},
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DuplicateLoadBalancerName", "A load balancer with the same name '%s' exists, but with different settings", name)
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error { return balancingName("Load balancer", balancerName(c)) },
			balancerSubnets, balancerGateway, balancerGroups, balancerAddresses, balancerLogs,
			// Bounds: "Load balancer attributes" in the user guide of Application Load Balancers; text: unverified.
			model.Between("InvalidConfigurationRequest", "idle_timeout", "idle_timeout.timeout_seconds", 1, 4000),
		},
		Quotas: []model.Quota{balancerQuota(networkLB, "L-69A177A2", "Network Load Balancers per Region"),
			balancerQuota(applicationLB, "L-53DA6B97", "Application Load Balancers per Region")},
		Plan:         planBalancer,
		Replace:      balancerReplacements(),
		Fill:         fillBalancer,
		BeforeDelete: []model.Check{balancerProtection},
		Latency: model.Latency{Create: model.Seconds(157, 139, 172), Update: model.Seconds(5, 1, 150), Delete: model.Seconds(10, 1, 60),
			Source: "creation: logs of real deployments (network 2 min 22 s to 2 min 41 s, application 2 min 19 s to 2 min 52 s); update and " +
				"deletion: estimate"},
	}
}

// balancerReplacements are the changes that make another load balancer (measured).
func balancerReplacements() map[string]func(*model.Call) bool {
	replace := model.ReplacedBy("name", "name_prefix", "internal", "load_balancer_type", "customer_owned_ipv4_pool")
	replace["subnets"], replace["subnet_mapping"] = removesSubnet("subnets"), removesSubnet("subnet_mapping")
	replace["security_groups"] = turnsGroupsOnOrOff
	return replace
}

// balancerName settles the name; the provider begins the ones that it invents with tf-lb- and keeps to the length that AWS allows.
func balancerName(c *model.Call) string { return balancingNameOf(c, "tf-lb-") }

func balancingNameOf(c *model.Call, invented string) string {
	if model.IsUnset(c.Object["name"]) && model.IsUnset(c.Object["name_prefix"]) {
		c.Object["name_prefix"] = invented
	}
	return c.Name("name", "name_prefix")
}

// kindOf is the kind of a load balancer, application if it does not say.
func kindOf(attributes world.Object) string {
	if kind, _ := attributes["load_balancer_type"].(string); kind != "" {
		return kind
	}
	return applicationLB
}

var balancingNames = model.Expression(`^[a-zA-Z0-9-]*$`)

// balancingName holds the names of load balancers and target groups to their rule.
func balancingName(what, name string) *world.Error {
	switch {
	case len(name) > 32:
		return world.Fail("ValidationError", "%s name '%s' cannot be longer than '32' characters", what, name)
	case !balancingNames().MatchString(name):
		return world.Fail("ValidationError", "%s name '%s' can only contain characters that are alphanumeric characters or hyphens(-)",
			what, name)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return world.Fail("ValidationError", "%s name '%s' cannot begin or end with '-'", what, name)
	case strings.HasPrefix(name, "internal-"):
		return world.Fail("ValidationError", "%s name '%s' cannot begin with 'internal-'", what, name)
	}
	return nil
}

func balancerQuota(kind, code, name string) model.Quota {
	return model.Quota{
		Quota: world.Quota{Code: code, Service: "elasticloadbalancing", Name: name, Default: 50},
		Only:  func(attributes world.Object) bool { return kindOf(attributes) == kind },
		Exceeded: func() *world.Error {
			return world.Fail("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
		},
	}
}

// balancerSubnetIDs are the subnets of a load balancer, however they are given.
func balancerSubnetIDs(c *model.Call) []string {
	ids := c.Strings("subnets")
	for _, id := range c.Strings("subnet_mapping.subnet_id") {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// balancerSubnets holds a load balancer to one subnet in each zone, all in one VPC, and an application load balancer to two zones.
func balancerSubnets(c *model.Call) *world.Error {
	ids := balancerSubnetIDs(c)
	if len(ids) == 0 {
		return world.Fail("ValidationError", "At least one subnet must be specified") // unverified text
	}
	taken := map[string]bool{}
	for _, id := range ids {
		if taken[c.Zone(id)] {
			return world.Fail("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
		}
		taken[c.Zone(id)] = true
		if c.VPCOf(id) != c.VPCOf(ids[0]) {
			// unverified text
			return world.Fail("InvalidConfigurationRequest", "The following subnets are not in the same VPC: %s", strings.Join(ids, ", "))
		}
	}
	if kindOf(c.Object) == applicationLB && len(taken) < 2 {
		return world.Fail("ValidationError", "At least two subnets in two different Availability Zones must be specified")
	}
	return nil
}

// balancerGateway refuses an internet-facing load balancer in a VPC without an internet gateway.
func balancerGateway(c *model.Call) *world.Error {
	if c.Bool("internal") || !c.Creating() || kindOf(c.Object) == gatewayLB {
		return nil
	}
	vpc := c.VPCOf(balancerSubnetIDs(c)[0])
	for _, gateway := range c.All("aws_internet_gateway") {
		if gateway.String("vpc_id") == vpc {
			return nil
		}
	}
	return world.Fail("InvalidSubnet", "VPC %s has no internet gateway", vpc)
}

func balancerGroups(c *model.Call) *world.Error {
	vpc := c.VPCOf(balancerSubnetIDs(c)[0])
	for _, id := range c.Strings("security_groups") {
		if c.VPCOf(id) != vpc {
			return world.Fail("InvalidConfigurationRequest", "One or more security groups are invalid")
		}
	}
	return nil
}

// balancerAddresses holds Elastic IPs to internet-facing network load balancers, fixed private addresses to internal ones.
func balancerAddresses(c *model.Call) *world.Error {
	for _, mapping := range c.Blocks("subnet_mapping") {
		allocation, _ := mapping["allocation_id"].(string)
		private, _ := mapping["private_ipv4_address"].(string)
		switch {
		case allocation != "" && (kindOf(c.Object) != networkLB || c.Bool("internal")):
			// unverified text
			return world.Fail("InvalidConfigurationRequest",
				"You can specify Elastic IP addresses only for an internet-facing Network Load Balancer")
		case private != "" && (kindOf(c.Object) != networkLB || !c.Bool("internal")):
			// unverified text
			return world.Fail("InvalidConfigurationRequest", "You can specify private IPv4 addresses only for an internal Network Load Balancer")
		}
		for _, nat := range c.All("aws_nat_gateway") {
			if allocation != "" && nat.String("allocation_id") == allocation {
				return world.Fail("ResourceInUse", "The allocation IDs are not available for use") // unverified text
			}
		}
	}
	return nil
}

func balancerProtection(c *model.Call) *world.Error {
	if !c.Bool("enable_deletion_protection") {
		return nil
	}
	return world.Fail("OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled", c.ID)
}

func planBalancer(c *model.Call) {
	foreign := applicationOnly
	switch kindOf(c.Object) {
	case applicationLB:
		foreign = networkOnly
	case gatewayLB:
		foreign = append(slices.Clone(applicationOnly), "dns_record_client_routing_policy")
	}
	for _, attribute := range foreign {
		c.Force(attribute, nil)
	}
	if kindOf(c.Object) == networkLB {
		c.Default("dns_record_client_routing_policy", "any_availability_zone")
		c.Default("enable_cross_zone_load_balancing", false)
	}
}

// removesSubnet reports whether a network load balancer loses a subnet: AWS only adds subnets to one, so the provider makes another.
func removesSubnet(attribute string) func(*model.Call) bool {
	path := attribute
	if attribute == "subnet_mapping" {
		path += ".subnet_id"
	}
	return func(c *model.Call) bool {
		kept := c.Strings(path)
		return kindOf(c.Object) == networkLB && !model.IsUnknown(c.At(attribute)) &&
			slices.ContainsFunc(model.Strings(c.Prior, path), func(id string) bool { return !slices.Contains(kept, id) })
	}
}

// turnsGroupsOnOrOff reports whether a network load balancer gets its first security group or loses its last: AWS decides that at
// creation for good.
func turnsGroupsOnOrOff(c *model.Call) bool {
	before, after := model.Strings(c.Prior, "security_groups"), c.Strings("security_groups")
	return kindOf(c.Object) == networkLB && !model.IsUnknown(c.At("security_groups")) && (len(before) == 0) != (len(after) == 0)
}

func fillBalancer(c *model.Call) {
	name, kind := c.String("name"), kindOf(c.Object)
	internal := c.Bool("internal")
	c.Set("internal", false)
	c.Set("name_prefix", "")
	c.Set("arn", c.ID)
	c.Set("arn_suffix", c.ID[strings.Index(c.ID, "loadbalancer/")+len("loadbalancer/"):])
	c.Set("ip_address_type", "ipv4")
	c.Set("secondary_ips_auto_assigned_per_subnet", 0.0)
	ids := balancerSubnetIDs(c)
	vpc := c.VPCOf(ids[0])
	c.Set("vpc_id", vpc)
	c.Set("zone_id", balancerZone(kind, c.Region))
	domain := c.Region + ".elb." + facts.DNSSuffix(c.Region)
	switch kind {
	case networkLB, gatewayLB:
		c.Set("dns_name", name+"-"+c.ID[len(c.ID)-16:]+".elb."+c.Region+"."+facts.DNSSuffix(c.Region))
		c.Set("security_groups", []any{})
		c.Set("enable_prefix_for_ipv6_source_nat", "off")
	default:
		host := name + "-" + model.Decimal(c.Hex(8, "dns")) + "." + domain
		if internal {
			host = "internal-" + host
		}
		c.Set("dns_name", host)
		if found := c.Find("aws_vpc", vpc); found != nil {
			c.Set("security_groups", []any{found.String("default_security_group_id")})
		}
	}
	c.SetEach("", "enable_prefix_for_ipv6_source_nat")
	inbound := ""
	if kind == networkLB && len(c.Strings("security_groups")) > 0 {
		inbound = "on"
	}
	c.Set("enforce_security_group_inbound_rules_on_private_link_traffic", inbound)
	fillMappings(c, ids)
}

// fillMappings gives the subnets in both of the forms that the provider knows.
func fillMappings(c *model.Call, ids []string) {
	subnets, mappings := make([]any, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		subnets[i] = id
		mappings[i] = world.Object{"subnet_id": id, "allocation_id": "", "ipv6_address": "", "outpost_id": "", "private_ipv4_address": ""}
	}
	c.Set("subnets", subnets)
	c.Set("subnet_mapping", mappings)
	c.SetIn("subnet_mapping", "outpost_id", "")
}
