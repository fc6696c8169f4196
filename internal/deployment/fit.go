package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// fits reports where a literal expression does not fit a type: wrong types, and in objects the names that the type does not
// know (which Terraform drops in silence) and the required ones that are not there.
func (c *checker) fits(expr hclsyntax.Expression, ty cty.Type, path string) {
	for {
		paren, ok := expr.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		expr = paren.Expression
	}
	if lit, ok := expr.(*hclsyntax.LiteralValueExpr); ok && lit.Val.IsNull() || ty == cty.DynamicPseudoType {
		return
	}
	switch {
	case ty.IsObjectType(), ty.IsMapType():
		object, ok := expr.(*hclsyntax.ObjectConsExpr)
		if !ok {
			c.wrongType(expr, ty, path)
		} else if ty.IsMapType() {
			for _, item := range object.Items {
				key, _ := c.key(item.KeyExpr)
				c.fits(item.ValueExpr, ty.ElementType(), join(path, key))
			}
		} else {
			c.fitsObject(object, ty, path)
		}
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		tuple, ok := expr.(*hclsyntax.TupleConsExpr)
		if !ok || ty.IsTupleType() && len(tuple.Exprs) != ty.Length() {
			c.wrongType(expr, ty, path)
			return
		}
		for i, element := range tuple.Exprs {
			var elementType cty.Type
			if ty.IsTupleType() {
				elementType = ty.TupleElementType(i)
			} else {
				elementType = ty.ElementType()
			}
			c.fits(element, elementType, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		val, diags := expr.Value(nil)
		if !diags.HasErrors() {
			if _, err := convert.Convert(val, ty); err == nil {
				return
			}
		}
		c.wrongType(expr, ty, path)
	}
}

func (c *checker) fitsObject(object *hclsyntax.ObjectConsExpr, ty cty.Type, path string) {
	attrs := ty.AttributeTypes()
	given := map[string]bool{}
	for _, item := range object.Items {
		key, _ := c.key(item.KeyExpr)
		given[key] = true
		attrType, known := attrs[key]
		if !known {
			if meant := c.unknown(&unknownSetting{name: key, path: join(path, key), siblings: sortedKeys(attrs)},
				c.place(item.KeyExpr.Range())); meant != "" {
				given[meant] = true
				c.lacking[object] = append(c.lacking[object], meant)
			}
			continue
		}
		c.fits(item.ValueExpr, attrType, join(path, key))
	}
	for _, name := range sortedKeys(attrs) {
		if !given[name] && !ty.AttributeOptional(name) {
			c.lacking[object] = append(c.lacking[object], name)
			full := join(path, name)
			c.add(c.place(object.OpenRange), "deployment.missing_setting", full+" is not set", "it has no default",
				fmt.Sprintf("Add `%s = ...` to %s, %s.", name, path, typeName(attrs[name])))
		}
	}
}

type unknownSetting struct {
	name, path string
	siblings   []string // the settings that exist at this place
}

// unknown reports a setting that does not exist, and returns the sibling that was meant, if one is near.
func (c *checker) unknown(u *unknownSetting, where *diagnostic.Range) string {
	parent, why := strings.TrimSuffix(u.path, "."+u.name), "the stacks have no such variable"
	if u.path != u.name {
		why = parent + " has no such setting, and Terraform would silently ignore it"
	}
	meant := nearest.Name(u.name, u.siblings)
	elsewhere := slices.DeleteFunc(slices.Clone(c.schema.paths[u.name]), func(p string) bool { return p == u.path })
	var todo string
	switch {
	case meant != "":
		c.meant[strings.TrimPrefix(strings.TrimSuffix(u.path, u.name)+meant, ".")] = true
		todo = fmt.Sprintf("Did you mean %s?", strings.TrimSuffix(u.path, u.name)+meant)
		if !strings.HasSuffix(u.path, u.name) {
			todo = fmt.Sprintf("Did you mean %s?", meant)
		}
	case len(elsewhere) > 0:
		todo = fmt.Sprintf("Did you mean %s?", strings.Join(elsewhere, " or "))
	case len(u.siblings) == 0:
		todo = "Remove it."
	default:
		todo = "Remove it, or use one of: " + strings.Join(u.siblings, ", ") + "."
	}
	c.add(where, "deployment.unknown_setting", fmt.Sprintf("there is no setting %s", shorten(u.path, 100)), why, todo)
	return meant
}

func (c *checker) wrongType(expr hclsyntax.Expression, ty cty.Type, path string) {
	c.doubtful[expr] = true
	got := shorten(string(expr.Range().SliceBytes(c.text)), 60)
	todo := "Write " + typeName(ty) + "."
	switch {
	case (ty.IsListType() || ty.IsSetType()) && isPrimitive(expr):
		todo = fmt.Sprintf("Write it in square brackets: [%s].", got)
	case ty == cty.Bool:
		todo = "Write true or false."
	}
	c.add(c.place(expr.Range()), "deployment.wrong_type", fmt.Sprintf("%s must be %s", path, typeName(ty)),
		fmt.Sprintf("got %s, which is %s", got, exprName(expr)), todo)
}

func isPrimitive(expr hclsyntax.Expression) bool {
	switch expr.(type) {
	case *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return false
	}
	return true
}

func exprName(expr hclsyntax.Expression) string {
	switch e := expr.(type) {
	case *hclsyntax.TupleConsExpr:
		return fmt.Sprintf("a list of %s", count(len(e.Exprs), "value"))
	case *hclsyntax.ObjectConsExpr:
		return "an object"
	}
	val, _ := expr.Value(nil)
	return typeName(val.Type())
}

// typeName is a type in words, such as "a list of strings".
func typeName(ty cty.Type) string {
	switch {
	case ty == cty.String:
		return "a string"
	case ty == cty.Number:
		return "a number"
	case ty == cty.Bool:
		return "true or false"
	case ty.IsListType():
		return "a list of " + plural(ty.ElementType())
	case ty.IsSetType():
		return "a set of " + plural(ty.ElementType())
	case ty.IsMapType():
		return "a map of " + plural(ty.ElementType())
	case ty.IsTupleType():
		return "a list of " + count(ty.Length(), "value")
	case ty.IsObjectType():
		names := sortedKeys(ty.AttributeTypes())
		if len(names) == 0 {
			return "an object"
		}
		return "an object with " + strings.Join(names, ", ")
	}
	return "a value"
}

func plural(ty cty.Type) string {
	switch {
	case ty == cty.String:
		return "strings"
	case ty == cty.Number:
		return "numbers"
	case ty == cty.Bool:
		return "true or false values"
	case ty.IsObjectType():
		return "objects with " + strings.Join(sortedKeys(ty.AttributeTypes()), ", ")
	case ty.IsListType(), ty.IsSetType():
		return "lists of " + plural(ty.ElementType())
	}
	return "values"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
