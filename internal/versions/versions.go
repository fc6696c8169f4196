// Package versions holds what a deployment asks for to what this program knows of versions: what is newer than known,
// and what has left support by the clock. It warns and refuses nothing, since neither is an error of AWS. Rules of AWS
// do not belong here, nor what a report says of its own figures. The command line imports it; it imports
// internal/deployment, internal/diagnostic and internal/facts.
package versions

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

// Check returns warnings for every region of a deployment; none for a deployment that is nil, as it is not valid.
func Check(d *deployment.Deployment, now time.Time) diagnostic.List {
	if d == nil {
		return nil
	}
	var list diagnostic.List
	for i := range d.Regions {
		r := &d.Regions[i]
		list = append(list, place(r)...)
		list = append(list, partition(r, d.Hub())...)
		list = append(list, kubernetes(r, now)...)
		list = append(list, addons(r)...)
		list = append(list, database(r, now)...)
		list = append(list, instances(r)...)
		list = append(list, architectures(r)...)
		list = append(list, coder(r, now)...)
		list = append(list, charts(r)...)
	}
	return list
}

// Stale is one warning that names the data sets, of those named, that are past what they are good for: of all sets if
// none is named. It is empty if there is none.
func Stale(now time.Time, names ...facts.Name) diagnostic.List {
	stale := facts.Stale(now, names...)
	if len(stale) == 0 {
		return nil
	}
	words := make([]string, len(stale))
	for i, set := range stale {
		words[i] = fmt.Sprintf("%s (as of %s, good until %s)", set.Name, set.AsOf, set.GoodUntil)
	}
	d := diagnostic.Warningf("what this coderaws knows of AWS and Coder is stale: %s", strings.Join(words, ", "))
	d.Code = "facts.stale"
	d.Why = "it is asked as of the last day for which it was good, so that AWS may answer otherwise today"
	d.Todo = "use a newer coderaws; `coderaws version --facts` shows every data set and how it is made again"
	return diagnostic.List{d}
}

// Planned are the data sets that a plan and a rehearsal lean on.
func Planned() []facts.Name {
	return []facts.Name{
		facts.AddonCatalog, facts.ChartVersions, facts.CoderOptions, facts.CoderReleases, facts.EKSVersions,
		facts.EngineVersions, facts.InstanceTypes,
		facts.Latencies, facts.ProviderBehaviour, facts.ProviderSchemas, facts.Quotas, facts.RegionZones,
	}
}

func warn(r *deployment.Region, path, code, summary string, args ...any) *diagnostic.Diagnostic {
	d := diagnostic.Warningf(path+": "+summary, args...)
	d.Code, d.Where = code, r.Place(path)
	return d
}

// goOn is what to do about what is newer than known.
const goOn = "use a newer coderaws if there is one; else go on, and expect AWS to answer otherwise where the two differ"

// newer warns of what is newer than a data set knows.
func newer(r *deployment.Region, path, asked, of, newest string, name facts.Name) *diagnostic.Diagnostic {
	d := warn(r, path, "facts.newer", "%s is newer than known: %s", asked, facts.Find(name).Beyond(of, newest))
	d.Why = fmt.Sprintf("it is taken for one like %s", newest)
	d.Todo = goOn
	return d
}

func kubernetes(r *deployment.Region, now time.Time) diagnostic.List {
	const path = "cluster.version"
	version := r.String(path)
	switch {
	case version == "":
		return nil
	case facts.NewerKubernetes(version):
		return diagnostic.List{newer(r, path, version, "EKS", facts.NewestKubernetes(), facts.EKSVersions)}
	}
	found, known := facts.FindKubernetes(version)
	if !known {
		return nil // the rehearsal answers as AWS does
	}
	var d *diagnostic.Diagnostic
	switch found.Support(now) {
	case "EXTENDED_SUPPORT":
		d = warn(r, path, "facts.support", "Kubernetes %s left the standard support of EKS on %s", version, found.StandardEnd)
		d.Why = fmt.Sprintf("AWS upgrades such a cluster, or asks six times the price for it until %s and upgrades it then", found.ExtendedEnd)
	case "UNSUPPORTED":
		if found.Released > now.UTC().Format(time.DateOnly) {
			return nil
		}
		d = warn(r, path, "facts.support", "Kubernetes %s left the extended support of EKS on %s", version, found.ExtendedEnd)
		d.Why = "AWS upgrades such clusters, and may refuse to make one"
	default:
		return nil
	}
	d.Todo = fmt.Sprintf("write a later version, such as %q; EKS upgrades one minor version at a time", facts.NewestKubernetes())
	return diagnostic.List{d}
}

func addons(r *deployment.Region) diagnostic.List {
	const path = "cluster.addon_versions"
	v := r.Value(path)
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	var list diagnostic.List
	for name, value := range v.AsValueMap() {
		if !value.IsKnown() || value.IsNull() || value.Type() != cty.String {
			continue
		}
		asked, kubernetes := value.AsString(), r.String("cluster.version")
		if facts.NewerAddon(name, asked, kubernetes) {
			addon, _ := facts.FindAddon(name)
			list = append(list, newer(r, path+"."+name, asked, name, addon.Latest(kubernetes), facts.AddonCatalog))
		}
	}
	slices.SortFunc(list, func(a, b *diagnostic.Diagnostic) int { return strings.Compare(a.Summary, b.Summary) })
	return list
}

func database(r *deployment.Region, now time.Time) diagnostic.List {
	const path = "database.engine_version"
	version := r.String(path)
	switch end := facts.EngineSupportEnd(version); {
	case version == "" || r.IsSpoke(): // which has no database, and the default of the setting
		return nil
	case facts.NewerEngineVersion(facts.AuroraPostgreSQL, version):
		newest := facts.NewestEngineVersion(facts.AuroraPostgreSQL, version)
		return diagnostic.List{newer(r, path, version, "Aurora PostgreSQL", newest, facts.EngineVersions)}
	case end != "" && end <= now.UTC().Format(time.DateOnly):
		d := warn(r, path, "facts.support", "Aurora PostgreSQL %s left standard support on %s", version, end)
		d.Why = "AWS asks for extended support by the hour and vCPU from then on"
		d.Todo = "write a later major version; `coderaws version --facts` shows as of when the calendar is"
		return diagnostic.List{d}
	}
	return nil
}

func coder(r *deployment.Region, now time.Time) diagnostic.List {
	const path = "coder.version"
	version := r.String(path)
	if version == "" {
		return nil
	}
	release, known := facts.Coder(version)
	switch {
	case facts.NewerCoder(version):
		return diagnostic.List{newer(r, path, version, "Coder", facts.NewestCoder(), facts.CoderReleases)}
	case !known:
		d := warn(r, path, "facts.unknown_coder", "Coder has no release %s that is known", version)
		d.Why = "either it is older than what this program knows, or there is no such release; its chart and its options are not known"
		d.Todo = fmt.Sprintf("write a release that gets fixes, such as one of %s; https://coder.com/docs/install/releases has the calendar",
			facts.ExtendedCoder())
		return diagnostic.List{d}
	case release.SupportEnd <= now.UTC().Format(time.DateOnly):
		d := warn(r, path, "facts.support", "Coder %s gets no fixes since about %s", release.Minor, release.SupportEnd)
		d.Why = "Coder mends its newest three releases, of which one comes a month, and the extended support releases"
		d.Todo = fmt.Sprintf("write a later release, or the extended one, %s; https://coder.com/docs/install/releases has the calendar",
			facts.ExtendedCoder())
		return diagnostic.List{d}
	}
	return nil
}
