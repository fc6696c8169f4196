package model_test

import (
	"testing"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

// thing is a type with a rule for everything.
func thing() *model.Type {
	refuse := func(argument string) model.Check {
		return func(c *model.Call) *world.Error {
			if c.Bool(argument) {
				return world.Fail("Refused", "%s", argument)
			}
			return nil
		}
	}
	return &model.Type{
		Name: "thing", Identify: model.IDFrom("name"), Checks: []model.Check{refuse("bad")}, BeforeDelete: []model.Check{refuse("protected")},
		Fill: func(c *model.Call) {
			c.Set("arn", "arn:"+c.ID)
			c.Make("part", c.ID+"-part", world.Object{})
		},
		Refresh: func(c *model.Call) { c.Force("read", true) },
	}
}

// doomed is an actor that lets everything it takes end badly.
type doomed struct{ model.Actor }

func (d doomed) Admit(c *model.Call) *world.Error {
	c.Ending = &model.Ending{
		Mark:   func(object world.Object) { object["state"] = "failed" },
		Report: func(c *model.Call) *world.Error { return &world.Error{Message: c.ID + " has failed", Late: true} },
	}
	return d.Actor.Admit(c)
}

// TestVerbs is what becomes of a world by what everybody does with resources.
func TestVerbs(t *testing.T) {
	good, bad := world.Object{"name": "a"}, world.Object{"name": "a", "bad": true}
	type verb func(v model.Verbs, c *model.Call) (world.Object, *world.Error)
	for _, test := range []struct {
		name string
		// there is what exists before.
		there         world.Object
		prior, object world.Object
		do            verb
		doomed        bool
		says          string
		// state is what the caller gets, left what the world has of the thing, with its parts.
		state, left world.Object
		parts       int
		failed      bool
	}{
		{name: "a creation", object: good, do: model.Verbs.Create, state: world.Object{"name": "a", "id": "a", "arn": "arn:a"},
			left: world.Object{"name": "a", "id": "a", "arn": "arn:a"}, parts: 1},
		{name: "a creation against a rule leaves nothing", object: bad, do: model.Verbs.Create, says: "Refused: bad"},
		{name: "a creation that AWS takes and fails to carry out leaves what failed", object: good, do: model.Verbs.Create, doomed: true,
			says: ": a has failed", parts: 1, failed: true,
			state: world.Object{"name": "a", "id": "a", "arn": "arn:a", "state": "failed"},
			left:  world.Object{"name": "a", "id": "a", "arn": "arn:a", "state": "failed"}},
		{name: "a creation against a rule is refused before it can fail", object: bad, do: model.Verbs.Create, doomed: true,
			says: "Refused: bad"},
		{name: "a read shows what follows from other resources", there: good, object: good, do: model.Verbs.Read,
			state: world.Object{"name": "a", "read": true}, left: good},
		{name: "a read of what is not there", object: good, do: model.Verbs.Read},
		{name: "an update", there: good, prior: good, object: world.Object{"name": "a", "size": 2.0}, do: model.Verbs.Update,
			state: world.Object{"name": "a", "size": 2.0, "id": "a", "arn": "arn:a"},
			left:  world.Object{"name": "a", "size": 2.0, "id": "a", "arn": "arn:a"}, parts: 1},
		{name: "an update against a rule changes nothing", there: good, prior: good, object: bad, do: model.Verbs.Update, says: "Refused: bad",
			state: good, left: good},
		{name: "an update of what is gone", prior: good, object: good, do: model.Verbs.Update, says: ": it does not exist any more", state: good},
		{name: "a deletion", there: good, prior: good, do: model.Verbs.Delete},
		{name: "a deletion of what is gone", prior: good, do: model.Verbs.Delete},
		{name: "a deletion asks what exists, not what the caller remembers", there: world.Object{"name": "a", "protected": true}, prior: good,
			do:   model.Verbs.Delete,
			says: "Refused: protected", state: good, left: world.Object{"name": "a", "protected": true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := world.New(world.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
			verbs := model.Verbs{Actor: model.Rules{}}
			if test.doomed {
				verbs = model.Verbs{Actor: doomed{model.Rules{}}}
			}
			_ = w.Do(func() error { // nothing in it returns an error
				if test.there != nil {
					w.Put(&world.Resource{Type: "thing", ID: "a", Account: w.Account(), Region: "us-east-1", Attributes: test.there})
				}
				c := &model.Call{World: w, Catalog: model.NewCatalog(model.Service{Types: []*model.Type{thing()}}), Type: thing(), Account: w.Account(),
					Region: "us-east-1", Prior: test.prior, Object: open(test.object)}
				if test.prior != nil || test.there != nil {
					c.ID = "a"
				}
				state, err := test.do(verbs, c)
				said := ""
				if err != nil {
					said = err.Error()
				}
				if said != test.says {
					t.Errorf("it says %q, want %q", said, test.says)
				}
				var left world.Object
				if r := w.Get(w.Account(), "us-east-1", "thing", "a"); r != nil {
					left = r.Attributes
					if r.Failed != test.failed {
						t.Errorf("failed: %t, want %t", r.Failed, test.failed)
					}
				}
				parts := len(w.List(func(r *world.Resource) bool { return r.Type == "part" && r.Owner != "" }))
				if diff := cmp.Diff([]any{test.state, test.left, test.parts}, []any{closed(state), closed(left), parts}); diff != "" {
					t.Errorf("state, what is left and its parts (-want +got):\n%s", diff)
				}
				return nil
			})
		})
	}
}

// open is a configuration as Terraform plans it: what AWS decides is not known.
func open(object world.Object) world.Object {
	if object == nil {
		return nil
	}
	planned := world.Object{"id": world.Unknown{}, "arn": world.Unknown{}}
	for name, value := range object {
		planned[name] = value
	}
	return planned
}

// closed leaves out what is still not known.
func closed(object world.Object) world.Object {
	if object == nil {
		return nil
	}
	known := world.Object{}
	for name, value := range object {
		if _, unknown := value.(world.Unknown); !unknown {
			known[name] = value
		}
	}
	return known
}
