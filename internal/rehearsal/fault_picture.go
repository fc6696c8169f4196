package rehearsal

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"

	tfjson "github.com/hashicorp/terraform-json"
)

// picture is what exists in a world: the attributes of each resource under the name that Terraform has for it, in which all that AWS
// generates is replaced by the place where it stands first. Two worlds of one deployment have the same picture if they are the same but
// for generated ids.
type picture map[string]map[string]any

// pictured draws a world. made are the resources that Terraform knows of, by place.
func pictured(w *world.World, made map[lifecycle.Place][]*tfjson.StateResource) picture {
	var all []*world.Resource
	_ = w.Do(func() error { // looking cannot fail
		// Faults are AWS's, and what Helm keeps has times in it.
		all = w.List(func(r *world.Resource) bool { return r.Type != lifecycle.ReleaseType })
		return nil
	})
	names := named{byName: map[string]*world.Resource{}, nameOf: map[string]string{}}
	tokens := renaming{w.Account(): w.Account()}
	names.addAddressed(all, made)
	names.teach(tokens)
	names.addOthers(all, tokens)
	names.teach(tokens)
	drawn := picture{}
	for name := range names.byName {
		drawn[name], _ = tokens.apply(names.byName[name].Attributes).(map[string]any)
		delete(drawn[name], chosen[names.byName[name].Type])
	}
	return drawn
}

// named are the names of resources: the address, or for what AWS made along with another one that one's name and its own type.
type named struct {
	byName map[string]*world.Resource
	// nameOf has them by the keys of the resources.
	nameOf map[string]string
}

func (n named) add(name string, r *world.Resource) { n.byName[name], n.nameOf[r.Key()] = r, name }

// addAddressed names what Terraform knows of.
func (n named) addAddressed(all []*world.Resource, made map[lifecycle.Place][]*tfjson.StateResource) {
	for place, resources := range made {
		for _, state := range resources {
			if r := origin(state, all, n.nameOf); r != nil {
				name := state.Address
				if len(made) > 1 {
					name = place.String() + " " + name
				}
				n.add(name, r)
			}
		}
	}
}

// addOthers names everything else, in an order that hangs on no id: what looks the same but for what is generated, and refers to
// the same named resources, has no order, and needs none.
func (n named) addOthers(all []*world.Resource, tokens renaming) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *world.Resource) int {
		return strings.Compare(encoded(tokens.apply(a.Attributes)), encoded(tokens.apply(b.Attributes)))
	})
	count := map[string]int{}
	for _, r := range all {
		if n.nameOf[r.Key()] != "" {
			continue
		}
		base := "nobody's " + r.Type
		if owner := n.nameOf[r.Owner]; owner != "" {
			base = owner + " with its " + r.Type
		}
		count[base]++
		n.add(fmt.Sprintf("%s %d", base, count[base]), r)
	}
}

// teach names the tokens of all that have a name: what stands by itself names a token before it is met in a list, whose order can
// hang on ids.
func (n named) teach(tokens renaming) {
	for _, name := range slices.Sorted(maps.Keys(n.byName)) {
		tokens.learn(name, n.byName[name].Attributes)
	}
}

// origin finds the resource of a world that a state speaks of, among those that have no name yet.
func origin(state *tfjson.StateResource, all []*world.Resource, taken map[string]string) *world.Resource {
	var sameID *world.Resource
	id, hasID := state.AttributeValues["id"].(string)
	for _, r := range all {
		if r.Type != state.Type || r.Owner != "" || taken[r.Key()] != "" || hasID && r.ID != id && r.String("id") != id {
			continue
		}
		if world.Agrees(state.AttributeValues, r.Attributes) {
			return r
		}
		if hasID && sameID == nil {
			sameID = r
		}
	}
	return sameID
}

// moment matches times.
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[0-9.]+(?:Z| \+0000 UTC)?`)

// generated matches what AWS generates: addresses, names that hold addresses, times of day for backups and maintenance, the endings of
// secrets' names, certificates, and long runs of hexadecimal digits or of the letters of base 32.
var generated = regexp.MustCompile(`(?:\d{1,3}\.){3}\d{1,3}|(?:ip|ec2)-\d+-\d+-\d+-\d+|ns-\d+\.awsdns-\d+|` +
	`(?:[a-z]{3}:)?\d\d:\d\d-(?:[a-z]{3}:)?\d\d:\d\d|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}\b|LS0tLS1CRUdJTi[A-Za-z0-9+/=]+|[0-9a-fA-F]{8,}|[A-Z2-7]{10,}`)

// isGenerated tells what AWS generates from words that look like it: what is short holds a digit.
func isGenerated(token string) bool {
	return len(token) > 15 || strings.ContainsAny(token, "0123456789")
}

// chosen are attributes that AWS decides by which of several resources it has made first, in undisturbed runs too.
var chosen = map[string]string{"aws_rds_cluster_instance": "writer"}

// renaming holds where each generated token was met first.
type renaming map[string]string

// learn names the tokens in attributes that stand by themselves.
func (n renaming) learn(name string, attributes map[string]any) {
	for _, attribute := range slices.Sorted(maps.Keys(attributes)) {
		text, ok := attributes[attribute].(string)
		if !ok {
			continue
		}
		for i, token := range generated.FindAllString(moment.ReplaceAllString(text, ""), -1) {
			if n[token] == "" && isGenerated(token) {
				n[token] = fmt.Sprintf("<%s.%s %d>", name, attribute, i)
			}
		}
	}
}

// apply replaces the tokens in a value, and brings lists into an order that does not hang on them.
func (n renaming) apply(value any) any {
	switch v := value.(type) {
	case string:
		return generated.ReplaceAllStringFunc(moment.ReplaceAllString(v, "<time>"), func(token string) string {
			switch {
			case n[token] != "":
				return n[token]
			case isGenerated(token):
				return "<generated>"
			default:
				return token
			}
		})
	case map[string]any:
		object := map[string]any{}
		for name, inner := range v {
			replaced, _ := n.apply(name).(string)
			object[replaced] = n.apply(inner)
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = n.apply(v[i])
		}
		slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(encoded(a), encoded(b)) })
		return list
	default:
		return value
	}
}

func encoded(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Sprint(v) // attributes are plain values, so this cannot happen; the printed form still tells them apart
	}
	return strings.TrimSpace(b.String())
}

// longestValue is how many letters of a value are shown.
const longestValue = 160

func short(value string) string {
	if len(value) > longestValue {
		return value[:longestValue] + "..."
	}
	return value
}

// differences lists in what another picture differs from this one, in the order of names.
func (p picture) differences(other picture) []string {
	found := []string{}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		theirs, exists := other[name]
		if !exists {
			found = append(found, name+" is missing")
			continue
		}
		for _, attribute := range slices.Sorted(maps.Keys(p[name])) {
			if a, b := encoded(p[name][attribute]), encoded(theirs[attribute]); a != b {
				found = append(found, fmt.Sprintf("%s: %s is %s instead of %s", name, attribute, short(b), short(a)))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(other)) {
		if _, exists := p[name]; !exists {
			found = append(found, name+" is left over")
		}
	}
	return found
}
