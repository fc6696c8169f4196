// Package deployment holds the one format that users write: a directory with one <region>.tfvars per region. It reads and
// checks such a directory against the variable blocks of the stacks, which are the only schema there is, lists the
// patterns to start from, and writes a new directory. Reports, commands and the command line may import it; it imports
// internal/diagnostic alone of this module. What does not belong here: running Terraform, and computing what HCL decides.
package deployment

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Deployment is a deployment directory that was read and found right.
type Deployment struct {
	// Dir is the directory as the caller named it.
	Dir string
	// Regions has one entry per <region>.tfvars, sorted by name; it is never empty.
	Regions []Region

	// beside are the regions of the directory that are not worked on: see Only.
	beside []Region
}

// Region is one file of a deployment.
type Region struct {
	// Name is the AWS region, such as us-east-1: the file's name and its `region` setting.
	Name string
	// File is the path of the file, below the Deployment's Dir.
	File string
	// Values holds every variable of the stacks that has a value: what the file sets, converted to the variable's type,
	// with the defaults of optional attributes filled in, or the variable's own default.
	Values map[string]cty.Value

	// given holds what the file itself sets, as written, and stacks the names that each stack declares.
	given  map[string]cty.Value
	stacks map[string][]string
	// origin is the file itself, for places in it.
	origin *origin
}

// Region returns the region of that name, or an error that offers the nearest one.
func (d *Deployment) Region(name string) (*Region, error) {
	names := make([]string, len(d.Regions))
	for i := range d.Regions {
		if d.Regions[i].Name == name {
			return &d.Regions[i], nil
		}
		names[i] = d.Regions[i].Name
	}
	e := diagnostic.Errorf("%s has no region %q", d.Dir, name)
	e.Code = "deployment.unknown_region"
	e.Why = "its regions are " + strings.Join(names, ", ")
	e.Todo = fmt.Sprintf("Name one of them, or write %s.", filepath.Join(d.Dir, name+extension))
	if near := nearest.Name(name, names); near != "" {
		e.Todo = fmt.Sprintf("Did you mean %s?", near)
	}
	return nil, e
}

// Value returns the value at a dotted path of settings such as "database.min_acu", defaults included. It is
// cty.NilVal where the path names nothing, and a null value where the setting exists and is not set.
func (r *Region) Value(path string) cty.Value {
	head, rest, _ := strings.Cut(path, ".")
	v, ok := r.Values[head]
	if !ok {
		return cty.NilVal
	}
	for rest != "" {
		head, rest, _ = strings.Cut(rest, ".")
		if v.IsNull() || !v.IsKnown() {
			return cty.NilVal
		}
		switch ty := v.Type(); {
		case ty.IsObjectType() && ty.HasAttribute(head):
			v = v.GetAttr(head)
		case ty.IsMapType() && v.HasIndex(cty.StringVal(head)).True():
			v = v.Index(cty.StringVal(head))
		default:
			return cty.NilVal
		}
	}
	return v
}

// String returns the string, number or bool at path as text, and "" where there is none.
func (r *Region) String(path string) string {
	v := r.Value(path)
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsPrimitiveType() {
		return ""
	}
	return plainText(v)
}

// Features returns the names of the deployment_features that are on, sorted.
func (r *Region) Features() []string {
	v := r.Value("deployment_features")
	if v == cty.NilVal || v.IsNull() || !v.CanIterateElements() {
		return nil
	}
	var on []string
	for name, flag := range v.AsValueMap() {
		if flag.Type() == cty.Bool && flag.IsKnown() && !flag.IsNull() && flag.True() {
			on = append(on, name)
		}
	}
	slices.Sort(on)
	return on
}

// Variables returns the given stack's variables as the JSON of a *.tfvars.json file: those that the file sets and the
// stack declares, so that Terraform neither warns of another stack's variables nor misses a default of its own.
func (r *Region) Variables(stack string) ([]byte, error) {
	out := map[string]json.RawMessage{}
	for _, name := range r.stacks[stack] {
		v, ok := r.given[name]
		if !ok {
			continue
		}
		raw, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			return nil, fmt.Errorf("%s: variable %s as JSON: %w", r.File, name, err)
		}
		out[name] = raw
	}
	return json.MarshalIndent(out, "", "  ")
}

// byPlace orders findings as a reader meets them: by file, line and column; findings of a whole file come first.
func byPlace(a, b *diagnostic.Diagnostic) int {
	var ra, rb diagnostic.Range
	if a.Where != nil {
		ra = *a.Where
	}
	if b.Where != nil {
		rb = *b.Where
	}
	return cmp.Or(cmp.Compare(ra.File, rb.File), cmp.Compare(ra.Line, rb.Line), cmp.Compare(ra.Column, rb.Column),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Summary, b.Summary))
}
