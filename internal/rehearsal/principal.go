package rehearsal

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"
	"coderaws/internal/sandbox/permission"
)

// Principal is who runs Terraform: files with the policies that bound them. The zero value may do anything.
type Principal struct {
	// Identity are the policies that are attached to the principal. Where others are given without one, it may do anything that those
	// allow.
	Identity []string
	// Boundary, Session and Control are a permissions boundary, the policy of the session, and service control policies.
	Boundary, Session string
	Control           []string
}

// given reports whether there is any policy.
func (p Principal) given() bool {
	return len(p.Identity)+len(p.Control) > 0 || p.Boundary != "" || p.Session != ""
}

// everything is what an administrator may do.
const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// RunAs holds Terraform's calls to the policies of a principal from now on. Call it before anything is made.
func (e *Embedded) RunAs(p Principal) error {
	if !p.given() {
		return nil
	}
	var policies permission.Policies
	for _, one := range []struct {
		files []string
		into  *[]permission.Document
	}{
		{p.Identity, &policies.Identity}, {only(p.Boundary), &policies.Boundary}, {only(p.Session), &policies.Session},
		{p.Control, &policies.Control},
	} {
		for _, file := range one.files {
			text, d := hclfile.Settings.Read(file)
			if d != nil {
				return diagnostic.WithExit(diagnostic.ExitInvalid, badPolicy(errors.New(file+": "+d.Summary+": "+d.Why)))
			}
			*one.into = append(*one.into, permission.Document{Name: file, Text: string(text)})
		}
	}
	if len(policies.Identity) == 0 {
		policies.Identity = []permission.Document{{Name: "AdministratorAccess", Text: everything}}
	}
	principal, err := permission.NewPrincipal(policies)
	if err != nil {
		return diagnostic.WithExit(diagnostic.ExitInvalid, badPolicy(err))
	}
	e.watch.Principal = principal
	return nil
}

func only(file string) []string {
	if file == "" {
		return nil
	}
	return []string{file}
}

func badPolicy(err error) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("what may be done is not known: a policy cannot be read")
	d.Code, d.Why = "permissions.policy", err.Error()
	d.Todo = "correct the file: a policy of IAM in JSON, of version 2012-10-17; split one that is too large, and give both parts"
	if strings.Contains(err.Error(), "cannot be read") {
		d.Todo = "write the name of a file that can be read"
	}
	return d
}

// Permission is one permission that a life took.
type Permission = permission.Need

// Observed is what was asked of AWS, once each, and the types of which it is not known what the AWS provider calls, data.NAME for data
// sources.
type Observed struct {
	Needs   []Permission
	Strange []string
}

// Observe collects what is asked of AWS from now on; it is complete when nothing is asked any more. Call it before anything is made.
func (e *Embedded) Observe() *Observed {
	var mu sync.Mutex
	observed, seen := &Observed{}, map[string]bool{}
	first := func(key string) bool {
		before := seen[key]
		seen[key] = true
		return !before
	}
	e.watch.Observer = func(n Permission) {
		mu.Lock()
		defer mu.Unlock()
		passed := strings.Join(n.Context["iam:passedtoservice"], ",")
		if first(strings.Join([]string{n.Operation, n.Action, n.Resource, n.Foreseen, passed}, "|")) {
			observed.Needs = append(observed.Needs, n)
		}
	}
	e.watch.Strange = func(typeName string) {
		mu.Lock()
		defer mu.Unlock()
		if first(typeName) {
			observed.Strange = append(observed.Strange, typeName)
			slices.Sort(observed.Strange)
		}
	}
	return observed
}

// Account is the id of the account that this AWS has.
func (e *Embedded) Account() string { return e.world.Account() }

// Undecided lists, as sentences, what a condition decides that a rehearsal does not know: it was let through.
func (e *Embedded) Undecided() []string {
	if e.watch.Principal == nil {
		return nil
	}
	return e.watch.Principal.Undecided()
}
