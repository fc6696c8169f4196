package lifecycle

import (
	"testing"

	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// TestImagination: what a plan does not know is stood in for by something of the wanted type and form, which says that it is made up; what
// the plan knows stays.
func TestImagination(t *testing.T) {
	type object = map[string]any
	shape := cty.ObjectWithOptionalAttrs(map[string]cty.Type{
		"name": cty.String, "port": cty.Number, "ready": cty.Bool, "zones": cty.List(cty.String), "labels": cty.Map(cty.String),
		"cluster": cty.Object(map[string]cty.Type{"endpoint": cty.String, "certificate_authority_data": cty.String, "version": cty.String}),
		"roles":   cty.Map(cty.Object(map[string]cty.Type{"role_arn": cty.String})),
		"extra":   cty.String,
	}, []string{"extra"})
	for _, test := range []struct {
		name           string
		value, unknown any
		shape          cty.Type
		want           any
	}{
		{"what is known stays", object{"name": "coder", "port": 5432.0}, object{}, shape, object{"name": "coder", "port": 5432.0}},
		{"a text", object{}, object{"name": true}, shape, object{"name": "known-after-apply"}},
		{"a number", object{}, object{"port": true}, shape, object{"port": 1}},
		{"a truth value", object{}, object{"ready": true}, shape, object{"ready": false}},
		{"a list has an element", object{}, object{"zones": true}, shape, object{"zones": []any{"known-after-apply"}}},
		{"a list of which an element is not known", object{"zones": []any{"a", nil}}, object{"zones": []any{false, true}}, shape,
			object{"zones": []any{"a", "known-after-apply"}}},
		{"a map is empty", object{}, object{"labels": true}, shape, object{"labels": object{}}},
		{"an object has the attributes that it must have", object{}, object{"cluster": true}, shape, object{"cluster": object{
			"endpoint":                   "https://known-after-apply.eu-west-1.eks.amazonaws.com",
			"certificate_authority_data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmtub3duLWFmdGVyLWFwcGx5Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K",
			"version":                    "known-after-apply",
		}}},
		{"what is known of an object stays", object{"cluster": object{"version": "1.35"}}, object{"cluster": object{"endpoint": true}}, shape,
			object{"cluster": object{"version": "1.35", "endpoint": "https://known-after-apply.eu-west-1.eks.amazonaws.com"}}},
		{"an ARN in a map of objects", object{"roles": object{"coderd": object{}}}, object{"roles": object{"coderd": object{"role_arn": true}}},
			shape,
			object{"roles": object{"coderd": object{"role_arn": "arn:aws:iam::000000000000:role/known-after-apply"}}}},
		{"without a type it is a text", object{}, object{"storage_kms_key_arn": true, "host": true}, cty.DynamicPseudoType, object{
			"storage_kms_key_arn": "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-0000-0000-000000000000",
			"host":                "known-after-apply.eu-west-1.amazonaws.com",
		}},
		{"a range of addresses is nobody's", object{}, object{"service_cidr": true, "cidrs": true},
			cty.Object(map[string]cty.Type{"service_cidr": cty.String, "cidrs": cty.List(cty.String)}),
			object{"service_cidr": "192.0.2.0/24", "cidrs": []any{"192.0.2.0/24"}}},
		{"secrets are ARNs", object{"secrets": object{}}, object{"secrets": object{"owner_password": true}}, cty.DynamicPseudoType,
			object{"secrets": object{"owner_password": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:known-after-apply"}}},
		{"nothing is known at all", nil, true, cty.Object(map[string]cty.Type{"alarm_topic_arn": cty.String}),
			object{"alarm_topic_arn": "arn:aws:sns:eu-west-1:000000000000:known-after-apply"}},
	} {
		outputs := map[string]*tfjson.Change{"cloud": {After: test.value, AfterUnknown: test.unknown}}
		planned, _ := plan.Read(&tfjson.Plan{OutputChanges: outputs}).OutputChange("cloud")
		if diff := cmp.Diff(test.want, newImagination("eu-west-1").complete(planned.After, test.shape, "cloud")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	if got, want := newImagination("us-gov-west-1").text("topic_arn"),
		"arn:aws-us-gov:sns:us-gov-west-1:000000000000:known-after-apply"; got != want {
		t.Errorf("in GovCloud a topic is %s, want %s", got, want)
	}
}
