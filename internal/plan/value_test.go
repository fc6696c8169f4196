package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// described is a plan of one node group, as an engine writes it: its size hangs on what is made along with it, its disk is left to AWS, its
// name is a secret, and one of its types is not known.
const described = `{
  "format_version": "1.2",
  "planned_values": {
    "outputs": {"capacity": {"sensitive": false, "value": {"nodes": {"control": 2}}}, "later": {"sensitive": false}},
    "root_module": {"child_modules": [{"address": "module.nodes[0]", "resources": [{
      "address": "module.nodes[0].aws_eks_node_group.this[\"a\"]", "mode": "managed", "type": "aws_eks_node_group", "name": "this",
      "values": {
        "node_group_name": "a", "capacity_type": null, "instance_types": ["m5.large", null], "labels": {"kind": "workspace"},
        "scaling_config": [{"max_size": 4, "desired_size": "3"}], "tags": {}, "version": "1.35"
      }
    }]}]}
  },
  "resource_changes": [{
    "address": "module.nodes[0].aws_eks_node_group.this[\"a\"]", "mode": "managed", "type": "aws_eks_node_group", "name": "this",
    "change": {
      "actions": ["create"], "before": null,
      "after": {"node_group_name": "a"},
      "after_unknown": {
        "arn": true, "disk_size": true, "instance_types": [false, true], "labels": {}, "scaling_config": [{"min_size": true}], "taint": true,
        "update_config": [{"max_unavailable": true}]
      },
      "after_sensitive": {"node_group_name": true, "labels": {}}
    }
  }],
  "output_changes": {
    "capacity": {"actions": ["create"], "before": null, "after": {"nodes": {"control": 2}}, "after_unknown": {"nodes": {"workspace": true}, "limits": [false, true]}},
    "later": {"actions": ["create"], "before": null, "after_unknown": true}
  },
  "configuration": {"root_module": {"module_calls": {"nodes": {"module": {"resources": [{
    "address": "aws_eks_node_group.this", "mode": "managed", "type": "aws_eks_node_group", "name": "this",
    "expressions": {
      "node_group_name": {"references": ["var.name"]}, "instance_types": {"references": ["var.types"]},
      "scaling_config": [{"min_size": {"references": ["var.min"]}, "max_size": {"constant_value": 4}}], "taint": {"references": ["var.taint"]}
    }
  }]}}}}}
}`

func decoded(t *testing.T, text string) *Plan {
	t.Helper()
	p, d := Decode([]byte(text))
	if d != nil {
		t.Fatal(d)
	}
	return p
}

// TestValues is the specification of what is known, null and unknown.
func TestValues(t *testing.T) {
	p := decoded(t, described)
	if len(p.Planned()) != 1 || len(p.Changes()) != 1 || len(p.Prior()) != 0 {
		t.Fatalf("%d resources, %d changes, %d before", len(p.Planned()), len(p.Changes()), len(p.Prior()))
	}
	v := p.Planned()[0].Values
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"a text", v.Attr("version").Text(), Known("1.35")},
		{"a null", v.Attr("capacity_type").Text(), Null[string]()},
		{"an attribute that is not there", v.Attr("none").Text(), Null[string]()},
		{"a number in a block", v.At("scaling_config", "max_size").Count(), Known(4)},
		{"a number that is written as a text", v.At("scaling_config", "desired_size").Number(), Known(3.0)},
		{"a number that is not known is not zero", v.At("scaling_config", "min_size").Count(), Unknown[int]()},
		{"nor is it as a part of a number", v.At("scaling_config", "min_size").Number(), Unknown[float64]()},
		{"what the configuration leaves to AWS is its default", v.Attr("disk_size").Count(), Null[int]()},
		{"so is what only AWS can know", v.Attr("arn").Text(), Null[string]()},
		{"a block that the configuration does not write has what is in it", v.At("update_config", "max_unavailable").Count(), Unknown[int]()},
		{"a list of which one element is not known", v.Attr("instance_types").Elements().Else(nil, nil)[1].State(), IsUnknown},
		{"blocks of which nobody knows how many there are", len(v.Blocks("taint")), 1},
		{"and what is in them", v.Blocks("taint")[0].Attr("key").Text(), Unknown[string]()},
		{"no blocks", len(v.Blocks("launch_template")), 0},
		{"what is in a null", v.At("launch_template", "id").Text(), Null[string]()},
		{"a text where a number is asked for", v.Attr("version").Count(), Unknown[int]()},
		{"an object where a text is asked for", v.Attr("labels").Text(), Unknown[string]()},
		{"an element of a map", v.At("labels", "kind").Text(), Known("workspace")},
		{"a secret", v.Attr("node_group_name").IsSensitive(), true},
		{"what is no secret", v.Attr("version").IsSensitive(), false},
		{"a resource with a secret in it", v.IsSensitive(), true},
		{"an output of which a part is not known", p.Output("capacity").Unknowns(), []string{"limits[1]", "nodes.workspace"}},
		{"and what is known of it", p.Output("capacity").At("nodes", "control").Count(), Known(2)},
		{"an output that is not known", p.Output("later").State(), IsUnknown},
		{"an output that is not there", p.Output("none").State(), IsNull},
	} {
		if !reflect.DeepEqual(test.got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		}
	}
	if texts := v.Attr("instance_types").Texts(); !texts.IsUnknown() {
		t.Errorf("a list with an unknown text is known as %v", texts)
	}
}

// TestNumbers holds counts to what can be counted.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]Maybe[int]{
		"3": Known(3), "-1": Known(-1), "0": Known(0), `"12"`: Known(12), "null": Null[int](), "2.5": Unknown[int](), "1e300": Unknown[int](),
		`"twelve"`: Unknown[int](), `"NaN"`: Unknown[int](), `"Inf"`: Unknown[int](), "true": Unknown[int](), "[3]": Unknown[int](),
	} {
		var known any
		decoder := json.NewDecoder(strings.NewReader(text))
		if err := decoder.Decode(&known); err != nil {
			t.Fatal(err)
		}
		if got := Of(known).Count(); got != want {
			t.Errorf("%s counts as %v, want %v", text, got, want)
		}
		decoder = json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&known); err != nil {
			t.Fatal(err)
		}
		if got := Of(known).Count(); got != want {
			t.Errorf("%s as json.Number counts as %v, want %v", text, got, want)
		}
	}
}

// TestMaybe: nobody gets a number of what is null or unknown without saying what that means.
func TestMaybe(t *testing.T) {
	for _, test := range []struct {
		maybe          Maybe[int]
		value          int
		defaulted      Maybe[int]
		settled        int
		document       string
		leftOut, known bool
	}{
		{Known(5), 5, Known(5), 5, "5", false, true},
		{Known(0), 0, Known(0), 0, "0", false, true},
		{Null[int](), 0, Known(7), 1, "null", true, false},
		{Unknown[int](), 0, Unknown[int](), 2, "null", false, false},
	} {
		value, _ := test.maybe.Get()
		document, err := json.Marshal(test.maybe)
		if err != nil || value != test.value || test.maybe.Default(7) != test.defaulted || test.maybe.Else(1, 2) != test.settled ||
			string(document) != test.document || test.maybe.IsZero() != test.leftOut || test.maybe.IsKnown() != test.known {
			t.Errorf("%v: %d, %v, %d, %s, %v", test.maybe, value, test.maybe.Default(7), test.maybe.Else(1, 2), document, err)
		}
	}
}

// TestSecretsAreNotShown: a secret can be read, and gets into no document by accident.
func TestSecretsAreNotShown(t *testing.T) {
	v := decoded(t, described).Planned()[0].Values
	document, err := json.Marshal(map[string]any{"name": v.Attr("node_group_name"), "whole": v, "version": v.Attr("version"),
		"min": v.At("scaling_config", "min_size")})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"min":"(unknown)","name":"(sensitive)","version":"\"1.35\"","whole":"(sensitive)"}`; string(document) != want {
		t.Errorf("%s, want %s", document, want)
	}
	if said := fmt.Sprint(v.Attr("node_group_name")); strings.Contains(said, "a\"") {
		t.Errorf("it is printed as %s", said)
	}
	if name, _ := v.Attr("node_group_name").Text().Get(); name != "a" {
		t.Errorf("it reads as %q", name)
	}
}

// TestMade: after a plan was carried out nothing is unknown, and what it did is still known.
func TestMade(t *testing.T) {
	p := decoded(t, described)
	address := p.Planned()[0].Address
	made := p.Made(&tfjson.State{Values: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{{
		Address: address, Mode: tfjson.ManagedResourceMode, Type: "aws_eks_node_group", DependsOn: []string{"aws_eks_cluster.this"},
		AttributeValues: map[string]any{"scaling_config": []any{map[string]any{"min_size": 2.0}}, "taint": nil},
	}}}}})
	v := made.Planned()[0].Values
	if v.HasUnknown() || v.At("scaling_config", "min_size").Count() != Known(2) || v.Attr("taint").State() != IsNull {
		t.Errorf("%v", v)
	}
	if len(made.Changes()) != 1 || !made.Changes()[0].Actions.Create() || made.Prior()[0].After[0] != "aws_eks_cluster.this" {
		t.Errorf("changes %v, before %v", made.Changes(), made.Prior())
	}
	if !p.Planned()[0].Values.HasUnknown() {
		t.Error("the plan itself has changed")
	}
	if before := p.Before(); len(before.Planned()) != 0 || len(made.Before().Planned()) != 1 {
		t.Errorf("before it was made: %v", before.Planned())
	}
}
