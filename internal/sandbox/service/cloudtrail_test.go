package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// trailBucket makes a bucket that lets a service do two actions.
func trailBucket(t *testing.T, d *sandboxtest.Driver, service string) {
	t.Helper()
	trailBucketOf(t, d, service, service)
}

// trailBucketOf makes one at which one service may look, and to which one may write.
func trailBucketOf(t *testing.T, d *sandboxtest.Driver, looks, writes string) {
	t.Helper()
	d.MustCreate(t, "aws_s3_bucket", object{"bucket": "trail"})
	d.MustCreate(t, "aws_s3_bucket_policy",
		object{"bucket": "trail", "policy": sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
			object{"Effect": "Allow", "Principal": object{"Service": looks}, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::trail"},
			object{"Effect": "Allow", "Principal": object{"Service": writes}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::trail/*"}}})})
}

// selecting is a trail of the events that some fields pick.
func selecting(fields ...object) object {
	return object{"advanced_event_selector": []object{{"field_selector": fields}}}
}

func TestTrail(t *testing.T) {
	trail := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			trailBucket(t, d, "cloudtrail.amazonaws.com")
			return "aws_cloudtrail", merged(object{"name": "coder", "s3_bucket_name": "trail"}, change)
		}
	}
	check(t, []rule{
		{name: "a trail", given: trail(nil)},
		{name: "a trail that tells a topic by its name", given: trail(object{"sns_topic_name": "alarms"})},
		{name: "a trail that tells a topic by its ARN", given: trail(object{"sns_topic_name": "arn:aws:sns:us-east-1:123456789012:alarms"})},
		{name: "what passes endpoints", given: trail(selecting(
			object{"field": "eventCategory", "equals": []any{"NetworkActivity"}},
			object{"field": "eventSource", "equals": []any{"ec2.amazonaws.com"}}))},
		{name: "what passes endpoints of any service",
			given:   trail(selecting(object{"field": "eventCategory", "equals": []any{"NetworkActivity"}})),
			refused: "InvalidEventSelectorsException: An advanced event selector for network activity events must have one eventSource."},
		{name: "data of any kind", given: trail(selecting(object{"field": "eventCategory", "equals": []any{"Data"}})),
			refused: "must have one resources.type"},
		{name: "events of no category", given: trail(selecting(object{"field": "eventSource", "equals": []any{"ec2.amazonaws.com"}})),
			refused: "must have eventCategory"},
		{name: "a name of 2 characters", given: trail(object{"name": "ab"}),
			refused: "InvalidTrailNameException: Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters."},
		{name: "a name of 129 characters", given: trail(object{"name": text(129)}),
			refused: "InvalidTrailNameException: Trail name too long. Maximum allowed length: 128"},
		{name: "a name that begins with a hyphen", given: trail(object{"name": "-coder"}),
			refused: "Trail name must starts with a letter or number."},
		{name: "a name with a space", given: trail(object{"name": "co der"}), refused: "Trail name or ARN can only contain uppercase letters"},
		{name: "a bucket that does not exist", given: trail(object{"s3_bucket_name": "none"}),
			refused: "S3BucketDoesNotExistException: S3 bucket none does not exist!"},
		{name: "a bucket that does not let CloudTrail in",
			refused: "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: trail",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				trailBucket(t, d, "config.amazonaws.com")
				return "aws_cloudtrail", object{"name": "coder", "s3_bucket_name": "trail"}
			}},
		{name: "a bucket at which CloudTrail may look alone", refused: "InsufficientS3BucketPolicyException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				trailBucketOf(t, d, "cloudtrail.amazonaws.com", "config.amazonaws.com")
				return "aws_cloudtrail", object{"name": "coder", "s3_bucket_name": "trail"}
			}},
		{name: "a bucket to which CloudTrail may write alone", refused: "InsufficientS3BucketPolicyException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				trailBucketOf(t, d, "config.amazonaws.com", "cloudtrail.amazonaws.com")
				return "aws_cloudtrail", object{"name": "coder", "s3_bucket_name": "trail"}
			}},
		{name: "a log group that does not exist",
			given:   trail(object{"cloud_watch_logs_group_arn": "arn:none:*", "cloud_watch_logs_role_arn": "arn:none"}),
			refused: "InvalidCloudWatchLogsLogGroupArnException"},
		{name: "a key that does not exist", given: trail(object{"kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/0"}),
			refused: "KmsKeyNotFoundException"},
		{name: "a sixth trail", refused: "MaximumNumberOfTrailsExceededException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := trail(nil)(t, d)
				for i := range 5 {
					d.MustCreate(t, typeName, merged(config, object{"name": text(i + 3)}))
				}
				return typeName, config
			}},
		{name: "a second trail of one name", refused: "TrailAlreadyExistsException: Trail coder already exists for customer: 123456789012",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := trail(nil)(t, d)
				d.MustCreate(t, typeName, config)
				noFallbacks(t, d)
				return typeName, config
			}},
	})
}
