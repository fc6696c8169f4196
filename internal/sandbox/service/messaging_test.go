package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestTopics(t *testing.T) {
	topic := func(config object) setting { return creating("aws_sns_topic", config) }
	subscribed := func(protocol, endpoint string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			made := d.MustCreate(t, "aws_sns_topic", object{"name": "alarms"})
			return "aws_sns_topic_subscription", object{"topic_arn": made["arn"], "protocol": protocol, "endpoint": endpoint}
		}
	}
	check(t, []rule{
		{name: "a topic", given: topic(object{"name": "alarms"})},
		{name: "a FIFO topic", given: topic(object{"name": "alarms.fifo", "fifo_topic": true})},
		{name: "a FIFO topic without its ending", given: topic(object{"name": "alarms", "fifo_topic": true}),
			refused: "InvalidParameter: Invalid parameter: Topic Name"},
		{name: "a topic of 257 letters", given: topic(object{"name": text(257)}), refused: "InvalidParameter: Invalid parameter: Topic Name"},
		{name: "a topic with a slash", given: topic(object{"name": "a/b"}), refused: "InvalidParameter: Invalid parameter: Topic Name"},
		{name: "a topic twice", given: repeating("aws_sns_topic", object{"name": "alarms"}, object{"display_name": "Alarms"}),
			refused: "InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with different attributes"},
		{name: "a policy that is no JSON", given: topic(object{"name": "alarms", "policy": "{"}),
			refused: "InvalidParameter: Invalid parameter: Policy Error: null"},
		{name: "a policy for no topic",
			given: creating("aws_sns_topic_policy", object{"arn": "arn:aws:sns:us-east-1:123456789012:none",
				"policy": trust("budgets.amazonaws.com", "sns:Publish")}), refused: "NotFound: Topic does not exist"},
		{name: "an address", given: subscribed("email", "platform-team@example.com")},
		{name: "an address that is none", given: subscribed("email", "platform-team"),
			refused: "InvalidParameter: Invalid parameter: Email address"},
		{name: "an unknown protocol", given: subscribed("pigeon", "home"),
			refused: "InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: pigeon"},
		{name: "a queue that is no ARN", given: subscribed("sqs", "https://sqs.us-east-1.amazonaws.com/1/q"),
			refused: "InvalidParameter: Invalid parameter: SQS endpoint ARN"},
		{name: "a subscription of no topic",
			given: creating("aws_sns_topic_subscription", object{"topic_arn": "arn:aws:sns:us-east-1:123456789012:none", "protocol": "email",
				"endpoint": "a@b.c"}), refused: "NotFound: Topic does not exist"},
	})
}

func TestQueues(t *testing.T) {
	queue := func(change object) setting { return creating("aws_sqs_queue", merged(object{"name": "jobs"}, change)) }
	redriven := func(policy string) setting { return queue(object{"redrive_policy": policy}) }
	check(t, []rule{
		{name: "a queue", given: queue(nil)},
		{name: "a FIFO queue", given: queue(object{"name": "jobs.fifo", "fifo_queue": true})},
		{name: "a FIFO queue without its ending", given: queue(object{"fifo_queue": true}),
			refused: "InvalidParameterValue: The name of a FIFO queue"},
		{name: "a queue of 81 letters", given: queue(object{"name": text(81)}),
			refused: "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"},
		{name: "a delay of a quarter of an hour", given: queue(object{"delay_seconds": 900})},
		{name: "a longer delay", given: queue(object{"delay_seconds": 901}),
			refused: "InvalidAttributeValue: Invalid value for the parameter DelaySeconds."},
		{name: "messages of a megabyte", given: queue(object{"max_message_size": 1048576})},
		{name: "larger messages", given: queue(object{"max_message_size": 1048577}),
			refused: "InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize."},
		{name: "a retention of seconds", given: queue(object{"message_retention_seconds": 59}), refused: "parameter MessageRetentionPeriod."},
		{name: "a wait of more than twenty seconds", given: queue(object{"receive_wait_time_seconds": 21}),
			refused: "parameter ReceiveMessageWaitTimeSeconds."},
		{name: "a queue twice", given: repeating("aws_sqs_queue", object{"name": "jobs"}, nil), refused: "QueueAlreadyExists"},
		{name: "a policy that is no JSON", given: queue(object{"policy": "{"}),
			refused: "InvalidAttributeValue: Invalid value for the parameter Policy."},
		{name: "a dead-letter queue that does not exist",
			given:   redriven(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:none","maxReceiveCount":3}`),
			refused: "Reason: Dead letter target does not exist."},
		{name: "no number of receives", given: redriven(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:none"}`),
			refused: "Invalid value for maxReceiveCount"},
		{name: "a dead-letter queue", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			dead := d.MustCreate(t, "aws_sqs_queue", object{"name": "dead"})
			return redriven(sandboxtest.JSON(object{"deadLetterTargetArn": dead["arn"], "maxReceiveCount": 3}))(t, d)
		}},
		{name: "a policy for no queue", given: creating("aws_sqs_queue_policy", object{"queue_url": "https://none", "policy": "{}"}),
			refused: "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist."},
	})
}

func TestEvents(t *testing.T) {
	event := func(config object) setting { return creating("aws_cloudwatch_event_rule", config) }
	target := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_cloudwatch_event_rule", object{"name": "nightly", "schedule_expression": "rate(1 day)"})
			return "aws_cloudwatch_event_target", merged(object{"rule": "nightly", "arn": "arn:aws:sns:us-east-1:123456789012:alarms"}, change)
		}
	}
	check(t, []rule{
		{name: "a schedule", given: event(object{"name": "nightly", "schedule_expression": "cron(0 20 ? * MON-FRI *)"})},
		{name: "a rate", given: event(object{"name": "nightly", "schedule_expression": "rate(5 minutes)"})},
		{name: "a rate with the wrong number", given: event(object{"name": "nightly", "schedule_expression": "rate(5 minute)"}),
			refused: "ValidationException: Parameter ScheduleExpression is not valid."},
		{name: "a cron of Unix", given: event(object{"name": "nightly", "schedule_expression": "cron(0 20 * * *)"}),
			refused: "ValidationException: Parameter ScheduleExpression is not valid."},
		{name: "a pattern", given: event(object{"name": "spot", "event_pattern": `{"source":["aws.ec2"],"detail":{"state":["running"]}}`})},
		{name: "a pattern whose values are no lists", given: event(object{"name": "spot", "event_pattern": `{"source":"aws.ec2"}`}),
			refused: "InvalidEventPatternException: Event pattern is not valid."},
		{name: "neither", given: event(object{"name": "nothing"}),
			refused: "ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified."},
		{name: "a schedule on a bus of one's own",
			given:   event(object{"name": "nightly", "schedule_expression": "rate(1 day)", "event_bus_name": "mine"}),
			refused: "ValidationException: ScheduleExpression is supported only on the default event bus."},
		{name: "a name of 65 letters", given: event(object{"name": text(65), "schedule_expression": "rate(1 day)"}),
			refused: "Member must have length less than or equal to 64"},
		{name: "a fifth target", given: targets(4, target)},
		{name: "a sixth target", given: targets(5, target),
			refused: "LimitExceededException: The requested resource exceeds the maximum number allowed."},
		{name: "a target", given: target(nil)},
		{name: "a target of no rule", given: target(object{"rule": "none"}),
			refused: "ResourceNotFoundException: Rule none does not exist on EventBus default."},
		{name: "too many retries", given: target(object{"retry_policy": []any{object{"maximum_retry_attempts": 186}}}),
			refused: "Member must have value less than or equal to 185"},
	})
}

func TestEventRuleDeletion(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	rule := d.MustCreate(t, "aws_cloudwatch_event_rule", object{"name": "nightly", "schedule_expression": "rate(1 day)"})
	target := d.MustCreate(t, "aws_cloudwatch_event_target", object{"rule": "nightly", "arn": "arn:aws:sns:us-east-1:123456789012:alarms"})
	expect(t, d.Delete("aws_cloudwatch_event_rule", rule), "ValidationException: Rule can't be deleted since it has targets.")
	expect(t, d.Delete("aws_cloudwatch_event_target", target), "")
	expect(t, d.Delete("aws_cloudwatch_event_rule", rule), "")
}

func TestMessagingLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	planned, err := d.Plan("aws_sns_topic", nil, object{"name": "a.fifo", "fifo_topic": true,
		"archive_policy": `{ "MessageRetentionPeriod": "30" }`})
	if err != nil || planned["archive_policy"] != `{"MessageRetentionPeriod":"30"}` {
		t.Errorf("a policy in JSON is planned as %v: %v", planned["archive_policy"], err)
	}
	topic := d.MustCreate(t, "aws_sns_topic", object{"name_prefix": "alarms-"})
	policy := sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
		object{"Effect": "Allow", "Principal": object{"Service": "budgets.amazonaws.com"}, "Action": "sns:Publish", "Resource": topic["arn"]}}})
	d.MustCreate(t, "aws_sns_topic_policy", object{"arn": topic["arn"], "policy": policy})
	subscription := d.MustCreate(t, "aws_sns_topic_subscription",
		object{"topic_arn": topic["arn"], "protocol": "email", "endpoint": "a@example.com"})
	if subscription["pending_confirmation"] != true {
		t.Error("nobody confirms an address in a world")
	}
	queue := d.MustCreate(t, "aws_sqs_queue", object{"name": "jobs.fifo", "fifo_queue": true})
	if want := "https://sqs.us-east-1.amazonaws.com/123456789012/jobs.fifo"; queue["url"] != want {
		t.Errorf("url = %v, want %s", queue["url"], want)
	}
	d.MustCreate(t, "aws_sqs_queue_policy", object{"queue_url": queue["url"], "policy": policy})
	d.MustCreate(t, "aws_cloudwatch_event_rule", object{"name_prefix": "nightly-", "schedule_expression": "rate(1 day)"})
	expect(t, d.Delete("aws_sns_topic", topic), "")
	if left, err := d.Read("aws_sns_topic_subscription", subscription); err != nil || left != nil {
		t.Errorf("a subscription outlives its topic: %v %v", left, err)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

// targets asks for another target of a rule that has n.
func targets(n int, target func(object) setting) setting {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		typeName, config := target(nil)(t, d)
		for i := range n {
			d.MustCreate(t, typeName, merged(config, object{"target_id": text(i + 1)}))
		}
		return typeName, merged(config, object{"target_id": text(n + 1)})
	}
}
