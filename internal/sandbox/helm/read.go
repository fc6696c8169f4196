package helm

import (
	"context"
	"fmt"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ReadResource returns what exists. A release that is not there is taken out of the state, and so is one that cannot be read, or of a
// cluster that cannot be reached: the provider does not tell these apart (Read in resource_helm_release.go of 3.1.1).
func (s *Server) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	typ := s.schema.Release.Block.Type()
	state, err := decode(request.CurrentState, typ)
	if err != nil {
		return nil, err
	}
	configured, err := s.session(ctx)
	if err != nil {
		return nil, err
	}
	var found world.Object
	err = s.World.Do(func() error {
		c := s.findCluster(configured)
		if s.unreachable(configured, c) != "" {
			return nil
		}
		call := s.about(c, nil, state)
		call.ID = text(state, "id")
		if _, refusal := verbs(model.Rules{}).Read(call); refusal != nil || call.Self == nil {
			return nil
		}
		r, err := readRecord(call.Self)
		if err == nil {
			found = r.state(state, configured)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	wire, err := encode(found, typ)
	return &tfprotov6.ReadResourceResponse{NewState: wire, Private: request.Private}, err
}

// UpgradeResourceState reads a state that any version 3 of the provider wrote.
func (s *Server) UpgradeResourceState(_ context.Context,
	request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if request.RawState == nil {
		return &tfprotov6.UpgradeResourceStateResponse{}, nil
	}
	typ := s.schema.Release.Block.Type()
	value, err := request.RawState.UnmarshalWithOpts(typ,
		tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(typ, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &wire}, err
}

// ImportResourceState takes an existing release into Terraform's state, by namespace/name. Its values and repository are not known then, so
// that the next plan changes them.
func (s *Server) ImportResourceState(ctx context.Context,
	request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	refuse := func(summary, format string, args ...any) (*tfprotov6.ImportResourceStateResponse, error) {
		return &tfprotov6.ImportResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{problem("", summary, fmt.Sprintf(format, args...))}},
			nil
	}
	_, name, ok := strings.Cut(request.ID, "/")
	if !ok || strings.Contains(name, "/") {
		return refuse("Unable to parse import identifier", "Unable to parse identifier %s: Unexpected ID format (%q), expected namespace/name",
			request.ID, request.ID)
	}
	configured, err := s.session(ctx)
	if err != nil {
		return nil, err
	}
	var found *record
	message := ""
	err = s.World.Do(func() (err error) {
		c := s.findCluster(configured)
		if message = s.unreachable(configured, c); message == "" {
			if kept := verbs(model.Rules{}).Import(s.about(c, nil, world.Object{}), request.ID); kept != nil {
				found, err = readRecord(kept)
			}
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case message != "":
		return refuse("Error getting release", "Unable to get Helm release %s: %s", name, message)
	case found == nil:
		return refuse("Error getting release", "Unable to get Helm release %s: release: not found", name)
	}
	typ := s.schema.Release.Block.Type()
	state := world.Object{}
	for attribute := range typ.AttributeTypes {
		state[attribute] = nil
	}
	for attribute, value := range defaults() {
		state[attribute] = value
	}
	state["chart"], state["description"] = found.Chart, found.Description
	wire, err := encode(found.state(state, configured), typ)
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{{TypeName: releaseType, State: wire}}}, err
}
