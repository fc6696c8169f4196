package protocol

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// declaration finds the model of a type, or makes one that follows the schema alone.
func (s *Server) declaration(t *schema.Type) *model.Type {
	if declared := s.catalog.Types[t.Name]; declared != nil {
		return declared
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unmodelled[t.Name] = true
	return fromSchema(t)
}

// fromSchema declares a type of which nothing but the schema is known: it can be created, changed, read and deleted, and has no rules.
func fromSchema(t *schema.Type) *model.Type {
	short := strings.TrimPrefix(t.Name, "aws_")
	return &model.Type{
		Name: t.Name, API: "AWS", Noun: short, CreateCall: "Create", UpdateCall: "Update", DeleteCall: "Delete",
		Identify: func(c *model.Call) string {
			name := c.String("name")
			a := t.Block.Attribute("name")
			if a != nil && !a.Computed && name != "" && c.World.Get(c.Account, c.Region, t.Name, name) == nil {
				return name // whoever comes second with a name has an id of its own: most names need not be unique
			}
			return short + "-" + c.Hex(12)
		},
	}
}

// settle gives every value that is still unknown after a model has filled in its own a plausible one, and notes where it had to
// do so for a modelled type.
func (s *Server) settle(t *schema.Type, call *model.Call) {
	_, modelled := s.catalog.Types[t.Name]
	settler := settler{call: call, typeName: t.Name}
	settler.body(t.Block, "", call.Object)
	if modelled {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, path := range settler.invented {
			s.fallbacks[t.Name+"."+path] = true
		}
	}
}

type settler struct {
	call     *model.Call
	typeName string
	// invented lists the paths of values that had to be made up.
	invented []string
}

func (f *settler) body(block *schema.Block, path string, object world.Object) {
	for _, attribute := range block.Attributes {
		if value, changed := f.value(attribute.Type, join(path, attribute.Name), object[attribute.Name]); changed {
			object[attribute.Name] = value
		}
	}
	for _, nested := range block.Blocks {
		at := join(path, nested.Name)
		switch value := object[nested.Name].(type) {
		case nil, world.Unknown:
			if nested.Nesting == schema.NestingList || nested.Nesting == schema.NestingSet {
				object[nested.Name] = []any{}
			} else {
				object[nested.Name] = nil
			}
		case []any:
			for _, element := range value {
				if inner, ok := element.(world.Object); ok {
					f.body(nested.Block, at, inner)
				}
			}
		case world.Object:
			if nested.Nesting == schema.NestingSingle {
				f.body(nested.Block, at, value)
			}
		}
	}
}

// value replaces unknowns, also those inside collections.
func (f *settler) value(typ tftypes.Type, path string, value any) (any, bool) {
	switch v := value.(type) {
	case world.Unknown:
		return f.invent(typ, path), true
	case []any:
		element := elementType(typ)
		for i := range v {
			if inner, changed := f.value(element, path, v[i]); changed {
				v[i] = inner
			}
		}
	case world.Object:
		for name := range v {
			inner := elementType(typ)
			if object, ok := typ.(tftypes.Object); ok {
				inner = object.AttributeTypes[name]
			}
			if settled, changed := f.value(inner, path+"."+name, v[name]); changed {
				v[name] = settled
			}
		}
	}
	return value, false
}

func elementType(typ tftypes.Type) tftypes.Type {
	switch t := typ.(type) {
	case tftypes.List:
		return t.ElementType
	case tftypes.Set:
		return t.ElementType
	case tftypes.Map:
		return t.ElementType
	}
	return tftypes.String
}

// invent makes up a value from its type and name: ARNs look like ARNs and ids like ids, so that what refers to them gets something of
// the right shape.
func (f *settler) invent(typ tftypes.Type, path string) any {
	f.invented = append(f.invented, path)
	name := path[strings.LastIndex(path, ".")+1:]
	switch {
	case typ.Is(tftypes.Bool):
		return false
	case typ.Is(tftypes.Number):
		return 0.0
	case typ.Is(tftypes.String):
		short := strings.TrimPrefix(f.typeName, "aws_")
		apiName, _, _ := strings.Cut(short, "_")
		switch {
		case name == "arn" || strings.HasSuffix(name, "_arn"):
			return f.call.ARN(apiName, short+"/"+f.call.Hex(12, path))
		case name == "owner_id" || name == "account_id" || name == "aws_account_id":
			return f.call.Account
		case name == "status" || name == "state":
			return "ACTIVE"
		default:
			return strings.ReplaceAll(name, "_", "-") + "-" + f.call.Hex(12, path)
		}
	}
	switch typ.(type) {
	case tftypes.List, tftypes.Set:
		return []any{}
	case tftypes.Map:
		return world.Object{}
	case tftypes.Object:
		return nil
	}
	return nil
}
