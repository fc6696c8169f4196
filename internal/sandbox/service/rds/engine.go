package rds

import (
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// api is the service as the SDK names it in errors.
const api = "RDS"

const (
	auroraPostgreSQL = "aurora-postgresql"
	postgreSQL       = "postgres"
)

// engineVersions lists, for the engines whose versions are modelled, what RDS offers for new databases, oldest first. Aurora: a copy of
// DescribeDBEngineVersions from autumn 2026. PostgreSQL: the versions of the same releases (unverified).
var engineVersions = map[string][]string{
	auroraPostgreSQL: {
		"11.9", "11.21", "12.9", "12.22", "13.9", "13.23", "14.6", "14.17", "14.18", "14.19", "14.20", "14.22", "14.23",
		"15.10", "15.12", "15.13", "15.14", "15.15", "15.17", "15.18", "16.8", "16.9", "16.10", "16.11", "16.13", "16.14",
		"17.4", "17.5", "17.6", "17.7", "17.9", "17.10", "18.3", "18.4",
	},
	postgreSQL: {
		"13.22", "13.23", "14.19", "14.20", "14.22", "14.23", "15.14", "15.15", "15.17", "15.18", "16.10", "16.11", "16.13", "16.14",
		"17.6", "17.7", "17.9", "17.10", "18.1", "18.3", "18.4",
	},
}

// defaultMinors are the versions that a major version alone means: 16 and 17 as DescribeDBEngineVersions marked them in autumn 2026, the
// others from the same releases (unverified).
var defaultMinors = map[string]string{
	"11": "11.21", "12": "12.22", "13": "13.23", "14": "14.20", "15": "15.15", "16": "16.11", "17": "17.7", "18": "18.3",
}

// otherEngines are the engines whose versions are not modelled, with the version that a database gets which asks for none (unverified).
var otherEngines = map[string]string{
	"aurora-mysql": "8.0.mysql_aurora.3.08.2", "mysql": "8.0.43", "mariadb": "11.8.3",
	"custom-oracle-ee": "19", "oracle-ee": "19", "oracle-se2": "19", "sqlserver-ee": "16.00", "sqlserver-se": "16.00",
	"sqlserver-ex": "16.00", "sqlserver-web": "16.00", "db2-ae": "11.5", "db2-se": "11.5",
}

// resolveVersion is the version that RDS gives a database that asks for a version, a major version or none; ok is false if RDS
// does not offer it.
func resolveVersion(engine, asked string) (version string, ok bool) {
	offered, modelled := engineVersions[engine]
	switch {
	case !modelled && asked == "":
		return otherEngines[engine], true
	case !modelled:
		return asked, true
	case asked == "":
		return defaultMinors["17"], true
	case defaultMinors[asked] != "" && slices.ContainsFunc(offered, func(v string) bool { return strings.HasPrefix(v, asked+".") }):
		return defaultMinors[asked], true
	}
	return asked, slices.Contains(offered, asked)
}

// offeredVersion refuses an engine or a version that RDS does not offer.
func offeredVersion(c *model.Call) *world.Error {
	engine, asked := c.String("engine"), c.String("engine_version")
	if _, modelled := engineVersions[engine]; !modelled && otherEngines[engine] == "" {
		return world.Fail("InvalidParameterValue", "Invalid DB engine: %s", engine)
	}
	if _, ok := resolveVersion(engine, asked); !ok && c.Changed("engine_version") {
		return world.Fail("InvalidParameterCombination", "Cannot find version %s for %s", asked, engine)
	}
	return nil
}

// upgradePath refuses a downgrade, and a major upgrade that nobody has allowed.
func upgradePath(c *model.Call) *world.Error {
	if c.Creating() || !c.Changed("engine_version") {
		return nil
	}
	from, _ := c.Prior["engine_version_actual"].(string)
	to, _ := resolveVersion(c.String("engine"), c.String("engine_version"))
	switch order := compareVersions(to, from); {
	case order < 0:
		return world.Fail("InvalidParameterCombination", "Cannot upgrade %s from %s to %s", c.String("engine"), from, to)
	case order > 0 && major(from) != major(to) && !c.Bool("allow_major_version_upgrade"):
		return world.Fail("InvalidParameterCombination", "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.") // unverified text
	}
	return nil
}

func major(version string) string {
	number, _, _ := strings.Cut(version, ".")
	return number
}

// compareVersions compares dotted numbers.
func compareVersions(a, b string) int {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(left), len(right)) {
		x, errX := strconv.Atoi(left[i])
		y, errY := strconv.Atoi(right[i])
		if errX != nil || errY != nil {
			return strings.Compare(a, b)
		}
		if x != y {
			return x - y
		}
	}
	return len(left) - len(right)
}

// serverlessFrom are the first minor versions with Aurora Serverless v2, by major version; major versions above have it from their
// start (AWS documentation).
var serverlessFrom = map[string]string{"13": "13.6", "14": "14.3", "15": "15.2"}

// hasServerless reports whether an Aurora PostgreSQL version can run as Serverless v2.
func hasServerless(engine, version string) bool {
	return engine != auroraPostgreSQL || compareVersions(major(version), "13") >= 0 &&
		(serverlessFrom[major(version)] == "" || compareVersions(version, serverlessFrom[major(version)]) >= 0)
}

// pauseFrom are the first minor versions that can pause at zero ACU, by major version (AWS documentation).
var pauseFrom = map[string]string{"13": "13.15", "14": "14.12", "15": "15.7", "16": "16.3"}

func canPause(engine, version string) bool {
	return engine != auroraPostgreSQL || hasServerless(engine, version) &&
		(pauseFrom[major(version)] == "" || compareVersions(version, pauseFrom[major(version)]) >= 0)
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
		"RDS does not support creating a DB instance with the following combination: DBInstanceClass=%s, Engine=%s, EngineVersion=%s, LicenseModel=%s. For supported combinations of instance class and database engine version, see the documentation.",
		class, engine, version, license)
}
