package deployment

import (
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// rules evaluates the validation blocks of every variable over the completed values, as Terraform does.
//
// A rule that refers to anything but variables and constants of modules (a data source, a local) cannot be decided without
// Terraform and is left to it; one that cannot be decided without a value which is itself wrong is left until that is
// corrected.
func (c *checker) rules(scope map[string]cty.Value, body *hclsyntax.Body) {
	contexts := c.schema.contexts(scope)
	for _, name := range c.schema.names {
		for _, v := range c.schema.declarations[name] {
			for _, r := range v.rules {
				if r.decidable(c.schema.constants[v.stack]) {
					c.rule(v, r, contexts[v.stack], body)
				}
			}
		}
	}
}

// contexts are what rules may refer to, per stack.
func (s *schema) contexts(scope map[string]cty.Value) map[string]*hcl.EvalContext {
	functions := functions()
	contexts := map[string]*hcl.EvalContext{}
	for stack := range s.stacks {
		contexts[stack] = &hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{
			"var": cty.ObjectVal(scope), "module": cty.ObjectVal(s.constants[stack]),
		}}
	}
	return contexts
}

// decidable says whether a rule is over variables and constants of modules alone.
func (r rule) decidable(modules map[string]cty.Value) bool {
	for _, t := range r.references() {
		if t.RootName() == "var" {
			continue
		}
		call, output, ok := moduleOutput(t)
		if !ok || modules[call] == cty.NilVal || !modules[call].Type().HasAttribute(output) {
			return false
		}
	}
	return true
}

// references are all that a rule refers to.
func (r rule) references() []hcl.Traversal {
	return append(r.condition.Variables(), r.message.Variables()...)
}

func (c *checker) rule(v *variable, r rule, ctx *hcl.EvalContext, body *hclsyntax.Body) {
	path, where, text := c.culprit(v, r, body)
	val, diags := r.condition.Value(ctx)
	if diags.HasErrors() {
		for _, t := range r.condition.Variables() {
			if used, diags := t.TraverseAbs(ctx); !diags.HasErrors() && !used.IsWhollyKnown() {
				return
			}
		}
		c.add(where, "deployment.invalid_value", fmt.Sprintf("%s has a value that its rule cannot be applied to", path),
			diags.Errs()[0].Error(), fmt.Sprintf("Change %s; %s holds the rule.", path, r.place))
		return
	}
	val, err := convert.Convert(val, cty.Bool)
	if err != nil || val.IsNull() || !val.IsKnown() || val.True() {
		return
	}
	c.add(where, "deployment.invalid_value", fmt.Sprintf("%s cannot be %s", path, text), r.explain(ctx),
		fmt.Sprintf("Change %s; %s holds the rule.", path, r.place))
}

// explain is the rule's error_message, or its source where it depends on what is not known.
func (r rule) explain(ctx *hcl.EvalContext) string {
	if val, diags := r.message.Value(ctx); !diags.HasErrors() {
		if val, err := convert.Convert(val, cty.String); err == nil && val.IsKnown() && !val.IsNull() {
			return strings.TrimSpace(val.AsString())
		}
	}
	return strings.Trim(string(r.text), `"`)
}

// culprit finds the setting that a broken rule is most likely about: the most specific of those in its condition that
// the file sets, the rule's own variable before others. It returns the setting's path, its place, and its value as text.
func (c *checker) culprit(v *variable, r rule, body *hclsyntax.Body) (path string, where *diagnostic.Range, text string) {
	var foreign []hcl.Traversal
	var own []hcl.Traversal
	for _, t := range r.condition.Variables() {
		if t.RootName() != "var" || len(t) < 2 {
			continue
		}
		if attr, ok := t[1].(hcl.TraverseAttr); ok && attr.Name == v.name {
			own = append(own, t)
		} else {
			foreign = append(foreign, t)
		}
	}
	for _, traversals := range [][]hcl.Traversal{own, foreign} {
		var deepest hclsyntax.Expression
		for _, t := range traversals {
			p, expr := c.resolve(t, body)
			if expr != nil && (deepest == nil || strings.Count(p, ".") > strings.Count(path, ".")) {
				path, deepest = p, expr
			}
		}
		if deepest != nil {
			return path, c.place(deepest.Range()), shorten(string(deepest.Range().SliceBytes(c.text)), 60)
		}
	}
	path = v.name
	if len(own) > 0 {
		path = traversalPath(own[0])
	}
	return path, c.whole(), "left at its default here"
}

// resolve follows a reference such as var.database.min_acu into the file's own text, as far as the file goes with it. It
// fails if the file does not set the variable, or sets the object without the attribute.
func (c *checker) resolve(t hcl.Traversal, body *hclsyntax.Body) (string, hclsyntax.Expression) {
	attr := body.Attributes[t[1].(hcl.TraverseAttr).Name]
	if attr == nil {
		return "", nil
	}
	path, expr := attr.Name, attr.Expr
	for _, step := range t[2:] {
		next, ok := step.(hcl.TraverseAttr)
		object, isObject := expr.(*hclsyntax.ObjectConsExpr)
		if !ok || !isObject {
			break
		}
		item := c.item(object, next.Name)
		if item == nil {
			return "", nil
		}
		path, expr = join(path, next.Name), item
	}
	return path, expr
}

func (c *checker) item(object *hclsyntax.ObjectConsExpr, name string) hclsyntax.Expression {
	for _, item := range object.Items {
		if key, ok := c.key(item.KeyExpr); ok && key == name {
			return item.ValueExpr
		}
	}
	return nil
}

func traversalPath(t hcl.Traversal) string {
	var parts []string
	for _, step := range t[1:] {
		attr, ok := step.(hcl.TraverseAttr)
		if !ok {
			break
		}
		parts = append(parts, attr.Name)
	}
	return strings.Join(parts, ".")
}
