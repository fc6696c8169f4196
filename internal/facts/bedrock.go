package facts

import (
	"slices"
	"strings"
)

// bedrockModels are the models of Anthropic that Bedrock serves by inference profiles, by the prefixes of the profiles that there are.
// Newer models have no other way. Sources: model cards of the Amazon Bedrock user guide; policies of public repositories that name the
// profiles of GovCloud. Read on 2026-11-30.
var bedrockModels = map[string][]string{
	"anthropic.claude-haiku-4-5-20251001-v1:0":  {"us", "eu", "jp", "au", "global"},
	"anthropic.claude-sonnet-4-5-20250929-v1:0": {"us", "eu", "jp", "au", "global", "us-gov"},
	"anthropic.claude-sonnet-4-6":               {"us", "eu", "jp", "au", "global"},
	"anthropic.claude-sonnet-5":                 {"us", "eu", "global", "us-gov"},
	"anthropic.claude-opus-4-5-20251101-v1:0":   {"us", "eu", "global"},
	"anthropic.claude-opus-4-6-v1":              {"us", "eu", "global"},
	"anthropic.claude-opus-4-8":                 {"us", "eu", "jp", "global", "us-gov"},
}

// bedrockGeographies are the regions that a profile of a prefix sends requests to, each of which is a region to call it from as well.
// Sources: "Geographic cross-Region inference" of the Amazon Bedrock user guide, and policies of public repositories that were taken from
// the answers of GetInferenceProfile. Bedrock adds regions: a plan on AWS has those of its day.
var bedrockGeographies = map[string][]string{
	"us":     {"us-east-1", "us-east-2", "us-west-2"},
	"eu":     {"eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"},
	"jp":     {"ap-northeast-1", "ap-northeast-3"},
	"au":     {"ap-southeast-2", "ap-southeast-4"},
	"us-gov": {"us-gov-east-1", "us-gov-west-1"},
}

// InferenceProfile is what Bedrock sends requests for a model by, from one region to one or several.
type InferenceProfile struct {
	// ID is what requests name, such as eu.anthropic.claude-sonnet-4-6, and Model the foundation model behind it.
	ID, Model string
	// Regions are those that requests may be sent to. An empty one among them is every commercial region.
	Regions []string
}

// FindInferenceProfile finds a profile of Bedrock's by its id as far as it can be called from a region.
func FindInferenceProfile(id, region string) (InferenceProfile, bool) {
	prefix, model, _ := strings.Cut(id, ".")
	if !slices.Contains(bedrockModels[model], prefix) {
		return InferenceProfile{}, false
	}
	if prefix == "global" {
		return InferenceProfile{id, model, []string{region, ""}}, Partition(region) == "aws"
	}
	regions := bedrockGeographies[prefix]
	return InferenceProfile{id, model, slices.Clone(regions)}, slices.Contains(regions, region)
}
