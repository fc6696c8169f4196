package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// The embedded schema holds no functions, ephemeral resources or resource identities, so Terraform has no reason to call what is below; the
// answers say so should it do so all the same.

var _ tfprotov5.ProviderServer = (*Server)(nil)

func notOffered(what string) []*tfprotov5.Diagnostic {
	return []*tfprotov5.Diagnostic{failure(what+" not offered", "The embedded AWS serves resources and data sources of the AWS provider.")}
}

// GetResourceIdentitySchemas serves none.
func (s *Server) GetResourceIdentitySchemas(context.Context,
	*tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

// UpgradeResourceIdentity refuses.
func (s *Server) UpgradeResourceIdentity(context.Context,
	*tfprotov5.UpgradeResourceIdentityRequest) (*tfprotov5.UpgradeResourceIdentityResponse, error) {
	return &tfprotov5.UpgradeResourceIdentityResponse{Diagnostics: notOffered("Resource identities are")}, nil
}

// GetFunctions serves none.
func (s *Server) GetFunctions(context.Context, *tfprotov5.GetFunctionsRequest) (*tfprotov5.GetFunctionsResponse, error) {
	return &tfprotov5.GetFunctionsResponse{}, nil
}

// CallFunction refuses.
func (s *Server) CallFunction(_ context.Context, request *tfprotov5.CallFunctionRequest) (*tfprotov5.CallFunctionResponse, error) {
	return &tfprotov5.CallFunctionResponse{Error: &tfprotov5.FunctionError{Text: "the embedded AWS serves no function " + request.Name}}, nil
}

// ValidateEphemeralResourceConfig refuses.
func (s *Server) ValidateEphemeralResourceConfig(context.Context,
	*tfprotov5.ValidateEphemeralResourceConfigRequest) (*tfprotov5.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov5.ValidateEphemeralResourceConfigResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// OpenEphemeralResource refuses.
func (s *Server) OpenEphemeralResource(context.Context, *tfprotov5.OpenEphemeralResourceRequest) (*tfprotov5.OpenEphemeralResourceResponse,
	error) {
	return &tfprotov5.OpenEphemeralResourceResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// RenewEphemeralResource refuses.
func (s *Server) RenewEphemeralResource(context.Context,
	*tfprotov5.RenewEphemeralResourceRequest) (*tfprotov5.RenewEphemeralResourceResponse, error) {
	return &tfprotov5.RenewEphemeralResourceResponse{Diagnostics: notOffered("Ephemeral resources are")}, nil
}

// CloseEphemeralResource has nothing to close.
func (s *Server) CloseEphemeralResource(context.Context,
	*tfprotov5.CloseEphemeralResourceRequest) (*tfprotov5.CloseEphemeralResourceResponse, error) {
	return &tfprotov5.CloseEphemeralResourceResponse{}, nil
}

// GenerateResourceConfig refuses: Terraform generates configuration itself where a provider does not offer it.
func (s *Server) GenerateResourceConfig(context.Context,
	*tfprotov5.GenerateResourceConfigRequest) (*tfprotov5.GenerateResourceConfigResponse, error) {
	return &tfprotov5.GenerateResourceConfigResponse{Diagnostics: notOffered("Generated configuration is")}, nil
}
