package cost

import (
	"fmt"
	"strings"

	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Explain says how a line comes about: what was counted, the arithmetic, where the figure is from, and what was assumed.
func (r *Report) Explain(line Line) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", line.Address)
	if line.Where != nil {
		fmt.Fprintf(&b, "  written at   %s\n", line.Where)
	}
	fmt.Fprintf(&b, "  buys         %s: %s\n", line.Service, line.Title)
	fmt.Fprintf(&b, "  because      %s\n", line.Why)
	definition := line.Figure.Definition()
	for i, part := range line.Figure.Lines(line.Quantity) {
		label := "arithmetic"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(&b, "  %-11s  %s × %s USD per %s = %s USD\n", label, counted(part.Quantity, definition), line.Figure.Published(part.Tier),
			definition.PerText(),
			part.Cost.Decimal().Round(4))
	}
	fmt.Fprintf(&b, "  a month      %s USD", line.Cost.Cents())
	if line.Ranged() {
		fmt.Fprintf(&b, ", or from %s to %s: the plan does not know yet how many there are", line.Least.Cents(), line.Most.Cents())
	}
	fmt.Fprintf(&b, "\n  figure       %s in %s: %s\n", line.Figure.Key, line.Region, r.age(line.Figure.Trace(), line.Figure))
	if line.Figure.Note != "" {
		fmt.Fprintf(&b, "  note         %s\n", line.Figure.Note)
	}
	fmt.Fprintf(&b, "               %s\n", line.Figure.Source.URL)
	for i, name := range line.Assumptions {
		label := "assumed"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(&b, "  %-11s  %s\n", label, r.Assumed(name))
	}
	return b.String()
}

// counted words a quantity in the units that a price is published for: 8.004833 million requests.
func counted(quantity decimal.Decimal, definition pricing.Definition) string {
	if definition.Per == 1 {
		return fmt.Sprintf("%s %s", pricing.Thousands(quantity.String()), Units(definition))
	}
	return fmt.Sprintf("%s × %s", quantity.Div(decimal.NewFromInt(definition.Per)).Round(places), definition.PerText())
}

// Assumed words an assumption: its name, its value, and why it has it.
func (r *Report) Assumed(name string) string {
	value, why := r.assumption(name)
	return fmt.Sprintf("%s = %s: %s", name, value, why)
}

func (r *Report) assumption(name string) (value, why string) {
	const given = "given by the user"
	switch name {
	case "load":
		value, why = r.Usage.Load, "the shape of a working week, by the clock of "+r.Timezone+"; an estimate that nobody measured"
		switch r.Usage.Load {
		case Idle:
			why = "nobody at any hour"
		case Worldwide:
			why = "working days at three sites, eight hours apart, with a third of the people at each; an estimate that nobody measured"
		case Always:
			why = "everybody at every hour"
		case Office:
			return value, why
		default:
			why = given
		}
		return value, why
	case "users":
		value, why = r.Users.String(), "as many as the settings promise: max_workspaces"
		if r.Usage.Given(name) {
			why = given
		}
		return value, why
	case "database_capacity":
		points := make([]string, len(r.Usage.Capacity))
		for i, point := range r.Usage.Capacity {
			points[i] = fmt.Sprintf("%s ACU at %s users", point.ACU, point.Users)
		}
		if r.Usage.Given(name) {
			return strings.Join(points, ", "), given
		}
		return "1 ACU for 40 running workspaces up to 1,200, for 30 above",
			"Coder's validated architectures; the same as `coderaws capacity` shows of the plan"
	}
	for _, a := range Assumptions() {
		if a.Name == name {
			why = a.Unit + "; " + a.Why
			if r.Usage.Given(name) {
				why = a.Unit + "; " + given
			}
			return r.Usage.Value(name).String(), why
		}
	}
	return "", ""
}

// Units is the plural of a unit; that of GB is GB.
func Units(definition pricing.Definition) string {
	if strings.HasSuffix(definition.Unit, "GB") {
		return definition.Unit
	}
	return definition.Unit + "s"
}
