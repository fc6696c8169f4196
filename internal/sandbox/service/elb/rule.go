package elb

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func listenerRule() *model.Type {
	return &model.Type{
		Name: "aws_lb_listener_rule", API: api, Noun: "ELBv2 Listener Rule",
		CreateCall: "CreateRule", UpdateCall: "ModifyRule", DeleteCall: "DeleteRule",
		Identify: func(c *model.Call) string {
			return strings.Replace(c.String("listener_arn"), ":listener/", ":listener-rule/", 1) + "/" + c.Hex(16)
		},
		References: []model.Reference{
			{Path: "listener_arn", To: listeners, By: "arn", Inside: true, Missing: listenerMissing},
			{Path: "action.target_group_arn", To: targetGroups, By: "arn", Missing: targetGroupMissing},
			{Path: "action.forward.target_group.arn", To: targetGroups, By: "arn", Missing: targetGroupMissing},
		},
		Plan:    func(c *model.Call) { planRedirects(c, "action") },
		Replace: model.ReplacedBy("listener_arn"),
		Checks:  []model.Check{rulePriority, listenerTargets("action")},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("priority", nextPriority(c))
			fillActions(c, "action")
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// rulesOf lists the rules of the call's listener, without the call's own.
func rulesOf(c *model.Call) []*world.Resource {
	var rules []*world.Resource
	for _, typ := range []string{"aws_lb_listener_rule", "aws_alb_listener_rule"} {
		for _, r := range c.All(typ) {
			if r.String("listener_arn") == c.String("listener_arn") && r.ID != c.ID {
				rules = append(rules, r)
			}
		}
	}
	return rules
}

// rulePriority holds rules to application load balancers, and their priorities to 1 to 50000, each once.
func rulePriority(c *model.Call) *world.Error {
	parent := listenerOf(c, c.String("listener_arn"))
	if kindOf(balancerByARN(c, parent.String("load_balancer_arn")).Object()) != applicationLB {
		return world.Fail("UnsupportedOperation", "Rules are supported for the listeners of Application Load Balancers only") // unverified text
	}
	priority, given := c.Number("priority")
	if given && (priority < 1 || priority > 50000) {
		return model.Unsatisfied("ValidationError", model.FormatNumber(priority), "priority", "Member must have value between 1 and 50000")
	}
	for _, other := range rulesOf(c) {
		if given && other.Attributes["priority"] == priority {
			return world.Fail("PriorityInUse", "Priority '%s' is currently in use", model.FormatNumber(priority))
		}
	}
	return nil
}

// nextPriority is one above the highest, as the provider picks it.
func nextPriority(c *model.Call) float64 {
	highest := 0.0
	for _, other := range rulesOf(c) {
		if priority, ok := other.Attributes["priority"].(float64); ok {
			highest = max(highest, priority)
		}
	}
	return highest + 1
}
