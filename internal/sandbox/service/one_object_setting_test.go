package service_test

import (
	"fmt"
	"slices"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// policyShared are policies that are an argument and a resource.
func policyShared() []shared {
	own := object{"AWS": "arn:aws:iam::123456789012:root"}
	dead := sandboxtest.JSON(object{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 3})
	text := func(whole string, config object, argument, written, finer, of, id string) shared {
		return shared{
			whole: whole, config: config, argument: argument, written: written, none: "", finer: finer,
			part: func(_, made object) object { return object{of: made[id], argument: written} },
		}
	}
	secret := text("aws_secretsmanager_secret", object{"name": "s", "recovery_window_in_days": 0}, "policy",
		policyFor(own, "secretsmanager:GetSecretValue"), "aws_secretsmanager_secret_policy", "secret_arn", "arn")
	redriven := text("aws_sqs_queue", object{"name": "q"}, "redrive_policy", dead, "aws_sqs_queue_redrive_policy", "queue_url", "id")
	redriven.scene = func(t *testing.T, d *sandboxtest.Driver) object {
		return d.MustCreate(t, "aws_sqs_queue", object{"name": "dead"})
	}
	key := text("aws_kms_key", object{"description": "k"}, "policy", policyFor(own, "kms:*"), "aws_kms_key_policy", "key_id", "key_id")
	return []shared{
		secret, redriven, key,
		text("aws_sns_topic", object{"name": "t"}, "policy", policyFor(own, "sns:Publish"), "aws_sns_topic_policy", "arn", "arn"),
		text("aws_sqs_queue", object{"name": "q"}, "policy", policyFor(own, "sqs:SendMessage"), "aws_sqs_queue_policy", "queue_url", "id"),
		text("aws_sqs_queue", object{"name": "q"}, "redrive_allow_policy", `{"redrivePermission":"denyAll"}`,
			"aws_sqs_queue_redrive_allow_policy", "queue_url", "id"),
		text("aws_s3_bucket", object{"bucket": "coder-logs"}, "policy",
			bucketPolicy(own, "arn:aws:s3:::coder-logs/*")["policy"].(string), "aws_s3_bucket_policy", "bucket", "id"),
	}
}

// bucketShared are the settings of a bucket that are deprecated arguments and resources.
func bucketShared() []shared {
	setting := func(argument string, written any, finer string, part object) shared {
		return shared{
			whole: "aws_s3_bucket", config: object{"bucket": "coder-logs"}, argument: argument, written: written, finer: finer, stays: true,
			scene: func(t *testing.T, d *sandboxtest.Driver) object {
				return d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-other"})
			},
			part: func(object, object) object { return merged(part, object{"bucket": "coder-logs"}) },
		}
	}
	encryption := func(key any) []any {
		return []any{object{"bucket_key_enabled": true,
			"apply_server_side_encryption_by_default": []any{object{"sse_algorithm": "aws:kms", "kms_master_key_id": key}}}}
	}
	cors := []any{object{"allowed_headers": []any{"*"}, "allowed_methods": []any{"GET"}, "allowed_origins": []any{"*"},
		"expose_headers": []any{"ETag"}, "max_age_seconds": 60.0}}
	life := object{"id": "old", "enabled": true, "prefix": "log/", "expiration": []any{object{"days": 30.0}}}
	return []shared{
		setting("versioning", []any{object{"enabled": true, "mfa_delete": false}}, "aws_s3_bucket_versioning",
			object{"versioning_configuration": []object{{"status": "Enabled"}}}),
		setting("server_side_encryption_configuration", []any{object{"rule": encryption("alias/aws/s3")}},
			"aws_s3_bucket_server_side_encryption_configuration", object{"rule": encryption("alias/aws/s3")}),
		setting("logging", []any{object{"target_bucket": "coder-other", "target_prefix": "log/"}}, "aws_s3_bucket_logging",
			object{"target_bucket": "coder-other", "target_prefix": "log/"}),
		setting("cors_rule", cors, "aws_s3_bucket_cors_configuration",
			object{"cors_rule": cors}),
		setting("lifecycle_rule", []any{life}, "aws_s3_bucket_lifecycle_configuration",
			object{"rule": []object{{"id": "old", "status": "Enabled", "filter": []object{{"prefix": "log/"}},
				"expiration": []object{{"days": 30}}}}}),
		setting("acceleration_status", "Enabled", "aws_s3_bucket_accelerate_configuration", object{"status": "Enabled"}),
		setting("request_payer", "Requester", "aws_s3_bucket_request_payment_configuration", object{"payer": "Requester"}),
	}
}

// settingTwice are settings of which two resources are the same: AWS overwrites.
func settingTwice() []twice {
	both := func(name, parent string, config object, typ, of string, first, second object) twice {
		return twice{name: name, scene: func(t *testing.T, d *sandboxtest.Driver) (string, object, object) {
			made := object{of: d.MustCreate(t, parent, config)["id"]}
			return typ, merged(first, made), merged(second, made)
		}}
	}
	policy := func(action string) object {
		return object{"policy": policyFor(object{"Service": "s3.amazonaws.com"}, action)}
	}
	return []twice{
		both("the policy of a queue", "aws_sqs_queue", object{"name": "q"}, "aws_sqs_queue_policy", "queue_url",
			policy("sqs:SendMessage"), policy("sqs:ReceiveMessage")),
		both("the policy of a topic", "aws_sns_topic", object{"name": "t"}, "aws_sns_topic_policy", "arn",
			policy("sns:Publish"), policy("sns:Subscribe")),
		both("a subscription", "aws_sns_topic", object{"name": "t"}, "aws_sns_topic_subscription", "topic_arn",
			object{"protocol": "email", "endpoint": "me@example.com"}, object{"protocol": "email", "endpoint": "me@example.com"}),
		both("the versioning of a bucket", "aws_s3_bucket", object{"bucket": "coder-logs"}, "aws_s3_bucket_versioning", "bucket",
			object{"versioning_configuration": []object{{"status": "Enabled"}}},
			object{"versioning_configuration": []object{{"status": "Suspended"}}}),
		{name: "a bucket", refused: "BucketAlreadyOwnedByYou", scene: func(*testing.T, *sandboxtest.Driver) (string, object, object) {
			return "aws_s3_bucket", object{"bucket": "coder-logs"}, object{"bucket": "coder-logs"}
		}},
	}
}

// TestLastWriterIsSeen: of two resources that set one thing of a bucket, the one that was applied first shows at its next plan what the
// other set.
func TestLastWriterIsSeen(t *testing.T) {
	d := sandboxtest.New(t, "")
	d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs"})
	config := object{"bucket": "coder-logs", "versioning_configuration": []object{{"status": "Enabled"}}}
	first := d.MustCreate(t, "aws_s3_bucket_versioning", config)
	d.MustCreate(t, "aws_s3_bucket_versioning", merged(config, object{"versioning_configuration": []object{{"status": "Suspended"}}}))
	first, err := d.Read("aws_s3_bucket_versioning", first)
	expect(t, err, "")
	planned, err := d.Plan("aws_s3_bucket_versioning", first, config)
	expect(t, err, "")
	before, after := status(first), status(planned)
	if before != "Suspended" || after != "Enabled" {
		t.Errorf("the first is planned to change from %v to %v", before, after)
	}
}

func status(versioning object) any {
	return versioning["versioning_configuration"].([]any)[0].(object)["status"]
}

// TestWorldBeforeSettings opens a world that was written when what an argument says was kept in the argument alone: the argument is read
// as it was, unless another resource had set the same, and the finer type finds it.
func TestWorldBeforeSettings(t *testing.T) {
	path := worldBefore(t, "world_before_settings.json")
	before, err := world.Peek(path, sandboxtest.Now)
	expect(t, err, "")
	for _, opening := range []string{"the first time", "once more"} {
		t.Run(opening, func(t *testing.T) {
			w, err := world.Open(path, world.Options{Now: sandboxtest.Now})
			expect(t, err, "")
			defer func() { expect(t, w.Close(), "") }()
			d := sandboxtest.On(t, w, "")
			for _, r := range before.List(nil) {
				state, err := d.Read(r.Type, r.Attributes)
				expect(t, err, "")
				for name, value := range r.Attributes {
					if set := r.ID + "." + name; fmt.Sprint(state[name]) != fmt.Sprint(value) && !slices.Contains([]string{
						"plain.managed_policy_arns", "coder-plain.versioning", "arn:aws:sns:us-east-1:123456789012:t.policy"}, set) {
						t.Errorf("%s %s was %v and is %v", r.Type, set, value, state[name])
					}
				}
			}
			for finer, want := range map[string]int{
				"aws_iam_role_policy": 1, "aws_iam_role_policy_attachment": 2, "aws_s3_bucket_policy": 1, "aws_s3_bucket_versioning": 2,
				"aws_s3_bucket_server_side_encryption_configuration": 0,
				"aws_sqs_queue_policy":                               1, "aws_sns_topic_policy": 1, "aws_kms_key_policy": 1,
			} {
				if got := len(w.Of(finer)); got != want {
					t.Errorf("there are %d %s, want %d", got, finer, want)
				}
			}
			topic := before.Of("aws_sns_topic")[0]
			set := before.Of("aws_sns_topic_policy")[0].String("policy")
			if state, err := d.Read("aws_sns_topic", topic.Attributes); err != nil || state["policy"] != set {
				t.Errorf("the topic shows the policy %v (%v), and its resource had set %s", state["policy"], err, set)
			}
		})
	}
}
