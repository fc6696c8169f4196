package versions_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/versions"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name, settings, on string
		// code and summary are of the only warning; empty if there is none. line is a part of the line that it is at.
		code, summary, line string
		// todo is a part of what it says to do.
		todo string
	}{
		{name: "what is known and supported", settings: `cluster = { version = "1.36" }`, on: "2026-09-15"},
		{name: "a Kubernetes that is newer than known", settings: `cluster = { version = "1.37" }`, on: "2026-09-15",
			code: "facts.newer", summary: "cluster.version: 1.37 is newer than known: this coderaws knows EKS up to 1.36, as " +
				"of 2026-07; what follows is not AWS's answer", line: "1.37"},
		{name: "a Kubernetes in extended support", settings: `cluster = { version = "1.33" }`, on: "2026-09-15",
			code: "facts.support", summary: "cluster.version: Kubernetes 1.33 left the standard support of EKS on 2026-07-29", line: "1.33"},
		{name: "a Kubernetes that AWS has upgraded away", settings: `cluster = { version = "1.32" }`, on: "2027-04-15",
			code: "facts.support", summary: "cluster.version: Kubernetes 1.32 left the extended support of EKS on 2027-03-23", line: "1.32"},
		{name: "a processor that the image is not made for", settings: "node_groups = { workspace = { instance_types = [\"m7g.xlarge\"] } }",
			on: "2026-09-15", code: "nodes.architecture", summary: "node_groups.workspace.instance_types[0]: m7g.xlarge has processors of arm64, " +
				"and the image of a group without ami_type is for x86_64", line: "m7g.xlarge", todo: "write instance types of x86_64"},
		{name: "an image that is not made for the processor", settings: "node_groups = { control = { instance_types = [\"m5.large\"], " +
			"ami_type = \"AL2023_ARM_64_STANDARD\" } }", on: "2026-09-15", code: "nodes.architecture",
			summary: "node_groups.control.instance_types[0]: m5.large has processors of", line: "m5.large", todo: "the ami_type that is for it"},
		{name: "two architectures in one group", settings: "node_groups = { workspace = { instance_types = [\"m5.xlarge\", \"m7g.xlarge\"] } }",
			on: "2026-09-15", code: "nodes.architecture", summary: "node_groups.workspace.instance_types[1]: m7g.xlarge", line: "m7g.xlarge"},
		{name: "an instance type that is null", settings: "node_groups = { workspace = { instance_types = [null] } }", on: "2026-09-15"},
		{name: "a processor and its image", settings: "node_groups = { workspace = { instance_types = [\"m7g.xlarge\"], " +
			"ami_type = \"AL2023_ARM_64_STANDARD\" } }", on: "2026-09-15"},
		{name: "a Coder that nobody knows", settings: `coder = { version = "1.2.3" }`, on: "2026-09-15",
			code: "facts.unknown_coder", summary: "coder.version: Coder has no release 1.2.3 that is known", line: "1.2.3", todo: "2.34"},
		{name: "an add-on that is newer than known",
			settings: `cluster = { version = "1.36", addon_versions = { coredns = "v1.99.0-eksbuild.1" } }`, on: "2026-09-15",
			code: "facts.newer", summary: "cluster.addon_versions.coredns: v1.99.0-eksbuild.1 is newer than known", line: "coredns"},
		{name: "an add-on that is known", settings: `cluster = { version = "1.36", addon_versions = { coredns = "v1.13.2-eksbuild.3" } }`,
			on: "2026-09-15"},
		{name: "a minor version of Aurora that is newer than known", settings: `database = { engine_version = "17.12" }`, on: "2026-09-15",
			code: "facts.newer", summary: "database.engine_version: 17.12 is newer than known: this coderaws knows Aurora PostgreSQL up to 17.10",
			line: "17.12"},
		{name: "an Aurora out of standard support", settings: `database = { engine_version = "13" }`, on: "2026-09-15",
			code: "facts.support", summary: "database.engine_version: Aurora PostgreSQL 13 left standard support on 2026-02-28", line: "13"},
		{name: "a Coder that is newer than known", settings: `coder = { version = "2.40.0" }`, on: "2026-09-15",
			code: "facts.newer", summary: "coder.version: 2.40.0 is newer than known: this coderaws knows Coder up to 2.35", line: "2.40.0"},
		{name: "a Coder without fixes", settings: `coder = { version = "2.32.1" }`, on: "2026-09-15",
			code: "facts.support", summary: "coder.version: Coder 2.32 gets no fixes since about 2026-07-07", line: "2.32.1"},
		{name: "an instance type that is newer than known",
			settings: `node_groups = { workspace = { instance_types = ["m7i.2xlarge", "m9i.2xlarge"] } }`, on: "2026-09-15",
			code: "facts.newer", summary: "node_groups.workspace.instance_types[1]: m9i.2xlarge is newer than known: this " +
				"coderaws knows EC2 instance types as of 2025-05; what follows is not AWS's answer", line: "m9i.2xlarge"},
		{name: "an instance type that is misspelt", on: "2026-09-15",
			settings: `node_groups = { workspace = { instance_types = ["m7i.2xlarg"] } }`,
			code:     "facts.unknown_type", summary: "node_groups.workspace.instance_types[0]: EC2 has no instance type m7i.2xlarg",
			todo: "did you mean m7i.2xlarge?", line: "m7i.2xlarg"},
		{name: "a chart that is newer than known", settings: `charts = { cluster_autoscaler = { version = "9.60.1" } }`, on: "2026-09-15",
			code: "facts.newer", summary: "charts.cluster_autoscaler.version: 9.60.1 is newer than known: this coderaws knows the chart " +
				"cluster-autoscaler up to 9.59.0, as of 2026-11; what follows is not AWS's answer", line: "9.60.1"},
		{name: "a chart that is older than the newest", settings: `charts = { cluster_autoscaler = { version = "9.58.0" } }`, on: "2026-09-15"},
		{name: "a Coder with extended support", settings: `coder = { version = "2.34.5" }`, on: "2027-01-15", code: ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			list := versions.Check(load(t, row.settings), day(t, row.on))
			if row.code == "" {
				if len(list) > 0 {
					t.Fatal(list)
				}
				return
			}
			if len(list) != 1 {
				t.Fatalf("found %d, want 1: %v", len(list), list)
			}
			f := list[0]
			if f.Severity != diagnostic.Warning || f.Code != row.code || !strings.HasPrefix(f.Summary, row.summary) || f.Why == "" || f.Todo == "" ||
				!strings.Contains(f.Todo, row.todo) || f.Where == nil || !strings.Contains(f.Where.Text, row.line) {
				t.Errorf("found %+v at %+v", f, f.Where)
			}
		})
	}
	if found := versions.Check(nil, day(t, "2026-09-15")); found != nil {
		t.Error(found)
	}
}

// TestHubAndSpokes: what is warned of where regions serve one Coder.
func TestHubAndSpokes(t *testing.T) {
	for _, row := range []struct {
		name, region, on string
		want             []string
	}{
		{name: "one partition", region: "eu-west-2", on: "2026-09-15"},
		{name: "two partitions", region: "us-gov-west-1", on: "2026-09-15",
			want: []string{"region: us-gov-west-1 is in the partition aws-us-gov, and the hub, us-east-2, in aws"}},
		// The hub's PostgreSQL has left support by then, and a spoke has none.
		{name: "a spoke without a database", region: "eu-west-2", on: "2030-03-01", want: []string{"us-east-2 database"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, from := range []string{"us-east-2", "eu-west-2"} {
				text, err := os.ReadFile("../../patterns/hub-and-spokes/" + from + ".tfvars")
				if err != nil {
					t.Fatal(err)
				}
				to := strings.Replace(from, "eu-west-2", row.region, 1)
				moved := strings.ReplaceAll(string(text), `"eu-west-2"`, `"`+to+`"`)
				if err := os.WriteFile(filepath.Join(dir, to+".tfvars"), []byte(moved), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d, findings := deployment.Load(dir, os.DirFS("../.."))
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			var got []string
			for _, found := range versions.Check(d, day(t, row.on)) {
				switch {
				case found.Code == "facts.partitions":
					got = append(got, found.Summary)
				case strings.HasPrefix(found.Summary, "database."):
					got = append(got, strings.TrimSuffix(filepath.Base(found.Where.File), ".tfvars")+" database")
				}
			}
			if strings.Join(got, "\n") != strings.Join(row.want, "\n") {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// TestRegion: a region that is not known is taken for a new one, with a warning, or for a slip of the pen.
func TestRegion(t *testing.T) {
	list := versions.Check(loadIn(t, "ap-southeast-6", ""), day(t, "2026-09-15"))
	if len(list) != 1 || list[0].Severity != diagnostic.Warning || list[0].Code != "facts.newer" || list[0].Where == nil ||
		!strings.HasPrefix(list[0].Summary, "region: ap-southeast-6 is not among the regions that are known: this coderaws knows AWS's regions "+
			"as of 2025-05; what follows is not AWS's answer") || !strings.Contains(list[0].Todo, "check the spelling") {
		t.Errorf("found %v", list)
	}
	list = versions.Check(loadIn(t, "us-esat-1", ""), day(t, "2026-09-15"))
	if len(list) != 1 || list[0].Code != "facts.unknown_region" || !strings.Contains(list[0].Todo, "did you mean us-east-1?") {
		t.Errorf("found %v", list)
	}
}

// TestNewestChart holds what is known of charts to what the stacks install.
func TestNewestChart(t *testing.T) {
	if got := load(t, "").Regions[0].String("charts.cluster_autoscaler.version"); got != facts.NewestChart("cluster-autoscaler") {
		t.Errorf("the stacks install cluster-autoscaler %s, and the newest that is known is %s", got, facts.NewestChart("cluster-autoscaler"))
	}
}

func load(t *testing.T, settings string) *deployment.Deployment {
	t.Helper()
	return loadIn(t, "us-east-1", settings)
}

func loadIn(t *testing.T, region, settings string) *deployment.Deployment {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("region = %q\nname = \"coder\"\ndomain = \"coder.example.com\"\n%s\n", region, settings)
	if !strings.Contains(settings, "coder =") {
		text += "coder = { version = \"2.34.5\" }\n" // which is supported throughout
	}
	if err := os.WriteFile(filepath.Join(dir, region+".tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	return d
}

func TestStale(t *testing.T) {
	if found := versions.Stale(day(t, "2026-11-22"), versions.Planned()...); len(found) > 0 {
		t.Error(found)
	}
	found := versions.Stale(day(t, "2031-11-22"), versions.Planned()...)
	if len(found) != 1 || found[0].Severity != diagnostic.Warning || found[0].Todo == "" {
		t.Fatalf("found %v", found)
	}
	for _, name := range versions.Planned() {
		if !strings.Contains(found[0].Summary, string(name)+" (as of ") {
			t.Errorf("%s is not named in %q", name, found[0].Summary)
		}
	}
}

// lookAgain is how long before the end of support a default is looked at again.
const lookAgain = 90 * 24 * time.Hour

// late are defaults that are out of support, or will be soon, and are kept until a day all the same.
var late = []struct{ what, until, why string }{
	{"Coder 2.35", "2027-02-28", "the stacks are proven with it, and its settings and its chart are carried; the next " +
		"step is the extended release of the day"},
}

// TestDefaultsAreSupported goes by the real clock, as nothing else here does: it fails ninety days before a default of
// the stacks or patterns leaves support, so that a newer one is chosen in time.
func TestDefaultsAreSupported(t *testing.T) {
	now := time.Now()
	ends := map[string]string{}
	each := func(block, attribute string, end func(version string) (what, day string)) {
		opens := regexp.MustCompile(`(?m)^(variable )?"?` + block + `"? *=? *\{`)
		setting := regexp.MustCompile(`(?m)^ +` + attribute + ` *= (?:optional\(string, )?"([^"]+)"`)
		files, err := filepath.Glob("../../patterns/*.tfvars")
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, file := range append(files, "../../stacks/cloud/variables.tf", "../../stacks/platform/variables.tf") {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			at := opens.FindIndex(text)
			if at == nil {
				continue
			}
			match := setting.FindStringSubmatch(string(text[at[1]:]))
			if match == nil {
				continue
			}
			found++
			what, day := end(match[1])
			if day == "" {
				t.Errorf("%s: nothing is known of %s %s", file, block, match[1])
			}
			ends[what] = day
		}
		if found == 0 {
			t.Errorf("%s.%s was found in no file: the test would hold for nothing", block, attribute)
		}
	}
	each("cluster", "version", func(version string) (string, string) {
		found, _ := facts.FindKubernetes(version)
		return "Kubernetes " + version, found.StandardEnd
	})
	each("database", "engine_version", func(version string) (string, string) {
		return "Aurora PostgreSQL " + version, facts.EngineSupportEnd(version)
	})
	each("coder", "version", func(version string) (string, string) {
		found, _ := facts.Coder(version)
		return "Coder " + found.Minor, found.SupportEnd
	})
	for what, end := range ends {
		if end != "" && now.Before(day(t, end).Add(-lookAgain)) {
			continue
		}
		kept := false
		for _, l := range late {
			kept = kept || l.what == what && now.Before(day(t, l.until))
		}
		if !kept {
			t.Errorf("%s, a default, leaves support on %s: choose a newer one, or say in `late` until when and why it is kept", what, end)
		}
	}
	for _, l := range late {
		if _, used := ends[l.what]; !used {
			t.Errorf("%s is no default any more: take it out of `late`", l.what)
		}
	}
}
