package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// leftOut are types whose schema nests statements in statements over many levels: five of them take more room than all others together,
// and no deployment of Coder has one. A configuration that names one is told that there is no such type.
var leftOut = []string{
	"aws_wafv2_web_acl", "aws_wafv2_rule_group", "aws_quicksight_analysis", "aws_quicksight_dashboard", "aws_quicksight_template",
}

// provider is a schema as it is kept.
type provider struct {
	// Address is that of the provider, such as registry.terraform.io/hashicorp/aws.
	Address            string
	Config             any
	Resources, Sources map[string]any
}

// What is kept of an attribute, of a nested type, of a block in a block, and of a schema.
var (
	attributeKeys = []string{"type", "required", "optional", "computed", "sensitive", "write_only"}
	nestedKeys    = []string{"nesting_mode"}
	blockKeys     = []string{"nesting_mode", "min_items", "max_items"}
	schemaKeys    = []string{"version"}
)

// reduce takes the schema of a provider out of the answer of an engine.
func reduce(text []byte, name string) (provider, error) {
	var answer struct {
		Schemas map[string]struct {
			Provider  map[string]any `json:"provider"`
			Resources map[string]any `json:"resource_schemas"`
			Sources   map[string]any `json:"data_source_schemas"`
		} `json:"provider_schemas"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		return provider{}, fmt.Errorf("the answer of `providers schema` is not JSON: %w", err)
	}
	for address, found := range answer.Schemas {
		if !strings.HasSuffix(address, "/"+name) {
			continue
		}
		// The program knows the provider by the registry of Terraform, whichever engine asked.
		s := provider{Address: "registry.terraform.io/" + name, Config: schema(found.Provider)}
		s.Resources, s.Sources = schemas(found.Resources), schemas(found.Sources)
		return s, nil
	}
	return provider{}, fmt.Errorf("the answer of `providers schema` has no provider %s", name)
}

func schemas(all map[string]any) map[string]any {
	kept := map[string]any{}
	for name, value := range all {
		kept[name] = schema(value)
	}
	for _, name := range leftOut {
		delete(kept, name)
	}
	return kept
}

func schema(value any) map[string]any {
	kept := pick(value, schemaKeys)
	kept["block"] = block(member(value, "block"))
	return kept
}

func block(value any) map[string]any {
	kept := map[string]any{}
	if all := attributes(value); len(all) > 0 {
		kept["attributes"] = all
	}
	blocks := map[string]any{}
	for name, nested := range object(member(value, "block_types")) {
		inner := pick(nested, blockKeys)
		inner["block"] = block(member(nested, "block"))
		blocks[name] = inner
	}
	if len(blocks) > 0 {
		kept["block_types"] = blocks
	}
	return kept
}

// attributes are those of a block or of a nested type.
func attributes(value any) map[string]any {
	all := map[string]any{}
	for name, attribute := range object(member(value, "attributes")) {
		kept := pick(attribute, attributeKeys)
		if nested := member(attribute, "nested_type"); nested != nil {
			inner := pick(nested, nestedKeys)
			inner["attributes"] = attributes(nested)
			kept["nested_type"] = inner
		}
		all[name] = kept
	}
	return all
}

// pick keeps some members of an object.
func pick(value any, names []string) map[string]any {
	kept := map[string]any{}
	for _, name := range names {
		if found := member(value, name); found != nil {
			kept[name] = found
		}
	}
	return kept
}

// member is a member of an object; nil if it is not there.
func member(value any, name string) any { return object(value)[name] }

func object(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}
