package helm

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// defaults are what the provider plans for arguments that the configuration leaves out (defaultAttributes of the provider).
func defaults() world.Object {
	return world.Object{
		"atomic": false, "cleanup_on_fail": false, "create_namespace": false, "dependency_update": false, "disable_crd_hooks": false,
		"disable_openapi_validation": false, "disable_webhooks": false, "force_update": false, "lint": false, "max_history": 0.0,
		"namespace": "default", "pass_credentials": false, "recreate_pods": false, "render_subchart_notes": true, "replace": false,
		"reset_values": false, "reuse_values": false, "skip_crds": false, "take_ownership": false, "timeout": 300.0, "upgrade_install": false,
		"verify": false, "wait": true, "wait_for_jobs": false,
	}
}

// PlanResourceChange plans a release: it says what Terraform will show, and everything that is wrong with the chart and its values.
func (s *Server) PlanResourceChange(ctx context.Context,
	request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	typ := s.schema.Release.Block.Type()
	prior, err := decode(request.PriorState, typ)
	if err != nil {
		return nil, err
	}
	proposed, err := decode(request.ProposedNewState, typ)
	if err != nil {
		return nil, err
	}
	config, err := decode(request.Config, typ)
	if err != nil {
		return nil, err
	}
	if proposed == nil {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState, PlannedPrivate: request.PriorPrivate}, nil
	}
	configured, err := s.session(ctx)
	if err != nil {
		return nil, err
	}
	planned := outline(typ, prior, proposed, config)
	diagnostics := discreet(s.fill(ctx, configured, planned, prior, config), planned, config)
	if failed(diagnostics) {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState, Diagnostics: diagnostics}, nil
	}
	wire, err := encode(planned, typ)
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: wire, PlannedPrivate: request.PriorPrivate, RequiresReplace: replacements(prior, planned), Diagnostics: diagnostics,
	}, err
}

// outline is what the plugin framework plans before the provider has a say: defaults, and computed attributes that are known after apply
// as soon as anything changes.
func outline(typ tftypes.Object, prior, proposed, config world.Object) world.Object {
	planned := world.Object{}
	for name := range typ.AttributeTypes {
		planned[name] = proposed[name]
	}
	planned["set_wo"] = nil // write-only
	for name, value := range defaults() {
		if config[name] == nil {
			planned[name] = value
		}
	}
	planned["set"] = typed(planned["set"])
	if prior == nil || !reflect.DeepEqual(planned, prior) {
		for _, name := range []string{"id", "manifest", "metadata", "resources", "status", "version", "description"} {
			if config[name] == nil {
				planned[name] = world.Unknown{}
			}
		}
	}
	// The plan modifiers of description, devel and keyring.
	if description := planned["description"]; protocol.IsUnknown(description) && config["description"] == nil || description == "" {
		planned["description"] = prior["description"]
	}
	if config["devel"] == nil && text(planned, "version") != "" {
		planned["devel"] = prior["devel"]
	}
	if !is(planned, "verify") {
		planned["keyring"] = prior["keyring"]
	}
	return planned
}

// typed gives each element of set a type, as the provider does.
func typed(elements any) any {
	list, ok := elements.([]any)
	if !ok {
		return elements
	}
	all := make([]any, len(list))
	for i, element := range list {
		all[i] = element
		if object, ok := element.(world.Object); ok && object["type"] == nil {
			all[i] = world.Object{"name": object["name"], "value": object["value"], "type": ""}
		}
	}
	return all
}

// fill is what the provider itself plans: the status that it wants, and the version of the chart that was found. It returns what is wrong.
func (s *Server) fill(ctx context.Context, configured *session, planned, prior, config world.Object) []*tfprotov6.Diagnostic {
	planned["status"] = "deployed"
	if !configured.manifest { // an experiment of the provider
		planned["manifest"], planned["resources"] = nil, nil
	}
	for _, name := range []string{"name", "namespace", "chart", "repository", "version"} {
		if protocol.IsUnknown(config[name]) { // which chart it will be is not known yet
			planned["version"] = world.Unknown{}
			return nil
		}
	}
	w, diagnostics := s.open(ctx, planned)
	if failed(diagnostics) {
		return diagnostics
	}
	if d := planVersion(planned, config, w); d != nil {
		return append(diagnostics, d)
	}
	if prior != nil && (changed(planned, prior, "chart", "repository", "version", "values", "set", "set_sensitive", "set_list",
		"set_wo_revision") || prior["status"] != planned["status"]) {
		planned["metadata"] = world.Unknown{}
	}
	if before := s.installed(configured, w); before != nil {
		if is(planned, "upgrade_install") && config["version"] == nil {
			planned["version"] = before.ChartVersion // even where the chart has another one, which Terraform then finds inconsistent
		}
		if prior != nil && w.chart != nil && before.Unrendered != "" {
			planned["metadata"] = world.Unknown{} // its objects can be made now
		}
	}
	for _, argument := range []string{"values", "set", "set_list", "set_sensitive"} {
		if protocol.PartlyUnknown(planned[argument]) {
			return diagnostics // what is rendered is not known yet
		}
	}
	return append(diagnostics, s.rehearse(configured, w, planned, config)...)
}

// installed is the release as it is in the cluster; nil if it is not there, or the cluster is not.
func (s *Server) installed(configured *session, w *wanted) (found *record) {
	_ = s.World.Do(func() error { // looking cannot fail
		if c := s.findCluster(configured); c.found() {
			found = s.release(c, w.namespace, w.name)
		}
		return nil
	})
	return found
}

func changed(planned, prior world.Object, names ...string) bool {
	for _, name := range names {
		if !reflect.DeepEqual(planned[name], prior[name]) {
			return true
		}
	}
	return false
}

// planVersion plans the version of the chart. One that the configuration names must be that of the chart, but for a leading v.
func planVersion(planned, config world.Object, w *wanted) *tfprotov6.Diagnostic {
	version := w.version()
	if version == "" {
		planned["version"] = world.Unknown{}
		return nil
	}
	planned["version"] = version
	given := text(config, "version")
	switch {
	case given == "" || given == version:
	case strings.TrimPrefix(given, "v") == strings.TrimPrefix(version, "v"):
		planned["version"] = given
	default:
		return problem("version", "Planned version is different from configured version",
			"The version in the configuration is \""+given+"\" but the planned version is \""+version+
				"\". \nYou should update the version in your configuration to \""+version+
				"\", or remove the version attribute from your configuration.")
	}
	return nil
}

// replacements are the changed arguments that force replacement.
func replacements(prior, planned world.Object) []*tftypes.AttributePath {
	if prior == nil {
		return nil
	}
	var paths []*tftypes.AttributePath
	for _, name := range []string{"name", "namespace"} {
		if !reflect.DeepEqual(planned[name], prior[name]) {
			paths = append(paths, tftypes.NewAttributePath().WithAttributeName(name))
		}
	}
	return paths
}

// ValidateResourceConfig holds arguments to what the provider checks without a chart.
func (s *Server) ValidateResourceConfig(_ context.Context,
	request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	config, err := decode(request.Config, s.schema.Release.Block.Type())
	if err != nil {
		return nil, err
	}
	response := &tfprotov6.ValidateResourceConfigResponse{}
	if name, ok := config["name"].(string); ok && (name == "" || len(name) > 53) {
		response.Diagnostics = append(response.Diagnostics, problem("name", "Invalid Attribute Value Length",
			"Attribute name string length must be between 1 and 53, got: "+strconv.Itoa(len(name))))
	}
	return response, nil
}
