package upgrade_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/upgrade"

	"github.com/google/go-cmp/cmp"
)

var november = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// region reads settings, with what each deployment has to say.
func region(t *testing.T, settings string) *deployment.Region {
	t.Helper()
	dir := t.TempDir()
	text := "region = \"us-east-1\"\ndomain = \"coder.example.com\"\ndns = { create_zone = true }\n" + settings + "\n"
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return &d.Regions[0]
}

// shown is a step in one line: its title, and what it writes.
func shown(s upgrade.Step) string {
	var settings []string
	for _, a := range s.Settings {
		settings = append(settings, a.Setting+"="+strings.Trim(a.Text(), `"`))
	}
	return s.Title + ": " + strings.Join(settings, " ")
}

// TestSteps: in which steps a region comes to the versions that are wanted, and what is refused.
func TestSteps(t *testing.T) {
	const at33 = `cluster = { version = "1.33" }`
	for _, row := range []struct {
		name, settings  string
		running, wanted upgrade.Versions
		steps           []string
		// refused and todo are parts of the only finding: what it is, and what to do.
		refused, todo string
	}{
		{name: "nothing is wanted", settings: at33},
		{name: "what is there", settings: at33, wanted: upgrade.Versions{Kubernetes: "1.33"}},
		{name: "one minor version of Kubernetes after the other", settings: at33, wanted: upgrade.Versions{Kubernetes: "1.36"},
			steps: []string{"Kubernetes 1.33 to 1.34: cluster.version=1.34", "Kubernetes 1.34 to 1.35: cluster.version=1.35",
				"Kubernetes 1.35 to 1.36: cluster.version=1.36"}},
		{name: "from what runs, whatever is written", settings: `cluster = { version = "1.36" }`,
			running: upgrade.Versions{Kubernetes: "1.35"}, wanted: upgrade.Versions{Kubernetes: "1.36"},
			steps: []string{"Kubernetes 1.35 to 1.36: cluster.version=1.36"}},
		{name: "a pinned kube-proxy comes along",
			settings: `cluster = { version = "1.33", addon_versions = { kube-proxy = "v1.33.3-eksbuild.2", coredns = "v1.13.2-eksbuild.3" } }`,
			wanted:   upgrade.Versions{Kubernetes: "1.34"},
			steps:    []string{"Kubernetes 1.33 to 1.34: cluster.version=1.34 cluster.addon_versions.kube-proxy=v1.34.0-eksbuild.2"}},
		{name: "a pinned release of the nodes' images is left to EKS",
			settings: at33 + "\nnode_groups = { control = { release_version = \"1.33.9-20261108\" } }", wanted: upgrade.Versions{Kubernetes: "1.35"},
			steps: []string{"Kubernetes 1.33 to 1.34: cluster.version=1.34 node_groups.control.release_version=null",
				"Kubernetes 1.34 to 1.35: cluster.version=1.35"}},
		{name: "an earlier Kubernetes", settings: at33, wanted: upgrade.Versions{Kubernetes: "1.32"},
			refused: "cluster.version: Kubernetes 1.33 cannot become 1.32", todo: "write 1.33 or later"},
		{name: "a Kubernetes that there is not", settings: at33, wanted: upgrade.Versions{Kubernetes: "1.99"},
			refused: "there is no Kubernetes 1.99 on EKS", todo: "write one of 1.33, 1.34, 1.35, 1.36"},
		{name: "a Kubernetes that EKS has withdrawn", settings: `cluster = { version = "1.29" }`, wanted: upgrade.Versions{Kubernetes: "1.30"},
			refused: "EKS does not offer Kubernetes 1.30", todo: "write one of 1.31, 1.32, 1.33"},

		{name: "a minor version of PostgreSQL", settings: `database = { engine_version = "17.4", apply_immediately = true }`,
			wanted: upgrade.Versions{Database: "17.9"},
			steps:  []string{"PostgreSQL 17.4 to 17.9: database.engine_version=17.9 database.apply_immediately=true"}},
		{name: "a major version, and nothing goes on to be allowed", settings: `database = { engine_version = "16" }`,
			wanted: upgrade.Versions{Database: "17"},
			steps: []string{"PostgreSQL 16.11 to 17.7: database.engine_version=17 database.apply_immediately=true " +
				"database.allow_major_version_upgrade=true",
				"no further major version of PostgreSQL by itself: database.allow_major_version_upgrade=false database.apply_immediately=false"}},
		{name: "the database comes first, and Coder last", settings: at33,
			wanted: upgrade.Versions{Database: "18", Kubernetes: "1.34", Coder: "2.35.2"},
			steps: []string{"PostgreSQL 17.7 to 18.3: database.engine_version=18 database.apply_immediately=true " +
				"database.allow_major_version_upgrade=true",
				"Kubernetes 1.33 to 1.34: cluster.version=1.34 database.allow_major_version_upgrade=false database.apply_immediately=false",
				"Coder 2.35.1 to 2.35.2: coder.version=2.35.2"}},
		{name: "an earlier PostgreSQL", wanted: upgrade.Versions{Database: "16"},
			refused: "database.engine_version: PostgreSQL 17.7 cannot become 16.11", todo: "write 17.7 or later"},
		{name: "a later major version that came out earlier", settings: `database = { engine_version = "16.13" }`,
			wanted: upgrade.Versions{Database: "17"}, refused: "PostgreSQL 16.13 cannot become 17.7", todo: "write 17.9 or later"},
		{name: "a PostgreSQL that there is not", wanted: upgrade.Versions{Database: "17.3"},
			refused: "there is no Aurora PostgreSQL 17.3", todo: "17.10"},

		{name: "a later Coder", settings: `coder = { version = "2.34.0" }`, wanted: upgrade.Versions{Coder: "v2.35.1"},
			steps: []string{"Coder 2.34.0 to 2.35.1: coder.version=2.35.1"}},
		{name: "an earlier Coder", wanted: upgrade.Versions{Coder: "2.34.0"},
			refused: "coder.version: Coder 2.35.1 cannot become 2.34.0", todo: "restore the database"},
		{name: "a Coder that is not known", settings: `coder = { version = "2.24.0" }`, wanted: upgrade.Versions{Coder: "2.28.0"},
			refused: "Coder has no release 2.28.0 that is known", todo: "2.34"},
		{name: "a Coder without its last number", settings: `coder = { version = "2.34.0" }`, wanted: upgrade.Versions{Coder: "2.35"},
			refused: "Coder has no release 2.35 that is known", todo: "write a whole version"},
	} {
		t.Run(row.name, func(t *testing.T) {
			steps, err := upgrade.Steps(region(t, row.settings), row.running, row.wanted, november)
			if row.refused != "" {
				list := diagnostic.From(err)
				if len(list) != 1 || !strings.Contains(list[0].Summary, row.refused) || !strings.Contains(list[0].Todo, row.todo) {
					t.Fatalf("%v, instead of %q and what to do about it, %q", err, row.refused, row.todo)
				}
				if list[0].Why == "" || diagnostic.Exit(err) != diagnostic.ExitInvalid {
					t.Errorf("without a reason or an exit status: %+v", list[0])
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, step := range steps {
				got = append(got, shown(step))
				if step.Back == "" {
					t.Errorf("%s does not say whether something leads back", step.Title)
				}
			}
			if diff := cmp.Diff(row.steps, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStandings: what is behind, and what leaves support when.
func TestStandings(t *testing.T) {
	r := region(t, `cluster = { version = "1.33" }
database = { engine_version = "14" }
coder = { version = "2.34.0" }`)
	var got []string
	for _, s := range upgrade.Standings(r, upgrade.Versions{Kubernetes: "1.34"}, november) {
		got = append(got, strings.Join([]string{s.What, s.Has, s.Newest, s.SupportEnd}, " "))
		if !s.Behind || s.Ends == "" || s.Ended {
			t.Errorf("%s %s: behind %v, ended %v, %q", s.What, s.Has, s.Behind, s.Ended, s.Ends)
		}
	}
	want := []string{"Kubernetes 1.34 1.36 2026-12-02", "PostgreSQL 14.20 18.4 2027-02-28", "Coder 2.34.0 2.35 2027-06-02"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("standings (-want +got):\n%s", diff)
	}
	ended := upgrade.Standings(r, upgrade.Versions{}, november)[0]
	if !ended.Ended || !strings.Contains(ended.Ends, "until 2027-07-29") {
		t.Errorf("Kubernetes 1.33 is in extended support: %+v", ended)
	}
}

// hubAndSpoke reads two regions of one Coder: us-east-2, the hub, and eu-west-2.
func hubAndSpoke(t *testing.T) (d *deployment.Deployment, hub, spoke *deployment.Region) {
	t.Helper()
	d, findings := deployment.Load("../../patterns/hub-and-spokes", os.DirFS("../.."))
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	hub, err := d.Region("us-east-2")
	if err != nil {
		t.Fatal(err)
	}
	spoke, err = d.Region("eu-west-2")
	if err != nil {
		t.Fatal(err)
	}
	return d, hub, spoke
}

// TestSpoke: a region without a database has neither a standing nor a step of one, whatever default its setting has.
func TestSpoke(t *testing.T) {
	_, _, spoke := hubAndSpoke(t)
	var has []string
	for _, s := range upgrade.Standings(spoke, upgrade.Versions{}, november) {
		has = append(has, s.What)
	}
	if diff := cmp.Diff([]string{"Kubernetes", "Coder"}, has); diff != "" {
		t.Errorf("standings (-want +got):\n%s", diff)
	}
	steps, err := upgrade.Steps(spoke, upgrade.Versions{}, upgrade.Versions{Database: "18", Coder: "2.35.2"}, november)
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 1 || !steps[0].Coder || steps[0].Back != "that of its hub, and the Coder of before" {
		t.Errorf("steps of a spoke: %+v", steps)
	}
}

// TestAlone: what one region of several cannot come to alone.
func TestAlone(t *testing.T) {
	d, hub, spoke := hubAndSpoke(t)
	own := region(t, "")
	for _, row := range []struct {
		name    string
		d       *deployment.Deployment
		region  *deployment.Region
		wanted  upgrade.Versions
		refused string
	}{
		{name: "Kubernetes of a spoke", d: d, region: spoke, wanted: upgrade.Versions{Kubernetes: "1.37"}},
		{name: "the database of the hub", d: d, region: hub, wanted: upgrade.Versions{Database: "18"}},
		{name: "the database of a spoke", d: d, region: spoke, wanted: upgrade.Versions{Database: "18"},
			refused: "upgrade.no_database"},
		{name: "Coder of a spoke", d: d, region: spoke, wanted: upgrade.Versions{Coder: "2.35.2"}, refused: "upgrade.one_coder"},
		{name: "Coder of the hub", d: d, region: hub, wanted: upgrade.Versions{Coder: "2.35.2"}, refused: "upgrade.one_coder"},
		{name: "Coder of a region of its own", d: &deployment.Deployment{Regions: []deployment.Region{*own}}, region: own,
			wanted: upgrade.Versions{Coder: "2.35.2"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := upgrade.Alone(row.d, row.region, row.wanted)
			if row.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || diagnostic.From(err)[0].Code != row.refused {
				t.Errorf("%v, instead of %s", err, row.refused)
			}
		})
	}
}
