// Package kubernetestest is a Terraform provider that has the schema of hashicorp/kubernetes and no cluster: it agrees with every plan. So
// templates for Kubernetes can be validated, planned and applied where that provider and a cluster are not at hand. What it cannot show is
// what Kubernetes says of an object. Only tests import it.
package kubernetestest

import (
	"context"
	_ "embed"
	"io"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Version is that of hashicorp/kubernetes whose schema this is, of the types that the templates use, as tools/schemas
// rebuilt it from the npm package @cdktf/provider-kubernetes 12.1.1; see NOTICE.
const Version = "2.38.0"

// Name is the provider's source address.
const Name = "registry.terraform.io/hashicorp/kubernetes"

//go:embed hashicorp-kubernetes-2.38.0.json.gz
var packed []byte

// agreeable is a provider that has a schema and agrees with every plan: what Terraform proposes is what there will be, and a new resource
// gets an id. It has no cluster. The methods that Terraform does not call here are those of nobody.
type agreeable struct {
	tfprotov5.ProviderServer
	schema *tfprotov5.GetProviderSchemaResponse
}

// Serve serves the provider as Terraform starts it: as a program of its own that is named for it. It returns when Terraform ends it.
func Serve() error {
	server, err := load()
	if err != nil {
		return err
	}
	plugin.Serve(configuration(server))
	return nil
}

// Address is where Terraform finds a provider that is served from inside this process, in the terms of TF_REATTACH_PROVIDERS.
type Address struct {
	Network, Path        string
	ProtocolVersion, PID int
}

// Attach serves the provider from inside this process until the test ends. The library that it is made with writes
// everything to standard error unless TF_LOG_SDK says off.
func Attach(t testing.TB) Address {
	t.Helper()
	server, err := load()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	served := configuration(server)
	served.Test = &plugin.ServeTestConfig{Context: ctx, ReattachConfigCh: ready, CloseCh: done}
	go plugin.Serve(served)
	t.Cleanup(func() { cancel(); <-done })
	config := <-ready
	if config == nil {
		t.Fatal("the provider did not open its socket")
	}
	return Address{config.Addr.Network(), config.Addr.String(), config.ProtocolVersion, config.Pid}
}

func configuration(server agreeable) *plugin.ServeConfig {
	return &plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: 5, MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		Plugins: plugin.PluginSet{"provider": &tf5server.GRPCProviderPlugin{
			Name: Name, GRPCProvider: func() tfprotov5.ProviderServer { return server },
		}},
		GRPCServer: plugin.DefaultGRPCServer,
		Logger:     hclog.New(&hclog.LoggerOptions{Output: io.Discard}),
	}
}

func (a agreeable) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	return &tfprotov5.GetMetadataResponse{ServerCapabilities: a.schema.ServerCapabilities}, nil
}

func (a agreeable) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return a.schema, nil
}

// GetResourceIdentitySchemas says that resources have no identities beside their ids. OpenTofu asks, and Terraform from 1.12.
func (agreeable) GetResourceIdentitySchemas(context.Context,
	*tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

// GetFunctions says that there are no functions.
func (agreeable) GetFunctions(context.Context, *tfprotov5.GetFunctionsRequest) (*tfprotov5.GetFunctionsResponse, error) {
	return &tfprotov5.GetFunctionsResponse{}, nil
}

func (agreeable) PrepareProviderConfig(_ context.Context,
	r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (agreeable) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (agreeable) ValidateResourceTypeConfig(context.Context,
	*tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (a agreeable) UpgradeResourceState(_ context.Context,
	r *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
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

func (a agreeable) PlanResourceChange(_ context.Context,
	r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	state, err := a.withID(r.TypeName, r.ProposedNewState, func(map[string]tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	})
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: state}, err
}

// ApplyResourceChange gives a new object the id that the provider gives: its namespace and name.
func (a agreeable) ApplyResourceChange(_ context.Context,
	r *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
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
func (a agreeable) withID(typeName string, state *tfprotov5.DynamicValue,
	id func(map[string]tftypes.Value) tftypes.Value) (*tfprotov5.DynamicValue, error) {
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
