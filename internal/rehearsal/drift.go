package rehearsal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/world"
)

// Resource is one resource of a sandbox. Its JSON form only grows.
type Resource struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Region     string         `json:"region"`
	MadeByAWS  bool           `json:"made_by_aws"`
	Attributes map[string]any `json:"attributes"`
}

// List lists what exists in the sandbox that a deployment directory keeps.
func List(dir string, now func() time.Time) ([]Resource, error) {
	if err := mustExist(dir); err != nil {
		return nil, err
	}
	w, err := world.Peek(WorldFile(dir), now)
	if err != nil {
		return nil, finding(WorldFile(dir), err)
	}
	resources := []Resource{}
	for _, r := range w.List(nil) {
		resources = append(resources, *shown(r))
	}
	return resources, nil
}

// shown is a resource as it is shown.
func shown(r *world.Resource) *Resource {
	return &Resource{r.Type, r.ID, r.Region, r.Owner != "", r.Attributes}
}

// Drift changes attributes of a resource of a deployment's sandbox behind Terraform's back, each as ATTRIBUTE=VALUE, where a value is JSON,
// or else taken as a text. It returns the resource as it is then.
func Drift(dir, typ, id string, assignments []string, now func() time.Time) (*Resource, error) {
	return meddle(dir, typ, id, now, func(w *world.World, r *world.Resource) (*world.Resource, error) {
		return setAttributes(w, r, assignments)
	})
}

// Delete deletes a resource of a deployment's sandbox behind Terraform's back, and returns it as it was.
func Delete(dir, typ, id string, now func() time.Time) (*Resource, error) {
	return meddle(dir, typ, id, now, func(w *world.World, r *world.Resource) (*world.Resource, error) {
		sandbox.Remove(w, r)
		return r, nil
	})
}

// meddle changes one resource of a deployment's sandbox.
func meddle(dir, typ, id string, now func() time.Time,
	change func(*world.World, *world.Resource) (*world.Resource, error)) (changed *Resource, err error) {
	if err := mustExist(dir); err != nil {
		return nil, err
	}
	kept, err := openFile(WorldFile(dir), world.Options{Now: now})
	if err != nil {
		return nil, err
	}
	err = kept.world.Do(func() error {
		found := kept.world.List(func(r *world.Resource) bool { return r.Type == typ && r.ID == id })
		if len(found) == 0 {
			d := diagnostic.Errorf("the sandbox has no %s %s", typ, id)
			d.Code, d.Todo = "sandbox.no_resource", fmt.Sprintf("`coderaws sandbox list %s` shows what there is", diagnostic.Word(dir))
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		after, err := change(kept.world, found[0])
		if err == nil {
			changed = shown(after)
		}
		return err
	})
	return changed, errors.Join(err, kept.Close())
}

// setAttributes changes attributes of a resource; every one must exist and keep its kind.
func setAttributes(w *world.World, r *world.Resource, assignments []string) (*world.Resource, error) {
	changed := world.Object{}
	for name, value := range r.Attributes {
		changed[name] = value
	}
	for _, assignment := range assignments {
		name, text, ok := strings.Cut(assignment, "=")
		if !ok {
			return nil, driftUsage("%q is not of the form ATTRIBUTE=VALUE", assignment)
		}
		old, exists := changed[name]
		if !exists {
			return nil, driftUsage("%s has no attribute %s; it has %s", r.Type, name, strings.Join(attributeNames(changed), ", "))
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
			return nil, driftUsage("%s.%s cannot be %s: it is %v now", r.Type, name, text, old)
		}
		changed[name] = value
	}
	return w.Change(r, changed), nil
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
