package inventory

import (
	"strings"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// regions knows which region the resources of a plan are in.
type regions struct {
	plan  *plan.Plan
	graph *Graph
	// looked is the region that a data source aws_region found, if there is only one.
	looked string
	known  map[string]string // by key of the provider configuration
}

func newRegions(p *plan.Plan, graph *Graph) *regions {
	r := &regions{plan: p, graph: graph, known: map[string]string{}}
	names := map[string]bool{}
	for _, resource := range p.Prior() {
		if resource.Type != "aws_region" {
			continue
		}
		for _, attribute := range []string{"region", "name", "id"} {
			if name := text(resource.Values, attribute); name != "" {
				names[name] = true
				r.looked = name
				break
			}
		}
	}
	if len(names) > 1 {
		r.looked = ""
	}
	return r
}

// global are the beginnings of types that are in no region.
var global = []string{"aws_iam_", "aws_route53_", "aws_cloudfront_", "aws_budgets_", "aws_organizations_"}

// of is the region of a resource: its own argument, that of its provider, or the only one that the configuration asked for.
func (r *regions) of(resource Resource, block *tfjson.ConfigResource) string {
	if !strings.HasPrefix(resource.Type, "aws_") {
		return ""
	}
	for _, beginning := range global {
		if strings.HasPrefix(resource.Type, beginning) {
			return ""
		}
	}
	if region := text(resource.Values, "region"); region != "" {
		return region
	}
	if block != nil {
		if region := r.ofProvider(block.ProviderConfigKey); region != "" {
			return region
		}
	}
	return r.looked
}

func (r *regions) ofProvider(key string) string {
	if region, ok := r.known[key]; ok {
		return region
	}
	region := ""
	if provider := r.graph.providers[key]; provider != nil {
		if expression := provider.Expressions["region"]; expression != nil && expression.ExpressionData != nil {
			region, _ = expression.ConstantValue.(string)
			for _, ref := range whole(expression.References) {
				name, ok := strings.CutPrefix(ref, "var.")
				if variable := r.plan.Document.Variables[name]; ok && variable != nil && provider.ModuleAddress == "" {
					region, _ = variable.Value.(string)
				}
			}
		}
	}
	r.known[key] = region
	return region
}
