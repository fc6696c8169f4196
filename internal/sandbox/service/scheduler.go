package service

import (
	"path"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

const eventBridgeScheduler = "Scheduler"

// schedulerTypes declares schedules and their groups of Amazon EventBridge Scheduler. Rules: API model (botocore scheduler 2021-06-30) and
// user guide; texts: answers of AWS on public record where not said otherwise. Its quotas, a million schedules and 500 groups, are
// out of reach and not counted.
func schedulerTypes() []*Type { return []*Type{scheduleGroup(), schedule()} }

func scheduleGroup() *Type {
	return &Type{
		Name: "aws_scheduler_schedule_group", API: eventBridgeScheduler, Noun: "EventBridge Scheduler Schedule Group",
		CreateCall: "CreateScheduleGroup", UpdateCall: "TagResource", DeleteCall: "DeleteScheduleGroup",
		Identify: func(c *Call) string { return c.Name("name", "name_prefix") },
		Checks: []Check{
			length("ValidationException", "name", "name", 1, 64),
			pattern("ValidationException", "name", "name", `[0-9a-zA-Z-_.]+`),
			func(c *Call) *world.Error {
				if name := c.String("name"); c.Creating() && (name == "default" || c.Find("aws_scheduler_schedule_group", name) != nil) {
					return world.Conflict("ConflictException", "Schedule group %s already exists.", name)
				}
				return nil
			},
		},
		Fill: func(c *Call) {
			c.Set("arn", c.ARN("scheduler", "schedule-group/"+c.ID))
			c.SetEach(c.World.Now().Format("2006-01-02T15:04:05Z"), "creation_date", "last_modification_date")
			c.Set("state", "ACTIVE")
			c.Set("name_prefix", "")
		},
		Latency: Latency{Create: seconds(1, 0.5, 2), Update: seconds(1, 0.5, 2), Delete: seconds(10, 3, 30), Source: "estimate; a group is deleted with its schedules, step by step"},
	}
}

// groupOf is the group of a schedule; AWS's own is called default.
func groupOf(attributes world.Object) string {
	if group, _ := attributes["group_name"].(string); group != "" {
		return group
	}
	return "default"
}

// assumable reports whether a role's trust policy lets a service assume it on behalf of a resource, given by its ARN, of the call's account. Of
// conditions it looks at those against the confused deputy, aws:SourceAccount and aws:SourceArn, and takes others to hold.
func assumable(c *Call, role *world.Resource, service, source string) bool {
	statements, _ := parseDocument(trustPolicy, role.String("assume_role_policy"))
	for _, s := range statements {
		if s.Effect == "Allow" && slices.Contains(s.Principals["Service"], service) && slices.Contains(s.Actions, "sts:AssumeRole") && s.meets(c.Account, source) {
			return true
		}
	}
	return false
}

// meets reports whether the conditions on the source of a call hold.
func (s statement) meets(account, source string) bool {
	given := map[string]string{"aws:sourceaccount": account, "aws:sourcearn": source}
	for operator, keys := range s.Conditions {
		exact := strings.HasPrefix(operator, "StringEquals")
		if !exact && !strings.HasPrefix(operator, "StringLike") && !strings.HasPrefix(operator, "Arn") || strings.Contains(operator, "Not") {
			continue
		}
		for key, allowed := range keys {
			value, known := given[strings.ToLower(key)]
			if known && !slices.ContainsFunc(allowed, func(pattern string) bool { return like(pattern, value, exact) }) {
				return false
			}
		}
	}
	return true
}

// like compares a value with a pattern of the policy language, in which * also stands for slashes.
func like(pattern, value string, exact bool) bool {
	if exact {
		return pattern == value
	}
	flat := strings.NewReplacer("/", "\x00")
	matched, err := path.Match(flat.Replace(pattern), flat.Replace(value))
	return err == nil && matched
}

var (
	universalTarget = expression(`^arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)$`)
	anyTarget       = expression(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$`)
)
