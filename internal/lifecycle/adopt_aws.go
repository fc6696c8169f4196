package lifecycle

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
)

// imports are the ids by which the AWS provider imports types whose import id is not their id, or is told by their
// settings alone. What is in braces is an attribute, or {id}, the id that the journal has. Source: "Import" on each
// resource's page of the AWS provider's documentation.
var imports = map[string]string{
	"aws_autoscaling_attachment":        "", // cannot be imported; to attach again changes nothing
	"aws_acm_certificate_validation":    "", // exists in Terraform alone
	"aws_backup_selection":              "{plan_id}|{id}",
	"aws_backup_vault":                  "{name}",
	"aws_budgets_budget":                "{account_id}:{name}",
	"aws_cloudwatch_dashboard":          "{dashboard_name}",
	"aws_cloudwatch_log_group":          "{name}",
	"aws_cloudwatch_metric_alarm":       "{alarm_name}",
	"aws_db_subnet_group":               "{name}",
	"aws_default_security_group":        "{id}",
	"aws_eks_access_entry":              "{cluster_name}:{principal_arn}",
	"aws_eks_access_policy_association": "{cluster_name}#{principal_arn}#{policy_arn}",
	"aws_eks_addon":                     "{cluster_name}:{addon_name}",
	"aws_eks_cluster":                   "{name}",
	"aws_eks_node_group":                "{cluster_name}:{node_group_name}",
	"aws_eks_pod_identity_association":  "{cluster_name},{id}",
	"aws_iam_role":                      "{name}",
	"aws_iam_role_policy":               "{role}:{name}",
	"aws_iam_role_policy_attachment":    "{role}/{policy_arn}",
	"aws_kms_alias":                     "{name}",
	"aws_rds_cluster":                   "{cluster_identifier}",
	"aws_rds_cluster_instance":          "{identifier}",
	"aws_rds_cluster_parameter_group":   "{name}",
	"aws_route":                         "{route_table_id}_{destination_cidr_block}",
	"aws_route53_record":                "{zone_id}_{name}_{type}",
	"aws_route_table_association":       "{subnet_id}/{route_table_id}",
	"aws_scheduler_schedule":            "{group_name}/{name}",
	"aws_scheduler_schedule_group":      "{name}",
	"aws_sns_topic_policy":              "{arn}",
	"helm_release":                      "{namespace}/{name}",
	"terraform_data":                    "", // exists in Terraform alone
}

// placeholder is an attribute in an import id.
var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// Identify tells the id of what was made by the journal and by its settings. What was only begun is found where its settings name it; where
// AWS gives a name of its own, it has to be named by hand.
func (*AWS) Identify(_ context.Context, lost Lost) (string, error) { return importID(lost), nil }

// importID is the id by which the AWS provider imports something; "" where not all of it is known.
func importID(lost Lost) string {
	form, ok := imports[lost.Type]
	if !ok {
		form = "{id}"
	}
	complete := true
	id := placeholder.ReplaceAllStringFunc(form, func(name string) string {
		name = strings.Trim(name, "{}")
		value := ""
		if name == "id" {
			value = lost.ID
		} else if known := lost.Planned[name]; known != nil {
			value = fmt.Sprint(known)
		}
		complete = complete && value != ""
		return value
	})
	if !complete {
		return ""
	}
	return id
}

// Strays cannot be told: an account holds more than this deployment.
func (*AWS) Strays(string, map[string][]string) []Stray { return nil }

// Archive keeps journals in the bucket.
func (a *AWS) Archive(region *deployment.Region, stack string) engine.Archive {
	bucket := a.buckets[region.Name]
	if a.own != nil || bucket == nil {
		return nil
	}
	return bucket.Object(stateKey(region, stack) + ".journal")
}
