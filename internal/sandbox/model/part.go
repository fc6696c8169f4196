package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// Part says of an argument that what it names are things of AWS's own, which resources of a finer type are too: the inline policies of a
// role, the policy of a bucket. They are stored once, as resources of the finer type, whoever makes them: the argument makes, changes,
// removes and reads these, and nothing of it is kept with the resource that it is written in, which is called the whole here.
type Part struct {
	// Argument is the argument of the whole, or its block. It is empty where a resource as such is nothing but things of the finer type, as a
	// rule of aws_security_group_rule is one rule of the newer type for each of its sources: it stands as long as all of them do.
	Argument string
	// Type is the finer type, such as aws_iam_role_policy.
	Type string
	// Of is the argument of the finer type that names the whole, and By the attribute of the whole that it names, id if empty.
	Of, By string
	// Make returns the arguments of the part that an element of the argument is, beside Of; nil if it is none. It may look at c.Creating.
	Make func(c *Call, element any) world.Object
	// Show returns the element that a part is in the argument; nil if the argument does not show it. A nil Show reads nothing: the provider
	// then keeps what was configured.
	Show func(c *Call, part *world.Resource) any
	// Split does what Make does where an element is several parts, and Join what Show does where several parts are one element: the rules of a
	// security group that differ in their source alone.
	Split func(c *Call, element any) []world.Object
	Join  func(c *Call, parts []*world.Resource) []any
	// Key is what AWS tells the parts of a whole apart by, such as the destination of a route, where the id of the finer type does not.
	Key func(part world.Object) string
	// Content is all that AWS keeps of a part, for those that can be worded in several ways; nil compares the arguments that an element gives.
	Content func(part world.Object) string
	// Only tells which parts of the whole stand in this argument; nil takes all.
	Only func(part world.Object) bool
	// Single says that all of the argument is one part, such as a policy or a block of settings: Make gets its value, and Show returns it.
	Single bool
	// None is what a single argument shows where there is no part; nil for no text.
	None func(c *Call) any
	// Missing is AWS's answer where the argument names what is not there, for arguments that make nothing; nil where it is made.
	Missing func(name string) *world.Error
	// Named says that the argument shows no other parts than those that it names.
	Named bool
	// Exclusive says that the argument stands for all parts of the whole: those that it does not name are removed at each create and
	// update. Otherwise those are removed that were in the argument before, as the provider works out a difference.
	Exclusive bool
}

// TextPart is a setting that is one text, such as a policy. as is its name in the finer type.
func TextPart(argument, finer, of, as string) Part {
	return Part{
		Argument: argument, Type: finer, Of: of, Single: true,
		Make: func(_ *Call, text any) world.Object { return world.Object{as: text} },
		Show: func(_ *Call, part *world.Resource) any { return part.Attributes[as] },
	}
}

// Else is a part that shows something else than nothing where it is not there.
func (p Part) Else(none func(c *Call) any) Part {
	p.None = none
	return p
}

// elements are the elements of a value of the argument, each of which may be parts; none if it is not set.
func (p Part) elements(value any) []any {
	list, many := value.([]any)
	switch {
	case IsUnset(value) || value == "" || many && len(list) == 0:
		return nil
	case many && !p.Single:
		return list
	}
	return []any{value}
}

// bare is a value without what says nothing, which a configuration may write or leave out; nil if it says nothing at all.
func bare(value any) any {
	switch v := value.(type) {
	case nil, world.Unknown:
		return nil
	case string, bool, float64:
		if reflect.ValueOf(v).IsZero() {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		list := make([]any, len(v))
		for i := range v {
			list[i] = bare(v[i])
		}
		return list
	case world.Object:
		object := world.Object{}
		for name, inner := range v {
			if told := bare(inner); told != nil {
				object[name] = told
			}
		}
		return object
	}
	return value
}

// value is the value of the argument in an object.
func (p Part) value(object world.Object) any {
	switch {
	case p.Argument != "":
		return object[p.Argument]
	case object == nil:
		return nil
	}
	return object
}

// arguments are the arguments of the parts that a value of the argument names.
func (p Part) arguments(c *Call, whole, value any) []world.Object {
	var all []world.Object
	for _, element := range p.elements(value) {
		all = append(all, p.split(c, whole, element)...)
	}
	return all
}

// split gives the arguments of the parts that an element is.
func (p Part) split(c *Call, whole, element any) []world.Object {
	var parts []world.Object
	if p.Split != nil {
		parts = p.Split(c, element)
	} else if part := p.Make(c, element); part != nil {
		parts = []world.Object{part}
	}
	for _, part := range parts {
		part[p.Of] = whole
	}
	return parts
}

// whole is what the parts of an object name it by.
func (p Part) whole(c *Call, object world.Object) any {
	if p.By == "" {
		return c.ID
	}
	return object[p.By]
}

// in lists the parts of the whole that the world has.
func (p Part) in(c *Call) []*world.Resource {
	whole, _ := p.whole(c, c.Object).(string)
	return slices.DeleteFunc(c.Where(p.Type, p.Of, whole), func(r *world.Resource) bool {
		return r.Region != c.Region || p.Only != nil && !p.Only(r.Attributes)
	})
}

// there finds the part that arguments mean, if there is one.
func (p Part) there(c *Call, arguments world.Object) *world.Resource {
	if p.Key == nil {
		return c.onPart(c.Catalog.Types[p.Type], world.CopiedObject(arguments)).there()
	}
	for _, part := range p.in(c) {
		if p.Key(part.Attributes) == p.Key(arguments) {
			return part
		}
	}
	return nil
}

// shown is what the argument shows of what there is. What a state says in other words, or in another order, stays as it says it.
func (p Part) shown(c *Call, state world.Object) any {
	if p.Join != nil {
		return p.joined(c, state)
	}
	before, told := state[p.Argument]
	var all []any
	for _, part := range p.in(c) {
		element := p.Show(c, part)
		if element != nil && (!p.Named || !told || slices.Contains(p.elements(before), element)) {
			all = append(all, element)
		}
	}
	var now any = List(all)
	if p.Single {
		now = p.none(c)
		if len(all) > 0 {
			now = all[0]
		}
	}
	if told && !IsUnknown(before) && p.means(c, before) == p.means(c, now) {
		return before
	}
	return now
}

// none is what the argument shows where there is no part.
func (p Part) none(c *Call) any {
	switch {
	case p.None != nil:
		return p.None(c)
	case p.Single:
		return ""
	}
	return nil
}

// means is a value of the argument as a text that is the same for all values that mean the same: the order of parts says nothing, and an
// empty block is written to say that there shall be none.
func (p Part) means(c *Call, value any) string {
	var texts []string
	for _, element := range p.elements(value) {
		object, block := element.(world.Object)
		if block && p.Make != nil && p.Make(c, object) == nil {
			continue
		}
		texts = append(texts, fmt.Sprintf("%#v", bare(element)))
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// joined is the argument in the words of a state, element by element, as far as they are still true, and then what else there is.
func (p Part) joined(c *Call, state world.Object) []any {
	left, list := p.in(c), []any{}
words:
	for _, element := range p.elements(p.value(state)) {
		rest := slices.Clone(left)
		for _, arguments := range p.split(c, p.whole(c, c.Object), element) {
			i := slices.IndexFunc(rest, func(part *world.Resource) bool { return p.says(arguments, part.Attributes) })
			if i < 0 {
				continue words
			}
			rest = slices.Delete(rest, i, i+1)
		}
		left, list = rest, append(list, element)
	}
	return append(list, p.Join(c, left)...)
}

// says reports whether arguments say of a part what it is.
func (p Part) says(arguments, part world.Object) bool {
	if p.Content != nil {
		return p.Content(arguments) == p.Content(part)
	}
	for name, value := range arguments {
		if !equal(settled(value), settled(part[name])) {
			return false
		}
	}
	return true
}
