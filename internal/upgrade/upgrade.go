// Package upgrade knows in which steps a region of a deployment comes from the versions that run to those that are wanted, and what AWS and
// Coder refuse on the way; and it says of each version what is behind and what leaves support. It reads settings and the calendars of
// internal/facts, asks nobody, and changes nothing: a step is a list of settings, which somebody else writes and carries out. What
// Terraform makes of a step is the stacks' own affair: EKS upgrades the control plane, then the add-ons, then the nodes, because the stacks
// say so. The command line imports it.
package upgrade

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"

	"github.com/zclconf/go-cty/cty"
)

// The settings that name versions.
const (
	kubernetesSetting = "cluster.version"
	databaseSetting   = "database.engine_version"
	coderSetting      = "coder.version"
	majorSetting      = "database.allow_major_version_upgrade"
	immediateSetting  = "database.apply_immediately"
	kubeProxySetting  = "cluster.addon_versions.kube-proxy"
)

// Versions are those of one region; an empty one is not known or not asked for.
type Versions struct {
	// Kubernetes is a minor version such as 1.36, Database one of PostgreSQL such as 17 or 17.7, Coder one such as 2.35.1.
	Kubernetes string `json:"kubernetes,omitempty"`
	Database   string `json:"database,omitempty"`
	Coder      string `json:"coder,omitempty"`
}

// Asks reports whether anything is asked for.
func (v Versions) Asks() bool { return v != Versions{} }

// Fit reports whether the settings of a region name these versions: 17 names 17.7.
func (v Versions) Fit(r *deployment.Region) bool {
	written := Written(r)
	return v.Kubernetes == written.Kubernetes && strings.HasPrefix(v.Database+".", written.Database+".") &&
		(v.Coder == "" || v.Coder == written.Coder)
}

// Written are the versions that the settings of a region say.
func Written(r *deployment.Region) Versions {
	v := Versions{Kubernetes: r.String(kubernetesSetting), Database: r.String(databaseSetting), Coder: r.String(coderSetting)}
	if r.IsSpoke() {
		v.Database = "" // the setting has a default there, and nothing that it is of
	}
	return v
}

// Alone refuses, with a diagnostic, what cannot be upgraded in one region of a deployment alone.
func Alone(d *deployment.Deployment, r *deployment.Region, wanted Versions) error {
	hub := d.Hub()
	switch {
	case hub == nil:
		return nil
	case wanted.Database != "" && r.IsSpoke():
		e := diagnostic.Errorf("%s has no database to upgrade", r.Name)
		e.Code, e.Why = "upgrade.no_database", fmt.Sprintf("it serves the Coder of %s, which has the database", hub.Name)
		e.Todo, e.Where = "write --region "+hub.Name, r.Place("deployment_features.workspace_proxy")
		return e
	case wanted.Coder != "":
		e := diagnostic.Errorf("Coder cannot be upgraded in %s alone", r.Name)
		e.Code, e.Where = "upgrade.one_coder", r.Place(coderSetting)
		e.Why = "nothing stops a workspace proxy of another version than coderd, and it breaks workspace applications quietly"
		e.Todo = "leave --region out: all regions of one Coder come to its version together, the hub first"
		return e
	}
	return nil
}

// Step is a part of an upgrade that is carried out as a whole before the next one begins.
type Step struct {
	// Title says what the step does, such as "Kubernetes 1.34 to 1.35".
	Title string `json:"title"`
	// Settings are written before the step is carried out.
	Settings []deployment.Assignment `json:"-"`
	// Coder says that it is the step of Coder, which comes after all others.
	Coder bool `json:"-"`
	// Back says how one comes back from it.
	Back string `json:"way_back"`
}

// Steps are those from the versions that run, or are written where nothing is known to run, to those that are wanted: the database first,
// as a Coder wants no older one than its own; then Kubernetes, one minor version at a time; then Coder. They are none where all that is
// wanted runs. The error lists, with exit status 2, what AWS or Coder refuses.
func Steps(r *deployment.Region, running, wanted Versions, now time.Time) ([]Step, error) {
	u := upgrade{region: r, from: over(Written(r), running), wanted: wanted, now: now}
	steps := slices.Concat(u.database(), u.kubernetes(), u.coder())
	if u.list.HasErrors() {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, u.list.Err())
	}
	return putBack(r, steps), nil
}

// over are the versions that run, and those that are written where nothing is known.
func over(written, running Versions) Versions {
	if running.Kubernetes != "" {
		written.Kubernetes = running.Kubernetes
	}
	if running.Database != "" {
		written.Database = running.Database
	}
	if running.Coder != "" {
		written.Coder = running.Coder
	}
	return written
}

// upgrade collects the steps of one region, and what is refused.
type upgrade struct {
	region       *deployment.Region
	from, wanted Versions
	now          time.Time
	list         diagnostic.List
}

// refuse notes that a wanted version is refused, at the setting that it is about.
func (u *upgrade) refuse(setting, code, why, todo, summary string, args ...any) []Step {
	d := diagnostic.Errorf(setting+": "+summary, args...)
	d.Code, d.Why, d.Todo, d.Where = "upgrade."+code, why, todo, u.region.Place(setting)
	u.list = append(u.list, d)
	return nil
}

func text(setting, value string) deployment.Assignment {
	return deployment.Assignment{Setting: setting, Value: cty.StringVal(value)}
}

func truth(setting string, value bool) deployment.Assignment {
	return deployment.Assignment{Setting: setting, Value: cty.BoolVal(value)}
}

// putBack takes back, once the database has its version, what was allowed for that alone: with the next step, or in one of its own.
func putBack(r *deployment.Region, steps []Step) []Step {
	if len(steps) == 0 || !slices.ContainsFunc(steps[0].Settings, func(a deployment.Assignment) bool { return a.Setting == majorSetting }) {
		return steps
	}
	var back []deployment.Assignment
	for _, setting := range []string{majorSetting, immediateSetting} {
		if v := r.Value(setting); v == cty.NilVal || v.IsNull() || v.False() {
			back = append(back, truth(setting, false))
		}
	}
	switch {
	case len(back) == 0:
		return steps
	case len(steps) == 1:
		return append(steps, Step{Title: "no further major version of PostgreSQL by itself", Settings: back, Back: "none is needed"})
	}
	steps[1].Settings = append(steps[1].Settings, back...)
	return steps
}

// database is the step of PostgreSQL.
func (u *upgrade) database() []Step {
	if u.wanted.Database == "" || u.region.IsSpoke() {
		return nil
	}
	from, _ := facts.EngineVersion(facts.AuroraPostgreSQL, u.from.Database)
	to, offered := facts.EngineVersion(facts.AuroraPostgreSQL, u.wanted.Database)
	switch order := facts.CompareEngineVersions(to, from); {
	case !offered:
		return u.refuse(databaseSetting, "unknown_version", "RDS does not offer it for Aurora PostgreSQL",
			"write one of "+strings.Join(newestMinors(), ", "), "there is no Aurora PostgreSQL %s", u.wanted.Database)
	case order == 0 && u.from.Database == u.region.String(databaseSetting):
		return nil
	case order == 0:
		pin := []deployment.Assignment{text(databaseSetting, u.wanted.Database)}
		return []Step{{Title: "PostgreSQL " + to + ", as it is written", Settings: pin, Back: "none is needed"}}
	case order < 0:
		return u.refuse(databaseSetting, "downgrade", "RDS upgrades a cluster, and takes no upgrade back",
			"write "+from+" or later; for an older one make a second deployment, and move there", "PostgreSQL %s cannot become %s", from, to)
	case !facts.UpgradeTarget(from, to):
		return u.refuse(databaseSetting, "no_path", fmt.Sprintf("RDS upgrades %s to no release that is older than it", from),
			"write "+laterRelease(from, to), "PostgreSQL %s cannot become %s", from, to)
	}
	step := Step{
		Title:    fmt.Sprintf("PostgreSQL %s to %s", from, to),
		Settings: []deployment.Assignment{text(databaseSetting, u.wanted.Database), truth(immediateSetting, true)},
		Back:     u.restore(),
	}
	if facts.EngineMajor(from) != facts.EngineMajor(to) {
		step.Settings = append(step.Settings, truth(majorSetting, true))
	}
	return []Step{step}
}

// restore is the way back of what changes what is in the database.
func (u *upgrade) restore() string {
	days := u.region.Value("database.backup_retention_days")
	if days == cty.NilVal || days.IsNull() || !days.IsKnown() {
		return "a new database, restored to a second before this"
	}
	return fmt.Sprintf("a new database, restored to a second before this, for %s days", days.AsBigFloat().Text('f', 0))
}

// newestMinors are the newest minor versions of the major ones that Aurora offers.
func newestMinors() []string {
	var all []string
	for _, version := range facts.OfferedVersions(facts.AuroraPostgreSQL) {
		if n := len(all); n > 0 && facts.EngineMajor(all[n-1]) == facts.EngineMajor(version) {
			all[n-1] = version
			continue
		}
		all = append(all, version)
	}
	return all
}

// laterRelease is the first release of a major version that a database can be upgraded to, or the words for that there is none.
func laterRelease(from, to string) string {
	for _, version := range facts.OfferedVersions(facts.AuroraPostgreSQL) {
		if facts.EngineMajor(version) == facts.EngineMajor(to) && facts.UpgradeTarget(from, version) {
			return version + " or later"
		}
	}
	return "a later major version"
}

// coder is the step of Coder.
func (u *upgrade) coder() []Step {
	wanted, from := strings.TrimPrefix(u.wanted.Coder, "v"), u.from.Coder
	if wanted == "" {
		return nil
	}
	_, known := facts.Coder(wanted)
	switch order := facts.CompareEngineVersions(wanted, from); {
	case strings.Count(wanted, ".") != 2 || !known && !facts.NewerCoder(wanted):
		return u.refuse(coderSetting, "unknown_version", "it is not among the releases that are known",
			fmt.Sprintf("write a whole version of a release that gets fixes, such as one of %s; https://coder.com/docs/install/releases has the "+
				"calendar", facts.ExtendedCoder()), "Coder has no release %s that is known", u.wanted.Coder)
	case order == 0 && wanted == u.region.String(coderSetting):
		return nil
	case order < 0:
		return u.refuse(coderSetting, "downgrade", "a new coderd migrates its database, and an old one does not start with it",
			"restore the database to before the upgrade, and go on with the Coder of then", "Coder %s cannot become %s", from, wanted)
	}
	step := Step{
		Title: fmt.Sprintf("Coder %s to %s", from, wanted), Settings: []deployment.Assignment{text(coderSetting, wanted)},
		Coder: true, Back: u.restore() + ", and the Coder of before",
	}
	if u.region.IsSpoke() {
		step.Back = "that of its hub, and the Coder of before"
	}
	return []Step{step}
}
