package compliance

import (
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
)

// Place is one plan, with what its releases made in Kubernetes.
type Place struct {
	// Name tells it from the others; empty where there is one.
	Name      string
	Inventory *inventory.Inventory
	// Objects are those that the releases of the rehearsed world made, and Unrendered the releases of which they are not known.
	Objects    []Object
	Unrendered []string
	// Elsewhere are the types of which the plan says that others have made what it needs of them.
	Elsewhere []string
}

// Object is an object of Kubernetes.
type Object struct {
	Release, Kind, Namespace, Name string
	// Template is the file of the chart that it was rendered from.
	Template string
	Values   plan.Value
}

// Subject is what is looked at: all places of a deployment together, or one plan.
type Subject struct{ Places []Place }

// item is a resource with the place that it is in.
type item struct {
	inventory.Resource
	place *Place
}

// of lists the resources of some types in all places.
func (s *Subject) of(types ...string) []item {
	var found []item
	for i := range s.Places {
		for _, resource := range s.Places[i].Inventory.Resources() {
			if slices.Contains(types, resource.Type) {
				found = append(found, item{resource, &s.Places[i]})
			}
		}
	}
	return found
}

// refers lists what an argument of a resource names, by address.
func (i item) refers(path string, types ...string) []string {
	return i.place.Inventory.Refers(i.Resource, path, types...)
}

// referring lists the resources of some types whose argument names this one. Those that name what the plan does not say, and could
// mean this one, are the second result.
func (i item) referring(s *Subject, path string, types ...string) (sure, unsure []item) {
	for _, other := range s.of(types...) {
		if other.place != i.place {
			continue
		}
		switch found := other.refers(path, i.Type); {
		case len(found) == 1 && found[0] == i.Address:
			sure = append(sure, other)
		case slices.Contains(found, i.Address), len(found) == 0 && other.Values.At(strings.Split(path, ".")...).State() == plan.IsUnknown:
			unsure = append(unsure, other)
		}
	}
	return sure, unsure
}

// evidence begins a finding on a resource.
func (i item) evidence(answer Answer, attribute, found, wanted string) Evidence {
	return Evidence{Answer: answer, Place: i.place.Name, Address: i.Address, Type: i.Type, Attribute: attribute, Found: found, Wanted: wanted,
		Where: i.Where}
}

// object is an object with the place that it is in.
type object struct {
	Object
	place *Place
}

// objects lists the objects of some kinds in all places.
func (s *Subject) objects(kinds ...string) []object {
	var found []object
	for i := range s.Places {
		for _, o := range s.Places[i].Objects {
			if slices.Contains(kinds, o.Kind) {
				found = append(found, object{o, &s.Places[i]})
			}
		}
	}
	return found
}

func (o object) evidence(answer Answer, attribute, found, wanted string) Evidence {
	address := o.Kind + " " + o.Name
	if o.Namespace != "" {
		address = o.Kind + " " + o.Namespace + "/" + o.Name
	}
	return Evidence{Answer: answer, Place: o.place.Name, Address: address, Type: o.Kind, Attribute: attribute, Found: found, Wanted: wanted,
		Why: "release " + o.Release + ", " + o.Template}
}

// unrendered are the releases of which no objects are known.
func (s *Subject) unrendered() []string {
	var all []string
	for _, place := range s.Places {
		all = append(all, place.Unrendered...)
	}
	return all
}

// elsewhere reports whether a place says that others have made resources of one of some types.
func (s *Subject) elsewhere(types []string) bool {
	return slices.ContainsFunc(s.Places, func(place Place) bool {
		return slices.ContainsFunc(types, func(typ string) bool { return slices.Contains(place.Elsewhere, typ) })
	})
}

// aside are types on which no control of these frameworks bears by themselves: they join, name or draw what others are.
var aside = []string{
	"aws_acm_certificate", "aws_acm_certificate_validation", "aws_autoscaling_attachment", "aws_backup_selection", "aws_budgets_budget",
	"aws_cloudwatch_dashboard", "aws_db_subnet_group", "aws_eip", "aws_kms_alias", "aws_lb_target_group",
	"aws_main_route_table_association", "aws_route53_record", "aws_route53_zone", "aws_route_table_association", "aws_scheduler_schedule",
	"aws_scheduler_schedule_group", "aws_autoscaling_schedule", "aws_sns_topic_subscription", "aws_lb_target_group_attachment",
	"aws_iam_instance_profile", "aws_vpc_security_group_egress_rule", "helm_release", "terraform_data", "null_resource",
	"random_id", "time_sleep", "aws_config_delivery_channel", "aws_guardduty_detector_feature", "aws_securityhub_standards_subscription",
	"aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_object_lock_configuration", "aws_route53_resolver_query_log_config",
}

// unread counts the resources of types that no check knows.
func (s *Subject) unread() []TypeCount {
	known := map[string]bool{}
	for _, check := range Checks() {
		for _, typ := range check.Reads {
			known[typ] = true
		}
	}
	for _, typ := range aside {
		known[typ] = true
	}
	counts := map[string]int{}
	for _, place := range s.Places {
		for _, resource := range place.Inventory.Resources() {
			if !known[resource.Type] {
				counts[resource.Type]++
			}
		}
	}
	var list []TypeCount
	for typ, n := range counts {
		list = append(list, TypeCount{typ, n})
	}
	slices.SortFunc(list, func(a, b TypeCount) int { return strings.Compare(a.Type, b.Type) })
	return list
}
