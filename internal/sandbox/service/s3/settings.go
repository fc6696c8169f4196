package s3

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// bucketSettings declares the resources that set one thing of a bucket each. They carry the bucket's name as their id and go with it.
func bucketSettings() []*model.Type {
	settings := []*model.Type{
		{
			Name: "aws_s3_bucket_versioning", Noun: "S3 Bucket Versioning", CreateCall: "PutBucketVersioning",
			Checks: []model.Check{versioningStatus},
			Fill:   func(c *model.Call) { c.SetIn("versioning_configuration", "mfa_delete", "") },
		},
		{
			Name: "aws_s3_bucket_server_side_encryption_configuration", Noun: "S3 Bucket Server-side Encryption Configuration",
			CreateCall: "PutBucketEncryption",
			Checks:     []model.Check{bucketEncryption},
			Fill: func(c *model.Call) {
				c.SetIn("rule", "bucket_key_enabled", false)
				c.SetIn("rule", "blocked_encryption_types", []any{})
				c.SetIn("rule.apply_server_side_encryption_by_default", "kms_master_key_id", "")
			},
		},
		{
			Name: "aws_s3_bucket_object_lock_configuration", Noun: "S3 Bucket Object Lock Configuration",
			CreateCall: "PutObjectLockConfiguration",
			Checks:     []model.Check{objectLock},
			Replace:    model.ReplacedBy("bucket", "expected_bucket_owner"),
		},
		{Name: "aws_s3_bucket_public_access_block", Noun: "S3 Bucket Public Access Block", CreateCall: "PutPublicAccessBlock"},
		{
			Name: "aws_s3_bucket_policy", Noun: "S3 Bucket Policy", CreateCall: "PutBucketPolicy",
			Checks: []model.Check{bucketDocument, bucketPublic},
		},
		{
			Name: "aws_s3_bucket_ownership_controls", Noun: "S3 Bucket Ownership Controls", CreateCall: "PutBucketOwnershipControls",
			Checks: []model.Check{model.OneOf("InvalidArgument", "rule.object_ownership", "objectOwnership", "BucketOwnerPreferred", "ObjectWriter",
				"BucketOwnerEnforced")},
		},
		{
			Name: "aws_s3_bucket_acl", Noun: "S3 Bucket ACL", CreateCall: "PutBucketAcl",
			Identify: func(c *model.Call) string {
				if acl := c.String("acl"); acl != "" {
					return c.String("bucket") + "," + acl
				}
				return c.String("bucket")
			},
			Checks:  []model.Check{aclsAllowed},
			Replace: model.ReplacedBy("bucket", "expected_bucket_owner"),
			Fill: func(c *model.Call) {
				owner := world.Object{"id": canonicalUser(c), "display_name": ""}
				grantee := world.Object{"id": canonicalUser(c), "display_name": "", "type": "CanonicalUser", "email_address": "", "uri": ""}
				c.Set("access_control_policy",
					[]any{world.Object{"owner": []any{owner}, "grant": []any{world.Object{"permission": "FULL_CONTROL", "grantee": []any{grantee}}}}})
				c.SetIn("access_control_policy.owner", "display_name", "")
				c.SetIn("access_control_policy.grant.grantee", "display_name", "")
			},
		},
		{
			Name: "aws_s3_bucket_lifecycle_configuration", Noun: "S3 Bucket Lifecycle Configuration", CreateCall: "PutBucketLifecycleConfiguration",
			Checks: []model.Check{lifecycleRules, lifecycleTransitions},
			Plan:   planLifecycle,
			Fill:   func(c *model.Call) { c.Set("expected_bucket_owner", "") },
			Latency: model.Latency{Create: model.Seconds(20, 10, 60), Update: model.Seconds(20, 10, 60), Delete: model.Seconds(5, 1, 60),
				Source: "estimate: the provider waits until S3 shows the same rules several times"},
		},
		{
			Name: "aws_s3_bucket_logging", Noun: "S3 Bucket Logging", CreateCall: "PutBucketLogging",
			References: []model.Reference{{Path: "target_bucket", To: []string{"aws_s3_bucket"}, Weak: true, Missing: func(string) *world.Error {
				return world.Fail("InvalidTargetBucketForLogging", "The target bucket for logging does not exist")
			}}},
			Fill: func(c *model.Call) { c.SetIn("target_grant.grantee", "display_name", "") },
		},
		{
			Name: "aws_s3_bucket_cors_configuration", Noun: "S3 Bucket CORS Configuration", CreateCall: "PutBucketCors",
			Checks: []model.Check{func(c *model.Call) *world.Error {
				for _, method := range c.Strings("cors_rule.allowed_methods") {
					if !slices.Contains([]string{"GET", "PUT", "POST", "DELETE", "HEAD"}, method) {
						return world.Fail("InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is %s", method)
					}
				}
				return nil
			}},
			Replace: model.ReplacedBy("bucket", "expected_bucket_owner"),
		},
		{
			Name: "aws_s3_bucket_accelerate_configuration", Noun: "S3 Bucket Accelerate Configuration",
			CreateCall: "PutBucketAccelerateConfiguration",
			Checks:     []model.Check{model.OneOf("MalformedXML", "status", "status", "Enabled", "Suspended")},
			Replace:    model.ReplacedBy("bucket", "expected_bucket_owner"),
		},
		{
			Name: "aws_s3_bucket_request_payment_configuration", Noun: "S3 Bucket Request Payment Configuration",
			CreateCall: "PutBucketRequestPayment",
			Checks:     []model.Check{model.OneOf("MalformedXML", "payer", "payer", "Requester", "BucketOwner")},
			Replace:    model.ReplacedBy("bucket", "expected_bucket_owner"),
		},
		{
			Name: "aws_s3_bucket_notification", Noun: "S3 Bucket Notification", CreateCall: "PutBucketNotificationConfiguration",
			References: []model.Reference{
				{Path: "queue.queue_arn", To: []string{"aws_sqs_queue"}, By: "arn", Weak: true, Missing: unreachable},
				{Path: "topic.topic_arn", To: []string{"aws_sns_topic"}, By: "arn", Weak: true, Missing: unreachable},
				{Path: "lambda_function.lambda_function_arn", To: []string{"aws_lambda_function"}, By: "arn", Weak: true, Missing: unreachable},
			},
			Checks:  []model.Check{notificationsAllowed},
			Replace: model.ReplacedBy("bucket"),
			Fill: func(c *model.Call) {
				for _, block := range []string{"queue", "topic", "lambda_function"} {
					c.SetIn(block, "id", "tf-s3-"+block+"-"+c.Hex(20, block))
				}
			},
		},
	}
	for _, t := range settings {
		t.API, t.UpdateCall = api, t.CreateCall
		t.DeleteCall = strings.Replace(t.CreateCall, "Put", "Delete", 1)
		if t.Identify == nil {
			t.Identify = model.IDFrom("bucket")
		}
		t.Same = []string{"bucket"} // what S3 is told last holds
		t.References = append([]model.Reference{bucketReference()}, t.References...)
		if t.Latency.Source == "" {
			t.Latency = model.Instant("logs of real deployments")
		}
	}
	return settings
}

func versioningStatus(c *model.Call) *world.Error {
	status := c.String("versioning_configuration.status")
	before, _ := model.At(c.Prior, "versioning_configuration.status").(string)
	locked := c.Find("aws_s3_bucket", c.String("bucket")).Object()["object_lock_enabled"] == true
	switch {
	case !slices.Contains([]string{"Enabled", "Suspended", "Disabled"}, status):
		return world.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	case status == "Disabled" && before != "" && before != "Disabled":
		return &world.Error{Message: fmt.Sprintf("versioning_configuration.status cannot be updated from '%s' to 'Disabled'", before)}
	case locked && status != "Enabled":
		return world.Conflict("InvalidBucketState",
			"An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
	}
	return nil
}

// objectLock refuses a lock for a bucket that keeps no versions, and a default that is none (S3 user guide, configuring object lock).
func objectLock(c *model.Call) *world.Error {
	const retention = "rule.default_retention"
	versioning := c.Find("aws_s3_bucket_versioning", c.String("bucket"))
	locked := c.Find("aws_s3_bucket", c.String("bucket")).Object()["object_lock_enabled"] == true
	days, _ := c.Number(retention + ".days")
	years, _ := c.Number(retention + ".years")
	mode := c.String(retention + ".mode")
	switch {
	case !locked && (versioning == nil || model.At(versioning.Attributes, "versioning_configuration.status") != "Enabled"):
		return world.Conflict("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
	case len(c.Blocks("rule")) == 0:
		return nil
	case !slices.Contains([]string{"GOVERNANCE", "COMPLIANCE"}, mode) || (days == 0) == (years == 0):
		return world.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	return nil
}

func bucketEncryption(c *model.Call) *world.Error {
	algorithm := c.String("rule.apply_server_side_encryption_by_default.sse_algorithm")
	key := c.String("rule.apply_server_side_encryption_by_default.kms_master_key_id")
	switch {
	case algorithm != "" && !slices.Contains([]string{"AES256", "aws:kms", "aws:kms:dsse"}, algorithm):
		return world.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	case key != "" && algorithm == "AES256":
		return world.Fail("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
	}
	return nil // S3 looks for the key when an object is written, not before
}

// bucketDocument holds a bucket policy to S3's form of the policy language.
func bucketDocument(c *model.Call) *world.Error {
	text := c.String("policy")
	var fields map[string]any
	switch err := json.Unmarshal([]byte(text), &fields); {
	case err != nil || !strings.HasPrefix(strings.TrimSpace(text), "{"):
		return world.Fail("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	case fields["Statement"] == nil:
		return world.Fail("MalformedPolicy", "Missing required field Statement")
	case len(text) > 20480:
		return world.Fail("PolicyTooLarge", "Policy exceeds the maximum allowed document size.") // unverified text
	}
	if fault := iampolicy.Fault(iampolicy.Resource, text); fault != "" {
		return world.Fail("MalformedPolicy", "%s", fault)
	}
	if principal.Nobody(c, text) != "" {
		return world.Fail("MalformedPolicy", "Invalid principal in policy")
	}
	document, _ := iampolicy.Parse(text)
	for _, s := range document.Statements {
		for _, resource := range s.Resources {
			arn := "arn:" + c.Partition() + ":s3:::" + c.String("bucket")
			if resource != "*" && resource != arn && !strings.HasPrefix(resource, arn+"/") && !strings.Contains(resource, "*") {
				return world.Fail("MalformedPolicy", "Policy has invalid resource")
			}
		}
	}
	return nil
}

// bucketPublic refuses a policy for everybody while the bucket's public access block forbids it, as it does for every new bucket.
func bucketPublic(c *model.Call) *world.Error {
	block := c.Find("aws_s3_bucket_public_access_block", c.String("bucket"))
	allowed := block != nil && block.Attributes["block_public_policy"] != true
	if !allowed && iampolicy.Public(c.String("policy")) {
		return &world.Error{Status: 403, Code: "AccessDenied",
			Message: fmt.Sprintf("User: %s is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:%s:s3:::%s\" "+
				"because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
				c.CallerSession(), c.Partition(), c.String("bucket"))}
	}
	return nil
}

// aclsAllowed refuses access lists while the bucket's owner owns all objects, as is so for every new bucket.
func aclsAllowed(c *model.Call) *world.Error {
	controls := c.Find("aws_s3_bucket_ownership_controls", c.String("bucket"))
	if controls == nil || model.At(controls.Attributes, "rule.object_ownership") == "BucketOwnerEnforced" {
		return world.Fail("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	return nil
}

func lifecycleRules(c *model.Call) *world.Error {
	rules := c.Blocks("rule")
	if len(rules) > 1000 {
		return world.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	seen := map[any]bool{}
	for _, rule := range rules {
		if seen[rule["id"]] {
			return world.Fail("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
		}
		seen[rule["id"]] = true
		does := false
		for _, action := range []string{"expiration", "transition", "noncurrent_version_expiration", "noncurrent_version_transition",
			"abort_incomplete_multipart_upload"} {
			does = does || len(model.Every(rule, action)) > 0
		}
		if !does {
			return world.Fail("InvalidRequest", "At least one action needs to be specified in a rule")
		}
	}
	return nil
}

// lifecycleTransitions holds moves to infrequent access to 30 days, and to storage classes that exist.
func lifecycleTransitions(c *model.Call) *world.Error {
	classes := []string{"GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"}
	for _, move := range c.Blocks("rule.transition") {
		class, _ := move["storage_class"].(string)
		days, given := move["days"].(float64)
		switch {
		case !slices.Contains(classes, class):
			return world.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		case given && days < 30 && strings.HasSuffix(class, "_IA"):
			return world.Fail("InvalidArgument", "'Days' in Transition action must be greater than or equal to 30 for storageClass '%s'", class)
		}
	}
	for _, expiry := range c.Blocks("rule.expiration") {
		if days, given := expiry["days"].(float64); given && days < 0 {
			return world.Fail("InvalidArgument", "'Days' for Expiration action must be a positive integer")
		}
	}
	return nil
}

// planLifecycle gives the rules' defaults, which the provider knows before it asks S3 (measured).
func planLifecycle(c *model.Call) {
	settle := func(path, name string, value any) {
		for _, block := range c.Blocks(path) {
			if model.IsUnknown(block[name]) {
				block[name] = value
			}
		}
	}
	settle("rule", "prefix", "")
	settle("rule.expiration", "expired_object_delete_marker", false)
	settle("rule.expiration", "days", 0.0)
	settle("rule.filter", "prefix", "")
	settle("rule.filter.and", "prefix", "")
	for _, size := range []string{"object_size_greater_than", "object_size_less_than"} {
		settle("rule.filter", size, nil)
		settle("rule.filter.and", size, 0.0)
	}
	settle("rule.transition", "days", 0.0)
}

// unreachable is S3's answer to a destination that is not there or does not let it in.
func unreachable(string) *world.Error {
	return world.Fail("InvalidArgument", "Unable to validate the following destination configurations")
}

// notificationsAllowed refuses a queue, topic or function whose policy does not let S3 in.
func notificationsAllowed(c *model.Call) *world.Error {
	for _, arn := range c.Strings("queue.queue_arn") {
		if !admits(c, c.FindBy("aws_sqs_queue", "arn", arn), "sqs:SendMessage") {
			return unreachable(arn)
		}
	}
	for _, arn := range c.Strings("topic.topic_arn") {
		if !admits(c, c.FindBy("aws_sns_topic", "arn", arn), "sns:Publish") {
			return unreachable(arn)
		}
	}
	for _, arn := range c.Strings("lambda_function.lambda_function_arn") {
		function := c.FindBy("aws_lambda_function", "arn", arn)
		if !slices.ContainsFunc(c.All("aws_lambda_permission"), func(p *world.Resource) bool {
			return p.String("principal") == "s3.amazonaws.com" && slices.Contains([]string{arn, function.String("function_name")},
				p.String("function_name"))
		}) {
			return unreachable(arn)
		}
	}
	return nil
}

// admits reports whether a target's policy lets S3 do an action.
func admits(c *model.Call, target *world.Resource, action string) bool {
	policy, _ := c.Look(target)["policy"].(string)
	return principal.Admits(policy, "s3.amazonaws.com", action)
}
