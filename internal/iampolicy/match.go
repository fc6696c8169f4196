package iampolicy

import (
	"slices"
	"strings"
)

// glob is a pattern: characters, and wildcards where its numbers are negative.
type glob []rune

// The wildcards of the language.
const (
	anyText      rune = -1 // *
	anyCharacter rune = -2 // ?
)

// literally is a pattern that a text alone matches.
func literally(text string) glob { return glob(text) }

// wildcards is the pattern that a text with wildcards means.
func wildcards(text string) glob {
	pattern := glob(text)
	for i, r := range pattern {
		switch r {
		case '*':
			pattern[i] = anyText
		case '?':
			pattern[i] = anyCharacter
		}
	}
	return pattern
}

// matches reports whether the pattern takes all of a text, in time that grows with the product of their lengths.
func (g glob) matches(text string) bool {
	value := []rune(text)
	at, i := 0, 0
	star, from := -1, 0 // the last * in the pattern, and where what it stands for ends at least
	for i < len(value) {
		switch {
		case at < len(g) && g[at] == anyText:
			star, from = at, i
			at++
		case at < len(g) && (g[at] == anyCharacter || g[at] == value[i]):
			at++
			i++
		case star >= 0:
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	return !slices.ContainsFunc(g[at:], func(r rune) bool { return r != anyText })
}

// cut are the six parts of an ARN's pattern, whose last may hold colons.
func (g glob) cut() []glob {
	var parts []glob
	for len(parts) < 5 {
		colon := slices.Index(g, ':')
		if colon < 0 {
			break
		}
		parts = append(parts, g[:colon])
		g = g[colon+1:]
	}
	return append(parts, g)
}

// matchesARN compares ARNs part by part, so that no wildcard reaches over a colon (IAM user guide, condition operators for ARNs).
func (g glob) matchesARN(arn string) bool {
	parts, values := g.cut(), strings.SplitN(arn, ":", 6)
	if len(parts) != len(values) {
		return false
	}
	for i, part := range parts {
		if !part.matches(values[i]) {
			return false
		}
	}
	return true
}

// expand is the pattern that a text of a policy means in a request, its variables replaced by their values. The answer is Unknown where
// the value of one is not known, and False where there is none: then nothing matches (IAM user guide, policy variables).
func (r *Request) expand(text string, variables bool, pattern func(string) glob) (glob, Truth) {
	if !variables || !strings.Contains(text, "${") {
		return pattern(text), True
	}
	var all glob
	for {
		before, rest, found := strings.Cut(text, "${")
		all = append(all, pattern(before)...)
		if !found {
			return all, True
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return append(all, pattern("${"+rest)...), True
		}
		value, truth := r.variable(name)
		if truth != True {
			return nil, truth
		}
		all = append(all, literally(value)...)
		text = after
	}
}

// variable is the value of a policy variable, such as aws:PrincipalAccount, or aws:PrincipalTag/team, 'nobody' with what it is otherwise.
func (r *Request) variable(name string) (string, Truth) {
	name = strings.TrimSpace(name)
	if name == "*" || name == "?" || name == "$" {
		return name, True
	}
	name, otherwise, hasDefault := strings.Cut(name, ",")
	values, known := r.values(name)
	switch {
	case !known:
		return "", Unknown
	case len(values) == 1:
		return values[0], True
	case len(values) == 0 && hasDefault:
		return strings.Trim(strings.TrimSpace(otherwise), "'"), True
	}
	return "", False
}

// Speaks reports whether a statement is about an action, on whatever resource. IAM compares actions without regard to case.
func (s *Statement) Speaks(action string) bool {
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return wildcards(strings.ToLower(pattern)).matches(strings.ToLower(action))
		})
	}
	return named(s.Actions) || s.NotActions != nil && !named(s.NotActions)
}

// covers tells whether a statement is about the resource of a request. Policies that name none are about what has them.
func (s *Statement) covers(r *Request) Truth {
	named := func(patterns []string) Truth {
		truth := False
		for _, text := range patterns {
			if text == "*" {
				return True
			}
			pattern, expanded := r.expand(text, s.variables, wildcards)
			switch {
			case expanded == Unknown, expanded == True && r.Resource == "":
				truth = max(truth, Unknown)
			case expanded == True && pattern.matches(r.Resource):
				return True
			}
		}
		return truth
	}
	switch {
	case s.Resources != nil:
		return named(s.Resources)
	case s.NotResources != nil:
		return named(s.NotResources).not()
	}
	return True
}
