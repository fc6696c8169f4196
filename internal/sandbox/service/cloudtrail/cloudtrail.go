// Package cloudtrail declares AWS CloudTrail: trails. Beside the model it imports iampolicy and kms; the catalog imports it.
//
// Rules: API model (botocore); messages: moto and logs of real deployments, unless marked unverified.
package cloudtrail

import (
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "CloudTrail"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{trail()} }

func trail() *model.Type {
	return &model.Type{
		Name: "aws_cloudtrail", API: api, Noun: "CloudTrail Trail",
		CreateCall: "CreateTrail", UpdateCall: "UpdateTrail", DeleteCall: "DeleteTrail",
		Identify: func(c *model.Call) string { return c.ARN("cloudtrail", "trail/"+c.String("name")) },
		References: []model.Reference{
			{Path: "s3_bucket_name", To: []string{"aws_s3_bucket"}, Weak: true,
				Missing: model.Missing("S3BucketDoesNotExistException", "S3 bucket %s does not exist!")},
			{Path: "kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true},
			{Path: "cloud_watch_logs_role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true},
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(c *model.Call, name string) *world.Error {
			return world.Fail("TrailAlreadyExistsException", "Trail %s already exists for customer: %s", name, c.Account)
		}}},
		Checks: []model.Check{trailName, trailBucket, trailLogs, trailKey, trailEvents},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-24F2C81C", Service: "cloudtrail", Name: "Trails per Region", Default: 5},
			Exceeded: func() *world.Error {
				return world.Fail("MaximumNumberOfTrailsExceededException", "User already has 5 trails in this region.") // unverified text
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("home_region", c.Region)
			topic := ""
			if name := c.String("sns_topic_name"); name != "" {
				topic = name
				if !strings.HasPrefix(name, "arn:") {
					topic = c.ARN("sns", name)
				}
			}
			c.Set("sns_topic_arn", topic)
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 3), Update: model.Seconds(2, 1, 3), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

var (
	trailNames  = model.Expression(`^[a-zA-Z0-9]([a-zA-Z0-9._-])*[a-zA-Z0-9]$`)
	trailDouble = model.Expression(`[._-]{2}`)
)

func trailName(c *model.Call) *world.Error {
	name := c.String("name")
	fault := ""
	_, noAddress := netip.ParseAddr(name)
	switch {
	case len(name) < 3:
		fault = "Trail name too short. Minimum allowed length: 3 characters. Specified name length: " + model.FormatNumber(float64(len(name))) +
			" characters."
	case len(name) > 128:
		fault = "Trail name too long. Maximum allowed length: 128 characters. Specified name length: " + model.FormatNumber(float64(len(name))) +
			" characters."
	case strings.ContainsAny(name[:1], "._-"):
		fault = "Trail name must starts with a letter or number."
	case strings.ContainsAny(name[len(name)-1:], "._-"):
		fault = "Trail name must ends with a letter or number."
	case !trailNames().MatchString(name) || trailDouble().MatchString(name) || noAddress == nil:
		fault = "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_)."
	}
	if fault == "" {
		return nil
	}
	return world.Fail("InvalidTrailNameException", "%s", fault)
}

// trailBucket refuses a bucket whose policy does not let CloudTrail look at it and write to it.
func trailBucket(c *model.Call) *world.Error {
	name := c.String("s3_bucket_name")
	policy := c.Find("aws_s3_bucket_policy", name).String("policy")
	const service = "cloudtrail.amazonaws.com"
	if !principal.Admits(policy, service, "s3:GetBucketAcl") || !principal.Admits(policy, service, "s3:PutObject") {
		return world.Fail("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: %s", name)
	}
	return nil
}

func trailLogs(c *model.Call) *world.Error {
	group, role := c.String("cloud_watch_logs_group_arn"), c.String("cloud_watch_logs_role_arn")
	switch {
	case group == "" && role == "":
		return nil
	case !strings.HasSuffix(group, ":*") || c.FindBy("aws_cloudwatch_log_group", "arn", strings.TrimSuffix(group, ":*")) == nil:
		// unverified text
		return world.Fail("InvalidCloudWatchLogsLogGroupArnException", "CloudTrail cannot validate the specified log group ARN.")
	}
	found := c.FindBy("aws_iam_role", "arn", role)
	if found == nil || !principal.Trusts(found, "cloudtrail.amazonaws.com") {
		// unverified text
		return world.Fail("InvalidCloudWatchLogsRoleArnException", "Access denied. Verify in IAM that the role has adequate permissions.")
	}
	return nil
}

// trailKey refuses a key whose policy does not let CloudTrail encrypt.
func trailKey(c *model.Call) *world.Error {
	name := c.String("kms_key_id")
	if name == "" || kms.KeyElsewhere(c, name) {
		return nil
	}
	key := kms.FindKey(c, name)
	switch {
	case key == nil:
		return world.Fail("KmsKeyNotFoundException", "KMS key not found: %s", name) // unverified text
	case !principal.Admits(kms.Policy(c, key), "cloudtrail.amazonaws.com", "kms:GenerateDataKey"):
		return world.Fail("InsufficientEncryptionPolicyException", "Insufficient permissions to access S3 bucket %s or KMS key %s.",
			c.String("s3_bucket_name"), name)
	}
	return nil
}

func trailEvents(c *model.Call) *world.Error {
	basic, advanced := len(c.Blocks("event_selector")), c.Blocks("advanced_event_selector")
	switch {
	case basic > 0 && len(advanced) > 0:
		return &world.Error{Message: `"advanced_event_selector": conflicts with event_selector`}
	case basic > 5:
		return world.Fail("InvalidEventSelectorsException", "The number of event selectors exceeds the maximum of 5") // unverified text
	}
	for _, selector := range advanced {
		fields := map[string][]string{}
		for _, value := range model.Every(selector, "field_selector") {
			field, _ := value.(world.Object)
			name, _ := field["field"].(string)
			fields[name] = model.Strings(field, "equals")
		}
		if fault := selectorFault(fields); fault != "" {
			return world.Fail("InvalidEventSelectorsException", "%s", fault)
		}
	}
	return nil
}

// selectorFault is what is wrong with an advanced event selector: it is about one category of events, of network activity for one service
// (API reference, AdvancedEventSelector). The texts are unverified.
func selectorFault(fields map[string][]string) string {
	category := fields["eventCategory"]
	switch {
	case len(category) != 1 || !slices.Contains([]string{"Management", "Data", "NetworkActivity"}, category[0]):
		return "An advanced event selector must have eventCategory equal to Management, Data or NetworkActivity."
	case category[0] == "Data" && len(fields["resources.type"]) != 1:
		return "An advanced event selector for data events must have one resources.type."
	case category[0] == "NetworkActivity" && len(fields["eventSource"]) != 1:
		return "An advanced event selector for network activity events must have one eventSource."
	}
	return ""
}
