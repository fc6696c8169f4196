package model

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"coderaws/internal/sandbox/world"
)

// onPart is a call on a part with these arguments, by who makes the call on the whole.
func (c *Call) onPart(t *Type, object world.Object) *Call {
	return &Call{
		World: c.World, Catalog: c.Catalog, Type: t, Action: world.Create, Caller: c.Caller, actor: c.actor, whole: c.Type,
		Account: c.Account, Region: c.Region, ProviderRegion: c.ProviderRegion, Object: object,
	}
}

// OnPart reports whether the call is one of those that another one consists of: AWS hears it, and Terraform knows of no resource.
func (c *Call) OnPart() bool { return c.whole != nil }

// ask lets whoever makes a call on a part have it admitted and carried out, as a call on a whole is. Where AWS refuses, the answer says
// which call it is about.
func (c *Call) ask(step func(Actor, *Call) *world.Error) *world.Error {
	actor := c.actor
	if actor == nil {
		actor = Rules{}
	}
	err := step(actor, c)
	if err == nil {
		return nil
	}
	answer := *err
	answer.Call = cmp.Or(err.Call, map[world.Action]string{
		world.Create: c.Type.CreateCall, world.Update: c.Type.UpdateCall, world.Delete: c.Type.DeleteCall}[c.Action])
	return &answer
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
		if t == nil || IsUnknown(open[p.Argument]) || !p.Exclusive && !c.changes(p) {
			continue
		}
		whole := p.whole(c, c.Object)
		wanted, before := p.arguments(c, whole, p.value(c.Object)), p.arguments(c, whole, p.value(c.Prior))
		if err := p.unmake(c, t, wanted, before); err != nil {
			return err
		}
		for _, arguments := range wanted {
			if !p.Exclusive && slices.ContainsFunc(before, func(o world.Object) bool { return reflect.DeepEqual(o, arguments) }) {
				continue
			}
			if err := c.putPart(p, t, arguments, before); err != nil {
				return err
			}
		}
	}
	return nil
}

// changes reports whether a call changes the value of the argument. On create it is true.
func (c *Call) changes(p Part) bool {
	return c.Creating() || !equal(p.value(c.Prior), p.value(c.Object))
}

// unmake removes the parts that are not wanted any more: all others, or those that were named before. An error is AWS's answer to the first
// that it does not let go.
func (p Part) unmake(c *Call, t *Type, wanted, before []world.Object) *world.Error {
	named := func(list []world.Object) []string {
		var keys []string
		for _, arguments := range list {
			if r := p.there(c, arguments); r != nil {
				keys = append(keys, r.Key())
			}
		}
		return keys
	}
	stays, goes := named(wanted), named(before)
	for _, part := range p.in(c) {
		key := part.Key()
		if !slices.Contains(stays, key) && (slices.Contains(goes, key) || p.Exclusive && p.Show(c, part) != nil) {
			if err := c.removePart(t, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Call) removePart(t *Type, part *world.Resource) *world.Error {
	call := c.onPart(t, part.Attributes)
	call.Action, call.Self, call.ID, call.Prior = world.Delete, part, part.ID, part.Attributes
	if err := call.ask(Actor.Admit); err != nil {
		return err
	}
	return call.ask(Actor.Carry)
}

// removeParts removes what the arguments named of a type that is nothing but a list of others' parts, when it is deleted.
func (c *Call) removeParts() *world.Error {
	if !c.Type.Lists {
		return nil
	}
	for _, p := range c.Type.Parts {
		if err := p.unmake(c, c.Catalog.Types[p.Type], nil, p.arguments(c, p.whole(c, c.Object), p.value(c.Prior))); err != nil {
			return err
		}
	}
	return nil
}

// putPart makes a part, or changes the one that there is: that stays whoever's it was. AWS is asked to change what the argument named
// before, and to make what it did not, which it may refuse where there is one.
func (c *Call) putPart(p Part, t *Type, arguments world.Object, before []world.Object) *world.Error {
	call := c.onPart(t, arguments)
	if p.Key != nil && slices.ContainsFunc(before, func(o world.Object) bool { return p.Key(o) == p.Key(arguments) }) {
		if old := p.there(c, arguments); old != nil {
			call.turn(old)
		}
	}
	if p.Missing != nil {
		if call.there() == nil {
			return p.Missing(call.String("name"))
		}
		return nil
	}
	if err := call.ask(Actor.Admit); err != nil {
		return err
	}
	c.over(p, call)
	err := call.ask(Actor.Carry)
	if call.Creating() && call.Self != nil {
		c.parts = append(c.parts, call.Self)
	}
	return err
}

// turn makes a call one that changes what there is: arguments that it does not name stay.
func (c *Call) turn(old *world.Resource) {
	c.Action, c.Self, c.Prior, c.ID = world.Update, old, old.Attributes, old.ID
	if id, ok := old.Attributes["id"].(string); ok {
		c.ID = id
	}
	object := world.CopiedObject(old.Attributes)
	maps.Copy(object, c.Object)
	c.Object = object
}

// over makes a call on a part one on the part that there is, if there is one.
func (c *Call) over(p Part, part *Call) {
	part.owner = c.belongsTo(part.Type, part.Object)
	if part.Self == nil {
		if old := p.there(c, part.Object); old != nil {
			part.turn(old)
		}
	}
	if part.Self == nil {
		part.begin()
		part.Object["id"] = ""
	}
}

// putOver keeps a part, in the one that there is if there is one, without asking anybody.
func (c *Call) putOver(p Part, part *Call) {
	c.over(p, part)
	if part.Self == nil {
		part.World.Made(part.lineage...)
	}
	part.keep()
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
		if _, has := kept[p.Argument]; has && p.shows() {
			kept[p.Argument] = nil
		}
	}
	return kept
}

// shows reports whether a read shows what there is in the argument.
func (p Part) shows() bool { return p.Show != nil || p.Join != nil }

// showParts gives the arguments of an object what there is, as a read of the whole does; state is what the caller knows of them.
func (c *Call) showParts(state world.Object) {
	for _, p := range c.Type.Parts {
		if p.shows() {
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
	c, holds := k.about(w, r), false
	for _, p := range c.Type.Parts {
		value := p.value(r.Attributes)
		if p.Argument != "" && !p.shows() || len(p.elements(value)) == 0 {
			continue
		}
		holds = holds || p.Argument != ""
		if p.None != nil && p.means(c, value) == p.means(c, p.None(c)) {
			continue
		}
		for _, arguments := range p.arguments(c, p.whole(c, c.Object), value) {
			if p.there(c, arguments) == nil {
				c.putOver(p, c.onPart(k.Types[p.Type], arguments))
			}
		}
	}
	if holds {
		w.Change(r, t.kept(r.Attributes))
	}
}

// unmake removes what a resource that is nothing but its parts was made of.
func (k *Catalog) unmake(w *world.World, r *world.Resource) {
	t := k.Types[r.Type]
	if t == nil || !t.onlyParts() {
		return
	}
	c := k.about(w, r)
	c.actor = along{}
	for _, p := range t.Parts {
		_ = p.unmake(c, k.Types[p.Type], nil, p.arguments(c, p.whole(c, c.Object), c.Object)) // what goes along is not refused
	}
}

// along carries out what nobody asks for: what goes with something else.
type along struct{ Rules }

// Admit takes everything.
func (along) Admit(*Call) *world.Error { return nil }

// onlyParts reports whether resources of a type are nothing but their parts.
func (t *Type) onlyParts() bool {
	return slices.ContainsFunc(t.Parts, func(p Part) bool { return p.Argument == "" })
}

// about is a call on something that exists, by nobody.
func (k *Catalog) about(w *world.World, r *world.Resource) *Call {
	c := k.CallBy(w, Caller{Account: r.Account, Region: r.Region})
	c.Type, c.Self, c.ID, c.Object = k.Types[r.Type], r, r.ID, r.Attributes
	return c
}

// fall removes the resources that are nothing but their parts and of which one is gone, or was changed into another.
func (k *Catalog) fall(w *world.World, part *world.Resource, now world.Object) {
	for _, t := range k.Types {
		for _, p := range t.Parts {
			if p.Argument != "" || p.Type != part.Type || now != nil && p.Key(now) == p.Key(part.Attributes) {
				continue
			}
			is := func(arguments world.Object) bool { return p.Key(arguments) == p.Key(part.Attributes) }
			for _, whole := range w.Where(t.Name, p.By, part.String(p.Of)) {
				if whole.Account == part.Account && whole.Region == part.Region &&
					slices.ContainsFunc(p.arguments(k.about(w, whole), nil, whole.Attributes), is) {
					w.Remove(whole)
				}
			}
		}
	}
}
