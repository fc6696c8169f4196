package deployment

import (
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Assignment gives a setting at a dotted path, such as "node_groups.workspace.max_size", a value.
type Assignment struct {
	Setting string
	Value   cty.Value
}

// Text is the value as a tfvars file has it.
func (a Assignment) Text() string { return string(hclwrite.TokensForValue(a.Value).Bytes()) }

// Assign writes settings into the text of a region's file. All else stays as it is: comments, order, and the layout of what is not written.
func Assign(file string, text []byte, assignments []Assignment) ([]byte, error) {
	for _, a := range assignments {
		parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, fmt.Errorf("%s is not valid: %w", file, diags)
		}
		start, end, value := a.place(parsed.Body.(*hclsyntax.Body), text)
		text = append(append(append([]byte{}, text[:start]...), value...), text[end:]...)
	}
	return text, nil
}

// place is the part of a file that the assignment takes the place of, and what comes there.
func (a Assignment) place(body *hclsyntax.Body, file []byte) (start, end int, text string) {
	names := strings.Split(a.Setting, ".")
	attribute := body.Attributes[names[0]]
	if attribute == nil {
		return len(file), len(file), "\n" + a.nested(names, 0) + "\n"
	}
	expr := attribute.Expr
	for i, name := range names[1:] {
		depth := i + 1
		object, ok := expr.(*hclsyntax.ObjectConsExpr)
		if !ok { // what stands there is no object: it goes as a whole
			return expr.Range().Start.Byte, expr.Range().End.Byte, a.object(names[depth:], depth)
		}
		item := itemNamed(object, name)
		if item == nil {
			at, text := object.OpenRange.End.Byte, "\n"+a.nested(names[depth:], depth)
			if at < len(file) && file[at] != '\n' && file[at] != '\r' {
				text += "\n"
			}
			return at, at, text
		}
		expr = item
	}
	return expr.Range().Start.Byte, expr.Range().End.Byte, a.Text()
}

// nested is the setting with the objects that it is in.
func (a Assignment) nested(names []string, depth int) string {
	value := a.Text()
	if len(names) > 1 {
		value = a.object(names[1:], depth+1)
	}
	return strings.Repeat("  ", depth) + names[0] + " = " + value
}

func (a Assignment) object(names []string, depth int) string {
	return "{\n" + a.nested(names, depth) + "\n" + strings.Repeat("  ", depth-1) + "}"
}

func itemNamed(object *hclsyntax.ObjectConsExpr, name string) hclsyntax.Expression {
	for _, item := range object.Items {
		if key, diags := item.KeyExpr.Value(nil); !diags.HasErrors() && key.Type() == cty.String && !key.IsNull() && key.AsString() == name {
			return item.ValueExpr
		}
	}
	return nil
}

// With is the region with other settings, and its file's text with them; the file itself stays as it is. The error lists what is wrong
// with the settings.
func (r *Region) With(assignments []Assignment) (*Region, []byte, error) {
	text, err := Assign(r.File, r.origin.checker.text, assignments)
	if err != nil {
		return nil, nil, err
	}
	changed, list := r.origin.checker.schema.check(r.File, r.Name, text)
	if err := list.Err(); err != nil {
		return nil, nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	return changed, text, nil
}
