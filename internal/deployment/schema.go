package deployment

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// derived names, per stack, the variables that coderaws fills in itself, so that a user cannot set them: the platform
// stack's `cloud` is the cloud stack's output `platform`, `oidc_proven` says that somebody has signed in by OIDC, and
// `cluster_access` is the way to the cluster that this machine has. `hub` and `peers` are what a region knows of the others.
var derived = map[string][]string{"cloud": {"hub", "peers"}, "platform": {"cloud", "oidc_proven", "cluster_access", "hub"}}

// schema is the union of the variables of all stacks.
type schema struct {
	// declarations has, per name, one entry for each stack that declares it, in the order of the stacks' names.
	declarations map[string][]*variable
	names        []string            // sorted
	stacks       map[string][]string // stack -> its variables' names, sorted
	paths        map[string][]string // attribute name -> the full paths of settings that end in it
	// constants are, per stack, the objects of outputs that rules may refer to as module.NAME.OUTPUT, by NAME.
	constants map[string]map[string]cty.Value
}

// variable is one variable block.
type variable struct {
	name     string
	stack    string
	typ      cty.Type // with optional attributes removed: what the value will be
	shape    cty.Type // with optional attributes, as written
	defaults *typeexpr.Defaults
	fallback cty.Value // the default; cty.NilVal if the variable is required
	nullable bool
	rules    []rule
}

// rule is one validation block.
type rule struct {
	place     string // file:line
	condition hcl.Expression
	message   hcl.Expression
	text      []byte // the source of the message, for findings when it cannot be evaluated
}

func (v *variable) required() bool { return v.fallback == cty.NilVal }

// readSchema reads the variable blocks of every stack in source. An error means that the program's own stacks, or the
// user's changed copy of them, are not valid Terraform.
func readSchema(source fs.FS) (*schema, error) {
	s := &schema{declarations: map[string][]*variable{}, stacks: map[string][]string{}, paths: map[string][]string{}}
	files, err := fs.Glob(source, "stacks/*/*.tf")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		src, err := fs.ReadFile(source, file)
		if err != nil {
			return nil, fmt.Errorf("the stacks' variables cannot be read: %w", err)
		}
		if !bytes.Contains(src, []byte("variable")) {
			continue
		}
		if err := s.addFile(path.Base(path.Dir(file)), file, src); err != nil {
			return nil, err
		}
	}
	if len(s.declarations) == 0 {
		return nil, fmt.Errorf("the stacks declare no variable: there is no stacks/*/*.tf with a variable block in the source")
	}
	if err := s.readConstants(source); err != nil {
		return nil, err
	}
	for name := range s.declarations {
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
	for _, names := range s.stacks {
		slices.Sort(names)
	}
	for _, name := range s.names {
		s.addPaths(name, name, s.declarations[name][0].typ)
	}
	return s, nil
}

func (s *schema) addFile(stack, file string, src []byte) error {
	parsed, diags := hclsyntax.ParseConfig(src, file, hcl.InitialPos)
	if diags.HasErrors() {
		return fmt.Errorf("the stack %s is not valid: %w", stack, diags)
	}
	for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
		if block.Type != "variable" || len(block.Labels) != 1 || slices.Contains(derived[stack], block.Labels[0]) {
			continue
		}
		v, diags := readVariable(block, src)
		if diags.HasErrors() {
			return fmt.Errorf("variable %s of stack %s is not valid: %w", block.Labels[0], stack, diags)
		}
		v.stack = stack
		s.declarations[v.name] = append(s.declarations[v.name], v)
		s.stacks[stack] = append(s.stacks[stack], v.name)
	}
	return nil
}

func readVariable(block *hclsyntax.Block, src []byte) (*variable, hcl.Diagnostics) {
	v := &variable{name: block.Labels[0], shape: cty.DynamicPseudoType, fallback: cty.NilVal, nullable: true}
	attrs := block.Body.Attributes
	if attr := attrs["type"]; attr != nil {
		var diags hcl.Diagnostics
		if v.shape, v.defaults, diags = typeexpr.TypeConstraintWithDefaults(attr.Expr); diags.HasErrors() {
			return nil, diags
		}
	}
	v.typ = v.shape.WithoutOptionalAttributesDeep()
	if attr := attrs["nullable"]; attr != nil {
		val, diags := attr.Expr.Value(nil)
		if diags.HasErrors() {
			return nil, diags
		}
		v.nullable = val.RawEquals(cty.True)
	}
	if attr := attrs["default"]; attr != nil {
		val, diags := attr.Expr.Value(nil)
		if diags.HasErrors() {
			return nil, diags
		}
		val, err := v.complete(val)
		if err != nil {
			return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "default does not fit the type", Detail: err.Error(),
				Subject: attr.Expr.Range().Ptr()}}
		}
		v.fallback = val
	}
	for _, b := range block.Body.Blocks {
		condition, message := b.Body.Attributes["condition"], b.Body.Attributes["error_message"]
		if b.Type != "validation" || condition == nil || message == nil {
			continue
		}
		v.rules = append(v.rules, rule{
			place:     fmt.Sprintf("%s:%d", b.TypeRange.Filename, b.TypeRange.Start.Line),
			condition: condition.Expr,
			message:   message.Expr,
			text:      message.Expr.Range().SliceBytes(src),
		})
	}
	return v, nil
}

// complete fills in the defaults of optional attributes and converts to the variable's type, in Terraform's order.
func (v *variable) complete(val cty.Value) (cty.Value, error) {
	if v.defaults != nil && !val.IsNull() {
		val = v.defaults.Apply(val)
	}
	return convert.Convert(val, v.shape)
}

// addPaths indexes every attribute below a setting by its last name, for "did you mean database.min_acu?".
func (s *schema) addPaths(name, full string, ty cty.Type) {
	s.paths[name] = append(s.paths[name], full)
	if !ty.IsObjectType() {
		return
	}
	attrs := ty.AttributeTypes()
	for _, attr := range sortedKeys(attrs) {
		s.addPaths(attr, full+"."+attr, attrs[attr])
	}
}
