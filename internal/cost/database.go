package cost

import (
	"fmt"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// mostBackupDays is how long Aurora keeps automated backups at most; at least it is one day (Aurora User Guide, "Backup retention period").
const mostBackupDays = 35

// serverless is the class of instances whose capacity follows the load.
const serverless = "db.serverless"

// databases prices Aurora PostgreSQL: capacity, storage, I/O and backups. Other engines are named as unpriced.
func (e *estimate) databases() {
	for _, loose := range e.Inventory.Loose {
		e.missing(loose.Resource, "the plan does not say which database it belongs to")
	}
	for _, database := range e.Inventory.Databases {
		if database.Engine == "" {
			e.missing(database.Resource, "the plan does not know its engine")
			continue
		}
		if database.Type != "aws_rds_cluster" || !strings.HasPrefix(database.Engine, "aurora-postgresql") {
			e.missing(database.Resource, "the price book has Aurora PostgreSQL alone, and this is "+database.Engine)
			continue
		}
		storage, state := database.Values.Attr("storage_type").Text().Get()
		if state == plan.IsUnknown {
			e.missing(database.Resource, "the plan does not know whether it pays for I/O by itself or with its storage")
			continue
		}
		optimized := storage == "aurora-iopt1"
		for _, instance := range database.Instances {
			e.databaseInstance(database, instance, optimized)
		}
		e.databaseStorage(database, optimized)
	}
}

func (e *estimate) databaseInstance(database inventory.Database, instance inventory.DatabaseInstance, optimized bool) {
	item, capacity := pricing.AuroraInstanceHour, pricing.AuroraACUHour
	if optimized {
		item, capacity = pricing.AuroraInstanceHourIO, pricing.AuroraACUHourIO
	}
	switch instance.Class {
	case serverless:
		e.serverless(database, instance, capacity)
	case "":
		e.missing(instance.Resource, "the plan does not know its class")
	default:
		u := hourly(1, "")
		u.zone = instance.Zone
		e.add(instance.Resource, item, instance.Class, u)
	}
}

// serverless prices an instance whose capacity follows the load.
func (e *estimate) serverless(database inventory.Database, instance inventory.DatabaseInstance, capacity pricing.Item) {
	minACU, minState := database.MinACU.Get()
	maxACU, maxState := database.MaxACU.Get()
	if minState != plan.IsKnown || maxState != plan.IsKnown || maxACU <= 0 {
		e.missing(instance.Resource, "the plan does not know the bounds of its capacity")
		return
	}
	least, most := decimal.NewFromFloat(minACU), decimal.NewFromFloat(maxACU)
	// A reader of promotion tier 0 or 1 is kept as large as the writer, others follow their own load (Aurora User Guide, "Aurora Serverless v2
	// and failover"); nothing reads from ours.
	tier, tierState := instance.Tier().Default(0).Get()
	follows := instance.Writer || tierState == plan.IsUnknown || tier <= 1
	u := e.byHour(func(m moment) decimal.Decimal {
		if !follows {
			return least
		}
		return decimal.Max(least, decimal.Min(most, e.load.acu(m)))
	}, "", "load", "users", "database_capacity")
	average := u.quantity.Div(decimal.NewFromInt(pricing.HoursPerMonth)).Round(2)
	u.zone, u.why = instance.Zone, fmt.Sprintf("%s ACU on average, between %s and %s", average, least, most)
	switch {
	case !follows:
		u.why = fmt.Sprintf("a reader of a low promotion tier, at the least of %s ACU", least)
	case tierState == plan.IsUnknown && !instance.Writer:
		u.between(least.Mul(decimal.NewFromInt(pricing.HoursPerMonth)), "whether it is kept as large as the writer")
	}
	e.add(instance.Resource, capacity, "", u)
}

func (e *estimate) databaseStorage(database inventory.Database, optimized bool) {
	gb, change := e.usage.Value("database_gb"), e.usage.Value("database_change_percent").Div(hundred)
	if optimized {
		e.add(database.Resource, pricing.AuroraStorageGBMonthIO, "", use{quantity: gb, why: "the database", assumed: []string{"database_gb"}})
	} else {
		e.add(database.Resource, pricing.AuroraStorageGBMonth, "", use{quantity: gb, why: "the database", assumed: []string{"database_gb"}})
		e.add(database.Resource, pricing.AuroraIORequests, "", e.byHour(func(m moment) decimal.Decimal {
			return e.usage.Value("database_io_per_hour").Add(e.load.workspaces(m).Mul(e.usage.Value("database_io_per_workspace_hour")))
		}, "requests of an idle database, and of each running workspace", "load", "users", "database_io_per_hour",
			"database_io_per_workspace_hour"))
	}
	// Backups up to the size of the database are free: what changed on the days that are kept is what costs.
	days := database.BackupDays.Else(0, mostBackupDays)
	backups := use{
		quantity: gb.Mul(change).Mul(decimal.NewFromInt(int64(days))), assumed: []string{"database_gb", "database_change_percent"},
		why: fmt.Sprintf("what changes in the %d days that are kept; as much as the database itself is free", days),
	}
	if database.BackupDays.IsUnknown() {
		backups.between(gb.Mul(change), "how many days are kept")
	}
	e.add(database.Resource, pricing.AuroraBackupGBMonth, "", backups)
	if managed := database.Values.Attr("manage_master_user_password").Bool(); managed.Else(false, true) {
		secret := monthly(1, "the secret of the master user, which RDS makes")
		if managed.IsUnknown() {
			secret.between(decimal.Zero, "whether there is one")
		}
		e.add(database.Resource, pricing.SecretMonth, "", secret)
	}
}
