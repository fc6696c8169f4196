package service

func autoScalingAttachment() *Type {
	return &Type{
		Name: "aws_autoscaling_attachment", API: autoScaling, Noun: "Auto Scaling Group Attachment",
		CreateCall: "AttachLoadBalancerTargetGroups", UpdateCall: "AttachLoadBalancerTargetGroups", DeleteCall: "DetachLoadBalancerTargetGroups",
		Identify: func(c *Call) string {
			return c.String("autoscaling_group_name") + "-" + c.World.Now().Format("20060102150405") + decimal(c.Hex(10))
		},
		References: []Reference{
			inGroup,
			{Path: "lb_target_group_arn", To: []string{"aws_lb_target_group", "aws_alb_target_group"}, By: "arn", Inside: true,
				Missing: missing("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")},
		},
		Latency: Latency{Create: seconds(1, 1, 2), Update: seconds(1, 1, 2), Delete: seconds(1, 1, 2), Source: "logs of real deployments"},
	}
}
