package scheduler

import (
	"encoding/json"
	"strings"
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

func schedule() *model.Type {
	const invalid = "ValidationException"
	return &model.Type{
		Name: "aws_scheduler_schedule", API: api, Noun: "EventBridge Scheduler Schedule",
		CreateCall: "CreateSchedule", UpdateCall: "UpdateSchedule", DeleteCall: "DeleteSchedule",
		Identify: func(c *model.Call) string { return groupOf(c.Object) + "/" + c.Name("name", "name_prefix") },
		References: []model.Reference{
			{Path: "target.role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true, Missing: func(string) *world.Error {
				return scheduleRoleRefused()
			}},
			// AWS deletes a group with its schedules.
			{Path: "group_name", To: []string{"aws_scheduler_schedule_group"}, Inside: true},
		},
		Checks: []model.Check{
			model.Length(invalid, "name", "name", 1, 64),
			model.Pattern(invalid, "name", "name", `[0-9a-zA-Z-_.]+`),
			model.Length(invalid, "description", "description", 0, 512),
			model.OneOf(invalid, "state", "state", "ENABLED", "DISABLED"),
			model.OneOf(invalid, "action_after_completion", "actionAfterCompletion", "NONE", "DELETE"),
			scheduleGroupThere, scheduleNameTaken, scheduleTime,
			model.OneOf(invalid, "flexible_time_window.mode", "flexibleTimeWindow.mode", "OFF", "FLEXIBLE"),
			model.Between(invalid, "flexible_time_window.maximum_window_in_minutes", "flexibleTimeWindow.maximumWindowInMinutes", 1, 1440),
			scheduleWindow,
			model.Between(invalid, "target.retry_policy.maximum_retry_attempts", "target.retryPolicy.maximumRetryAttempts", 0, 185),
			model.Between(invalid, "target.retry_policy.maximum_event_age_in_seconds", "target.retryPolicy.maximumEventAgeInSeconds", 60, 86400),
			scheduleTarget, scheduleRole,
		},
		Fill: func(c *model.Call) {
			c.Set("group_name", "default")
			c.Set("arn", c.ARN("scheduler", "schedule/"+c.ID))
			c.Set("name_prefix", "")
			c.Set("action_after_completion", "NONE")
		},
		Latency: model.Instant("estimate"),
	}
}

func scheduleGroupThere(c *model.Call) *world.Error {
	if group := groupOf(c.Object); group != "default" && c.Find("aws_scheduler_schedule_group", group) == nil {
		return world.NotFound("ResourceNotFoundException", "Schedule group %s does not exist.", group)
	}
	return nil
}

func scheduleNameTaken(c *model.Call) *world.Error {
	if name := c.String("name"); c.Creating() && name != "" && c.Find("aws_scheduler_schedule", groupOf(c.Object)+"/"+name) != nil {
		return world.Conflict("ConflictException", "Schedule %s already exists.", name)
	}
	return nil
}

// scheduleTime holds the expression to its forms, the zone to the IANA's names, and the dates to their order.
func scheduleTime(c *model.Call) *world.Error {
	if text, told := c.At("schedule_expression").(string); told {
		if _, err := cron.Parse(text); err != nil {
			return world.Fail("ValidationException", "Invalid Schedule Expression %s.", text)
		}
	}
	if zone := c.String("schedule_expression_timezone"); zone != "" {
		if _, err := cron.Zone(zone); err != nil {
			return world.Fail("ValidationException", "Invalid Schedule Expression Timezone %s.", zone) // text unverified
		}
	}
	start, startErr := time.Parse(time.RFC3339, c.String("start_date"))
	end, endErr := time.Parse(time.RFC3339, c.String("end_date"))
	switch now := c.World.Now(); {
	case startErr == nil && c.Changed("start_date") && start.Before(now.Add(-5*time.Minute)):
		return world.Fail("ValidationException", "The StartDate you specify cannot be earlier than 5 minutes ago.")
	case endErr == nil && c.Changed("end_date") && end.Before(now):
		return world.Fail("ValidationException", "The EndDate you specify cannot be in the past.") // text unverified
	case startErr == nil && endErr == nil && !end.After(start):
		return world.Fail("ValidationException", "The StartDate you specify must be before the EndDate.") // text unverified
	}
	return nil
}

func scheduleWindow(c *model.Call) *world.Error {
	minutes, given := c.Number("flexible_time_window.maximum_window_in_minutes")
	switch mode := c.String("flexible_time_window.mode"); {
	case mode == "FLEXIBLE" && (!given || minutes == 0):
		// text unverified
		return world.Fail("ValidationException", "The MaximumWindowInMinutes is required when FlexibleTimeWindow.Mode is FLEXIBLE.")
	case mode == "OFF" && given && minutes > 0:
		// text unverified
		return world.Fail("ValidationException", "The MaximumWindowInMinutes is not allowed when FlexibleTimeWindow.Mode is OFF.")
	}
	return nil
}

// scheduleTarget holds the target to the forms of ARNs, and the input of a universal one to what its call needs. AWS does not look whether
// the target exists: that shows when the schedule is due.
func scheduleTarget(c *model.Call) *world.Error {
	arn, told := c.At("target.arn").(string)
	if !told {
		return nil
	}
	parts := universalTarget().FindStringSubmatch(arn)
	switch {
	case strings.Contains(arn, ":scheduler:::") && parts == nil, !anyTarget().MatchString(arn) && parts == nil:
		return world.Fail("ValidationException", "Provided Arn is not in correct format.")
	case parts == nil:
		return nil
	}
	for _, reading := range []string{"get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup",
		"discover", "validate", "batchGet"} {
		if strings.HasPrefix(parts[2], reading) {
			return world.Fail("ValidationException", "%s is not a supported api for EventBridge Scheduler.", parts[2]) // text unverified
		}
	}
	if parts[1] != "eks" || parts[2] != "updateNodegroupConfig" {
		return nil
	}
	var request map[string]any
	if err := json.Unmarshal([]byte(c.String("target.input")), &request); err != nil {
		return world.Fail("ValidationException", "Invalid RequestJson provided. Reason The request is no JSON.") // text unverified
	}
	var missing []string
	for _, field := range []string{"ClusterName", "NodegroupName"} {
		if _, there := request[field]; !there {
			missing = append(missing, field)
		}
	}
	if len(missing) > 0 {
		return world.Fail("ValidationException", "Invalid RequestJson provided. Reason Request payload is missing the following field(s): %s.",
			strings.Join(missing, ", "))
	}
	return nil
}

func scheduleRoleRefused() *world.Error {
	return world.Fail("ValidationException", "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
}

// scheduleRole holds the trust policy of the role to what AWS tries when a schedule is made: the source is the group, not the schedule.
func scheduleRole(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("target.role_arn"))
	if role != nil && !principal.Assumable(role, "scheduler.amazonaws.com", c.Account,
		c.ARN("scheduler", "schedule-group/"+groupOf(c.Object))) {
		return scheduleRoleRefused()
	}
	return nil
}

// Due is how much later than due EventBridge Scheduler starts a target: it is precise to a minute (user guide, "Schedule types").
func Due() model.Latency {
	return model.Latency{Create: model.Seconds(30, 0, 60), Source: "documentation: precise to 60 seconds"}
}
