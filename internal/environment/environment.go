// Package environment holds what a deployment adds to the environment of Coder's programs, in coder.env and provisioners.env, to what the
// deployment's version of Coder reads: before anything runs, and without a chart. The command line imports it; it imports
// internal/deployment, internal/diagnostic and the knowledge of Coder in internal/coderd.
package environment

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"

	"github.com/zclconf/go-cty/cty"
)

// Check finds names that Coder does not read, values that make it exit when it starts, and settings that do nothing without a licence. A
// nil deployment has none.
func Check(d *deployment.Deployment) diagnostic.List {
	if d == nil {
		return nil
	}
	var list diagnostic.List
	for i := range d.Regions {
		r := &d.Regions[i]
		list = append(list, check(r, "coder.env", serves(r))...)
		list = append(list, check(r, "provisioners.env", coderd.Provisioner)...)
	}
	return list
}

// serves is what the chart of Coder runs in a region: coderd, or a workspace proxy in the place of it.
func serves(r *deployment.Region) coderd.Program {
	if r.String("deployment_features.workspace_proxy") == "true" {
		return coderd.Proxy
	}
	return coderd.Server
}

// check looks at one map of variables.
func check(r *deployment.Region, path string, program coderd.Program) diagnostic.List {
	given, version := settings(r.Value(path)), r.String("coder.version")
	if len(given) == 0 || version == "" {
		return nil
	}
	written := func(p coderd.Problem) bool {
		return slices.ContainsFunc(given, func(s coderd.Setting) bool { return s.Name == p.Name })
	}
	all := given
	if program == coderd.Server {
		all = append(typed(r), given...)
	}
	problems := coderd.Check(coderd.Environment{Version: version, Program: program, Settings: all, ExternalProvisioners: true})
	if r.String("secrets.license") == "" && program == coderd.Server {
		problems = append(problems, coderd.Licensed(all)...)
	}
	var list diagnostic.List
	for _, p := range problems {
		if !written(p) {
			continue
		}
		f := diagnostic.Errorf("%s: %s", path, p.Message)
		if p.Newer {
			f.Severity = diagnostic.Warning
		}
		f.Code, f.Where, f.Why, f.Todo = "coder.environment", r.Place(path+"."+p.Name), p.Why, p.Todo
		if p.Exits {
			f.Why = strings.TrimSpace("Coder exits with this when it starts. " + p.Why)
		}
		list = append(list, f)
	}
	return list
}

// typed are the variables that other settings of the deployment lead to and that count together with those that are written: the providers
// of external authentication are numbered in one row.
func typed(r *deployment.Region) []coderd.Setting {
	v := r.Value("coder.external_auth")
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	var all []coderd.Setting
	for i := range v.LengthInt() {
		all = append(all, coderd.Setting{Name: fmt.Sprintf("CODER_EXTERNAL_AUTH_%d_CLIENT_ID", i)})
	}
	return all
}

// settings are the elements of a map of texts, in order of name.
func settings(v cty.Value) []coderd.Setting {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	var all []coderd.Setting
	for name, value := range v.AsValueMap() {
		s := coderd.Setting{Name: name}
		if value.IsKnown() && !value.IsNull() && value.Type() == cty.String {
			s.Value, s.Known = value.AsString(), true
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b coderd.Setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}
