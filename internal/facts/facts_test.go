package facts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// day is noon of a day.
func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d.Add(12 * time.Hour)
}

func TestSetsDescribeThemselves(t *testing.T) {
	seen := map[Name]bool{}
	for _, set := range Sets() {
		if seen[set.Name] {
			t.Errorf("%s is there twice", set.Name)
		}
		seen[set.Name] = true
		if set.What == "" || set.Source == "" || set.Remake == "" || len(set.Files) == 0 {
			t.Errorf("%s does not say what it is, where it is from or how it is made again", set.Name)
		}
		if from, until := day(t, set.AsOf), day(t, set.GoodUntil); !from.Before(until) {
			t.Errorf("%s is good until %s, before %s", set.Name, set.GoodUntil, set.AsOf)
		}
		for _, file := range set.Files {
			if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(file))); err != nil {
				t.Errorf("%s: %v", set.Name, err)
			}
		}
	}
	if !slices.IsSortedFunc(Sets(), func(a, b Set) int { return strings.Compare(string(a.Name), string(b.Name)) }) {
		t.Error("the table is not in the order of names")
	}
}

// TestEveryFileHasARow: data that is embedded without a row would age unseen.
func TestEveryFileHasARow(t *testing.T) {
	var rows []string
	for _, set := range Sets() {
		rows = append(rows, set.Files...)
	}
	files, err := filepath.Glob("*.json*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		if !slices.Contains(rows, "internal/facts/"+file) {
			t.Errorf("%s has no row in the table", file)
		}
	}
}

// TestDatesAreThoseOfTheData holds the row of the price book to the oldest figure in it.
func TestDatesAreThoseOfTheData(t *testing.T) {
	var book struct {
		Sources map[string]struct{ Date string }
	}
	if err := json.NewDecoder(Prices()).Decode(&book); err != nil {
		t.Fatal(err)
	}
	oldest := "9999"
	for _, source := range book.Sources {
		oldest = min(oldest, source.Date)
	}
	if got := Find(PriceBook).AsOf; got != oldest {
		t.Errorf("the price book is as of %s, and its oldest figure of %s", got, oldest)
	}
}

func TestSetsGoStale(t *testing.T) {
	set := Set{AsOf: "2026-07-31", GoodUntil: "2027-01-31"}
	for _, row := range []struct{ now, state, asked string }{
		{"2026-11-29", "good", "2026-11-29"},
		{"2027-01-31", "good", "2027-01-31"},
		{"2027-02-01", "stale", "2027-01-31"},
		{"2031-11-29", "stale", "2027-01-31"},
	} {
		now := day(t, row.now)
		if set.State(now) != row.state || set.Day(now) != row.asked {
			t.Errorf("on %s it is %s and asked for %s, want %s and %s", row.now, set.State(now), set.Day(now), row.state, row.asked)
		}
	}
	if set.Month() != "2026-07" {
		t.Errorf("as of %s", set.Month())
	}
}

func TestKubernetes(t *testing.T) {
	for _, row := range []struct {
		name, version, on string
		offered, newer    bool
	}{
		{name: "a version in standard support", version: "1.35", on: "2026-11-29", offered: true},
		{name: "a version that AWS has upgraded away", version: "1.30", on: "2026-11-29"},
		{name: "a version that EKS never had", version: "1.2", on: "2026-11-29"},
		{name: "a version that is not out yet", version: "1.36", on: "2026-06-01"},
		{name: "a version newer than known", version: "1.37", on: "2026-11-29", offered: true, newer: true},
		{name: "the default when the calendar has long ended", version: "1.35", on: "2031-11-29", offered: true},
		{name: "a version that is a mistake in writing", version: "1.370", on: "2026-11-29"},
		{name: "no version at all", version: "latest", on: "2026-11-29"},
	} {
		t.Run(row.name, func(t *testing.T) {
			found, offered := Kubernetes(row.version, day(t, row.on))
			if offered != row.offered || NewerKubernetes(row.version) != row.newer {
				t.Errorf("offered %v, newer %v", offered, NewerKubernetes(row.version))
			}
			if offered && (found.Name != row.version || found.Patch == 0) {
				t.Errorf("found %+v", found)
			}
		})
	}
	if DefaultKubernetes(day(t, "2031-11-29")) != NewestKubernetes() {
		t.Error("EKS gives no version when the calendar has ended")
	}
	for on, want := range map[string]string{"2026-11-29": "STANDARD_SUPPORT", "2027-03-27": "EXTENDED_SUPPORT", "2028-03-27": "UNSUPPORTED"} {
		if got := KubernetesSupport("1.35", day(t, on)); got != want {
			t.Errorf("1.35 on %s: %s, want %s", on, got, want)
		}
	}
}

func TestEngineVersion(t *testing.T) {
	for _, row := range []struct {
		name, engine, asked, given string
		offered, newer             bool
	}{
		{name: "a major version", engine: AuroraPostgreSQL, asked: "17", given: "17.7", offered: true},
		{name: "none", engine: AuroraPostgreSQL, given: "17.7", offered: true},
		{name: "a minor version", engine: AuroraPostgreSQL, asked: "16.14", given: "16.14", offered: true},
		{name: "a version that was withdrawn", engine: AuroraPostgreSQL, asked: "16.3", given: "16.3"},
		{name: "a newer minor version", engine: AuroraPostgreSQL, asked: "17.12", given: "17.12", offered: true, newer: true},
		{name: "a newer major version", engine: AuroraPostgreSQL, asked: "19", given: "19.1", offered: true, newer: true},
		{name: "a newer version of RDS", engine: PostgreSQL, asked: "19.2", given: "19.2", offered: true, newer: true},
		{name: "a major version that is a mistake in writing", engine: AuroraPostgreSQL, asked: "71", given: "71"},
		{name: "words", engine: AuroraPostgreSQL, asked: "newest", given: "newest"},
		{name: "an engine that is not modelled", engine: "mysql", asked: "9.9", given: "9.9", offered: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			given, offered := EngineVersion(row.engine, row.asked)
			if given != row.given || offered != row.offered || NewerEngineVersion(row.engine, row.asked) != row.newer {
				t.Errorf("given %s, offered %v, newer %v", given, offered, NewerEngineVersion(row.engine, row.asked))
			}
		})
	}
}

func TestNewerAddon(t *testing.T) {
	for _, row := range []struct {
		addon, version string
		newer          bool
	}{
		{"vpc-cni", "v1.21.1-eksbuild.7", false}, {"vpc-cni", "v1.21.1-eksbuild.8", true}, {"vpc-cni", "v1.9.9-eksbuild.9", false},
		{"kube-proxy", "v1.37.0-eksbuild.1", true}, {"coredns", "latest", false}, {"no-such-addon", "v9.9.9-eksbuild.1", false},
	} {
		if got := NewerAddon(row.addon, row.version, "1.36"); got != row.newer {
			t.Errorf("%s %s newer: %v", row.addon, row.version, got)
		}
	}
}

// TestManagedPoliciesAreRead: what is embedded is JSON, and is found by ARN in every partition.
func TestManagedPoliciesAreRead(t *testing.T) {
	for _, arn := range []string{"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy", "arn:aws-us-gov:iam::aws:policy/AmazonEKS_CNI_Policy",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"} {
		policy, known := FindManagedPolicy(arn)
		if !known || policy.Version == "" || !strings.Contains(string(policy.Document), `"ec2:AssignPrivateIpAddresses"`) {
			t.Errorf("%s: %v, %+v", arn, known, policy)
		}
	}
	if _, known := FindManagedPolicy("arn:aws:iam::123456789012:policy/AmazonEKS_CNI_Policy"); known {
		t.Error("a policy of an account's own is taken for AWS's")
	}
}
