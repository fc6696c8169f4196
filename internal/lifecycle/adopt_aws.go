package lifecycle

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
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

// Identify tells the id of what was made by the journal and by its settings. What was only begun is found where its
// settings name it; where AWS gives a name of its own, it has to be named by hand.
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

// Strays are told by the deployment's tag.
func (*AWS) Strays(ctx context.Context, region *deployment.Region, known, gone map[string][]string) ([]Stray, error) {
	ends := map[string]bool{}
	for _, ids := range []map[string][]string{known, gone} {
		for id := range allOf(ids) {
			ends[id] = true
		}
	}
	found, err := account.Strays(ctx, region.Name, deploymentName(region), func(arn string) bool { return isKnownARN(arn, ends) })
	if err != nil {
		d := diagnostic.Warningf("AWS cannot be asked what of this deployment no state knows")
		d.Code, d.Why = "adopt.not_asked", err.Error()
		d.Todo = "if that is what they lack, allow these credentials tag:GetResources, kms:DescribeKey, rds:DescribeDBClusterSnapshots and " +
			"secretsmanager:DescribeSecret; all else goes on without"
		return nil, d
	}
	var strays []Stray
	for _, arn := range found {
		strays = append(strays, Stray{strings.Split(arn, ":")[2], arn})
	}
	return strays, nil
}

// isKnownARN tells whether an ARN is known by itself, or ends with an id that is known.
func isKnownARN(arn string, known map[string]bool) bool {
	if known[arn] {
		return true
	}
	for i, letter := range arn {
		// The first part of an ARN that may be an id is the sixth; ids may hold slashes and colons themselves.
		if (letter == ':' || letter == '/') && strings.Count(arn[:i+1], ":") >= 5 && (known[arn[i+1:]] || letter == '/' && known[arn[i:]]) {
			return true
		}
	}
	return false
}

// Archive keeps journals in the bucket.
func (a *AWS) Archive(region *deployment.Region, stack string) engine.Archive {
	bucket := a.buckets[region.Name]
	if a.own != nil || bucket == nil {
		return nil
	}
	return bucket.Object(stateKey(region, stack) + ".journal")
}
