package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// writtenState is a state of one resource, as an engine of a version writes it with a provider.
func writtenState(version, provider string) string {
	return fmt.Sprintf(`{"version":4,"terraform_version":%q,"serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_vpc",
		"name":"this","provider":"provider[\"%s\"]","instances":[]}]}`, version, provider)
}

// TestWriterOfState: who would go on with an older engine than the one that wrote the state, or with the other product, is told so
// before anything runs, wherever the state is kept.
func TestWriterOfState(t *testing.T) {
	t.Parallel()
	const (
		terraforms = "registry.terraform.io/hashicorp/aws"
		tofus      = "registry.opentofu.org/hashicorp/aws"
	)
	for _, test := range []struct {
		name, state string
		// product is that of the engine, whose version is 1.11.4; empty for Terraform.
		product engine.Product
		// refused is the error's beginning, and todo part of what to do.
		refused, todo string
	}{
		{name: "the same version", state: writtenState("1.11.4", terraforms)},
		{name: "an older version", state: writtenState("1.10.5", terraforms)},
		{name: "the beta of this version", state: writtenState("1.11.4-beta1", terraforms)},
		{name: "a newer version", state: writtenState("1.12.0", terraforms),
			refused: "the state of stack cloud was written by Terraform 1.12.0, and this is 1.11.4", todo: "use Terraform 1.12.0 or later"},
		{name: "a newer patch release", state: writtenState("1.11.5", terraforms),
			refused: "the state of stack cloud was written by Terraform 1.11.5, and this is 1.11.4", todo: "use Terraform 1.11.5 or later"},
		{name: "a newer version of OpenTofu", state: writtenState("1.12.1", tofus), product: engine.OpenTofu,
			refused: "the state of stack cloud was written by OpenTofu 1.12.1, and this is 1.11.4", todo: "use OpenTofu 1.12.1 or later"},
		{name: "OpenTofu's", state: writtenState("1.10.6", tofus),
			refused: "this deployment is run with OpenTofu, and not with Terraform", todo: "name OpenTofu in CODERAWS_TERRAFORM"},
		{name: "Terraform's for OpenTofu", state: writtenState("1.9.0", terraforms), product: engine.OpenTofu,
			refused: "this deployment is run with Terraform, and not with OpenTofu", todo: "name Terraform in CODERAWS_TERRAFORM"},
		{name: "that of another registry, of which nobody knows who wrote it", state: writtenState("1.12.0", "registry.example.com/x/aws")},
		{name: "a newer version's in which nothing is left", state: `{"version":4,"terraform_version":"1.12.0","serial":9,"resources":[]}`},
		{name: "one that is encrypted", state: `{"encrypted_data":"AAAA","encryption_version":"v0"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", func(o *engine.Options) {
				if test.product != "" {
					o.Binary.Product = test.product
				}
			})
			file := filepath.Join(s.Dir(), "terraform.tfstate")
			if err := os.WriteFile(file, []byte(test.state), 0o600); err != nil {
				t.Fatal(err)
			}
			for name, look := range map[string]func() error{
				"a plan":              func() error { _, err := s.Plan(t.Context(), engine.PlanOptions{}); return err },
				"reading the state":   func() error { _, err := s.State(t.Context()); return err },
				"reading the outputs": func() error { _, err := s.Outputs(t.Context()); return err },
			} {
				err := look()
				if test.refused == "" {
					if err != nil && (strings.Contains(err.Error(), "was written by") || strings.Contains(err.Error(), "is run with")) {
						t.Errorf("%s is refused: %v", name, err)
					}
					continue
				}
				if err == nil || diagnostic.From(err)[0].Summary != test.refused {
					t.Fatalf("%s ends with %v, want %q", name, err, test.refused)
				}
				d := diagnostic.From(err)[0]
				if !strings.HasPrefix(d.Todo, test.todo) || !strings.Contains(d.Todo, "--change-engine") || d.Where.File != file || d.Why == "" {
					t.Errorf("%s says %+v", name, d)
				}
			}
			if test.refused == "" {
				return
			}
			if ran := s.lines(t, "args "); len(ran) > 0 {
				t.Errorf("%v ran all the same", ran)
			}
			s.ChangeEngine = true
			mustPlan(t, s.Stack, engine.PlanOptions{})
		})
	}
}

// TestWriterOfStateElsewhere is the same for a state that is pulled from where it is kept, though nothing was applied from here yet.
func TestWriterOfStateElsewhere(t *testing.T) {
	t.Parallel()
	s := newFake(t, "state-pull", writtenState("1.12.0", "registry.terraform.io/hashicorp/aws"), func(o *engine.Options) {
		o.Backend = &engine.Backend{Type: "s3", Place: "s3://bucket/coder/eu-west-1/cloud.tfstate"}
	})
	_, err := s.Plan(t.Context(), engine.PlanOptions{})
	if err == nil {
		t.Fatal("it is planned")
	}
	d := diagnostic.From(err)[0]
	if d.Summary != "the state of stack cloud was written by Terraform 1.12.0, and this is 1.11.4" || d.Where.File != s.StatePlace() {
		t.Errorf("it says %+v", d)
	}
	for _, ran := range s.lines(t, "args ") {
		if strings.HasPrefix(ran, "plan") {
			t.Errorf("%s ran all the same", ran)
		}
	}
	s.ChangeEngine = true
	mustPlan(t, s.Stack, engine.PlanOptions{})
}
