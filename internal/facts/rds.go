package facts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The engines whose versions are modelled.
const (
	AuroraPostgreSQL = "aurora-postgresql"
	PostgreSQL       = "postgres"
)

// engineVersions lists, for the engines whose versions are modelled, what RDS offers for new databases, oldest first. Aurora: a copy of
// DescribeDBEngineVersions from autumn 2026. PostgreSQL: the versions of the same releases (unverified).
var engineVersions = map[string][]string{
	AuroraPostgreSQL: {
		"11.9", "11.21", "12.9", "12.22", "13.9", "13.23", "14.6", "14.17", "14.18", "14.19", "14.20", "14.22", "14.23",
		"15.10", "15.12", "15.13", "15.14", "15.15", "15.17", "15.18", "16.8", "16.9", "16.10", "16.11", "16.13", "16.14",
		"17.4", "17.5", "17.6", "17.7", "17.9", "17.10", "18.3", "18.4",
	},
	PostgreSQL: {
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

// Engine reports whether RDS has an engine of this name.
func Engine(name string) bool { return engineVersions[name] != nil || otherEngines[name] != "" }

// OfferedVersions lists what RDS offers of an engine for new databases, oldest first; nil for an engine whose versions are not modelled.
func OfferedVersions(engine string) []string { return slices.Clone(engineVersions[engine]) }

// EngineVersion is the version that RDS gives a database that asks for a version, a major version or none; ok is false if RDS does not
// offer it. A version that is newer than known is offered, and a newer major version alone is its first release.
func EngineVersion(engine, asked string) (version string, ok bool) {
	offered, modelled := engineVersions[engine]
	switch {
	case !modelled && asked == "":
		return otherEngines[engine], true
	case !modelled:
		return asked, true
	case asked == "":
		return defaultMinors[defaultMajor], true
	case defaultMinors[asked] != "" && slices.ContainsFunc(offered, func(v string) bool { return strings.HasPrefix(v, asked+".") }):
		return defaultMinors[asked], true
	case NewerEngineVersion(engine, asked):
		if !strings.Contains(asked, ".") {
			asked += ".1"
		}
		return asked, true
	}
	return asked, slices.Contains(offered, asked)
}

// defaultMajor is the major version of a database that asks for none.
const defaultMajor = "17"

// NewerEngineVersion reports whether a version of an engine is newer than all that are known, and may be out one day: of a later major
// version, of which one comes a year, or a later minor one of a major version that is known.
func NewerEngineVersion(engine, version string) bool {
	newest := NewestEngineVersion(engine, version)
	if newest == "" || !engineVersionShape().MatchString(version) {
		return false
	}
	latest, _ := strconv.Atoi(EngineMajor(newest)) // both are numbers, as their shape says
	asked, _ := strconv.Atoi(EngineMajor(version))
	return asked <= latest+yearsAhead && CompareEngineVersions(version, newest) > 0
}

// NewestEngineVersion is the newest version of an engine that is known, of the same major version if there is any; "" if none is modelled.
func NewestEngineVersion(engine, like string) string {
	offered := engineVersions[engine]
	if len(offered) == 0 {
		return ""
	}
	for _, v := range slices.Backward(offered) {
		if EngineMajor(v) == EngineMajor(like) {
			return v
		}
	}
	return offered[len(offered)-1]
}

var engineVersionShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9][0-9]?(\.[1-9][0-9]?)?$`) })

// EngineMajor is the first number of a version.
func EngineMajor(version string) string {
	number, _, _ := strings.Cut(version, ".")
	return number
}

// CompareEngineVersions compares dotted numbers.
func CompareEngineVersions(a, b string) int {
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

// releasedWith is how far the minor version of a major one is ahead of that of 17 which PostgreSQL published on the same day, such as
// 16.11, which came with 17.7 (postgresql.org, release notes).
var releasedWith = map[string]int{"13": 16, "14": 13, "15": 8, "16": 4, "17": 0, "18": -6}

// UpgradeTarget reports whether RDS upgrades a database from one version of PostgreSQL to another: to a later one of the same major one,
// and to a later major version if that release is not older than the one that runs, as the older lacks what was mended meanwhile (user
// guides of RDS and Aurora: "ValidUpgradeTarget" of DescribeDBEngineVersions; that the day of the release decides is an estimate). What is
// not known is taken for one.
func UpgradeTarget(from, to string) bool {
	if EngineMajor(from) == EngineMajor(to) || CompareEngineVersions(to, from) < 0 {
		return CompareEngineVersions(to, from) > 0
	}
	age, known := engineAge(from)
	other, knownOther := engineAge(to)
	return !known || !knownOther || other >= age
}

// engineAge numbers the days on which PostgreSQL was published, by the minor version of 17 that came out then.
func engineAge(version string) (int, bool) {
	ahead, known := releasedWith[EngineMajor(version)]
	_, digits, _ := strings.Cut(version, ".")
	minor, err := strconv.Atoi(digits)
	return minor - ahead, known && err == nil
}

// serverlessFrom are the first minor versions with Aurora Serverless v2, by major version; major versions above have it from their
// start (AWS documentation).
var serverlessFrom = map[string]string{"13": "13.6", "14": "14.3", "15": "15.2"}

// HasServerless reports whether an Aurora PostgreSQL version can run as Serverless v2.
func HasServerless(engine, version string) bool {
	return engine != AuroraPostgreSQL || CompareEngineVersions(EngineMajor(version), "13") >= 0 &&
		(serverlessFrom[EngineMajor(version)] == "" || CompareEngineVersions(version, serverlessFrom[EngineMajor(version)]) >= 0)
}

// pauseFrom are the first minor versions that can pause at zero ACU, by major version (AWS documentation).
var pauseFrom = map[string]string{"13": "13.15", "14": "14.12", "15": "15.7", "16": "16.3"}

// CanPause reports whether an Aurora PostgreSQL version can pause at zero ACU.
func CanPause(engine, version string) bool {
	return engine != AuroraPostgreSQL || HasServerless(engine, version) &&
		(pauseFrom[EngineMajor(version)] == "" || CompareEngineVersions(version, pauseFrom[EngineMajor(version)]) >= 0)
}

// engineEnds are the days on which standard support for a major version of PostgreSQL ends on Aurora (release calendar of Aurora
// PostgreSQL). RDS for PostgreSQL goes by the same days for versions that Aurora has.
var engineEnds = map[string]string{
	"11": "2024-02-29", "12": "2025-02-28", "13": "2026-02-28", "14": "2027-02-28", "15": "2028-02-29", "16": "2029-02-28", "17": "2030-02-28",
	"18": "2031-02-28",
}

// EngineSupportEnd is the day on which standard support for a version of PostgreSQL ends, as 2006-01-02; "" if that is not known.
func EngineSupportEnd(version string) string { return engineEnds[EngineMajor(version)] }
