package cost

import (
	"fmt"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// serverless is the class of instances whose capacity follows the load.
const serverless = "db.serverless"

// databases prices Aurora PostgreSQL: capacity, storage, I/O and backups. Other engines are named as unpriced.
func (e *estimate) databases() {
	e.report.Unpriced = append(e.report.Unpriced, e.loose...)
	for _, database := range e.Inventory.Databases {
		if database.Type != "aws_rds_cluster" || !strings.HasPrefix(database.Engine, "aurora-postgresql") {
			e.missing(database.Resource, "the price book has Aurora PostgreSQL alone, and this is "+database.Engine)
			continue
		}
		optimized := inventory.Text(database.Values, "storage_type") == "aurora-iopt1"
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
	if instance.Class != serverless {
		u := hourly(1, "")
		u.zone = instance.Zone
		e.add(instance.Resource, item, instance.Class, u)
		return
	}
	least, most := decimal.NewFromFloat(database.MinACU), decimal.NewFromFloat(database.MaxACU)
	if !most.IsPositive() {
		e.missing(instance.Resource, "the plan does not know the bounds of its capacity")
		return
	}
	// A reader of promotion tier 0 or 1 is kept as large as the writer, others follow their own load (Aurora User Guide, "Aurora Serverless v2
	// and failover"); nothing reads from ours.
	follows := instance.Writer || inventory.Number(instance.Values, "promotion_tier") <= 1
	u := e.byHour(func(m moment) decimal.Decimal {
		if !follows {
			return least
		}
		return decimal.Max(least, decimal.Min(most, e.usage.acu(e.load.users(m))))
	}, "", "load", "users", "database_capacity")
	average := u.quantity.Div(decimal.NewFromInt(pricing.HoursPerMonth)).Round(2)
	u.zone, u.why = instance.Zone, fmt.Sprintf("%s ACU on average, between %s and %s", average, least, most)
	if !follows {
		u.why = fmt.Sprintf("a reader of a low promotion tier, at the least of %s ACU", least)
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
		}, "requests of an idle database, and of each running workspace", "load", "users", "database_io_per_hour", "database_io_per_workspace_hour"))
	}
	// Backups up to the size of the database are free: what changed on the days that are kept is what costs.
	days := decimal.NewFromInt(int64(database.BackupDays))
	e.add(database.Resource, pricing.AuroraBackupGBMonth, "", use{
		quantity: gb.Mul(change).Mul(days), why: fmt.Sprintf("what changes in the %d days that are kept; as much as the database itself is free", database.BackupDays),
		assumed: []string{"database_gb", "database_change_percent"},
	})
	if managed, _ := database.Values["manage_master_user_password"].(bool); managed {
		e.add(database.Resource, pricing.SecretMonth, "", monthly(1, "the secret of the master user, which RDS makes"))
	}
}
