package route53

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/elb"
	"coderaws/internal/sandbox/world"
)

func zoneRecord() *model.Type {
	return &model.Type{
		Name: "aws_route53_record", API: api, Noun: "Route53 Record",
		CreateCall: "ChangeResourceRecordSets", UpdateCall: "ChangeResourceRecordSets", DeleteCall: "ChangeResourceRecordSets",
		Identify: func(c *model.Call) string {
			parts := []string{strings.TrimPrefix(c.String("zone_id"), "/hostedzone/"), domainName(c.String("name")), c.String("type")}
			if set := c.String("set_identifier"); set != "" {
				parts = append(parts, set)
			}
			return strings.Join(parts, "_")
		},
		References: []model.Reference{
			{Path: "zone_id", To: []string{"aws_route53_zone"}, By: "zone_id", Missing: zoneMissing},
			{Path: "health_check_id", To: []string{"aws_route53_health_check"}, Missing: func(id string) *world.Error {
				return world.Fail("InvalidChangeBatch", "[Tried to set an invalid health check id %s]", id) // unverified text
			}},
		},
		Checks: []model.Check{recordShape, recordPlace, recordTaken, recordPartition, recordTarget},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-E209CC9F", Service: "route53", Name: "Records per hosted zone", Default: 10000},
			Per: func(_ *model.Call, attributes world.Object) string {
				id, _ := attributes["zone_id"].(string)
				return id
			},
			Exceeded: func() *world.Error {
				return world.Fail("InvalidChangeBatch", "[Number of records limit exceeded]") // unverified text
			},
		}},
		Plan: func(c *model.Call) {
			if name := c.String("name"); name != "" {
				c.Force("name", domainName(name))
			}
			for _, alias := range c.Blocks("alias") {
				if name, _ := alias["name"].(string); name != "" {
					alias["name"] = domainName(name)
				}
			}
		},
		Fill: func(c *model.Call) {
			c.Set("fqdn", recordName(c))
			c.Set("allow_overwrite", nil) // an argument of Terraform's alone
		},
		Latency: model.Latency{Create: model.Seconds(35, 29, 42), Update: model.Seconds(35, 29, 42), Delete: model.Seconds(32, 25, 40),
			Source: "logs of real deployments"},
	}
}

// zoneOf is the zone of a record; Admit has made sure that there is one.
func zoneOf(c *model.Call) *world.Resource {
	return c.FindBy("aws_route53_zone", "zone_id", strings.TrimPrefix(c.String("zone_id"), "/hostedzone/"))
}

// recordName is the whole name of a record: the provider appends the zone's name where it is missing, even to a name that means another
// zone.
func recordName(c *model.Call) string {
	name, zone := domainName(c.String("name")), zoneOf(c).String("name")
	switch {
	case name == "":
		return zone
	case name == zone || strings.HasSuffix(name, "."+zone):
		return name
	default:
		return name + "." + zone
	}
}

// recordShape holds a record to values or an alias (the provider's own rule), and to the ranges of its numbers.
func recordShape(c *model.Call) *world.Error {
	aliased := len(c.Blocks("alias")) > 0
	ttl, hasTTL := c.Number("ttl")
	valued := len(c.Strings("records")) > 0
	switch {
	case aliased && (hasTTL && ttl != 0 || valued):
		return &world.Error{Message: `"alias": conflicts with records and ttl`}
	case !aliased && !valued:
		return &world.Error{Message: `"records": one of ` + "`alias,records` must be specified"}
	case !aliased && !hasTTL:
		return &world.Error{Message: `"records": all of ` + "`records,ttl` must be specified"}
	case ttl < 0 || ttl > 2147483647:
		return world.Fail("InvalidInput", "Invalid XML ; TTL must be between 0 and 2147483647") // unverified text
	case len(recordName(c)) > 255:
		return world.Fail("InvalidChangeBatch", "[FATAL problem: DomainTooLong encountered with '%s']", recordName(c))
	}
	for _, label := range strings.Split(recordName(c), ".") {
		if len(label) > 63 {
			return world.Fail("InvalidChangeBatch", "[FATAL problem: DomainLabelTooLong encountered with '%s']", recordName(c))
		}
	}
	for _, policy := range []string{"weighted_routing_policy", "latency_routing_policy", "failover_routing_policy",
		"geolocation_routing_policy"} {
		if len(c.Blocks(policy)) > 0 && c.String("set_identifier") == "" {
			return &world.Error{Message: `"` + policy + `": all of ` + "`set_identifier," + policy + "` must be specified"}
		}
	}
	return model.Between("InvalidInput", "weighted_routing_policy.weight", "weight", 0, 255)(c)
}

// recordPartition: GovCloud has no aliases of load balancers. Source: AWS GovCloud (US) User Guide, "Amazon Route 53"; text unverified.
func recordPartition(c *model.Call) *world.Error {
	for _, alias := range c.Blocks("alias") {
		if name, _ := alias["name"].(string); c.Partition() == "aws-us-gov" && strings.Contains(name, ".elb.") {
			return world.Fail("InvalidChangeBatch", "[Alias records that refer to load balancers are not available in this partition: %s]", name)
		}
	}
	return nil
}

// recordPlace keeps aliases of the CNAME kind away from the top of the zone and from names that have other records.
func recordPlace(c *model.Call) *world.Error {
	name, typ, zone := recordName(c), c.String("type"), zoneOf(c)
	if typ == "CNAME" && name == zone.String("name") {
		return world.Fail("InvalidChangeBatch", "[RRSet of type CNAME with DNS name %s. is not permitted at apex in zone %s.]",
			name, zone.String("name"))
	}
	for _, other := range c.All("aws_route53_record") {
		if other.String("zone_id") != zone.ID || other.String("fqdn") != name || other.String("type") == typ {
			continue
		}
		if typ == "CNAME" || other.String("type") == "CNAME" {
			return world.Fail("InvalidChangeBatch",
				"[RRSet of type %s with DNS name %s. is not permitted as it conflicts with other records with the same DNS name in zone %s.]", typ,
				name, zone.String("name"))
		}
	}
	return nil
}

// recordTaken refuses a record that exists, unless it may be overwritten.
func recordTaken(c *model.Call) *world.Error {
	if !c.Creating() || c.Bool("allow_overwrite") {
		return nil
	}
	name := recordName(c)
	for _, other := range c.All("aws_route53_record") {
		if other.String("zone_id") == zoneOf(c).ID && other.String("fqdn") == name && other.String("type") == c.String("type") &&
			other.String("set_identifier") == c.String("set_identifier") {
			return world.Fail("InvalidChangeBatch", "[Tried to create resource record set [name='%s.', type='%s'] but it already exists]",
				strings.Replace(name, "*", `\052`, 1), c.String("type"))
		}
	}
	return nil
}

// recordTarget holds an alias to a load balancer that exists, where the zone id is that of load balancers, or to a record of its own zone.
func recordTarget(c *model.Call) *world.Error {
	for _, alias := range c.Blocks("alias") {
		zone, _ := alias["zone_id"].(string)
		target, _ := alias["name"].(string)
		if !aliasKnown(c, zone, strings.TrimPrefix(domainName(target), "dualstack.")) {
			return world.Fail("InvalidChangeBatch",
				"[Tried to create an alias that targets %s., type %s in zone %s, but the alias target name does not lie within the target zone]",
				domainName(target), c.String("type"), zone)
		}
	}
	return nil
}

func aliasKnown(c *model.Call, zone, target string) bool {
	if zone == zoneOf(c).ID {
		return slices.ContainsFunc(c.All("aws_route53_record"), func(r *world.Resource) bool {
			return r.String("zone_id") == zone && r.String("fqdn") == target
		})
	}
	if !elb.AliasedIn(zone) {
		return true // CloudFront, S3 and others, of which the world does not know all
	}
	found := c.World.List(func(r *world.Resource) bool {
		return slices.Contains(elb.LoadBalancers, r.Type) && domainName(r.String("dns_name")) == target && r.String("zone_id") == zone ||
			r.Type == "aws_elb"
	})
	return len(found) > 0
}

// PubliclyAnswers reports whether a public zone of the account has a record with a value.
func PubliclyAnswers(c *model.Call, name, typ, value string) bool {
	return slices.ContainsFunc(c.All("aws_route53_record"), func(r *world.Resource) bool {
		if r.String("fqdn") != domainName(name) || r.String("type") != typ {
			return false
		}
		zone := c.FindBy("aws_route53_zone", "zone_id", r.String("zone_id"))
		if zone == nil || len(model.Strings(zone.Attributes, "vpc.vpc_id")) > 0 {
			return false
		}
		return slices.ContainsFunc(model.Strings(r.Attributes, "records"), func(text string) bool {
			return domainName(text) == domainName(value)
		})
	})
}
