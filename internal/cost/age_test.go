package cost_test

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/cost"

	"github.com/shopspring/decimal"
)

// TestPriceDates: a bill says of which days its prices are and how much of it stands on each, and the shares add up to the whole.
func TestPriceDates(t *testing.T) {
	r := estimate(t, reference(), cost.Options{})
	dates, total := r.PriceDates(), decimal.Zero
	for i, date := range dates {
		if i > 0 && dates[i-1].Date >= date.Date {
			t.Errorf("%s after %s", date.Date, dates[i-1].Date)
		}
		total = total.Add(decimal.RequireFromString(date.Cost))
	}
	if len(dates) < 2 || total.StringFixed(2) != r.Total().Cents() {
		t.Errorf("%d dates, which add up to %s of %s", len(dates), total, r.Total().Cents())
	}
	age := r.PriceAge()
	if !strings.HasPrefix(age, "the oldest of "+dates[0].Date+", the newest of "+dates[len(dates)-1].Date+"; ") {
		t.Errorf("the prices are %s", age)
	}
}

func TestStalePrices(t *testing.T) {
	for _, row := range []struct {
		name, on, stale string
	}{
		{name: "nobody said what day it is"},
		{name: "before any price was a year old", on: "2024-01-01"},
		{name: "long after", on: "2031-11-22",
			stale: "STALE: 100.0 % of the bill is of prices that are more than a year old; `coderaws prices refresh`"},
	} {
		t.Run(row.name, func(t *testing.T) {
			now, _ := time.Parse(time.DateOnly, row.on) // the zero time where there is no day
			r := estimate(t, reference(), cost.Options{Now: now})
			if got := r.Stale(); (got == "") != (row.stale == "") || !strings.HasPrefix(got, row.stale) {
				t.Errorf("%q, want %q", got, row.stale)
			}
			if explained := r.Explain(r.Lines[0]); strings.Contains(explained, "STALE") != (row.stale != "") {
				t.Errorf("explained as\n%s", explained)
			}
			if document := r.Document(); document.Stale != r.Stale() || len(document.PriceDates) == 0 {
				t.Errorf("the document has %q and %d dates", document.Stale, len(document.PriceDates))
			}
		})
	}
}
