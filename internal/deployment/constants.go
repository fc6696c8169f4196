package deployment

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// readConstants finds what the rules of each stack refer to as module.NAME.OUTPUT, as far as it is a constant: a list that
// several rules share stands in a module, once.
func (s *schema) readConstants(source fs.FS) error {
	s.constants = map[string]map[string]cty.Value{}
	for stack, calls := range s.modulesInRules() {
		root := path.Join("stacks", stack)
		blocks, err := readBlocks(source, root)
		if err != nil {
			return err
		}
		s.constants[stack] = map[string]cty.Value{}
		for _, block := range blocks {
			if block.Type != "module" || len(block.Labels) != 1 || !calls[block.Labels[0]] {
				continue
			}
			dir, ok := constant(block.Body.Attributes["source"])
			if !ok || dir.Type() != cty.String {
				continue
			}
			outputs, err := readOutputs(source, path.Join(root, dir.AsString()))
			if err != nil {
				return err
			}
			s.constants[stack][block.Labels[0]] = cty.ObjectVal(outputs)
		}
	}
	return nil
}

// modulesInRules are, per stack, the names of the module calls that its rules refer to.
func (s *schema) modulesInRules() map[string]map[string]bool {
	calls := map[string]map[string]bool{}
	for _, declarations := range s.declarations {
		for _, v := range declarations {
			for _, r := range v.rules {
				for _, t := range r.references() {
					call, _, ok := moduleOutput(t)
					if !ok {
						continue
					}
					if calls[v.stack] == nil {
						calls[v.stack] = map[string]bool{}
					}
					calls[v.stack][call] = true
				}
			}
		}
	}
	return calls
}

// moduleOutput takes module.NAME.OUTPUT apart.
func moduleOutput(t hcl.Traversal) (call, output string, ok bool) {
	if t.RootName() != "module" || len(t) < 3 {
		return "", "", false
	}
	first, isName := t[1].(hcl.TraverseAttr)
	second, isOutput := t[2].(hcl.TraverseAttr)
	return first.Name, second.Name, isName && isOutput
}

// readOutputs are the outputs of a module that are constants. A directory that is not in the source has none.
func readOutputs(source fs.FS, dir string) (map[string]cty.Value, error) {
	blocks, err := readBlocks(source, dir)
	if err != nil {
		return nil, err
	}
	outputs := map[string]cty.Value{}
	for _, block := range blocks {
		if block.Type != "output" || len(block.Labels) != 1 {
			continue
		}
		if val, ok := constant(block.Body.Attributes["value"]); ok {
			outputs[block.Labels[0]] = val
		}
	}
	return outputs, nil
}

func readBlocks(source fs.FS, dir string) (hclsyntax.Blocks, error) {
	files, err := fs.Glob(source, path.Join(dir, "*.tf"))
	if err != nil {
		return nil, err
	}
	var blocks hclsyntax.Blocks
	for _, file := range files {
		src, err := fs.ReadFile(source, file)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", file, err)
		}
		parsed, diags := hclsyntax.ParseConfig(src, file, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, fmt.Errorf("%s is not valid: %w", dir, diags)
		}
		blocks = append(blocks, parsed.Body.(*hclsyntax.Body).Blocks...)
	}
	return blocks, nil
}

// constant is the value of an attribute that refers to nothing.
func constant(attr *hclsyntax.Attribute) (cty.Value, bool) {
	if attr == nil || len(attr.Expr.Variables()) > 0 {
		return cty.NilVal, false
	}
	val, diags := attr.Expr.Value(nil)
	return val, !diags.HasErrors()
}
