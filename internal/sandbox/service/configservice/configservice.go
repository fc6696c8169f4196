// Package configservice declares AWS Config: the recorder of a region, its delivery channel, and whether it records. Beside the model it
// imports permission and principal; the catalog imports it.
//
// Rules: API model (botocore config 2014-11-12) and the API reference; messages: logs of real deployments, unless marked unverified.
package configservice

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

const (
	api       = "Config Service"
	recorders = "aws_config_configuration_recorder"
	channels  = "aws_config_delivery_channel"
	statuses  = "aws_config_configuration_recorder_status"
)

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{recorder(), channel(), status()} }

func recorder() *model.Type {
	return &model.Type{
		Name: recorders, API: api, Noun: "ConfigService Configuration Recorder",
		CreateCall: "PutConfigurationRecorder", UpdateCall: "PutConfigurationRecorder", DeleteCall: "DeleteConfigurationRecorder",
		Identify:   model.IDFrom("name"),
		References: []model.Reference{{Path: "role_arn", To: []string{"aws_iam_role", "aws_iam_service_linked_role"}, By: "arn", Weak: true}},
		Checks: []model.Check{
			model.Length("ValidationException", "name", "configurationRecorder.name", 1, 256),
			oneOfRegion(recorders, "MaxNumberOfConfigurationRecordersExceededException",
				"Failed to put configuration recorder '%s' because the maximum number of configuration recorders: 1 is reached."),
			recorded,
		},
		Fill: func(c *model.Call) {
			c.Set("recording_group", []any{world.Object{"all_supported": true, "include_global_resource_types": false,
				"resource_types": []any{}, "exclusion_by_resource_types": []any{},
				"recording_strategy": []any{world.Object{"use_only": "ALL_SUPPORTED_RESOURCE_TYPES"}}}})
			c.SetIn("recording_group", "exclusion_by_resource_types", []any{})
			c.SetIn("recording_group", "recording_strategy", []any{world.Object{"use_only": "ALL_SUPPORTED_RESOURCE_TYPES"}})
			c.Set("recording_mode", []any{world.Object{"recording_frequency": "CONTINUOUS", "recording_mode_override": []any{}}})
		},
		Latency: model.Instant("estimate"),
	}
}

// oneOfRegion refuses a second one under another name: AWS Config has one of each in a region (service quotas of AWS Config).
func oneOfRegion(typ, code, format string) model.Check {
	return func(c *model.Call) *world.Error {
		for _, other := range c.All(typ) {
			if c.Creating() && other.ID != c.String("name") {
				return world.Fail(code, format, c.String("name"))
			}
		}
		return nil
	}
}

// recorded holds what is recorded to one of the ways to say it.
func recorded(c *model.Call) *world.Error {
	if c.Bool("recording_group.all_supported") && len(c.Strings("recording_group.resource_types")) > 0 {
		return world.Fail("InvalidRecordingGroupException",
			"The recording group provided is not valid: all supported types and named types exclude each other") // unverified text
	}
	return nil
}

func channel() *model.Type {
	return &model.Type{
		Name: channels, API: api, Noun: "ConfigService Delivery Channel",
		CreateCall: "PutDeliveryChannel", UpdateCall: "PutDeliveryChannel", DeleteCall: "DeleteDeliveryChannel",
		Identify: model.IDFrom("name"),
		References: []model.Reference{
			{Path: "s3_bucket_name", To: []string{"aws_s3_bucket"}, Weak: true},
			{Path: "s3_kms_key_arn", To: []string{"aws_kms_key"}, By: "arn", Weak: true},
		},
		Checks: []model.Check{
			oneOfRegion(channels, "MaxNumberOfDeliveryChannelsExceededException",
				"Failed to put delivery channel '%s' because the maximum number of delivery channels: 1 is reached."),
			hasRecorder, delivers,
		},
		BeforeDelete: []model.Check{notRecording},
		Fill:         func(*model.Call) {},
		Latency:      model.Instant("estimate"),
	}
}

func hasRecorder(c *model.Call) *world.Error {
	if len(c.All(recorders)) == 0 {
		return world.Fail("NoAvailableConfigurationRecorderException", "Configuration recorder is not available to put delivery channel.")
	}
	return nil
}

// delivers refuses a bucket that neither lets AWS Config in nor the recorder's role, and one with an object lock, which the API reference
// (DeliveryChannel) says is not supported; buckets of other accounts are not known.
func delivers(c *model.Call) *world.Error {
	bucket := c.Find("aws_s3_bucket", c.String("s3_bucket_name"))
	if bucket == nil {
		return nil
	}
	policy, _ := c.Look(bucket)["policy"].(string)
	writes := principal.Admits(policy, "config.amazonaws.com", "s3:PutObject")
	for _, recorder := range c.All(recorders) {
		role := c.FindBy("aws_iam_role", "arn", recorder.String("role_arn"))
		writes = writes || role != nil && permission.Able(c, role, "s3:PutObject")
	}
	if writes && bucket.Attributes["object_lock_enabled"] != true {
		return nil
	}
	return world.Fail("InsufficientDeliveryPolicyException", "Insufficient delivery policy to s3 bucket: %s, unable to write to bucket, "+
		"provided s3 key prefix is 'null', provided kms key is '%s'.", bucket.ID, orNull(c.String("s3_kms_key_arn")))
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return text
}

// notRecording refuses to take the channel from a recorder that records.
func notRecording(c *model.Call) *world.Error {
	for _, other := range c.All(statuses) {
		if other.Attributes["is_enabled"] == true {
			return world.Fail("LastDeliveryChannelDeleteFailedException", "Failed to delete last specified delivery channel with name '%s', "+
				"because there is a running configuration recorder.", c.String("name"))
		}
	}
	return nil
}

func status() *model.Type {
	return &model.Type{
		Name: statuses, API: api, Noun: "ConfigService Configuration Recorder Status",
		CreateCall: "StartConfigurationRecorder", UpdateCall: "StartConfigurationRecorder", DeleteCall: "StopConfigurationRecorder",
		Identify: model.IDFrom("name"),
		Same:     []string{"name"}, // to start a recorder again changes nothing
		References: []model.Reference{{Path: "name", To: []string{recorders}, Inside: true, Missing: model.Missing(
			"NoSuchConfigurationRecorderException", "Cannot find configuration recorder with the specified name '%s'.")}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			if c.Bool("is_enabled") && len(c.All(channels)) == 0 {
				return world.Fail("NoAvailableDeliveryChannelException", "Delivery channel is not available to start configuration recorder.")
			}
			return nil
		}},
		Fill:    func(*model.Call) {},
		Latency: model.Instant("estimate"),
	}
}
