package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestSameAnswerEachTime breaks several rules at once: AWS's answer is the same each time, and so is the embedded AWS's.
func TestSameAnswerEachTime(t *testing.T) {
	many := []any{"arn:1", "arn:2", "arn:3", "arn:4", "arn:5", "arn:6"}
	for _, test := range []struct {
		name, want string
		given      given
	}{
		{"an Aurora cluster with storage and IOPS of its own", "AllocatedStorage isn't supported for DB engine aurora-postgresql.",
			creates("aws_rds_cluster", object{"cluster_identifier": "c", "engine": "aurora-postgresql", "master_username": "coder",
				"manage_master_user_password": true,
				"allocated_storage":           100, "iops": 1000})},
		{"a condition with an unknown operator, and one whose key has no vendor",
			"MalformedPolicyDocument: Actions/Conditions must be prefaced by a vendor",
			creates("aws_iam_policy",
				object{"name": "p",
					"policy": sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "s3:GetObject",
						"Resource": "*", "Condition": object{"StringEquals": object{"source": "x"}, "Unknown": object{"aws:SourceIp": "x"}}}})})},
		{"labels that are all wrong", "Label -a=x",
			func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := nodeGroupConfig(t, d)
				return "aws_eks_node_group", merged(config, object{"labels": object{"-a": "x", "-b": "x", "-c": "x"}})
			}},
		{"an alarm with too many actions of each kind", "at 'alarmActions' failed",
			creates("aws_cloudwatch_metric_alarm", object{"alarm_name": "a", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1,
				"metric_name": "m",
				"namespace":   "n", "period": 60, "statistic": "Average", "threshold": 1, "alarm_actions": many, "ok_actions": many,
				"insufficient_data_actions": many})},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			typeName, config := test.given(t, d)
			for range 32 {
				_, err := d.Create(typeName, config)
				if expect(t, err, test.want); t.Failed() {
					return
				}
			}
		})
	}
}
