package autoscaling

import (
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func schedule() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_schedule", API: api, Noun: "Auto Scaling Scheduled Action",
		CreateCall: "PutScheduledUpdateGroupAction", UpdateCall: "PutScheduledUpdateGroupAction", DeleteCall: "DeleteScheduledAction",
		Identify: model.IDFrom("scheduled_action_name"), Scope: []string{"autoscaling_group_name"},
		References: []model.Reference{inGroup},
		Checks: []model.Check{
			model.Length("ValidationError", "scheduled_action_name", "scheduledActionName", 1, 255),
			scheduleSizes, scheduleRecurrence, scheduleTimes, scheduleTaken,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-F55D82F7", Service: "autoscaling", Name: "Scheduled actions per Auto Scaling group", Default: 125},
			Per:   perGroup,
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceeded", "You have reached the limit of scheduled actions for this Auto Scaling group.") // text: unverified
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("autoscaling", "scheduledUpdateGroupAction:"+c.UUID()+":autoScalingGroupName/"+c.String("autoscaling_group_name")+
				":scheduledActionName/"+c.ID))
			// The provider writes -1 for a size that the action leaves as it is.
			c.SetEach(-1.0, "min_size", "max_size", "desired_capacity")
			c.SetEach("", "recurrence", "time_zone", "end_time")
			c.Set("start_time", nextStart(c))
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// scheduleSize is a size that the action sets; -1, null and unknown set none.
func scheduleSize(c *model.Call, argument string) (float64, bool) {
	n, ok := c.Number(argument)
	return n, ok && n >= 0
}

// scheduleSizes asks for at least one size, and for sizes that agree. Texts: unverified.
func scheduleSizes(c *model.Call) *world.Error {
	least, hasLeast := scheduleSize(c, "min_size")
	most, hasMost := scheduleSize(c, "max_size")
	desired, hasDesired := scheduleSize(c, "desired_capacity")
	switch {
	case !hasLeast && !hasMost && !hasDesired:
		return world.Fail("ValidationError", "At least one of MinSize, MaxSize, or DesiredCapacity must be specified.")
	case hasLeast && hasMost && least > most:
		return world.Fail("ValidationError", "Min bound, %s, must be less than or equal to max bound, %s", model.FormatNumber(least),
			model.FormatNumber(most))
	case hasDesired && (hasLeast && desired < least || hasMost && desired > most):
		return world.Fail("ValidationError", "Desired capacity:%s must be between the specified min size and max size",
			model.FormatNumber(desired))
	}
	return nil
}

// scheduleRecurrence holds the recurrence to five fields of cron and the zone to the IANA's names.
func scheduleRecurrence(c *model.Call) *world.Error {
	if text := c.String("recurrence"); text != "" {
		if _, err := cron.ParseUnix(text); err != nil {
			return world.Fail("ValidationError", "Given recurrence string: %s is invalid", text)
		}
	}
	if _, err := cron.Zone(c.String("time_zone")); err != nil {
		return world.Fail("ValidationError", "Time zone specified does not conform to standardized time zones found in IANA Time Zone Database")
	}
	return nil
}

// scheduleTimes refuses a start in the past and an end before the start. Texts: unverified.
func scheduleTimes(c *model.Call) *world.Error {
	start, startErr := time.Parse(time.RFC3339, c.String("start_time"))
	end, endErr := time.Parse(time.RFC3339, c.String("end_time"))
	now := c.World.Now()
	switch {
	case c.String("recurrence") == "" && c.String("start_time") == "":
		return world.Fail("ValidationError", "Either StartTime or Recurrence must be specified.")
	case startErr == nil && c.Changed("start_time") && start.Before(now):
		return world.Fail("ValidationError", "Given start time is in the past")
	case endErr == nil && c.Changed("end_time") && end.Before(now):
		return world.Fail("ValidationError", "Given end time is in the past")
	case startErr == nil && endErr == nil && !end.After(start):
		return world.Fail("ValidationError", "Given end time is before the start time")
	}
	return nil
}

// scheduleTaken refuses a second action of the same name, or at the same time, in a group. Text: unverified.
func scheduleTaken(c *model.Call) *world.Error {
	if !c.Creating() {
		return nil
	}
	for _, other := range c.All("aws_autoscaling_schedule") {
		if other.String("autoscaling_group_name") != c.String("autoscaling_group_name") {
			continue
		}
		sameTime := c.String("recurrence") == other.String("recurrence") && c.String("time_zone") == other.String("time_zone") &&
			(c.String("recurrence") != "" && c.String("start_time") == "" || c.String("start_time") == other.String("start_time"))
		if sameTime || other.String("scheduled_action_name") == c.String("scheduled_action_name") {
			return world.Fail("AlreadyExists", "Scheduled action already exists with the same name or the same start time: %s",
				other.String("scheduled_action_name"))
		}
	}
	return nil
}

// nextStart is the next time of the recurrence in UTC, as AWS reports it.
func nextStart(c *model.Call) string {
	schedule, err := cron.ParseUnix(c.String("recurrence"))
	if err != nil {
		return ""
	}
	zone, err := cron.Zone(c.String("time_zone"))
	if err != nil {
		return ""
	}
	next, ok := schedule.Next(c.World.Now().In(zone))
	if !ok {
		return ""
	}
	return next.UTC().Format(time.RFC3339)
}
