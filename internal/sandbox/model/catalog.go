package model

import (
	"maps"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// Catalog holds all declarations, by name.
type Catalog struct {
	Types       map[string]*Type
	DataSources map[string]*DataSource
}

// Service is what one service of AWS declares.
type Service struct {
	Types       []*Type
	DataSources []*DataSource
	// Blank is the service's answer where an argument that it requires is empty; ValidationException if nil.
	Blank func(argument string) *world.Error
}

// NewCatalog makes a catalog of the declarations of some services.
func NewCatalog(services ...Service) *Catalog {
	catalog := &Catalog{Types: map[string]*Type{}, DataSources: map[string]*DataSource{}}
	for _, service := range services {
		for _, t := range service.Types {
			catalog.Types[t.Name] = t
			if t.blank = service.Blank; t.blank == nil {
				t.blank = Blank("ValidationException")
			}
		}
		for _, d := range service.DataSources {
			catalog.DataSources[d.Name] = d
		}
	}
	return catalog
}

// Admit runs AWS's rules for a create or an update: references, names, quotas, then the type's own checks.
func (t *Type) Admit(c *Call) *world.Error {
	for _, ref := range t.References {
		if err := ref.given(c, t); err != nil {
			return err
		}
		if err := ref.resolve(c); err != nil {
			return err
		}
	}
	if c.Creating() {
		for _, unique := range t.Unique {
			if err := unique.check(c, t); err != nil {
				return err
			}
		}
	}
	for _, check := range t.Checks {
		if err := check(c); err != nil {
			return err
		}
	}
	if c.Creating() {
		for _, quota := range t.Quotas {
			if err := quota.check(c, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// Release runs AWS's rules for a deletion.
func (t *Type) Release(c *Call) *world.Error {
	for _, check := range t.BeforeDelete {
		if err := check(c); err != nil {
			return err
		}
	}
	if t.InUse == nil {
		return nil
	}
	for _, by := range c.World.List(func(by *world.Resource) bool { return c.Catalog.refers(by, c.Self) }) {
		if by.Key() == c.Self.Key() || by.Owner == c.Self.Key() {
			continue
		}
		if err := t.InUse(c, by); err != nil {
			return err
		}
	}
	return nil
}

// refers reports whether one resource names another in a way that stops its deletion.
func (k *Catalog) refers(from, to *world.Resource) bool {
	declared := k.Types[from.Type]
	if declared == nil || from.Account != to.Account || (from.Region != to.Region && from.Region != Global && to.Region != Global) {
		return false
	}
	for _, ref := range declared.References {
		if !ref.Weak && !ref.Inside && ref.names(from, to) {
			return true
		}
	}
	return false
}

// Remove deletes a resource from the world, with what AWS made for it and what is a part of it.
func (k *Catalog) Remove(w *world.World, r *world.Resource) {
	for _, part := range append(w.Owned(r.Key()), k.inside(w, r)...) {
		if w.Get(part.Account, part.Region, part.Type, part.ID) != nil {
			k.Remove(w, part)
		}
	}
	w.Remove(r)
	k.unmake(w, r)
	k.fall(w, r, nil)
}

// inside lists what is a part of a resource.
func (k *Catalog) inside(w *world.World, whole *world.Resource) []*world.Resource {
	var parts []*world.Resource
	for _, name := range slices.Sorted(maps.Keys(k.Types)) {
		for _, ref := range k.Types[name].References {
			if !ref.Inside || !ref.allows(whole.Type) {
				continue
			}
			for _, part := range w.Of(name) {
				if part.Account == whole.Account && part.Region == whole.Region && part.Key() != whole.Key() && ref.names(part, whole) {
					parts = append(parts, part)
				}
			}
		}
	}
	return parts
}

// names reports whether the argument of one resource means the other.
func (ref Reference) names(from, to *world.Resource) bool {
	if !ref.allows(to.Type) {
		return false
	}
	want := to.ID
	if ref.By != "" && ref.By != "id" {
		want = to.String(ref.By)
	}
	return slices.Contains(Strings(from.Attributes, ref.Path), want)
}

// key is the id under which the world keeps a resource of the type: Terraform's id, within its scope where it is unique only there.
func (t *Type) key(object world.Object, id string) string {
	var scope strings.Builder
	for _, attribute := range t.Scope {
		within, _ := object[attribute].(string)
		scope.WriteString(within + "/")
	}
	return scope.String() + id
}

func (ref Reference) allows(typ string) bool {
	for _, to := range ref.To {
		if to == typ {
			return true
		}
	}
	return false
}

// given holds a reference that is required to a value. What checks and Fill look up by it exists then, unless Missing takes what the world
// does not hold.
func (ref Reference) given(c *Call, t *Type) *world.Error {
	if c.Requires == nil || !c.Requires(ref.Path) {
		return nil
	}
	names := strings.Split(ref.Path, ".")
	argument := names[len(names)-1]
	for _, within := range c.Within(names[:len(names)-1]) {
		if value := within[argument]; value == nil || value == "" {
			return t.blank(argument)
		}
	}
	return nil
}

func (ref Reference) resolve(c *Call) *world.Error {
	if ref.Missing == nil {
		return nil
	}
	by := ref.By
	if by == "" {
		by = "id"
	}
values:
	for _, value := range c.Strings(ref.Path) {
		for _, to := range ref.To {
			if c.FindBy(to, by, value) != nil {
				continue values
			}
		}
		if value == "" {
			continue
		}
		// Missing answers nil for what may exist outside of the world, such as AWS's own policies.
		if err := ref.Missing(value); err != nil {
			return err
		}
	}
	return nil
}

func (u Unique) check(c *Call, t *Type) *world.Error {
	name := c.String(u.Attribute)
	if name == "" {
		return nil
	}
	if u.Within == "" && c.World.NameTaken(t.Name, c.Region, name, u.FoldCase) {
		return u.Taken(c, name)
	}
	for _, other := range c.All(t.Name) {
		same := other.String(u.Attribute) == name || u.FoldCase && strings.EqualFold(other.String(u.Attribute), name)
		if same && (u.Within == "" || other.String(u.Within) == c.String(u.Within)) {
			return u.Taken(c, name)
		}
	}
	return nil
}

func (q Quota) check(c *Call, t *Type) *world.Error {
	if q.Only != nil && !q.Only(c.Object) {
		return nil
	}
	scope := ""
	if q.Per != nil {
		scope = q.Per(c, c.Object)
	}
	count := 1.0
	others := c.All
	if q.Within != "" {
		others = func(typ string) []*world.Resource { return c.Where(typ, q.Within, c.String(q.Within)) }
	}
	for _, other := range others(t.Name) {
		if q.Only != nil && !q.Only(other.Attributes) {
			continue
		}
		if q.Per == nil || q.Per(c, other.Attributes) == scope {
			count++
		}
	}
	if !c.World.Use(q.Quota, c.Region, scope, count) {
		return q.Exceeded()
	}
	return nil
}
