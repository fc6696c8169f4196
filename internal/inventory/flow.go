package inventory

import (
	"maps"
	"slices"
	"strings"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// origin is a block that a value can come from.
type origin struct {
	block string
	// keys are the instances that the references on the way name, by block.
	keys map[string]string
	// each means that a reference on the way picks the instance by the key of whoever refers.
	each bool
}

// origins finds the blocks of the wanted types that the value of an argument comes from. path leads through nested blocks.
func (g *Graph) origins(block string, path []string, wanted func(typ string) bool) []origin {
	resource := g.resources[block]
	if resource == nil {
		return nil
	}
	s := g.scopes[plan.Module(block)]
	f := &flow{graph: g, wanted: wanted, seen: map[string]bool{}}
	f.walk(s, expressionsAt(resource.Expressions, path), resource.ForEachExpression, origin{})
	return f.found
}

// expressionsAt are the references of the argument at a path, those of the argument itself first.
func expressionsAt(expressions map[string]*tfjson.Expression, path []string) []string {
	expression := expressions[path[0]]
	if expression == nil || expression.ExpressionData == nil {
		return nil
	}
	if len(path) == 1 {
		return refsOf(expression)
	}
	var refs []string
	for _, block := range expression.NestedBlocks {
		refs = append(refs, expressionsAt(block, path[1:])...)
	}
	if len(expression.NestedBlocks) == 0 {
		refs = slices.Clone(expression.References) // a dynamic block: its content is not told apart
	}
	return refs
}

// flow follows a value backwards.
type flow struct {
	graph  *Graph
	wanted func(typ string) bool
	seen   map[string]bool
	found  []origin
}

func (f *flow) walk(s *scope, refs []string, each *tfjson.Expression, so origin) {
	for _, ref := range refs {
		if root, _, _ := strings.Cut(ref, "."); root == "each" || root == "count" {
			so.each = true
		}
	}
	for _, ref := range whole(refs) {
		if strings.HasPrefix(ref, "each.value") && each != nil {
			f.walk(s, refsOf(each), nil, so)
			continue
		}
		node, keys := s.node(ref)
		if node == "" || f.seen[node] && len(keys) == 0 {
			continue
		}
		f.seen[node] = true
		next := origin{keys: merged(so.keys, keys), each: so.each}
		if resource := f.graph.resources[node]; resource != nil {
			if f.wanted(resource.Type) {
				next.block = node
				f.found = append(f.found, next)
			}
			continue
		}
		f.through(node, next)
	}
}

// through goes on at a variable, a local value or an output.
func (f *flow) through(node string, so origin) {
	s := f.graph.scopes[plan.Module(node)]
	if s == nil {
		return
	}
	kind, name, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(node, s.path), "."), ".")
	switch kind {
	case "var":
		if s.call != nil {
			f.walk(s.parent, refsOf(s.call.Expressions[name]), s.call.ForEachExpression, so)
		}
	case "local":
		if s.written == nil {
			f.graph.opaque[node] = true
			return
		}
		f.walk(s, s.written.Locals[name], nil, so)
	case "output":
		if output := s.module.Outputs[name]; output != nil {
			f.walk(s, refsOf(output.Expression), nil, so)
		}
	case closed:
		for _, name := range slices.Sorted(maps.Keys(s.module.Outputs)) {
			f.walk(s, refsOf(s.module.Outputs[name].Expression), nil, so)
		}
	}
}

func merged(a, b map[string]string) map[string]string {
	if len(b) == 0 {
		return a
	}
	all := maps.Clone(b)
	maps.Copy(all, a)
	return all
}

// population is all instances of one block, in the order of their addresses.
type population struct {
	block     string
	addresses []string
	keys      []map[string]string
	// byKey are the instances with a key of the block's own; modules are the modules around it that have keys.
	byKey   map[string][]int
	modules map[string]bool
	// named says that keys are texts.
	named bool
}

func (p *population) add(address string) {
	keys := plan.Keys(address)
	for path, key := range keys {
		if path != p.block {
			p.modules[path] = true
		} else if strings.HasPrefix(key, `["`) {
			p.named = true
		}
	}
	p.byKey[keys[p.block]] = append(p.byKey[keys[p.block]], len(p.addresses))
	p.addresses, p.keys = append(p.addresses, address), append(p.keys, keys)
}

// pick narrows the instances that a value can come from down to those that it most likely does: instances that a constant key names;
// of modules that both are in, the same instance; and where several are left, those whose key stands in the referrer's own keys. The list
// of one origin is in the order of addresses. It can be shared, and must not be changed.
func pick(referrer string, origins []origin, instances map[string]*population) []string {
	own := plan.Keys(referrer)
	var list []string
	for i, origin := range origins {
		found := instances[origin.block].from(origin, own)
		if i == 0 {
			list = slices.Clip(found)
			continue
		}
		list = append(list, found...)
	}
	if len(origins) > 1 {
		return unique(list)
	}
	return list
}

// from are the instances that a reference with keys of its own most likely means.
func (p *population) from(so origin, own map[string]string) []string {
	if p == nil {
		return nil
	}
	// What has a key of the referrer's is found without a look at all the others.
	var same []int
	for _, key := range own {
		same = append(same, p.byKey[key]...)
	}
	slices.Sort(same)
	if list := p.fitting(slices.Compact(same), so.keys, own); len(list) > 0 {
		return list
	}
	candidates := p.addresses
	if key, said := so.keys[p.block]; said {
		candidates = p.fitting(p.byKey[key], so.keys, own)
	} else if p.distinguishes(so.keys, own) {
		all := make([]int, len(p.addresses))
		for i := range all {
			all[i] = i
		}
		candidates = p.fitting(all, so.keys, own)
	}
	if len(candidates) > 1 && p.named {
		return sameKey(candidates, p.block, own)
	}
	return candidates
}

// fitting are those of some instances that fit what a reference names and where the referrer is.
func (p *population) fitting(some []int, named, own map[string]string) []string {
	var list []string
	for _, i := range some {
		if fits(p.keys[i], named, own, p.block) {
			list = append(list, p.addresses[i])
		}
	}
	return list
}

// distinguishes reports whether keys that a reference names, or that the referrer has, can tell instances apart.
func (p *population) distinguishes(named, own map[string]string) bool {
	for path := range named {
		if p.modules[path] {
			return true
		}
	}
	for path := range own {
		if p.modules[path] {
			return true
		}
	}
	return false
}

// fits tells whether an instance is one that the references name, and in the same instance of the modules that it shares with the
// referrer. A shared module counts as left if a reference names an instance of it.
func fits(keys, named, own map[string]string, block string) bool {
	for path, key := range named {
		if have, ok := keys[path]; ok && have != key {
			return false
		}
	}
	for path, key := range keys {
		if _, ok := named[path]; ok || path == block {
			continue
		}
		if mine, ok := own[path]; ok && mine != key {
			return false
		}
	}
	return true
}

// sameKey keeps the candidates whose key is, or stands in, one of the referrer's; all, if there is none.
func sameKey(candidates []string, block string, own map[string]string) []string {
	for _, same := range []func(mine, key string) bool{
		func(mine, key string) bool { return mine == key },
		func(mine, key string) bool {
			return len(key) > 2 && strings.Contains(mine, strings.Trim(key, `[]"`)) && strings.HasPrefix(key, `["`)
		},
	} {
		var kept []string
		for _, candidate := range candidates {
			key := plan.Keys(candidate)[block]
			for _, mine := range own {
				if key != "" && same(mine, key) {
					kept = append(kept, candidate)
					break
				}
			}
		}
		if len(kept) > 0 {
			return kept
		}
	}
	return candidates
}

func unique(list []string) []string {
	var kept []string
	seen := make(map[string]bool, len(list))
	for _, entry := range list {
		if !seen[entry] {
			seen[entry] = true
			kept = append(kept, entry)
		}
	}
	return kept
}
