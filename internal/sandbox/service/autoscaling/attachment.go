package autoscaling

import (
	"coderaws/internal/sandbox/model"
)

func attachment() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_attachment", API: api, Noun: "Auto Scaling Group Attachment",
		CreateCall: "AttachLoadBalancerTargetGroups", UpdateCall: "AttachLoadBalancerTargetGroups", DeleteCall: "DetachLoadBalancerTargetGroups",
		Identify: func(c *model.Call) string {
			return c.String("autoscaling_group_name") + "-" + c.World.Now().Format("20060102150405") + model.Decimal(c.Hex(10))
		},
		References: []model.Reference{
			inGroup,
			{Path: "lb_target_group_arn", To: []string{"aws_lb_target_group", "aws_alb_target_group"}, By: "arn", Inside: true,
				Missing: model.Missing("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")},
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2), Source: "logs of real deployments"},
	}
}
