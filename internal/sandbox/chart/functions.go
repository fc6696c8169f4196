package chart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxTexts is how many constants are told apart in one value.
const maxTexts = 64

// maxSources is how many places a text may be made of before it counts as one that is not known.
const maxSources = 1024

// looks are the functions that look at their arguments and not into them: what they say does not depend on what is below.
var looks = map[string]bool{
	"not": true, "empty": true, "eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true, "len": true,
	"kindIs": true, "kindOf": true, "typeIs": true, "typeIsLike": true, "typeOf": true, "isNil": true,
}

// passes are the functions that return one of their arguments, or a copy.
var passes = map[string]bool{
	"default": true, "coalesce": true, "ternary": true, "and": true, "or": true, "required": true, "deepCopy": true,
	"mustDeepCopy": true, "any": true,
}

// sublists are the functions that return some elements of a list, which one is not followed.
var sublists = map[string]bool{
	"rest": true, "initial": true, "reverse": true, "uniq": true, "compact": true, "sortAlpha": true, "without": true, "slice": true,
	"concat": true, "prepend": true, "push": true, "chunk": true, "values": true,
}

// function is what a function of templates returns, and reads. Those that are not known here read all of their arguments.
func (r *run) function(name string, arguments []*value) *value {
	// sprig's mustX differ from X in how they fail.
	if plain, ok := strings.CutPrefix(name, "must"); ok && plain != "" && unicode.IsUpper(rune(plain[0])) {
		name = strings.ToLower(plain[:1]) + plain[1:]
	}
	count := len(arguments)
	switch {
	case looks[name]:
		return &value{}
	case passes[name]:
		return union(arguments...)
	case sublists[name]:
		return r.sublist(arguments)
	}
	switch {
	case name == "include" && count == 2:
		return r.include(arguments[0], arguments[1])
	case name == "tpl" && count == 2:
		return r.tpl(arguments[0], arguments[1])
	case name == "dict":
		return newDict(arguments)
	case name == "list" || name == "tuple":
		return list(arguments)
	case name == "first" && count == 1:
		return r.under(arguments[0], &value{texts: []string{"0"}, number: true})
	case name == "last" && count == 1:
		return r.elements(arguments[0])
	case name == "append" && count == 2:
		return r.append(arguments[0], arguments[1])
	case name == "index" && count > 0:
		v := arguments[0]
		for _, key := range arguments[1:] {
			v = r.under(v, key)
		}
		return v
	case name == "get" && count == 2:
		return r.under(arguments[0], arguments[1])
	case name == "hasKey" && count == 2:
		r.under(arguments[0], arguments[1])
		return &value{}
	case name == "dig" && count > 2:
		v := arguments[count-1]
		for _, key := range arguments[:count-2] {
			v = r.under(v, key)
		}
		return union(v, arguments[count-2])
	case name == "pluck" && count > 0:
		var found []*value
		for _, from := range arguments[1:] {
			found = append(found, r.under(from, arguments[0]))
		}
		return &value{dicts: []*dict{{other: found}}}
	case name == "pick" && count > 0:
		return r.pick(arguments[0], arguments[1:])
	case name == "omit" && count > 0, name == "unset" && count > 0:
		return arguments[0]
	case name == "keys":
		for _, of := range arguments {
			r.elements(of)
		}
		return list([]*value{keysOf(union(arguments...))})
	case name == "set" && count == 3:
		r.put(arguments[0], arguments[1], arguments[2])
		return arguments[0]
	case (name == "merge" || name == "mergeOverwrite") && count > 0:
		for _, from := range arguments[1:] {
			r.mix(arguments[0], from)
		}
		return union(arguments...)
	case name == "printf" || name == "print":
		if v := printed(name, arguments); v != nil {
			return v
		}
	}
	return r.unknown(arguments)
}

// unknown reads all arguments; the text that comes of them is made of theirs.
func (r *run) unknown(arguments []*value) *value {
	for _, a := range arguments {
		r.open(a)
	}
	return r.made(arguments...)
}

// made is a text that is made of values.
func (r *run) made(of ...*value) *value {
	text := &value{}
	seen := map[*dict]bool{}
	var visit func(*value)
	visit = func(v *value) {
		if v == nil || !r.step() {
			return
		}
		text.from = addAll(addAll(text.from, v.nodes), v.from)
		text.opaque = text.opaque || v.opaque || len(v.scopes) > 0 || len(text.from) > maxSources
		for _, constant := range v.texts {
			text.opaque = text.opaque || strings.Contains(constant, "{{")
		}
		for _, n := range v.nodes {
			for _, m := range n.mixed {
				visit(m)
			}
		}
		for _, d := range v.dicts {
			if seen[d] {
				continue
			}
			seen[d] = true
			for _, key := range keys(d.fields) {
				visit(d.fields[key])
			}
			for _, v := range slices.Concat(d.other, d.mixed) {
				visit(v)
			}
		}
	}
	for _, v := range of {
		visit(v)
	}
	if text.opaque {
		text.from = nil
	}
	return text
}

// include follows the templates that may be meant. Of a name that is not known, they are all.
func (r *run) include(name, context *value) *value {
	names := name.texts
	if len(names) == 0 || name.opaque || len(name.nodes)+len(name.from) > 0 {
		r.open(name)
		names = keys(r.trees)
	}
	var results []*value
	for _, known := range names {
		results = append(results, r.call(known, context))
	}
	return r.made(results...)
}

// tpl follows texts that are templates: constants, and what the release has at the places that the text was made of.
func (r *run) tpl(text, context *value) *value {
	r.open(text)
	made := r.made(&value{nodes: text.nodes, scopes: text.scopes, dicts: text.dicts, from: text.from, opaque: text.opaque})
	if made.opaque {
		// A text that is not known may read everything.
		r.open(context)
	}
	results := []*value{made}
	for _, constant := range text.texts {
		results = append(results, r.text(constant, context))
	}
	for _, n := range made.from {
		for _, found := range n.find(r.values) {
			results = r.textsIn(results, found, context)
		}
	}
	return r.made(results...)
}

// textsIn follows all texts in a value of the release, and adds what comes of them.
func (r *run) textsIn(results []*value, v any, context *value) []*value {
	switch v := v.(type) {
	case string:
		results = append(results, r.text(v, context))
	case map[string]any:
		for _, key := range keys(v) {
			results = append(results, r.text(key, context))
			results = r.textsIn(results, v[key], context)
		}
	case []any:
		for _, element := range v {
			results = r.textsIn(results, element, context)
		}
	}
	return results
}

// text follows one text as a template. It is named after itself, so that it is parsed once.
func (r *run) text(text string, context *value) *value {
	if !strings.Contains(text, "{{") {
		return nil
	}
	name := "\x00" + text
	if r.trees[name] == nil {
		failed := r.failed
		r.define(name, text)
		if r.trees[name] == nil {
			// It may be a part of what becomes a template only together with others.
			r.failed = failed
			r.open(context)
			return &value{opaque: true}
		}
	}
	return r.call(name, context)
}

// sublist is a list with the elements of all arguments, and the arguments themselves where they are elements.
func (r *run) sublist(arguments []*value) *value {
	all := []*value{{}}
	for _, a := range arguments {
		all = append(all, r.elements(a), &value{texts: a.texts, opaque: a.opaque})
	}
	return &value{dicts: []*dict{{other: []*value{union(all...)}}}}
}

// append adds an element to a list whose elements are known, and to any other as well as it goes.
func (r *run) append(to, element *value) *value {
	if len(to.dicts) == 1 && len(to.nodes) == 0 && len(to.dicts[0].other)+len(to.dicts[0].mixed) == 0 {
		var all []*value
		for i := range len(to.dicts[0].fields) {
			known, ok := to.dicts[0].fields[strconv.Itoa(i)]
			if !ok {
				break
			}
			all = append(all, known)
		}
		if len(all) == len(to.dicts[0].fields) {
			return list(append(all, element))
		}
	}
	return &value{dicts: []*dict{{other: []*value{union(r.elements(to), element)}}}}
}

// newDict is a map of keys and values in turn.
func newDict(arguments []*value) *value {
	d := &dict{fields: map[string]*value{}}
	for i := 0; i+1 < len(arguments); i += 2 {
		key, v := arguments[i], arguments[i+1]
		if len(key.texts) == 0 {
			d.other = append(d.other, v)
		}
		for _, text := range key.texts {
			d.fields[text] = union(d.fields[text], v)
		}
	}
	return &value{dicts: []*dict{d}}
}

// pick is a map with some keys of another one.
func (r *run) pick(from *value, names []*value) *value {
	d := &dict{fields: map[string]*value{}}
	for _, name := range names {
		if len(name.texts) == 0 {
			return from
		}
		for _, text := range name.texts {
			d.fields[text] = union(d.fields[text], r.field(from, text, 0))
		}
	}
	return &value{dicts: []*dict{d}}
}

// printed is what printf and print make of constants alone; nil if something else is among them.
func printed(name string, arguments []*value) *value {
	lines := [][]any{nil}
	for _, a := range arguments {
		if len(a.texts) == 0 || a.number || a.opaque || len(a.nodes)+len(a.scopes)+len(a.dicts)+len(a.from) > 0 {
			return nil
		}
		var longer [][]any
		for _, line := range lines {
			for _, text := range a.texts {
				longer = append(longer, append(line[:len(line):len(line)], text))
			}
		}
		if lines = longer; len(lines) > maxTexts {
			return nil
		}
	}
	v := &value{}
	for _, line := range lines {
		text := ""
		if name == "print" {
			text = fmt.Sprint(line...)
		} else if len(line) > 0 {
			text = fmt.Sprintf(fmt.Sprint(line[0]), line[1:]...)
		}
		v.texts = addAll(v.texts, []string{text})
	}
	return v
}
