// Package scheduler declares Amazon EventBridge Scheduler: schedules and their groups. Beside the model it imports cron and iampolicy;
// the catalog imports it.
//
// Rules: API model (botocore scheduler 2021-06-30) and user guide; texts: answers of AWS on public record where not said otherwise. Its
// quotas, a million schedules and 500 groups, are out of reach and not counted.
package scheduler

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const api = "Scheduler"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{scheduleGroup(), schedule()} }

func scheduleGroup() *model.Type {
	return &model.Type{
		Name: "aws_scheduler_schedule_group", API: api, Noun: "EventBridge Scheduler Schedule Group",
		CreateCall: "CreateScheduleGroup", UpdateCall: "TagResource", DeleteCall: "DeleteScheduleGroup",
		Identify: func(c *model.Call) string { return c.Name("name", "name_prefix") },
		Checks: []model.Check{
			model.Length("ValidationException", "name", "name", 1, 64),
			model.Pattern("ValidationException", "name", "name", `[0-9a-zA-Z-_.]+`),
			func(c *model.Call) *world.Error {
				if name := c.String("name"); c.Creating() && (name == "default" || c.Find("aws_scheduler_schedule_group", name) != nil) {
					return world.Conflict("ConflictException", "Schedule group %s already exists.", name)
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("scheduler", "schedule-group/"+c.ID))
			c.SetEach(c.World.Now().Format("2006-01-02T15:04:05Z"), "creation_date", "last_modification_date")
			c.Set("state", "ACTIVE")
			c.Set("name_prefix", "")
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 2), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(10, 3, 30),
			Source: "estimate; a group is deleted with its schedules, step by step"},
	}
}

// groupOf is the group of a schedule; AWS's own is called default.
func groupOf(attributes world.Object) string {
	if group, _ := attributes["group_name"].(string); group != "" {
		return group
	}
	return "default"
}

var (
	universalTarget = model.Expression(`^arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)$`)
	anyTarget       = model.Expression(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$`)
)
