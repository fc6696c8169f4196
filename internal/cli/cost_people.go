package cli

import (
	"fmt"
	"strconv"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// HeadCount is what the same settings cost with another number of people. Money is in US dollars in an average month.
type HeadCount struct {
	// People are at work at once at the busiest hour.
	People int `json:"people"`
	// Held says whether the settings hold them; if not there are no costs.
	Held      bool   `json:"held"`
	Total     string `json:"monthly_cost,omitempty"`
	PerPerson string `json:"per_person,omitempty"`
	// PerHour is for each hour of a running workspace, OnDemand the month with nothing on spot.
	PerHour  string `json:"per_workspace_hour,omitempty"`
	OnDemand string `json:"monthly_cost_on_demand,omitempty"`
}

// headCounts are the numbers of people that a bill is shown for.
var headCounts = []int{10, 40, 80, 200, 500}

// people prices the plans with other numbers of people; none where nobody works.
func (b bill) people(book *pricing.Book, options cost.Options) ([]HeadCount, error) {
	list := []HeadCount{}
	if !b.report.Users.IsPositive() || len(b.inputs) != 1 || b.inputs[0].Capacity == nil {
		return list, nil
	}
	perUser := b.report.Usage.Value("workspaces_per_user")
	for _, people := range headCounts {
		count := HeadCount{People: people}
		workspaces := perUser.Mul(decimal.NewFromInt(int64(people)))
		if workspaces.GreaterThan(decimal.NewFromInt(int64(b.inputs[0].Capacity.Supported))) {
			list = append(list, count)
			continue
		}
		changed := options
		changed.Usage = b.report.Usage.WithUsers(decimal.NewFromInt(int64(people)))
		report, err := b.again(book, changed)
		if err != nil {
			return nil, err
		}
		changed.Purchase = cost.OnDemand
		onDemand, err := b.again(book, changed)
		if err != nil {
			return nil, err
		}
		total := report.Total().Decimal()
		count.Held, count.Total, count.OnDemand = true, report.Total().Cents(), onDemand.Total().Cents()
		count.PerPerson = total.DivRound(decimal.NewFromInt(int64(people)), 2).StringFixed(2)
		if report.WorkspaceHours.IsPositive() {
			count.PerHour = total.DivRound(report.WorkspaceHours, 2).StringFixed(2)
		}
		list = append(list, count)
	}
	return list, nil
}

func printPeople(b *strings.Builder, list []HeadCount) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\nWith other numbers of people at the busiest hour, and the same settings:\n\n")
	rows := [][]string{{"people", "USD a month", "a person", "a workspace-hour", "without spot"}}
	more := ""
	for _, count := range list {
		if count.Held {
			rows = append(rows, []string{strconv.Itoa(count.People), pricing.Thousands(count.Total), pricing.Thousands(count.PerPerson),
				count.PerHour, pricing.Thousands(count.OnDemand)})
		} else if more == "" {
			more = fmt.Sprintf("%d and more are not held by them. ", count.People)
		}
	}
	if len(rows) > 1 {
		alignedTable(b, rows, 0, 1, 2, 3, 4)
		b.WriteByte('\n')
	}
	b.WriteString(more + "`coderaws size DIR --for N` finds settings that cost less.\n")
}

// printModels says what of the bill AI models are.
func printModels(b *strings.Builder, r *cost.Report) {
	if ai := r.Models(); ai.Cmp(pricing.USD{}) > 0 {
		fmt.Fprintf(b, "AI models are %s USD of the bill, %s for each of %s people.\n", money(ai), money(r.ModelsPerPerson()), r.Users.Round(0))
	}
}

// printBudget compares the bill with the budget of the plans.
func printBudget(b *strings.Builder, r *cost.Report) {
	if !r.Budget.IsPositive() {
		return
	}
	budget := pricing.Dollars(r.Budget)
	if over := r.Total().Minus(budget); over.Cmp(pricing.USD{}) > 0 {
		fmt.Fprintf(b, "OVER BUDGET: %s USD more than the %s USD a month of the plan's budget.\n", money(over), money(budget))
		return
	}
	fmt.Fprintf(b, "The bill takes %s of the plan's budget, which is %s USD a month.\n", share(r.Total(), budget), money(budget))
}
