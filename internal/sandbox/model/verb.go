package model

import (
	"fmt"
	"maps"

	"coderaws/internal/sandbox/world"
)

// Actor does what a call asks for in two steps, as AWS does: it takes the call or refuses it, and then carries out what it took. What comes
// between a call and the rules of its type, such as faults that are ordered or a lack of capacity, is an Actor around another one.
type Actor interface {
	// Admit is AWS's answer to a call: nil if it takes it. It changes nothing in the world.
	Admit(c *Call) *world.Error
	// Carry does what was admitted. An error is a failure that AWS reports afterwards: what it has done is done.
	Carry(c *Call) *world.Error
}

// Ending is how a call ends badly that AWS takes.
type Ending struct {
	// Mark puts a resource, before the world keeps it, in the state that shows the failure.
	Mark func(object world.Object)
	// Report is what is heard of it after the call was carried out.
	Report func(c *Call) *world.Error
}

// Verbs are what everybody does with resources: the plugin protocol, services that act by themselves, and the clock. All calls have their
// World, Catalog, Type, Account and regions; the caller holds the world (inside Do).
type Verbs struct{ Actor }

// Create makes the resource of c.Object. It returns the state of what is there afterwards: nil where AWS has refused.
func (v Verbs) Create(c *Call) (world.Object, *world.Error) {
	c.Action, c.actor = world.Create, v.Actor
	c.begin()
	if err := v.Admit(c); err != nil {
		return nil, err
	}
	if err := v.Carry(c); err != nil && c.Self == nil {
		return nil, err
	} else {
		return c.Object, err
	}
}

// begin tells a creation from others of the same arguments.
func (c *Call) begin() {
	c.lineage = []string{c.Type.Name, c.Account, c.Region, world.NaturalKey(c.Object)}
	c.Generation = c.World.Generation(c.lineage...)
}

// Read returns the state of the resource of c.Object, with what other resources have changed about it; nil if it does not exist.
func (v Verbs) Read(c *Call) (world.Object, *world.Error) {
	c.Action = world.Read
	if err := v.Admit(c); err != nil {
		return c.Object, err
	}
	if c.Self = c.existing(c.Object); c.Self == nil {
		return nil, nil
	}
	state := c.State(c.Self)
	if _, has := state["id"]; has && c.ID != c.Self.ID && len(c.Type.Same) > 0 {
		state = maps.Clone(state) // another resource of Terraform's made the same, under an id of its own
		state["id"] = c.ID
	}
	if c.Type.Empty != nil && c.Type.Empty(state) {
		c.Catalog.Remove(c.World, c.Self) // what Terraform is told not to exist, it will not delete
		return nil, nil
	}
	return state, nil
}

// Update changes the resource of c.Prior into c.Object. It returns the state of what is there afterwards: c.Prior where AWS has refused, as
// it does where there is no such resource.
func (v Verbs) Update(c *Call) (world.Object, *world.Error) {
	c.Action, c.actor = world.Update, v.Actor
	c.Self = c.existing(c.Prior)
	if err := v.Admit(c); err != nil {
		return c.Prior, err
	}
	err := v.Carry(c)
	return c.Object, err
}

// Delete deletes the resource of c.Prior; what is gone already needs no deletion. It returns c.Prior where AWS has refused or failed, else
// nil.
func (v Verbs) Delete(c *Call) (world.Object, *world.Error) {
	c.Action, c.actor = world.Delete, v.Actor
	if c.Self = c.existing(c.Prior); c.Self == nil {
		return nil, nil
	}
	c.Object = c.Self.Attributes // rules of deletion look at what exists, not at what Terraform remembers
	err := v.Admit(c)
	if err == nil {
		err = v.Carry(c)
	}
	if err != nil {
		return c.Prior, err
	}
	return nil, nil
}

// Import finds an existing resource by its import id; nil if there is none.
func (v Verbs) Import(c *Call, id string) *world.Resource {
	found := c.World.Get(c.Account, c.Region, c.Type.Name, id)
	if found == nil && c.Type.ImportBy != nil {
		found = c.Type.ImportBy(c, id)
	}
	return found
}

// Adopt puts a resource into the world that was there before anybody asked: no rule is asked. c.ID may be given.
func (v Verbs) Adopt(c *Call) {
	c.Action = world.Create
	c.keep()
}

// existing is the resource with some state, of exactly the call's region.
func (c *Call) existing(state world.Object) *world.Resource {
	if r := c.World.Get(c.Account, c.Region, c.Type.Name, c.Type.key(state, c.ID)); r != nil {
		return r
	}
	return c.same(state)
}

// State is a resource's state with what other resources have changed about it.
func (c *Call) State(r *world.Resource) world.Object {
	declared := c.Catalog.Types[r.Type]
	if declared == nil || declared.Refresh == nil && len(declared.Parts) == 0 {
		return r.Attributes
	}
	read := *c
	read.Type, read.Object, read.Self, read.ID = declared, world.CopiedObject(r.Attributes), r, r.ID
	read.showParts(c.Object)
	if declared.Refresh != nil {
		declared.Refresh(&read)
	}
	return read.Object
}

// Look is what a read of another resource shows, nil of none.
func (c *Call) Look(r *world.Resource) world.Object {
	if r == nil {
		return nil
	}
	looking := *c
	looking.Object = nil
	return looking.State(r)
}

// Rules are the actor that everything else is around: the declarations of types, and nothing besides.
type Rules struct{}

// Admit asks the rules of the type.
func (Rules) Admit(c *Call) *world.Error {
	switch c.Action {
	case world.Create:
		return c.Type.Admit(c)
	case world.Update:
		if c.Self == nil {
			return c.Type.gone(c)
		}
		return c.Type.Admit(c)
	case world.Delete:
		return c.Type.Release(c)
	default:
		return nil
	}
}

// gone answers a change of what does not exist.
func (t *Type) gone(c *Call) *world.Error {
	if t.Gone != nil {
		return t.Gone(c)
	}
	return &world.Error{Message: "it does not exist any more", Timing: "It was deleted while Terraform was at work. Plan again."}
}

// Carry changes the world.
func (Rules) Carry(c *Call) *world.Error {
	switch c.Action {
	case world.Create:
		err := c.make()
		if c.Self != nil {
			c.World.Made(c.lineage...)
		}
		if err != nil {
			return err
		}
	case world.Update:
		if err := c.make(); err != nil {
			return err
		}
	case world.Delete:
		if err := c.removeParts(); err != nil {
			return err
		}
		c.Catalog.Remove(c.World, c.Self)
		if c.Type.Deleted != nil {
			c.Type.Deleted(c)
		}
	default:
		return world.Fail("InternalFailure", "%s", fmt.Sprintf("%s is no change", c.Action))
	}
	if c.Ending != nil {
		return c.Ending.Report(c)
	}
	return nil
}

// make keeps a new or changed resource with its parts. If AWS refuses a part, the resource stays without it, as on AWS, where the provider
// makes one after the other; what is nothing but its parts is then not made.
func (c *Call) make() *world.Error {
	if c.Creating() && len(c.Type.Same) > 0 {
		if same := c.same(c.Object); same != nil {
			c.ID = same.ID
		}
	}
	open := world.Object{}
	for _, p := range c.Type.Parts {
		if IsUnknown(c.Object[p.Argument]) {
			open[p.Argument] = c.Object[p.Argument]
		}
	}
	c.keep()
	for _, p := range c.Type.Parts {
		if len(p.elements(c.Object[p.Argument])) > 0 { // AWS puts in what it was not told, as the security group of an endpoint
			delete(open, p.Argument)
		}
	}
	err := c.writeParts(open)
	for _, p := range c.Type.Parts {
		if IsUnknown(open[p.Argument]) && p.shows() {
			c.Object[p.Argument] = p.shown(c, nil)
		}
	}
	if err != nil && c.Creating() && c.Type.onlyParts() {
		for _, part := range append(c.parts, c.Self) {
			c.World.Remove(part)
		}
		c.Self = nil
		return err
	}
	if len(c.Type.Parts) > 0 && c.Type.Refresh != nil {
		c.Type.Refresh(c)
		c.Self = c.World.Change(c.Self, c.Type.kept(c.Object))
	}
	return err
}

// keep fills a new or changed resource in, and stores it with what AWS makes along with it.
func (c *Call) keep() {
	if c.ID == "" {
		c.ID = c.Type.Identify(c)
	}
	if _, has := c.Object["id"]; has {
		c.Object["id"] = c.ID
	}
	if c.Type.Fill != nil {
		c.Type.Fill(c)
	}
	for _, p := range c.Type.Parts {
		if IsUnknown(c.Object[p.Argument]) {
			c.Object[p.Argument] = nil // is read when the resource is there
		}
	}
	if c.Settle != nil {
		c.Settle(c)
	}
	if c.Ending != nil {
		c.Ending.Mark(c.Object)
	}
	kept := world.Resource{
		Type: c.Type.Name, ID: c.Type.key(c.Object, c.ID), Account: c.Account, Region: c.Region, Owner: c.owner, Failed: c.Ending != nil,
	}
	if c.Self != nil {
		if c.Catalog != nil {
			c.Catalog.fall(c.World, c.Self, c.Object)
		}
		kept = *c.Self // who looked it up before keeps what it had
	}
	kept.Attributes, kept.Waits = c.Type.kept(c.Object), c.Waits
	c.Self = &kept
	c.World.Put(c.Self)
	for _, made := range c.made {
		made.Owner = c.Self.Key()
		c.World.Put(made)
		if c.Catalog != nil { // what is there before anybody asks knows no other types
			c.Catalog.gather(c.World, made)
		}
	}
}
