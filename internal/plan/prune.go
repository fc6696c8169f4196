package plan

import (
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// prune takes out of a plan what is null where Terraform never writes null: a damaged or forged file must not stop the program.
func prune(plan *tfjson.Plan) {
	missing := func(c *tfjson.ResourceChange) bool { return c == nil }
	plan.ResourceChanges = slices.DeleteFunc(plan.ResourceChanges, missing)
	if plan.PlannedValues != nil {
		pruneValues(plan.PlannedValues.RootModule)
	}
	if plan.PriorState != nil && plan.PriorState.Values != nil {
		pruneValues(plan.PriorState.Values.RootModule)
	}
	if plan.Config == nil {
		return
	}
	maps.DeleteFunc(plan.Config.ProviderConfigs, func(_ string, p *tfjson.ProviderConfig) bool { return p == nil })
	for _, provider := range plan.Config.ProviderConfigs {
		pruneExpressions(provider.Expressions)
	}
	pruneModule(plan.Config.RootModule)
}

func pruneValues(module *tfjson.StateModule) {
	if module == nil {
		return
	}
	module.Resources = slices.DeleteFunc(module.Resources, func(r *tfjson.StateResource) bool { return r == nil })
	module.ChildModules = slices.DeleteFunc(module.ChildModules, func(m *tfjson.StateModule) bool { return m == nil })
	for _, child := range module.ChildModules {
		pruneValues(child)
	}
}

func pruneModule(module *tfjson.ConfigModule) {
	if module == nil {
		return
	}
	module.Resources = slices.DeleteFunc(module.Resources, func(r *tfjson.ConfigResource) bool { return r == nil })
	for _, resource := range module.Resources {
		pruneExpressions(resource.Expressions)
		resource.Provisioners = slices.DeleteFunc(resource.Provisioners, func(p *tfjson.ConfigProvisioner) bool { return p == nil })
		for _, provisioner := range resource.Provisioners {
			pruneExpressions(provisioner.Expressions)
		}
	}
	maps.DeleteFunc(module.Outputs, func(_ string, o *tfjson.ConfigOutput) bool { return o == nil })
	maps.DeleteFunc(module.ModuleCalls, func(_ string, c *tfjson.ModuleCall) bool { return c == nil })
	for _, call := range module.ModuleCalls {
		pruneExpressions(call.Expressions)
		pruneModule(call.Module)
	}
}

func pruneExpressions(expressions map[string]*tfjson.Expression) {
	maps.DeleteFunc(expressions, func(_ string, e *tfjson.Expression) bool { return e == nil || e.ExpressionData == nil })
	for _, expression := range expressions {
		for _, block := range expression.NestedBlocks {
			pruneExpressions(block)
		}
	}
}
