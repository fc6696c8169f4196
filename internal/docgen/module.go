package docgen

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// module is what a module's files declare, in their order.
type module struct {
	inputs  []input
	outputs []output
}

type input struct{ name, typ, fallback, description string }

type output struct{ name, description string }

func (m *module) add(file string, src []byte) error {
	parsed, diags := hclsyntax.ParseConfig(src, file, hcl.InitialPos)
	if diags.HasErrors() {
		return diags
	}
	for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
		if block.Type != "variable" && block.Type != "output" || len(block.Labels) != 1 {
			continue
		}
		name, attrs := block.Labels[0], block.Body.Attributes
		description, err := text(attrs["description"])
		if err != nil || description == "" {
			return fmt.Errorf("%s:%d: %s %s needs a description of plain text", file, block.TypeRange.Start.Line, block.Type, name)
		}
		if block.Type == "output" {
			m.outputs = append(m.outputs, output{name, description})
			continue
		}
		in := input{name: name, typ: "any", description: description}
		if attr := attrs["type"]; attr != nil {
			in.typ = compact(attr.Expr.Range().SliceBytes(src))
		}
		if attr := attrs["default"]; attr != nil {
			in.fallback = compact(attr.Expr.Range().SliceBytes(src))
		}
		m.inputs = append(m.inputs, in)
	}
	return nil
}

func text(attr *hclsyntax.Attribute) (string, error) {
	if attr == nil {
		return "", nil
	}
	val, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		return "", diags
	}
	if val.IsNull() || val.Type() != cty.String {
		return "", nil
	}
	return val.AsString(), nil
}

// compact puts an expression on one line: comments go, and a line's end between two items becomes a comma.
func compact(src []byte) string {
	tokens, _ := hclsyntax.LexExpression(src, "", hcl.InitialPos)
	var b strings.Builder
	end, broken := 0, false // the end of the token before, and whether its line ended since
	var before hclsyntax.TokenType
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
			broken, end = true, token.Range.End.Byte
			continue
		}
		opens := before == hclsyntax.TokenOBrace || before == hclsyntax.TokenOBrack || before == hclsyntax.TokenOParen
		closes := token.Type == hclsyntax.TokenCBrace || token.Type == hclsyntax.TokenCBrack || token.Type == hclsyntax.TokenCParen
		empty := before == hclsyntax.TokenOBrace && token.Type == hclsyntax.TokenCBrace
		if broken && closes && before == hclsyntax.TokenComma {
			trimmed := strings.TrimRight(b.String(), ", ")
			b.Reset()
			b.WriteString(trimmed)
		}
		switch {
		case b.Len() == 0, empty:
		case broken && !opens && !closes && before != hclsyntax.TokenComma:
			b.WriteString(", ")
		case broken && (opens && before != hclsyntax.TokenOBrace || closes && token.Type != hclsyntax.TokenCBrace):
		case broken:
			b.WriteString(" ")
		case token.Range.Start.Byte > end:
			b.WriteString(" ")
		}
		b.Write(token.Bytes)
		end, broken, before = token.Range.End.Byte, false, token.Type
	}
	return b.String()
}

func (m *module) inputTable() string {
	if len(m.inputs) == 0 {
		return "None.\n"
	}
	var b strings.Builder
	b.WriteString("| Name | Type | Default | Description |\n| --- | --- | --- | --- |\n")
	for _, in := range m.inputs {
		fallback := "**required**"
		if in.fallback != "" {
			fallback = code(in.fallback)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", code(in.name), code(in.typ), fallback, prose(in.description))
	}
	return b.String()
}

func (m *module) outputTable() string {
	if len(m.outputs) == 0 {
		return "None.\n"
	}
	var b strings.Builder
	b.WriteString("| Name | Description |\n| --- | --- |\n")
	for _, out := range m.outputs {
		fmt.Fprintf(&b, "| %s | %s |\n", code(out.name), prose(out.description))
	}
	return b.String()
}

// code is text as a code span in a table's cell; a bar would end the cell even there.
func code(s string) string {
	s = strings.ReplaceAll(s, "|", `\|`)
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// prose is a description in a table's cell: one line, and nothing that Markdown would take for HTML, emphasis or a cell's end.
func prose(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`).Replace(s)
}
