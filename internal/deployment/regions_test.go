package deployment

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
)

// hubText and spokeText are the least that a hub and a spoke say.
const (
	hubText = `region = "us-east-2"
name   = "coder"
domain = "coder.example.com"
network = { cidr = "10.0.0.0/16" }
coder = { version = "2.35.1" }
ingress = { allowed_cidrs = ["0.0.0.0/0"] }
deployment_features = { workspace_proxy = false }
`
	spokeText = `region = "eu-west-2"
name   = "coder-eu"
domain = "coder-eu.example.com"
network = { cidr = "10.1.0.0/16" }
coder = { version = "2.35.1" }
ingress = { allowed_cidrs = ["0.0.0.0/0"] }
deployment_features = { workspace_proxy = true }
`
)

// TestRegionsOfOneCoder is the specification of what regions have to agree about that serve one Coder, and of where that is told.
func TestRegionsOfOneCoder(t *testing.T) {
	const hub, spoke, third = "us-east-2", "eu-west-2", "us-west-2"
	for _, test := range []struct {
		name string
		// file is changed by replacing old by new; old is empty for a file that is not there before, whose text new is.
		file, old, new string
		// code is that of the one finding, at the line of the file; "" for none. todo is a part of what to do.
		code string
		in   string
		line int
		todo string
	}{
		{name: "a hub and a spoke", file: hub},
		{name: "another spoke", file: third,
			new: strings.NewReplacer("eu-west-2", third, "coder-eu", "coder-uw", "10.1.", "10.2.").Replace(spokeText)},
		{name: "no hub", file: hub, old: "workspace_proxy = false", new: "workspace_proxy = true", code: "deployment.no_hub",
			in: spoke, line: 7, todo: "Set deployment_features.workspace_proxy to false"},
		{name: "two hubs", file: third,
			new:  strings.NewReplacer("us-east-2", third, "coder.example", "other.example", "10.0.", "10.9.").Replace(hubText),
			code: "deployment.two_hubs"},
		{name: "regions of their own, with the same network", file: spoke, old: "true", new: "false"},
		{name: "the same network", file: spoke, old: "10.1.", new: "10.0.", code: "deployment.overlapping_networks", in: spoke, line: 4,
			todo: "us-east-2.tfvars:4."},
		{name: "a network within the other's", file: spoke, old: "10.1.0.0/16", new: "10.0.16.0/20", code: "deployment.overlapping_networks",
			in: spoke, line: 4},
		{name: "the network that is the default", file: hub, old: "network = { cidr = \"10.0.0.0/16\" }\n",
			new: "network = {}\n", code: ""},
		{name: "the same name", file: spoke, old: "coder-eu.example", new: "coder.example", code: "deployment.same_domain", in: spoke, line: 3,
			todo: "such as coder-eu-west-2.example.com"},
		{name: "a name below the hub's", file: spoke, old: "coder-eu.example", new: "eu.coder.example", code: "deployment.nested_domain",
			in: spoke, line: 3},
		{name: "a name above the hub's", file: spoke, old: "coder-eu.example.com", new: "example.com", code: "deployment.nested_domain",
			in: spoke, line: 3},
		{name: "a name that only ends alike", file: spoke, old: "coder-eu.example.com", new: "eu-coder.example.com"},
		{name: "another version", file: spoke, old: "2.35.1", new: "2.35.0", code: "deployment.versions_differ", in: spoke, line: 5,
			todo: "Write one version in all regions. The other one is at "},
		{name: "the version that is the default", file: spoke, old: "coder = { version = \"2.35.1\" }\n", new: ""},
		{name: "a closed spoke", file: spoke, old: "0.0.0.0/0", new: "203.0.113.0/24", code: "deployment.closed_region", in: spoke, line: 6},
		{name: "a closed hub", file: hub, old: "0.0.0.0/0", new: "203.0.113.0/24", code: "deployment.closed_region", in: hub, line: 6},
		{name: "a spoke without a way to the internet", file: spoke,
			old: `coder = { version = "2.35.1" }
ingress = { allowed_cidrs = ["0.0.0.0/0"] }
deployment_features = { workspace_proxy = true }`,
			new: `coder = { version = "2.35.1", stun_addresses = ["disable"] }
ingress = { internal = true }
deployment_features = { workspace_proxy = true, private_egress = true }`,
			code: "deployment.private_region", in: spoke, line: 7, todo: "Set deployment_features.private_egress to false"},
		{name: "an internal hub", file: hub, old: "ingress = {", new: "ingress = { internal = true,", code: "deployment.internal_region", in: hub,
			line: 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{hub + extension: hubText, spoke + extension: spokeText}
			if test.old == "" && test.new != "" {
				files[test.file+extension] = test.new
			} else {
				before := files[test.file+extension]
				if !strings.Contains(before, test.old) {
					t.Fatalf("%s has no %q", test.file, test.old)
				}
				files[test.file+extension] = strings.Replace(before, test.old, test.new, 1)
			}
			d, list := Load(directory(t, files), repository())
			var found diagnostic.List
			for _, finding := range list {
				if finding.Severity == diagnostic.Error {
					found = append(found, finding)
				}
			}
			if test.code == "" {
				if len(found) > 0 {
					t.Fatal(found)
				}
				if got := d.InOrder()[0].Name; d.Hub() != nil && got != hub {
					t.Errorf("%s is made first", got)
				}
				return
			}
			if len(found) != 1 || found[0].Code != test.code {
				t.Fatalf("got %v, want one %s", found, test.code)
			}
			where := found[0].Where
			if test.in != "" && (where == nil || !strings.HasSuffix(where.File, test.in+extension) || where.Line != test.line) {
				t.Errorf("it is at %v, want line %d of %s", where, test.line, test.in)
			}
			if !strings.Contains(found[0].Todo, test.todo) {
				t.Errorf("what to do is %q, want %q in it", found[0].Todo, test.todo)
			}
		})
	}
}
