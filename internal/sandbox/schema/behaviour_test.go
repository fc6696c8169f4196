package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestBehavioursFitTheSchema: what was measured on one version of the provider is planned with the schema of another, so
// every path that both know must lead to something that can hold the value.
func TestBehavioursFitTheSchema(t *testing.T) {
	behaviours, err := Behaviours()
	if err != nil {
		t.Fatal(err)
	}
	provider, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(behaviours) < 600 {
		t.Errorf("%d types have a behaviour; the two tables have more than six hundred", len(behaviours))
	}
	known, unknown := 0, 0
	for _, name := range slices.Sorted(maps.Keys(behaviours)) {
		resource := provider.Resource(name)
		if resource == nil {
			continue // version 6 has it no longer
		}
		b := behaviours[name]
		for _, path := range slices.Sorted(maps.Keys(b.Defaults)) {
			attribute, _ := find(resource.Block, path)
			if attribute == nil {
				unknown++
				continue
			}
			known++
			if !holds(attribute.Type, b.Defaults[path]) {
				t.Errorf("%s.%s is a %s and cannot have the default %#v", name, path, attribute.Type, b.Defaults[path])
			}
		}
		for path, way := range b.Texts {
			if attribute, _ := find(resource.Block, path); attribute != nil && !attribute.Type.Is(tftypes.String) {
				t.Errorf("%s.%s is planned %q and is no text but a %s", name, path, way, attribute.Type)
			}
		}
		for _, path := range b.KnownNull {
			if attribute, _ := find(resource.Block, path); attribute != nil && !attribute.Computed {
				t.Errorf("%s.%s is measured as computed, and the schema says that it is not", name, path)
			}
		}
	}
	if known < 1500 || unknown > known/50 {
		t.Errorf("%d defaults have their place in the schema and %d have not", known, unknown)
	}
}

func TestBehaviours(t *testing.T) {
	behaviours, err := Behaviours()
	if err != nil {
		t.Fatal(err)
	}
	vpc := behaviours["aws_vpc"]
	if diff := cmp.Diff(map[string]any{"enable_dns_support": true, "instance_tenancy": "default"}, vpc.Defaults); diff != "" {
		t.Errorf("defaults of aws_vpc (-want +got):\n%s", diff)
	}
	if !slices.Contains(vpc.RequiresReplace, "instance_tenancy") && !slices.Contains(vpc.RequiresReplace, "ipv4_ipam_pool_id") {
		t.Errorf("aws_vpc has lost what replaces it: %v", vpc.RequiresReplace)
	}
	if way := behaviours["aws_sqs_queue"].Texts["policy"]; way != "json" {
		t.Errorf("the policy of aws_sqs_queue is planned %q, want json", way)
	}
	if blocks := behaviours["aws_eks_cluster"].ComputedBlocks; !slices.Contains(blocks, "access_config") {
		t.Errorf("computed blocks of aws_eks_cluster: %v", blocks)
	}
}

// find follows a dotted path to an attribute or to a nested block.
func find(block *Block, path string) (*Attribute, *NestedBlock) {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		if a := block.Attribute(name); a != nil {
			return a, nil
		}
	}
	for _, nested := range block.Blocks {
		if nested.Name == name && deeper {
			return find(nested.Block, rest)
		}
		if nested.Name == name {
			return nil, nested
		}
	}
	return nil, nil
}

// holds reports whether a decoded JSON value fits a type.
func holds(typ tftypes.Type, value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return typ.Is(tftypes.String)
	case bool:
		return typ.Is(tftypes.Bool)
	case float64:
		return typ.Is(tftypes.Number)
	case []any:
		var element tftypes.Type
		switch t := typ.(type) {
		case tftypes.List:
			element = t.ElementType
		case tftypes.Set:
			element = t.ElementType
		default:
			return false
		}
		return !slices.ContainsFunc(v, func(e any) bool { return !holds(element, e) })
	case map[string]any:
		for name, inner := range v {
			element := tftypes.Type(nil)
			switch t := typ.(type) {
			case tftypes.Map:
				element = t.ElementType
			case tftypes.Object:
				element = t.AttributeTypes[name]
			}
			if element == nil || !holds(element, inner) {
				return false
			}
		}
		return true
	}
	return false
}
