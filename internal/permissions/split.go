package permissions

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
)

// Size is how many characters IAM takes of a managed policy, without white space (IAM User Guide, IAM and AWS STS quotas).
const Size = 6144

// Attached is how many managed policies a role may have unless its account's quota is raised (the same).
const Attached = 10

// entitle gives statements ids that say what they are about: the service, and the kinds of what it is asked of. IAM takes letters and
// digits, and each id once.
func entitle(statements []Statement) {
	seen := map[string]int{}
	for i := range statements {
		s := &statements[i]
		id := title(serviceOf(*s))
		var kinds []string
		for _, arn := range s.Resources {
			if kind := title(kindOf(arn)); kind != "" && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		if len(kinds) <= several {
			id += strings.Join(kinds, "")
		}
		if seen[id]++; seen[id] > 1 {
			id = fmt.Sprintf("%s%d", id, seen[id])
		}
		s.SID = id
	}
}

// kindOf is what an ARN says that a resource is, such as vpc; of those that say nothing, "".
func kindOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return "anything"
	}
	at := strings.IndexAny(parts[5], ":/")
	if at < 0 {
		return ""
	}
	return parts[5][:at]
}

// title is a name in letters and digits, each word of it with a capital.
func title(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// split puts statements into as many policies as their size takes, in their order.
func split(statements []Statement) []Policy {
	var all []Policy
	current := newPolicy()
	for _, s := range statements {
		for _, piece := range pieces(s) {
			with := newPolicy()
			with.Statements = append(slices.Clone(current.Statements), piece)
			if len(current.Statements) > 0 && iampolicy.Size(with.JSON()) > Size {
				all = append(all, current)
				with.Statements = []Statement{piece}
			}
			current = with
		}
	}
	if len(current.Statements) > 0 {
		all = append(all, current)
	}
	return all
}

func newPolicy() Policy { return Policy{Version: "2012-10-17"} }

// pieces halves a statement, by its actions or by its resources, until each part fits into a policy of its own.
func pieces(s Statement) []Statement {
	alone := newPolicy()
	alone.Statements = []Statement{s}
	if iampolicy.Size(alone.JSON()) <= Size || len(s.Actions) == 1 && len(s.Resources) == 1 {
		return []Statement{s}
	}
	first, second := s, s
	first.SID, second.SID = s.SID+"A", s.SID+"B"
	if half := len(s.Resources) / 2; half > 0 {
		first.Resources, second.Resources = s.Resources[:half], s.Resources[half:]
	} else {
		half = len(s.Actions) / 2
		first.Actions, second.Actions = s.Actions[:half], s.Actions[half:]
	}
	return append(pieces(first), pieces(second)...)
}
