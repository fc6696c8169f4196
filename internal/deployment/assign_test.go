package deployment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

func TestAssign(t *testing.T) {
	list := cty.TupleVal([]cty.Value{cty.StringVal("m5.xlarge"), cty.StringVal("m5a.xlarge")})
	for _, test := range []struct {
		name, text, setting string
		value               cty.Value
		want                string
	}{
		{"a number at the top keeps its comment", "max_workspaces = 500 # people\n", "max_workspaces", cty.NumberIntVal(40),
			"max_workspaces = 40 # people\n"},
		{"what is not there comes at the end", "a = 1\n", "max_workspaces", cty.NumberIntVal(40), "a = 1\n\nmax_workspaces = 40\n"},
		{"an attribute of an object, aligned as it is", "database = {\n  # least\n  min_acu = 1\n  max_acu = 16\n}\n", "database.max_acu",
			cty.NumberFloatVal(2.5), "database = {\n  # least\n  min_acu = 1\n  max_acu = 2.5\n}\n"},
		{"an attribute that an object lacks comes first", "database = {\n  min_acu = 1\n}\n", "database.max_acu", cty.NumberIntVal(4),
			"database = {\n  max_acu = 4\n  min_acu = 1\n}\n"},
		{"a quoted name is the same", "database = { \"max_acu\" = 16 }\n", "database.max_acu", cty.NumberIntVal(4),
			"database = { \"max_acu\" = 4 }\n"},
		{"in an object on one line", "dns = { create_zone = true }\n", "dns.zone_id", cty.StringVal("Z1"),
			"dns = {\n  zone_id = \"Z1\"\n create_zone = true }\n"},
		{"objects that are not there are made", "a = 1\n", "node_groups.workspace.max_size", cty.NumberIntVal(9),
			"a = 1\n\nnode_groups = {\n  workspace = {\n    max_size = 9\n  }\n}\n"},
		{"a list", "node_groups = {\n  workspace = { instance_types = [\"m5.2xlarge\"] }\n}\n", "node_groups.workspace.instance_types", list,
			"node_groups = {\n  workspace = { instance_types = [\"m5.xlarge\", \"m5a.xlarge\"] }\n}\n"},
		{"what is no object goes as a whole", "budget = null\n", "budget.monthly_usd", cty.NumberIntVal(9), "budget = {\n  monthly_usd = 9\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Assign("x.tfvars", []byte(test.text), []Assignment{{test.setting, test.value}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Error(diff)
			}
			again, err := Assign("x.tfvars", got, []Assignment{{test.setting, test.value}})
			if err != nil || string(again) != string(got) {
				t.Errorf("a second time it becomes %q, %v", again, err)
			}
		})
	}
	if _, err := Assign("x.tfvars", []byte("a = {"), []Assignment{{"a.b", cty.True}}); err == nil {
		t.Error("a text that is not valid is written to")
	}
}
