package model

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"coderaws/internal/sandbox/world"
)

// Part says of an argument that what it names are things of AWS's own, which resources of a finer type are too: the inline policies of a
// role, the policy of a bucket. They are stored once, as resources of the finer type, whoever makes them: the argument makes, changes,
// removes and reads these, and nothing of it is kept with the resource that it is written in, which is called the whole here.
type Part struct {
	// Argument is the argument of the whole, or its block.
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
	// Single says that the argument holds one value, and no list of them.
	Single bool
	// None is what the argument shows where there is no part; nil for nothing.
	None func(c *Call) any
	// Missing is AWS's answer where the argument names what is not there, for arguments that make nothing; nil where it is made.
	Missing func(name string) *world.Error
	// Named says that the argument shows no other parts than those that it names.
	Named bool
	// Exclusive says that the argument stands for all parts of the whole: those that it does not name are removed at each create and
	// update. Otherwise those are removed that were in the argument before, as the provider works out a difference.
	Exclusive bool
}

// PolicyPart is the resource policy of a whole: one text in the argument policy, and in the argument policy of the finer type. none is the
// policy that AWS gives to what has no other.
func PolicyPart(finer, of string, none func(c *Call) string) Part {
	return TextPart("policy", finer, of, none)
}

// TextPart is a setting that is one text, by the same name in both types.
func TextPart(argument, finer, of string, none func(c *Call) string) Part {
	return Part{
		Argument: argument, Type: finer, Of: of, Single: true,
		Make: func(_ *Call, element any) world.Object { return world.Object{argument: element} },
		Show: func(_ *Call, part *world.Resource) any { return part.Attributes[argument] },
		None: func(c *Call) any {
			if none == nil {
				return ""
			}
			return none(c)
		},
	}
}

// elements are the elements of a part's argument; none if it is not set.
func elements(value any) []any {
	switch v := value.(type) {
	case nil, world.Unknown:
		return nil
	case []any:
		return v
	case string:
		if v == "" {
			return nil
		}
	}
	return []any{value}
}

// arguments are the arguments of the parts that a value of the argument names.
func (p Part) arguments(c *Call, whole, value any) []world.Object {
	var all []world.Object
	for _, element := range elements(value) {
		if arguments := p.Make(c, element); arguments != nil {
			arguments[p.Of] = whole
			all = append(all, arguments)
		}
	}
	return all
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
	whole := p.whole(c, c.Object)
	return slices.DeleteFunc(c.All(p.Type), func(r *world.Resource) bool { return r.Region != c.Region || r.Attributes[p.Of] != whole })
}

// shown is what the argument shows of what there is. What a state says in other words, or in another order, stays as it says it.
func (p Part) shown(c *Call, state world.Object) any {
	var all []any
	for _, part := range p.in(c) {
		if element := p.Show(c, part); element != nil {
			all = append(all, element)
		}
	}
	before, told := state[p.Argument]
	if p.Named && told {
		all = slices.DeleteFunc(all, func(element any) bool { return !slices.Contains(elements(before), element) })
	}
	if len(all) == 0 && p.None != nil {
		all = elements(p.None(c))
	}
	switch {
	case told && !IsUnknown(before) && sameElements(p.meant(c, before), all):
		return before
	case !p.Single:
		return List(all)
	case len(all) == 0:
		return ""
	}
	return all[0]
}

// meant are the elements of a value that mean a part: an empty block is written to say that there shall be none.
func (p Part) meant(c *Call, value any) []any {
	return slices.DeleteFunc(slices.Clone(elements(value)), func(element any) bool {
		object, block := element.(world.Object)
		return block && p.Make(c, object) == nil
	})
}

// sameElements compares two lists in which the order says nothing.
func sameElements(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	texts := func(list []any) []string {
		all := make([]string, len(list))
		for i := range list {
			all[i] = fmt.Sprintf("%#v", list[i])
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(texts(a), texts(b))
}

// onPart is a call on a part with these arguments.
func (c *Call) onPart(t *Type, object world.Object) *Call {
	return &Call{
		World: c.World, Catalog: c.Catalog, Type: t, Action: world.Create,
		Account: c.Account, Region: c.Region, ProviderRegion: c.ProviderRegion, Object: object,
	}
}

// there finds the thing of AWS that a call means to make, if there is one.
func (c *Call) there() *world.Resource {
	if len(c.Type.Same) > 0 {
		return c.same(c.Object)
	}
	if c.ID == "" {
		c.ID = c.Type.Identify(c)
	}
	return c.existing(c.Object)
}

// same finds a resource by the arguments that tell which thing of AWS is meant, for types whose id does not.
func (c *Call) same(object world.Object) *world.Resource {
	if len(c.Type.Same) == 0 {
		return nil
	}
	for _, r := range c.All(c.Type.Name) {
		if !slices.ContainsFunc(c.Type.Same, func(name string) bool { return !equal(settled(r.Attributes[name]), settled(object[name])) }) {
			return r
		}
	}
	return nil
}

// settled is a value that is compared: no text is the empty one.
func settled(value any) any {
	if IsUnset(value) || value == "" {
		return nil
	}
	return value
}

// writeParts makes what the arguments name, and removes what they do not name any more. An error is AWS's answer to the first part that it
// refuses; what is done until then is done. What was open has not been written.
func (c *Call) writeParts(open world.Object) *world.Error {
	for _, p := range c.Type.Parts {
		t := c.Catalog.Types[p.Type]
		if t == nil || IsUnknown(open[p.Argument]) || !p.Exclusive && !c.Changed(p.Argument) {
			continue
		}
		whole := p.whole(c, c.Object)
		wanted, before := p.arguments(c, whole, c.Object[p.Argument]), p.arguments(c, whole, c.Prior[p.Argument])
		p.unmake(c, t, wanted, before)
		for _, arguments := range wanted {
			if !p.Exclusive && slices.ContainsFunc(before, func(o world.Object) bool { return reflect.DeepEqual(o, arguments) }) {
				continue
			}
			if err := c.putPart(p, t, arguments); err != nil {
				return err
			}
		}
	}
	return nil
}

// unmake removes the parts that are not wanted any more: all others, or those that were named before.
func (p Part) unmake(c *Call, t *Type, wanted, before []world.Object) {
	named := func(list []world.Object) []string {
		var keys []string
		for _, arguments := range list {
			if r := c.onPart(t, world.CopiedObject(arguments)).there(); r != nil {
				keys = append(keys, r.Key())
			}
		}
		return keys
	}
	stays, goes := named(wanted), named(before)
	for _, part := range p.in(c) {
		key := part.Key()
		if !slices.Contains(stays, key) && (slices.Contains(goes, key) || p.Exclusive && p.Show(c, part) != nil) {
			c.removePart(t, part)
		}
	}
}

func (c *Call) removePart(t *Type, part *world.Resource) {
	call := c.onPart(t, part.Attributes)
	call.Action, call.Self, call.ID = world.Delete, part, part.ID
	_ = Rules{}.Carry(call) // a deletion without an ending does not fail
}

// RemoveParts removes what the arguments named, for types that are nothing but lists of others' parts, when they are deleted.
func RemoveParts(c *Call) {
	for _, p := range c.Type.Parts {
		p.unmake(c, c.Catalog.Types[p.Type], nil, p.arguments(c, p.whole(c, c.Object), c.Prior[p.Argument]))
	}
}

// putPart makes a part, or changes the one that there is: that stays whoever's it was.
func (c *Call) putPart(p Part, t *Type, arguments world.Object) *world.Error {
	call := c.onPart(t, arguments)
	if p.Missing != nil {
		if call.there() == nil {
			return p.Missing(call.String("name"))
		}
		return nil
	}
	if err := t.Admit(call); err != nil {
		err.Call = cmp.Or(err.Call, t.CreateCall)
		return err
	}
	call.putOver(c.belongsTo(t, arguments))
	return nil
}

// putOver keeps a part, in the one that there is if there is one.
func (c *Call) putOver(owner string) {
	if c.Self = c.there(); c.Self != nil {
		c.ID, c.Prior = c.Self.ID, c.Self.Attributes
		if id, ok := c.Self.Attributes["id"].(string); ok {
			c.ID = id
		}
		object := world.CopiedObject(c.Self.Attributes)
		for name, value := range c.Object {
			object[name] = value
		}
		c.Object = object
	} else {
		c.Object["id"] = ""
	}
	c.owner = owner
	c.keep()
}

// belongsTo is the key of the resource that a part goes with: what its type's first reference names.
func (c *Call) belongsTo(t *Type, arguments world.Object) string {
	first := t.References[0]
	name, _ := arguments[first.Path].(string)
	for _, to := range first.To {
		if found := c.FindBy(to, cmp.Or(first.By, "id"), name); found != nil {
			return found.Key()
		}
	}
	return ""
}

// kept is what the world keeps of an object: all but what is kept in parts.
func (t *Type) kept(object world.Object) world.Object {
	if len(t.Parts) == 0 {
		return object
	}
	kept := maps.Clone(object)
	for _, p := range t.Parts {
		if _, has := kept[p.Argument]; has && p.Show != nil {
			kept[p.Argument] = nil
		}
	}
	return kept
}

// showParts gives the arguments of an object what there is, as a read of the whole does; state is what the caller knows of them.
func (c *Call) showParts(state world.Object) {
	for _, p := range c.Type.Parts {
		if p.Show != nil {
			c.Object[p.Argument] = p.shown(c, state)
		}
	}
}

// Gather brings a world into the form that this program gives it: what a resource still holds by itself of its parts is made parts of their
// own, unless these are there. So are worlds that an earlier program wrote, and what was changed behind Terraform's back.
func (k *Catalog) Gather(w *world.World) {
	for _, r := range w.List(nil) {
		k.gather(w, r)
	}
}

func (k *Catalog) gather(w *world.World, r *world.Resource) {
	t := k.Types[r.Type]
	if t == nil || len(t.Parts) == 0 {
		return
	}
	c := k.CallBy(w, Caller{Account: r.Account, Region: r.Region})
	c.Type, c.Self, c.ID, c.Object = t, r, r.ID, r.Attributes
	holds := false
	for _, p := range c.Type.Parts {
		if p.Show == nil || len(elements(r.Attributes[p.Argument])) == 0 {
			continue
		}
		holds = true
		if p.None != nil && sameElements(elements(r.Attributes[p.Argument]), elements(p.None(c))) {
			continue
		}
		for _, arguments := range p.arguments(c, p.whole(c, c.Object), r.Attributes[p.Argument]) {
			part := c.onPart(k.Types[p.Type], arguments)
			if part.there() == nil {
				part.putOver(c.belongsTo(part.Type, arguments))
			}
		}
	}
	if holds {
		w.Change(r, t.kept(r.Attributes))
	}
}
