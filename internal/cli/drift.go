package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/sandbox/world"
)

// setAttributes changes attributes of a resource; every one must exist and keep its kind.
func setAttributes(w *world.World, r *world.Resource, assignments []string) error {
	changed := world.Object{}
	for name, value := range r.Attributes {
		changed[name] = value
	}
	for _, assignment := range assignments {
		name, text, ok := strings.Cut(assignment, "=")
		if !ok {
			return driftUsage("%q is not of the form ATTRIBUTE=VALUE", assignment)
		}
		old, exists := changed[name]
		if !exists {
			return driftUsage("%s has no attribute %s; it has %s", r.Type, name, strings.Join(attributeNames(changed), ", "))
		}
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			value = text
		}
		// A text that happens to look like a number or a truth value stays a text where the attribute holds texts.
		if _, isText := old.(string); isText {
			if _, is := value.(string); !is {
				value = text
			}
		}
		if old != nil && value != nil && fmt.Sprintf("%T", old) != fmt.Sprintf("%T", value) {
			return driftUsage("%s.%s cannot be %s: it is %v now", r.Type, name, text, old)
		}
		changed[name] = value
	}
	r.Attributes = changed
	w.Put(r)
	return nil
}

func attributeNames(object world.Object) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func driftUsage(format string, args ...any) error {
	d := diagnostic.Errorf(format, args...)
	d.Code, d.Todo = "usage.drift", "`coderaws sandbox list DIR -o json` shows the attributes and their values"
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}
