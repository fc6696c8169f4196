package lifecycle

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"coderaws/internal/progress"

	tfjson "github.com/hashicorp/terraform-json"
)

// Change is one difference of a plan.
type Change struct {
	Address    string   `json:"address"`
	Action     string   `json:"action"`
	Attributes []string `json:"attributes,omitempty"`
}

// Changes lists what a plan would do to resources, in the order of addresses.
func Changes(plan *tfjson.Plan) []Change {
	changes := []Change{}
	for _, change := range plan.ResourceChanges {
		if change.Change == nil || change.Mode != tfjson.ManagedResourceMode {
			continue
		}
		if action := actionOf(change.Change.Actions); action != "" {
			changes = append(changes, Change{change.Address, action, changedAttributes(change.Change)})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Address, b.Address) })
	return changes
}

func actionOf(actions tfjson.Actions) string {
	switch {
	case actions.Create():
		return "create"
	case actions.Update():
		return "update"
	case actions.Replace():
		return "replace"
	case actions.Delete():
		return "delete"
	case actions.Forget():
		return "forget"
	}
	return ""
}

// changedAttributes lists the top-level attributes that an update or a replacement changes.
func changedAttributes(change *tfjson.Change) []string {
	before, isUpdate := change.Before.(map[string]any)
	after, exists := change.After.(map[string]any)
	if !isUpdate || !exists {
		return nil
	}
	unknown, _ := change.AfterUnknown.(map[string]any)
	var names []string
	for name := range maps.Keys(before) {
		// Terraform marks what is unknown inside a value by the value's own shape, and what is known wholly by false or nothing.
		if !reflect.DeepEqual(before[name], after[name]) || unknown[name] == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// moduleOf is the name under which reports count a resource.
func moduleOf(address string) string { return progress.Module(address) }
