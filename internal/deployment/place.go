package deployment

import (
	"strconv"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// origin is what a region was read from.
type origin struct {
	checker *checker
	body    *hclsyntax.Body
}

// Place is where the file says the setting at a dotted path, such as "database.min_acu" or
// "node_groups.workspace.instance_types[0]": the value's line and columns. It is the file as a whole for what the file leaves at its
// default.
func (r *Region) Place(path string) *diagnostic.Range {
	if r.origin == nil {
		return &diagnostic.Range{File: r.File}
	}
	expr := r.origin.find(path)
	if expr == nil {
		return r.origin.checker.whole()
	}
	return r.origin.checker.place(expr.Range())
}

// find follows a path to an expression; it is nil if the file does not go that far.
func (t *origin) find(path string) hclsyntax.Expression {
	var expr hclsyntax.Expression
	for i, step := range strings.Split(path, ".") {
		name, index, indexed := strings.Cut(step, "[")
		if i == 0 {
			attr := t.body.Attributes[name]
			if attr == nil {
				return nil
			}
			expr = attr.Expr
		} else if expr = t.attribute(expr, name); expr == nil {
			return nil
		}
		if indexed {
			if expr = element(expr, strings.TrimSuffix(index, "]")); expr == nil {
				return nil
			}
		}
	}
	return expr
}

func (t *origin) attribute(expr hclsyntax.Expression, name string) hclsyntax.Expression {
	if object, ok := expr.(*hclsyntax.ObjectConsExpr); ok {
		return t.checker.item(object, name)
	}
	return nil
}

func element(expr hclsyntax.Expression, index string) hclsyntax.Expression {
	list, ok := expr.(*hclsyntax.TupleConsExpr)
	n, err := strconv.Atoi(index)
	if !ok || err != nil || n < 0 || n >= len(list.Exprs) {
		return nil
	}
	return list.Exprs[n]
}
