package rehearsal

import (
	"context"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"
)

// Archive is none: what the embedded AWS keeps is beside the state already.
func (*Embedded) Archive(*deployment.Region, string) engine.Archive { return nil }

// owned lists what users have made in a region of this AWS, or in none.
func (e *Embedded) owned(region string) []*world.Resource {
	var found []*world.Resource
	// Looking changes nothing, so that there is nothing to save and nothing that can fail.
	_ = e.world.Do(func() error {
		found = e.world.List(func(r *world.Resource) bool { return r.Owner == "" && (r.Region == region || r.Region == Global) })
		return nil
	})
	return found
}

// Identify looks in the world for what a killed run has made: by its id, or by all that its settings say of it. Where
// that is said of several things, none is taken.
func (e *Embedded) Identify(_ context.Context, lost lifecycle.Lost) (string, error) {
	var alike []*world.Resource
	for _, r := range e.owned(lost.Region) {
		switch {
		case r.Type != lost.Type || r.Kept || slices.Contains(lost.Known, r.ID):
		case lost.ID != "" && r.ID == lost.ID:
			return importID(r), nil
		case agrees(lost.Planned, r.Attributes):
			alike = append(alike, r)
		}
	}
	if len(alike) != 1 {
		return "", nil
	}
	return importID(alike[0]), nil
}

// importID is the id by which the embedded providers import a resource.
func importID(r *world.Resource) string {
	if r.Type == lifecycle.ReleaseType {
		return r.String("namespace") + "/" + r.String("name")
	}
	return r.ID
}

// agrees reports whether a resource has all the values that were planned for it. Lists may be in another order, and
// documents may be written otherwise, so that they are left out.
func agrees(planned, actual map[string]any) bool {
	for name, value := range planned {
		switch v := value.(type) {
		case string:
			if strings.HasPrefix(v, "{") || v == "" {
				continue
			}
			if actual[name] != v {
				return false
			}
		case bool, float64:
			if has, ok := actual[name]; ok && has != nil && has != v {
				return false
			}
		case map[string]any:
			if has, ok := actual[name].(map[string]any); ok && !agrees(v, has) {
				return false
			}
		}
	}
	return true
}

// foreign are the types of what was there before a deployment, where nothing is noted of tags: see AddExisting.
var foreign = []string{"aws_route53_zone", "aws_route53_resolver_rule", "aws_iam_policy"}

// Strays lists what is in the world, is not kept on purpose, and is of no resource that is known.
func (e *Embedded) Strays(
	_ context.Context, region *deployment.Region, known, _ map[string][]string,
) ([]lifecycle.Stray, error) {
	var strays []lifecycle.Stray
	owned := e.owned(region.Name)
	keptKeys := keysOfKept(owned)
	for _, r := range owned {
		if r.Kept || keptKeys[r.Key()] {
			continue
		}
		// What a deployment makes has its tags, if it can have any.
		tags, taggable := r.Attributes["tags_all"].(map[string]any)
		if len(tags) == 0 && (taggable || slices.Contains(foreign, r.Type)) {
			continue
		}
		isKnown := func(id string) bool { return id != "" && slices.Contains(known[r.Type], id) }
		if !isKnown(r.ID) && !isKnown(r.String("id")) && !isKnown(r.String("arn")) && !isKnown(r.String("name")) {
			strays = append(strays, lifecycle.Stray{Type: r.Type, ID: importID(r)})
		}
	}
	return strays, nil
}
