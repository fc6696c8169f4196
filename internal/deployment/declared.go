package deployment

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Declares reports whether a stack has a variable of this name that users may set.
func (r *Region) Declares(stack, name string) bool { return slices.Contains(r.stacks[stack], name) }

// DerivedType is the type of a variable that coderaws fills in itself, such as `cloud` of the stack platform, with its optional attributes;
// cty.DynamicPseudoType if the stack declares it without a type, or not at all. An error means that the stacks are not valid Terraform.
func DerivedType(source fs.FS, stack, name string) (cty.Type, error) {
	files, err := fs.Glob(source, "stacks/"+stack+"/*.tf")
	if err != nil {
		return cty.NilType, err
	}
	for _, file := range files {
		src, err := fs.ReadFile(source, file)
		if err != nil {
			return cty.NilType, fmt.Errorf("the stacks' variables cannot be read: %w", err)
		}
		if !bytes.Contains(src, []byte("variable")) {
			continue
		}
		parsed, diags := hclsyntax.ParseConfig(src, file, hcl.InitialPos)
		if diags.HasErrors() {
			return cty.NilType, fmt.Errorf("the stack %s is not valid: %w", stack, diags)
		}
		for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
			if block.Type != "variable" || len(block.Labels) != 1 || block.Labels[0] != name {
				continue
			}
			v, diags := readVariable(block, src)
			if diags.HasErrors() {
				return cty.NilType, fmt.Errorf("variable %s of stack %s is not valid: %w", name, stack, diags)
			}
			return v.shape, nil
		}
	}
	return cty.DynamicPseudoType, nil
}
