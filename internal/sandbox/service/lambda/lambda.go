// Package lambda declares AWS Lambda as far as functions and who may invoke them. Beside the model it imports iampolicy; the catalog
// imports it.
//
// Rules: API model (botocore); messages: responses recorded from real accounts (LocalStack) and moto, unless marked unverified.
package lambda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

const api = "Lambda"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{function(), permission()} }

func function() *model.Type {
	return &model.Type{
		Name: "aws_lambda_function", API: api, Noun: "Lambda Function",
		CreateCall: "CreateFunction", UpdateCall: "UpdateFunctionConfiguration", DeleteCall: "DeleteFunction",
		Identify: model.IDFrom("function_name"),
		References: []model.Reference{
			{Path: "vpc_config.subnet_ids", To: []string{"aws_subnet"},
				Missing: model.Missing("InvalidParameterValueException",
					"Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID '%s' does not exist")},
			{Path: "vpc_config.security_group_ids", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidParameterValueException",
					"Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group '%s' "+
						"does not exist")},
			{Path: "role", To: []string{"aws_iam_role"}, By: "arn", Weak: true},
		},
		Unique: []model.Unique{{Attribute: "function_name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("ResourceConflictException", "Function already exist: %s", name)
		}}},
		Checks: []model.Check{
			model.Pattern("ValidationException", "function_name", "functionName",
				`(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`),
			functionName, functionCode, functionRole,
			model.Between("ValidationException", "memory_size", "memorySize", 128, 10240),
			model.Between("ValidationException", "timeout", "timeout", 1, 900),
			model.Between("ValidationException", "ephemeral_storage.size", "ephemeralStorage.size", 512, 10240),
			model.OneOf("ValidationException", "architectures", "architectures", "x86_64", "arm64"),
		},
		Plan:      planFunction,
		Replace:   model.ReplacedBy("function_name", "package_type"),
		Recompute: map[string][]string{"last_modified": functionCodeArguments, "code_sha256": functionCodeArguments, "version": {"publish"}},
		Fill:      fillFunction,
		Latency: model.Latency{Create: model.Seconds(10, 6, 25), Update: model.Seconds(8, 2, 30), Delete: model.Seconds(2, 1, 5),
			Source: "estimate; in a VPC, deletion waits up to 45 minutes for network interfaces"},
	}
}

// functionCodeArguments are the arguments that give a function its code.
var functionCodeArguments = []string{"filename", "source_code_hash", "s3_bucket", "s3_key", "s3_object_version", "image_uri"}

func functionName(c *model.Call) *world.Error {
	if name := c.String("function_name"); len(name) > 64 {
		return world.Fail("ValidationException",
			"1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: Member must have length less than or "+
				"equal to 64", name)
	}
	return nil
}

// runtimes are those that new functions may use (AWS documentation, 2026).
var runtimes = model.Expression(
	`^(nodejs(20|22|24)\.x|python3\.(9|10|11|12|13|14)|java(8\.al2|11|17|21|25)|dotnet(8|10)|ruby3\.[2-4]|provided\.al2(023)?)$`)

func functionCode(c *model.Call) *world.Error {
	image := c.String("package_type") == "Image"
	runtime := c.String("runtime")
	switch {
	case image && c.String("image_uri") == "" || !image && c.String("filename") == "" && c.String("s3_bucket") == "":
		return &world.Error{Message: "one of `filename,image_uri,s3_bucket` must be specified"}
	case !image && (runtime == "" || c.String("handler") == ""):
		return &world.Error{Message: "handler and runtime must be set when PackageType is Zip"}
	case !image && !runtimes().MatchString(runtime) && c.Changed("runtime"):
		return world.Fail("InvalidParameterValueException",
			"Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set or be a valid ARN", runtime)
	case c.String("s3_bucket") != "" && c.Find("aws_s3_bucket", c.String("s3_bucket")) == nil:
		return world.Fail("InvalidParameterValueException",
			"Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist")
	case c.String("s3_bucket") != "" && c.Find("aws_s3_object", c.String("s3_bucket")+"/"+c.String("s3_key")) == nil:
		return world.Fail("InvalidParameterValueException",
			"Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.")
	}
	return nil
}

func functionRole(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("role"))
	if role == nil || !principal.Trusts(role, "lambda.amazonaws.com") {
		return world.Fail("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")
	}
	return nil
}

// planFunction gives the provider's defaults (measured).
func planFunction(c *model.Call) {
	for name, value := range map[string]any{"memory_size": 128.0, "package_type": "Zip", "publish": false,
		"reserved_concurrent_executions": -1.0, "skip_destroy": false, "timeout": 3.0} {
		c.Default(name, value)
	}
	c.DefaultBlocks("ephemeral_storage", "logging_config", "tracing_config")
}

func fillFunction(c *model.Call) {
	arn := c.ARN("lambda", "function:"+c.ID)
	invoke := func(target string) string {
		return fmt.Sprintf("arn:%s:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations", c.Partition(), c.Region, target)
	}
	version := "$LATEST"
	if c.Bool("publish") {
		version = "1"
	}
	c.Set("arn", arn)
	c.Set("invoke_arn", invoke(arn))
	c.Set("version", version)
	c.Set("qualified_arn", arn+":"+version)
	c.Set("qualified_invoke_arn", invoke(arn+":"+version))
	c.Set("response_streaming_invoke_arn", strings.Replace(invoke(arn), "/invocations", "/response-streaming-invocations", 1))
	c.Set("architectures", []any{"x86_64"})
	sum := c.Hex(44, "code", c.String("s3_key"), c.String("filename"), c.String("source_code_hash"))
	c.Set("code_sha256", sum)
	c.Set("source_code_hash", sum)
	c.Set("source_code_size", 1024.0)
	c.Set("last_modified", c.World.Now().Format(time.RFC3339))
	c.SetEach("", "signing_job_arn", "signing_profile_version_arn")
	c.Set("ephemeral_storage", []any{world.Object{"size": 512.0}})
	c.SetIn("ephemeral_storage", "size", 512.0)
	c.Set("logging_config",
		[]any{world.Object{"log_format": "Text", "log_group": "/aws/lambda/" + c.ID, "application_log_level": "", "system_log_level": ""}})
	c.SetIn("logging_config", "log_group", "/aws/lambda/"+c.ID)
	c.Set("tracing_config", []any{world.Object{"mode": "PassThrough"}})
	c.SetIn("snap_start", "optimization_status", "Off")
	if ids := c.Strings("vpc_config.subnet_ids"); len(ids) > 0 {
		c.SetIn("vpc_config", "vpc_id", c.VPCOf(ids[0]))
	}
	for _, attribute := range []string{"execution_environment_memory_gib_per_vcpu", "per_execution_environment_max_concurrency"} {
		c.SetIn("capacity_provider_config.lambda_managed_instances_capacity_provider_config", attribute, 0.0)
	}
}

func permission() *model.Type {
	return &model.Type{
		Name: "aws_lambda_permission", API: api, Noun: "Lambda Permission",
		CreateCall: "AddPermission", UpdateCall: "AddPermission", DeleteCall: "RemovePermission",
		Identify: func(c *model.Call) string {
			prefix := c.String("statement_id_prefix")
			if prefix == "" {
				prefix = "terraform-"
				c.Object["statement_id_prefix"] = ""
			}
			if model.IsUnset(c.Object["statement_id"]) {
				c.Object["statement_id"] = prefix + c.World.Now().Format("20060102150405") + model.Decimal(c.Hex(10, "statement"))
			}
			return c.String("statement_id")
		},
		Scope:      []string{"function_name"},
		References: []model.Reference{{Path: "function_name", To: []string{"aws_lambda_function"}, Inside: true}},
		Checks: []model.Check{
			permissionFunction,
			model.Pattern("ValidationException", "statement_id", "statementId", `([a-zA-Z0-9-_]+)`),
			model.Pattern("ValidationException", "action", "action", `(lambda:[*]|lambda:[a-zA-Z]+|[*])`),
		},
		Replace: model.ReplacedBy("action", "event_source_token", "function_name", "function_url_auth_type", "principal", "principal_org_id",
			"qualifier", "source_account", "source_arn", "statement_id", "statement_id_prefix"),
		Latency: model.Instant("logs of real deployments"),
	}
}

// permissionFunction finds the function by its name or ARN, and refuses a second statement of one id.
func permissionFunction(c *model.Call) *world.Error {
	named, statement := c.String("function_name"), c.String("statement_id")
	function := c.FindBy("aws_lambda_function", "arn", named)
	if function == nil {
		function = c.Find("aws_lambda_function", named)
	}
	if function == nil {
		return world.NotFound("ResourceNotFoundException", "Function not found: %s", c.ARN("lambda", "function:"+named))
	}
	if c.Creating() && statement != "" && slices.ContainsFunc(c.All("aws_lambda_permission"), func(p *world.Resource) bool {
		return p.String("statement_id") == statement && slices.Contains([]string{function.ID, function.String("arn")}, p.String("function_name"))
	}) {
		return world.Conflict("ResourceConflictException",
			"The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", statement)
	}
	return nil
}
