package service

import "coderaws/internal/sandbox/world"

const autoScaling = "Auto Scaling"

// autoScalingGroupMissing is the answer of every call about a group that does not exist (source: moto).
func autoScalingGroupMissing(name string) *world.Error {
	return world.Fail("ValidationError", "AutoScalingGroup name not found - AutoScalingGroup '%s' not found", name)
}

func autoScalingAttachment() *Type {
	return &Type{
		Name: "aws_autoscaling_attachment", API: autoScaling, Noun: "Auto Scaling Group Attachment",
		CreateCall: "AttachLoadBalancerTargetGroups", UpdateCall: "AttachLoadBalancerTargetGroups", DeleteCall: "DetachLoadBalancerTargetGroups",
		Identify: func(c *Call) string {
			return c.String("autoscaling_group_name") + "-" + c.World.Now().Format("20060102150405") + decimal(c.Hex(10))
		},
		References: []Reference{
			{Path: "autoscaling_group_name", To: []string{"aws_autoscaling_group"}, Inside: true, Missing: autoScalingGroupMissing},
			{Path: "lb_target_group_arn", To: []string{"aws_lb_target_group", "aws_alb_target_group"}, By: "arn", Inside: true,
				Missing: missing("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")},
		},
		Latency: Latency{Create: seconds(1, 1, 2), Update: seconds(1, 1, 2), Delete: seconds(1, 1, 2), Source: "logs of real deployments"},
	}
}

// autoScalingTypes declares Amazon EC2 Auto Scaling.
func autoScalingTypes() []*Type { return []*Type{autoScalingAttachment()} }
