package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// configRecorder makes a recorder whose role may write into buckets.
func configRecorder(t *testing.T, d *sandboxtest.Driver, writes bool) {
	t.Helper()
	role := d.MustCreate(t, "aws_iam_role", object{"name": "config", "assume_role_policy": trust("config.amazonaws.com")})
	if writes {
		d.MustCreate(t, "aws_iam_role_policy", object{"name": "deliver", "role": "config",
			"policy": policyWith(object{"Action": "s3:PutObject"})})
	}
	d.MustCreate(t, "aws_config_configuration_recorder", object{"name": "default", "role_arn": role["arn"]})
}

func TestConfig(t *testing.T) {
	channel := func(writes bool, bucket object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			configRecorder(t, d, writes)
			d.MustCreate(t, "aws_s3_bucket", merged(object{"bucket": "records"}, bucket))
			return "aws_config_delivery_channel", object{"name": "default", "s3_bucket_name": "records"}
		}
	}
	after := func(first setting, typ string, config object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			made, arguments := first(t, d)
			d.MustCreate(t, made, arguments)
			return typ, config
		}
	}
	const insufficient = "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: records, unable to write to bucket"
	check(t, []rule{
		{name: "a recorder", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			role := d.MustCreate(t, "aws_iam_role", object{"name": "config", "assume_role_policy": trust("config.amazonaws.com")})
			return "aws_config_configuration_recorder", object{"name": "default", "role_arn": role["arn"],
				"recording_group": []object{{"all_supported": true, "include_global_resource_types": true}}}
		}},
		{name: "a second recorder", refused: "MaxNumberOfConfigurationRecordersExceededException: Failed to put configuration recorder 'mine' " +
			"because the maximum number of configuration recorders: 1 is reached.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				configRecorder(t, d, true)
				return "aws_config_configuration_recorder", object{"name": "mine", "role_arn": "arn:aws:iam::123456789012:role/config"}
			}},
		{name: "everything and something", refused: "InvalidRecordingGroupException",
			given: creating("aws_config_configuration_recorder", object{"name": "default", "role_arn": "arn:aws:iam::123456789012:role/config",
				"recording_group": []object{{"all_supported": true, "resource_types": []any{"AWS::EC2::VPC"}}}})},
		{name: "a channel", given: channel(true, nil)},
		{name: "a channel without a recorder", refused: "NoAvailableConfigurationRecorderException: Configuration recorder is not available",
			given: creating("aws_config_delivery_channel", object{"name": "default", "s3_bucket_name": "elsewhere"})},
		{name: "a channel into a bucket that lets nobody in", given: channel(false, nil), refused: insufficient},
		{name: "a channel into a bucket that lets AWS Config in",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := channel(false, nil)(t, d)
				d.MustCreate(t, "aws_s3_bucket_policy", object{"bucket": "records", "policy": policyWith(object{"Action": "s3:PutObject",
					"Principal": object{"Service": "config.amazonaws.com"}, "Resource": "arn:aws:s3:::records/*"})})
				return typ, config
			}},
		{name: "a channel of the service-linked role into a bucket that lets nobody in", refused: insufficient,
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				role := d.MustCreate(t, "aws_iam_service_linked_role", object{"aws_service_name": "config.amazonaws.com"})
				d.MustCreate(t, "aws_config_configuration_recorder", object{"name": "default", "role_arn": role["arn"]})
				d.MustCreate(t, "aws_s3_bucket", object{"bucket": "records"})
				return "aws_config_delivery_channel", object{"name": "default", "s3_bucket_name": "records"}
			}},
		{name: "a channel into a bucket with a lock", given: channel(true, object{"object_lock_enabled": true}), refused: insufficient},
		{name: "a second channel", refused: "MaxNumberOfDeliveryChannelsExceededException: Failed to put delivery channel 'mine'",
			given: after(channel(true, nil), "aws_config_delivery_channel", object{"name": "mine", "s3_bucket_name": "records"})},
		{name: "a recorder that starts", given: after(channel(true, nil), "aws_config_configuration_recorder_status",
			object{"name": "default", "is_enabled": true})},
		{name: "a recorder that starts without a channel", refused: "NoAvailableDeliveryChannelException: Delivery channel is not available",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				configRecorder(t, d, true)
				return "aws_config_configuration_recorder_status", object{"name": "default", "is_enabled": true}
			}},
		{name: "a recorder that starts and is not there", refused: "NoSuchConfigurationRecorderException: Cannot find configuration recorder",
			given: creating("aws_config_configuration_recorder_status", object{"name": "none", "is_enabled": true})},
	})

	d := sandboxtest.New(t, "")
	typ, config := channel(true, nil)(t, d)
	made := d.MustCreate(t, typ, config)
	status := d.MustCreate(t, "aws_config_configuration_recorder_status", object{"name": "default", "is_enabled": true})
	expect(t, d.Delete(typ, made), "LastDeliveryChannelDeleteFailedException: Failed to delete last specified delivery channel with name 'default'")
	expect(t, d.Delete("aws_config_configuration_recorder_status", status), "")
	expect(t, d.Delete(typ, made), "")
	noFallbacks(t, d)
}

func TestGuardDuty(t *testing.T) {
	feature := func(config object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			detector := d.MustCreate(t, "aws_guardduty_detector", object{"enable": true})
			return "aws_guardduty_detector_feature", merged(object{"detector_id": detector["id"], "status": "ENABLED"}, config)
		}
	}
	check(t, []rule{
		{name: "a detector", given: creating("aws_guardduty_detector", object{"enable": true})},
		{name: "a second detector", given: repeating("aws_guardduty_detector", object{"enable": true}, nil),
			refused: "BadRequestException: The request is rejected because a detector already exists for the current account."},
		{name: "a detector that tells each minute", refused: "[FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS]",
			given: creating("aws_guardduty_detector", object{"enable": true, "finding_publishing_frequency": "ONE_MINUTE"})},
		{name: "a feature", given: feature(object{"name": "EKS_AUDIT_LOGS"})},
		{name: "a feature that there is not", given: feature(object{"name": "EKS_EVERYTHING"}), refused: "Member must satisfy enum value set"},
		{name: "a feature that is half on", given: feature(object{"name": "EKS_AUDIT_LOGS", "status": "HALF"}), refused: "[ENABLED, DISABLED]"},
		{name: "a feature of no detector", refused: "the input detectorId is not owned by the current account",
			given: creating("aws_guardduty_detector_feature", object{"detector_id": "none", "name": "EKS_AUDIT_LOGS", "status": "ENABLED"})},
		{name: "runtime monitoring of EKS and of everything", refused: "BadRequestException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := feature(object{"name": "RUNTIME_MONITORING"})(t, d)
				d.MustCreate(t, typ, config)
				return typ, merged(config, object{"name": "EKS_RUNTIME_MONITORING"})
			}},
	})
}

func TestSecurityHub(t *testing.T) {
	subscription := func(arn string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_securityhub_account", object{})
			return "aws_securityhub_standards_subscription", object{"standards_arn": arn}
		}
	}
	const nist = "arn:aws:securityhub:us-east-1::standards/nist-800-53/v/5.0.0"
	check(t, []rule{
		{name: "a hub", given: creating("aws_securityhub_account", object{})},
		{name: "a second hub", given: repeating("aws_securityhub_account", object{}, nil),
			refused: "ResourceConflictException: Account is already subscribed to Security Hub"},
		{name: "a hub of findings of a third kind", given: creating("aws_securityhub_account", object{"control_finding_generator": "BOTH"}),
			refused: "[SECURITY_CONTROL, STANDARD_CONTROL]"},
		{name: "a standard", given: subscription(nist)},
		{name: "the first standard of all", given: subscription("arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0")},
		{name: "a standard of another partition", given: subscription("arn:aws-us-gov:securityhub:us-gov-west-1::standards/nist-800-53/v/5.0.0"),
			refused: "InvalidInputException"},
		{name: "a standard without a hub", refused: "InvalidAccessException: Account 123456789012 is not subscribed to AWS Security Hub",
			given: creating("aws_securityhub_standards_subscription", object{"standards_arn": nist})},
	})
}

func TestQueryLogs(t *testing.T) {
	config := func(t *testing.T, d *sandboxtest.Driver) object {
		t.Helper()
		group := d.MustCreate(t, "aws_cloudwatch_log_group", object{"name": "/aws/route53resolver/coder"})
		return d.MustCreate(t, "aws_route53_resolver_query_log_config", object{"name": "coder", "destination_arn": group["arn"]})
	}
	check(t, []rule{
		{name: "a log of queries of a VPC", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_route53_resolver_query_log_config_association", object{"resolver_query_log_config_id": config(t, d)["id"],
				"resource_id": vpcOf(t, d)}
		}},
		{name: "a log of queries twice", refused: "ResourceExistsException", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			association := object{"resolver_query_log_config_id": config(t, d)["id"], "resource_id": vpcOf(t, d)}
			d.MustCreate(t, "aws_route53_resolver_query_log_config_association", association)
			return "aws_route53_resolver_query_log_config_association", association
		}},
		{name: "a log of queries of no VPC", refused: "InvalidParameterException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_route53_resolver_query_log_config_association", object{"resolver_query_log_config_id": config(t, d)["id"],
					"resource_id": "vpc-0"}
			}},
		{name: "queries into a group that there is not", refused: "InvalidParameterException",
			given: creating("aws_route53_resolver_query_log_config", object{"name": "coder",
				"destination_arn": "arn:aws:logs:us-east-1:123456789012:log-group:none"})},
	})

	d := sandboxtest.New(t, "")
	made := config(t, d)
	association := d.MustCreate(t, "aws_route53_resolver_query_log_config_association", object{"resolver_query_log_config_id": made["id"],
		"resource_id": vpcOf(t, d)})
	expect(t, d.Delete("aws_route53_resolver_query_log_config", made), "InvalidRequestException")
	expect(t, d.Delete("aws_route53_resolver_query_log_config_association", association), "")
	expect(t, d.Delete("aws_route53_resolver_query_log_config", made), "")
	noFallbacks(t, d)
}
