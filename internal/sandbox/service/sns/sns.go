// Package sns declares Amazon Simple Notification Service: topics and subscriptions. Beside the model it imports iampolicy; the catalog
// imports it.
//
// Rules: moto and LocalStack's records of real answers.
package sns

import (
	"fmt"
	"regexp"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{topic(), topicPolicy(), subscription()}
}

const api = "SNS"

var topicMissing = func(string) *world.Error { return world.NotFound("NotFound", "Topic does not exist") }

var topicName = model.Expression(`^[A-Za-z0-9_-]{1,256}$`)

func topic() *model.Type {
	return &model.Type{
		Name: "aws_sns_topic", API: api, Noun: "SNS Topic",
		CreateCall: "CreateTopic", UpdateCall: "SetTopicAttributes", DeleteCall: "DeleteTopic",
		Identify: func(c *model.Call) string { return c.ARN("sns", c.Name("name", "name_prefix")) },
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("InvalidParameter", "Invalid parameter: Attributes Reason: Topic already exists with different attributes")
		}}},
		Checks: []model.Check{validTopicName, validPolicy("policy")},
		Parts:  []model.Part{model.TextPart("policy", "aws_sns_topic_policy", "arn", "policy").Else(defaultPolicy)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("owner", c.Account)
			c.Set("name_prefix", "")
			c.SetEach("", "beginning_archive_time", "tracing_config", "fifo_throughput_scope")
			c.Set("signature_version", 0.0)
		},
		Plan:    model.NormalizedJSON("archive_policy"),
		Latency: model.Instant("logs of real deployments"),
	}
}

// defaultPolicy is the policy of a topic that was given none.
func defaultPolicy(c *model.Call) any {
	return fmt.Sprintf(`{"Id":"__default_policy_ID","Statement":[{"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes",`+
		`"SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],`+
		`"Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}},"Effect":"Allow","Principal":{"AWS":"*"},"Resource":"%s",`+
		`"Sid":"__default_statement_ID"}],"Version":"2008-10-17"}`, c.Account, c.ID)
}

func validTopicName(c *model.Call) *world.Error {
	name := c.String("name")
	if name == "" {
		return nil
	}
	base, fifo := strings.CutSuffix(name, ".fifo")
	if !topicName().MatchString(base) || len(name) > 256 || fifo != c.Bool("fifo_topic") {
		return world.Fail("InvalidParameter", "Invalid parameter: Topic Name")
	}
	return nil
}

// validPolicy holds a topic policy to the policy language; SNS says no more about a fault than this (text unverified).
func validPolicy(path string) model.Check {
	return func(c *model.Call) *world.Error {
		text := c.String(path)
		if text != "" && iampolicy.Fault(iampolicy.Resource, text) != "" {
			return world.Fail("InvalidParameter", "Invalid parameter: Policy Error: null")
		}
		if principal.Nobody(c, text) != "" {
			return world.Fail("InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound")
		}
		return nil
	}
}

func topicPolicy() *model.Type {
	return &model.Type{
		Name: "aws_sns_topic_policy", API: api, Noun: "SNS Topic Policy",
		CreateCall: "SetTopicAttributes", UpdateCall: "SetTopicAttributes", DeleteCall: "SetTopicAttributes",
		Identify:   model.IDFrom("arn"),
		References: []model.Reference{{Path: "arn", To: []string{"aws_sns_topic"}, By: "arn", Missing: topicMissing, Inside: true}},
		Checks:     []model.Check{validPolicy("policy")},
		Fill:       func(c *model.Call) { c.Set("owner", c.Account) },
		Latency:    model.Instant("logs of real deployments"),
	}
}

// snsEndpoints are the shapes of endpoints by protocol, with SNS's word for them in its answer.
var snsEndpoints = map[string]struct {
	shape func() *regexp.Regexp
	fault string
}{
	"email":       {model.Expression(`^[^@\s]+@[^@\s]+$`), "Invalid parameter: Email address"},
	"email-json":  {model.Expression(`^[^@\s]+@[^@\s]+$`), "Invalid parameter: Email address"},
	"sms":         {model.Expression(`^\+?[0-9][0-9 -]+$`), "Invalid parameter: Endpoint"},
	"sqs":         {model.Expression(`^arn:aws[a-z-]*:sqs:`), "Invalid parameter: SQS endpoint ARN"},
	"lambda":      {model.Expression(`^arn:aws[a-z-]*:lambda:`), "Invalid parameter: Lambda endpoint ARN"},
	"firehose":    {model.Expression(`^arn:aws[a-z-]*:firehose:`), "Invalid parameter: Firehose endpoint ARN"},
	"application": {model.Expression(`^arn:aws[a-z-]*:sns:`), "Invalid parameter: Endpoint"},
	"http":        {model.Expression(`^http://`), "Invalid parameter: Endpoint must match the specified protocol"},
	"https":       {model.Expression(`^https://`), "Invalid parameter: Endpoint must match the specified protocol"},
}

func subscription() *model.Type {
	return &model.Type{
		Name: "aws_sns_topic_subscription", API: api, Noun: "SNS Topic Subscription",
		CreateCall: "Subscribe", UpdateCall: "SetSubscriptionAttributes", DeleteCall: "Unsubscribe",
		Identify:   func(c *model.Call) string { return c.String("topic_arn") + ":" + c.UUID() },
		Same:       []string{"topic_arn", "protocol", "endpoint"}, // SNS returns the subscription that is there
		References: []model.Reference{{Path: "topic_arn", To: []string{"aws_sns_topic"}, By: "arn", Missing: topicMissing, Inside: true}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			protocol, endpoint := c.String("protocol"), c.String("endpoint")
			known, ok := snsEndpoints[protocol]
			switch {
			case !ok:
				return world.Fail("InvalidParameter", "Invalid parameter: Amazon SNS does not support this protocol string: %s", protocol)
			case endpoint != "" && !known.shape().MatchString(endpoint):
				return world.Fail("InvalidParameter", "%s", known.fault)
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("owner_id", c.Account)
			c.Set("filter_policy_scope", "")
			c.Set("confirmation_was_authenticated", false)
			protocol := c.String("protocol")
			// Addresses outside of AWS must confirm; nobody does so here.
			c.Set("pending_confirmation", strings.HasPrefix(protocol, "email") || strings.HasPrefix(protocol, "http") &&
				!c.Bool("endpoint_auto_confirms"))
		},
		Latency: model.Instant("logs of real deployments"),
	}
}
