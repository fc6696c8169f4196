// Package bedrock declares what Terraform asks Amazon Bedrock: by which inference profile a model is called, and where its requests may be
// answered. It knows the model and facts; the catalog imports it.
package bedrock

import (
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources are the data sources of the service.
func DataSources() []*model.DataSource {
	return []*model.DataSource{{Name: "aws_bedrock_inference_profile", API: "Bedrock", Noun: "Bedrock Inference Profile",
		Call: "GetInferenceProfile", Read: readInferenceProfile}}
}

// readInferenceProfile answers with the profile, and the model in each region that it sends requests to. Error code: Bedrock API model.
func readInferenceProfile(c *model.Call) *world.Error {
	id := c.String("inference_profile_id")
	profile, found := facts.FindInferenceProfile(id[strings.LastIndex(id, "/")+1:], c.Region)
	if !found {
		return &world.Error{Code: "ResourceNotFoundException", Status: 404,
			Message: "The inference profile " + id + " is not known in " + c.Region + "."}
	}
	models := []any{}
	for _, region := range profile.Regions {
		models = append(models, world.Object{"model_arn": "arn:" + c.Partition() + ":bedrock:" + region + "::foundation-model/" + profile.Model})
	}
	c.Force("inference_profile_arn", "arn:"+c.Partition()+":bedrock:"+c.Region+":"+c.Account+":inference-profile/"+profile.ID)
	c.Force("inference_profile_id", id)
	c.Set("inference_profile_name", profile.ID)
	c.Set("description", "Routes requests to "+profile.Model)
	c.Set("models", models)
	c.Set("status", "ACTIVE")
	c.Set("type", "SYSTEM_DEFINED")
	c.SetEach("2025-10-01T00:00:00Z", "created_at", "updated_at")
	return nil
}
