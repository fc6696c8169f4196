package world

import (
	"cmp"
	"maps"
	"slices"
)

// index finds the resources of a type by the value of one of their string attributes, so that a group of five thousand rules is not looked
// through for each of them. It is built for an attribute when that is first asked for, and follows every change from then on.
type index map[indexed]*column

// indexed is what a column is of. The attribute "" stands for all resources of the type, under the value "".
type indexed struct{ typ, attribute string }

// owners is the column of all types by their owner.
var owners = indexed{}

// column holds resources by value and then by key, and the value under which a key stands.
type column struct {
	rows   map[string]map[string]*Resource
	values map[string]string
}

// put sorts a resource in anew.
func (c *column) put(of indexed, r *Resource) {
	key, value := r.Key(), ""
	switch {
	case of == owners:
		value = r.Owner
	case of.typ != r.Type:
		return
	case of.attribute != "":
		value = r.String(of.attribute)
	}
	c.remove(key)
	if c.rows[value] == nil {
		c.rows[value] = map[string]*Resource{}
	}
	c.rows[value][key], c.values[key] = r, value
}

func (c *column) remove(key string) {
	delete(c.rows[c.values[key]], key)
	delete(c.values, key)
}

func (x index) put(r *Resource) {
	for of, column := range x {
		column.put(of, r)
	}
}

func (x index) remove(key string) {
	for _, column := range x {
		column.remove(key)
	}
}

// at lists the resources that a column has under a value, in order of creation.
func (w *World) at(of indexed, value string) []*Resource {
	if w.index == nil {
		w.index = index{}
	}
	found := w.index[of]
	if found == nil {
		found = &column{rows: map[string]map[string]*Resource{}, values: map[string]string{}}
		for _, r := range w.state.Resources {
			found.put(of, r)
		}
		w.index[of] = found
	}
	return slices.SortedFunc(maps.Values(found.rows[value]), created)
}

// created orders resources by their creation.
func created(a, b *Resource) int {
	if a.Sequence != b.Sequence {
		return cmp.Compare(a.Sequence, b.Sequence)
	}
	return cmp.Compare(a.Key(), b.Key())
}

// Of lists the resources of a type, in order of creation.
func (w *World) Of(typ string) []*Resource { return w.at(indexed{typ: typ}, "") }

// Where lists the resources of a type that have a value as a string attribute at their top level, in order of creation.
func (w *World) Where(typ, attribute, value string) []*Resource {
	return w.at(indexed{typ, attribute}, value)
}

// Owned lists what AWS made for the resource with a key, in order of creation.
func (w *World) Owned(key string) []*Resource { return w.at(owners, key) }
