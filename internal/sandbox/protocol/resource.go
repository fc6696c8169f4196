package protocol

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// call prepares a call on a resource type for the provider block behind ctx.
func (s *Server) call(ctx context.Context, t *schema.Type, object world.Object) (*model.Call, *session, error) {
	configured, err := s.session(ctx)
	if err != nil {
		return nil, nil, err
	}
	call := &model.Call{
		World: s.world, Catalog: s.catalog, Account: configured.account,
		Region: model.Global, ProviderRegion: configured.region, Object: object, Requires: t.Block.Requires,
		Misspelt: func(name string) { s.misspell(t.Name + "." + name) },
	}
	// Every regional type has had a region argument since version 6 of the provider; global services have none.
	if t.Block.Attribute("region") != nil {
		call.Region = configured.region
		if own := call.String("region"); own != "" {
			call.Region = own
		}
	}
	return call, configured, nil
}

// UpgradeResourceState reads a state that any version of the provider wrote.
func (s *Server) UpgradeResourceState(_ context.Context,
	request *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	_, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	object, err := parseState(request.RawState, typ)
	if err != nil {
		return nil, err
	}
	wire, err := Encode(object, typ)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: wire}, err
}

// ReadResource returns what exists, or null for what was deleted behind Terraform's back.
func (s *Server) ReadResource(ctx context.Context, request *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	state, err := Decode(request.CurrentState, typ)
	if err != nil {
		return nil, err
	}
	call, _, err := s.call(ctx, t, state)
	if err != nil {
		return nil, err
	}
	var wire *tfprotov5.DynamicValue
	var refusal *world.Error
	call.Type, call.ID = s.declaration(t), idOf(state, request.Private)
	err = s.world.Do(func() (err error) {
		var found world.Object
		found, refusal = s.verbs.Read(call)
		wire, err = Encode(withoutWriteOnly(t.Block, found), typ)
		return err
	})
	return &tfprotov5.ReadResourceResponse{NewState: wire, Private: request.Private, Diagnostics: listed(s.problem(call, refusal))}, err
}

// PlanResourceChange plans a create or an update; Terraform does not ask for deletions.
func (s *Server) PlanResourceChange(ctx context.Context,
	request *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	prior, err := Decode(request.PriorState, typ)
	if err != nil {
		return nil, err
	}
	proposed, err := Decode(request.ProposedNewState, typ)
	if err != nil {
		return nil, err
	}
	config, err := Decode(request.Config, typ)
	if err != nil {
		return nil, err
	}
	if proposed == nil {
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: request.ProposedNewState}, nil
	}
	configured, err := s.session(ctx)
	if err != nil {
		return nil, err
	}
	plan := planner{
		block: t.Block, behaviour: s.behaviour(t.Name), declared: s.catalog.Types[t.Name],
		defaultTags: configured.defaultTags, region: configured.region, misspelt: func(name string) { s.misspell(t.Name + "." + name) },
	}
	planned, replace := plan.plan(prior, withoutWriteOnly(t.Block, proposed), withoutWriteOnly(t.Block, config))
	wire, err := Encode(withoutWriteOnly(t.Block, planned), typ)
	return &tfprotov5.PlanResourceChangeResponse{
		PlannedState: wire, RequiresReplace: replace, PlannedPrivate: request.PriorPrivate,
		//lint:ignore SA1019 the provider itself is written with the SDK that needs this leniency, and this server plans as it does
		UnsafeToUseLegacyTypeSystem: true,
	}, err
}

// ApplyResourceChange creates, changes or deletes one resource.
func (s *Server) ApplyResourceChange(ctx context.Context,
	request *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	prior, err := Decode(request.PriorState, typ)
	if err != nil {
		return nil, err
	}
	planned, err := Decode(request.PlannedState, typ)
	if err != nil {
		return nil, err
	}
	if request.Config != nil { // there is none for a deletion
		config, err := Decode(request.Config, typ)
		if err != nil {
			return nil, err
		}
		tellWriteOnly(t.Block, planned, config)
	}
	subject := planned
	if subject == nil {
		subject = prior
	}
	call, configured, err := s.call(ctx, t, subject)
	if err != nil {
		return nil, err
	}
	call.Type, call.Prior = s.declaration(t), prior
	call.Settle = func(c *model.Call) { s.settle(t, c) }
	if prior != nil {
		call.ID = idOf(prior, request.PlannedPrivate)
	}
	if planned != nil && unset(planned["tags_all"]) && t.Block.Attribute("tags_all") != nil {
		planned["tags_all"] = mergeTags(configured.defaultTags, planned["tags"])
	}
	var wire *tfprotov5.DynamicValue
	var unfit error
	var refusal *world.Error
	act := func() error {
		var result world.Object
		switch {
		case planned == nil:
			result, refusal = s.verbs.Delete(call)
		case prior == nil:
			result, refusal = s.verbs.Create(call)
		default:
			result, refusal = s.verbs.Update(call)
		}
		wire, unfit = Encode(withoutWriteOnly(t.Block, result), typ)
		return nil
	}
	err = s.world.Do(act)
	for attempt := 0; err == nil && passing(call, refusal) && attempt < s.patience; attempt++ {
		time.Sleep(releaseInterval)
		err = s.world.Do(act)
	}
	problem := s.problem(call, refusal)
	if err != nil {
		problem = failure("The embedded AWS could not keep its state", err.Error())
	}
	if unfit != nil {
		return nil, fmt.Errorf("%s: %w", t.Name, unfit)
	}
	//lint:ignore SA1019 as above
	response := &tfprotov5.ApplyResourceChangeResponse{NewState: wire, Private: request.PlannedPrivate, UnsafeToUseLegacyTypeSystem: true}
	if withoutID(t) {
		response.Private = []byte(call.ID)
	}
	response.Diagnostics = listed(problem)
	return response, nil
}

// problem words an answer as a diagnostic; nil for none.
func (s *Server) problem(c *model.Call, err *world.Error) *tfprotov5.Diagnostic {
	switch {
	case err == nil:
		return nil
	case err.Late:
		return failure(err.Message, err.Timing)
	case err.Waiting:
		return failure(fault.Report(c.Type, c.Action, cmp.Or(c.ID, c.Type.Identify(c)), err), err.Timing)
	}
	t := c.Type
	switch c.Action {
	case world.Create:
		return s.awsFailure("creating", t.Noun, nameOf(c.Object), t.API, cmp.Or(err.Call, t.CreateCall), err)
	case world.Update:
		return s.awsFailure("updating", t.Noun, c.ID, t.API, cmp.Or(err.Call, t.UpdateCall), err)
	case world.Delete:
		return s.awsFailure("deleting", t.Noun, c.ID, t.API, cmp.Or(err.Call, t.DeleteCall), err)
	default:
		return s.awsFailure("reading", t.Noun, c.ID, t.API, cmp.Or(err.Call, "Describe"), err)
	}
}

// passing reports whether an answer may be another one soon, as other calls of the same run change what it is about.
func passing(c *model.Call, err *world.Error) bool {
	return held(c, err) || err != nil && err.Waiting && err.Attempts == 0
}

// held reports whether a deletion was refused because something else still uses the resource, which may be about to go too. What was
// ordered does not pass.
func held(c *model.Call, err *world.Error) bool {
	return err != nil && c.Action == world.Delete && err.Attempts == 0 && !err.Late && slices.Contains(heldCodes, err.Code)
}

// recorder notes what is carried out.
type recorder struct {
	model.Actor
	server *Server
}

// Carry notes what was done, also where AWS fails afterwards. What Terraform knows no resource of is no operation of its own.
func (r recorder) Carry(c *model.Call) *world.Error {
	err := r.Actor.Carry(c)
	if c.Self == nil || c.OnPart() {
		return err // nothing was made
	}
	id := c.ID
	if c.Action == world.Create {
		id = c.Self.ID
	}
	r.server.record(Operation{string(c.Action), c.Type.Name, id, c.Region})
	return err
}

// heldCodes are AWS's answers to deleting what is still in use, upon which the provider tries again, for minutes.
var heldCodes = []string{"DependencyViolation", "ResourceInUse", "ResourceInUseException"}

// releaseInterval is how long to wait before a deletion is tried again. The embedded AWS deletes at once, so that what holds a resource
// and is to go in the same run is gone within moments.
const releaseInterval = 100 * time.Millisecond

// withoutID reports whether a type has no id in its schema, as some 250 types of the provider have not. Their id is kept in the private
// data that Terraform stores beside the state.
func withoutID(t *schema.Type) bool { return t.Block.Attribute("id") == nil }

// idOf is the id of an existing resource, from its state or from the private data beside it.
func idOf(state world.Object, private []byte) string {
	if id, ok := state["id"].(string); ok {
		return id
	}
	return string(private)
}

// nameOf is how the provider names what it could not create.
func nameOf(object world.Object) string {
	for _, attribute := range []string{"name", "identifier", "cluster_identifier", "bucket", "function_name"} {
		if name, ok := object[attribute].(string); ok {
			return name
		}
	}
	return ""
}

// ImportResourceState takes an existing resource into Terraform's state.
func (s *Server) ImportResourceState(ctx context.Context,
	request *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	call, _, err := s.call(ctx, t, world.Object{})
	if err != nil {
		return nil, err
	}
	imported := &tfprotov5.ImportedResource{TypeName: t.Name}
	call.Type = s.declaration(t)
	err = s.world.Do(func() (err error) {
		if found := s.verbs.Import(call, request.ID); found != nil {
			imported.State, err = Encode(withoutWriteOnly(t.Block, call.State(found)), typ)
			if withoutID(t) {
				imported.Private = []byte(found.ID)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if imported.State == nil {
		return &tfprotov5.ImportResourceStateResponse{Diagnostics: []*tfprotov5.Diagnostic{failure(
			"Cannot import non-existent remote object",
			fmt.Sprintf("The embedded AWS has no %s with the id %q in %s.", t.Name, request.ID, call.Region))}}, nil
	}
	return &tfprotov5.ImportResourceStateResponse{ImportedResources: []*tfprotov5.ImportedResource{imported}}, nil
}

// MoveResourceState is for moves between types, which the provider does not support.
func (s *Server) MoveResourceState(_ context.Context, request *tfprotov5.MoveResourceStateRequest) (*tfprotov5.MoveResourceStateResponse,
	error) {
	return &tfprotov5.MoveResourceStateResponse{Diagnostics: []*tfprotov5.Diagnostic{failure(
		"Move Resource State Not Supported",
		fmt.Sprintf("The AWS provider cannot turn a %s into a %s.", request.SourceTypeName, request.TargetTypeName))}}, nil
}
