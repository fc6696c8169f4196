package cli

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// CostChange is what a plan changes in the bill, in US dollars in an average month.
type CostChange struct {
	Before     string `json:"before"`
	After      string `json:"after"`
	Difference string `json:"difference"`
	// Unpriced is how many resources the bill afterwards lacks.
	Unpriced int `json:"unpriced"`
}

// changeOf prices what a plan found and what it leaves, both with what is assumed by default. It is nil for what is not AWS's: that has no
// price.
func (deps *Deps) changeOf(p lifecycle.Planned) *CostChange {
	if !slices.ContainsFunc(p.Plan.JSON.ResourceChanges, func(c *tfjson.ResourceChange) bool { return strings.HasPrefix(c.Type, "aws_") }) &&
		p.Stack != lifecycle.CloudStack {
		return nil
	}
	book, err := deps.priceBook("")
	total := func(input *cost.Input, err error) (*cost.Report, error) {
		if err != nil {
			return nil, err
		}
		return cost.Estimate(input, book, cost.Options{Region: p.Region, Now: deps.Now()})
	}
	planned := plan.Read(p.Plan.JSON)
	var before, after *cost.Report
	if err == nil {
		before, err = total(cost.Read(planned.Before(), nil))
	}
	if err == nil {
		after, err = total(cost.Read(planned, nil))
	}
	if err != nil {
		d := diagnostic.Warningf("what the plan costs is not known")
		d.Code, d.Why, d.Todo = "plan.no_cost", err.Error(), "the plan itself is not affected; `coderaws cost` says more"
		deps.warn(diagnostic.List{d})
		return nil
	}
	return &CostChange{before.Total().Cents(), after.Total().Cents(), after.Total().Minus(before.Total()).Cents(), len(after.Unpriced)}
}

// String words the change for people.
func (c *CostChange) String() string {
	text := fmt.Sprintf("%s -> %s USD in an average month (%s)", pricing.Thousands(c.Before), pricing.Thousands(c.After), signed(c.Difference))
	if c.Before == c.After {
		text = pricing.Thousands(c.After) + " USD in an average month, as before"
	}
	if c.Unpriced > 0 {
		text += ", without " + plural(c.Unpriced, "resource") + " of unknown price"
	}
	return text
}
