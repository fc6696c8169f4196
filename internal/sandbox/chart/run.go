package chart

import (
	"strconv"
	"text/template/parse"
)

// run follows one template.
type run struct {
	*reader
	// variables are those in scope, the innermost last.
	variables []variable
	// printed is what the template prints.
	printed []*value
}

type variable struct {
	name  string
	value *value
}

func (r *run) declare(name string, v *value) { r.variables = append(r.variables, variable{name, v}) }

// assign adds to what a variable may be: which branch or turn of a loop assigned last is not known.
func (r *run) assign(name string, v *value) {
	for i := len(r.variables) - 1; i >= 0; i-- {
		if r.variables[i].name == name {
			r.variables[i].value = union(r.variables[i].value, v)
			return
		}
	}
}

func (r *run) variable(name string) *value {
	for i := len(r.variables) - 1; i >= 0; i-- {
		if r.variables[i].name == name {
			return r.variables[i].value
		}
	}
	return &value{opaque: true}
}

// list follows the nodes of a list, or of a branch that is not there.
func (r *run) list(list *parse.ListNode, dot *value) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		if !r.step() {
			return
		}
		switch n := n.(type) {
		case *parse.ActionNode:
			v := r.pipeline(n.Pipe, dot)
			if len(n.Pipe.Decl) == 0 {
				r.open(v)
				r.printed = append(r.printed, v)
			}
		case *parse.IfNode:
			r.branch(&n.BranchNode, dot, false)
		case *parse.WithNode:
			r.branch(&n.BranchNode, dot, true)
		case *parse.RangeNode:
			r.loop(&n.BranchNode, dot)
		case *parse.TemplateNode:
			context := &value{}
			if n.Pipe != nil {
				context = r.pipeline(n.Pipe, dot)
			}
			r.printed = append(r.printed, r.call(n.Name, context))
		}
	}
}

// branch follows both sides of if and with.
func (r *run) branch(b *parse.BranchNode, dot *value, with bool) {
	mark := len(r.variables)
	v := r.pipeline(b.Pipe, dot)
	inner := dot
	if with {
		inner = v
	}
	r.list(b.List, inner)
	r.variables = r.variables[:mark]
	r.list(b.ElseList, dot)
	r.variables = r.variables[:mark]
}

// loop follows a range: twice, for what one turn leaves in variables for the next.
func (r *run) loop(b *parse.BranchNode, dot *value) {
	mark := len(r.variables)
	of := r.pipe(b.Pipe, dot)
	elements, names := r.elements(of), keysOf(of)
	for range 2 {
		declared := b.Pipe.Decl
		for i, name := range declared {
			v := elements
			if i == 0 && len(declared) == 2 {
				v = names
			}
			if b.Pipe.IsAssign {
				r.assign(name.Ident[0], v)
			} else {
				r.declare(name.Ident[0], v)
			}
		}
		r.list(b.List, elements)
		r.variables = r.variables[:mark]
	}
	r.list(b.ElseList, dot)
	r.variables = r.variables[:mark]
}

// pipeline evaluates a pipeline and declares or assigns its variables.
func (r *run) pipeline(p *parse.PipeNode, dot *value) *value {
	v := r.pipe(p, dot)
	for _, name := range p.Decl {
		if p.IsAssign {
			r.assign(name.Ident[0], v)
		} else {
			r.declare(name.Ident[0], v)
		}
	}
	return v
}

func (r *run) pipe(p *parse.PipeNode, dot *value) (v *value) {
	for i, c := range p.Cmds {
		if i == 0 {
			v = r.command(c, dot, nil)
		} else {
			v = r.command(c, dot, v)
		}
	}
	if v == nil {
		v = &value{}
	}
	return v
}

// command evaluates one command of a pipeline; final is what the one before it yields, nil for the first.
func (r *run) command(c *parse.CommandNode, dot, final *value) *value {
	r.step()
	var arguments []*value
	for _, a := range c.Args[1:] {
		arguments = append(arguments, r.argument(a, dot))
	}
	if final != nil {
		arguments = append(arguments, final)
	}
	if name, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return r.function(name.Ident, arguments)
	}
	v := r.argument(c.Args[0], dot)
	if len(arguments) == 0 {
		return v
	}
	// A method with arguments: of .Files, .Capabilities and such, or of .Values itself, which nobody uses.
	r.open(v)
	for _, a := range arguments {
		r.open(a)
	}
	return &value{opaque: true}
}

func (r *run) argument(n parse.Node, dot *value) *value {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return r.fields(dot, n.Ident)
	case *parse.VariableNode:
		return r.fields(r.variable(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		return r.fields(r.argument(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return r.pipeline(n, dot)
	case *parse.IdentifierNode:
		return r.function(n.Ident, nil)
	case *parse.StringNode:
		return &value{texts: []string{n.Text}}
	case *parse.NumberNode:
		if n.IsInt {
			return &value{texts: []string{strconv.FormatInt(n.Int64, 10)}, number: true}
		}
	}
	return &value{}
}

func (r *run) fields(v *value, names []string) *value {
	for _, name := range names {
		v = r.field(v, name, 0)
	}
	return v
}
