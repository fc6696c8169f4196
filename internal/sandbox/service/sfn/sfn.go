// Package sfn declares AWS Step Functions: state machines. Package stepfunctions runs them. Beside the model it imports
// permission, principal and stepfunctions; the catalog imports it.
//
// Rules: API model (botocore stepfunctions 2016-11-23); texts: answers of AWS on public record where not said otherwise. Its quota on
// state machines, 100,000, is out of reach and not counted.
package sfn

import (
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/stepfunctions"
	"coderaws/internal/sandbox/world"
)

const api = "SFN"

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{{
		Name: "aws_sfn_state_machine", API: api, Noun: "Step Functions State Machine",
		CreateCall: "CreateStateMachine", UpdateCall: "UpdateStateMachine", DeleteCall: "DeleteStateMachine",
		Identify: func(c *model.Call) string { return c.ARN("states", "stateMachine:"+c.Name("name", "name_prefix")) },
		References: []model.Reference{
			{Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true, Missing: func(string) *world.Error { return notAssumable() }},
		},
		Checks: []model.Check{
			model.Length("ValidationException", "name", "name", 1, 80),
			stateMachineName, stateMachineTaken, stateMachineDefinition, stateMachineRole,
			model.OneOf("ValidationException", "type", "type", "STANDARD", "EXPRESS"),
			model.OneOf("ValidationException", "logging_configuration.level", "loggingConfiguration.level", "ALL", "ERROR", "FATAL", "OFF"),
			stateMachineLogs,
			model.OneOf("ValidationException", "encryption_configuration.type", "encryptionConfiguration.type", "AWS_OWNED_KEY",
				"CUSTOMER_MANAGED_KMS_KEY"),
			stateMachineKey,
		},
		Fill: fillStateMachine,
		// To delete a state machine takes as long as its executions: the provider waits for it.
		Latency: model.Latency{Create: model.Seconds(2, 1, 5), Update: model.Seconds(2, 1, 5), Delete: model.Seconds(20, 5, 60),
			Source: "estimate"},
	}}
}

func stateMachineName(c *model.Call) *world.Error {
	if name := c.String("name"); strings.ContainsAny(name, " \t\n<>{}[]?*\"#%\\^|~`$&,;:/") {
		return world.Fail("InvalidName", "Invalid Name: '%s'", name)
	}
	return nil
}

func stateMachineTaken(c *model.Call) *world.Error {
	if name := c.String("name"); c.Creating() && name != "" {
		if arn := c.ARN("states", "stateMachine:"+name); c.Find("aws_sfn_state_machine", arn) != nil {
			return world.Conflict("StateMachineAlreadyExists", "State Machine Already Exists: '%s'", arn)
		}
	}
	return nil
}

// stateMachineDefinition holds the definition to the Amazon States Language. The provider asks for the same while it plans.
func stateMachineDefinition(c *model.Call) *world.Error {
	definition, told := c.At("definition").(string)
	if !told {
		return nil
	}
	if len(definition) > 1048576 {
		return model.Unsatisfied("ValidationException", definition[:20]+"...", "definition",
			"Member must have length less than or equal to 1048576")
	}
	if found := stepfunctions.Check(definition); len(found) > 0 {
		return world.Fail("InvalidDefinition", "Invalid State Machine Definition: '%s'", strings.Join(found, ", "))
	}
	return nil
}

func notAssumable() *world.Error {
	return world.Fail("AccessDeniedException",
		"Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.")
}

func stateMachineRole(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("role_arn"))
	source := c.ARN("states", "stateMachine:"+c.String("name"))
	if role != nil && !principal.Assumable(role, "states.amazonaws.com", c.Account, source) &&
		!principal.Assumable(role, "states."+c.Region+".amazonaws.com", c.Account, source) {
		return notAssumable()
	}
	return nil
}

// stateMachineLogs wants a log group for a level, in the form with which Step Functions names one.
func stateMachineLogs(c *model.Call) *world.Error {
	level, destination := c.String("logging_configuration.level"), c.At("logging_configuration.log_destination")
	if text, told := destination.(string); told && text != "" && !strings.HasSuffix(text, ":*") {
		// text unverified for this case
		return world.Fail("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.")
	}
	if level != "" && level != "OFF" && (destination == nil || destination == "") {
		return world.Fail("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.")
	}
	group := c.FindBy("aws_cloudwatch_log_group", "arn", strings.TrimSuffix(c.String("logging_configuration.log_destination"), ":*"))
	role := c.FindBy("aws_iam_role", "arn", c.String("role_arn"))
	if level == "" || level == "OFF" || role == nil || group == nil || delivers(c, role) {
		return nil
	}
	return world.Fail("AccessDeniedException", "The state machine IAM Role is not authorized to access the Log Destination")
}

// delivers reports whether a role may do what sets up a delivery of logs: Step Functions does it as the role (AWS Step Functions guide,
// logging; aws/aws-cdk#26432).
func delivers(c *model.Call, role *world.Resource) bool {
	for _, action := range []string{"CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
		"PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"} {
		if !permission.Able(c, role, "logs:"+action) {
			return false
		}
	}
	return true
}

// stateMachineKey holds the time for which a data key is used to AWS's bounds; with a key that AWS owns there is none.
func stateMachineKey(c *model.Call) *world.Error {
	const period = "encryption_configuration.kms_data_key_reuse_period_seconds"
	if n, _ := c.Number(period); n == 0 && c.String("encryption_configuration.type") != "CUSTOMER_MANAGED_KMS_KEY" {
		return nil
	}
	return model.Between("ValidationException", period, "encryptionConfiguration.kmsDataKeyReusePeriodSeconds", 60, 900)(c)
}

func fillStateMachine(c *model.Call) {
	c.Set("arn", c.ID)
	c.Set("creation_date", c.World.Now().Format(time.RFC3339))
	c.Set("status", "ACTIVE")
	c.SetEach("", "description", "version_description", "name_prefix", "state_machine_version_arn")
	if c.Bool("publish") {
		c.Force("state_machine_version_arn", c.ID+":1")
	}
	c.Set("revision_id", "")
	if c.Changed("definition") || c.Changed("role_arn") {
		c.Force("revision_id", c.UUID("revision", c.String("definition"), c.String("role_arn")))
	}
	c.Set("encryption_configuration", []any{world.Object{"type": "AWS_OWNED_KEY", "kms_key_id": "", "kms_data_key_reuse_period_seconds": 0.0}})
	c.Set("logging_configuration", []any{world.Object{"level": "OFF", "include_execution_data": false, "log_destination": ""}})
	c.Set("tracing_configuration", []any{world.Object{"enabled": false}})
}
