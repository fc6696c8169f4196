// Package sandboxtest plays the part of Terraform for tests of the embedded AWS: it creates, changes, deletes, imports and reads single
// resources over the provider's own methods, a thousand times faster than Terraform would. It has an example of every modelled type.
// Only tests import it.
package sandboxtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object is a configuration or a state.
type Object = world.Object

// Driver calls one provider on one world. It is safe for concurrent use, as the provider is.
type Driver struct {
	World  *world.World
	Server *protocol.Server
	// catalog is that of the server.
	catalog *model.Catalog
	schema  *schema.Provider
	// private holds what the provider keeps beside each state, as Terraform does.
	private map[string][]byte
	mu      sync.Mutex
}

// Now is the time in every test world.
func Now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// New makes a driver with an empty world, configured for a region, us-east-1 if empty.
func New(t testing.TB, region string) *Driver {
	t.Helper()
	return On(t, world.New(world.Options{Now: Now}), region)
}

// On makes a driver of a world that there is.
func On(t testing.TB, w *world.World, region string) *Driver {
	t.Helper()
	if region == "" {
		region = "us-east-1"
	}
	catalog := service.NewCatalog()
	server, err := protocol.NewServer(w, catalog, "", func() protocol.Used { return protocol.Used{All: true} })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if names := server.Misspelt(); len(names) > 0 {
			t.Errorf("attributes are set that the schema lacks: %s", strings.Join(names, ", "))
		}
	})
	d := &Driver{World: w, Server: server, catalog: catalog, private: map[string][]byte{}}
	if d.schema, err = schema.Load(); err != nil {
		t.Fatal(err)
	}
	config, err := protocol.Encode(d.complete(d.schema.Config().Block, Object{"region": region}), d.schema.Config().Block.Type())
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.ConfigureProvider(context.Background(), &tfprotov5.ConfigureProviderRequest{Config: config})
	if err == nil {
		err = failures(response.Diagnostics)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Create creates a resource and returns its state. The error is the first that the provider reports.
func (d *Driver) Create(typeName string, config Object) (Object, error) {
	return d.change(typeName, nil, config)
}

// MustCreate is Create for what a test needs but is not about.
func (d *Driver) MustCreate(t testing.TB, typeName string, config Object) Object {
	t.Helper()
	state, err := d.Create(typeName, config)
	if err != nil {
		t.Fatalf("creating %s: %v", typeName, err)
	}
	return state
}

// Update changes a resource in place. It is an error if the change would replace the resource.
func (d *Driver) Update(typeName string, prior, config Object) (Object, error) {
	return d.change(typeName, prior, config)
}

// ReplaceError says that a change would replace the resource.
type ReplaceError struct{ Paths []string }

func (e *ReplaceError) Error() string { return fmt.Sprintf("replacement forced by %v", e.Paths) }

// Plan returns the planned state of a change; values not known yet are world.Unknown.
func (d *Driver) Plan(typeName string, prior, config Object) (Object, error) {
	t := d.schema.Resource(typeName)
	if t == nil {
		return nil, fmt.Errorf("no resource type %s", typeName)
	}
	typ := t.Block.Type()
	config = d.complete(t.Block, config)
	request := &tfprotov5.PlanResourceChangeRequest{TypeName: typeName}
	var err error
	for wire, object := range map[**tfprotov5.DynamicValue]Object{
		&request.PriorState: prior, &request.Config: config, &request.ProposedNewState: propose(t.Block, prior, config),
	} {
		if *wire, err = protocol.Encode(object, typ); err != nil {
			return nil, err
		}
	}
	validated, err := d.Server.ValidateResourceTypeConfig(context.Background(),
		&tfprotov5.ValidateResourceTypeConfigRequest{TypeName: typeName, Config: request.Config})
	if err == nil {
		err = failures(validated.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	response, err := d.Server.PlanResourceChange(context.Background(), request)
	if err == nil {
		err = failures(response.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	planned, err := protocol.Decode(response.PlannedState, typ)
	if err == nil && len(response.RequiresReplace) > 0 {
		replace := &ReplaceError{}
		for _, path := range response.RequiresReplace {
			replace.Paths = append(replace.Paths, attributeName(path))
		}
		err = replace
	}
	return planned, err
}

// Answer is AWS's answer to the creation of what is planned: nil if it takes it. Nothing is created.
func (d *Driver) Answer(typeName string, planned Object) (refused *world.Error) {
	region, global := "us-east-1", d.schema.Resource(typeName).Block.Attribute("region") == nil
	if global {
		region = model.Global
	}
	_ = d.World.Do(func() error { // the answer is not an error here
		refused = d.catalog.Types[typeName].Admit(&model.Call{
			World: d.World, Catalog: d.catalog, Type: d.catalog.Types[typeName], Action: world.Create, Account: d.World.Account(),
			Region: region, ProviderRegion: "us-east-1", Object: planned, Requires: d.schema.Resource(typeName).Block.Requires,
		})
		return nil
	})
	return refused
}

func attributeName(path *tftypes.AttributePath) string {
	name, _ := path.Steps()[0].(tftypes.AttributeName)
	return string(name)
}

func (d *Driver) change(typeName string, prior, config Object) (Object, error) {
	planned, err := d.Plan(typeName, prior, config)
	if err != nil {
		return nil, err
	}
	return d.apply(typeName, prior, planned)
}

func (d *Driver) apply(typeName string, prior, planned Object) (Object, error) {
	typ := d.schema.Resource(typeName).Block.Type()
	request := &tfprotov5.ApplyResourceChangeRequest{TypeName: typeName, PlannedPrivate: d.kept(typeName, prior)}
	var err error
	if request.PriorState, err = protocol.Encode(prior, typ); err != nil {
		return nil, err
	}
	if request.PlannedState, err = protocol.Encode(planned, typ); err != nil {
		return nil, err
	}
	response, err := d.Server.ApplyResourceChange(context.Background(), request)
	if err == nil {
		err = failures(response.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	state, err := protocol.Decode(response.NewState, typ)
	if response.Private != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.private[typeName+JSON(state)] = response.Private
	}
	return state, err
}

// kept is what the provider keeps beside a state.
func (d *Driver) kept(typeName string, state Object) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.private[typeName+JSON(state)]
}

// Delete deletes a resource.
func (d *Driver) Delete(typeName string, state Object) error {
	_, err := d.apply(typeName, state, nil)
	return err
}

// Read returns what exists now; nil if nothing does.
func (d *Driver) Read(typeName string, state Object) (Object, error) {
	typ := d.schema.Resource(typeName).Block.Type()
	wire, err := protocol.Encode(state, typ)
	if err != nil {
		return nil, err
	}
	response, err := d.Server.ReadResource(context.Background(), &tfprotov5.ReadResourceRequest{TypeName: typeName, CurrentState: wire,
		Private: d.kept(typeName, state)})
	if err != nil {
		return nil, err
	}
	found, err := protocol.Decode(response.NewState, typ)
	if response.Private != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.private[typeName+JSON(found)] = response.Private
	}
	return found, err
}

// Import finds an existing resource by its import id.
func (d *Driver) Import(typeName, id string) (Object, error) {
	response, err := d.Server.ImportResourceState(context.Background(), &tfprotov5.ImportResourceStateRequest{TypeName: typeName, ID: id})
	if err == nil {
		err = failures(response.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	return protocol.Decode(response.ImportedResources[0].State, d.schema.Resource(typeName).Block.Type())
}

// Data reads a data source.
func (d *Driver) Data(name string, config Object) (Object, error) {
	t := d.schema.DataSource(name)
	if t == nil {
		return nil, fmt.Errorf("no data source %s", name)
	}
	wire, err := protocol.Encode(d.complete(t.Block, config), t.Block.Type())
	if err != nil {
		return nil, err
	}
	validated, err := d.Server.ValidateDataSourceConfig(context.Background(),
		&tfprotov5.ValidateDataSourceConfigRequest{TypeName: name, Config: wire})
	if err == nil {
		err = failures(validated.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	response, err := d.Server.ReadDataSource(context.Background(), &tfprotov5.ReadDataSourceRequest{TypeName: name, Config: wire})
	if err == nil {
		err = failures(response.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	return protocol.Decode(response.State, t.Block.Type())
}

// Refusal is an answer of AWS or of the provider, as opposed to a fault of the embedded AWS.
type Refusal struct{ Summary string }

func (e *Refusal) Error() string { return e.Summary }

func failures(diagnostics []*tfprotov5.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov5.DiagnosticSeverityError {
			return &Refusal{d.Summary}
		}
	}
	return nil
}

// complete copies a configuration and adds what Terraform adds: empty lists for blocks that are left out.
func (d *Driver) complete(block *schema.Block, config Object) Object {
	full := Object{}
	for name, value := range config {
		full[name] = plain(value)
	}
	for _, nested := range block.Blocks {
		switch elements := full[nested.Name].(type) {
		case nil:
			if nested.Nesting == schema.NestingList || nested.Nesting == schema.NestingSet {
				full[nested.Name] = []any{}
			}
		case []any:
			elements = slices.Clone(elements)
			for i, element := range elements {
				if inner, ok := element.(Object); ok {
					elements[i] = d.complete(nested.Block, inner)
				}
			}
			full[nested.Name] = elements
		}
	}
	return full
}

// plain turns what tests write for short ([]string, int, []Object) into the values that the provider knows.
func plain(value any) any {
	switch v := value.(type) {
	case int:
		return float64(v)
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	case []Object:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return value
}

// propose merges a configuration with the prior state as Terraform does before it asks the provider for a plan.
func propose(block *schema.Block, prior, config Object) Object {
	proposed := Object{}
	for name, value := range config {
		proposed[name] = value
	}
	for _, attribute := range block.Attributes {
		if attribute.Computed && proposed[attribute.Name] == nil {
			proposed[attribute.Name] = prior[attribute.Name]
		}
	}
	for _, nested := range block.Blocks {
		elements, _ := proposed[nested.Name].([]any)
		before, _ := prior[nested.Name].([]any)
		merged := make([]any, len(elements))
		for i := range elements {
			inner, _ := elements[i].(Object)
			var old Object
			if i < len(before) {
				old, _ = before[i].(Object)
			}
			merged[i] = propose(nested.Block, old, inner)
		}
		if elements != nil {
			proposed[nested.Name] = merged
		}
	}
	return proposed
}

// JSON renders a value for policies in tests.
func JSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a test wrote something that is no JSON
	}
	return string(text)
}
