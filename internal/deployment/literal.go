package deployment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxExponent bounds the exponent of a number: a number of 10^1000000000 is short to write and a gigabyte as text.
const maxExponent = 100

// literal reports everything in an expression that is not a plain value, and keys that an object gives twice (of which HCL
// would silently take the last).
func (c *checker) literal(expr hclsyntax.Expression, path string) {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		c.literal(e.Expression, path)
	case *hclsyntax.LiteralValueExpr:
		c.number(e, path)
	case *hclsyntax.UnaryOpExpr:
		if lit, ok := e.Val.(*hclsyntax.LiteralValueExpr); ok && e.Op == hclsyntax.OpNegate && lit.Val.Type() == cty.Number {
			c.number(lit, path)
			return
		}
		c.notLiteral(expr, path)
	case *hclsyntax.TemplateExpr:
		for _, part := range e.Parts {
			if _, ok := part.(*hclsyntax.LiteralValueExpr); !ok {
				c.notLiteral(part, path)
			}
		}
	case *hclsyntax.TupleConsExpr:
		for i, element := range e.Exprs {
			c.literal(element, fmt.Sprintf("%s[%d]", path, i))
		}
	case *hclsyntax.ObjectConsExpr:
		c.literalObject(e, path)
	default:
		c.notLiteral(expr, path)
	}
}

func (c *checker) literalObject(e *hclsyntax.ObjectConsExpr, path string) {
	first := map[string]int{}
	for _, item := range e.Items {
		key, ok := c.key(item.KeyExpr)
		if !ok {
			c.notLiteral(item.KeyExpr, path)
			continue
		}
		full := join(path, key)
		if line, again := first[key]; again {
			c.add(c.place(item.KeyExpr.Range()), "deployment.duplicate_setting", full+" is set twice",
				fmt.Sprintf("line %d sets it already, and Terraform would silently take the last", line), "Remove one of the two.")
		} else {
			first[key] = item.KeyExpr.Range().Start.Line
		}
		c.literal(item.ValueExpr, full)
	}
}

// key is the name of an object's item: a bare word, a quoted string, or a number.
func (c *checker) key(expr hclsyntax.Expression) (string, bool) {
	if word := hcl.ExprAsKeyword(expr); word != "" {
		return word, true
	}
	for {
		switch e := expr.(type) {
		case *hclsyntax.ObjectConsKeyExpr:
			// `(name) = 1` is a reference to a variable, and the keyword form was returned above.
			expr = e.Wrapped
			continue
		case *hclsyntax.LiteralValueExpr:
			if !e.Val.IsNull() && e.Val.Type().IsPrimitiveType() && !c.extreme(e) {
				return plainText(e.Val), true
			}
		case *hclsyntax.TemplateExpr:
			if e.IsStringLiteral() {
				val, _ := e.Value(nil)
				return val.AsString(), true
			}
			if len(e.Parts) == 0 {
				return "", true
			}
		}
		return "", false
	}
}

func (c *checker) number(e *hclsyntax.LiteralValueExpr, path string) {
	if c.extreme(e) {
		c.add(c.place(e.SrcRange), "deployment.wrong_type", path+" is out of range",
			fmt.Sprintf("no setting needs more than %d digits", maxExponent), "Write the number in full.")
	}
}

// extreme says whether the literal is a number of so many digits that no setting can mean it.
func (c *checker) extreme(e *hclsyntax.LiteralValueExpr) bool {
	if e.Val.IsNull() || e.Val.Type() != cty.Number {
		return false
	}
	text := strings.ToLower(string(e.SrcRange.SliceBytes(c.text)))
	mantissa, exponent, scientific := strings.Cut(text, "e")
	if !scientific {
		return len(mantissa) > maxExponent
	}
	n, err := strconv.Atoi(exponent)
	return err != nil || n > maxExponent || n < -maxExponent || len(mantissa) > maxExponent
}

// notLiteral reports a reference, a function call or any other expression that would have to be computed.
func (c *checker) notLiteral(expr hclsyntax.Expression, path string) {
	text := shorten(string(expr.Range().SliceBytes(c.text)), 60)
	summary, todo := fmt.Sprintf("%s is computed from `%s`", path, text), "Write the value itself."
	switch e := unwrapKey(expr).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		if len(e.Traversal) == 1 {
			summary = fmt.Sprintf("%s is set to `%s`, which is not a value", path, text)
			todo = fmt.Sprintf("Write it in quotes: %q.", text)
			if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") || strings.EqualFold(text, "null") {
				todo = fmt.Sprintf("Write it in lower case: %s.", strings.ToLower(text))
			} else if lower := strings.ToLower(text); lower == "yes" || lower == "on" {
				todo = "Write true."
			} else if lower == "no" || lower == "off" {
				todo = "Write false."
			}
			break
		}
		summary = fmt.Sprintf("%s refers to `%s`", path, text)
	case *hclsyntax.FunctionCallExpr:
		summary = fmt.Sprintf("%s calls the function %s", path, e.Name)
	}
	c.add(c.place(expr.Range()), "deployment.not_literal", summary,
		"a tfvars file holds plain values: Terraform allows no variables, functions or computed values in it", todo)
}

func unwrapKey(expr hclsyntax.Expression) hclsyntax.Expression {
	if key, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok {
		return key.Wrapped
	}
	return expr
}

// evaluate is the value of a literal expression, unknown where it is doubtful or lacking.
func (c *checker) evaluate(expr hclsyntax.Expression) cty.Value {
	if c.doubtful[expr] {
		return cty.DynamicVal
	}
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.evaluate(e.Expression)
	case *hclsyntax.TupleConsExpr:
		elements := make([]cty.Value, len(e.Exprs))
		for i, element := range e.Exprs {
			elements[i] = c.evaluate(element)
		}
		return cty.TupleVal(elements)
	case *hclsyntax.ObjectConsExpr:
		attrs := map[string]cty.Value{}
		for _, item := range e.Items {
			key, _ := c.key(item.KeyExpr)
			attrs[key] = c.evaluate(item.ValueExpr)
		}
		for _, name := range c.lacking[e] {
			attrs[name] = cty.DynamicVal
		}
		return cty.ObjectVal(attrs)
	}
	val, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	return val
}

// join appends a key to a path of settings, in HCL's index form where the key is no identifier.
func join(path, key string) string {
	if hclsyntax.ValidIdentifier(key) {
		return path + "." + key
	}
	return fmt.Sprintf("%s[%q]", path, key)
}
