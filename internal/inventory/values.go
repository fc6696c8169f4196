package inventory

import (
	"fmt"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
)

// text is a string attribute, empty if it is not known or not there: for what names something, where both mean that nobody can say.
func text(values plan.Value, path ...string) string {
	return values.At(path...).Text().Else("", "")
}

// shown is text for what reports show: a secret is left out.
func shown(values plan.Value, path ...string) string {
	if value := values.At(path...); !value.IsSensitive() {
		return value.Text().Else("", "")
	}
	return ""
}

// texts is a list of strings, as far as they are known.
func texts(values plan.Value, path ...string) []string { return valuesAt(values, path) }

// valuesAt are the strings at a path through nested blocks and lists, as far as they are known.
func valuesAt(value plan.Value, path []string) []string {
	if list, state := value.Elements().Get(); state == plan.IsKnown && value.IsList() {
		var all []string
		for _, element := range list {
			all = append(all, valuesAt(element, path)...)
		}
		return all
	}
	if len(path) > 0 {
		return valuesAt(value.Attr(path[0]), path[1:])
	}
	switch v := value.Known().(type) {
	case nil, map[string]any:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return []string{v}
	default:
		return []string{fmt.Sprint(v)}
	}
}

// count is an attribute that counts something. One below zero is refused: no engine plans it, so that the plan was forged or damaged.
func (r *reading) count(from Resource, values plan.Value, path ...string) plan.Maybe[int] {
	n := values.At(path...).Count()
	if value, state := n.Get(); state == plan.IsKnown && value < 0 {
		r.refuse(from, path[len(path)-1], value)
	}
	return n
}

// amount is count for what need not be whole.
func (r *reading) amount(from Resource, values plan.Value, path ...string) plan.Maybe[float64] {
	n := values.At(path...).Number()
	if value, state := n.Get(); state == plan.IsKnown && value < 0 {
		r.refuse(from, path[len(path)-1], value)
	}
	return n
}

func (r *reading) refuse(from Resource, argument string, value any) {
	d := diagnostic.Errorf("the plan has %v for %s", value, argument)
	d.Code, d.Why = "plan.negative", "this counts something, and cannot be below zero"
	d.Todo = "make the plan again; a plan that an engine wrote has no such value"
	d.Address, d.Where = from.Address, from.Where
	r.refused = append(r.refused, d)
}
