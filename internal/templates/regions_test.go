package templates_test

import (
	"encoding/json"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// servedRegions are regions as `coderaws templates push` hands them to templates: the hub's values are the variables'.
const servedRegions = `{
  "us-east-2": {"name": "US East (Ohio)", "hub": true},
  "eu-west-2": {"name": "Europe (London)", "namespace": "coder-london", "storage_class": "gp3-london", "priority_class": "london",
    "node_selector": {"coder.com/node-group": "london"},
    "tolerations": [{"key": "london", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}],
    "profiles": {"small": {"cpu_request": 8, "cpu_limit": 8, "memory_request_gib": 32, "memory_limit_gib": 32, "home_gib": 50, "share": 1}},
    "dev_containers": "false", "code_server_version": "", "other": "what this template does not know"},
  "ap-south-1": {"name": "Asia Pacific (Mumbai)"}
}`

// asked is what people may choose of a region, nothing where they are not asked, and Sent the tags by which coderd chooses provisioners for
// the build.
type asked struct {
	Options []string
	Default string
	Sent    map[string]any
}

// asks reads it in the state.
func (p *program) asks() asked {
	p.t.Helper()
	var shown struct {
		Values struct {
			Root struct {
				Resources []struct {
					resource
					Mode string
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(p.must(nil, "show", "-json")), &shown); err != nil {
		p.t.Fatal(err)
	}
	var found asked
	for _, r := range shown.Values.Root.Resources {
		switch r.Address {
		case "data.coder_parameter.region[0]":
			if r.Values["mutable"] != false {
				p.t.Error("the region can change: homes cannot follow")
			}
			found.Default = r.Values["default"].(string)
			for _, option := range r.Values["option"].([]any) {
				found.Options = append(found.Options, at(p.t, option, "value").(string)+" "+at(p.t, option, "name").(string))
			}
		case "data.coder_workspace_tags.region":
			found.Sent = r.Values["tags"].(map[string]any)
		}
	}
	return found
}

// TestRegionOfPods is the specification of where a workspace is built, and with what.
func TestRegionOfPods(t *testing.T) {
	three := []string{"us-east-2 US East (Ohio)", "ap-south-1 Asia Pacific (Mumbai)", "eu-west-2 Europe (London)"}
	// What every build has: no tag at all.
	untagged := map[string]any{"scope": "organization"}
	usual := map[string]any{"coder.com/node-group": "workspace", "kubernetes.io/arch": "amd64"}
	for _, test := range []struct {
		name, regions, chosen string
		asks                  asked
		// namespace and class are those of the home; selector, key and cpu are the pod's nodes, toleration and requested CPU.
		namespace, class string
		selector         map[string]any
		key, cpu         string
		codeServer       bool
	}{
		{"no regions are named", "{}", "",
			asked{Sent: untagged}, "coder-workspaces", "gp3-encrypted", usual, "coder.com/node-group", "500m", true},
		{"there is one", `{"eu-west-2": {"name": "Europe (London)", "namespace": "coder-london"}}`, "",
			asked{Sent: untagged}, "coder-workspaces", "gp3-encrypted", usual, "coder.com/node-group", "500m", true},
		{"nothing is chosen: the hub, whose provisioners have no tags", servedRegions, "",
			asked{three, "us-east-2", untagged}, "coder-workspaces", "gp3-encrypted", usual, "coder.com/node-group", "500m", true},
		{"the hub is chosen", servedRegions, "us-east-2",
			asked{three, "us-east-2", untagged}, "coder-workspaces", "gp3-encrypted", usual, "coder.com/node-group", "500m", true},
		{"another is chosen, that has values of its own", servedRegions, "eu-west-2",
			asked{three, "us-east-2", map[string]any{"region": "eu-west-2"}}, "coder-london", "gp3-london",
			map[string]any{"coder.com/node-group": "london", "kubernetes.io/arch": "amd64"}, "london", "8000m", false},
		{"another is chosen, that has none", servedRegions, "ap-south-1",
			asked{three, "us-east-2", map[string]any{"region": "ap-south-1"}}, "coder-workspaces", "gp3-encrypted", usual,
			"coder.com/node-group", "500m", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, "kubernetes")
			p.must(nil, "init", "-no-color")
			w := dev("ada")
			w.variables = map[string]string{"regions": test.regions}
			if test.chosen != "" {
				w.parameters = map[string]string{"region": test.chosen}
			}
			p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
			if diff := cmp.Diff(test.asks, p.asks()); diff != "" {
				t.Errorf("asked and sent (-want +got):\n%s", diff)
			}
			state := p.state()
			home, spec := state[homeClaim].Values, at(t, state[deployment].Values, "spec.0.template.0.spec.0")
			got := []any{
				at(t, home, "metadata.0.namespace"), at(t, home, "spec.0.storage_class_name"), at(t, spec, "node_selector"),
				at(t, spec, "toleration.0.key"), at(t, spec, "container.0.resources.0.requests.cpu"),
			}
			if diff := cmp.Diff([]any{test.namespace, test.class, test.selector, test.key, test.cpu}, got); diff != "" {
				t.Errorf("home and pod (-want +got):\n%s", diff)
			}
			if _, has := state["coder_app.code_server[0]"]; has != test.codeServer {
				t.Errorf("code-server: %v", has)
			}
		})
	}
}

// TestRegionOfInstances: an instance and its home are made in their region, of what it has.
func TestRegionOfInstances(t *testing.T) {
	untagged := map[string]any{"scope": "organization"}
	both := []string{"us-east-1 US East (N. Virginia)", "eu-west-2 Europe (London)"}
	for _, test := range []struct {
		name string
		// known says that the network of the other region is given.
		known  bool
		chosen string
		asks   asked
		away   bool
	}{
		{"the network of the other region is not known: there is no choice", false, "", asked{Sent: untagged}, false},
		{"nothing is chosen: the hub", true, "", asked{both, "us-east-1", untagged}, false},
		{"the other region is chosen", true, "eu-west-2", asked{both, "us-east-1", map[string]any{"region": "eu-west-2"}}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, "ec2-linux")
			w := dev("ada")
			w.variables = p.network()
			w.variables["regions"] = `{"us-east-1": {"name": "US East (N. Virginia)", "hub": true}, "eu-west-2": {"name": "Europe (London)", "other": 1}}`
			other := networkIn(t, sandboxtest.On(t, p.aws.World, "eu-west-2"), "eu-west-2")
			if test.known {
				w.variables["networks"] = `{"eu-west-2": {"subnet_ids": ` + other["subnet_ids"] + `, "security_group_ids": ` +
					other["security_group_ids"] + `}}`
			}
			if test.chosen != "" {
				w.parameters = map[string]string{"region": test.chosen}
			}
			p.must(nil, "init", "-no-color")
			p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
			if diff := cmp.Diff(test.asks, p.asks()); diff != "" {
				t.Errorf("asked and sent (-want +got):\n%s", diff)
			}
			state := p.state()
			subnet := at(t, state["aws_instance.workspace[0]"].Values, "subnet_id").(string)
			zone := at(t, state["aws_ebs_volume.home"].Values, "availability_zone").(string)
			if strings.Contains(other["subnet_ids"], subnet) != test.away || strings.HasPrefix(zone, "eu-west-2") != test.away {
				t.Errorf("the instance is in the subnet %s, and its home in %s", subnet, zone)
			}
			// A home is where it was made, also if another region is chosen for it later.
			w.parameters = map[string]string{"region": map[bool]string{true: "us-east-1", false: "eu-west-2"}[test.away]}
			output, err := p.run(w.environment("start"), "plan", "-no-color")
			if test.known && (err == nil || !strings.Contains(output, "cannot move")) {
				t.Errorf("it may move: %v\n%s", err, output)
			}
		})
	}
}

// TestRegionsRefused: what people cannot choose, and an administrator cannot set.
func TestRegionsRefused(t *testing.T) {
	for _, test := range []struct {
		name, regions string
		parameters    map[string]string
		refused       string
	}{
		{"a region that does not serve this Coder", servedRegions, map[string]string{"region": "us-west-1"}, "must be a valid option"},
		{"a size that the region does not have", servedRegions, map[string]string{"region": "eu-west-2", "size": "large"},
			"The size large is not one of eu-west-2: choose small."},
		{"a dev container in a region without a way to the internet", servedRegions, map[string]string{"region": "eu-west-2",
			"environment": "devcontainer", "repository": "https://github.com/example/app"}, "There are no dev containers in eu-west-2"},
		{"two hubs", `{"a": {"name": "A", "hub": true}, "b": {"name": "B", "hub": true}}`, nil, "Write hub = true for one of regions"},
		{"no hub", `{"a": {"name": "A"}, "b": {"name": "B"}}`, nil, "Write hub = true for one of regions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, "kubernetes")
			p.must(nil, "init", "-no-color")
			w := dev("ada")
			w.parameters, w.variables = test.parameters, map[string]string{"regions": test.regions, "dev_containers": "true"}
			output, err := p.run(w.environment("start"), "plan", "-no-color", "-input=false")
			output = strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
			if err == nil || !strings.Contains(output, test.refused) {
				t.Errorf("error %v does not say %q:\n%s", err, test.refused, output)
			}
		})
	}
}

// TestNetworksRefused: what an administrator cannot set of instances in several regions.
func TestNetworksRefused(t *testing.T) {
	const regions = `{"us-east-1": {"name": "Virginia", "hub": true}, "eu-west-2": {"name": "London"}}`
	for _, test := range []struct{ name, regions, networks, refused string }{
		{"another hub than the region", `{"us-east-1": {"name": "Virginia"}, "eu-west-2": {"name": "London", "hub": true}}`, "{}",
			"Write hub = true for one of regions, the one that region names"},
		{"no hub", `{"us-east-1": {"name": "Virginia"}, "eu-west-2": {"name": "London"}}`, "{}", "Write hub = true for one of regions"},
		{"a network of the hub", regions, `{"us-east-1": {"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}}`,
			"Those of the hub's region are subnet_ids and security_group_ids"},
		{"a network without subnets", regions, `{"eu-west-2": {"subnet_ids": [], "security_group_ids": ["sg-1"]}}`, "at least one subnet"},
		{"a network without security groups", regions, `{"eu-west-2": {"subnet_ids": ["subnet-1"], "security_group_ids": []}}`,
			"one security group for each of networks"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, "ec2-linux")
			p.must(nil, "init", "-no-color")
			w := dev("ada")
			w.variables = p.network()
			w.variables["regions"], w.variables["networks"] = test.regions, test.networks
			output, err := p.run(w.environment("start"), "plan", "-no-color", "-input=false")
			output = strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
			if err == nil || !strings.Contains(output, test.refused) {
				t.Errorf("error %v does not say %q:\n%s", err, test.refused, output)
			}
		})
	}
}

// TestRegionsCome: a workspace from before there was a choice stays where it is, with its home, whatever is chosen for it then; coderd lets
// people choose once. So does one that was made elsewhere.
func TestRegionsCome(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		before, after map[string]string
		refused       bool
	}{
		{"nothing is chosen", nil, nil, false},
		{"the hub is chosen", nil, map[string]string{"region": "us-east-2"}, false},
		{"another region is chosen", nil, map[string]string{"region": "eu-west-2"}, true},
		{"it was made in another region", map[string]string{"region": "ap-south-1"}, map[string]string{"region": "ap-south-1"}, false},
		{"it was made in another region, and leaves it", map[string]string{"region": "ap-south-1"}, map[string]string{"region": "us-east-2"},
			true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, "kubernetes")
			// An agent of a template of before has no order.
			if test.before == nil {
				p.replace("agent.tf", "order = local.away", "order = null")
			}
			p.must(nil, "init", "-no-color")
			w := dev("ada")
			if w.parameters = test.before; test.before != nil {
				w.variables = map[string]string{"regions": servedRegions}
			}
			p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
			if test.before == nil {
				p.replace("agent.tf", "order = null", "order = local.away")
			}
			w.parameters, w.variables = test.after, map[string]string{"regions": servedRegions}
			if test.refused {
				output, err := p.run(w.environment("start"), "plan", "-no-color")
				if err == nil || !strings.Contains(output, "cannot move") {
					t.Errorf("error %v does not say that it cannot move:\n%s", err, output)
				}
				return
			}
			for address, action := range p.actions(w.environment("start")) {
				if address != "coder_agent.main" && (address != deployment || action != "update") {
					t.Errorf("%s: %s", address, action)
				}
			}
		})
	}
}
