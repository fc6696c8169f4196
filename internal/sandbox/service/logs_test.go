package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestLogs(t *testing.T) {
	group := func(change object) setting {
		return creating("aws_cloudwatch_log_group", merged(object{"name": "/coder/app"}, change))
	}
	encrypted := func(region, principal string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			key := d.MustCreate(t, "aws_kms_key", object{"policy": keyPolicyFor(principal)})
			return "aws_cloudwatch_log_group", object{"name": "/coder/app", "kms_key_id": key["arn"]}
		}
	}
	inGroup := func(typ string, config object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_cloudwatch_log_group", object{"name": "/coder/app"})
			return typ, merged(object{"log_group_name": "/coder/app"}, config)
		}
	}
	transformation := object{"name": "errors", "namespace": "Coder", "value": "1"}
	check(t, []rule{
		{name: "a log group", given: group(object{"retention_in_days": 30})},
		{name: "a log group for ever", given: group(object{"retention_in_days": 0})},
		{name: "a retention that CloudWatch Logs does not know", given: group(object{"retention_in_days": 31}),
			refused: "InvalidParameterException: 1 validation error detected: Value '31' at 'retentionInDays'"},
		{name: "a name of 512 letters", given: group(object{"name": text(512)})},
		{name: "a longer name", given: group(object{"name": text(513)}), refused: "Member must have length less than or equal to 512"},
		{name: "a name with a space", given: group(object{"name": "my logs"}),
			refused: "InvalidParameterException: 1 validation error detected: Value 'my logs' at 'logGroupName' failed to satisfy constraint: " +
				"Member must satisfy regular expression pattern"},
		{name: "an unknown class", given: group(object{"log_group_class": "CHEAP"}),
			refused: "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]"},
		{name: "a log group twice", given: repeating("aws_cloudwatch_log_group", object{"name": "/coder/app"}, nil),
			refused: "ResourceAlreadyExistsException: The specified log group already exists"},
		{name: "a log group that EKS made", refused: "ResourceAlreadyExistsException: The specified log group already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := eksClusterConfig(t, d)
				d.MustCreate(t, "aws_eks_cluster", merged(config, object{"enabled_cluster_log_types": []any{"audit"}}))
				return "aws_cloudwatch_log_group", object{"name": "/aws/eks/coder/cluster"}
			}},
		{name: "a key that CloudWatch Logs may use", given: encrypted("us-east-1", "logs.us-east-1.amazonaws.com")},
		{name: "a key for the logs of another region", given: encrypted("us-east-1", "logs.eu-west-1.amazonaws.com"),
			refused: "AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with Arn " +
				"'arn:aws:logs:us-east-1:123456789012:log-group:/coder/app'"},
		{name: "a key that does not exist", given: group(object{"kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/none"}),
			refused: "AccessDeniedException"},
		{name: "a stream", given: inGroup("aws_cloudwatch_log_stream", object{"name": "one"})},
		{name: "a stream of no group", given: creating("aws_cloudwatch_log_stream", object{"name": "one", "log_group_name": "none"}),
			refused: "ResourceNotFoundException: The specified log group does not exist."},
		{name: "a stream with a colon", given: inGroup("aws_cloudwatch_log_stream", object{"name": "a:b"}), refused: "InvalidParameterException"},
		{name: "a metric filter", given: inGroup("aws_cloudwatch_log_metric_filter",
			object{"name": "errors", "pattern": "ERROR", "metric_transformation": []any{transformation}})},
		{name: "dimensions and a default value",
			refused: "InvalidParameterException: Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
			given: inGroup("aws_cloudwatch_log_metric_filter", object{"name": "errors", "pattern": "ERROR",
				"metric_transformation": []any{merged(transformation, object{"default_value": "0", "dimensions": object{"a": "$.a"}})}})},
		{name: "an eleventh resource policy", refused: "LimitExceededException: Resource limit exceeded.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				policy := object{
					"policy_document": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}]}`}
				for i := range 10 {
					d.MustCreate(t, "aws_cloudwatch_log_resource_policy", merged(policy, object{"policy_name": string(rune('a' + i))}))
				}
				return "aws_cloudwatch_log_resource_policy", merged(policy, object{"policy_name": "z"})
			}},
		{name: "a resource policy that is no JSON", given: creating("aws_cloudwatch_log_resource_policy",
			object{"policy_name": "p", "policy_document": "{"}), refused: "InvalidParameterException"},
	})
}

func TestLogsLeaveNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	group := d.MustCreate(t, "aws_cloudwatch_log_group", object{"name_prefix": "/coder/"})
	stream := d.MustCreate(t, "aws_cloudwatch_log_stream", object{"name": "one", "log_group_name": group["name"]})
	d.MustCreate(t, "aws_cloudwatch_log_metric_filter", object{"name": "errors", "pattern": "ERROR", "log_group_name": group["name"],
		"metric_transformation": []any{object{"name": "errors", "namespace": "Coder", "value": "1"}}})
	d.MustCreate(t, "aws_cloudwatch_log_resource_policy",
		object{"policy_name": "p", "policy_document": sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
			object{"Effect": "Allow", "Principal": object{"Service": "route53.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}}})})
	read, err := d.Data("aws_cloudwatch_log_group", object{"name": group["name"]})
	expect(t, err, "")
	if read["arn"] != group["arn"] {
		t.Errorf("arn = %v, want %v", read["arn"], group["arn"])
	}
	expect(t, d.Delete("aws_cloudwatch_log_group", group), "")
	if left, err := d.Read("aws_cloudwatch_log_stream", stream); err != nil || left != nil {
		t.Errorf("a stream outlives its group: %v %v", left, err)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
