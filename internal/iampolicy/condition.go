package iampolicy

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Truth is what is known of a question. Of two that must both be true, the answer is the smaller one; of two of which one suffices, it is
// the larger one.
type Truth int

// The answers.
const (
	False Truth = iota
	Unknown
	True
)

func (t Truth) not() Truth { return True - t }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// quantifier says how an operator takes a key that has several values.
type quantifier int

const (
	one quantifier = iota
	forAll
	forAny
)

// operator is what an operator of a condition means.
type operator struct {
	quantifier quantifier
	ifExists   bool
	null       bool // it asks for the key alone
	negated    bool
	// pattern reads what the policy says, and match compares it with the value of a request.
	pattern func(string) glob
	match   func(wanted glob, value string) bool
}

// operators are those of the language. Source: IAM user guide, condition operators.
var operators = map[string]operator{
	"stringequals":             {pattern: literally, match: glob.matches},
	"stringequalsignorecase":   {pattern: lower, match: func(g glob, value string) bool { return g.matches(strings.ToLower(value)) }},
	"stringlike":               {pattern: wildcards, match: glob.matches},
	"arnequals":                {pattern: wildcards, match: glob.matchesARN},
	"arnlike":                  {pattern: wildcards, match: glob.matchesARN},
	"numericequals":            {pattern: literally, match: numbers(func(wanted, value float64) bool { return value == wanted })},
	"numericlessthan":          {pattern: literally, match: numbers(func(wanted, value float64) bool { return value < wanted })},
	"numericlessthanequals":    {pattern: literally, match: numbers(func(wanted, value float64) bool { return value <= wanted })},
	"numericgreaterthan":       {pattern: literally, match: numbers(func(wanted, value float64) bool { return value > wanted })},
	"numericgreaterthanequals": {pattern: literally, match: numbers(func(wanted, value float64) bool { return value >= wanted })},
	"dateequals":               {pattern: literally, match: dates(func(order int) bool { return order == 0 })},
	"datelessthan":             {pattern: literally, match: dates(func(order int) bool { return order < 0 })},
	"datelessthanequals":       {pattern: literally, match: dates(func(order int) bool { return order <= 0 })},
	"dategreaterthan":          {pattern: literally, match: dates(func(order int) bool { return order > 0 })},
	"dategreaterthanequals":    {pattern: literally, match: dates(func(order int) bool { return order >= 0 })},
	"bool":                     {pattern: lower, match: func(g glob, value string) bool { return g.matches(strings.ToLower(value)) }},
	"binaryequals":             {pattern: literally, match: glob.matches},
	"ipaddress":                {pattern: literally, match: within},
	"null":                     {null: true},
}

// opposites are the operators that are true where another one is not.
var opposites = map[string]string{
	"stringnotequals": "stringequals", "stringnotequalsignorecase": "stringequalsignorecase", "stringnotlike": "stringlike",
	"arnnotequals": "arnequals", "arnnotlike": "arnlike", "numericnotequals": "numericequals", "datenotequals": "dateequals",
	"notipaddress": "ipaddress",
}

func lower(text string) glob { return literally(strings.ToLower(text)) }

func numbers(compare func(wanted, value float64) bool) func(glob, string) bool {
	return func(g glob, value string) bool {
		wanted, err := strconv.ParseFloat(string(g), 64)
		given, otherErr := strconv.ParseFloat(value, 64)
		return err == nil && otherErr == nil && compare(wanted, given)
	}
}

func dates(fits func(order int) bool) func(glob, string) bool {
	return func(g glob, value string) bool {
		wanted, ok := date(string(g))
		given, alsoOK := date(value)
		return ok && alsoOK && fits(given.Compare(wanted))
	}
}

// date reads the forms of a date: those of ISO 8601, and the seconds since 1970.
func date(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04Z07:00", "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// within reports whether an address, or a range, is in a range or is an address.
func within(wanted glob, value string) bool {
	outer, ok := prefix(string(wanted))
	inner, alsoOK := prefix(value)
	return ok && alsoOK && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func prefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, true
	}
	address, err := netip.ParseAddr(text)
	return netip.PrefixFrom(address, address.BitLen()), err == nil
}

// operator is what the operator of a condition means; known is false for what is none.
func (c *Condition) operator() (o operator, known bool) {
	name := strings.ToLower(c.Operator)
	quantity := one
	if rest, found := strings.CutPrefix(name, "forallvalues:"); found {
		name, quantity = rest, forAll
	} else if rest, found := strings.CutPrefix(name, "foranyvalue:"); found {
		name, quantity = rest, forAny
	}
	bare, exists := strings.CutSuffix(name, "ifexists")
	opposite, negated := opposites[bare]
	if negated {
		bare = opposite
	}
	o, known = operators[bare]
	o.quantifier, o.ifExists, o.negated = quantity, exists, negated
	return o, known && !(o.null && exists)
}

// Demands reports whether a condition is false where its key is not there, and names what the key must be rather than what it must not.
func (c *Condition) Demands() bool {
	o, known := c.operator()
	return known && !o.null && !o.ifExists && !o.negated && o.quantifier != forAll
}

// Open reports whether one of the values is met by all that there are.
func (c *Condition) Open() bool {
	return slices.ContainsFunc(c.Values, func(value string) bool { return value != "" && strings.Trim(value, "*") == "" })
}

// holds tells whether a condition is true of a request. What a key that is not there means, says the IAM user guide with each operator.
func (c *Condition) holds(r *Request, variables bool) Truth {
	o, known := c.operator()
	values, told := r.values(c.Key)
	switch {
	case !known || !told:
		return Unknown
	case o.null:
		return truth(slices.ContainsFunc(c.Values, func(v string) bool { return strings.EqualFold(v, "true") == (len(values) == 0) }))
	case len(values) == 0:
		return truth(o.ifExists || o.quantifier == forAll || o.negated && o.quantifier == one)
	}
	all, some := True, False
	for _, value := range values {
		fits := c.fits(o, r, value, variables)
		all, some = min(all, fits), max(some, fits)
	}
	if o.quantifier == forAll {
		return all
	}
	return some
}

// fits tells whether one value of the key is one of those of the condition, or none of them where the operator is a negated one.
func (c *Condition) fits(o operator, r *Request, value string, variables bool) Truth {
	found := False
	for _, text := range c.Values {
		wanted, expanded := r.expand(text, variables, o.pattern)
		if expanded == True {
			expanded = truth(o.match(wanted, value))
		}
		found = max(found, expanded)
	}
	if o.negated {
		return found.not()
	}
	return found
}
