package protocol

import (
	"context"
	"fmt"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ValidateResourceTypeConfig refuses null where the schema requires an argument: Terraform itself looks only whether the argument is
// written down. It is asked before each plan, and again while applying, when everything is known. AWS's rules apply later.
func (s *Server) ValidateResourceTypeConfig(_ context.Context,
	request *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	config, err := Decode(request.Config, typ)
	if err != nil {
		return nil, err
	}
	s.note(t.Name, config)
	return &tfprotov5.ValidateResourceTypeConfigResponse{Diagnostics: omissions(t.Block, config, nil, sdkWritten(t.Block))}, nil
}

// ValidateDataSourceConfig does the same for data sources.
func (s *Server) ValidateDataSourceConfig(_ context.Context,
	request *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	t := s.schema.DataSource(request.TypeName)
	if t == nil {
		return nil, fmt.Errorf("the AWS provider %s has no data source %s", facts.AWSProviderVersion, request.TypeName)
	}
	config, err := Decode(request.Config, t.Block.Type())
	if err != nil {
		return nil, err
	}
	s.note("data."+t.Name, config)
	return &tfprotov5.ValidateDataSourceConfigResponse{Diagnostics: omissions(t.Block, config, nil, sdkWritten(t.Block))}, nil
}

// omissions lists required arguments that are null, in the words of the SDK that the type is written with.
func omissions(block *schema.Block, config world.Object, at *tftypes.AttributePath, sdk bool) []*tfprotov5.Diagnostic {
	var all []*tfprotov5.Diagnostic
	for _, attribute := range block.Attributes {
		if !attribute.Required || config[attribute.Name] != nil {
			continue
		}
		problem := failure("Missing Configuration for Required Attribute",
			fmt.Sprintf("Must set a configuration value for the %s attribute as the provider has marked it as required.", attribute.Name))
		if sdk {
			problem = failure("Missing required argument", fmt.Sprintf("The argument %q is required, but no definition was found.", attribute.Name))
		}
		problem.Attribute = at.WithAttributeName(attribute.Name)
		all = append(all, problem)
	}
	for _, nested := range block.Blocks {
		elements, _ := config[nested.Name].([]any)
		for i, element := range elements {
			if inner, ok := element.(world.Object); ok {
				within := at.WithAttributeName(nested.Name)
				if nested.Nesting == schema.NestingList {
					within = within.WithElementKeyInt(i)
				}
				all = append(all, omissions(nested.Block, inner, within, sdk)...)
			}
		}
	}
	return all
}
