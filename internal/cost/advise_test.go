package cost_test

import (
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestAdviceSaves holds each piece of advice on instance types to what it promises: the plan of SR-HA with these types costs so much less.
func TestAdviceSaves(t *testing.T) {
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	read := func() *tfjson.Plan {
		var plan tfjson.Plan
		if err := plan.UnmarshalJSON(srHA(t)); err != nil {
			t.Fatal(err)
		}
		return &plan
	}
	in := inputOf(t, read())
	advice, err := cost.Advise(in, book, cost.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := estimate(t, read(), cost.Options{}).Total()
	tried := 0
	for _, a := range advice {
		kind, ok := strings.CutSuffix(strings.TrimPrefix(a.Settings[0].Name, "node_groups."), ".instance_types")
		if !ok {
			continue
		}
		tried++
		var names []any
		for _, name := range strings.Split(strings.Trim(a.Settings[0].Value, "[]"), ", ") {
			names = append(names, strings.Trim(name, `"`))
		}
		plan := read()
		each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
			if labels, _ := r.AttributeValues["labels"].(map[string]any); r.Type == "aws_eks_node_group" && labels["coder.com/node-group"] == kind {
				r.AttributeValues["instance_types"] = names
			}
		})
		if after := estimate(t, plan, cost.Options{}).Total(); !before.Minus(after).Equal(a.Saving) {
			t.Errorf("%v saves %s and not the %s that it promises", a.Settings, before.Minus(after).Cents(), a.Saving.Cents())
		}
	}
	if tried < 3 {
		t.Errorf("only %d pieces of advice on instance types for SR-HA", tried)
	}
	for i, a := range advice[1:] {
		if a.Saving.Cmp(advice[i].Saving) > 0 {
			t.Errorf("advice %d saves more than the one before it", i+1)
		}
	}
}

func each(module *tfjson.StateModule, visit func(*tfjson.StateResource)) {
	for _, r := range module.Resources {
		visit(r)
	}
	for _, child := range module.ChildModules {
		each(child, visit)
	}
}

// TestEverythingIsPriced holds the plan of SR-HA to having no type that is neither priced nor known as free.
func TestEverythingIsPriced(t *testing.T) {
	var plan tfjson.Plan
	if err := plan.UnmarshalJSON(srHA(t)); err != nil {
		t.Fatal(err)
	}
	if r := estimate(t, &plan, cost.Options{}); len(r.Unpriced) > 0 {
		t.Errorf("%v", r.Unpriced)
	}
}

func TestEndpoints(t *testing.T) {
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	choose := func(plan *tfjson.Plan) *cost.EndpointChoice {
		in := inputOf(t, plan)
		choice, err := cost.Endpoints(in.Inventory, estimate(t, plan, cost.Options{}), book)
		if err != nil {
			t.Fatal(err)
		}
		return choice
	}
	// One gateway, so one zone: 11 × 730 h × 0.01 = 80.30; over 0.035 a GB that is 2,294 GB, and 80.30 − 32.85 = 47.45 is 1,356 GB.
	got := choose(reference())
	if got == nil || got.Hours.StringFixed(2) != "80.30" || got.Beside.String() != "2294" || got.Instead.String() != "1356" ||
		got.Now.String() != "29" {
		t.Errorf("%+v", got)
	}
	// By the prices of the gateway's own region: 11 × 730 h × 0.012.
	if got := choose(planOf(nil, resource("aws_nat_gateway.n", values{"region": "eu-central-1"}))); got.Hours.StringFixed(2) != "96.36" {
		t.Errorf("in Frankfurt, %+v", got)
	}
	if got := choose(planOf(nil, resource("aws_kms_key.k", nil))); got != nil {
		t.Errorf("without gateways: %+v", got)
	}
	if got := choose(planOf(nil, resource("aws_nat_gateway.n", nil),
		resource("aws_vpc_endpoint.e", values{"vpc_endpoint_type": "Interface"}))); got != nil {
		t.Errorf("with endpoints: %+v", got)
	}
}
