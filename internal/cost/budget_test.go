package cost_test

import (
	"testing"

	"coderaws/internal/cost"

	"github.com/shopspring/decimal"
)

// TestBudget takes the least monthly budget for costs in US dollars, and no other.
func TestBudget(t *testing.T) {
	budget := func(amount, kind, unit, time string) values {
		return values{"limit_amount": amount, "budget_type": kind, "limit_unit": unit, "time_unit": time}
	}
	for _, test := range []struct {
		name    string
		budgets []values
		want    string
	}{
		{"none", nil, "0"},
		{"one", []values{budget("1500.50", "COST", "USD", "MONTHLY")}, "1500.5"},
		{"the least of two", []values{budget("1500", "COST", "USD", "MONTHLY"), budget("900", "COST", "USD", "MONTHLY")}, "900"},
		{"of a year", []values{budget("1500", "COST", "USD", "ANNUALLY")}, "0"},
		{"of hours", []values{budget("1500", "USAGE", "HOURS", "MONTHLY")}, "0"},
		{"of other money", []values{budget("1500", "COST", "EUR", "MONTHLY")}, "0"},
		{"of an amount that is not known", []values{budget("", "COST", "USD", "MONTHLY")}, "0"},
	} {
		document := reference()
		root := document.PlannedValues.RootModule
		for i, attributes := range test.budgets {
			root.Resources = append(root.Resources, resource("aws_budgets_budget."+string(rune('a'+i)), attributes))
		}
		r := estimate(t, document, cost.Options{})
		if got := r.Budget.String(); got != test.want {
			t.Errorf("%s: the budget is %s, want %s", test.name, got, test.want)
		}
		if r.Total().Cents() != "364.83" || r.Free["aws_budgets_budget"] != len(test.budgets) {
			t.Errorf("%s: a budget costs something: %s", test.name, r.Total().Cents())
		}
	}
}

// TestWithUsers: another number of people is another usage, and leaves the first as it was.
func TestWithUsers(t *testing.T) {
	usage := cost.NewUsage()
	fewer := estimate(t, workspaces(), cost.Options{Usage: usage.WithUsers(decimal.NewFromInt(40))})
	if got := fewer.WorkspaceHours.Round(2).String(); got != "8709.67" { // 40 % of the hours of a hundred, which TestOffice has
		t.Errorf("40 people have %s hours", got)
	}
	if usage.Given("users") || !usage.Value("users").IsZero() {
		t.Error("the usage that was copied has changed")
	}
}

// TestShares: how much of a bill is spot capacity, and how much another region's prices.
func TestShares(t *testing.T) {
	all, spot, here := estimate(t, workspaces(), cost.Options{}), decimal.Zero, decimal.NewFromInt(100)
	for _, line := range all.Lines {
		if line.Title == "m5.large on spot" || line.Title == "m5a.large on spot" {
			spot = spot.Add(line.Cost.Decimal())
		}
	}
	if want := spot.Mul(here).DivRound(all.Total().Decimal(), 1).StringFixed(1); all.SpotPercent() != want || want == "0.0" {
		t.Errorf("%s %% are spot, want %s", all.SpotPercent(), want)
	}
	if got := all.EstimatedPercent(); got != "0.0" {
		t.Errorf("%s %% of a bill in us-east-1 are estimated", got)
	}
}
