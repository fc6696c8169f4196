package chart

import (
	"slices"
	"strings"
)

// maxDepth is how deep values, calls of templates and what stands in for them are followed. Real charts stay below 20.
const maxDepth = 64

// node is a place in the values of a release that some template reads: the mere node says that it is looked at.
type node struct {
	key      string
	parent   *node
	children map[string]*node
	// each stands for every key of a map and every element of a list: what range gives.
	each *node
	// open says that all that is below is read: the place is printed, or handed to something that is not followed.
	open bool
	// mixed is what templates put there themselves (set, merge).
	mixed []*value
	// outer is the top of all values, in the values of a chart inside another one: what Helm hands down of them, global, is one place.
	outer *node
}

// known is the place under a key, nil if no template looks at it.
func (n *node) known(key string) *node {
	if key == "global" && n.outer != nil {
		return n.outer.known(key)
	}
	return n.children[key]
}

func (n *node) child(key string) *node {
	if key == "global" && n.outer != nil {
		return n.outer.child(key)
	}
	c := n.children[key]
	if c == nil {
		if n.children == nil {
			n.children = map[string]*node{}
		}
		c = &node{key: key, parent: n}
		n.children[key] = c
	}
	return c
}

// below is the place at the end of a path with dots; "." is the place itself.
func (n *node) below(path string) *node {
	for key := range strings.SplitSeq(path, ".") {
		if key != "" {
			n = n.child(key)
		}
	}
	return n
}

func (n *node) element() *node {
	if n.each == nil {
		n.each = &node{key: "*", parent: n}
	}
	return n.each
}

// whole reports whether nothing below the place can be told to be unread: it is open, or looked at without anything below it, unless it is
// the top of a chart inside, which is there because of the chart.
func (n *node) whole() bool {
	return n.open || len(n.children) == 0 && n.each == nil && n.outer == nil
}

// depth is how many keys lead to the place.
func (n *node) depth() (keys int) {
	for at := n; at.parent != nil; at = at.parent {
		keys++
	}
	return keys
}

// find returns what the values hold at the place; an element stands for all of them.
func (n *node) find(values any) []any {
	if n.parent == nil {
		return []any{values}
	}
	var found []any
	for _, outer := range n.parent.find(values) {
		switch outer := outer.(type) {
		case map[string]any:
			if n.key != "*" {
				if v, ok := outer[n.key]; ok {
					found = append(found, v)
				}
				continue
			}
			for _, key := range keys(outer) {
				found = append(found, outer[key])
			}
		case []any:
			if n.key == "*" {
				found = append(found, outer...)
			}
		}
	}
	return found
}

// scope is what a chart's templates have as their context: {{ . }} at the top of a file.
type scope struct {
	name, basePath string
	values         *node
	// inner are the scopes of the charts in it, by name: .Subcharts.
	inner map[string]*scope
	// extra is what templates put into their context.
	extra map[string]*value
}

// dict is a map or list that a template makes.
type dict struct {
	// fields are known by their keys; those of a list are "0", "1" and so on.
	fields map[string]*value
	// other is what may stand under any key.
	other []*value
	// mixed are other maps that a template merged into it.
	mixed []*value
}

// holdsPlaces tells whether a place of the values may be in it.
func (d *dict) holdsPlaces() bool {
	isPlace := func(v *value) bool { return v != nil && len(v.nodes) > 0 }
	for _, field := range d.fields {
		if isPlace(field) {
			return true
		}
	}
	return slices.ContainsFunc(d.other, isPlace)
}

// value is what a pipeline may yield, as far as it matters for what is read. It is never changed once it is made; dicts and scopes are.
type value struct {
	nodes  []*node
	scopes []*scope
	dicts  []*dict
	// texts are constants that it may be; with number they are those of numbers.
	texts  []string
	number bool
	// from are the places that its text was made of.
	from []*node
	// opaque says that it may be a text that is not known.
	opaque bool
}

// union is a value that may be any of some.
func union(values ...*value) *value {
	u := &value{}
	for _, v := range values {
		if v == nil {
			continue
		}
		u.nodes = addAll(u.nodes, v.nodes)
		u.scopes = addAll(u.scopes, v.scopes)
		u.dicts = addAll(u.dicts, v.dicts)
		u.texts = addAll(u.texts, v.texts)
		u.from = addAll(u.from, v.from)
		u.opaque = u.opaque || v.opaque
		u.number = u.number || v.number
	}
	return u
}

func addAll[T comparable](to, all []T) []T {
	for _, x := range all {
		if !slices.Contains(to, x) {
			to = append(to, x)
		}
	}
	return to
}
