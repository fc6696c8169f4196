package helm

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

type object = world.Object

// driver plays the part of Terraform.
type driver struct {
	t      testing.TB
	world  *world.World
	server *Server
	// warnings are those of the last plan.
	warnings string
}

// endpoint is the address of the cluster that every test has.
const endpoint = "https://ABCDEF.gr7.us-east-1.eks.amazonaws.com"

// newDriver has a world with a cluster of two nodes for everybody and one for workspaces, in two zones. Charts are found in the
// directories.
func newDriver(t testing.TB, directories ...string) *driver {
	t.Helper()
	w := world.New(world.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	charts, err := filepath.Abs("testdata/charts")
	if err != nil {
		t.Fatal(err)
	}
	catalog := service.NewCatalog()
	Declare(catalog)
	server, err := NewServer(Options{
		World: w, Catalog: catalog, Charts: &chart.Finder{Directories: directories},
		Directories: func() []string { return []string{t.TempDir(), charts} },
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t, world: w, server: server}
	d.put("aws_eks_cluster", "main", object{"name": "main", "endpoint": endpoint, "version": "1.35"})
	for _, zone := range []string{"a", "b"} {
		d.put("aws_subnet", "subnet-"+zone, object{"id": "subnet-" + zone, "availability_zone": "us-east-1" + zone})
	}
	d.group("control", 2, 2)
	d.group("workspace", 1, 3, object{"key": "only", "value": "workspaces", "effect": "NO_SCHEDULE"})
	for _, addon := range []string{"vpc-cni", "kube-proxy", "coredns"} {
		d.addon(addon, "")
	}
	d.configure(object{"host": endpoint, "token": "t"})
	return d
}

func (d *driver) put(typeName, id string, attributes object) {
	d.t.Helper()
	if err := d.world.Do(func() error {
		d.world.Put(&world.Resource{Type: typeName, ID: id, Account: world.DefaultAccount, Region: "us-east-1", Attributes: attributes})
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
}

// group puts a node group of m7i.large into the world: 2 vCPU and 8 GiB each.
func (d *driver) group(name string, size, most float64, taints ...object) {
	list := []any{}
	for _, taint := range taints {
		list = append(list, taint)
	}
	d.put("aws_eks_node_group", "main:"+name, object{
		"cluster_name": "main", "node_group_name": name, "labels": object{"group": name}, "taint": list, "instance_types": []any{"m7i.large"},
		"subnet_ids": []any{"subnet-a", "subnet-b"}, "scaling_config": []any{object{"desired_size": size, "min_size": size, "max_size": most}},
	})
}

func (d *driver) addon(name, configuration string) {
	d.put("aws_eks_addon", "main:"+name, object{"cluster_name": "main", "addon_name": name, "configuration_values": configuration})
}

func (d *driver) configure(kubernetes object, experiments ...object) {
	d.t.Helper()
	full := object{"kubernetes": complete(kubernetes, "client_certificate", "client_key", "cluster_ca_certificate", "config_context",
		"config_context_auth_info",
		"config_context_cluster", "config_path", "config_paths", "exec", "host", "insecure", "password", "proxy_url", "tls_server_name",
		"token", "username")}
	for _, experiment := range experiments {
		full["experiments"] = experiment
	}
	wire, err := encode(full, d.server.schema.Config.Block.Type())
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: wire}); err != nil {
		d.t.Fatal(err)
	}
}

func complete(o object, names ...string) object {
	full := object{}
	for _, name := range names {
		full[name] = o[name]
	}
	return full
}

// release is the configuration of a release of a chart of testdata, with values as YAML and more arguments.
func release(chart, values string, more ...object) object {
	config := object{"name": "shop", "chart": "./" + chart}
	if values != "" {
		config["values"] = []any{values}
	}
	for _, arguments := range more {
		for name, value := range arguments {
			config[name] = value
		}
	}
	return config
}

// propose merges a configuration with the prior state as Terraform does.
func (d *driver) propose(prior, config object) object {
	proposed := object{}
	for _, attribute := range d.server.schema.Release.Block.Attributes {
		proposed[attribute.Name] = config[attribute.Name]
		if attribute.Computed && config[attribute.Name] == nil {
			proposed[attribute.Name] = prior[attribute.Name]
		}
	}
	return proposed
}

// plan returns the planned state, and what forces replacement.
func (d *driver) plan(prior, config object) (planned object, replaced []string, err error) {
	typ := d.server.schema.Release.Block.Type()
	request := &tfprotov6.PlanResourceChangeRequest{TypeName: releaseType}
	for wire, value := range map[**tfprotov6.DynamicValue]object{
		&request.PriorState: prior, &request.Config: config, &request.ProposedNewState: d.propose(prior, config),
	} {
		if *wire, err = encode(value, typ); err != nil {
			d.t.Fatal(err)
		}
	}
	response, err := d.server.PlanResourceChange(context.Background(), request)
	d.warnings = ""
	for _, w := range response.Diagnostics {
		if w.Severity == tfprotov6.DiagnosticSeverityWarning {
			d.warnings += w.Summary + "\n"
		}
	}
	if err == nil {
		err = problems(response.Diagnostics)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, path := range response.RequiresReplace {
		replaced = append(replaced, path.String())
	}
	planned, err = decode(response.PlannedState, typ)
	return planned, replaced, err
}

// apply plans and applies.
func (d *driver) apply(prior, config object) (object, error) {
	planned, _, err := d.plan(prior, config)
	if err != nil {
		return nil, err
	}
	return d.change(prior, planned, config)
}

func (d *driver) change(prior, planned, config object) (state object, err error) {
	typ := d.server.schema.Release.Block.Type()
	request := &tfprotov6.ApplyResourceChangeRequest{TypeName: releaseType}
	for wire, value := range map[**tfprotov6.DynamicValue]object{&request.PriorState: prior, &request.PlannedState: planned,
		&request.Config: config} {
		if *wire, err = encode(value, typ); err != nil {
			d.t.Fatal(err)
		}
	}
	response, err := d.server.ApplyResourceChange(context.Background(), request)
	if err != nil {
		d.t.Fatal(err)
	}
	state, err = decode(response.NewState, typ)
	if err != nil {
		d.t.Fatal(err)
	}
	return state, problems(response.Diagnostics)
}

func (d *driver) must(prior, config object) object {
	d.t.Helper()
	state, err := d.apply(prior, config)
	if err != nil {
		d.t.Fatal(err)
	}
	return state
}

func (d *driver) read(state object) object {
	d.t.Helper()
	typ := d.server.schema.Release.Block.Type()
	wire, err := encode(state, typ)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := d.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: releaseType, CurrentState: wire})
	if err != nil {
		d.t.Fatal(err)
	}
	found, err := decode(response.NewState, typ)
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

// remains lists what is left in the cluster.
func (d *driver) remains() (left []string) {
	_ = d.world.Do(func() error {
		for _, r := range d.world.List(nil) {
			if r.Type == releaseType || r.Type == keptType {
				left = append(left, r.Type+" "+r.ID)
			}
		}
		return nil
	})
	return left
}

// problems are the errors among diagnostics, with the attribute that each blames.
func problems(diagnostics []*tfprotov6.Diagnostic) error {
	var lines []string
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			line := d.Summary + "\n" + d.Detail
			if d.Attribute != nil {
				line = d.Attribute.String() + ": " + line
			}
			lines = append(lines, line)
		}
	}
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "\n---\n"))
}
