package service

import (
	"strings"

	"coderaws/internal/sandbox/world"
)

// Catalog holds all declarations, by name.
type Catalog struct {
	Types       map[string]*Type
	DataSources map[string]*DataSource
}

// NewCatalog collects the declarations of all services.
func NewCatalog() *Catalog {
	catalog := &Catalog{Types: map[string]*Type{}, DataSources: map[string]*DataSource{}}
	for _, service := range [][]*Type{
		vpcTypes(),
	} {
		for _, t := range service {
			catalog.Types[t.Name] = t
		}
	}
	for _, service := range [][]*DataSource{
		accountDataSources(),
	} {
		for _, d := range service {
			catalog.DataSources[d.Name] = d
		}
	}
	return catalog
}

// Admit runs AWS's rules for a create or an update: references, names, quotas, then the type's own checks.
func (t *Type) Admit(c *Call) *world.Error {
	for _, ref := range t.References {
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
	for _, by := range c.World.List(nil) {
		if by.Key() == c.Self.Key() || by.Owner == c.Self.Key() {
			continue
		}
		if c.Catalog.refers(by, c.Self) {
			if err := t.InUse(c, by); err != nil {
				return err
			}
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
		if ref.Weak || !ref.allows(to.Type) {
			continue
		}
		want := to.ID
		if ref.By != "" && ref.By != "id" {
			want = to.String(ref.By)
		}
		for _, value := range Strings(from.Attributes, ref.Path) {
			if value == want {
				return true
			}
		}
	}
	return false
}

func (ref Reference) allows(typ string) bool {
	for _, to := range ref.To {
		if to == typ {
			return true
		}
	}
	return false
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
		if value != "" {
			return ref.Missing(value)
		}
	}
	return nil
}

func (u Unique) check(c *Call, t *Type) *world.Error {
	name := c.String(u.Attribute)
	if name == "" {
		return nil
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
	for _, other := range c.All(t.Name) {
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
