// Package configuration reads from Terraform files what the JSON of a plan leaves out: what local values refer to, what conditions
// refer to, and where each block stands. It evaluates nothing: a plan says what Terraform decided. Package inventory and the verbs of
// package lifecycle import it; it imports internal/diagnostic and internal/hclfile.
package configuration

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Module is one module as it is written.
type Module struct {
	// Dir is the directory of the module's files.
	Dir string
	// Locals holds, by the name of a local value, what it refers to, such as module.network.vpc_id or var.name.
	Locals map[string][]string
	// Hidden holds what the parts of a block refer to that a plan does not show: dynamic blocks, conditions, and triggers of
	// replacement. The key is the name of the block in the module, such as aws_vpc.this or output.vpc_id.
	Hidden map[string][]string
	// Blocks says where resources, data sources and module calls stand, such as aws_vpc.this, data.aws_region.current, module.network.
	Blocks map[string]diagnostic.Range
	// Calls are the modules that it calls, by the name of the call. A module whose files are not at hand is missing.
	Calls map[string]*Module
}

// Load reads the root module in dir, and all modules below it that are at hand: those of local paths, and those that an init
// downloaded to .terraform in dir. It returns nil if dir holds no Terraform files. A file that cannot be read is an error. Places are
// named relative to base, unless that is empty.
func Load(dir, base string) (*Module, error) {
	reader := &reader{parser: hclparse.NewParser(), base: base, installed: installed(dir)}
	return reader.module(dir, "")
}

// deepest is how many modules may lie within one another; Terraform has no limit, and nobody comes near this one.
const deepest = 30

type reader struct {
	parser *hclparse.Parser
	base   string
	// installed holds the directories of downloaded modules by the path of their call, such as network.endpoints.
	installed map[string]string
}

// installed reads the list of modules that an init leaves behind. Without one there are local modules alone.
func installed(dir string) map[string]string {
	found := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, ".terraform", "modules", "modules.json"))
	if err != nil {
		return found
	}
	var manifest struct {
		Modules []struct{ Key, Dir string }
	}
	if json.Unmarshal(text, &manifest) != nil {
		return found // it is the engine's own file, and only helps to find more
	}
	for _, module := range manifest.Modules {
		found[module.Key] = filepath.Join(dir, filepath.FromSlash(module.Dir))
	}
	return found
}

// module reads one module. key is the path of its call, empty for the root module.
func (r *reader) module(dir, key string) (*Module, error) {
	var files []string
	for _, pattern := range []string{"*.tf", "*.tofu"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, nil
	}
	slices.Sort(files)
	m := &Module{
		Dir: dir, Locals: map[string][]string{}, Hidden: map[string][]string{},
		Blocks: map[string]diagnostic.Range{}, Calls: map[string]*Module{},
	}
	for _, file := range files {
		body, err := r.parse(file)
		if err != nil {
			return nil, err
		}
		for _, block := range body.Blocks {
			if err := r.block(m, block, key); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// parse parses one file, which must be one: nothing that blocks is opened, and nothing that is nested without end is read.
func (r *reader) parse(file string) (*hclsyntax.Body, error) {
	text, refused := hclfile.Configuration.Read(file)
	if refused != nil {
		refused.Code, refused.Why = "configuration."+refused.Code, refused.Summary+": "+refused.Why
		refused.Summary = "the Terraform configuration cannot be read"
		return nil, refused
	}
	if tooDeep, _ := hclfile.Configuration.Brackets(file, text); tooDeep != nil {
		d := diagnostic.Errorf("the Terraform configuration cannot be read")
		summary, why, todo := hclfile.Configuration.Beyond()
		d.Code, d.Why, d.Todo = "configuration.syntax", summary+": "+why, todo
		d.Where = &diagnostic.Range{File: file, Line: tooDeep.Start.Line, Column: tooDeep.Start.Column}
		return nil, d
	}
	parsed, problems := r.parser.ParseHCL(text, file)
	if problems.HasErrors() {
		return nil, unreadable(problems)
	}
	return parsed.Body.(*hclsyntax.Body), nil // ParseHCL gives no other
}

func (r *reader) block(m *Module, block *hclsyntax.Block, key string) error {
	name := blockName(block)
	switch block.Type {
	case "locals":
		for local, attribute := range block.Body.Attributes {
			m.Locals[local] = References(attribute.Expr)
		}
	case "resource", "data", "output":
		m.Blocks[name] = r.place(block)
		if refs := hidden(block); len(refs) > 0 {
			m.Hidden[name] = refs
		}
	case "module":
		m.Blocks[name] = r.place(block)
		return r.call(m, block, key)
	}
	return nil
}

func (r *reader) call(m *Module, block *hclsyntax.Block, key string) error {
	if len(block.Labels) != 1 {
		return nil
	}
	name := block.Labels[0]
	path := strings.TrimPrefix(key+"."+name, ".")
	if strings.Count(path, ".") > deepest {
		return nil // a module that calls itself, which Terraform refuses
	}
	dir, known := r.installed[path]
	if source := block.Body.Attributes["source"]; source != nil {
		value, problems := source.Expr.Value(nil)
		if !problems.HasErrors() && value.Type().FriendlyName() == "string" && strings.HasPrefix(value.AsString(), ".") {
			dir, known = filepath.Join(m.Dir, filepath.FromSlash(value.AsString())), true
		}
	}
	if !known {
		return nil
	}
	called, err := r.module(dir, path)
	if called != nil {
		m.Calls[name] = called
	}
	return err
}

// blockName is the name of a block in its module, as references have it.
func blockName(block *hclsyntax.Block) string {
	switch {
	case block.Type == "resource":
		return strings.Join(block.Labels, ".")
	default:
		return strings.Join(append([]string{block.Type}, block.Labels...), ".")
	}
}

// hidden is what a block refers to where a plan does not show it.
func hidden(block *hclsyntax.Block) []string {
	var refs []string
	var walk func(body *hclsyntax.Body, inside bool)
	walk = func(body *hclsyntax.Body, inside bool) {
		for name, attribute := range body.Attributes {
			if inside && name != "ignore_changes" {
				refs = append(refs, References(attribute.Expr)...)
			}
		}
		for _, nested := range body.Blocks {
			walk(nested.Body, inside || slices.Contains(hiddenBlocks, nested.Type))
		}
	}
	walk(block.Body, false)
	slices.Sort(refs)
	return slices.Compact(refs)
}

// hiddenBlocks are the blocks inside resources that a plan does not show.
var hiddenBlocks = []string{"dynamic", "lifecycle", "precondition", "postcondition"}

// References lists what an expression refers to, in order of their names.
func References(expr hcl.Expression) []string {
	var refs []string
	for _, traversal := range expr.Variables() {
		refs = append(refs, written(traversal))
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// written is a traversal as it is written, up to the first index that is not a constant.
func written(traversal hcl.Traversal) string {
	var b strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type().FriendlyName() == "string" {
				b.WriteString(`["` + step.Key.AsString() + `"]`)
			} else {
				b.WriteString("[" + step.Key.AsBigFloat().String() + "]")
			}
		default:
			return b.String()
		}
	}
	return b.String()
}

func (r *reader) place(block *hclsyntax.Block) diagnostic.Range { return r.at(block.DefRange()) }

// unreadable turns the first syntax error into a finding.
func unreadable(problems hcl.Diagnostics) error {
	problem := problems.Errs()[0]
	d := diagnostic.Errorf("the Terraform configuration cannot be read")
	d.Code, d.Why = "configuration.syntax", problem.Error()
	d.Todo = "correct the file; `terraform validate` says more"
	if p, ok := problem.(*hcl.Diagnostic); ok {
		d.Why = p.Summary
		if p.Detail != "" {
			d.Why += ": " + p.Detail
		}
		if p.Subject != nil {
			d.Where = &diagnostic.Range{File: p.Subject.Filename, Line: p.Subject.Start.Line, Column: p.Subject.Start.Column}
		}
	}
	return d
}
