package rds

import (
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// api is the service as the SDK names it in errors.
const api = "RDS"

const (
	auroraPostgreSQL = facts.AuroraPostgreSQL
	postgreSQL       = facts.PostgreSQL
)

// offeredVersion refuses an engine or a version that RDS does not offer.
func offeredVersion(c *model.Call) *world.Error {
	engine, asked := c.String("engine"), c.String("engine_version")
	if !facts.Engine(engine) {
		return world.Fail("InvalidParameterValue", "Invalid DB engine: %s", engine)
	}
	if _, ok := facts.EngineVersion(engine, asked); !ok && c.Changed("engine_version") {
		return world.Fail("InvalidParameterCombination", "Cannot find version %s for %s", asked, engine)
	}
	return nil
}

// upgradePath refuses a downgrade, a major upgrade that nobody has allowed, and one to a version that RDS does not upgrade to.
func upgradePath(c *model.Call) *world.Error {
	if c.Creating() || !c.Changed("engine_version") {
		return nil
	}
	from, _ := c.Prior["engine_version_actual"].(string)
	to, _ := facts.EngineVersion(c.String("engine"), c.String("engine_version"))
	if to == from {
		return nil
	}
	engine := c.String("engine")
	modelled := engine == auroraPostgreSQL || engine == postgreSQL
	switch later := facts.CompareEngineVersions(to, from) > 0; {
	case later && major(from) != major(to) && !c.Bool("allow_major_version_upgrade"):
		return world.Fail("InvalidParameterCombination",
			"The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	case !later, modelled && !facts.UpgradeTarget(from, to):
		if c.Type.Name == "aws_rds_cluster" {
			return world.Fail("InvalidParameterCombination", "Cannot find upgrade target from %s with requested version %s.", from, to)
		}
		return world.Fail("InvalidParameterCombination", "Cannot upgrade %s from %s to %s", engine, from, to)
	}
	return nil
}

func major(version string) string { return facts.EngineMajor(version) }

// optionGroup is the option group of databases that name none, such as default:mysql-8-0.
func optionGroup(engine, version string) string {
	return "default:" + engine + "-" + strings.ReplaceAll(strings.TrimPrefix(parameterFamily(engine, version), engine), ".", "-")
}

// parameterFamily is the parameter group family of a version, such as aurora-postgresql16.
func parameterFamily(engine, version string) string {
	switch engine {
	case auroraPostgreSQL, postgreSQL:
		return engine + major(version)
	case "aurora-mysql":
		return engine + "8.0"
	}
	parts := strings.Split(version, ".")
	return engine + strings.Join(parts[:min(2, len(parts))], ".")
}

// defaultDatabasePort is the port of an engine whose database names none.
func defaultDatabasePort(engine string) float64 {
	switch {
	case engine == auroraPostgreSQL || engine == postgreSQL:
		return 5432
	case strings.HasPrefix(engine, "oracle") || strings.HasPrefix(engine, "custom-oracle"):
		return 1521
	case strings.HasPrefix(engine, "sqlserver"):
		return 1433
	case strings.HasPrefix(engine, "db2"):
		return 50000
	}
	return 3306
}

// unsupportedClass is RDS's answer to an instance class that an engine version cannot run on (recorded).
func unsupportedClass(class, engine, version string) *world.Error {
	license := "general-public-license"
	if engine == auroraPostgreSQL || engine == postgreSQL {
		license = "postgresql-license"
	}
	return world.Fail("InvalidParameterCombination",
		"RDS does not support creating a DB instance with the following combination: DBInstanceClass=%s, Engine=%s, EngineVersion=%s, "+
			"LicenseModel=%s. For supported combinations of instance class and database engine version, see the documentation.",
		class, engine, version, license)
}
