package inventory

import (
	"maps"
	"slices"
	"strings"

	"coderaws/internal/configuration"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// Graph is what refers to what in a configuration: its blocks, without their instances. It follows values through the variables,
// local values and outputs of modules, as Terraform does where it orders its work.
type Graph struct {
	scopes    map[string]*scope
	resources map[string]*tfjson.ConfigResource
	providers map[string]*tfjson.ProviderConfig
	needs     map[string][]string
	// opaque collects the local values whose meaning is not at hand.
	opaque map[string]bool
}

// scope is a module with the call that made it.
type scope struct {
	path    string
	module  *tfjson.ConfigModule
	call    *tfjson.ModuleCall // nil for the root module
	parent  *scope
	written *configuration.Module // nil if its files are not at hand
}

// newGraph reads a configuration. written may be nil: a plan does not hold what local values refer to.
func newGraph(config *tfjson.Config, written *configuration.Module) *Graph {
	g := &Graph{
		scopes: map[string]*scope{}, resources: map[string]*tfjson.ConfigResource{},
		providers: map[string]*tfjson.ProviderConfig{}, needs: map[string][]string{}, opaque: map[string]bool{},
	}
	if config != nil && config.RootModule != nil {
		g.providers = config.ProviderConfigs
		g.add(&scope{module: config.RootModule, written: written})
	}
	return g
}

func (g *Graph) add(s *scope) {
	g.scopes[s.path] = s
	for _, resource := range s.module.Resources {
		g.resources[plan.Join(s.path, resource.Address)] = resource
	}
	for name, call := range s.module.ModuleCalls {
		if call.Module == nil {
			continue
		}
		inner := &scope{path: plan.Join(s.path, "module."+name), module: call.Module, call: call, parent: s}
		if s.written != nil {
			inner.written = s.written.Calls[name]
		}
		g.add(inner)
	}
}

// Opaque lists the local values whose meaning is not at hand, because a plan does not hold it and the files were not found.
// Dependencies through them are missing from the graph.
func (g *Graph) Opaque() []string { return slices.Sorted(maps.Keys(g.opaque)) }

// Needs lists the resources and data sources that Terraform finishes before it begins with a block, without those that they need
// in turn.
func (g *Graph) Needs(block string) []string {
	if known, ok := g.needs[block]; ok {
		return known
	}
	found, seen := map[string]bool{}, map[string]bool{}
	for _, node := range g.references(block) {
		g.follow(node, found, seen)
	}
	delete(found, block)
	list := slices.Sorted(maps.Keys(found))
	g.needs[block] = list
	return list
}

// follow walks from a node to the resources behind it.
func (g *Graph) follow(node string, found, seen map[string]bool) {
	if seen[node] {
		return
	}
	seen[node] = true
	if g.resources[node] != nil {
		found[node] = true
		return
	}
	for _, next := range g.references(node) {
		g.follow(next, found, seen)
	}
}

// The nodes that are no resources: in a module at path, path.var.name, path.local.name, path.output.name, and these two.
const (
	// expanded is the moment when a module's instances are known; everything in it waits for that.
	expanded = "(expand)"
	// closed is the moment when all that is in a module is done.
	closed = "(close)"
)

// references lists the nodes that a node waits for directly.
func (g *Graph) references(node string) []string {
	if resource := g.resources[node]; resource != nil {
		return g.ofResource(node, resource)
	}
	s := g.scopes[plan.Module(node)]
	if s == nil {
		return nil
	}
	name := strings.TrimPrefix(strings.TrimPrefix(node, s.path), ".")
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case expanded:
		return s.expansion()
	case closed:
		return s.everything()
	case "provider":
		if provider := g.providers[rest]; provider != nil {
			return s.resolve(expressionsOf(provider.Expressions))
		}
	case "var":
		if s.call != nil {
			return append(s.parent.resolve(refsOf(s.call.Expressions[rest])), plan.Join(s.path, expanded))
		}
	case "local":
		if s.written == nil {
			g.opaque[node] = true
			return nil
		}
		return append(s.resolve(s.written.Locals[rest]), plan.Join(s.path, expanded))
	case "output":
		return append(s.ofOutput(rest), plan.Join(s.path, expanded))
	}
	return nil
}

func (s *scope) ofOutput(name string) []string {
	output := s.module.Outputs[name]
	if output == nil {
		return nil
	}
	nodes := append(s.resolve(refsOf(output.Expression)), s.resolve(output.DependsOn)...)
	if s.written != nil {
		nodes = append(nodes, s.resolve(s.written.Hidden["output."+name])...)
	}
	return nodes
}

func (g *Graph) ofResource(node string, resource *tfjson.ConfigResource) []string {
	s := g.scopes[plan.Module(node)]
	refs := expressionsOf(resource.Expressions)
	for _, provisioner := range resource.Provisioners {
		refs = append(refs, expressionsOf(provisioner.Expressions)...)
	}
	refs = append(refs, refsOf(resource.CountExpression)...)
	refs = append(refs, refsOf(resource.ForEachExpression)...)
	nodes := append(s.resolve(refs), s.resolve(resource.DependsOn)...)
	if s.written != nil {
		nodes = append(nodes, s.resolve(s.written.Hidden[resource.Address])...)
	}
	if provider := g.providers[resource.ProviderConfigKey]; provider != nil {
		nodes = append(nodes, plan.Join(provider.ModuleAddress, "provider."+resource.ProviderConfigKey))
	}
	return append(nodes, plan.Join(s.path, expanded))
}

// expansion is what decides how many instances a module has, and what its depends_on names.
func (s *scope) expansion() []string {
	if s.call == nil {
		return nil
	}
	nodes := append(s.parent.resolve(refsOf(s.call.ForEachExpression)), s.parent.resolve(refsOf(s.call.CountExpression))...)
	nodes = append(nodes, s.parent.resolve(s.call.DependsOn)...)
	return append(nodes, plan.Join(s.parent.path, expanded))
}

// everything is all that is in a module.
func (s *scope) everything() []string {
	nodes := []string{plan.Join(s.path, expanded)}
	for _, resource := range s.module.Resources {
		nodes = append(nodes, plan.Join(s.path, resource.Address))
	}
	for name := range s.module.Outputs {
		nodes = append(nodes, plan.Join(s.path, "output."+name))
	}
	for name := range s.module.ModuleCalls {
		nodes = append(nodes, plan.Join(s.path, "module."+name+"."+closed))
	}
	return nodes
}

// resolve turns references as they are written in a module into nodes.
func (s *scope) resolve(refs []string) []string {
	var nodes []string
	for _, ref := range whole(refs) {
		if node, _ := s.node(ref); node != "" {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// node turns one reference into a node, and says which instances of what it names: the keys of blocks. The empty node is nothing to
// wait for.
func (s *scope) node(ref string) (string, map[string]string) {
	parts := plan.Steps(ref)
	if len(parts) < 2 {
		return "", nil
	}
	switch parts[0].Name {
	case "each", "count", "path", "terraform", "self":
		return "", nil
	case "var", "local":
		return plan.Join(s.path, parts[0].Name+"."+parts[1].Name), nil
	case "module":
		module := plan.Join(s.path, "module."+parts[1].Name)
		keys := keyed(module, parts[1].Key)
		if len(parts) == 2 {
			return plan.Join(module, closed), keys
		}
		return plan.Join(module, "output."+parts[2].Name), keys
	case "data":
		if len(parts) < 3 {
			return "", nil
		}
		block := plan.Join(s.path, "data."+parts[1].Name+"."+parts[2].Name)
		return block, keyed(block, parts[2].Key)
	}
	block := plan.Join(s.path, parts[0].Name+"."+parts[1].Name)
	return block, keyed(block, parts[1].Key)
}

func keyed(block, key string) map[string]string {
	if key == "" {
		return nil
	}
	return map[string]string{block: key}
}

// whole drops from a list of references those that Terraform adds to each: a.b.c is followed by a.b, and by a.
func whole(refs []string) []string {
	var kept []string
	last := ""
	for _, ref := range refs {
		if strings.HasPrefix(last, ref+".") || strings.HasPrefix(last, ref+"[") {
			continue
		}
		last = ref
		kept = append(kept, ref)
	}
	return kept
}

func expressionsOf(expressions map[string]*tfjson.Expression) []string {
	var refs []string
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		refs = append(refs, refsOf(expressions[name])...)
	}
	return refs
}

// refsOf lists the references of an expression and of the blocks in it.
func refsOf(expression *tfjson.Expression) []string {
	if expression == nil || expression.ExpressionData == nil {
		return nil
	}
	refs := slices.Clone(expression.References)
	for _, block := range expression.NestedBlocks {
		refs = append(refs, expressionsOf(block)...)
	}
	return refs
}
