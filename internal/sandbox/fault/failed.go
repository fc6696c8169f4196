package fault

import (
	"fmt"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// waiting says how the provider waits for what AWS makes in its own time: the attribute that shows the state, if Terraform has one, the
// state in which it has failed, and the one that the provider waits for.
type waiting struct{ attribute, failed, wanted string }

// waits are the types for which AWS takes the request first and makes the thing afterwards. States: API models of the services,
// and of a release Helm's.
var waits = map[string]waiting{
	"aws_acm_certificate_validation":    {"", "FAILED", "ISSUED"},
	"aws_autoscaling_group":             {"", "want healthy instances", "ok"},
	"aws_db_instance":                   {"status", "failed", "available"},
	"aws_dynamodb_table":                {"", "INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ACTIVE"},
	"aws_ebs_volume":                    {"", "error", "available"},
	"aws_efs_file_system":               {"", "error", "available"},
	"aws_efs_mount_target":              {"", "error", "available"},
	"aws_eks_addon":                     {"", "CREATE_FAILED", "ACTIVE"},
	"aws_eks_cluster":                   {"status", "FAILED", "ACTIVE"},
	"aws_eks_fargate_profile":           {"status", "CREATE_FAILED", "ACTIVE"},
	"aws_eks_node_group":                {"status", "CREATE_FAILED", "ACTIVE"},
	"aws_elasticache_cluster":           {"", "create-failed", "available"},
	"aws_elasticache_replication_group": {"", "create-failed", "available"},
	"aws_instance":                      {"instance_state", "terminated", "running"},
	"aws_lambda_function":               {"", "Failed", "Active"},
	"aws_lb":                            {"", "failed", "active"},
	"aws_nat_gateway":                   {"", "failed", "available"},
	"aws_rds_cluster":                   {"", "failed", "available"},
	"aws_rds_cluster_instance":          {"", "failed", "available"},
	"aws_route53_record":                {"", "PENDING", "INSYNC"},
	"aws_vpc_endpoint":                  {"state", "failed", "available"},
	"helm_release":                      {"status", "failed", "deployed"},
}

// Asynchronous reports whether AWS makes resources of a type in its own time, while the provider waits.
func Asynchronous(typeName string) bool {
	_, waits := waits[typeName]
	return waits
}

// Mark puts a resource in the state in which AWS has failed to carry out an action, where Terraform has an attribute for it.
func Mark(t *model.Type, action world.Action, object world.Object) {
	if wait := waits[t.Name]; action == world.Create && wait.attribute != "" {
		object[wait.attribute] = wait.failed
	}
}

// Report is what the provider says about an action that AWS took and failed to carry out.
func Report(t *model.Type, action world.Action, id string, err *world.Error) string {
	wait, waits := waits[t.Name]
	switch {
	case action == world.Delete:
		return fmt.Sprintf("waiting for %s (%s) delete: timeout while waiting for resource to be gone. last error: %s", t.Noun, id, err)
	case !waits:
		return fmt.Sprintf("reading %s (%s): api error %s", t.Noun, id, err)
	}
	return fmt.Sprintf("waiting for %s (%s) %s: unexpected state '%s', wanted target '%s'. last error: %s", t.Noun, id, action,
		wait.failed, wait.wanted, err)
}
