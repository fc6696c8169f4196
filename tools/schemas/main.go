// Command schemas rebuilds the schema of a Terraform provider, in the format of `terraform providers schema -json`, from an npm package
// of CDK for Terraform that was generated from that provider: for providers whose releases are not at hand. What it reads are
// the TypeScript sources in the packages' source maps, which say of every argument its type and whether it is required.
//
//	npm pack @cdktf/provider-kubernetes@12.1.1 && tar xzf cdktf-provider-kubernetes-12.1.1.tgz
//	go run ./tools/schemas -address registry.terraform.io/hashicorp/kubernetes package/lib deployment-v1 persistent-volume-claim-v1
//
// Folders named data-… are data sources, provider is the provider block, others are resources. Not in the sources, and so not in the
// result: descriptions, what is sensitive or deprecated, versions of schemas, blocks in the provider block, and limits on blocks other
// than none, one or any number.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"strings"
)

func main() {
	address := flag.String("address", "", "source address of the provider, such as registry.terraform.io/hashicorp/kubernetes")
	flag.Parse()
	if *address == "" || flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: schemas -address ADDRESS LIBRARY FOLDER…")
		os.Exit(2)
	}
	result, err := rebuild(*address, flag.Arg(0), flag.Args()[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
	text, err := json.Marshal(result)
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
	fmt.Println(string(text))
}

type (
	document struct {
		FormatVersion string              `json:"format_version"`
		Schemas       map[string]provider `json:"provider_schemas"`
	}
	provider struct {
		Provider  schema            `json:"provider"`
		Resources map[string]schema `json:"resource_schemas"`
		Sources   map[string]schema `json:"data_source_schemas"`
	}
	schema struct {
		Version int   `json:"version"`
		Block   block `json:"block"`
	}
	block struct {
		Attributes map[string]attribute `json:"attributes,omitempty"`
		Blocks     map[string]nested    `json:"block_types,omitempty"`
	}
	attribute struct {
		Type     any  `json:"type"`
		Required bool `json:"required,omitempty"`
		Optional bool `json:"optional,omitempty"`
		Computed bool `json:"computed,omitempty"`
	}
	nested struct {
		Nesting  string `json:"nesting_mode"`
		Block    block  `json:"block"`
		MinItems int    `json:"min_items,omitempty"`
		MaxItems int    `json:"max_items,omitempty"`
	}
)

func rebuild(address, library string, folders []string) (document, error) {
	p := provider{Resources: map[string]schema{}, Sources: map[string]schema{}}
	for _, folder := range append([]string{"provider"}, folders...) {
		source, err := typescript(library, folder)
		if err != nil {
			return document{}, err
		}
		declared := parse(source)
		if declared.resource == "" && folder != "provider" {
			return document{}, fmt.Errorf("%s declares no resource", folder)
		}
		body, err := declared.block(declared.root, declared.rootArguments)
		if err != nil {
			return document{}, fmt.Errorf("%s: %w", folder, err)
		}
		switch {
		case folder == "provider":
			delete(body.Attributes, "alias") // Terraform's own
			// The sources do not say which arguments of blocks in the provider block are required.
			maps.DeleteFunc(body.Blocks, func(_ string, n nested) bool { return len(n.Block.Attributes) == 0 })
			p.Provider = schema{Block: body}
		case strings.HasPrefix(folder, "data-"):
			p.Sources[declared.resource] = schema{Block: body}
		default:
			p.Resources[declared.resource] = schema{Block: body}
		}
	}
	return document{FormatVersion: "1.0", Schemas: map[string]provider{address: p}}, nil
}
