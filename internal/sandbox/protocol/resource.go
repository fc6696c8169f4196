package protocol

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

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
func (s *Server) UpgradeResourceState(_ context.Context, request *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
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
	var found world.Object
	var problem *tfprotov5.Diagnostic
	err = s.world.Do(func() error {
		declared := s.declaration(t)
		if _, problem = s.refused(declared, call, world.Read, idOf(state, request.Private)); problem != nil {
			found = state
		} else if r := s.lookup(call, t.Name, key(t, declared, state, request.Private)); r != nil {
			found = s.refreshed(call, r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	wire, err := Encode(found, typ)
	return &tfprotov5.ReadResourceResponse{NewState: wire, Private: request.Private, Diagnostics: listed(problem)}, err
}

// PlanResourceChange plans a create or an update; Terraform does not ask for deletions.
func (s *Server) PlanResourceChange(ctx context.Context, request *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
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
		defaultTags: configured.defaultTags, region: configured.region,
	}
	planned, replace := plan.plan(prior, proposed, config)
	wire, err := Encode(planned, typ)
	return &tfprotov5.PlanResourceChangeResponse{
		PlannedState: wire, RequiresReplace: replace, PlannedPrivate: request.PriorPrivate,
		//lint:ignore SA1019 the provider itself is written with the SDK that needs this leniency, and this server plans as it does
		UnsafeToUseLegacyTypeSystem: true,
	}, err
}

// ApplyResourceChange creates, changes or deletes one resource.
func (s *Server) ApplyResourceChange(ctx context.Context, request *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
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
	subject := planned
	if subject == nil {
		subject = prior
	}
	call, configured, err := s.call(ctx, t, subject)
	if err != nil {
		return nil, err
	}
	call.Prior = prior
	if planned != nil && unset(planned["tags_all"]) && t.Block.Attribute("tags_all") != nil {
		planned["tags_all"] = mergeTags(configured.defaultTags, planned["tags"])
	}
	var result world.Object
	var problem *tfprotov5.Diagnostic
	var held bool
	act := func() error {
		switch {
		case planned == nil:
			result, problem, held = s.destroy(t, call, request.PlannedPrivate)
		case prior == nil:
			result, problem = s.create(t, call)
		default:
			result, problem = s.update(t, call, request.PlannedPrivate)
		}
		return nil
	}
	err = s.world.Do(act)
	for attempt := 0; err == nil && held && attempt < s.patience; attempt++ {
		time.Sleep(releaseInterval)
		err = s.world.Do(act)
	}
	if err != nil {
		problem = failure("The embedded AWS could not keep its state", err.Error())
	}
	wire, err := Encode(result, typ)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	//lint:ignore SA1019 as above
	response := &tfprotov5.ApplyResourceChangeResponse{NewState: wire, Private: request.PlannedPrivate, UnsafeToUseLegacyTypeSystem: true}
	if withoutID(t) {
		response.Private = []byte(call.ID)
	}
	response.Diagnostics = listed(problem)
	return response, nil
}

func (s *Server) create(t *schema.Type, call *model.Call) (world.Object, *tfprotov5.Diagnostic) {
	declared := s.declaration(t)
	lineage := []string{t.Name, call.Account, call.Region, world.NaturalKey(call.Object)}
	call.Generation = s.world.Generation(lineage...)
	late, problem := s.refused(declared, call, world.Create, "")
	if problem != nil {
		return nil, problem
	}
	if err := declared.Admit(call); err != nil {
		return nil, s.awsFailure("creating", declared.Noun, nameOf(call.Object), declared.API, declared.CreateCall, err)
	}
	if late, problem = s.capacity(declared, call, late); problem != nil {
		return nil, problem
	}
	s.world.Made(lineage...)
	call.ID = declared.Identify(call)
	if !withoutID(t) {
		call.Object["id"] = call.ID
	}
	if declared.Fill != nil {
		declared.Fill(call)
	}
	s.settle(t, call)
	r := &world.Resource{Type: t.Name, ID: key(t, declared, call.Object, []byte(call.ID)), Account: call.Account, Region: call.Region, Attributes: call.Object, Failed: late != nil}
	s.world.Put(r)
	for _, made := range call.Made() {
		made.Owner = r.Key()
		s.world.Put(made)
	}
	s.record(Operation{"create", t.Name, r.ID, r.Region})
	return call.Object, s.failed(declared, call, world.Create, late)
}

func (s *Server) update(t *schema.Type, call *model.Call, private []byte) (world.Object, *tfprotov5.Diagnostic) {
	declared := s.declaration(t)
	id := idOf(call.Prior, private)
	call.Self = s.lookup(call, t.Name, key(t, declared, call.Prior, private))
	if call.Self == nil {
		return call.Prior, failure(fmt.Sprintf("updating %s (%s): it does not exist any more", declared.Noun, id), "It was deleted while Terraform was at work. Plan again.")
	}
	call.ID = id
	if _, problem := s.refused(declared, call, world.Update, id); problem != nil {
		return call.Prior, problem
	}
	if err := declared.Admit(call); err != nil {
		return call.Prior, s.awsFailure("updating", declared.Noun, id, declared.API, declared.UpdateCall, err)
	}
	late := s.afterwards(declared, call, world.Update, id)
	if declared.Fill != nil {
		declared.Fill(call)
	}
	s.settle(t, call)
	call.Self.Attributes = call.Object
	s.world.Put(call.Self)
	for _, made := range call.Made() {
		made.Owner = call.Self.Key()
		s.world.Put(made)
	}
	s.record(Operation{"update", t.Name, id, call.Region})
	return call.Object, s.failed(declared, call, world.Update, late)
}

// destroy deletes a resource. held says that it was refused because something else still uses it, which may be about to go too.
func (s *Server) destroy(t *schema.Type, call *model.Call, private []byte) (result world.Object, problem *tfprotov5.Diagnostic, held bool) {
	declared := s.declaration(t)
	id := idOf(call.Prior, private)
	call.Self = s.lookup(call, t.Name, key(t, declared, call.Prior, private))
	if call.Self == nil {
		return nil, nil, false // gone already, which is what was asked
	}
	call.ID = id
	// Rules of deletion look at what exists, not at what Terraform remembers.
	call.Object = call.Self.Attributes
	if _, problem := s.refused(declared, call, world.Delete, id); problem != nil {
		return call.Prior, problem, false
	}
	if err := declared.Release(call); err != nil {
		return call.Prior, s.awsFailure("deleting", declared.Noun, id, declared.API, declared.DeleteCall, err), slices.Contains(heldCodes, err.Code)
	}
	late := s.afterwards(declared, call, world.Delete, id)
	s.catalog.Remove(s.world, call.Self)
	if declared.Deleted != nil {
		declared.Deleted(call)
	}
	s.record(Operation{"delete", t.Name, id, call.Region})
	if problem := s.failed(declared, call, world.Delete, late); problem != nil {
		return call.Prior, problem, false
	}
	return nil, nil, false
}

// heldCodes are AWS's answers to deleting what is still in use, upon which the provider tries again, for minutes.
var heldCodes = []string{"DependencyViolation", "ResourceInUse", "ResourceInUseException"}

// releaseInterval is how long to wait before a deletion is tried again. The embedded AWS deletes at once, so that what holds a resource
// and is to go in the same run is gone within moments.
const releaseInterval = 100 * time.Millisecond

// withoutID reports whether a type has no id in its schema, as some 250 types of the provider have not. Their id is kept in the private data that
// Terraform stores beside the state.
func withoutID(t *schema.Type) bool { return t.Block.Attribute("id") == nil }

// key is what the world keeps a resource under.
func key(t *schema.Type, declared *model.Type, state world.Object, private []byte) string {
	if withoutID(t) && declared.Scope == "" {
		return string(private)
	}
	return declared.Key(state)
}

// idOf is the id of an existing resource, from its state or from the private data beside it.
func idOf(state world.Object, private []byte) string {
	if id, ok := state["id"].(string); ok {
		return id
	}
	return string(private)
}

// refreshed is a resource's state with what other resources have changed about it.
func (s *Server) refreshed(call *model.Call, r *world.Resource) world.Object {
	declared := s.catalog.Types[r.Type]
	if declared == nil || declared.Refresh == nil {
		return r.Attributes
	}
	read := *call
	read.Object, read.Self, read.ID = maps.Clone(r.Attributes), r, r.ID
	declared.Refresh(&read)
	return read.Object
}

// lookup finds a resource of exactly the call's region.
func (s *Server) lookup(call *model.Call, typeName, id string) *world.Resource {
	return s.world.Get(call.Account, call.Region, typeName, id)
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
func (s *Server) ImportResourceState(ctx context.Context, request *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	t, typ, err := s.typeOf(request.TypeName)
	if err != nil {
		return nil, err
	}
	call, _, err := s.call(ctx, t, world.Object{})
	if err != nil {
		return nil, err
	}
	var state world.Object
	imported := &tfprotov5.ImportedResource{TypeName: t.Name}
	err = s.world.Do(func() error {
		found := s.lookup(call, t.Name, request.ID)
		if declared := s.catalog.Types[t.Name]; found == nil && declared != nil && declared.ImportBy != nil {
			found = declared.ImportBy(call, request.ID)
		}
		if found != nil {
			state = s.refreshed(call, found)
			if withoutID(t) {
				imported.Private = []byte(found.ID)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if state == nil {
		return &tfprotov5.ImportResourceStateResponse{Diagnostics: []*tfprotov5.Diagnostic{failure(
			"Cannot import non-existent remote object",
			fmt.Sprintf("The embedded AWS has no %s with the id %q in %s.", t.Name, request.ID, call.Region))}}, nil
	}
	if imported.State, err = Encode(state, typ); err != nil {
		return nil, err
	}
	return &tfprotov5.ImportResourceStateResponse{ImportedResources: []*tfprotov5.ImportedResource{imported}}, nil
}

// MoveResourceState is for moves between types, which the provider does not support.
func (s *Server) MoveResourceState(_ context.Context, request *tfprotov5.MoveResourceStateRequest) (*tfprotov5.MoveResourceStateResponse, error) {
	return &tfprotov5.MoveResourceStateResponse{Diagnostics: []*tfprotov5.Diagnostic{failure(
		"Move Resource State Not Supported",
		fmt.Sprintf("The AWS provider cannot turn a %s into a %s.", request.SourceTypeName, request.TargetTypeName))}}, nil
}
