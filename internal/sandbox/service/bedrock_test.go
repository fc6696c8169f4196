package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestInferenceProfiles asks by which profile a model is called, and where it answers.
func TestInferenceProfiles(t *testing.T) {
	model := func(partition, region, name string) object {
		return object{"model_arn": "arn:" + partition + ":bedrock:" + region + "::foundation-model/" + name}
	}
	for region, questions := range map[string][]question{
		"us-east-1": {
			{name: "a profile of the geography", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "us.anthropic.claude-haiku-4-5-20251001-v1:0"},
				want: object{"inference_profile_arn": "arn:aws:bedrock:us-east-1:123456789012:inference-profile/" +
					"us.anthropic.claude-haiku-4-5-20251001-v1:0", "status": "ACTIVE",
					"models": []any{model("aws", "us-east-1", "anthropic.claude-haiku-4-5-20251001-v1:0"),
						model("aws", "us-east-2", "anthropic.claude-haiku-4-5-20251001-v1:0"),
						model("aws", "us-west-2", "anthropic.claude-haiku-4-5-20251001-v1:0")}}},
			{name: "a global profile, whose second model has no region", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "global.anthropic.claude-sonnet-4-6"},
				want: object{"models": []any{model("aws", "us-east-1", "anthropic.claude-sonnet-4-6"),
					model("aws", "", "anthropic.claude-sonnet-4-6")}}},
			{name: "a profile of another geography", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "eu.anthropic.claude-sonnet-4-6"}, fails: "ResourceNotFoundException"},
			{name: "a model that is none", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "us.claude-haiku-4-5-20251001-v1:0"}, fails: "is not known in us-east-1"},
		},
		"us-gov-west-1": {
			{name: "a profile of GovCloud", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "us-gov.anthropic.claude-sonnet-5"},
				want: object{"models": []any{model("aws-us-gov", "us-gov-east-1", "anthropic.claude-sonnet-5"),
					model("aws-us-gov", "us-gov-west-1", "anthropic.claude-sonnet-5")}}},
			{name: "a global profile in GovCloud", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "global.anthropic.claude-sonnet-5"}, fails: "ResourceNotFoundException"},
			{name: "a model that GovCloud lacks", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "us-gov.anthropic.claude-haiku-4-5-20251001-v1:0"}, fails: "ResourceNotFoundException"},
		},
		"eu-west-2": {
			{name: "a profile of Europe in a region that it is not called from", source: "aws_bedrock_inference_profile",
				config: object{"inference_profile_id": "eu.anthropic.claude-sonnet-4-6"}, fails: "is not known in eu-west-2"},
		},
	} {
		ask(t, sandboxtest.New(t, region), questions)
	}
}
