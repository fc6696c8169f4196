// Package secretsmanager declares AWS Secrets Manager: secrets, their values, policies and rotation, and who may read them from a pod.
// Beside the model it imports permission, iampolicy and kms; the catalog imports it.
//
// Rules: API model (botocore); messages: responses recorded from real accounts (LocalStack) and moto.
package secretsmanager

import (
	"slices"
	"strings"
	"time"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "Secrets Manager"

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{secret(), secretVersion(), secretPolicy(), secretRotation()}
}

// deletedSecret is the type under which the world remembers a secret that waits for its deletion: its name stays taken until then.
const deletedSecret = "aws_secretsmanager_secret.deleted"

func secretMissing(string) *world.Error {
	return world.Fail("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

func secret() *model.Type {
	return &model.Type{
		Name: "aws_secretsmanager_secret", API: api, Noun: "Secrets Manager Secret",
		CreateCall: "CreateSecret", UpdateCall: "UpdateSecret", DeleteCall: "DeleteSecret",
		Identify: func(c *model.Call) string {
			return c.ARN("secretsmanager", "secret:"+c.Name("name", "name_prefix")+"-"+mixedCase(c.Hex(12, "suffix")))
		},
		References: []model.Reference{{Path: "kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true}},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("ResourceExistsException", "The operation failed because the secret %s already exists.", name)
		}}},
		Parts:  []model.Part{model.TextPart("policy", "aws_secretsmanager_secret_policy", "secret_arn", "policy")},
		Checks: []model.Check{secretName, secretNotScheduled, secretKey, secretDocument, recoveryWindow},
		Fill: func(c *model.Call) {
			c.Set("name_prefix", "")
			c.Set("arn", c.ID)
			c.Set("replica", []any{})
			for _, name := range []string{"last_accessed_date", "status_message"} {
				c.SetIn("replica", name, "")
			}
			c.SetIn("replica", "kms_key_id", "alias/aws/secretsmanager")
			c.SetIn("replica", "status", "InSync")
		},
		Deleted: scheduleSecret,
		Latency: model.Instant("logs of real deployments"),
	}
}

// mixedCase turns twelve hexadecimal digits into the six letters and digits that end a secret's ARN.
func mixedCase(digits string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	out := make([]byte, 0, len(digits)/2)
	for i := 0; i+1 < len(digits); i += 2 {
		out = append(out,
			alphabet[(strings.IndexByte("0123456789abcdef", digits[i])*16+strings.IndexByte("0123456789abcdef", digits[i+1]))%len(alphabet)])
	}
	return string(out)
}

var secretNames = model.Expression(`^[A-Za-z0-9/_+=.@!-]+$`)

func secretName(c *model.Call) *world.Error {
	switch name := c.Name("name", "name_prefix"); {
	case !secretNames().MatchString(name):
		return world.Fail("ValidationException",
			"Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")
	case len(name) > 512:
		return model.Unsatisfied("ValidationException", name, "name", "Member must have length less than or equal to 512")
	}
	return nil
}

// secretNotScheduled refuses the name of a secret that waits for its deletion.
func secretNotScheduled(c *model.Call) *world.Error {
	if !c.Creating() {
		return nil
	}
	waiting := c.Find(deletedSecret, c.String("name"))
	if waiting == nil {
		return nil
	}
	if until, err := time.Parse(time.RFC3339, waiting.String("deletion_date")); err == nil && c.World.Now().After(until) {
		return nil
	}
	return world.Fail("InvalidRequestException",
		"You can't create this secret because a secret with this name is already scheduled for deletion.")
}

func secretKey(c *model.Call) *world.Error {
	if key := c.String("kms_key_id"); key != "" && c.Changed("kms_key_id") && !kms.KeyExists(c, key) {
		return world.Fail("InvalidRequestException", "Secrets Manager can't find the KMS key %s.", key) // unverified text
	}
	return nil
}

func secretDocument(c *model.Call) *world.Error { return secretPolicyFault(c, c.String("policy")) }

func secretPolicyFault(c *model.Call, text string) *world.Error {
	switch {
	case text == "" || text == "{}":
		return nil
	case len(text) > 20480:
		return model.Unsatisfied("ValidationException", text[:40]+"...", "resourcePolicy", "Member must have length less than or equal to 20480")
	case iampolicy.Fault(iampolicy.Resource, text) != "":
		return world.Fail("MalformedPolicyDocumentException", "This resource policy contains a syntax error.")
	case principal.Nobody(c, text) != "":
		return world.Fail("MalformedPolicyDocumentException", "This resource policy contains an unsupported principal.")
	}
	return nil
}

// recoveryDays is how long a deleted secret can be restored: 30 days unless configured, 0 for not at all.
func recoveryDays(c *model.Call) float64 {
	if days, ok := c.Number("recovery_window_in_days"); ok {
		return days
	}
	return 30
}

func recoveryWindow(c *model.Call) *world.Error {
	if days := recoveryDays(c); days != 0 && (days < 7 || days > 30) {
		return world.Fail("InvalidParameterException", "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
	}
	return nil
}

// scheduleSecret remembers a deleted secret until its recovery window is over.
func scheduleSecret(c *model.Call) {
	days := recoveryDays(c)
	if days == 0 {
		return
	}
	name := c.Self.String("name")
	c.World.Put(&world.Resource{Type: deletedSecret, ID: name, Account: c.Account, Region: c.Region, Kept: true, Attributes: world.Object{
		"id": name, "arn": c.Self.ID, "deletion_date": c.World.Now().Add(time.Duration(days) * 24 * time.Hour).Format(time.RFC3339),
	}})
}

// secretReference is an argument that names a secret by its ARN.
func secretReference(path string) model.Reference {
	return model.Reference{Path: path, To: []string{"aws_secretsmanager_secret"}, By: "arn", Inside: true, Missing: secretMissing}
}

// secretOf finds the secret that an argument names by ARN or by name.
func secretOf(c *model.Call, named string) *world.Resource {
	if found := c.FindBy("aws_secretsmanager_secret", "arn", named); found != nil {
		return found
	}
	return c.FindBy("aws_secretsmanager_secret", "name", named)
}

func secretVersion() *model.Type {
	return &model.Type{
		Name: "aws_secretsmanager_secret_version", API: api, Noun: "Secrets Manager Secret Version",
		CreateCall: "PutSecretValue", UpdateCall: "UpdateSecretVersionStage", DeleteCall: "UpdateSecretVersionStage",
		Identify:   func(c *model.Call) string { return secretOf(c, c.String("secret_id")).ID + "|" + c.UUID() },
		References: []model.Reference{{Path: "secret_id", To: []string{"aws_secretsmanager_secret"}, By: "arn", Inside: true}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			value := c.String("secret_string") + c.String("secret_binary")
			switch {
			case secretOf(c, c.String("secret_id")) == nil:
				return secretMissing("")
			case len(value) > 65536:
				return model.Unsatisfied("ValidationException", "****", "secretString", "Member must have length less than or equal to 65536")
			case strings.HasPrefix(secretOf(c, c.String("secret_id")).String("name"), "rds!"):
				// unverified text
				return world.Fail("InvalidRequestException", "You can't change the value of a secret that is managed by another service.")
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			arn, version, _ := strings.Cut(c.ID, "|")
			c.Set("arn", arn)
			c.Set("secret_arn", arn)
			c.Set("version_id", version)
			c.Set("has_secret_string_wo", false)
			c.Set("version_stages", []any{"AWSCURRENT"})
			if c.Creating() && slices.Contains(c.Strings("version_stages"), "AWSCURRENT") {
				supersede(c, arn)
			}
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// supersede moves the label of the current version to a new one.
func supersede(c *model.Call, arn string) {
	for _, other := range c.All("aws_secretsmanager_secret_version") {
		if other.ID != c.ID && other.String("secret_arn") == arn && slices.Contains(model.Strings(other.Attributes, "version_stages"),
			"AWSCURRENT") {
			c.World.Change(other, world.Object{"version_stages": []any{"AWSPREVIOUS"}})
		}
	}
}

func secretPolicy() *model.Type {
	return &model.Type{
		Name: "aws_secretsmanager_secret_policy", API: api, Noun: "Secrets Manager Secret Policy",
		CreateCall: "PutResourcePolicy", UpdateCall: "PutResourcePolicy", DeleteCall: "DeleteResourcePolicy",
		Identify: model.IDFrom("secret_arn"), Same: []string{"secret_arn"},
		References: []model.Reference{secretReference("secret_arn")},
		Checks: []model.Check{secretDocument, func(c *model.Call) *world.Error {
			if c.Bool("block_public_policy") && iampolicy.Public(c.String("policy")) {
				return world.Fail("PublicPolicyException", "You can't attach a policy that allows broad access to the secret.") // unverified text
			}
			return nil
		}},
		Latency: model.Instant("logs of real deployments"),
	}
}

func secretRotation() *model.Type {
	return &model.Type{
		Name: "aws_secretsmanager_secret_rotation", API: api, Noun: "Secrets Manager Secret Rotation",
		CreateCall: "RotateSecret", UpdateCall: "RotateSecret", DeleteCall: "CancelRotateSecret",
		Identify: func(c *model.Call) string { return secretOf(c, c.String("secret_id")).ID },
		References: []model.Reference{secretReference("secret_id"), {Path: "rotation_lambda_arn", To: []string{"aws_lambda_function"},
			By: "arn", Weak: true}},
		Checks: []model.Check{rotationFunction, rotationRules},
		Fill: func(c *model.Call) {
			c.Set("rotation_enabled", true)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// rotationFunction refuses a rotation without a function that Secrets Manager may invoke.
func rotationFunction(c *model.Call) *world.Error {
	arn := c.String("rotation_lambda_arn")
	if arn == "" {
		return world.Fail("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
	}
	function := c.FindBy("aws_lambda_function", "arn", arn)
	for _, permission := range c.All("aws_lambda_permission") {
		if function != nil && permission.String("principal") == "secretsmanager.amazonaws.com" &&
			slices.Contains([]string{arn, function.String("function_name")}, permission.String("function_name")) {
			return nil
		}
	}
	return world.Fail("AccessDeniedException",
		"Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal "+
			"secretsmanager.amazonaws.com.")
}

var rotationDurations = model.Expression(`^[0-9]{1,2}h$`)

func rotationRules(c *model.Call) *world.Error {
	days, daily := c.Number("rotation_rules.automatically_after_days")
	schedule, duration := c.String("rotation_rules.schedule_expression"), c.String("rotation_rules.duration")
	switch {
	case daily && days != 0 && schedule != "":
		return world.Fail("InvalidParameterException", "You can't specify both AutomaticallyAfterDays and ScheduleExpression.") // unverified text
	case daily && (days < 1 || days > 1000) && schedule == "":
		return model.Unsatisfied("ValidationException", model.FormatNumber(days), "rotationRules.automaticallyAfterDays",
			"Member must have value between 1 and 1000")
	case duration != "" && !rotationDurations().MatchString(duration):
		return model.Unsatisfied("ValidationException", duration, "rotationRules.duration",
			"Member must satisfy regular expression pattern: [0-9h]+")
	}
	return nil
}

// DataSources declares what Terraform reads about secrets.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_secretsmanager_secret", API: api, Noun: "Secrets Manager Secret", Call: "DescribeSecret", Read: readSecret},
		{Name: "aws_secretsmanager_secret_version", API: api, Noun: "Secrets Manager Secret Version", Call: "GetSecretValue",
			Read: readSecretVersion},
	}
}

func readSecret(c *model.Call) *world.Error {
	found := secretOf(c, c.String("arn")+c.String("name"))
	if found == nil {
		return secretMissing("")
	}
	model.CopyAttributes(c, found)
	c.SetEach(c.World.Now().Format(time.RFC3339), "created_date", "last_changed_date")
	c.SetEach("", "type", "kms_key_id", "description", "policy")
	return nil
}

func readSecretVersion(c *model.Call) *world.Error {
	found := secretOf(c, c.String("secret_id"))
	if found == nil {
		return secretMissing("")
	}
	stage, id := c.String("version_stage"), c.String("version_id")
	if stage == "" && id == "" {
		stage = "AWSCURRENT"
	}
	for _, version := range c.All("aws_secretsmanager_secret_version") {
		if version.String("secret_arn") != found.ID || id != "" && version.String("version_id") != id || stage != "" &&
			!slices.Contains(model.Strings(version.Attributes, "version_stages"), stage) {
			continue
		}
		model.CopyAttributes(c, version)
		c.Default("secret_string", "")
		c.Default("secret_binary", "")
		c.Set("created_date", c.World.Now().Format(time.RFC3339))
		c.Force("secret_id", c.At("secret_id"))
		return nil
	}
	if id != "" {
		return world.Fail("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for VersionId: %s", id)
	}
	return world.Fail("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: %s", stage)
}
