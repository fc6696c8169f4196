package protocol

import (
	"cmp"
	"context"
	"fmt"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// ReadDataSource answers a data source from the world.
func (s *Server) ReadDataSource(ctx context.Context, request *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	t := s.schema.DataSource(request.TypeName)
	if t == nil {
		return nil, fmt.Errorf("the AWS provider %s has no data source %s", facts.AWSProviderVersion, request.TypeName)
	}
	typ := t.Block.Type()
	config, err := Decode(request.Config, typ)
	if err != nil {
		return nil, err
	}
	var absent []string
	if sdkWritten(t.Block) {
		absent = absentBlocks(t.Block, config)
	}
	unknownComputed(t.Block, config)
	call, configured, err := s.call(ctx, t, config)
	if err != nil {
		return nil, err
	}
	if t.Block.Attribute("region") != nil && unset(config["region"]) {
		config["region"] = configured.region
	}
	response := &tfprotov5.ReadDataSourceResponse{}
	err = s.world.Do(func() error {
		declared := s.catalog.DataSources[t.Name]
		if problem := s.refuses(t.Name, declared, call); problem != nil {
			response.Diagnostics = append(response.Diagnostics, problem)
			return nil
		}
		if declared == nil {
			s.mu.Lock()
			s.unmodelled["data."+t.Name] = true
			s.mu.Unlock()
			if problem := s.readLike(t, call); problem != nil {
				response.Diagnostics = append(response.Diagnostics, failure(problem.Message, problem.Timing))
				return nil
			}
		} else if problem := declared.Read(call); problem != nil {
			response.Diagnostics = append(response.Diagnostics, s.dataFailure(declared, problem))
			return nil
		}
		// What was taken from resources stays theirs.
		config = world.CopiedObject(config)
		if unset(config["id"]) && t.Block.Attribute("id") != nil {
			config["id"] = call.Hex(10)
		}
		settler := settler{call: call, typeName: t.Name}
		settler.body(t.Block, "", config)
		for _, name := range absent {
			if empty(config[name]) {
				config[name] = nil
			}
		}
		if response.State, err = Encode(config, typ); err != nil {
			return fmt.Errorf("data.%s: %w", t.Name, err)
		}
		return nil
	})
	return response, err
}

// refuses holds a data source to the policies of who runs Terraform.
func (s *Server) refuses(name string, declared *model.DataSource, c *model.Call) *tfprotov5.Diagnostic {
	if s.watch.Idle() {
		return nil
	}
	problem := s.watch.CheckData(c, name)
	if problem == nil {
		return nil
	}
	if declared == nil {
		declared = &model.DataSource{Noun: "data." + name, API: "AWS"}
	}
	told := *declared
	told.Call = cmp.Or(problem.Call, told.Call)
	return s.dataFailure(&told, problem)
}

// absentBlocks lists the blocks that a configuration does not have. In the older SDK's data sources, and there alone, they are null
// in the end rather than empty (measured).
func absentBlocks(block *schema.Block, config world.Object) []string {
	var names []string
	for _, nested := range block.Blocks {
		if empty(config[nested.Name]) {
			names = append(names, nested.Name)
		}
	}
	return names
}

// dataFailure words an error: those without a code are the provider's own, not AWS's.
func (s *Server) dataFailure(declared *model.DataSource, problem *world.Error) *tfprotov5.Diagnostic {
	if problem.Code == "" {
		return failure(problem.Message, problem.Timing)
	}
	return s.awsFailure("reading", declared.Noun, "", declared.API, declared.Call, problem)
}

// unknownComputed marks what AWS fills in.
func unknownComputed(block *schema.Block, object world.Object) {
	for _, attribute := range block.Attributes {
		if attribute.Computed && object[attribute.Name] == nil {
			object[attribute.Name] = world.Unknown{}
		}
	}
	for _, nested := range block.Blocks {
		if elements, ok := object[nested.Name].([]any); ok {
			for _, element := range elements {
				if inner, ok := element.(world.Object); ok {
					unknownComputed(nested.Block, inner)
				}
			}
		}
	}
}

func unset(value any) bool {
	if value == nil {
		return true
	}
	_, unknown := value.(world.Unknown)
	return unknown
}
