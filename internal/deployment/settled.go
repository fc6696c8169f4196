package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/zclconf/go-cty/cty"
)

// Settled is what exists of a deployment and holds its settings, by their names, such as network.cidr.
type Settled struct {
	// Fixed are texts and lists of texts that cannot change any more. The order of a list does not count.
	Fixed map[string]any `json:"fixed"`
	// Rising are versions that never go back.
	Rising map[string]string `json:"rising"`
}

// Refuse reports the settings of a region that ask for something else than what is settled. What the file leaves open is taken as it is.
func (s Settled) Refuse(r *Region) diagnostic.List {
	var list diagnostic.List
	for _, path := range slices.Sorted(maps.Keys(s.Fixed)) {
		was, wanted := textsOf(s.Fixed[path]), settingTexts(r.Value(path))
		if wanted == nil || slices.Equal(was, wanted) {
			continue
		}
		d := diagnostic.Errorf("%s cannot change: it is %s, not %s", path, written(was), written(wanted))
		d.Code, d.Where = "deployment.fixed_setting", r.Place(path)
		d.Why = "what exists was made with it: to change it, Terraform would destroy all that, with what it holds, and make it anew"
		d.Todo = fmt.Sprintf("Write `%s` again; for another value make a second deployment, and move there.", assignment(path, written(was)))
		list = append(list, d)
	}
	for _, path := range slices.Sorted(maps.Keys(s.Rising)) {
		was, wanted := s.Rising[path], r.String(path)
		if wanted == "" || !lower(wanted, was) {
			continue
		}
		d := diagnostic.Errorf("%s cannot go back: it is %q, not %q", path, was, wanted)
		d.Code, d.Where = "deployment.lower_version", r.Place(path)
		d.Why = "AWS upgrades what exists, and takes no upgrade back"
		d.Todo = fmt.Sprintf("Write `%s`, or a later version.", assignment(path, strconv.Quote(was)))
		list = append(list, d)
	}
	slices.SortStableFunc(list, byPlace)
	return list
}

// textsOf are the texts of a value, in an order that does not depend on it.
func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		all := make([]string, len(v))
		for i, element := range v {
			all[i] = fmt.Sprint(element)
		}
		slices.Sort(all)
		return all
	}
	return nil
}

// settingTexts is textsOf for a setting; nil where it is not set.
func settingTexts(v cty.Value) []string {
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown():
		return nil
	case v.Type().IsPrimitiveType():
		return []string{plainText(v)}
	case !v.CanIterateElements():
		return nil
	}
	var all []string
	for _, element := range v.AsValueSlice() {
		all = append(all, settingTexts(element)...)
	}
	slices.Sort(all)
	return all
}

// written is how a file writes one text, or a list of several.
func written(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// assignment is the line that sets the setting at a path, inside of its object.
func assignment(path, value string) string {
	object, name, nested := strings.Cut(path, ".")
	if !nested {
		return path + " = " + value
	}
	return object + " = { " + assignment(name, value) + " }"
}

// lower reports whether a version comes before another one, as far as both go: 17 is not lower than 17.7.
func lower(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range min(len(a), len(b)) {
		x, _ := strconv.Atoi(a[i]) // what is no number is refused by the setting's own rule
		y, _ := strconv.Atoi(b[i])
		if x != y {
			return x < y
		}
	}
	return false
}
