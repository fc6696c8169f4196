package route53

import (
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources declares what Terraform reads about zones.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_route53_zone", API: api, Noun: "Route 53 Hosted Zone", Call: "ListHostedZones", Read: readZone},
		{Name: "aws_route53_zones", API: api, Noun: "Route 53 Hosted Zones", Call: "ListHostedZones", Read: readZones},
		{Name: "aws_route53_records", API: api, Noun: "Route 53 Records", Call: "ListResourceRecordSets", Read: readRecords},
	}
}

// readZone finds a zone by id, or by name, kind, VPC and tags, as the provider does.
func readZone(c *model.Call) *world.Error {
	if id := strings.TrimPrefix(c.String("zone_id"), "/hostedzone/"); id != "" {
		zone := c.FindBy("aws_route53_zone", "zone_id", id)
		if zone == nil {
			return zoneMissing(id)
		}
		return zoneFound(c, zone)
	}
	var matches []*world.Resource
	for _, zone := range c.All("aws_route53_zone") {
		networks := model.Strings(zone.Attributes, "vpc.vpc_id")
		wanted := c.String("vpc_id")
		private := c.Bool("private_zone") || wanted != ""
		switch {
		case c.String("name") != "" && zone.String("name") != domainName(c.String("name")), private != (len(networks) > 0),
			wanted != "" && !slices.Contains(networks, wanted), !model.HasTags(zone.Attributes, c.Object["tags"]):
			continue
		}
		matches = append(matches, zone)
	}
	switch len(matches) {
	case 0:
		return &world.Error{Message: "no matching Route 53 Hosted Zone found"}
	case 1:
		return zoneFound(c, matches[0])
	}
	return &world.Error{Message: "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 " +
		"Hosted Zone"}
}

func zoneFound(c *model.Call, zone *world.Resource) *world.Error {
	model.CopyAttributes(c, zone)
	records := 0
	for _, record := range c.All("aws_route53_record") {
		if record.String("zone_id") == zone.ID {
			records++
		}
	}
	c.Force("resource_record_set_count", float64(records))
	c.Force("private_zone", len(model.Strings(zone.Attributes, "vpc.vpc_id")) > 0)
	c.Set("caller_reference", "terraform-"+c.World.Digest(26, zone.ID))
	c.SetEach("", "linked_service_principal", "linked_service_description")
	return nil
}

func readZones(c *model.Call) *world.Error {
	ids := []any{}
	for _, zone := range c.All("aws_route53_zone") {
		ids = append(ids, zone.ID)
	}
	c.Force("id", c.ProviderRegion)
	c.Force("ids", ids)
	return nil
}

// readRecords lists the records of a zone whose names match an expression.
func readRecords(c *model.Call) *world.Error {
	zone := c.FindBy("aws_route53_zone", "zone_id", c.String("zone_id"))
	if zone == nil {
		return zoneMissing(c.String("zone_id"))
	}
	expression, err := regexp.Compile(c.String("name_regex"))
	if err != nil {
		return &world.Error{Message: "Invalid regular expression: " + err.Error()}
	}
	sets := []any{}
	for _, record := range c.All("aws_route53_record") {
		if name := record.String("fqdn") + "."; record.String("zone_id") == zone.ID && expression.MatchString(name) {
			sets = append(sets, recordSet(record, name))
		}
	}
	c.Force("resource_record_sets", sets)
	return nil
}

// recordSet is a record as Route 53 lists it; what it does not have is null.
func recordSet(record *world.Resource, name string) world.Object {
	set := world.Object{
		"name": name, "type": record.Attributes["type"], "ttl": record.Attributes["ttl"], "health_check_id": record.Attributes["health_check_id"],
		"weight":   model.At(record.Attributes, "weighted_routing_policy.weight"),
		"region":   model.At(record.Attributes, "latency_routing_policy.region"),
		"failover": model.At(record.Attributes, "failover_routing_policy.type"), "set_identifier": record.Attributes["set_identifier"],
		"multi_value_answer": record.Attributes["multivalue_answer_routing_policy"], "traffic_policy_instance_id": nil,
		"alias_target": nil, "cidr_routing_config": nil, "geolocation": nil, "geoproximity_location": nil,
	}
	values := []any{}
	for _, value := range model.Strings(record.Attributes, "records") {
		values = append(values, world.Object{"value": value})
	}
	set["resource_records"] = values
	for _, alias := range model.Every(record.Attributes, "alias") {
		target, _ := alias.(world.Object)
		set["alias_target"] = world.Object{"dns_name": target["name"], "hosted_zone_id": target["zone_id"],
			"evaluate_target_health": target["evaluate_target_health"]}
	}
	return set
}
