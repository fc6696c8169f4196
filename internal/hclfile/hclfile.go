// Package hclfile reads files in HCL that somebody else wrote, so that nothing which stands in their place can stop the program: it opens
// no pipe and no device, which could block for ever, and it bounds size and nesting, since HCL's parser recurses. Packages that parse HCL
// import it: deployment, configuration, and cost for its file of assumptions. What does not belong here: what a file may say.
package hclfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Limits bound a file.
type Limits struct {
	// Size is in bytes.
	Size int
	// Depth is how many brackets and quotes may stand in one another.
	Depth int
	// Operators are all in the file, beside the minus of a number: each may be one more level of the parser's recursion.
	Operators int
}

// Settings are for assignments of plain values, in which no operator is right; an annotated file of every setting has some 10 KiB.
var Settings = Limits{Size: 128 << 10, Depth: 64, Operators: 200}

// Configuration are for Terraform's own files.
var Configuration = Limits{Size: 1 << 20, Depth: 256, Operators: 20_000}

// Read reads a regular file of at most so many bytes. The finding has no code: the caller says which kind of file it is.
func (l Limits) Read(path string) ([]byte, *diagnostic.Diagnostic) {
	fail := func(code, summary, why, todo string) ([]byte, *diagnostic.Diagnostic) {
		d := diagnostic.Errorf("%s", summary)
		d.Code, d.Why, d.Todo, d.Where = code, why, todo, &diagnostic.Range{File: path}
		return nil, d
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fail(Unreadable, "not a file", "it is a "+kind(info), "name a text file in its place")
	}
	var content []byte
	if err == nil {
		content, err = l.bounded(path)
	}
	switch {
	case err != nil:
		return fail(Unreadable, "the file cannot be read", reason(err), "Check the file's owner and permissions.")
	case len(content) > l.Size:
		return fail(TooLarge, "the file is too large", fmt.Sprintf("it has more than %d KiB", l.Size>>10), "Check that it is the right file.")
	}
	return content, nil
}

// The codes of what Read finds, which callers put the kind of file before.
const (
	Unreadable = "unreadable"
	TooLarge   = "too_large"
)

func (l Limits) bounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, int64(l.Size)+1))
}

func kind(info os.FileInfo) string {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return "directory"
	case mode&os.ModeNamedPipe != 0:
		return "pipe"
	case mode&os.ModeSocket != 0:
		return "socket"
	default:
		return "device"
	}
}

// reason is an error without the path, which the finding names already.
func reason(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return err.Error()
}

// Brackets walks over the tokens of a text without recursion, and returns the place of the first bracket, quote or operator that is one too
// many, and of the innermost bracket or quote that the text ends without closing; nil where there is none.
func (l Limits) Brackets(file string, text []byte) (tooDeep, unclosed *hcl.Range) {
	tokens, _ := hclsyntax.LexConfig(text, file, hcl.InitialPos)
	var open []hcl.Range
	operators := 0
	for i, token := range tokens {
		if isOperator(token) && (token.Type != hclsyntax.TokenMinus || tokens[i+1].Type != hclsyntax.TokenNumberLit) {
			if operators++; operators > l.Operators {
				return &token.Range, nil
			}
		}
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if open = append(open, token.Range); len(open) > l.Depth {
				return &token.Range, nil
			}
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
			hclsyntax.TokenTemplateSeqEnd:
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	return nil, &open[len(open)-1]
}

// Beyond words a place that Brackets found to be too deep.
func (l Limits) Beyond() (summary, why, todo string) {
	return "the file is nested too deeply", fmt.Sprintf("it has more than %d brackets in one another, or more than %d operators",
			l.Depth, l.Operators),
		"Check that it is the right file."
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
