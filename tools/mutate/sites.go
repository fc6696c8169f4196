package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// mutation is one change of the code.
type mutation struct {
	id int
	// file is below the repository.
	file string
	line int
	// what says what the change is.
	what string
}

// edit puts text into a file: at an offset, in place of a number of bytes.
type edit struct {
	offset, length int
	text           string
	// depth orders what is put at one offset: what closes an expression comes before what opens one, inner ones close first and open last.
	depth int
	opens bool
}

// finder collects the mutants of one file.
type finder struct {
	*source
	file    string
	next    func() int
	mutants []mutation
	edits   []edit
}

// named is what the copied package is called in mutated code.
const named = "mutant__"

// find collects the mutants of a file in the order of its text.
func find(s *source, file string, next func() int) *finder {
	f := &finder{source: s, file: file, next: next}
	for _, d := range s.tree.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.VAR {
			continue
		}
		f.walk(d, 0, false)
	}
	return f
}

func (f *finder) add(at ast.Node, what string) int {
	id := f.next()
	f.mutants = append(f.mutants, mutation{id: id, file: f.file, line: f.set.Position(at.Pos()).Line, what: what})
	return id
}

// wrap puts text before and after a node.
func (f *finder) wrap(n ast.Node, depth int, before, after string) {
	f.edits = append(f.edits,
		edit{offset: f.offset(n.Pos()), text: before, depth: depth, opens: true},
		edit{offset: f.offset(n.End()), text: after, depth: depth})
}

// walk visits a node and what is in it. loop says that it is the condition of a loop, whose opposite never ends.
func (f *finder) walk(n ast.Node, depth int, loop bool) {
	switch n := n.(type) {
	case nil, *ast.ArrayType, *ast.StructType, *ast.InterfaceType, *ast.FuncType, *ast.MapType, *ast.CaseClause:
		if clause, ok := n.(*ast.CaseClause); ok {
			f.clause(clause, depth)
		}
		return
	case *ast.BlockStmt:
		f.statements(n.List, depth)
		return
	case *ast.CommClause:
		f.statements(n.Body, depth)
		return
	case *ast.IfStmt:
		f.condition(n.Cond, depth)
	case *ast.ForStmt:
		f.each(depth, n.Init, n.Post)
		if n.Cond != nil {
			f.walk(n.Cond, depth+2, true)
		}
		f.walk(n.Body, depth+1, false)
		return
	case *ast.ReturnStmt:
		f.returned(n, depth)
		return
	case *ast.DeclStmt:
		if g, ok := n.Decl.(*ast.GenDecl); ok && g.Tok != token.VAR {
			return
		}
	case *ast.CompositeLit:
		f.literal(n, depth)
		return
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && (name.Name == "make" || name.Name == "panic") {
			return // capacities, and what nobody is to see
		}
		if tv := f.info.Types[n.Fun]; tv.IsType() {
			if f.info.Types[n].Value != nil {
				return
			}
			f.walk(n.Args[0], depth+1, false)
			return
		}
		if types.ExprString(n.Fun) == "time.Date" {
			f.date(n, depth)
			return
		}
	case ast.Expr:
		if f.expression(n, depth, loop) {
			return
		}
	}
	for _, child := range children(n) {
		f.walk(child, depth+1, loop && isLogical(n))
	}
}

// returned visits what a statement returns. Constants beside an error that it makes are left alone: nobody looks at them.
func (f *finder) returned(n *ast.ReturnStmt, depth int) {
	fails := len(n.Results) > 1 && makesError(n.Results[len(n.Results)-1])
	for _, result := range n.Results {
		if fails && f.info.Types[result].Value != nil {
			continue
		}
		f.walk(result, depth+1, false)
	}
}

// date visits what a time is made of, but for the nanoseconds: AWS has none in its rules, and nobody writes them.
func (f *finder) date(n *ast.CallExpr, depth int) {
	const nanoseconds = 6
	for i, argument := range n.Args {
		if i != nanoseconds {
			f.walk(argument, depth+1, false)
		}
	}
}

// makesError reports whether an expression is an error, and not perhaps one.
func makesError(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	function := types.ExprString(call.Fun)
	return function == "errors.New" || function == "fmt.Errorf"
}

func isLogical(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return n.Op == token.LAND || n.Op == token.LOR
	case *ast.ParenExpr, *ast.UnaryExpr:
		return true
	}
	return false
}

// children are the nodes right below a node.
func children(n ast.Node) []ast.Node {
	var all []ast.Node
	ast.Inspect(n, func(c ast.Node) bool {
		if c == n {
			return true
		}
		if c != nil {
			all = append(all, c)
		}
		return false
	})
	return all
}

func (f *finder) each(depth int, nodes ...ast.Stmt) {
	for _, n := range nodes {
		if n != nil {
			f.walk(n, depth+1, false)
		}
	}
}

// clause visits a case of a switch. What it compares with may have to be constant.
func (f *finder) clause(n *ast.CaseClause, depth int) {
	for _, e := range n.List {
		if tv := f.info.Types[e]; tv.Value == nil && !tv.IsType() {
			f.walk(e, depth+1, false)
		}
	}
	f.statements(n.Body, depth)
}

// statements visits those of a block, each of which may be left out if nothing but its effect is lost.
func (f *finder) statements(all []ast.Stmt, depth int) {
	for _, s := range all {
		if what := removable(s); what != "" {
			id := f.add(s, what+" left out")
			f.wrap(s, depth, fmt.Sprintf("if !%s.Is(%d) { ", named, id), " }")
		}
		f.walk(s, depth+1, false)
	}
}

// locks are calls without which a program waits for ever, or is wrong only now and then.
var locks = []string{"Lock", "Unlock", "RLock", "RUnlock", "Wait", "Done", "Add"}

// removable names a statement that may be left out; "" if it may not.
func removable(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return ""
		}
		if name, ok := s.Lhs[0].(*ast.Ident); ok && name.Name == "_" {
			return ""
		}
		return "assignment"
	case *ast.IncDecStmt:
		return s.Tok.String()
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return ""
		}
		switch function := call.Fun.(type) {
		case *ast.Ident:
			if function.Name == "panic" {
				return ""
			}
		case *ast.SelectorExpr:
			if slices.Contains(locks, function.Sel.Name) {
				return ""
			}
		}
		return "call"
	}
	return ""
}

// condition visits that of an if: one that is no comparison is turned round as a whole.
func (f *finder) condition(e ast.Expr, depth int) {
	inner := ast.Unparen(e)
	if b, ok := inner.(*ast.BinaryExpr); ok && b.Op != token.LAND && b.Op != token.LOR {
		return // visited as an expression
	}
	if f.isBool(inner) {
		id := f.add(e, "condition turned round")
		f.wrap(e, depth, fmt.Sprintf("%s.Is(%d) != (", named, id), ")")
	}
}

func (f *finder) isBool(e ast.Expr) bool {
	t := f.info.Types[e].Type
	return t != nil && f.info.Types[e].Value == nil &&
		(types.Identical(t, types.Typ[types.Bool]) || types.Identical(t, types.Typ[types.UntypedBool]))
}

// literal visits the values of a composite literal, and its keys where they need not be constant.
func (f *finder) literal(n *ast.CompositeLit, depth int) {
	_, isMap := f.info.Types[n].Type.Underlying().(*types.Map)
	for _, element := range n.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if isMap && f.info.Types[pair.Key].Value == nil {
				f.walk(pair.Key, depth+1, false)
			}
			f.walk(pair.Value, depth+1, false)
		} else {
			f.walk(element, depth+1, false)
		}
	}
}

// swaps are the operators whose operands are of one type, with the function that stands for each, and what it may become.
var swaps = map[token.Token]struct{ function, other string }{
	token.LSS: {"Less", "<="}, token.LEQ: {"LessEqual", "<"}, token.GTR: {"Greater", ">="}, token.GEQ: {"GreaterEqual", ">"},
	token.ADD: {"Add", "-"}, token.SUB: {"Sub", "+"}, token.MUL: {"Mul", "/"}, token.QUO: {"Div", "*"},
}

// expression adds the mutants of an expression; true if nothing in it is to be looked at.
func (f *finder) expression(e ast.Expr, depth int, loop bool) bool {
	tv := f.info.Types[e]
	if tv.IsType() {
		return true
	}
	if tv.Value != nil {
		f.constant(e, tv.Type, depth)
		return true
	}
	b, ok := e.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LAND, token.LOR:
		if !f.isBool(b) || !f.isBool(b.X) || !f.isBool(b.Y) {
			return false
		}
		function, other := "And", "||"
		if b.Op == token.LOR {
			function, other = "Or", "&&"
		}
		id := f.add(b, fmt.Sprintf("%s to %s", b.Op, other))
		f.wrap(b, depth, fmt.Sprintf("%s.%s(%d, ", named, function, id), ") })")
		// In parentheses, since a line may end after the operator, and must not after return.
		f.edits = append(f.edits, edit{offset: f.offset(b.OpPos), length: 2, text: ", func() bool { return ("})
	case token.EQL, token.NEQ:
		if loop || !f.isBool(b) {
			return false
		}
		other := map[token.Token]string{token.EQL: "!=", token.NEQ: "=="}[b.Op]
		id := f.add(b, fmt.Sprintf("%s to %s", b.Op, other))
		f.wrap(b, depth, fmt.Sprintf("(%s.Is(%d) != (", named, id), "))")
	case token.SHL, token.SHR:
		return true
	default:
		f.swap(b, depth)
	}
	return false
}

// swap adds the mutant of a comparison or of arithmetic.
func (f *finder) swap(b *ast.BinaryExpr, depth int) {
	s, ok := swaps[b.Op]
	x, y := f.info.Types[b.X], f.info.Types[b.Y]
	if !ok || !f.basic(x.Type, b.Op) || !f.basic(y.Type, b.Op) || x.Value != nil && y.Value != nil {
		return
	}
	id := f.add(b, fmt.Sprintf("%s to %s", b.Op, s.other))
	f.wrap(b, depth, fmt.Sprintf("%s.%s(%d, ", named, s.function, id), ")")
	f.edits = append(f.edits, edit{offset: f.offset(b.OpPos), length: len(b.Op.String()), text: ","})
}

// basic reports whether values of a type are compared, or calculated with, by the functions of package mutant.
func (f *finder) basic(t types.Type, op token.Token) bool {
	if _, parameter := t.(*types.TypeParam); parameter {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	if slices.Contains([]token.Token{token.LSS, token.LEQ, token.GTR, token.GEQ}, op) {
		return b.Info()&types.IsOrdered != 0
	}
	return b.Info()&(types.IsInteger|types.IsFloat) != 0
}

// constant adds the mutant of a number, which becomes one more, or of a truth, which becomes the other.
func (f *finder) constant(e ast.Expr, t types.Type, depth int) {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return
	}
	switch {
	case types.Identical(t, types.Typ[types.Bool]) || types.Identical(t, types.Typ[types.UntypedBool]):
		id := f.add(e, "truth turned round")
		f.wrap(e, depth, fmt.Sprintf("(%s.Is(%d) != (", named, id), "))")
	case b.Info()&(types.IsInteger|types.IsFloat) != 0 && b.Info()&types.IsUntyped == 0 && b.Kind() != types.Rune:
		name := f.typeName(t)
		if name == "" {
			return
		}
		id := f.add(e, "one more")
		f.wrap(e, depth, fmt.Sprintf("%s.More[%s](%d, ", named, name, id), ")")
	}
}

// typeName is how a type is written in this file; "" if that is not known.
func (f *finder) typeName(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		return t.Name()
	case *types.Named:
		if t.Obj().Pkg() == f.pkg && t.Obj().Parent() == f.pkg.Scope() && t.TypeParams().Len() == 0 {
			return t.Obj().Name()
		}
	}
	return ""
}
