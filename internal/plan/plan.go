// Package plan decodes what Terraform or OpenTofu writes with `show -json`, and says of each value whether it is known, null or not known
// yet. It reads the plan of any configuration, of any provider. Reports read it through package inventory, and the few values that
// no list there has by themselves. It imports only internal/diagnostic. What does not belong here: what the types of AWS mean, and HCL.
package plan

import (
	"encoding/json"

	tfjson "github.com/hashicorp/terraform-json"
)

// Plan is a plan, or a state in the form of one.
type Plan struct {
	// Document is the plan as it was decoded: the configuration, what is done to what, and all else that is no value. It can hold secrets.
	Document *tfjson.Plan

	planned []Resource
	prior   []Resource
	changes []Change
	deposed []Change
	outputs map[string]Value
}

// Resource is one resource, at one moment.
type Resource struct {
	// Address is that of the instance, Type Terraform's type.
	Address, Type string
	// IsData says that it is a data source, which is read and not made.
	IsData bool
	// After are the blocks that a state recorded as what it depends on.
	After []string
	// Tainted says that it failed while it was made, so that the next run replaces it.
	Tainted bool
	// Values are its attributes.
	Values Value
}

// Read reads a document that an engine wrote. It is not copied, and must not be changed afterwards. A nil document is an empty plan.
func Read(document *tfjson.Plan) *Plan {
	if document == nil {
		document = &tfjson.Plan{}
	}
	p := &Plan{Document: document, outputs: map[string]Value{}}
	blocks := configured(document.Config)
	marks := make(map[string]*tfjson.Change, len(document.ResourceChanges))
	for _, c := range document.ResourceChanges {
		if c.Change == nil {
			continue
		}
		change := changeOf(c, blocks[Block(c.Address)])
		if c.DeposedKey != "" {
			p.deposed = append(p.deposed, change)
			continue
		}
		marks[c.Address] = c.Change
		if c.Mode == tfjson.ManagedResourceMode {
			p.changes = append(p.changes, change)
		}
	}
	if values := document.PlannedValues; values != nil {
		walk(values.RootModule, func(r *tfjson.StateResource) {
			resource := resourceOf(r)
			if mark := marks[r.Address]; mark != nil {
				resource.Values.unknown, resource.Values.sensitive = mark.AfterUnknown, mark.AfterSensitive
				resource.Values.written = blocks[Block(r.Address)]
			}
			p.planned = append(p.planned, resource)
		})
		for name, output := range values.Outputs {
			p.outputs[name] = outputOf(output, document.OutputChanges[name])
		}
	}
	if document.PriorState != nil && document.PriorState.Values != nil {
		walk(document.PriorState.Values.RootModule, func(r *tfjson.StateResource) { p.prior = append(p.prior, resourceOf(r)) })
	}
	return p
}

// Made is a plan after it was carried out: what it does, with the values that everything has now. Nothing in it is unknown.
func (p *Plan) Made(state *tfjson.State) *Plan {
	document := *p.Document
	document.PlannedValues, document.PriorState = state.Values, state
	document.ResourceChanges = nil
	for _, c := range p.Document.ResourceChanges {
		known := *c
		if c.Change != nil {
			change := *c.Change
			change.AfterUnknown = nil
			known.Change = &change
		}
		document.ResourceChanges = append(document.ResourceChanges, &known)
	}
	document.OutputChanges = nil
	return Read(&document)
}

// Before is the time before a plan: what exists, as the plan found it.
func (p *Plan) Before() *Plan {
	d := p.Document
	before := &tfjson.Plan{
		FormatVersion: d.FormatVersion, TerraformVersion: d.TerraformVersion, Variables: d.Variables, Config: d.Config, PriorState: d.PriorState,
	}
	if d.PriorState != nil {
		before.PlannedValues = d.PriorState.Values
	}
	return Read(before)
}

// Planned are the resources that will exist, data sources among them.
func (p *Plan) Planned() []Resource { return p.planned }

// Prior are the resources that exist, and the data sources that were read while planning.
func (p *Plan) Prior() []Resource { return p.prior }

// Output is what the plan says of an output of the root module; null if there is none.
func (p *Plan) Output(name string) Value { return p.outputs[name] }

// resourceOf reads a resource as a state has it.
func resourceOf(r *tfjson.StateResource) Resource {
	resource := Resource{
		Address: r.Address, Type: r.Type, IsData: r.Mode == tfjson.DataResourceMode, After: r.DependsOn, Tainted: r.Tainted,
	}
	if r.AttributeValues != nil {
		resource.Values.known = r.AttributeValues
	}
	if len(r.SensitiveValues) > len("{}") {
		var marks any
		if json.Unmarshal(r.SensitiveValues, &marks) == nil {
			resource.Values.sensitive = marks
		}
	}
	return resource
}

func outputOf(output *tfjson.StateOutput, change *tfjson.Change) Value {
	if output == nil {
		return Value{}
	}
	value := Value{known: output.Value, sensitive: output.Sensitive}
	if change != nil {
		value.unknown = change.AfterUnknown
	}
	return value
}

// configured are the arguments that the configuration writes, by the address of the block.
func configured(config *tfjson.Config) map[string]map[string]*tfjson.Expression {
	blocks := map[string]map[string]*tfjson.Expression{}
	var add func(path string, module *tfjson.ConfigModule)
	add = func(path string, module *tfjson.ConfigModule) {
		if module == nil {
			return
		}
		for _, resource := range module.Resources {
			written := resource.Expressions
			if written == nil {
				written = map[string]*tfjson.Expression{} // a block without arguments writes none
			}
			blocks[Join(path, resource.Address)] = written
		}
		for name, call := range module.ModuleCalls {
			add(Join(path, "module."+name), call.Module)
		}
	}
	if config != nil {
		add("", config.RootModule)
	}
	return blocks
}

func walk(module *tfjson.StateModule, visit func(*tfjson.StateResource)) {
	if module == nil {
		return
	}
	for _, resource := range module.Resources {
		visit(resource)
	}
	for _, child := range module.ChildModules {
		walk(child, visit)
	}
}
