package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxFindings bounds what is said of one file. A file with more is not a tfvars file, or needs the first ones corrected first.
const maxFindings = 100

// checker collects the findings of one file.
type checker struct {
	source
	schema *schema
	list   diagnostic.List
	// meant holds the settings that a misspelt one was taken for, so that they are not reported as missing too.
	meant map[string]bool
	// doubtful holds the expressions of a wrong type, and lacking the attributes that objects should have set: their values
	// are unknown, so that the rules over everything else are still applied.
	doubtful map[hclsyntax.Expression]bool
	lacking  map[*hclsyntax.ObjectConsExpr][]string
}

// check reads the content of one region's file, and returns its findings in order of place, maxFindings at most. The
// Region is nil if there are errors.
func (s *schema) check(file, region string, content []byte) (*Region, diagnostic.List) {
	r, list := s.checkAll(file, region, content)
	list = unique(list)
	slices.SortStableFunc(list, byPlace)
	if more := len(list) - maxFindings; more > 0 {
		last := diagnostic.Errorf("%d more findings are not shown", more)
		last.Code, last.Where = "deployment.more_findings", &diagnostic.Range{File: file, Line: list[maxFindings].Where.Line}
		last.Why, last.Todo = "one mistake often causes many findings", "Correct the first ones and check again."
		list = append(list[:maxFindings:maxFindings], last)
	}
	return r, list
}

func (s *schema) checkAll(file, region string, content []byte) (*Region, diagnostic.List) {
	c := &checker{source: source{file: file, text: content}, schema: s, meant: map[string]bool{},
		doubtful: map[hclsyntax.Expression]bool{}, lacking: map[*hclsyntax.ObjectConsExpr][]string{}}
	body, list := c.parse()
	c.list = list
	if body == nil {
		return nil, c.list
	}
	attrs := slices.SortedFunc(maps.Values(body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return a.NameRange.Start.Byte - b.NameRange.Start.Byte
	})
	if len(attrs) == 0 && len(body.Blocks) == 0 {
		c.add(c.whole(), "deployment.empty_file", "the file sets nothing", "it holds comments alone",
			"Write the settings, or remove the file and start again with `coderaws init`.")
		return nil, c.list
	}
	for _, block := range body.Blocks {
		c.block(block)
	}
	r := &Region{Name: region, File: file, Values: map[string]cty.Value{}, given: map[string]cty.Value{}, stacks: s.stacks,
		origin: &origin{c, body}}
	for _, attr := range attrs {
		if c.setting(attr) {
			r.given[attr.Name] = c.evaluate(attr.Expr)
		}
	}
	scopes := c.complete(r, body)
	c.regionAgrees(r, body)
	c.rules(scopes, body)
	if c.list.HasErrors() {
		return nil, c.list
	}
	return r, c.list
}

func (c *checker) add(where *diagnostic.Range, code, summary, why, todo string) {
	c.list = append(c.list, &diagnostic.Diagnostic{Severity: diagnostic.Error, Code: code, Summary: summary, Why: why,
		Todo: todo, Where: where})
}

// block reports `network { ... }`, which is how resources are written and settings are not.
func (c *checker) block(block *hclsyntax.Block) {
	declared := c.schema.declarations[block.Type]
	if declared == nil {
		c.unknown(&unknownSetting{name: block.Type, path: block.Type, siblings: c.schema.names}, c.place(block.TypeRange))
		return
	}
	c.meant[block.Type] = true
	c.add(c.place(block.TypeRange), "deployment.syntax", fmt.Sprintf("%s is written as a block", block.Type),
		"a setting has an equals sign between its name and its value", fmt.Sprintf("Write `%s = {`.", block.Type))
}

// setting checks one top-level setting but for its rules, and says whether it has a value, which may be unknown in part.
func (c *checker) setting(attr *hclsyntax.Attribute) bool {
	declared := c.schema.declarations[attr.Name]
	if declared == nil {
		c.unknown(&unknownSetting{name: attr.Name, path: attr.Name, siblings: c.schema.names}, c.place(attr.NameRange))
		c.literal(attr.Expr, attr.Name)
		return false
	}
	before := len(c.list)
	if c.literal(attr.Expr, attr.Name); len(c.list) > before {
		return false
	}
	for _, v := range declared {
		c.fits(attr.Expr, v.shape, attr.Name)
	}
	return true
}

// complete gives every variable its value, reports those that need one and have none, and returns the values that each
// stack's rules see; a variable without a usable value is unknown there, so that no rule is reported because of another error.
func (c *checker) complete(r *Region, body *hclsyntax.Body) map[string]cty.Value {
	scope := map[string]cty.Value{}
	for _, name := range c.schema.names {
		attr := body.Attributes[name]
		for _, v := range c.schema.declarations[name] {
			val := c.value(v, r, attr)
			if val == cty.NilVal {
				val = cty.UnknownVal(v.typ)
			} else if _, ok := r.Values[name]; !ok {
				r.Values[name] = val
			}
			if _, ok := scope[name]; !ok {
				scope[name] = val
			}
		}
	}
	return scope
}

// value is what Terraform would give the variable, and cty.NilVal where there is none because of an error.
func (c *checker) value(v *variable, r *Region, attr *hclsyntax.Attribute) cty.Value {
	raw, usable := r.given[v.name]
	switch {
	case attr == nil && v.required(), usable && raw.IsNull() && !v.nullable && v.required():
		if !c.meant[v.name] {
			where := c.whole()
			if attr != nil {
				where = c.place(attr.Range())
			}
			c.add(where, "deployment.missing_setting", v.name+" is not set", "it has no default",
				fmt.Sprintf("Add `%s = ...`%s.", v.name, c.describe(v)))
		}
		return cty.NilVal
	case attr == nil, usable && raw.IsNull() && !v.nullable:
		return v.fallback
	case !usable:
		return cty.NilVal
	}
	val, err := v.complete(raw)
	if err != nil {
		c.add(c.place(attr.Expr.Range()), "deployment.wrong_type", fmt.Sprintf("%s is not %s", v.name, typeName(v.shape)),
			err.Error(), "Correct the value.")
		return cty.NilVal
	}
	return val
}

func (c *checker) describe(v *variable) string { return ", " + typeName(v.shape) }

// regionAgrees reports a `region` that contradicts the file's name.
func (c *checker) regionAgrees(r *Region, body *hclsyntax.Body) {
	attr, val := body.Attributes["region"], r.Values["region"]
	if attr == nil || val == cty.NilVal || val.IsNull() || !val.IsKnown() || val.Type() != cty.String || val.AsString() == r.Name {
		return
	}
	c.add(c.place(attr.Expr.Range()), "deployment.region_mismatch",
		fmt.Sprintf("region is %q in the file of %s", val.AsString(), r.Name),
		"a deployment's files are named for their region, and both must agree",
		fmt.Sprintf("Write `region = %q`, or rename the file to %s%s.", r.Name, shorten(val.AsString(), 40), extension))
}

// unique drops findings that two stacks' declarations of one variable both gave.
func unique(list diagnostic.List) diagnostic.List {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(d *diagnostic.Diagnostic) bool {
		key := strings.Join([]string{d.Code, d.Error()}, "\x00")
		was := seen[key]
		seen[key] = true
		return was
	})
}
