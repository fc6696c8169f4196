package protocol

import (
	"fmt"
	"math/big"

	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Decode turns a value from the wire into plain Go values. A null object is nil.
func Decode(wire *tfprotov5.DynamicValue, typ tftypes.Type) (world.Object, error) {
	if wire == nil {
		return nil, nil
	}
	value, err := wire.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	return Plain(value)
}

// Plain turns an object of Terraform into plain Go values. A null object is nil.
func Plain(value tftypes.Value) (world.Object, error) {
	plain, err := fromValue(value)
	if err != nil {
		return nil, err
	}
	object, _ := plain.(world.Object)
	return object, nil
}

// Encode turns plain Go values into a value for the wire. A nil object is null.
func Encode(object world.Object, typ tftypes.Type) (*tfprotov5.DynamicValue, error) {
	value, err := Value(object, typ)
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov5.NewDynamicValue(typ, value)
	return &wire, err
}

// Value turns plain Go values into an object of Terraform. A nil object is null.
func Value(object world.Object, typ tftypes.Type) (tftypes.Value, error) {
	var plain any
	if object != nil {
		plain = object
	}
	return toValue(plain, typ)
}

func fromValue(v tftypes.Value) (any, error) {
	if !v.IsKnown() {
		return world.Unknown{}, nil
	}
	if v.IsNull() {
		return nil, nil
	}
	typ := v.Type()
	switch {
	case typ.Is(tftypes.String):
		var s string
		err := v.As(&s)
		return s, err
	case typ.Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return b, err
	case typ.Is(tftypes.Number):
		n := new(big.Float)
		if err := v.As(n); err != nil {
			return nil, err
		}
		f, _ := n.Float64()
		return f, nil
	}
	switch typ.(type) {
	case tftypes.List, tftypes.Set, tftypes.Tuple:
		var elements []tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		list := make([]any, len(elements))
		for i, element := range elements {
			plain, err := fromValue(element)
			if err != nil {
				return nil, err
			}
			list[i] = plain
		}
		return list, nil
	case tftypes.Map, tftypes.Object:
		var elements map[string]tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		object := make(world.Object, len(elements))
		for name, element := range elements {
			plain, err := fromValue(element)
			if err != nil {
				return nil, err
			}
			object[name] = plain
		}
		return object, nil
	}
	return nil, fmt.Errorf("value of unexpected type %s", typ)
}

func toValue(plain any, typ tftypes.Type) (tftypes.Value, error) {
	switch p := plain.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case world.Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	case []any:
		return listValue(p, typ)
	case world.Object:
		return objectValue(p, typ)
	case string:
		if typ.Is(tftypes.String) {
			return tftypes.NewValue(typ, p), nil
		}
	case bool:
		if typ.Is(tftypes.Bool) {
			return tftypes.NewValue(typ, p), nil
		}
	case float64:
		if typ.Is(tftypes.Number) {
			return tftypes.NewValue(typ, p), nil
		}
	case int:
		if typ.Is(tftypes.Number) {
			return tftypes.NewValue(typ, p), nil
		}
	}
	return tftypes.Value{}, fmt.Errorf("%T %v is no %s", plain, plain, typ)
}

func listValue(list []any, typ tftypes.Type) (tftypes.Value, error) {
	var element tftypes.Type
	switch t := typ.(type) {
	case tftypes.List:
		element = t.ElementType
	case tftypes.Set:
		element = t.ElementType
	default:
		return tftypes.Value{}, fmt.Errorf("a list is no %s", typ)
	}
	values := make([]tftypes.Value, len(list))
	for i, plain := range list {
		value, err := toValue(plain, element)
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("[%d]: %w", i, err)
		}
		values[i] = value
	}
	return tftypes.NewValue(typ, values), nil
}

func objectValue(object world.Object, typ tftypes.Type) (tftypes.Value, error) {
	values := map[string]tftypes.Value{}
	switch t := typ.(type) {
	case tftypes.Map:
		for name, plain := range object {
			value, err := toValue(plain, t.ElementType)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			values[name] = value
		}
	case tftypes.Object:
		for name := range object {
			if _, ok := t.AttributeTypes[name]; !ok {
				return tftypes.Value{}, fmt.Errorf("no attribute %s in the schema", name)
			}
		}
		for name, attribute := range t.AttributeTypes {
			value, err := toValue(object[name], attribute)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			values[name] = value
		}
	default:
		return tftypes.Value{}, fmt.Errorf("an object is no %s", typ)
	}
	return tftypes.NewValue(typ, values), nil
}
