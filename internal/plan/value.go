package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// Value is what a plan says of one value: an attribute, a block, an element, an output. It is known, null, or unknown until the plan is
// applied. The zero Value is null. It is a view: nothing is copied, and reading an attribute costs no more than looking it up.
type Value struct {
	// known is the value as encoding/json has it, without what is unknown in it.
	known any
	// unknown is the plan's own account of what it does not know: true, or an object or a list with true somewhere in it.
	unknown any
	// sensitive is its account of what is secret, in the same form.
	sensitive any
	// written are the arguments that the configuration writes in this resource or block; nil where that is not at hand.
	written map[string]*tfjson.Expression
}

// Of makes a value that is known as a whole, as encoding/json decodes it; nil is null.
func Of(known any) Value { return Value{known: known} }

// State says whether the value is known, null or unknown. A list or an object is known though something in it may not be: HasUnknown tells.
func (v Value) State() State {
	switch {
	case v.known != nil:
		return IsKnown
	case v.unknown == nil, v.unknown == false:
		return IsNull
	case v.unknown == true:
		return IsUnknown
	}
	if anyTrue(v.unknown) {
		return IsKnown // a container of which nothing is known but that it is there
	}
	return IsNull
}

// HasUnknown reports whether the value, or anything in it, is unknown.
func (v Value) HasUnknown() bool { return v.known == nil && v.unknown == true || anyTrue(v.unknown) }

// IsSensitive reports whether the value, or anything in it, is secret: such a value may be reckoned with, and must not be shown.
func (v Value) IsSensitive() bool { return anyTrue(v.sensitive) }

// Unknowns lists what is unknown in the value by its path, such as nodes.workspace or subnets[0]; "" is the value itself.
func (v Value) Unknowns() []string {
	var found []string
	listTrue(v.unknown, "", &found)
	return found
}

func listTrue(mark any, path string, found *[]string) {
	switch m := mark.(type) {
	case bool:
		if m {
			*found = append(*found, path)
		}
	case []any:
		for i, element := range m {
			listTrue(element, fmt.Sprintf("%s[%d]", path, i), found)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(m)) {
			listTrue(m[name], strings.TrimPrefix(path+"."+name, "."), found)
		}
	}
}

// anyTrue looks for true in what a plan marks values with.
func anyTrue(mark any) bool {
	switch m := mark.(type) {
	case bool:
		return m
	case []any:
		for _, element := range m {
			if anyTrue(element) {
				return true
			}
		}
	case map[string]any:
		for _, element := range m {
			if anyTrue(element) {
				return true
			}
		}
	}
	return false
}

// Attr is an attribute of a resource or block, or an element of a map. What is in an unknown value is unknown, and what is in none is null.
//
// An attribute that the configuration does not write, and that the plan does not know because AWS fills it in, is null: then AWS's default
// counts, which the reader knows better than the plan. (Of dynamic blocks a plan does not say that they are written. They are known as soon
// as their number is; one that nobody can count yet reads as null.)
func (v Value) Attr(name string) Value {
	if v.State() == IsUnknown {
		return Value{unknown: true, sensitive: v.sensitive}
	}
	inner := Value{known: field(v.known, name), unknown: field(v.unknown, name), sensitive: field(v.sensitive, name)}
	if v.written == nil {
		return inner
	}
	expression := v.written[name]
	if expression == nil || expression.ExpressionData == nil {
		if inner.known == nil && inner.unknown == true {
			inner.unknown = nil
		}
		return inner
	}
	if blocks := expression.NestedBlocks; len(blocks) > 0 {
		inner.written = blocksOf(blocks)
	}
	return inner
}

// Names are the names of an object's attributes, known and unknown, in order.
func (v Value) Names() []string {
	names := map[string]bool{}
	for _, part := range []any{v.known, v.unknown} {
		object, _ := part.(map[string]any)
		for name := range object {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// blocksOf are the arguments that nested blocks write: those that any of them writes.
func blocksOf(blocks []map[string]*tfjson.Expression) map[string]*tfjson.Expression {
	if len(blocks) == 1 {
		return blocks[0]
	}
	all := map[string]*tfjson.Expression{}
	for _, block := range blocks {
		for name, expression := range block {
			all[name] = expression
		}
	}
	return all
}

// field looks a name up in an object or in what marks one: a mark for the whole counts for each attribute.
func field(value any, name string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[name]
	case bool:
		return v
	}
	return nil
}

// element is field for a list.
func element(value any, i int) any {
	switch v := value.(type) {
	case []any:
		if i < len(v) {
			return v[i]
		}
	case bool:
		return v
	}
	return nil
}

// At follows names through objects, and into the only block of a list of blocks: At("scaling_config", "min_size").
func (v Value) At(path ...string) Value {
	for i, name := range path {
		if i > 0 {
			v = v.single()
		}
		v = v.Attr(name)
	}
	return v
}

// single is the first element of a list, as nested blocks that may stand once are written; anything else is itself.
func (v Value) single() Value {
	if !v.IsList() {
		return v
	}
	known, _ := v.known.([]any)
	marks, _ := v.unknown.([]any)
	if len(known) == 0 && len(marks) == 0 {
		return Value{}
	}
	return v.index(0)
}

func (v Value) index(i int) Value {
	return Value{element(v.known, i), element(v.unknown, i), element(v.sensitive, i), v.written}
}

// IsList reports whether the value is a list or a set.
func (v Value) IsList() bool {
	if v.known == nil {
		_, marks := v.unknown.([]any)
		return marks
	}
	_, list := v.known.([]any)
	return list
}

// Elements are the elements of a list or set: null if there is no list, unknown if the plan does not know how many there are.
func (v Value) Elements() Maybe[[]Value] {
	switch v.State() {
	case IsNull:
		return Null[[]Value]()
	case IsUnknown:
		return Unknown[[]Value]()
	}
	if !v.IsList() {
		return Unknown[[]Value]()
	}
	known, _ := v.known.([]any)
	marks, _ := v.unknown.([]any)
	list := make([]Value, max(len(known), len(marks)))
	for i := range list {
		list[i] = v.index(i)
	}
	return Known(list)
}

// Blocks are the nested blocks of a name. Blocks of which the plan does not know how many there are read as one in which all is unknown, so
// that whoever reads them has to decide.
func (v Value) Blocks(name string) []Value {
	inner := v.Attr(name)
	list, state := inner.Elements().Get()
	switch state {
	case IsUnknown:
		return []Value{{unknown: true, sensitive: inner.sensitive}}
	case IsNull:
		return nil
	}
	return list
}

// Text is a string.
func (v Value) Text() Maybe[string] {
	if s, ok := v.known.(string); ok {
		return Known(s)
	}
	return without[string](v)
}

// Bool is a boolean.
func (v Value) Bool() Maybe[bool] {
	if b, ok := v.known.(bool); ok {
		return Known(b)
	}
	return without[bool](v)
}

// Number is a number, or a string that is one, as Terraform takes it too.
func (v Value) Number() Maybe[float64] {
	switch n := v.known.(type) {
	case float64:
		return Known(n)
	case json.Number:
		return parsed(string(n))
	case string:
		return parsed(n)
	}
	return without[float64](v)
}

func parsed(text string) Maybe[float64] {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return Unknown[float64]()
	}
	return Known(n)
}

// largest is the greatest whole number of which float64 has every smaller one.
const largest = 1 << 53

// Count is a whole number. What is none, or is too large to count with, is unknown.
func (v Value) Count() Maybe[int] {
	n, state := v.Number().Get()
	switch {
	case state == IsNull:
		return Null[int]()
	case state == IsUnknown || n != math.Trunc(n) || math.Abs(n) > largest:
		return Unknown[int]()
	}
	return Known(int(n))
}

// Texts is a list of strings; unknown if any of them is.
func (v Value) Texts() Maybe[[]string] {
	elements, state := v.Elements().Get()
	if state != IsKnown {
		return without[[]string](v)
	}
	texts := make([]string, 0, len(elements))
	for _, element := range elements {
		text, state := element.Text().Get()
		switch state {
		case IsUnknown:
			return Unknown[[]string]()
		case IsKnown:
			texts = append(texts, text)
		}
	}
	return Known(texts)
}

// without is the answer for what is not of the kind that is asked for: null, or else unknown, as nothing is known of it.
func without[T any](v Value) Maybe[T] {
	if v.State() == IsNull {
		return Null[T]()
	}
	return Unknown[T]()
}

// Known is what is known of the value, as encoding/json has it: attributes and elements that are unknown are missing or null. It is for
// what compares or passes on whole values, and must not be changed.
func (v Value) Known() any { return v.known }

// Object is Known for a resource or block; nil if it is none.
func (v Value) Object() map[string]any {
	object, _ := v.known.(map[string]any)
	return object
}

// String words the value for a log or a test; secrets are not shown.
func (v Value) String() string {
	switch {
	case v.IsSensitive():
		return "(sensitive)"
	case v.State() == IsUnknown:
		return "(unknown)"
	}
	text, err := json.Marshal(v.known)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return string(text)
}

// MarshalJSON refuses to write values as they are, so that no secret gets into a document by accident.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }
