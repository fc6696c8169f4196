package chart

import (
	"slices"
	"strconv"
)

// field is what stands under a key of a value.
func (r *reader) field(v *value, key string, depth int) *value {
	if v == nil || depth > maxDepth || !r.step() {
		return &value{opaque: true}
	}
	parts := []*value{{opaque: v.opaque}}
	for _, n := range v.nodes {
		if n.depth() >= maxDepth {
			r.open(&value{nodes: []*node{n}})
			continue
		}
		c := n.child(key)
		if n.open && !c.open {
			c.open = true
		}
		parts = append(parts, &value{nodes: []*node{c}})
		parts = append(parts, c.mixed...)
		for _, m := range n.mixed {
			parts = append(parts, r.field(m, key, depth+1))
		}
	}
	for _, s := range v.scopes {
		parts = append(parts, s.field(key), s.extra[key])
	}
	for _, d := range v.dicts {
		parts = append(parts, d.fields[key])
		parts = append(parts, d.other...)
		for _, m := range d.mixed {
			parts = append(parts, r.field(m, key, depth+1))
		}
	}
	return union(parts...)
}

// field is what a template finds in its context.
func (s *scope) field(key string) *value {
	switch key {
	case "Values":
		return &value{nodes: []*node{s.values}}
	case "Chart":
		return &value{dicts: []*dict{{fields: map[string]*value{"Name": {texts: []string{s.name}}}}}}
	case "Template":
		return &value{dicts: []*dict{{fields: map[string]*value{"BasePath": {texts: []string{s.basePath}}}}}}
	case "Subcharts":
		inner := &dict{fields: map[string]*value{}}
		for _, name := range keys(s.inner) {
			inner.fields[name] = &value{scopes: []*scope{s.inner[name]}}
		}
		return &value{dicts: []*dict{inner}}
	case "Files":
		return &value{opaque: true}
	default:
		// .Release and .Capabilities hold no templates.
		return &value{}
	}
}

// keysOf is what range yields as keys. Of a place they are a part of what the release has there.
func keysOf(v *value) *value {
	of := &value{from: v.nodes, opaque: v.opaque || len(v.scopes) > 0}
	for _, d := range v.dicts {
		of.texts = addAll(of.texts, keys(d.fields))
		of.opaque = of.opaque || len(d.other)+len(d.mixed) > 0
	}
	return of
}

// elements is what range goes over: any element of a list, any value of a map.
func (r *reader) elements(v *value) *value { return r.elementsOf(v, 0) }

func (r *reader) elementsOf(v *value, depth int) *value {
	if depth > maxDepth || !r.step() {
		return &value{opaque: true}
	}
	parts := []*value{{opaque: v.opaque}}
	if v.number {
		parts = append(parts, &value{opaque: true}) // range 3
	}
	for _, n := range v.nodes {
		if n.depth() >= maxDepth {
			r.open(&value{nodes: []*node{n}})
			continue
		}
		e := n.element()
		if n.open {
			e.open = true
		}
		parts = append(parts, &value{nodes: []*node{e}})
		for _, key := range keys(n.children) {
			// What is put under a known key is an element, too.
			parts = append(parts, n.children[key].mixed...)
		}
		for _, m := range n.mixed {
			parts = append(parts, r.elementsOf(m, depth+1))
		}
	}
	for _, s := range v.scopes {
		r.open(&value{scopes: []*scope{s}})
	}
	for _, d := range v.dicts {
		for _, key := range keys(d.fields) {
			parts = append(parts, d.fields[key])
		}
		parts = append(parts, d.other...)
		for _, m := range d.mixed {
			parts = append(parts, r.elementsOf(m, depth+1))
		}
	}
	return union(parts...)
}

// under is what an index or get yields for a key that may be any of its constants, or anything.
func (r *reader) under(v, key *value) *value {
	if len(key.texts) == 0 || key.opaque || len(key.nodes) > 0 || len(key.from) > 0 {
		// Which key is read is decided by other values.
		r.open(key)
		return r.elements(v)
	}
	var parts []*value
	for _, text := range key.texts {
		if key.number && len(v.nodes) > 0 {
			parts = append(parts, r.elements(&value{nodes: v.nodes}))
			parts = append(parts, r.field(&value{scopes: v.scopes, dicts: v.dicts, opaque: v.opaque}, text, 0))
			continue
		}
		parts = append(parts, r.field(v, text, 0))
	}
	return union(parts...)
}

// put adds a value under a key of what a template changes: a map of its own, its context, or the values.
func (r *reader) put(to, key, v *value) {
	// A value that holds itself would never end.
	if contains(v, to) {
		r.open(v)
		return
	}
	for _, d := range to.dicts {
		r.writes++
		if len(key.texts) == 0 {
			d.other = append(d.other, v)
			continue
		}
		for _, text := range key.texts {
			if d.fields == nil {
				d.fields = map[string]*value{}
			}
			d.fields[text] = union(d.fields[text], v)
		}
	}
	for _, s := range to.scopes {
		for _, text := range key.texts {
			if s.extra == nil {
				s.extra = map[string]*value{}
			}
			s.extra[text] = r.joined(s.extra[text], v)
		}
	}
	for _, n := range to.nodes {
		if len(key.texts) == 0 {
			e := n.element()
			e.mixed = r.added(e.mixed, v)
			continue
		}
		for _, text := range key.texts {
			c := n.child(text)
			c.mixed = r.added(c.mixed, v)
			if n.open {
				r.open(v)
			}
		}
	}
}

// mix lays values over or under what a template changes.
func (r *reader) mix(to, from *value) {
	if contains(from, to) || len(from.nodes)+len(from.dicts)+len(from.scopes) == 0 {
		return
	}
	for _, d := range to.dicts {
		r.writes++
		d.mixed = append(d.mixed, from)
		// merge goes into the maps that are there already, and a place of the values among them is changed with that, wherever else it is read.
		if d.holdsPlaces() {
			r.open(from)
		}
	}
	for _, n := range to.nodes {
		n.mixed = r.added(n.mixed, from)
		if n.open {
			r.open(from)
		}
	}
}

// joined is a field with another value it may have. It counts as a change if it is one.
func (r *reader) joined(old, v *value) *value {
	joined := union(old, v)
	if old == nil || old.identity(0) != joined.identity(0) {
		r.changed()
	}
	return joined
}

func (r *reader) added(all []*value, v *value) []*value {
	id := v.identity(0)
	for _, old := range all {
		if old.identity(0) == id {
			return all
		}
	}
	r.changed()
	return append(all, v)
}

// changed notes that a template before this one may have read something else than it would now.
func (r *reader) changed() {
	r.changes++
	r.writes++
}

// contains reports whether a value holds one of the places, maps or contexts of another one.
func contains(v, what *value) bool {
	return slices.ContainsFunc(v.nodes, func(n *node) bool { return slices.Contains(what.nodes, n) }) ||
		slices.ContainsFunc(v.scopes, func(s *scope) bool { return slices.Contains(what.scopes, s) }) ||
		slices.ContainsFunc(v.dicts, func(d *dict) bool { return slices.Contains(what.dicts, d) })
}

// list is a list of known elements.
func list(elements []*value) *value {
	d := &dict{fields: map[string]*value{}}
	for i, e := range elements {
		d.fields[strconv.Itoa(i)] = e
	}
	return &value{dicts: []*dict{d}}
}
