package permission_test

import (
	"testing"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/world"
)

const (
	account = "123456789012"
	role    = "arn:aws:iam::123456789012:role/r"
	thing   = "arn:aws:things:us-east-1:123456789012:thing/a"
)

// things is a type whose updates need a permission.
func things() *model.Type {
	return &model.Type{
		Name: "thing", Identify: model.IDFrom("name"),
		Permissions: func(c *model.Call) []model.Permission {
			if c.Action != world.Update {
				return nil
			}
			return []model.Permission{{Action: "things:UpdateThing", Resource: thing}}
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			if c.String("size") == "bad" {
				return world.Fail("Refused", "bad")
			}
			return nil
		}},
	}
}

// TestAround is the specification of who may make a call.
func TestAround(t *testing.T) {
	const denied = "AccessDeniedException: User: " + role + " is not authorized to perform: things:UpdateThing on resource: " + thing
	allow := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"things:UpdateThing","Resource":"` + thing + `"}]}`
	other := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"things:DeleteThing","Resource":"*"}]}`
	for _, test := range []struct {
		name, caller, policy, size string
		missing                    bool
		says                       string
	}{
		{name: "whoever runs Terraform may do anything", size: "big"},
		{name: "a role that may", caller: role, policy: allow, size: "big"},
		{name: "a role that may something else", caller: role, policy: other, size: "big", says: denied},
		{name: "a role without a policy", caller: role, policy: "", size: "big", says: denied},
		{name: "a role that does not exist", caller: role + "2", policy: allow, size: "big",
			says: "AccessDeniedException: User: " + role + "2 is not authorized to perform: things:UpdateThing on resource: " + thing},
		{name: "the rules hold for who may", caller: role, policy: allow, size: "bad", says: "Refused: bad"},
		{name: "who may not hears nothing of the rules", caller: role, policy: other, size: "bad", says: denied},
		{name: "nor of what there is", caller: role, policy: other, size: "big", missing: true, says: denied},
		{name: "who may hears that there is nothing", caller: role, policy: allow, size: "big", missing: true,
			says: ": it does not exist any more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := world.New(world.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
			catalog := model.NewCatalog(model.Service{Types: []*model.Type{things()}})
			verbs := model.Verbs{Actor: permission.Around(model.Rules{})}
			_ = w.Do(func() error { // nothing in it returns an error
				if test.policy != "" {
					w.Put(&world.Resource{Type: "aws_iam_role_policy", ID: "r:p", Account: account, Region: model.Global,
						Attributes: world.Object{"id": "r:p", "role": "r", "name": "p", "policy": test.policy}})
				}
				w.Put(&world.Resource{Type: "aws_iam_role", ID: "r", Account: account, Region: model.Global,
					Attributes: world.Object{"id": "r", "name": "r", "arn": role}})
				before := world.Object{"id": "a", "name": "a", "size": "small"}
				if !test.missing {
					w.Put(&world.Resource{Type: "thing", ID: "a", Account: account, Region: "us-east-1", Attributes: before})
				}
				c := catalog.CallBy(w, model.Caller{Account: account, Region: "us-east-1", Role: test.caller})
				c.Type, c.ID, c.Prior, c.Object = catalog.Types["thing"], "a", before, world.Object{"id": "a", "name": "a", "size": test.size}
				_, err := verbs.Update(c)
				said, want := "", test.size
				if err != nil {
					said, want = err.Error(), "small"
				}
				if said != test.says {
					t.Errorf("it says %q, want %q", said, test.says)
				}
				if left := w.Get(account, "us-east-1", "thing", "a"); !test.missing && left.String("size") != want {
					t.Errorf("it is %s, want %s", left.String("size"), want)
				}
				return nil
			})
		})
	}
}
