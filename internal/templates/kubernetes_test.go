package templates_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// kubernetesSchema is the schema of hashicorp/kubernetes 2.38.0, of the types that the templates use, as tools/schemas rebuilt it from the
// npm package @cdktf/provider-kubernetes 12.1.1; see NOTICE.
const kubernetesSchema = "testdata/hashicorp-kubernetes-2.38.0.json.gz"

// agreeable is a provider that has a schema and agrees with every plan: what Terraform proposes is what there will be, and a new resource
// gets an id. It has no cluster. The methods that Terraform does not call here are those of nobody.
type agreeable struct {
	tfprotov5.ProviderServer
	schema *tfprotov5.GetProviderSchemaResponse
}

// serveKubernetes serves it under the addresses of both registries. The embedded AWS must be served already: it quietens the library's log.
func serveKubernetes(t *testing.T) map[string]any {
	t.Helper()
	server := agreeable{schema: readSchema(t)}
	addresses := map[string]any{}
	for _, name := range []string{"registry.terraform.io/hashicorp/kubernetes", "registry.opentofu.org/hashicorp/kubernetes"} {
		ctx, cancel := context.WithCancel(context.Background())
		ready, done := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
		go plugin.Serve(&plugin.ServeConfig{
			HandshakeConfig: plugin.HandshakeConfig{
				ProtocolVersion: 5, MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE",
				MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
			},
			Plugins: plugin.PluginSet{"provider": &tf5server.GRPCProviderPlugin{
				Name: name, GRPCProvider: func() tfprotov5.ProviderServer { return server },
			}},
			GRPCServer: plugin.DefaultGRPCServer,
			Logger:     hclog.New(&hclog.LoggerOptions{Output: io.Discard}),
			Test:       &plugin.ServeTestConfig{Context: ctx, ReattachConfigCh: ready, CloseCh: done},
		})
		config := <-ready
		t.Cleanup(func() { cancel(); <-done })
		addresses[name] = reattachment(config.Addr.Network(), config.Addr.String(), config.ProtocolVersion, config.Pid)
	}
	return addresses
}

func (a agreeable) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	return &tfprotov5.GetMetadataResponse{ServerCapabilities: a.schema.ServerCapabilities}, nil
}

func (a agreeable) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return a.schema, nil
}

func (agreeable) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (agreeable) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (agreeable) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (a agreeable) UpgradeResourceState(_ context.Context, r *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	value, err := r.RawState.Unmarshal(a.schema.ResourceSchemas[r.TypeName].ValueType())
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(a.schema.ResourceSchemas[r.TypeName].ValueType(), value)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (agreeable) ReadResource(_ context.Context, r *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: r.CurrentState}, nil
}

func (a agreeable) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	state, err := a.withID(r.TypeName, r.ProposedNewState, func(map[string]tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	})
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: state}, err
}

// ApplyResourceChange gives a new object the id that the provider gives: its namespace and name.
func (a agreeable) ApplyResourceChange(_ context.Context, r *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	state, err := a.withID(r.TypeName, r.PlannedState, func(object map[string]tftypes.Value) tftypes.Value {
		var metadata []tftypes.Value
		var fields map[string]tftypes.Value
		var namespace, name string
		_ = object["metadata"].As(&metadata) // the schema has it
		_ = metadata[0].As(&fields)
		_ = fields["namespace"].As(&namespace)
		_ = fields["name"].As(&name)
		return tftypes.NewValue(tftypes.String, namespace+"/"+name)
	})
	return &tfprotov5.ApplyResourceChangeResponse{NewState: state}, err
}

// withID sets the id of an object that has none.
func (a agreeable) withID(typeName string, state *tfprotov5.DynamicValue, id func(map[string]tftypes.Value) tftypes.Value) (*tfprotov5.DynamicValue, error) {
	kind := a.schema.ResourceSchemas[typeName].ValueType()
	value, err := state.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return state, err
	}
	var object map[string]tftypes.Value
	if err := value.As(&object); err != nil {
		return nil, err
	}
	if object["id"].IsKnown() && !object["id"].IsNull() {
		return state, nil
	}
	object["id"] = id(object)
	result, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, object))
	return &result, err
}

func (agreeable) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

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

func readSchema(t *testing.T) *tfprotov5.GetProviderSchemaResponse {
	t.Helper()
	packed, err := os.ReadFile(kubernetesSchema)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Schemas map[string]struct {
			Provider  fileSchema
			Resources map[string]fileSchema `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.NewDecoder(unpacked).Decode(&file); err != nil {
		t.Fatal(err)
	}
	response := &tfprotov5.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov5.Schema{}, DataSourceSchemas: map[string]*tfprotov5.Schema{}}
	for _, provider := range file.Schemas {
		response.Provider = &tfprotov5.Schema{Block: provider.Provider.Block.served(t)}
		for name, resource := range provider.Resources {
			response.ResourceSchemas[name] = &tfprotov5.Schema{Block: resource.Block.served(t)}
		}
	}
	return response
}

func (b fileBlock) served(t *testing.T) *tfprotov5.SchemaBlock {
	t.Helper()
	block := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		kind, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			t.Fatalf("type of %s: %v", name, err)
		}
		block.Attributes = append(block.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	modes := map[string]tfprotov5.SchemaNestedBlockNestingMode{
		"single": tfprotov5.SchemaNestedBlockNestingModeSingle, "list": tfprotov5.SchemaNestedBlockNestingModeList, "set": tfprotov5.SchemaNestedBlockNestingModeSet,
	}
	for name, n := range b.Blocks {
		block.BlockTypes = append(block.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Nesting: modes[n.Nesting], MinItems: n.MinItems, MaxItems: n.MaxItems, Block: n.Block.served(t),
		})
	}
	return block
}
