// Package route53 declares Amazon Route 53: hosted zones and records. Beside the model it imports elb; the catalog imports it, and so
// does acm.
//
// Rules: API model (botocore); messages: seen in public logs, unless marked unverified.
package route53

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const api = "Route 53"

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{hostedZone(), zoneRecord(), zoneAssociation(), healthCheck()}
}

func hostedZone() *model.Type {
	return &model.Type{
		Name: "aws_route53_zone", API: api, Noun: "Route53 Hosted Zone",
		CreateCall: "CreateHostedZone", UpdateCall: "UpdateHostedZoneComment", DeleteCall: "DeleteHostedZone",
		Identify:   func(c *model.Call) string { return "Z" + c.Upper(20) },
		References: []model.Reference{{Path: "vpc.vpc_id", To: []string{"aws_vpc"}, Weak: true}},
		Checks:     []model.Check{zoneName, zonePartition, zoneNetworks, model.Length("InvalidInput", "comment", "comment", 0, 256)},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-4EA4796A", Service: "route53", Name: "Hosted zones per account", Default: 500},
			Exceeded: func() *world.Error {
				return world.Fail("TooManyHostedZones", "The maximum number of hosted zones has been reached") // unverified text
			},
		}},
		Plan: func(c *model.Call) {
			if name := c.String("name"); name != "" {
				c.Force("name", domainName(name))
			}
		},
		Fill: fillZone,
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			if c.Bool("force_destroy") || by.Type != "aws_route53_record" {
				return nil
			}
			return world.Fail("HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be deleted.")
		},
		Deleted: func(c *model.Call) {
			for _, record := range c.All("aws_route53_record") {
				if record.String("zone_id") == c.ID {
					c.World.Remove(record)
				}
			}
		},
		Latency: model.Latency{Create: model.Seconds(40, 30, 60), Update: model.Seconds(5, 1, 60), Delete: model.Seconds(5, 1, 30),
			Source: "estimate: the provider waits until all name servers know the zone"},
	}
}

// domainName writes a name as Route 53 compares it: in lower case, without the last dot.
func domainName(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

var zoneNames = model.Expression(`^([^.]{1,63}\.)*[^.]{1,63}$`)

func zoneName(c *model.Call) *world.Error {
	name := c.String("name")
	if len(name) > 255 || !zoneNames().MatchString(domainName(name)) {
		return world.Fail("InvalidDomainName", "%s is not a valid domain name", name)
	}
	return nil
}

// zonePartition: GovCloud has private zones alone. Source: AWS GovCloud (US) User Guide, "Amazon Route 53"; text unverified.
func zonePartition(c *model.Call) *world.Error {
	if c.Creating() && c.Partition() == "aws-us-gov" && len(c.Blocks("vpc")) == 0 {
		return world.Fail("InvalidInput", "Public hosted zones are not available in this partition: associate the zone with a VPC.")
	}
	return nil
}

// zoneNetworks holds private zones to existing VPCs, each with one zone of a name.
func zoneNetworks(c *model.Call) *world.Error {
	for _, network := range c.Blocks("vpc") {
		id, _ := network["vpc_id"].(string)
		if !vpcAnywhere(c, id) {
			return world.Fail("InvalidVPCId", "The VPC ID is invalid.")
		}
		for _, other := range c.All("aws_route53_zone") {
			if other.ID != c.ID && other.String("name") == domainName(c.String("name")) &&
				slices.Contains(model.Strings(other.Attributes, "vpc.vpc_id"), id) {
				return world.Fail("ConflictingDomainExists",
					"The VPC %s in region %s has already been associated with the hosted zone %s with the same domain name.", id, vpcRegion(c, network),
					other.ID)
			}
		}
	}
	return nil
}

// vpcAnywhere reports whether a VPC exists in any region of the account: zones are global.
func vpcAnywhere(c *model.Call, id string) bool {
	return len(c.World.List(func(r *world.Resource) bool { return r.Type == "aws_vpc" && r.ID == id && r.Account == c.Account })) > 0
}

func vpcRegion(c *model.Call, network world.Object) string {
	if region, _ := network["vpc_region"].(string); region != "" {
		return region
	}
	return c.ProviderRegion
}

func fillZone(c *model.Call) {
	c.Set("zone_id", c.ID)
	c.Set("arn", "arn:"+c.Partition()+":route53:::hostedzone/"+c.ID)
	c.Set("enable_accelerated_recovery", false)
	c.SetIn("vpc", "vpc_region", c.ProviderRegion)
	servers := nameServers(c)
	c.Set("name_servers", servers)
	c.Set("primary_name_server", servers[0])
	if c.Creating() {
		makeApex(c, servers)
	}
}

// nameServers are the four name servers of a public zone; a private one has the four that are reserved for it.
func nameServers(c *model.Call) []any {
	private := len(c.Blocks("vpc")) > 0
	var servers []any
	for i, top := range []string{"co.uk", "com", "net", "org"} {
		seed, _ := strconv.ParseUint(c.Hex(8, "name-server", top), 16, 64) // eight hexadecimal digits always parse
		host, domain := seed%512+uint64(512*i), seed/512%64
		if private {
			host, domain = uint64(512*i), 0
		}
		servers = append(servers, fmt.Sprintf("ns-%d.awsdns-%02d.%s", host, domain, top))
	}
	return servers
}

// makeApex makes the two records that every zone has from the start.
func makeApex(c *model.Call, servers []any) {
	name := domainName(c.String("name"))
	made := func(typ string, ttl float64, records []any) {
		c.Make("aws_route53_record", c.ID+"_"+name+"_"+typ, world.Object{
			"zone_id": c.ID, "name": name, "fqdn": name, "type": typ, "ttl": ttl, "records": records, "set_identifier": "",
		})
	}
	absolute := make([]any, len(servers))
	for i, server := range servers {
		absolute[i] = fmt.Sprintf("%s.", server)
	}
	made("NS", 172800, absolute)
	made("SOA", 900, []any{fmt.Sprintf("%s. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400", servers[0])})
}

func zoneAssociation() *model.Type {
	return &model.Type{
		Name: "aws_route53_zone_association", API: api, Noun: "Route53 Zone Association",
		CreateCall: "AssociateVPCWithHostedZone", UpdateCall: "AssociateVPCWithHostedZone", DeleteCall: "DisassociateVPCFromHostedZone",
		Identify: func(c *model.Call) string { return c.String("zone_id") + ":" + c.String("vpc_id") },
		References: []model.Reference{
			{Path: "zone_id", To: []string{"aws_route53_zone"}, By: "zone_id", Inside: true, Missing: sharedMissing},
			{Path: "vpc_id", To: []string{"aws_vpc"}, Weak: true},
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			zone := c.FindBy("aws_route53_zone", "zone_id", c.String("zone_id"))
			switch {
			case !vpcAnywhere(c, c.String("vpc_id")):
				return world.Fail("InvalidVPCId", "The VPC ID is invalid.")
			case len(model.Strings(zone.Attributes, "vpc.vpc_id")) == 0:
				return world.Fail("PublicZoneVPCAssociation", "You cannot associate a VPC with a public hosted zone.") // unverified text
			case slices.Contains(model.Strings(zone.Attributes, "vpc.vpc_id"), c.String("vpc_id")):
				return world.Fail("ConflictingDomainExists",
					"The VPC %s in region %s has already been associated with the hosted zone %s with the same domain name.", c.String("vpc_id"),
					c.ProviderRegion, zone.ID)
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			c.Set("vpc_region", c.ProviderRegion)
			c.Set("owning_account", c.Account)
		},
		Latency: model.Latency{Create: model.Seconds(40, 30, 60), Update: model.Seconds(40, 30, 60), Delete: model.Seconds(40, 30, 60),
			Source: "estimate"},
	}
}

// sharedMissing says besides that what is missing may be another account's.
func sharedMissing(id string) *world.Error {
	err := zoneMissing(id)
	err.Timing = "A sandbox starts empty: where another account shares this, say so with --shared-name DOMAIN=" + id + ", or " +
		"`coderaws sandbox shared-name` for a sandbox that is kept."
	return err
}

func zoneMissing(id string) *world.Error {
	return world.NotFound("NoSuchHostedZone", "No hosted zone found with ID: %s", id)
}

func healthCheck() *model.Type {
	return &model.Type{
		Name: "aws_route53_health_check", API: api, Noun: "Route53 Health Check",
		CreateCall: "CreateHealthCheck", UpdateCall: "UpdateHealthCheck", DeleteCall: "DeleteHealthCheck",
		Identify: func(c *model.Call) string { return c.UUID() },
		Checks: []model.Check{
			model.OneOf("InvalidInput", "type", "type", "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP", "CALCULATED",
				"CLOUDWATCH_METRIC", "RECOVERY_CONTROL"),
			model.Between("InvalidInput", "port", "port", 1, 65535), model.Between("InvalidInput", "failure_threshold", "failureThreshold", 1, 10),
			func(c *model.Call) *world.Error {
				if n, ok := c.Number("request_interval"); ok && n != 10 && n != 30 {
					return world.Fail("InvalidInput", "Invalid parameter : RequestInterval must be 10 or 30") // unverified text
				}
				return nil
			},
		},
		Replace: model.ReplacedBy("type", "request_interval", "measure_latency", "reference_name"),
		Fill: func(c *model.Call) {
			c.Set("arn", "arn:"+c.Partition()+":route53:::healthcheck/"+c.ID)
			c.Set("enable_sni", strings.HasPrefix(c.String("type"), "HTTPS"))
			c.Set("failure_threshold", 3.0)
			c.Set("port", 0.0)
			c.Set("regions", []any{})
			c.Set("triggers", world.Object{})
		},
		Latency: model.Instant("estimate"),
	}
}
