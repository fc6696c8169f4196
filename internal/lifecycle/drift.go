package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"coderaws/internal/engine"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// Drift is one difference between what Terraform remembers and what there is.
type Drift struct {
	Address string `json:"address"`
	// Deleted means that the resource is gone; otherwise it was changed.
	Deleted bool `json:"deleted"`
	// Attributes are the top-level attributes that differ.
	Attributes []string `json:"attributes,omitempty"`
}

func (w *Work) drift(ctx context.Context) ([]Drift, error) {
	compared, err := w.Plan(ctx, "comparing", engine.PlanOptions{RefreshOnly: true}, nil)
	if err != nil {
		return nil, err
	}
	there := Managed(compared.JSON.PriorState)
	found := []Drift{}
	for _, change := range typed(compared).Drift() {
		if change.Actions.NoOp() {
			continue
		}
		drift := Drift{change.Address, change.Actions.Delete(), driftedAttributes(change, there)}
		if drift.Deleted || len(drift.Attributes) > 0 {
			found = append(found, drift)
		}
	}
	return found, compared.Discard()
}

// driftedAttributes are the changed ones without those that nobody has changed: what was nothing and is nothing, since
// the AWS provider keeps an attribute that was not given as null when it makes a resource, and reads it back as an
// empty text, list or map (seen with tags, version 5.100.0); and what the deployment's own resources have made there,
// since they are made after the resource was read. there are all of these.
func driftedAttributes(change plan.Change, there []*tfjson.StateResource) []string {
	before, after := change.Before.Object(), change.After.Object()
	return slices.DeleteFunc(change.Attributes(), func(name string) bool {
		return isNothing(before[name]) && isNothing(after[name]) || isOwn(change.Type, name, before, after, there)
	})
}

// isNothing tells whether a value is null or empty.
func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// byAWS stands for AWS itself, which changes an attribute that nobody can set.
const byAWS = "AWS"

// makers are, by types and attributes of theirs, the types of resources that make what is in there; or AWS does.
// Source: the page of each resource in the AWS provider's documentation, in its notes on what is configured by another
// resource, and its exported attributes.
var makers = map[string]map[string][]string{
	"aws_acm_certificate": {"not_after": {byAWS}, "not_before": {byAWS}, "status": {byAWS}, "renewal_summary": {byAWS}},
	"aws_autoscaling_group": {
		"target_group_arns": {"aws_autoscaling_attachment"}, "traffic_source": {"aws_autoscaling_attachment"},
	},
	"aws_backup_vault":           {"recovery_points": {byAWS}},
	"aws_default_route_table":    {"route": {"aws_route"}},
	"aws_default_security_group": {"ingress": ingressRules, "egress": egressRules},
	"aws_efs_file_system":        {"number_of_mount_targets": {byAWS}, "size_in_bytes": {byAWS}},
	"aws_eip": {
		"association_id": {byAWS}, "network_interface": {"aws_nat_gateway"}, "private_dns": {byAWS}, "private_ip": {byAWS},
	},
	"aws_iam_policy":            {"attachment_count": {byAWS}},
	"aws_iam_role":              {"inline_policy": {"aws_iam_role_policy"}, "managed_policy_arns": {"aws_iam_role_policy_attachment"}},
	"aws_kms_key":               {"policy": {"aws_kms_key_policy"}},
	"aws_lb_target_group":       {"load_balancer_arns": {"aws_lb_listener", "aws_lb_listener_rule"}},
	"aws_rds_cluster":           {"cluster_members": {"aws_rds_cluster_instance"}},
	"aws_route_table":           {"route": {"aws_route"}},
	"aws_secretsmanager_secret": {"policy": {"aws_secretsmanager_secret_policy"}},
	"aws_security_group":        {"ingress": ingressRules, "egress": egressRules},
	"aws_sns_topic":             {"policy": {"aws_sns_topic_policy"}},
	"aws_s3_bucket": {
		"cors_rule": {"aws_s3_bucket_cors_configuration"}, "grant": {"aws_s3_bucket_acl"},
		"lifecycle_rule": {"aws_s3_bucket_lifecycle_configuration"}, "logging": {"aws_s3_bucket_logging"},
		"policy": {"aws_s3_bucket_policy"}, "versioning": {"aws_s3_bucket_versioning"},
		"server_side_encryption_configuration": {"aws_s3_bucket_server_side_encryption_configuration"},
	},
}

var (
	ingressRules = []string{"aws_vpc_security_group_ingress_rule", "aws_security_group_rule"}
	egressRules  = []string{"aws_vpc_security_group_egress_rule", "aws_security_group_rule"}
)

// isOwn tells whether all that came to an attribute is of resources that are there and are the deployment's own. What
// went away is told of the resource that made it.
func isOwn(typ, name string, before, after map[string]any, there []*tfjson.StateResource) bool {
	types := makers[typ][name]
	if slices.Contains(types, byAWS) {
		return true
	}
	var made []map[string]bool // the values of each resource that makes something in this one
	for _, other := range there {
		if !slices.Contains(types, other.Type) {
			continue
		}
		values := map[string]bool{}
		eachLeaf(other.AttributeValues, func(leaf string) { values[leaf] = true })
		if slices.ContainsFunc([]string{"id", "arn", "name"}, func(by string) bool {
			text, _ := after[by].(string)
			return text != "" && values[text]
		}) {
			made = append(made, values)
		}
	}
	if len(made) == 0 {
		return false
	}
	was := elements(before[name], after["id"])
	for _, element := range elements(after[name], after["id"]) {
		if slices.ContainsFunc(was, func(old any) bool { return reflect.DeepEqual(old, element) }) {
			continue
		}
		if !slices.ContainsFunc(made, func(values map[string]bool) bool {
			all := true
			eachLeaf(element, func(leaf string) { all = all && values[leaf] })
			return all
		}) {
			return false
		}
	}
	return true
}

// elements are the parts of a value of which each is made by one resource. AWS's rules of a security group are one for
// each source, and the provider reads those that differ in nothing else as one: it is taken apart again. A source that
// is called self is the group's own id.
func elements(value, id any) []any {
	list, isList := value.([]any)
	if !isList {
		if isNothing(value) {
			return nil
		}
		return []any{value}
	}
	var all []any
	for _, element := range list {
		object, isObject := element.(map[string]any)
		if !isObject {
			all = append(all, element)
			continue
		}
		common, sources := map[string]any{}, []any{}
		for name, v := range object {
			switch values, isList := v.([]any); {
			case name == "self" && v == true:
				sources = append(sources, id)
			case isList:
				sources = append(sources, values...)
			default:
				common[name] = v
			}
		}
		if len(sources) == 0 {
			all = append(all, common)
		}
		for _, source := range sources {
			all = append(all, map[string]any{"common": common, "source": source})
		}
	}
	return all
}

// eachLeaf calls f with each text and number in a value, documents in the form that Go writes them in. What is nothing
// is left out.
func eachLeaf(value any, f func(string)) {
	switch v := value.(type) {
	case string:
		var document any
		if strings.HasPrefix(v, "{") && json.Unmarshal([]byte(v), &document) == nil {
			text, _ := json.Marshal(document) // it was JSON a moment ago
			v = string(text)
		}
		if v != "" {
			f(v)
		}
	case float64:
		if v != 0 {
			f(fmt.Sprint(v))
		}
	case json.Number:
		if v != "0" {
			f(v.String())
		}
	case []any:
		for _, element := range v {
			eachLeaf(element, f)
		}
	case map[string]any:
		for _, element := range v {
			eachLeaf(element, f)
		}
	}
}
