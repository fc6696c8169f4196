package helm

import (
	"context"
	"fmt"
	"sync"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/renderer"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// releaseType is the one resource type of the provider that is served.
const releaseType = "helm_release"

// Options say what a Server works on.
type Options struct {
	// World is the AWS whose clusters are installed to. Required.
	World *world.World
	// Catalog has the types of that world, helm_release among them: see Declare. Required.
	Catalog *model.Catalog
	// Charts finds charts. Required.
	Charts *chart.Finder
	// Renderer renders charts; nil for one in this process.
	Renderer *renderer.Renderer
	// Directories are those in which Terraform may run, at which relative paths of charts start: the plugin protocol does not say which one
	// it is. The first one wins in which there is such a chart. Nil is the current directory.
	Directories func() []string
}

// Server is the provider. It is safe for concurrent use, as Terraform calls it in parallel.
type Server struct {
	Options
	schema *schema.Helm

	mu sync.Mutex
	// sessions are the configured provider blocks, by connection.
	sessions map[int64]*session
	// operations records what was done, in order.
	operations []protocol.Operation
	// summaries are of the releases that were made, by key of the world.
	summaries map[string]Summary
}

// NewServer makes a provider of a world.
func NewServer(o Options) (*Server, error) {
	loaded, err := schema.LoadHelm()
	if err != nil {
		return nil, err
	}
	return &Server{Options: o, schema: loaded, sessions: map[int64]*session{}, summaries: map[string]Summary{}}, nil
}

// Serve serves the provider on a local socket from inside this process, until Stop; faults is as for protocol.Serve.
func Serve(server *Server, faults string) (*protocol.Running, error) {
	return protocol.ServePlugin(6, &tf6server.GRPCProviderPlugin{
		Name:         "registry.terraform.io/hashicorp/helm",
		GRPCProvider: func() tfprotov6.ProviderServer { return server },
	}, faults)
}

// Operations lists what was done so far.
func (s *Server) Operations() []protocol.Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]protocol.Operation(nil), s.operations...)
}

func (s *Server) note(action string, r *record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.operations = append(s.operations, protocol.Operation{Action: action, Type: releaseType, ID: r.key(), Region: r.Region})
	if action != "delete" {
		s.summaries[r.Region+"/"+r.key()] = r.summary()
	}
}

// GetMetadata lists the types that are served.
func (s *Server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{
		ServerCapabilities: capabilities(),
		Resources:          []tfprotov6.ResourceMetadata{{TypeName: releaseType}},
	}, nil
}

func capabilities() *tfprotov6.ServerCapabilities {
	return &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true, PlanDestroy: true}
}

// GetProviderSchema serves the schema.
func (s *Server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: capabilities(),
		Provider:           wireSchema(s.schema.Config),
		ResourceSchemas:    map[string]*tfprotov6.Schema{releaseType: wireSchema(s.schema.Release)},
		DataSourceSchemas:  map[string]*tfprotov6.Schema{},
	}, nil
}

// ValidateProviderConfig accepts every provider block that fits the schema.
func (s *Server) ValidateProviderConfig(_ context.Context,
	request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: request.Config}, nil
}

// ConfigureProvider remembers a provider block for its connection. What it says of the cluster may not be known yet while planning.
func (s *Server) ConfigureProvider(ctx context.Context, request *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse,
	error) {
	config, err := decode(request.Config, s.schema.Config.Block.Type())
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[protocol.Connection(ctx)] = newSession(config)
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

// session finds the provider block that a call belongs to.
func (s *Server) session(ctx context.Context) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.sessions[protocol.Connection(ctx)]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("the provider was used before it was configured")
}

// StopProvider ends what is being rendered: no other call takes long.
func (s *Server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.Renderer.Interrupt()
	return &tfprotov6.StopProviderResponse{}, nil
}
