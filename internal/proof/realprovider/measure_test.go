package realprovider

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// widget is a small resource type with one of everything that a measurement tells apart.
var widget = &Block{
	Attributes: []Attribute{
		{Name: "name", Type: tftypes.String, Required: true},
		{Name: "size", Type: tftypes.Number, Optional: true},
		{Name: "id", Type: tftypes.String, Computed: true},
		{Name: "tags_all", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true, Computed: true},
	},
	Blocks: []NestedBlock{
		{Name: "part", Nesting: NestingList, Block: &Block{
			Attributes: []Attribute{{Name: "colour", Type: tftypes.String, Optional: true}},
			Blocks: []NestedBlock{{Name: "screw", Nesting: NestingSet, Block: &Block{
				Attributes: []Attribute{{Name: "length", Type: tftypes.Number, Required: true}},
			}}},
		}},
		{Name: "timeouts", Nesting: NestingSingle, Block: &Block{
			Attributes: []Attribute{{Name: "create", Type: tftypes.String, Optional: true}},
		}},
	},
}

func TestExamplesGrowLevelByLevel(t *testing.T) {
	if got := widget.depth(); got != 2 {
		t.Fatalf("depth %d, want 2: timeouts do not count", got)
	}
	type counts struct{ Name, Parts, Screws, Size int }
	for depth, want := range map[int]counts{-1: {0, 0, 0, 4}, 0: {1, 0, 0, 4}, 1: {1, 1, 0, 5}, 2: {1, 1, 1, 6}} {
		got := counts{Size: widget.exampleSize(depth)}
		values := members(t, widget.example(depth, nil))
		if !values["name"].IsNull() {
			got.Name = 1
		}
		for _, part := range elements(t, values["part"]) {
			got.Parts++
			got.Screws += len(elements(t, members(t, part)["screw"]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("depth %d (-want +got):\n%s", depth, diff)
		}
		if !values["timeouts"].IsNull() {
			t.Errorf("depth %d: timeouts are set", depth)
		}
	}
	if got := members(t, widget.example(0, map[string]any{"size": 7}))["size"]; got.IsNull() {
		t.Error("a setting is not set")
	}
}

func TestBehaviourIsWhatEveryPlanAgreesOn(t *testing.T) {
	unknown := func(typ tftypes.Type) tftypes.Value { return tftypes.NewValue(typ, tftypes.UnknownValue) }
	part := widget.Blocks[0]
	// plan is what a provider might answer to the example of a depth.
	plan := func(depth int, size any, id, tags, parts tftypes.Value) (tftypes.Value, tftypes.Value) {
		config := widget.example(depth, nil)
		values := members(t, config)
		values["size"] = tftypes.NewValue(tftypes.Number, size)
		values["id"], values["tags_all"], values["part"] = id, tags, parts
		return config, tftypes.NewValue(widget.Type(), values)
	}
	none := tftypes.NewValue(tftypes.String, nil)
	noTags := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{})
	oneRed := part.Value(tftypes.NewValue(part.Block.Type(), map[string]tftypes.Value{
		"colour": tftypes.NewValue(tftypes.String, "red"),
		"screw":  part.Block.Blocks[0].Value(),
	}))
	for _, tt := range []struct {
		name  string
		plans func(add func(config, planned tftypes.Value))
		want  *Behaviour
	}{
		{
			"defaults, computed blocks and known nulls, but nothing of the environment",
			func(add func(config, planned tftypes.Value)) {
				add(plan(0, 3, none, noTags, unknown(part.Type())))
			},
			&Behaviour{Defaults: map[string]any{"size": 3.0}, ComputedBlocks: []string{"part"}, KnownNull: []string{"id"}},
		},
		{
			"inside a block that is there",
			func(add func(config, planned tftypes.Value)) {
				add(plan(1, nil, unknown(tftypes.String), noTags, oneRed))
			},
			&Behaviour{Defaults: map[string]any{"part.colour": "red"}},
		},
		{
			"what changes from plan to plan is no default",
			func(add func(config, planned tftypes.Value)) {
				add(plan(0, 3, unknown(tftypes.String), noTags, part.Value()))
				add(plan(0, 4, unknown(tftypes.String), noTags, part.Value()))
			},
			&Behaviour{Defaults: map[string]any{}},
		},
		{
			"an echo of the configuration is no default",
			func(add func(config, planned tftypes.Value)) {
				add(plan(0, nil, tftypes.NewValue(tftypes.String, "id-of-"+placeholder), noTags, part.Value()))
			},
			&Behaviour{Defaults: map[string]any{}},
		},
		{
			"nor is what holds the region",
			func(add func(config, planned tftypes.Value)) {
				add(plan(0, nil, tftypes.NewValue(tftypes.String, OfflineRegion+"a"), noTags, part.Value()))
			},
			&Behaviour{Defaults: map[string]any{}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := newFindings()
			tt.plans(func(config, planned tftypes.Value) {
				if err := found.compare(widget, "", config, planned); err != nil {
					t.Fatal(err)
				}
			})
			if tt.want.Defaults == nil {
				tt.want.Defaults = map[string]any{}
			}
			if diff := cmp.Diff(tt.want, found.behaviour([]string{OfflineRegion})); diff != "" {
				t.Errorf("behaviour (-want +got):\n%s", diff)
			}
		})
	}
}

func members(t *testing.T, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var out map[string]tftypes.Value
	if err := v.As(&out); err != nil {
		t.Fatal(err)
	}
	// The value keeps this map; a test that changes it must not change the value.
	return maps.Clone(out)
}

func elements(t *testing.T, v tftypes.Value) []tftypes.Value {
	t.Helper()
	var out []tftypes.Value
	if err := v.As(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
