package compliance

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of checks into the documents, and fail")

const (
	pageFile  = "../../docs/reference/compliance.md"
	pageBegin = "<!-- checks: written by internal/compliance; make golden writes it anew -->\n"
	pageEnd   = "<!-- end of checks -->\n"
)

// documented holds the table of checks in the documents to the checks, with how many mutants turn each.
func documented(t *testing.T, counts map[string]int, total, caught int) {
	t.Helper()
	text, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(text), pageBegin)
	is, after, ended := strings.Cut(rest, pageEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the table of checks", pageFile)
	}
	var b strings.Builder
	fmt.Fprintf(&b,
		"%d checks. %d mutants of a plan in which all are satisfied turn them: %d of the mutants turn at least one, and each check is\n"+
			"turned by as many as its row says.\n\n", len(Checks()), total, caught)
	b.WriteString("| check | what is so | controls of NIST, CIS EKS, FSBP, decision records | mutants |\n|---|---|---|---:|\n")
	for _, check := range Checks() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %d |\n", check.ID, check.What, strings.Join(bearing(t, check.ID), "; "), counts[check.ID])
	}
	if b.String() == is {
		return
	}
	t.Errorf("%s has other checks (go test ./internal/compliance -update writes them)", pageFile)
	if *update {
		if err := os.WriteFile(pageFile, []byte(before+pageBegin+b.String()+pageEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// bearing lists the controls of each framework that a check bears on.
func bearing(t *testing.T, check string) []string {
	t.Helper()
	var all []string
	for _, name := range Frameworks() {
		f, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, control := range f.Controls {
			if slices.Contains(control.Checks, check) {
				ids = append(ids, control.ID)
			}
		}
		if len(ids) > 0 {
			all = append(all, strings.Join(ids, ", "))
		}
	}
	return all
}

// TestFrameworksNameChecks: a control whose check does not exist would never be looked at, and a check that no framework names never run.
func TestFrameworksNameChecks(t *testing.T) {
	known, used := map[string]bool{}, map[string]bool{}
	for _, check := range Checks() {
		if known[check.ID] {
			t.Errorf("two checks are called %s", check.ID)
		}
		known[check.ID] = true
	}
	for _, name := range Frameworks() {
		f, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.ID != name || f.Title == "" || f.Source == "" || f.AsOf == "" || len(f.Controls) == 0 {
			t.Errorf("framework %s has no id, title, source, date or controls", name)
		}
		seen := map[string]bool{}
		for _, control := range f.Controls {
			if seen[control.ID] || control.Title == "" || len(control.Checks) == 0 && control.Remains == "" {
				t.Errorf("%s, control %s: it is there twice, or has no title, or nothing that would show it", name, control.ID)
			}
			seen[control.ID] = true
			for _, id := range control.Checks {
				used[id] = true
				if !known[id] {
					t.Errorf("%s, control %s: there is no check %s", name, control.ID, id)
				}
			}
		}
	}
	for id := range known {
		if !used[id] {
			t.Errorf("no framework names the check %s", id)
		}
	}
}

// TestBaselines: as many controls as SP 800-53B has in each.
func TestBaselines(t *testing.T) {
	f, err := Load(NIST)
	if err != nil {
		t.Fatal(err)
	}
	for baseline, want := range map[string]int{"low": 149, "moderate": 287, "high": 370} {
		controls, err := f.Pick(baseline, nil)
		if err != nil || len(controls) != want {
			t.Errorf("baseline %s has %d controls, not %d (%v)", baseline, len(controls), want, err)
		}
	}
}
