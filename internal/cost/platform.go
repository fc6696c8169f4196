package cost

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/facts"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// platform prices control planes, keys, secrets, alarms, schedules and home volumes.
func (e *estimate) platform() {
	inv := e.Inventory
	on := e.report.Now
	if on.IsZero() {
		on, _ = time.Parse(time.DateOnly, e.report.BookDate)
	}
	for _, cluster := range inv.Clusters {
		e.add(cluster.Resource, pricing.EKSClusterHour, "", hourly(1, ""))
		if facts.KubernetesSupport(cluster.Version, on) == "EXTENDED_SUPPORT" {
			e.add(cluster.Resource, pricing.EKSExtendedSupportHour, "", hourly(1, ""))
		}
	}
	for _, key := range inv.Keys {
		e.add(key.Resource, pricing.KMSKeyMonth, "", monthly(1, "the key; its first two rotations add as much again each"))
	}
	if len(inv.Keys) > 0 {
		e.add(inv.Keys[0].Resource, pricing.KMSRequests, "", e.byHour(rate(e.fleet.total).times(e.usage.Value("kms_requests_per_node_hour")),
			fmt.Sprintf("of nodes, to all %d keys", len(inv.Keys)), "kms_requests_per_node_hour"))
	}
	for _, secret := range inv.Secrets {
		secrets, why := int64(1), "the secret"
		if replicas := len(secret.Values.Blocks("replica")); replicas > 0 {
			secrets, why = secrets+int64(replicas), "the secret and its replicas"
		}
		e.add(secret.Resource, pricing.SecretMonth, "", monthly(secrets, why))
	}
	for _, alarm := range inv.Alarms {
		e.alarm(alarm)
	}
	for _, schedule := range inv.Schedules {
		e.schedule(schedule)
	}
	e.homes()
}

// alarm prices an alarm by the metrics that it reads.
func (e *estimate) alarm(alarm inventory.Alarm) {
	if alarm.Type == "aws_cloudwatch_composite_alarm" {
		e.add(alarm.Resource, pricing.CloudWatchCompositeAlarmMonth, "", monthly(1, "the alarm"))
		return
	}
	period, periodState := alarm.Values.Attr("period").Number().Get()
	if periodState == plan.IsUnknown || alarm.Values.Attr("metric_query").State() == plan.IsUnknown {
		e.missing(alarm.Resource, "the plan does not know what the alarm reads, or how often")
		return
	}
	item, metrics := pricing.CloudWatchAlarmMonth, int64(0)
	if period > 0 && period < 60 {
		item = pricing.CloudWatchHighResolutionAlarmMonth
	}
	for _, query := range alarm.Values.Blocks("metric_query") {
		metrics += int64(len(query.Blocks("metric")))
	}
	if metrics == 0 {
		metrics = 1
	}
	e.add(alarm.Resource, item, "", monthly(metrics, fmt.Sprintf("metrics that the alarm reads: %d", metrics)))
}

// schedule prices what a schedule starts, and the steps of the state machine that does the work.
func (e *estimate) schedule(schedule inventory.Schedule) {
	switch schedule.Type {
	case "aws_scheduler_schedule":
	case groupSchedule:
		if _, _, follows := e.fleet.sets(e.Input, schedule); !follows {
			e.missing(schedule.Resource,
				"what it does is not followed, as it names no group of the plan, no recurrence or no desired_capacity, or ends: "+
					"its group is priced without it, at its desired size unless other schedules move it")
			return
		}
		e.report.Free[schedule.Type]++
		return
	default:
		e.report.Free[schedule.Type]++
		return
	}
	if schedule.Expression == "" {
		e.missing(schedule.Resource, "the plan does not know when it runs")
		return
	}
	zone, err := cron.Zone(schedule.Timezone)
	if err != nil {
		e.missing(schedule.Resource, err.Error())
		return
	}
	due, err := dueOf(schedule.Expression, zone)
	if err != nil {
		e.missing(schedule.Resource, "its expression cannot be read: "+err.Error())
		return
	}
	begin := time.Date(e.report.Year, 1, 1, 0, 0, 0, 0, time.UTC)
	end := begin.AddDate(1, 0, 0)
	runs, counted := e.fleet.runs[schedule.Address]
	if !counted && !due.once {
		for at, ok := due.next(begin.Add(-time.Second), begin); ok && at.Before(end); at, ok = due.next(at, begin) {
			runs++
		}
	}
	monthly := decimal.NewFromInt(runs).Div(decimal.NewFromInt(12))
	e.add(schedule.Resource, pricing.SchedulerInvocations, "", use{quantity: monthly, why: fmt.Sprintf("%d runs in %d", runs, e.report.Year)})
	sets, moves := e.scheduleOf(schedule)
	if !moves {
		return
	}
	machine, ok := e.stateMachine()
	if !ok {
		return
	}
	steps := transitions(machine, int64(len(sets.MinSizes)))
	e.add(machine, pricing.SFNTransitions, "", use{
		quantity: monthly.Mul(decimal.NewFromInt(steps)), why: fmt.Sprintf("%d runs of %s in %d, at most %d steps each", runs, schedule.Name,
			e.report.Year, steps),
	})
}

func (e *estimate) stateMachine() (inventory.Resource, bool) {
	for _, resource := range e.Inventory.Others {
		if resource.Type == "aws_sfn_state_machine" {
			return resource, true
		}
	}
	return inventory.Resource{}, false
}

// transitions is the most steps that an execution takes when each state of it is entered once, those of an item processor once for each
// item.
func transitions(machine inventory.Resource, items int64) int64 {
	type states map[string]struct {
		ItemProcessor struct {
			States map[string]any `json:"States"`
		} `json:"ItemProcessor"`
	}
	var definition struct {
		States states `json:"States"`
	}
	if json.Unmarshal([]byte(text(machine.Values, "definition")), &definition) != nil {
		return 1 + items
	}
	steps := int64(len(definition.States))
	for _, state := range definition.States {
		steps += items * int64(len(state.ItemProcessor.States))
	}
	return steps + 1 // the start counts
}

// homes prices the home volumes of workspaces, which no plan has: Coder makes them.
func (e *estimate) homes() {
	if e.Capacity == nil || e.Capacity.MaxWorkspaces == 0 || len(e.Inventory.Clusters) == 0 {
		return
	}
	perWorkspace := decimal.NewFromFloat(e.Capacity.HomesGiB).Div(decimal.NewFromInt(int64(e.Capacity.MaxWorkspaces)))
	volumes := e.load.peak.Mul(e.usage.Value("workspaces_per_user")).Mul(e.usage.Value("volumes_per_workspace"))
	e.add(e.Inventory.Clusters[0].Resource, pricing.EBSGP3GBMonth, "", use{
		quantity: volumes.Mul(perWorkspace), title: "home volumes of workspaces, gp3",
		assumed: []string{"users", "workspaces_per_user", "volumes_per_workspace"},
		why:     fmt.Sprintf("%s volumes, %s GiB each on average, at all hours", volumes.Round(0), perWorkspace.Round(1)),
	})
}

// logs prices what CloudWatch Logs takes in and stores. What AWS's own services write is cheaper in bulk.
func (e *estimate) logs() {
	flows := map[string]bool{}
	for _, resource := range e.Inventory.Others {
		if resource.Type == "aws_flow_log" {
			flows[moduleOf(resource.Address)] = true
		}
	}
	for _, group := range e.Inventory.LogGroups {
		item, perHour, why, names := pricing.CloudWatchLogsIngestedGB, func(moment) decimal.Decimal {
			return e.usage.Value("other_log_gb_month").Div(decimal.NewFromInt(pricing.HoursPerMonth))
		}, "logs", []string{"other_log_gb_month"}
		switch {
		case strings.HasPrefix(group.Name, "/aws/eks/") && strings.HasSuffix(group.Name, "/cluster"):
			item, why = pricing.CloudWatchVendedLogsGB, "logs of the EKS control plane"
			names = []string{"control_plane_log_gb_hour", "control_plane_log_gb_per_node_hour"}
			perHour = func(m moment) decimal.Decimal {
				ofNodes := e.fleet.total(m).Mul(e.usage.Value("control_plane_log_gb_per_node_hour"))
				return e.usage.Value("control_plane_log_gb_hour").Add(ofNodes)
			}
		case strings.Contains(group.Name, "flow") || flows[moduleOf(group.Address)] && !strings.HasPrefix(group.Name, "/aws/"):
			item, why, names = pricing.CloudWatchVendedLogsGB, "flow logs of nodes", []string{"flow_log_gb_per_node_hour"}
			perHour = func(m moment) decimal.Decimal {
				return e.fleet.total(m).Mul(e.usage.Value("flow_log_gb_per_node_hour"))
			}
		case strings.HasPrefix(group.Name, "/aws/rds/"):
			why, names = "logs of PostgreSQL", []string{"database_log_gb_hour"}
			perHour = func(moment) decimal.Decimal { return e.usage.Value("database_log_gb_hour") }
		}
		u := e.byHour(perHour, why, names...)
		u.title = why + ", taken in"
		e.add(group.Resource, item, "", u)
		days, kept := group.RetentionDays.Else(0, 0), "for ever; a year of it is counted"
		months := decimal.NewFromInt(12)
		if days > 0 {
			months, kept = monthsOf(days), fmt.Sprintf("for %d days", days)
		}
		inMonth := u.quantity.Mul(e.usage.Value("log_stored_percent")).Div(hundred)
		stored := use{
			title: why + ", stored", quantity: inMonth.Mul(months), why: why + ", kept " + kept, assumed: append(names, "log_stored_percent"),
		}
		if group.RetentionDays.IsUnknown() {
			stored.between(inMonth.Mul(monthsOf(1)), "for how long")
		}
		e.add(group.Resource, pricing.CloudWatchLogsStoredGBMonth, "", stored)
	}
}

// monthsOf is how many months logs are kept that are kept for so many days.
func monthsOf(days int) decimal.Decimal {
	return decimal.NewFromInt(int64(days)).Div(decimal.NewFromInt(30))
}
