package helm

import (
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func wireSchema(t *schema.Type) *tfprotov6.Schema {
	return &tfprotov6.Schema{Version: t.Version, Block: &tfprotov6.SchemaBlock{Attributes: wireAttributes(t.Block.Attributes)}}
}

func wireAttributes(attributes []*schema.Attribute) []*tfprotov6.SchemaAttribute {
	var wire []*tfprotov6.SchemaAttribute
	for _, a := range attributes {
		attribute := &tfprotov6.SchemaAttribute{
			Name: a.Name, Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.Nested != nil {
			attribute.NestedType = &tfprotov6.SchemaObject{Attributes: wireAttributes(a.Nested.Attributes),
				Nesting: tfprotov6.SchemaObjectNestingModeList}
			if a.Nested.Nesting == schema.NestingSingle {
				attribute.NestedType.Nesting = tfprotov6.SchemaObjectNestingModeSingle
			}
		} else {
			attribute.Type = a.Type
		}
		wire = append(wire, attribute)
	}
	return wire
}

// decode turns a value from the wire into plain Go values. A null object is nil.
func decode(wire *tfprotov6.DynamicValue, typ tftypes.Type) (world.Object, error) {
	if wire == nil {
		return nil, nil
	}
	value, err := wire.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	return protocol.Plain(value)
}

// encode turns plain Go values into a value for the wire. A nil object is null.
func encode(object world.Object, typ tftypes.Type) (*tfprotov6.DynamicValue, error) {
	value, err := protocol.Value(object, typ)
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(typ, value)
	return &wire, err
}

// problem is an error for the user, at an attribute of the resource; at the resource as a whole if that is empty.
func problem(attribute, summary, detail string) *tfprotov6.Diagnostic {
	d := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
	if attribute != "" {
		d.Attribute = tftypes.NewAttributePath().WithAttributeName(attribute)
	}
	return d
}

// warning is the same for what does not stop anything.
func warning(attribute, summary, detail string) *tfprotov6.Diagnostic {
	d := problem(attribute, summary, detail)
	d.Severity = tfprotov6.DiagnosticSeverityWarning
	return d
}

func failed(diagnostics []*tfprotov6.Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// text is a string attribute, "" if it is null or not known.
func text(object world.Object, name string) string {
	s, _ := object[name].(string)
	return s
}

// is is a boolean attribute, false if it is null or not known.
func is(object world.Object, name string) bool {
	b, _ := object[name].(bool)
	return b
}
