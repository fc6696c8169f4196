package cost_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

var update = flag.Bool("update", false, "write docs/reference/claims.md, the table in cost.md and the bills in testdata anew, and fail")

// TestClaims holds the page of claims to what the program gives.
func TestClaims(t *testing.T) {
	const page = "../../docs/reference/claims.md"
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	list, err := cost.Claims(book, patternTotals(t))
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := cost.WriteClaims(&written, list, book.Date); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(page)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), written.String()); diff != "" {
		t.Errorf("%s is not what the data gives (go test ./internal/cost -run Claims -update writes it):\n%s", page, diff)
		if *update {
			if err := os.WriteFile(page, written.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Two by hand: 0.5 ACU × 0.12 × 730 = 43.80; and 50 m5.2xlarge × 0.384 × 730 = 14,016, less 3,001.5 / 12 hours at 50 and the rest at 10.
	for _, c := range list {
		switch c.Claim {
		case "idle, 0.5 to 1 ACU: 45 to 90 USD a month":
			if c.Data != "43.80 USD to 87.60 USD" || c.Verdict != cost.Holds {
				t.Errorf("%+v", c)
			}
		case "8,690 USD a month less with 50 nodes": // 14,016 − (250.125 × 50 + 479.875 × 10) × 0.384 = 14,016 − 6,645.12
			if c.Data != "7,370.88 USD" || c.Verdict != cost.Fails {
				t.Errorf("%+v", c)
			}
		}
	}
}

// patternTotals are what the patterns cost, as the program carries it.
func patternTotals(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("../facts/pattern-figures.json")
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]map[string]any{}
	if err := json.Unmarshal(text, &figures); err != nil {
		t.Fatal(err)
	}
	totals := map[string]map[string]string{}
	for name, figure := range figures {
		totals[name] = map[string]string{}
		for load, key := range map[string]string{cost.Idle: "monthly_cost_idle", cost.Office: "monthly_cost_office_hours",
			cost.Worldwide: "monthly_cost_worldwide", cost.Always: "monthly_cost_always"} {
			totals[name][load], _ = figure[key].(string)
		}
	}
	return totals
}

func TestBreakEven(t *testing.T) {
	d := decimal.RequireFromString
	// 14 endpoints in three zones are 306.60 USD a month, three gateways 98.55; a GB is 0.035 cheaper: 208.05 / 0.035.
	if got := cost.BreakEven(d("306.60"), d("98.55"), d("0.045"), d("0.01")).Round(1).String(); got != "5944.3" {
		t.Errorf("%s GB", got)
	}
	if got := cost.BreakEven(d("50"), d("98.55"), d("0.045"), d("0.01")); !got.IsZero() {
		t.Errorf("endpoints that cost less at once need %s GB", got)
	}
}

// TestAssumptionsOnPage holds the table of assumptions in docs/reference/cost.md to the program.
func TestAssumptionsOnPage(t *testing.T) {
	const page, begin, end = "../../docs/reference/cost.md", "<!-- BEGIN assumptions -->\n", "<!-- END assumptions -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	old, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the assumptions", page)
	}
	var table strings.Builder
	table.WriteString("| name | default | counts | from |\n| --- | --- | --- | --- |\n")
	for _, a := range cost.Assumptions() {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", a.Name, a.Default, a.Unit, a.Why)
	}
	if old == table.String() {
		return
	}
	t.Errorf("%s has other assumptions than the program (go test ./internal/cost -run Assumptions -update writes them)", page)
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
