package chart

import (
	"slices"
	"strings"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"

	"coderaws/internal/nearest"
)

// Unread is a value of a release that nothing in the chart reads. Helm ignores such values in silence, so that a misspelt setting looks
// set and is not.
type Unread struct {
	// Path is the value's, with dots between the keys; a dot in a key is written as \. , as for Helm's --set. Of a whole
	// branch that nothing reads only the top is named.
	Path string
	// Nearest is the path of a value that may have been meant; "" if none is like it.
	Nearest string
}

// Unread lists the values that neither the chart's values.yaml knows nor any template reads, sorted by path. Templates are read, not run:
// what a condition may keep from being read counts as read. It says nothing of values that it cannot follow, such as those below a map
// that a template prints as a whole or below a default of {}, [] or null; nothing of the elements of lists; and nothing at all if a
// template cannot be parsed, which Render reports.
func (c *Chart) Unread(values map[string]any) []Unread {
	defaults := defaults(c.chart)
	reader := newReader(c.chart, overlay(defaults, values))
	if !reader.readAll() {
		return nil
	}
	known := &known{defaults: defaults, root: reader.root}
	known.compare(nil, values, defaults, []*node{reader.root})
	slices.SortFunc(known.unread, func(a, b Unread) int { return strings.Compare(a.Path, b.Path) })
	return known.unread
}

// known is what is known of a chart's values: the keys of values.yaml, and the tree of places that templates read.
type known struct {
	defaults map[string]any
	root     *node
	unread   []Unread
}

// compare looks at the values below a path. standard is the default there, nodes are the places of the tree there.
func (k *known) compare(path []string, values, standard map[string]any, nodes []*node) {
	for _, n := range nodes {
		if n.open {
			return
		}
	}
	for _, key := range keys(values) {
		below := slices.Concat(path, []string{key})
		value, there := standard[key]
		read := reading(nodes, key)
		if !there && len(read) == 0 {
			k.unread = append(k.unread, Unread{Path: join(below), Nearest: k.nearest(path, key, standard, nodes)})
			continue
		}
		given, isMap := values[key].(map[string]any)
		table, isTable := value.(map[string]any)
		if !isMap || there && (!isTable || len(table) == 0) || slices.ContainsFunc(read, (*node).whole) {
			continue
		}
		k.compare(below, given, table, read)
	}
}

// reading are the places that a key leads to.
func reading(nodes []*node, key string) (read []*node) {
	for _, n := range nodes {
		if c := n.known(key); c != nil {
			read = append(read, c)
		}
		if n.each != nil {
			read = append(read, n.each)
		}
	}
	return read
}

// nearest is the path of what may have been meant: a key beside the unknown one, or one of the same name elsewhere.
func (k *known) nearest(path []string, key string, standard map[string]any, nodes []*node) string {
	beside := keys(standard)
	for _, n := range nodes {
		beside = append(beside, keys(n.children)...)
	}
	slices.Sort(beside)
	if like := alike(key, slices.Compact(beside), 1); len(like) > 0 {
		return join(slices.Concat(path, like))
	}
	var best []string
	k.walk(nil, k.defaults, []*node{k.root}, func(candidate []string) {
		if apart, _ := nearest.Apart(candidate[len(candidate)-1], key); apart == 0 && (best == nil || len(candidate) < len(best)) {
			best = slices.Clone(candidate)
		}
	})
	return join(best)
}

// walk visits all known paths, sorted.
func (k *known) walk(path []string, standard map[string]any, nodes []*node, visit func([]string)) {
	if len(path) > maxDepth {
		return
	}
	names := keys(standard)
	for _, n := range nodes {
		names = append(names, keys(n.children)...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		below := slices.Concat(path, []string{name})
		visit(below)
		table, _ := standard[name].(map[string]any)
		k.walk(below, table, reading(nodes, name), visit)
	}
}

// join writes a path with dots.
func join(path []string) string {
	escaped := make([]string, len(path))
	for i, key := range path {
		escaped[i] = strings.ReplaceAll(key, ".", `\.`)
	}
	return strings.Join(escaped, ".")
}

// defaults are the values that a chart has without any given: its own values.yaml, with those of the charts in it below their names.
func defaults(c *chartv2.Chart) map[string]any {
	all := overlay(c.Values, nil)
	for _, dependency := range c.Dependencies() {
		inner := defaults(dependency)
		if global, ok := inner["global"].(map[string]any); ok {
			ours, _ := all["global"].(map[string]any)
			all["global"] = overlay(global, ours)
		}
		for _, name := range names(c, dependency) {
			ours, there := all[name].(map[string]any)
			if there || len(inner) > 0 {
				all[name] = overlay(inner, ours)
			}
		}
	}
	return all
}

// names are those under which a chart holds another one: its aliases, or its own name.
func names(c, dependency *chartv2.Chart) (all []string) {
	for _, d := range c.Metadata.Dependencies {
		if d.Name == dependency.Name() {
			all = append(all, firstOf(d.Alias, d.Name))
		}
	}
	if len(all) == 0 {
		all = []string{dependency.Name()}
	}
	return all
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// overlay lays values over others, map by map. Neither is changed.
func overlay(under, over map[string]any) map[string]any {
	merged := make(map[string]any, len(under)+len(over))
	for key, value := range under {
		if table, ok := value.(map[string]any); ok {
			value = overlay(table, nil)
		}
		merged[key] = value
	}
	for key, value := range over {
		if table, ok := value.(map[string]any); ok {
			below, _ := merged[key].(map[string]any)
			value = overlay(below, table)
		}
		merged[key] = value
	}
	return merged
}
