package kubernetestest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The file's format is that of `terraform providers schema -json`.
type (
	fileBlock struct {
		Attributes map[string]struct {
			Type                         json.RawMessage
			Required, Optional, Computed bool
		}
		Blocks map[string]struct {
			Nesting  string `json:"nesting_mode"`
			Block    fileBlock
			MinItems int64 `json:"min_items"`
			MaxItems int64 `json:"max_items"`
		} `json:"block_types"`
	}
	fileSchema struct{ Block fileBlock }
)

// load decodes the schema.
func load() (agreeable, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return agreeable{}, fmt.Errorf("schema of the Kubernetes provider: %w", err)
	}
	var file struct {
		Schemas map[string]struct {
			Provider  fileSchema
			Resources map[string]fileSchema `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.NewDecoder(unpacked).Decode(&file); err != nil {
		return agreeable{}, fmt.Errorf("schema of the Kubernetes provider: %w", err)
	}
	response := &tfprotov5.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov5.Schema{},
		DataSourceSchemas: map[string]*tfprotov5.Schema{}}
	for _, provider := range file.Schemas {
		block, err := provider.Provider.Block.served()
		if err != nil {
			return agreeable{}, err
		}
		response.Provider = &tfprotov5.Schema{Block: block}
		for name, resource := range provider.Resources {
			if block, err = resource.Block.served(); err != nil {
				return agreeable{}, fmt.Errorf("%s: %w", name, err)
			}
			response.ResourceSchemas[name] = &tfprotov5.Schema{Block: block}
		}
	}
	return agreeable{schema: response}, nil
}

func (b fileBlock) served() (*tfprotov5.SchemaBlock, error) {
	block := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		//lint:ignore SA1019 It reads the format of the file, and nothing else does.
		kind, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			return nil, fmt.Errorf("type of %s: %w", name, err)
		}
		block.Attributes = append(block.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	modes := map[string]tfprotov5.SchemaNestedBlockNestingMode{
		"single": tfprotov5.SchemaNestedBlockNestingModeSingle, "list": tfprotov5.SchemaNestedBlockNestingModeList,
		"set": tfprotov5.SchemaNestedBlockNestingModeSet,
	}
	for name, n := range b.Blocks {
		inner, err := n.Block.served()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		block.BlockTypes = append(block.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Nesting: modes[n.Nesting], MinItems: n.MinItems, MaxItems: n.MaxItems, Block: inner,
		})
	}
	return block, nil
}
