// Package sqs declares Amazon Simple Queue Service: queues. Beside the model it imports iampolicy; the catalog imports it.
//
// Rules: AWS documentation, moto's record of real answers.
package sqs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		queue(), queueSetting("aws_sqs_queue_policy", "SQS Queue Policy", validPolicy),
		queueSetting("aws_sqs_queue_redrive_policy", "SQS Queue Redrive Policy", redrive),
		queueSetting("aws_sqs_queue_redrive_allow_policy", "SQS Queue Redrive Allow Policy", redriveAllowed),
	}
}

const api = "SQS"

var queueName = model.Expression(`^[A-Za-z0-9_-]{1,80}$`)

func queue() *model.Type {
	attribute := func(path, member string, least, most float64) model.Check {
		return func(c *model.Call) *world.Error {
			if n, ok := c.Number(path); ok && (n < least || n > most) {
				return world.Fail("InvalidAttributeValue", "Invalid value for the parameter %s.", member)
			}
			return nil
		}
	}
	return &model.Type{
		Name: "aws_sqs_queue", API: api, Noun: "SQS Queue",
		CreateCall: "CreateQueue", UpdateCall: "SetQueueAttributes", DeleteCall: "DeleteQueue",
		Identify: func(c *model.Call) string {
			return fmt.Sprintf("https://sqs.%s.%s/%s/%s", c.Region, facts.DNSSuffix(c.Region), c.Account, c.Name("name", "name_prefix"))
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("QueueAlreadyExists",
				"A queue already exists with the same name and a different value for attribute VisibilityTimeout")
		}}},
		Parts: []model.Part{
			model.TextPart("policy", "aws_sqs_queue_policy", "queue_url", "policy"),
			model.TextPart("redrive_policy", "aws_sqs_queue_redrive_policy", "queue_url", "redrive_policy"),
			model.TextPart("redrive_allow_policy", "aws_sqs_queue_redrive_allow_policy", "queue_url", "redrive_allow_policy"),
		},
		Checks: []model.Check{
			validQueueName, validPolicy, redrive, redriveAllowed,
			attribute("delay_seconds", "DelaySeconds", 0, 900),
			attribute("max_message_size", "MaximumMessageSize", 1024, 1048576),
			attribute("message_retention_seconds", "MessageRetentionPeriod", 60, 1209600),
			attribute("receive_wait_time_seconds", "ReceiveMessageWaitTimeSeconds", 0, 20),
			attribute("visibility_timeout_seconds", "VisibilityTimeout", 0, 43200),
			attribute("kms_data_key_reuse_period_seconds", "KmsDataKeyReusePeriodSeconds", 60, 86400),
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("sqs", c.String("name")))
			c.Set("url", c.ID)
			c.Set("name_prefix", "")
			c.SetEach("", "deduplication_scope", "fifo_throughput_limit")
			if c.Bool("fifo_queue") {
				c.Set("deduplication_scope", "queue")
				c.Set("fifo_throughput_limit", "perQueue")
			}
			c.Set("kms_data_key_reuse_period_seconds", 300.0)
			c.Set("sqs_managed_sse_enabled", c.String("kms_master_key_id") == "")
		},
		Latency: model.Latency{Create: model.Seconds(26, 25, 30), Update: model.Seconds(26, 25, 30), Delete: model.Seconds(10, 1, 60),
			Source: "estimate: Terraform polls until the attributes are stable"},
	}
}

func validQueueName(c *model.Call) *world.Error {
	name := c.String("name")
	if name == "" {
		return nil
	}
	base, fifo := strings.CutSuffix(name, ".fifo")
	if !queueName().MatchString(base) || len(name) > 80 {
		return world.Fail("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if fifo != c.Bool("fifo_queue") {
		return world.Fail("InvalidParameterValue",
			"The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to "+
				"80 in length.")
	}
	return nil
}

func validPolicy(c *model.Call) *world.Error {
	text := c.String("policy")
	if text != "" && (iampolicy.Fault(iampolicy.Resource, text) != "" || principal.Nobody(c, text) != "") {
		return world.Fail("InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	return nil
}

// redrive wants a dead-letter queue of the same kind that exists.
func redrive(c *model.Call) *world.Error {
	text := c.String("redrive_policy")
	if text == "" {
		return nil
	}
	var redrive struct {
		DeadLetterTargetArn string
		MaxReceiveCount     json.Number
	}
	if json.Unmarshal([]byte(text), &redrive) != nil || redrive.DeadLetterTargetArn == "" {
		return world.Fail("InvalidParameterValue",
			"Value %s for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map.", text)
	}
	if count, err := redrive.MaxReceiveCount.Int64(); err != nil || count < 1 || count > 1000 {
		return world.Fail("InvalidParameterValue",
			"Value %s for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: %s, valid values are from 1 to 1000 "+
				"both inclusive.", text, redrive.MaxReceiveCount)
	}
	if model.ARNAccount(redrive.DeadLetterTargetArn) == c.Account && c.FindBy("aws_sqs_queue", "arn", redrive.DeadLetterTargetArn) == nil {
		return world.Fail("InvalidParameterValue", "Value %s for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.",
			text)
	}
	return nil
}

// redriveAllowed holds the permission to be a dead-letter queue to its words (source: SQS documentation; text unverified).
func redriveAllowed(c *model.Call) *world.Error {
	text := c.String("redrive_allow_policy")
	var allowed struct{ RedrivePermission string }
	if text == "" || json.Unmarshal([]byte(text), &allowed) == nil &&
		slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, allowed.RedrivePermission) {
		return nil
	}
	return world.Fail("InvalidParameterValue", "Value %s for parameter RedriveAllowPolicy is invalid.", text)
}

// queueSetting is a type that sets one attribute of a queue, by the name that the argument of the queue has.
func queueSetting(typ, noun string, check model.Check) *model.Type {
	estimate := model.Seconds(26, 25, 30)
	return &model.Type{
		Name: typ, API: api, Noun: noun,
		CreateCall: "SetQueueAttributes", UpdateCall: "SetQueueAttributes", DeleteCall: "SetQueueAttributes",
		Identify: model.IDFrom("queue_url"), Same: []string{"queue_url"},
		References: []model.Reference{{Path: "queue_url", To: []string{"aws_sqs_queue"}, Inside: true,
			Missing: model.Missing("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.%.0s")}},
		Checks:  []model.Check{check},
		Replace: model.ReplacedBy("queue_url"),
		Latency: model.Latency{Create: estimate, Update: estimate, Delete: estimate,
			Source: "estimate: Terraform polls until the attributes are stable"},
	}
}
