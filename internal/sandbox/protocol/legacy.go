package protocol

import (
	"slices"

	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// sdkWritten reports whether a type of the provider is written with the older of its two plugin SDKs. That SDK gives every type
// an id that may be set, which the newer framework does not.
func sdkWritten(block *schema.Block) bool {
	id := block.Attribute("id")
	return id != nil && id.Optional && id.Computed
}

// legacy turns the value of an argument into what the older SDK plans for it (measured on the real provider): a set or map of which one
// element is not known is not known as a whole, and in objects that are attributes (such as the rules of a security group) nothing but
// numbers is null.
func legacy(typ tftypes.Type, value any) any {
	switch t := typ.(type) {
	case tftypes.Set:
		elements, ok := value.([]any)
		if !ok {
			return value
		}
		if slices.ContainsFunc(elements, IsUnknown) {
			return world.Unknown{}
		}
		return legacyElements(t.ElementType, elements)
	case tftypes.Map:
		if PartlyUnknown(value) {
			return world.Unknown{}
		}
	case tftypes.List:
		if elements, ok := value.([]any); ok {
			return legacyElements(t.ElementType, elements)
		}
	}
	return value
}

func legacyElements(typ tftypes.Type, elements []any) []any {
	object, ok := typ.(tftypes.Object)
	if !ok {
		return elements
	}
	filled := make([]any, len(elements))
	for i, element := range elements {
		attributes, ok := element.(world.Object)
		if !ok {
			filled[i] = element
			continue
		}
		full := world.Object{}
		for name, inner := range object.AttributeTypes {
			full[name] = legacy(inner, attributes[name])
			if full[name] == nil {
				full[name] = zero(inner)
			}
		}
		filled[i] = full
	}
	return filled
}

// zero is what the older SDK has in the place of null; numbers stay null.
func zero(typ tftypes.Type) any {
	switch {
	case typ.Is(tftypes.String):
		return ""
	case typ.Is(tftypes.Bool):
		return false
	case typ.Is(tftypes.List{}), typ.Is(tftypes.Set{}):
		return []any{}
	}
	return nil
}

// IsUnknown reports whether a value is not known yet.
func IsUnknown(value any) bool {
	_, is := value.(world.Unknown)
	return is
}

// PartlyUnknown reports whether anything in a value is not known.
func PartlyUnknown(value any) bool {
	switch v := value.(type) {
	case world.Unknown:
		return true
	case []any:
		return slices.ContainsFunc(v, PartlyUnknown)
	case world.Object:
		for _, inner := range v {
			if PartlyUnknown(inner) {
				return true
			}
		}
	}
	return false
}
