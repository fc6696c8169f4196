package rehearsal_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	"github.com/google/go-cmp/cmp"
)

// features are the flags that this version builds. A flag that is added here is rehearsed in every combination, unless TestFlagMatrix says
// why not.
var features = []string{"high_availability", "time_based_scaling", "spot_workspaces", "private_egress", "ai_gateway"}

// together reports whether flags go with each other: without a way to the internet there are no spot nodes.
func together(on []string) bool {
	return !slices.Contains(on, "private_egress") || !slices.Contains(on, "spot_workspaces")
}

// gateway is what the AI gateway takes.
const gateway = `
ai = {
  gateway        = "coder"
  models         = { main = "us.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }
  daily_tokens   = 200000000
  retention_days = 90
  log_prompts    = false
  allow_own_keys = false
}
secrets = { license = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf" }
`

// flagged writes a deployment with the flags that are named on into dir and reads it.
func flagged(t *testing.T, dir string, on ...string) *deployment.Deployment {
	t.Helper()
	var b strings.Builder
	b.WriteString("region = \"us-east-1\"\ndomain = \"coder.example.com\"\ndns = { create_zone = true }\nmax_workspaces = 5\n")
	b.WriteString("node_groups = {\n  control = { size = 2 }\n  workspace = { min_size = 4, max_size = 12 }\n}\ndeployment_features = {\n")
	for _, name := range on {
		fmt.Fprintf(&b, "  %s = true\n", name)
	}
	b.WriteString("}\n")
	if slices.Contains(on, "ai_gateway") {
		b.WriteString(gateway)
	}
	if slices.Contains(on, "private_egress") {
		b.WriteString("ingress = { internal = true }\ncoder = { stun_addresses = [\"disable\"] }\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return d
}

func runnerOn(target lifecycle.Target, binary engine.Binary) *lifecycle.Runner {
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	return &lifecycle.Runner{
		Source: os.DirFS("../.."), Program: "test", Binary: binary, Environ: environ(),
		Target: target, Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(),
	}
}

// TestFlagMatrix rehearses every combination of flags with every engine that there is, but for those of ai_gateway, to which two of the
// others matter alone: TestAIGateway lives them. It takes some minutes, so that it runs where
// CODERAWS_TEST_MATRIX is set (make test-matrix); the lives of TestEveryValidDeployment draw from the same combinations.
func TestFlagMatrix(t *testing.T) {
	extent := os.Getenv("CODERAWS_TEST_MATRIX")
	if extent == "" {
		t.Skip("make test-matrix runs this")
	}
	found := engines(t)
	for number, binary := range found {
		for combination := range 1 << len(features) {
			var on []string
			for bit, name := range features {
				if combination&(1<<bit) != 0 {
					on = append(on, name)
				}
			}
			if !together(on) || slices.Contains(on, "ai_gateway") {
				continue
			}
			if extent == "in turn" && len(on)%len(found) != number {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", binary.Product, strings.Join(append(on, "end"), "+")), func(t *testing.T) {
				target := rehearsal.New("matrix", func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
				report, err := target.Rehearse(t.Context(), runnerOn(target, binary), "matrix", flagged(t, t.TempDir(), on...))
				if err != nil {
					t.Fatal(err)
				}
				if !report.Good() || len(report.Unmodelled) > 0 || len(report.Invented) > 0 {
					t.Errorf("second plan %v, left %v, not modelled %v, made up %v", report.Places[0].Differences, report.Left, report.Unmodelled,
						report.Invented)
				}
				t.Logf("%d resources, %.0f s to make on AWS", report.Places[0].Resources, report.Places[0].Up.Typical)
			})
		}
	}
}

// engines are Terraform and OpenTofu, as far as they are on PATH.
func engines(t *testing.T) []engine.Binary {
	t.Helper()
	var found []engine.Binary
	for _, name := range []string{"terraform", "tofu"} {
		binary, err := engine.Find(t.Context(), engine.Lookup{Environ: append(os.Environ(), "CODERAWS_TERRAFORM="+name)})
		if err != nil {
			t.Logf("NOT PROVEN with %s: %v", name, err)
			continue
		}
		found = append(found, binary)
	}
	if len(found) == 0 {
		t.Skip("neither Terraform nor OpenTofu is there")
	}
	return found
}

// replaceable is what a flag may replace, with the flag. A node group's zones are fixed when it is made: control and provisioner nodes
// hold nothing, and their successors are there before they go. AWS takes no zone away from a load balancer.
var replaceable = map[string][]string{
	"high_availability on": {
		`module.ingress.aws_autoscaling_attachment.this["control"]`, `module.node_group["control"].aws_eks_node_group.static[0]`,
		`module.node_group["provisioner"].aws_eks_node_group.autoscaled[0]`,
	},
	"high_availability off": {
		`module.ingress.aws_autoscaling_attachment.this["control"]`, `module.ingress.aws_lb.this`, `module.ingress.aws_lb_listener.https`,
		`module.node_group["control"].aws_eks_node_group.static[0]`, `module.node_group["provisioner"].aws_eks_node_group.autoscaled[0]`,
	},
	// The load balancer moves from the internet into the network, and back.
	"private_egress on":  {`module.ingress.aws_lb.this`, `module.ingress.aws_lb_listener.https`},
	"private_egress off": {`module.ingress.aws_lb.this`, `module.ingress.aws_lb_listener.https`},
	"spot_workspaces on": nil, "spot_workspaces off": nil, "time_based_scaling on": nil, "time_based_scaling off": nil,
}

// keyOfCopies is the key of the images that are copied for private_egress. It goes with the copies, which can be made again.
const keyOfCopies = `module.kms["images"].aws_kms_key.this`

// lasting are the kinds of resources that no flag ever deletes, but for keyOfCopies.
var lasting = []string{"aws_rds_cluster.", "aws_eks_cluster.", "aws_kms_key.", "aws_subnet.", "aws_vpc.", "aws_route53_zone."}

// TestTurningFlags turns every flag on and off again on a running deployment: neither the cluster nor the database nor a running
// workspace's node in a zone that stays is replaced, and the gate has nothing to refuse.
func TestTurningFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("each turn takes some seconds")
	}
	binary := engineOrSkip(t)
	dir := t.TempDir()
	target, err := rehearsal.Open(dir, func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := target.Close(); err != nil {
			t.Error(err)
		}
	}()
	runner := runnerOn(target, binary)
	for _, turn := range []struct {
		flag string
		on   []string
	}{
		{"nothing yet", nil},
		{"high_availability on", []string{"high_availability"}},
		{"spot_workspaces on", []string{"high_availability", "spot_workspaces"}},
		{"time_based_scaling on", []string{"high_availability", "time_based_scaling", "spot_workspaces"}},
		{"spot_workspaces off", []string{"high_availability", "time_based_scaling"}},
		{"private_egress on", []string{"high_availability", "time_based_scaling", "private_egress"}},
		{"private_egress off", []string{"high_availability", "time_based_scaling"}},
		{"high_availability off", []string{"time_based_scaling"}},
		{"time_based_scaling off", nil},
	} {
		_, err := runner.Up(t.Context(), flagged(t, dir, turn.on...), nil, func(p lifecycle.Planned) error {
			var replaced []string
			for _, change := range lifecycle.Changes(plan.Read(p.Plan.JSON)) {
				switch {
				case change.Action == "replace":
					replaced = append(replaced, change.Address)
				case change.Action == "delete" && change.Address != keyOfCopies && slices.ContainsFunc(lasting, func(kind string) bool {
					return strings.Contains(change.Address, kind)
				}):
					t.Errorf("%s deletes %s", turn.flag, change.Address)
				}
			}
			want := replaceable[turn.flag]
			if p.Stack != lifecycle.CloudStack {
				want = nil // releases are upgraded in place
			}
			if diff := cmp.Diff(want, replaced); diff != "" {
				t.Errorf("%s replaces (-want +got):\n%s", turn.flag, diff)
			}
			if len(p.Losses) > 0 {
				t.Errorf("%s loses %v", turn.flag, p.Losses)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%s: %v", turn.flag, err)
		}
	}
}
