package capacity_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"coderaws/internal/capacity"
	"coderaws/internal/deployment"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// stack evaluates the arithmetic of stacks/cloud without Terraform, so that it can be tried thousands of times. That Terraform comes
// to the same is the concern of the stack's own tests.
type stack struct {
	locals map[string]hclsyntax.Expression
	output *hclsyntax.Body
	// defaults are the variables' own.
	defaults map[string]cty.Value
}

func readStack(t *testing.T) *stack {
	t.Helper()
	s := &stack{locals: map[string]hclsyntax.Expression{}}
	parser := hclparse.NewParser()
	for _, name := range []string{"capacity.tf", "outputs.tf"} {
		file, diags := parser.ParseHCLFile(filepath.Join("../../stacks/cloud", name))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			switch {
			case block.Type == "locals":
				for name, attr := range block.Body.Attributes {
					s.locals[name] = attr.Expr
				}
			case block.Type == "output" && block.Labels[0] == capacity.Output:
				s.output = block.Body
			}
		}
	}
	dir := t.TempDir()
	text := "region = \"us-east-1\"\ndomain = \"coder.example.com\"\n"
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if findings != nil {
		t.Fatal(findings)
	}
	s.defaults = d.Regions[0].Values
	return s
}

// machine is what EC2 says of an instance type.
type machine struct {
	vcpu, memoryMiB, interfaces, addresses int
	xen                                    bool
}

func (m machine) hypervisor() string {
	if m.xen {
		return "xen"
	}
	return "nitro"
}

// settings are those that capacity hangs on; what is zero stays at its default.
type settings struct {
	zones, maxWorkspaces int
	profiles             map[string]capacity.Profile
	// workspace, control and provisioner are the machines of each group.
	workspace, control, provisioner machine
	workspaceMax, provisionerMax    int
	controlSize                     int
	// prefix is that of a zone's workspace subnet, two more than the network's.
	prefix int
	maxACU float64
	// minACU is 0.5 unless it is given.
	minACU float64
	// spoke says that coderd and the database are another region's.
	spoke bool
}

func number(f float64) cty.Value { return cty.NumberFloatVal(f) }

// with replaces attributes of an object.
func with(object cty.Value, changes map[string]cty.Value) cty.Value {
	attrs := object.AsValueMap()
	maps.Copy(attrs, changes)
	return cty.ObjectVal(attrs)
}

func (s *stack) scope(in settings) map[string]cty.Value {
	variables := maps.Clone(s.defaults)
	variables["max_workspaces"] = number(float64(in.maxWorkspaces))
	if in.profiles != nil {
		profiles := map[string]cty.Value{}
		for name, p := range in.profiles {
			profiles[name] = cty.ObjectVal(map[string]cty.Value{
				"share": number(p.Share), "cpu_request": number(p.CPURequest), "cpu_limit": number(p.CPULimit),
				"memory_request_gib": number(p.MemoryRequestGiB), "memory_limit_gib": number(p.MemoryLimitGiB), "home_gib": number(p.HomeGiB),
			})
		}
		variables["workspace_profiles"] = cty.MapVal(profiles)
	}
	groups := variables["node_groups"].AsValueMap()
	types := func(name string) cty.Value { return cty.ListVal([]cty.Value{cty.StringVal(name)}) }
	groups["workspace"] = with(groups["workspace"],
		map[string]cty.Value{"instance_types": types("w"), "max_size": number(float64(in.workspaceMax))})
	groups["control"] = with(groups["control"], map[string]cty.Value{"instance_types": types("c"), "size": number(float64(in.controlSize))})
	groups["provisioner"] = with(groups["provisioner"],
		map[string]cty.Value{"instance_types": types("p"), "max_size": number(float64(in.provisionerMax))})
	variables["node_groups"] = cty.ObjectVal(groups)
	variables["network"] = with(variables["network"], map[string]cty.Value{"cidr": cty.StringVal(fmt.Sprintf("10.0.0.0/%d", in.prefix-2))})
	variables["database"] = with(variables["database"],
		map[string]cty.Value{"max_acu": number(in.maxACU), "min_acu": number(cmp.Or(in.minACU, 0.5))})
	machines, ranges := map[string]cty.Value{}, map[string]cty.Value{}
	for name, m := range map[string]machine{"w": in.workspace, "c": in.control, "p": in.provisioner} {
		machines[name] = cty.ObjectVal(map[string]cty.Value{
			"default_vcpus": number(float64(m.vcpu)), "memory_size": number(float64(m.memoryMiB)), "hypervisor": cty.StringVal(m.hypervisor()),
			"maximum_network_interfaces": number(float64(m.interfaces)), "maximum_ipv4_addresses_per_interface": number(float64(m.addresses)),
		})
	}
	for i := range in.zones {
		ranges[fmt.Sprintf("zone-%d", i)] = cty.StringVal(fmt.Sprintf("10.%d.0.0/%d", i, in.prefix))
	}
	object := func(name string, v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{name: v}) }
	return map[string]cty.Value{
		"var":    cty.ObjectVal(variables),
		"data":   object("aws_ec2_instance_type", object("node", cty.MapVal(machines))),
		"module": object("network", object("workspace_cidr_blocks", cty.MapVal(ranges))),
	}
}

// result is the output and what its preconditions say.
type result struct {
	*capacity.Capacity
	refused []string
}

// reckon evaluates the output for settings.
func (s *stack) reckon(in settings) (result, error) {
	ctx := &hcl.EvalContext{Variables: s.scope(in), Functions: functions}
	locals := map[string]cty.Value{
		"zone_count": cty.NumberIntVal(int64(in.zones)), "spot_percentage": cty.Zero, "spoke": cty.BoolVal(in.spoke),
	}
	for len(locals) < len(s.locals)+3 {
		before := len(locals)
		var last error
		for name, expr := range s.locals {
			if _, done := locals[name]; done {
				continue
			}
			ctx.Variables["local"] = cty.ObjectVal(locals)
			if !ready(expr, locals) {
				continue
			}
			val, diags := expr.Value(ctx)
			if diags.HasErrors() {
				last = diags
				continue
			}
			locals[name] = val
		}
		if len(locals) == before {
			return result{}, fmt.Errorf("locals of the stack cannot be evaluated: %w", errors.Join(last))
		}
	}
	ctx.Variables["local"] = cty.ObjectVal(locals)
	val, diags := s.output.Attributes["value"].Expr.Value(ctx)
	if diags.HasErrors() {
		return result{}, diags
	}
	text, err := ctyjson.Marshal(val, val.Type())
	if err != nil {
		return result{}, err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return result{}, err
	}
	read, err := capacity.Read(plan.Read(&tfjson.Plan{
		PlannedValues: &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{capacity.Output: {Value: plain}}},
	}))
	out := result{Capacity: read}
	for _, block := range s.output.Blocks {
		holds, diags := block.Body.Attributes["condition"].Expr.Value(ctx)
		if diags.HasErrors() {
			return out, diags
		}
		if holds.True() {
			continue
		}
		message, diags := block.Body.Attributes["error_message"].Expr.Value(ctx)
		if diags.HasErrors() {
			return out, diags
		}
		out.refused = append(out.refused, message.AsString())
	}
	return out, err
}

// ready says whether all locals that an expression refers to are there.
func ready(expr hclsyntax.Expression, locals map[string]cty.Value) bool {
	for _, t := range expr.Variables() {
		if t.RootName() != "local" {
			continue
		}
		if _, ok := locals[t[1].(hcl.TraverseAttr).Name]; !ok {
			return false
		}
	}
	return true
}

var functions = map[string]function.Function{
	"alltrue": allTrueFunc, "ceil": stdlib.CeilFunc, "contains": stdlib.ContainsFunc, "flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc,
	"join": stdlib.JoinFunc, "keys": stdlib.KeysFunc, "length": lengthFunc,
	"log": stdlib.LogFunc, "max": stdlib.MaxFunc, "merge": stdlib.MergeFunc, "min": stdlib.MinFunc, "pow": stdlib.PowFunc,
	"regexall": stdlib.RegexAllFunc,
	"split":    stdlib.SplitFunc, "sum": sumFunc, "tonumber": stdlib.MakeToFunc(cty.Number), "tostring": stdlib.MakeToFunc(cty.String),
	"values": stdlib.ValuesFunc,
}

var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.NumberIntVal(int64(args[0].LengthInt())), nil
	},
})

var allTrueFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		for it := args[0].ElementIterator(); it.Next(); {
			if _, val := it.Element(); val.False() {
				return cty.False, nil
			}
		}
		return cty.True, nil
	},
})

var sumFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		total := cty.Zero
		for it := args[0].ElementIterator(); it.Next(); {
			_, val := it.Element()
			val, err := convert.Convert(val, cty.Number)
			if err != nil {
				return cty.NilVal, err
			}
			total = total.Add(val)
		}
		return total, nil
	},
})
