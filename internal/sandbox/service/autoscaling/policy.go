package autoscaling

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func groupTag() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_group_tag", API: api, Noun: "Auto Scaling Group Tag",
		CreateCall: "CreateOrUpdateTags", UpdateCall: "CreateOrUpdateTags", DeleteCall: "DeleteTags",
		Identify:   func(c *model.Call) string { return c.String("autoscaling_group_name") + "," + c.String("tag.key") },
		References: []model.Reference{inGroup},
		Checks: []model.Check{
			model.Length("ValidationError", "tag.key", "tags.1.member.key", 1, 128),
			model.Length("ValidationError", "tag.value", "tags.1.member.value", 0, 256),
			func(c *model.Call) *world.Error {
				if strings.HasPrefix(strings.ToLower(c.String("tag.key")), "aws:") {
					return world.Fail("ValidationError", "Tag keys starting with aws: are reserved for AWS.") // text: unverified
				}
				return nil
			},
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

func lifecycleHook() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_lifecycle_hook", API: api, Noun: "Auto Scaling Lifecycle Hook",
		CreateCall: "PutLifecycleHook", UpdateCall: "PutLifecycleHook", DeleteCall: "DeleteLifecycleHook",
		Identify: model.IDFrom("name"), Scope: []string{"autoscaling_group_name"},
		References: []model.Reference{inGroup, {Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "lifecycleHookName", 1, 255),
			model.Pattern("ValidationError", "name", "lifecycleHookName", `[A-Za-z0-9\-_/]+`),
			func(c *model.Call) *world.Error { return checkHook(c.Object) },
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-4AEE3A24", Service: "autoscaling", Name: "Lifecycle hooks per Auto Scaling group", Default: 50},
			Per:   perGroup,
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceeded", "You have reached the limit of lifecycle hooks for this Auto Scaling group.") // text: unverified
			},
		}},
		Fill:    func(c *model.Call) { c.Set("default_result", "ABANDON") },
		Latency: model.Instant("logs of real deployments"),
	}
}

func perGroup(_ *model.Call, attributes world.Object) string {
	name, _ := attributes["autoscaling_group_name"].(string)
	return name
}

// checkHook applies the rules of lifecycle hooks to a hook of its own or to one made with its group.
func checkHook(hook world.Object) *world.Error {
	if seconds, ok := hook["heartbeat_timeout"].(float64); ok && seconds != 0 && (seconds < 30 || seconds > 7200) {
		// text: unverified
		return world.Fail("ValidationError", "Heartbeat timeout must be between 30 and 7200 seconds: %s", model.FormatNumber(seconds))
	}
	if result, _ := hook["default_result"].(string); result != "" && result != "CONTINUE" && result != "ABANDON" {
		return world.Fail("ValidationError", "Invalid default result: %s. Valid values are CONTINUE and ABANDON.", result) // text: unverified
	}
	transitions := []string{"autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"}
	if transition, _ := hook["lifecycle_transition"].(string); transition != "" && !slices.Contains(transitions, transition) {
		return world.Fail("ValidationError", "Invalid lifecycle transition: %s", transition) // text: unverified
	}
	if target, _ := hook["notification_target_arn"].(string); target != "" && !strings.HasPrefix(target, "arn:") {
		return world.Fail("ValidationError", "'NotificationTargetARN' must be a valid ARN")
	}
	return nil
}

func policy() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_policy", API: api, Noun: "Auto Scaling Policy",
		CreateCall: "PutScalingPolicy", UpdateCall: "PutScalingPolicy", DeleteCall: "DeletePolicy",
		Identify: model.IDFrom("name"), Scope: []string{"autoscaling_group_name"},
		References: []model.Reference{inGroup},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "policyName", 1, 255),
			model.OneOf("ValidationError", "policy_type", "policyType", "SimpleScaling", "StepScaling", "TargetTrackingScaling",
				"PredictiveScaling"),
			model.OneOf("ValidationError", "adjustment_type", "adjustmentType", "ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"),
			policyArguments,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("autoscaling", "scalingPolicy:"+c.UUID()+":autoScalingGroupName/"+c.String("autoscaling_group_name")+
				":policyName/"+c.ID))
			aggregation := ""
			if c.String("policy_type") == "StepScaling" {
				aggregation = "Average"
			}
			c.Set("metric_aggregation_type", aggregation)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// policyArguments asks for what each kind of policy needs. Texts: unverified.
func policyArguments(c *model.Call) *world.Error {
	kind := c.String("policy_type")
	if kind == "" {
		kind = "SimpleScaling"
	}
	lacks := func(argument string) *world.Error {
		return world.Fail("ValidationError", "%s is required for policy type %s", argument, kind)
	}
	switch {
	case (kind == "SimpleScaling" || kind == "StepScaling") && c.String("adjustment_type") == "":
		return lacks("AdjustmentType")
	case kind == "SimpleScaling" && c.At("scaling_adjustment") == nil:
		return lacks("ScalingAdjustment")
	case kind == "StepScaling" && len(c.Blocks("step_adjustment")) == 0:
		return lacks("StepAdjustments")
	case kind == "TargetTrackingScaling" && len(c.Blocks("target_tracking_configuration")) == 0:
		return lacks("TargetTrackingConfiguration")
	case kind == "PredictiveScaling" && len(c.Blocks("predictive_scaling_configuration")) == 0:
		return lacks("PredictiveScalingConfiguration")
	}
	tracking := "target_tracking_configuration"
	metrics := len(c.Blocks(tracking+".predefined_metric_specification")) + len(c.Blocks(tracking+".customized_metric_specification"))
	if kind == "TargetTrackingScaling" && metrics != 1 {
		return world.Fail("ValidationError", "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is required")
	}
	return nil
}
