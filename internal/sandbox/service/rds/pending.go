package rds

import (
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
)

// settleVersion decides when a cluster that exists gets the version that is asked for: at once if the call says so, else in the next
// maintenance window. A call that says so brings what waits from an earlier one, too (API reference, ModifyDBCluster: ApplyImmediately and
// EngineVersion; most other changes of a cluster are made at once).
func settleVersion(c *model.Call, version string) {
	before, _ := c.Prior["engine_version_actual"].(string)
	if c.Creating() || c.Bool("apply_immediately") || version == before {
		c.Force("engine_version_actual", version)
		return
	}
	c.Object["engine_version_actual"] = before
	if group := c.Prior["db_cluster_parameter_group_name"]; major(before) != major(version) {
		c.Object["db_cluster_parameter_group_name"] = group // of the family that runs (unverified)
	}
	c.Waits = c.World.Now()
	if !c.Self.Waits.IsZero() && c.Self.String("engine_version") == c.String("engine_version") {
		c.Waits = c.Self.Waits
	}
}

// showVersion shows what a read of a cluster says of its version: one that waits is shown where it is written in full, and else that which
// runs, as the provider compares what is pending with what it knows. After the maintenance window it runs.
func showVersion(c *model.Call) {
	if c.Self.Waits.IsZero() {
		return
	}
	asked := c.String("engine_version")
	version, _ := facts.EngineVersion(c.String("engine"), asked)
	switch {
	case !c.World.Now().Before(windowAfter(c.String("preferred_maintenance_window"), c.Self.Waits)):
		c.Object["engine_version_actual"] = version
		if asked != version {
			c.Object["engine_version"] = version
		}
	case asked != version:
		c.Object["engine_version"] = c.Object["engine_version_actual"]
	}
}

// windowAfter is when the first maintenance window after a time ends; window is such as sun:05:00-sun:05:30, in UTC.
func windowAfter(window string, after time.Time) time.Time {
	_, end, _ := strings.Cut(window, "-")
	day, clock, _ := strings.Cut(end, ":")
	at, err := time.Parse("15:04", clock)
	for days := 0; err == nil && days <= 7; days++ {
		date := after.UTC().AddDate(0, 0, days)
		ends := time.Date(date.Year(), date.Month(), date.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
		if strings.EqualFold(date.Weekday().String()[:3], day) && ends.After(after) {
			return ends
		}
	}
	return after.AddDate(0, 0, 7)
}
