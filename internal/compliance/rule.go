package compliance

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// maxShown is how many characters of a value evidence shows.
const maxShown = 120

// wanted is what an attribute has to be: in words, and how it is recognized.
type wanted struct {
	words string
	holds func(plan.Value) Answer
}

func answer(holds bool) Answer {
	if holds {
		return Satisfied
	}
	return NotSatisfied
}

// yes wants true; missing is what AWS makes of an attribute that is not written.
func yes(missing bool) wanted { return boolean(true, missing) }

// no wants false.
func no(missing bool) wanted { return boolean(false, missing) }

func boolean(want, missing bool) wanted {
	return wanted{fmt.Sprint(want), func(v plan.Value) Answer {
		// Some arguments are texts, such as those of launch templates.
		if text, state := v.Text().Get(); state == plan.IsKnown && text != "" {
			return answer(text == fmt.Sprint(want))
		} else if state == plan.IsKnown {
			return answer(missing == want)
		}
		value, state := v.Bool().Default(missing).Get()
		if state == plan.IsUnknown {
			return NotProvable
		}
		return answer(value == want)
	}}
}

// oneOf wants one of some texts.
func oneOf(missing string, texts ...string) wanted {
	return text(strings.Join(texts, " or "), missing, func(s string) bool { return slices.Contains(texts, s) })
}

// text wants what a function recognizes.
func text(words, missing string, holds func(string) bool) wanted {
	return wanted{words, func(v plan.Value) Answer {
		value, state := v.Text().Default(missing).Get()
		if state == plan.IsUnknown {
			return NotProvable
		}
		return answer(holds(value))
	}}
}

// atLeast wants a number that is not smaller; zero is what 0 means, as for log groups it is for ever.
func atLeast(least, missing int, zero Answer) wanted {
	return wanted{fmt.Sprintf("%d or more", least), func(v plan.Value) Answer {
		value, state := v.Count().Default(missing).Get()
		switch {
		case state == plan.IsUnknown:
			return NotProvable
		case value == 0:
			return zero
		}
		return answer(value >= least)
	}}
}

// atMost wants a number that is not larger.
func atMost(most, missing int) wanted {
	return wanted{fmt.Sprintf("%d or less", most), func(v plan.Value) Answer {
		value, state := v.Count().Default(missing).Get()
		if state == plan.IsUnknown {
			return NotProvable
		}
		return answer(value <= most)
	}}
}

// containing wants a list with all of some texts.
func containing(texts ...string) wanted {
	return wanted{strings.Join(texts, ", "), func(v plan.Value) Answer {
		list, state := v.Texts().Get()
		if state == plan.IsUnknown {
			return NotProvable
		}
		for _, one := range texts {
			if !slices.Contains(list, one) {
				return NotSatisfied
			}
		}
		return Satisfied
	}}
}

// something wants any value at all. One that the plan does not know yet is written, and could still turn out to be none.
func something(words string) wanted {
	return wanted{words, func(v plan.Value) Answer {
		switch {
		case v.State() == plan.IsUnknown:
			return NotProvable
		case v.IsList():
			list, _ := v.Elements().Get()
			return answer(len(list) > 0)
		}
		value, state := v.Text().Get()
		return answer(state == plan.IsKnown && value != "")
	}}
}

// attribute is the rule that an attribute of each resource of some types is what is wanted.
func attribute(path string, want wanted, types ...string) rule {
	return only(nil, path, want, types...)
}

// only is attribute for the resources that a function picks.
func only(picks func(item) bool, path string, want wanted, types ...string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(types...) {
			if picks == nil || picks(i) {
				all = append(all, i.look(path, want))
			}
		}
		return all
	}
}

// some is attribute for nested blocks of which one is enough, such as the rules of a backup plan.
func some(path string, want wanted, types ...string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(types...) {
			found := i.looks(path, want)
			all = append(all, slices.MaxFunc(found, milder))
		}
		return all
	}
}

// look compares an attribute with what is wanted; of nested blocks that stand more than once the worst counts.
func (i item) look(path string, want wanted) Evidence {
	return slices.MinFunc(i.looks(path, want), milder)
}

// looks compares all that a path leads to with what is wanted, which is one value at least.
func (i item) looks(path string, want wanted) []Evidence {
	var all []Evidence
	for _, value := range reach(i.Values, path) {
		all = append(all, i.evidence(want.holds(value), path, shown(value), want.words).explained())
	}
	return all
}

// milder puts the worst first.
func milder(a, b Evidence) int { return severity(a.Answer) - severity(b.Answer) }

// reach is all that a path leads to: each of the nested blocks on it may stand more than once. Where there is none, that is nothing.
func reach(v plan.Value, path string) []plan.Value {
	names := strings.Split(path, ".")
	all := []plan.Value{v.Attr(names[0])}
	for _, name := range names[1:] {
		var next []plan.Value
		for _, at := range all {
			blocks := []plan.Value{at}
			if at.IsList() {
				if blocks, _ = at.Elements().Get(); len(blocks) == 0 {
					blocks = []plan.Value{{}}
				}
			}
			for _, block := range blocks {
				next = append(next, block.Attr(name))
			}
		}
		all = next
	}
	return all
}

// explained says of what is not provable that the plan does not know it yet.
func (e Evidence) explained() Evidence {
	if e.Answer == NotProvable && e.Why == "" {
		e.Why = e.Attribute + " is known after the plan was applied"
	}
	return e
}

// ownKey is the rule that an attribute names a key of KMS; one that the plan does not know yet is enough where it is a key of this plan.
func ownKey(path string, types ...string) rule {
	want := something("a key of your own")
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(types...) {
			all = append(all, i.keyed(path, want))
		}
		return all
	}
}

// keyed looks at an attribute that names a key.
func (i item) keyed(path string, want wanted) Evidence {
	e := i.look(path, want)
	if e.Answer == NotProvable {
		if keys := i.refers(path, "aws_kms_key"); len(keys) > 0 {
			e.Answer, e.Found, e.Why = Satisfied, keys[0], ""
		}
	}
	return e
}

// has is the rule that each resource of a type has another that names it; holds judges those that do, and may be nil.
func has(typ, path string, by []string, attribute, words string, holds func(*Subject, item) Answer) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(typ) {
			sure, unsure := i.referring(s, path, by...)
			e := i.evidence(NotSatisfied, attribute, "none", words)
			for _, other := range sure {
				so := Satisfied
				if holds != nil {
					so = holds(s, other)
				}
				if e.Found == "none" || severity(so) > severity(e.Answer) {
					e.Answer, e.Found = so, other.Address
				}
			}
			if len(sure) == 0 && len(unsure) > 0 {
				e.Answer, e.Found = NotProvable, unsure[0].Address
				e.Why = "which it belongs to is known after the plan was applied"
			}
			all = append(all, e.explained())
		}
		return all
	}
}

// none is the rule that a plan has no resource of some types. It needs something in the plan to be true of.
func none(why string, types ...string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(types...) {
			e := i.evidence(NotSatisfied, "", i.Type, "none")
			e.Why = why
			all = append(all, e)
		}
		return all
	}
}

// both joins rules.
func both(rules ...rule) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, rule := range rules {
			all = append(all, rule(s)...)
		}
		return all
	}
}

// shown is a value as evidence shows it.
func shown(v plan.Value) string {
	switch {
	case v.IsSensitive():
		return "(sensitive)"
	case v.State() == plan.IsUnknown:
		return "(known after apply)"
	case v.State() == plan.IsNull:
		return "not set"
	}
	if s, state := v.Text().Get(); state == plan.IsKnown {
		return short(s)
	}
	return short(v.String())
}

func short(s string) string {
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return s
}
