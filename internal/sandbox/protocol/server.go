// Package protocol serves the embedded AWS as a Terraform provider: it turns calls of the Terraform plugin protocol (version 5) into
// verbs of the model, and their answers into diagnostics, driven by the provider's schema. It knows no AWS service: what is particular to a
// type is declared in the folders of package service, in the words of package model.
package protocol

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Server is the embedded AWS as a Terraform provider. It is safe for concurrent use, as Terraform calls it in parallel.
type Server struct {
	world      *world.World
	catalog    *model.Catalog
	verbs      model.Verbs
	schema     *schema.Provider
	behaviours map[string]*schema.Behaviour
	// used tells which types to serve: Terraform decodes everything that a provider offers, at each start, and 1,700 types take
	// seconds.
	used func() Used
	// region is that of provider blocks which name none; "" refuses them.
	region string
	// watch holds Terraform's calls to the policies of who runs it.
	watch permission.Watch
	// patience is how often a call is tried again whose answer other calls of the same run may change: a deletion that was refused because
	// something is in use, and what fails while the provider waits.
	patience int

	mu       sync.Mutex
	sessions map[connection]*session
	// operations records what was done, in order.
	operations []Operation
	unmodelled map[string]bool
	// newer are sentences on what is newer than known.
	newer     map[string]bool
	fallbacks map[string]bool
	misspelt  map[string]bool
}

// Used names the types that a configuration and its state use; All serves the whole schema.
type Used struct {
	Names map[string]bool
	All   bool
}

func (u Used) has(name string) bool { return u.All || u.Names[name] }

// Operation is one thing that Terraform did to the world.
type Operation struct {
	// Action is create, update or delete.
	Action string
	Type   string
	ID     string
	// Region is the region of the resource, model.Global where it has none.
	Region string
}

// session is one configured provider: Terraform opens a connection for each provider block.
type session struct {
	account, region string
	defaultTags     world.Object
	ignoreKeys      []string
	ignorePrefixes  []string
}

// NewServer makes a provider of a world. region is that of provider blocks which name none; with "" they are refused.
func NewServer(w *world.World, catalog *model.Catalog, region string, used func() Used) (*Server, error) {
	provider, err := schema.Load()
	if err != nil {
		return nil, err
	}
	behaviours, err := schema.Behaviours()
	if err != nil {
		return nil, err
	}
	s := &Server{
		world: w, catalog: catalog, schema: provider, behaviours: behaviours, region: region, used: used,
		sessions: map[connection]*session{}, unmodelled: map[string]bool{}, newer: map[string]bool{},
		fallbacks: map[string]bool{}, misspelt: map[string]bool{},
	}
	s.verbs = model.Verbs{Actor: recorder{fault.Around(permission.Around(model.Rules{})), s}}
	return s, w.Do(func() error { catalog.Gather(w); return nil })
}

// Patient makes the server try deletions again, as the provider does, that were refused because something is still in use: Terraform
// deletes side by side what does not refer to each other, and AWS may want an order. What AWS finds out minutes after a request is tried
// again as well: here nothing takes time, so that a node group may be asked for before the route that its nodes need. Call it before
// serving.
func (s *Server) Patient(attempts int) { s.patience = attempts }

// Watched holds Terraform's own calls to policies. Call it before serving.
func (s *Server) Watched(w permission.Watch) {
	s.watch = w
	s.verbs = model.Verbs{Actor: recorder{fault.Around(w.Around(permission.Around(model.Rules{}))), s}}
}

// Operations lists what was done to the world so far.
func (s *Server) Operations() []Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.operations)
}

// Unmodelled lists the resource types and data sources that were used and follow their schema alone.
func (s *Server) Unmodelled() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.unmodelled)
}

// Fallbacks lists type.attribute of modelled types whose computed value had to be made up because the model does not set it.
func (s *Server) Fallbacks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.fallbacks)
}

// Misspelt lists type.attribute of what models set and the schema lacks: a fault of the model, which users only miss something by.
func (s *Server) Misspelt() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.misspelt)
}

func (s *Server) misspell(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misspelt[name] = true
}

func sortedKeys(m map[string]bool) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (s *Server) record(o Operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.operations = append(s.operations, o)
}

func (s *Server) behaviour(typeName string) *schema.Behaviour {
	if b := s.behaviours[typeName]; b != nil {
		return b
	}
	return &schema.Behaviour{}
}

// GetMetadata lists the types that are served.
func (s *Server) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	used := s.used()
	response := &tfprotov5.GetMetadataResponse{ServerCapabilities: capabilities()}
	for _, name := range s.schema.ResourceNames() {
		if used.has(name) {
			response.Resources = append(response.Resources, tfprotov5.ResourceMetadata{TypeName: name})
		}
	}
	for _, name := range s.schema.DataSourceNames() {
		if used.has(name) {
			response.DataSources = append(response.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
		}
	}
	return response, nil
}

func capabilities() *tfprotov5.ServerCapabilities {
	return &tfprotov5.ServerCapabilities{GetProviderSchemaOptional: true}
}

// GetProviderSchema serves the schema of the types that are used.
func (s *Server) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	used := s.used()
	response := &tfprotov5.GetProviderSchemaResponse{
		ServerCapabilities: capabilities(),
		Provider:           wireSchema(s.schema.Config()),
		ProviderMeta:       metaSchema(),
		ResourceSchemas:    map[string]*tfprotov5.Schema{},
		DataSourceSchemas:  map[string]*tfprotov5.Schema{},
	}
	for _, name := range s.schema.ResourceNames() {
		if used.has(name) {
			response.ResourceSchemas[name] = wireSchema(s.schema.Resource(name))
		}
	}
	for _, name := range s.schema.DataSourceNames() {
		if used.has(name) {
			response.DataSourceSchemas[name] = wireSchema(s.schema.DataSource(name))
		}
	}
	return response, nil
}

// metaSchema is what modules may say about themselves to the provider (provider_meta): what to add to its user agent. It stands in no
// output of `terraform providers schema`, and so not in the embedded schema.
func metaSchema() *tfprotov5.Schema {
	return &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{Attributes: []*tfprotov5.SchemaAttribute{
		{Name: "user_agent", Type: tftypes.List{ElementType: tftypes.String}, Optional: true},
	}}}
}

func wireSchema(t *schema.Type) *tfprotov5.Schema {
	return &tfprotov5.Schema{Version: t.Version, Block: wireBlock(t.Block)}
}

func wireBlock(block *schema.Block) *tfprotov5.SchemaBlock {
	wire := &tfprotov5.SchemaBlock{}
	for _, a := range block.Attributes {
		wire.Attributes = append(wire.Attributes, &tfprotov5.SchemaAttribute{
			Name: a.Name, Type: a.Type, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		})
	}
	modes := map[schema.Nesting]tfprotov5.SchemaNestedBlockNestingMode{
		schema.NestingSingle: tfprotov5.SchemaNestedBlockNestingModeSingle,
		schema.NestingList:   tfprotov5.SchemaNestedBlockNestingModeList,
		schema.NestingSet:    tfprotov5.SchemaNestedBlockNestingModeSet,
		schema.NestingMap:    tfprotov5.SchemaNestedBlockNestingModeMap,
	}
	for _, n := range block.Blocks {
		wire.BlockTypes = append(wire.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: n.Name, Nesting: modes[n.Nesting], MinItems: n.MinItems, MaxItems: n.MaxItems, Block: wireBlock(n.Block),
		})
	}
	return wire
}

// PrepareProviderConfig accepts every provider block that fits the schema.
func (s *Server) PrepareProviderConfig(_ context.Context,
	request *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: request.Config}, nil
}

// ConfigureProvider remembers the region, account and default tags of a provider block for its connection.
func (s *Server) ConfigureProvider(ctx context.Context, request *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse,
	error) {
	config, err := Decode(request.Config, s.schema.Config().Block.Type())
	if err != nil {
		return nil, err
	}
	configured, problem := s.configure(config)
	if problem != nil {
		return &tfprotov5.ConfigureProviderResponse{Diagnostics: []*tfprotov5.Diagnostic{problem}}, nil
	}
	if problem := s.starts(configured); problem != nil {
		return &tfprotov5.ConfigureProviderResponse{Diagnostics: []*tfprotov5.Diagnostic{problem}}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[connectionOf(ctx)] = configured
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

// starts asks who runs Terraform, as the provider does first.
func (s *Server) starts(configured *session) (problem *tfprotov5.Diagnostic) {
	if s.watch.Idle() {
		return nil
	}
	_ = s.world.Do(func() error { // looking cannot fail
		c := &model.Call{World: s.world, Account: configured.account, Region: configured.region, ProviderRegion: configured.region}
		if err := s.watch.Check(c, permission.StartNeeds(c)); err != nil {
			problem = s.awsFailure("retrieving", "AWS account details", "", "STS", err.Call, err)
		}
		return nil
	})
	return problem
}

func (s *Server) configure(config world.Object) (*session, *tfprotov5.Diagnostic) {
	call := &model.Call{Object: config}
	region := call.String("region")
	if region == "" {
		region = s.region
	}
	if region == "" {
		return nil,
			failure("Invalid provider configuration",
				"The embedded AWS needs a region: set region in the provider block. A deployment depends on its settings alone; `sandbox exec` reads "+
					"AWS_REGION and AWS_DEFAULT_REGION too, and nothing reads profiles.")
	}
	if len(facts.Zones(region)) == 0 {
		return nil, failure("invalid AWS Region: "+region, "The embedded AWS knows the regions "+strings.Join(facts.Regions(), ", ")+".")
	}
	s.note("", world.Object{"region": region})
	account := s.world.Account()
	if role := call.String("assume_role.role_arn"); role != "" {
		parts := strings.Split(role, ":")
		if len(parts) < 6 || len(parts[4]) != 12 {
			return nil, failure("Cannot assume IAM Role", fmt.Sprintf("%q is not the ARN of a role.", role))
		}
		account = parts[4]
	}
	if allowed := call.Strings("allowed_account_ids"); len(allowed) > 0 && !slices.Contains(allowed, account) {
		return nil, failure("AWS account ID not allowed: "+account, "allowed_account_ids lists "+strings.Join(allowed, ", ")+".")
	}
	if slices.Contains(call.Strings("forbidden_account_ids"), account) {
		return nil, failure("AWS account ID not allowed: "+account, "forbidden_account_ids lists it.")
	}
	tags, _ := call.At("default_tags.tags").(world.Object)
	return &session{
		account: account, region: region, defaultTags: tags,
		ignoreKeys: call.Strings("ignore_tags.keys"), ignorePrefixes: call.Strings("ignore_tags.key_prefixes"),
	}, nil
}

// session finds the provider block that a call belongs to.
func (s *Server) session(ctx context.Context) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.sessions[connectionOf(ctx)]
	if found == nil {
		return nil, fmt.Errorf("the provider was used before it was configured")
	}
	return found, nil
}

// StopProvider has nothing to stop: no call takes long.
func (s *Server) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func failure(summary, detail string) *tfprotov5.Diagnostic {
	return &tfprotov5.Diagnostic{Severity: tfprotov5.DiagnosticSeverityError, Summary: summary, Detail: detail}
}

// awsFailure words an error of an AWS API as the provider does, so that what users learn here they find in real logs and on the web.
func (s *Server) awsFailure(verb, noun, name, api, operation string, err *world.Error) *tfprotov5.Diagnostic {
	status := err.Status
	if status == 0 {
		status = 400
	}
	request := s.world.Digest(32, operation, name, err.Code, err.Message)
	subject := noun
	if name != "" {
		subject += " (" + name + ")"
	}
	if err.Code == "" { // the provider's own, without a call of the API
		return failure(fmt.Sprintf("%s %s: %s", verb, subject, err.Message), err.Timing)
	}
	tries := ""
	if err.Attempts > 1 {
		tries = fmt.Sprintf("exceeded maximum number of attempts, %d, ", err.Attempts)
	}
	summary := fmt.Sprintf("%s %s: operation error %s: %s, %shttps response error StatusCode: %d, RequestID: %s-%s-%s-%s-%s, api error %s: %s",
		verb, subject, api, operation, tries, status, request[:8], request[8:12], request[12:16], request[16:20], request[20:],
		err.Code, err.Message)
	return failure(summary, err.Timing)
}

// typeOf is the wire type of a resource type, or an error if the schema lacks it.
func (s *Server) typeOf(name string) (*schema.Type, tftypes.Object, error) {
	t := s.schema.Resource(name)
	if t == nil {
		return nil, tftypes.Object{}, fmt.Errorf("the AWS provider %s has no resource type %s", facts.AWSProviderVersion, name)
	}
	return t, t.Block.Type(), nil
}

// parseState reads a resource from a state file, leaving out attributes that this version of the provider does not have.
func parseState(raw *tfprotov5.RawState, typ tftypes.Object) (world.Object, error) {
	if raw == nil {
		return nil, nil
	}
	value, err := raw.UnmarshalWithOpts(typ,
		tfprotov5.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
	if err != nil {
		return nil, err
	}
	plain, err := fromValue(value)
	if err != nil {
		return nil, err
	}
	object, _ := plain.(world.Object)
	return object, nil
}

// listed is a list of one problem, or of none.
func listed(problem *tfprotov5.Diagnostic) []*tfprotov5.Diagnostic {
	if problem == nil {
		return nil
	}
	return []*tfprotov5.Diagnostic{problem}
}
