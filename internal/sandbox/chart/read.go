package chart

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

// maxSteps bounds the work on a chart, to half a second. Charts of a dozen templates take some thousands of steps.
const maxSteps = 500_000

// maxPasses bounds how often templates are read again because one put something into values that an earlier one may read.
const maxPasses = 4

// reader follows the templates of a chart, as text/template would run them, on places in the values instead of values: both sides of
// each condition, each template that may be included with what may be its context. What is left is the tree of places that were
// looked at. Wherever it cannot follow, it takes everything for read.
type reader struct {
	root *node
	// values are those of the release over the defaults: texts in them may be templates.
	values map[string]any
	// trees are the files and the named templates; several charts may define one of the same name.
	trees map[string][]*parse.Tree
	// files are what is run, with their contexts.
	files  []file
	failed bool

	steps, depth int
	// changes counts what templates put into values and contexts, writes also what they put into maps of their own.
	changes, writes int
	// memo are the results of templates by name and context.
	memo map[string]*value
	// busy are the calls that are being followed.
	busy map[string]bool
}

type file struct {
	name  string
	scope *scope
}

func newReader(c *chartv2.Chart, values map[string]any) *reader {
	r := &reader{root: &node{}, values: values, trees: map[string][]*parse.Tree{}}
	r.add(c, &scope{name: c.Name(), basePath: path.Join(c.ChartFullPath(), "templates"), values: r.root})
	return r
}

// add takes in the templates of a chart and of those in it.
func (r *reader) add(c *chartv2.Chart, s *scope) {
	directory := path.Dir(s.basePath)
	for _, t := range c.Templates {
		base := path.Base(t.Name)
		if c.Metadata.Type == "library" && !strings.HasPrefix(base, "_") {
			continue
		}
		name := path.Join(directory, t.Name)
		r.define(name, string(t.Data))
		if !strings.HasPrefix(base, "_") {
			r.files = append(r.files, file{name, s})
		}
	}
	s.inner = map[string]*scope{}
	for _, d := range c.Metadata.Dependencies {
		for condition := range strings.SplitSeq(d.Condition, ",") {
			if condition = strings.TrimSpace(condition); condition != "" {
				s.values.below(condition)
			}
		}
		for _, tag := range d.Tags {
			r.root.child("tags").child(tag)
		}
		for _, value := range d.ImportValues {
			imports(s.values, firstOf(d.Alias, d.Name), value)
		}
	}
	for _, dependency := range c.Dependencies() {
		for _, name := range names(c, dependency) {
			inner := &scope{name: name, basePath: path.Join(directory, "charts", name, "templates"), values: s.values.child(name)}
			s.inner[name] = inner
			inner.values.outer = r.root
			r.add(dependency, inner)
		}
	}
}

// imports opens what import-values copies from a chart inside to the one around it, on both sides.
func imports(values *node, name string, value any) {
	switch value := value.(type) {
	case string:
		// What the chart inside exports appears among the values around it, under keys of its own choice.
		values.child(name).below("exports." + value).open = true
		values.open = true
	case map[string]any:
		values.child(name).below(fmt.Sprint(value["child"])).open = true
		values.below(fmt.Sprint(value["parent"])).open = true
	}
}

// define parses a text and adds the templates in it.
func (r *reader) define(name, text string) {
	set := map[string]*parse.Tree{}
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", set); err != nil {
		r.failed = true
		return
	}
	set[name] = tree
	for _, defined := range slices.Sorted(maps.Keys(set)) {
		if t := set[defined]; t.Root != nil {
			r.trees[defined] = append(r.trees[defined], t)
		}
	}
}

// readAll follows all files. It reports whether what it found can be relied on.
func (r *reader) readAll() bool {
	for range maxPasses {
		if r.failed {
			return false
		}
		before := r.changes
		r.memo, r.busy = map[string]*value{}, map[string]bool{}
		for _, f := range r.files {
			r.call(f.name, &value{scopes: []*scope{f.scope}})
		}
		if r.changes == before {
			return !r.exhausted()
		}
	}
	return !r.exhausted()
}

// step counts work, and reports whether there may be more.
func (r *reader) step() bool {
	r.steps++
	return !r.exhausted()
}

func (r *reader) exhausted() bool { return r.steps > maxSteps }

// call follows a template with a context, and returns what include makes of it.
func (r *reader) call(name string, context *value) *value {
	trees := r.trees[name]
	if len(trees) == 0 {
		return nil
	}
	key := name + "\x00" + context.identity(0)
	if v := r.memo[key]; v != nil {
		return v
	}
	if r.busy[key] {
		// A template that calls itself with the same context yields what it yields; its text is not known here.
		return &value{opaque: true}
	}
	if r.depth >= maxDepth {
		r.open(context)
		return &value{opaque: true}
	}
	r.busy[key] = true
	r.depth++
	before := r.writes
	var printed []*value
	for _, tree := range trees {
		run := &run{reader: r}
		run.declare("$", context)
		run.list(tree.Root, context)
		printed = append(printed, run.made(run.printed...))
	}
	r.depth--
	delete(r.busy, key)
	result := union(printed...)
	if r.writes == before {
		// A template that changes its context changes another one next time.
		r.memo[key] = result
	}
	return result
}

// open says that all of a value is read.
func (r *reader) open(v *value) { r.openAll(v, map[*dict]bool{}) }

func (r *reader) openAll(v *value, seen map[*dict]bool) {
	if v == nil || !r.step() {
		return
	}
	for _, n := range v.nodes {
		if n.open {
			continue
		}
		n.open = true
		for _, m := range n.mixed {
			r.openAll(m, seen)
		}
		for _, key := range keys(n.children) {
			// What a template put below is read with it.
			r.openAll(&value{nodes: []*node{n.children[key]}}, seen)
		}
		if n.each != nil {
			r.openAll(&value{nodes: []*node{n.each}}, seen)
		}
	}
	for _, s := range v.scopes {
		r.openAll(&value{nodes: []*node{s.values}}, seen)
		for _, key := range keys(s.extra) {
			r.openAll(s.extra[key], seen)
		}
	}
	for _, d := range v.dicts {
		if seen[d] {
			continue
		}
		seen[d] = true
		for _, key := range keys(d.fields) {
			r.openAll(d.fields[key], seen)
		}
		for _, o := range d.other {
			r.openAll(o, seen)
		}
		for _, m := range d.mixed {
			r.openAll(m, seen)
		}
	}
}

// identity is the same for values that mean the same to a template.
func (v *value) identity(depth int) string {
	if v == nil || depth > 4 {
		return fmt.Sprintf("%p", v)
	}
	var b strings.Builder
	for _, n := range v.nodes {
		fmt.Fprintf(&b, "n%p", n)
	}
	for _, s := range v.scopes {
		fmt.Fprintf(&b, "s%p", s)
	}
	for _, d := range v.dicts {
		b.WriteString("{")
		for _, key := range keys(d.fields) {
			fmt.Fprintf(&b, "%q:%s,", key, d.fields[key].identity(depth+1))
		}
		for _, o := range d.other {
			b.WriteString("*" + o.identity(depth+1))
		}
		for _, m := range d.mixed {
			b.WriteString("+" + m.identity(depth+1))
		}
		b.WriteString("}")
	}
	for _, n := range v.from {
		fmt.Fprintf(&b, "f%p", n)
	}
	fmt.Fprintf(&b, "%q%v%v", v.texts, v.number, v.opaque)
	return b.String()
}
