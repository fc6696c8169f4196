// Package guardduty declares Amazon GuardDuty: the detector of a region, and what it looks at. It knows the model alone; the catalog
// imports it.
//
// Rules: API model (botocore guardduty 2017-11-28) and the API reference; messages: logs of real deployments, unless marked unverified.
package guardduty

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const (
	api       = "GuardDuty"
	detectors = "aws_guardduty_detector"
	features  = "aws_guardduty_detector_feature"
)

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{detector(), feature()} }

func detector() *model.Type {
	return &model.Type{
		Name: detectors, API: api, Noun: "GuardDuty Detector",
		CreateCall: "CreateDetector", UpdateCall: "UpdateDetector", DeleteCall: "DeleteDetector",
		Identify: func(c *model.Call) string { return c.Hex(32) },
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				if c.Creating() && len(c.All(detectors)) > 0 {
					return world.Fail("BadRequestException",
						"The request is rejected because a detector already exists for the current account.")
				}
				return nil
			},
			model.OneOf("BadRequestException", "finding_publishing_frequency", "findingPublishingFrequency", "FIFTEEN_MINUTES", "ONE_HOUR",
				"SIX_HOURS"),
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("guardduty", "detector/"+c.ID))
			c.Set("account_id", c.Account)
			c.Set("finding_publishing_frequency", "SIX_HOURS")
			c.Set("datasources", []any{world.Object{
				"s3_logs":    []any{world.Object{"enable": true}},
				"kubernetes": []any{world.Object{"audit_logs": []any{world.Object{"enable": true}}}},
				"malware_protection": []any{world.Object{"scan_ec2_instance_with_findings": []any{world.Object{
					"ebs_volumes": []any{world.Object{"enable": true}}}}}},
			}})
		},
		Latency: model.Instant("estimate"),
	}
}

func feature() *model.Type {
	return &model.Type{
		Name: features, API: api, Noun: "GuardDuty Detector Feature",
		CreateCall: "UpdateDetector", UpdateCall: "UpdateDetector", DeleteCall: "UpdateDetector",
		Identify: func(c *model.Call) string { return c.String("detector_id") + "/" + c.String("name") },
		Same:     []string{"detector_id", "name"}, // what GuardDuty is told last holds
		References: []model.Reference{{Path: "detector_id", To: []string{detectors}, Inside: true, Missing: model.Missing(
			"BadRequestException", "The request is rejected because the input detectorId is not owned by the current account.")}},
		Checks: []model.Check{
			model.OneOf("BadRequestException", "name", "features.name", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION",
				"RDS_LOGIN_EVENTS", "EKS_RUNTIME_MONITORING", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING"),
			model.OneOf("BadRequestException", "status", "features.status", "ENABLED", "DISABLED"),
			runtimeOnce,
		},
		Replace: model.ReplacedBy("detector_id", "name"),
		Fill:    func(*model.Call) {},
		Latency: model.Instant("estimate"),
	}
}

// runtimeOnce refuses runtime monitoring of EKS beside that of everything, which has it (API reference, DetectorFeatureConfiguration).
func runtimeOnce(c *model.Call) *world.Error {
	const ofEKS, ofAll = "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"
	other := map[string]string{ofEKS: ofAll, ofAll: ofEKS}[c.String("name")]
	found := c.Find(features, c.String("detector_id")+"/"+other)
	if other == "" || found == nil || c.String("status") != "ENABLED" || found.String("status") != "ENABLED" {
		return nil
	}
	// unverified text
	return world.Fail("BadRequestException", "The request is rejected because %s and %s exclude each other.", ofEKS, ofAll)
}
