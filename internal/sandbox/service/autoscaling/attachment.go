package autoscaling

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

var (
	targetGroups   = []string{"aws_lb_target_group", "aws_alb_target_group"}
	targetsInvalid = model.Missing("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")
)

// attachment is a target group, or a classic load balancer, that a group registers its instances with. Auto Scaling attaches it once,
// however often it is asked to.
func attachment() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_attachment", API: api, Noun: "Auto Scaling Group Attachment",
		CreateCall: "AttachLoadBalancerTargetGroups", UpdateCall: "AttachLoadBalancerTargetGroups", DeleteCall: "DetachLoadBalancerTargetGroups",
		Identify: func(c *model.Call) string {
			return c.String("autoscaling_group_name") + "-" + c.World.Now().Format("20060102150405") + model.Decimal(c.Hex(10))
		},
		Same: []string{"autoscaling_group_name", "lb_target_group_arn", "elb"},
		References: []model.Reference{
			inGroup,
			{Path: "lb_target_group_arn", To: targetGroups, By: "arn", Inside: true, Missing: targetsInvalid},
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

// groupParts are the arguments of a group that name what has resources of its own too.
func groupParts() []model.Part {
	attached := func(argument, as string) model.Part {
		return model.Part{
			Argument: argument, Type: "aws_autoscaling_attachment", Of: "autoscaling_group_name",
			Make: func(_ *model.Call, name any) world.Object { return world.Object{as: name} },
			Show: func(_ *model.Call, part *world.Resource) any {
				if part.String(as) == "" {
					return nil
				}
				return part.Attributes[as]
			},
		}
	}
	return []model.Part{
		attached("target_group_arns", "lb_target_group_arn"), attached("load_balancers", "elb"),
		{
			Argument: "tag", Type: "aws_autoscaling_group_tag", Of: "autoscaling_group_name",
			Make: func(_ *model.Call, tag any) world.Object { return world.Object{"tag": []any{tag}} },
			Show: func(_ *model.Call, part *world.Resource) any { return model.Every(part.Attributes, "tag")[0] },
		},
		{
			// The provider reads no hooks, and a change of those replaces the group.
			Argument: "initial_lifecycle_hook", Type: "aws_autoscaling_lifecycle_hook", Of: "autoscaling_group_name",
			Make: func(_ *model.Call, hook any) world.Object {
				block, _ := hook.(world.Object)
				return world.CopiedObject(block)
			},
		},
	}
}
