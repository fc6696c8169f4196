package deployment

import (
	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// brackets walks over the tokens without recursion, and returns the place of the first bracket, quote or operator that
// is one too many, and of the innermost bracket or quote that the file ends without closing; nil where there is none.
func (s *source) brackets() (tooDeep, unclosed *diagnostic.Range) {
	tokens, _ := hclsyntax.LexConfig(s.text, s.file, hcl.InitialPos)
	var open []hcl.Range
	operators := 0
	for i, token := range tokens {
		if isOperator(token) && (token.Type != hclsyntax.TokenMinus || tokens[i+1].Type != hclsyntax.TokenNumberLit) {
			if operators++; operators > maxOperators {
				return s.place(token.Range), nil
			}
		}
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if open = append(open, token.Range); len(open) > maxDepth {
				return s.place(token.Range), nil
			}
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
			hclsyntax.TokenTemplateSeqEnd:
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	return nil, s.place(open[len(open)-1])
}

func isOperator(token hclsyntax.Token) bool {
	switch token.Type {
	case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
		hclsyntax.TokenQuestion, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual,
		hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq:
		return true
	}
	return false
}

// syntaxFindings turns the parser's errors into findings, and says whether the parsed body can be used nevertheless: it can
// where the only errors are settings that are given twice.
func (s *source) syntaxFindings(diags hcl.Diagnostics) (list diagnostic.List, usable bool) {
	usable = true
	for _, d := range diags {
		f := &diagnostic.Diagnostic{Severity: diagnostic.Error, Code: "deployment.syntax", Where: s.whole()}
		if d.Severity == hcl.DiagWarning {
			f.Severity = diagnostic.Warning
		}
		if d.Subject != nil {
			f.Where = s.place(*d.Subject)
		}
		if d.Summary == "Attribute redefined" && d.Subject != nil {
			name := string(d.Subject.SliceBytes(s.text))
			f.Code, f.Summary = "deployment.duplicate_setting", name+" is set twice"
			f.Why, f.Todo = "each setting has one value in a file", "Remove one of the two."
			list = append(list, f)
			continue
		}
		usable = false
		f.Summary = "the file is not valid: " + lowerFirst(d.Summary)
		f.Why = d.Detail
		f.Todo = "Settings are written as `name = value`, one a line; correct the place above. If the file was cut off, restore it."
		list = append(list, f)
	}
	return list, usable
}
