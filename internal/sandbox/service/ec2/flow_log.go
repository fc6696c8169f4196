package ec2

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// flowLogTypes declares VPC flow logs. Error texts: responses recorded from AWS by LocalStack, and moto; unless a comment says otherwise.
func flowLogTypes() []*model.Type { return []*model.Type{flowLog()} }

// flowLogSubjects are what traffic may be recorded of, one of them.
var flowLogSubjects = []string{"vpc_id", "subnet_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id",
	"regional_nat_gateway_id"}

const flowLogFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"

func flowLog() *model.Type {
	return &model.Type{
		Name: "aws_flow_log", API: api, Noun: "Flow Log",
		CreateCall: "CreateFlowLogs", UpdateCall: "CreateTags", DeleteCall: "DeleteFlowLogs",
		Identify: model.GeneratedID("fl-", 17),
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Inside: true, Missing: vpcMissing},
			{Path: "subnet_id", To: []string{"aws_subnet"}, Inside: true, Missing: subnetMissing},
			{Path: "iam_role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true},
			{Path: "log_destination", To: []string{"aws_cloudwatch_log_group", "aws_s3_bucket"}, By: "arn", Weak: true},
		},
		Checks: []model.Check{
			flowLogDestination,
			func(c *model.Call) *world.Error {
				if n, ok := c.Number("max_aggregation_interval"); ok && n != 60 && n != 600 {
					return world.Fail("InvalidParameter", "Invalid Flow Log Max Aggregation Interval")
				}
				return nil
			},
			flowLogTaken,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "vpc-flow-log/"+c.ID))
			c.Set("log_format", flowLogFormat)
			c.Set("log_destination", "")
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(2, 1, 2),
			Source: "logs of real deployments"},
	}
}

func flowLogDestinationType(attributes world.Object) string {
	if kind, _ := attributes["log_destination_type"].(string); kind != "" {
		return kind
	}
	return "cloud-watch-logs"
}

// flowLogDestination holds a flow log to a destination of the kind that it names, and CloudWatch Logs to a role that may write there.
func flowLogDestination(c *model.Call) *world.Error {
	kind, destination := flowLogDestinationType(c.Object), c.String("log_destination")
	if model.IsUnknown(c.At("log_destination")) || !c.Creating() {
		return nil
	}
	service := map[string]string{"cloud-watch-logs": ":logs:", "s3": ":s3:", "kinesis-data-firehose": ":firehose:"}[kind]
	switch {
	case destination == "":
		return world.Fail("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
	case service == "":
		return world.Fail("InvalidParameter", "Unknown log destination type %s", kind) // text: unverified
	case !strings.Contains(destination, service):
		return world.Fail("InvalidParameter", "LogDestination: %s is not a destination of type %s", destination, kind) // text: unverified
	case kind == "cloud-watch-logs" && c.String("iam_role_arn") == "":
		return world.Fail("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
	case kind != "cloud-watch-logs" && c.String("iam_role_arn") != "":
		return world.Fail("InvalidParameter", "DeliverLogsPermissionArn is not applicable for %s delivery.", kind)
	}
	return nil
}

// flowLogTaken refuses the same record of the same traffic to the same place a second time.
func flowLogTaken(c *model.Call) *world.Error {
	if !c.Creating() {
		return nil
	}
others:
	for _, other := range c.All("aws_flow_log") {
		for _, argument := range append([]string{"log_destination"}, flowLogSubjects...) {
			if other.String(argument) != c.String(argument) {
				continue others
			}
		}
		if other.String("traffic_type") == c.String("traffic_type") {
			return world.Fail("FlowLogAlreadyExists", "Error. There is an existing Flow Log with the same configuration and log destination.")
		}
	}
	return nil
}
