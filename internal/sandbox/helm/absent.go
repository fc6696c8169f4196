package helm

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The provider has data sources and resource identities as well, which the embedded schema does not hold, so that Terraform refuses them
// before it calls what is below; the answers say so should it do so all the same.

var _ tfprotov6.ProviderServer = (*Server)(nil)

func notOffered(what string) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{problem("", what+" not offered", "The embedded Helm provider serves the resource helm_release.")}
}

// ValidateDataResourceConfig refuses.
func (s *Server) ValidateDataResourceConfig(context.Context,
	*tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: notOffered("Data sources are")}, nil
}

// ReadDataSource refuses.
func (s *Server) ReadDataSource(context.Context, *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return &tfprotov6.ReadDataSourceResponse{Diagnostics: notOffered("Data sources are")}, nil
}

// GetResourceIdentitySchemas serves none.
func (s *Server) GetResourceIdentitySchemas(context.Context,
	*tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

// UpgradeResourceIdentity refuses.
func (s *Server) UpgradeResourceIdentity(context.Context,
	*tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return &tfprotov6.UpgradeResourceIdentityResponse{Diagnostics: notOffered("Resource identities are")}, nil
}

// MoveResourceState refuses.
func (s *Server) MoveResourceState(context.Context, *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return &tfprotov6.MoveResourceStateResponse{Diagnostics: notOffered("Moves between types are")}, nil
}

// GenerateResourceConfig refuses: Terraform generates configuration itself where a provider does not offer it.
func (s *Server) GenerateResourceConfig(context.Context,
	*tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: notOffered("Generated configuration is")}, nil
}

// GetFunctions serves none.
func (s *Server) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

// CallFunction refuses.
func (s *Server) CallFunction(_ context.Context, request *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return &tfprotov6.CallFunctionResponse{Error: &tfprotov6.FunctionError{Text: "the embedded Helm provider serves no function " +
		request.Name}}, nil
}

// ValidateEphemeralResourceConfig refuses.
func (s *Server) ValidateEphemeralResourceConfig(context.Context,
	*tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// OpenEphemeralResource refuses.
func (s *Server) OpenEphemeralResource(context.Context, *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse,
	error) {
	return &tfprotov6.OpenEphemeralResourceResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// RenewEphemeralResource refuses.
func (s *Server) RenewEphemeralResource(context.Context,
	*tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return &tfprotov6.RenewEphemeralResourceResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// CloseEphemeralResource has nothing to close.
func (s *Server) CloseEphemeralResource(context.Context,
	*tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}
