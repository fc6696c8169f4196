package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// eachEngine runs a test with every real engine there is: the one that CODERAWS_TERRAFORM names, else those in the source tree's
// bin/ and on PATH. The tests use the built-in provider only.
func eachEngine(t *testing.T, test func(t *testing.T, binary engine.Binary)) {
	t.Helper()
	names := []string{"../../bin/tofu", "tofu", "terraform"}
	if named := os.Getenv(engine.BinaryVariable); named != "" {
		names = []string{named}
	}
	seen := map[engine.Product]bool{}
	var failures []error
	for _, name := range names {
		binary, err := engine.Find(t.Context(), engine.Lookup{Environ: append(os.Environ(), engine.BinaryVariable+"="+name)})
		if err != nil {
			failures = append(failures, err)
			continue
		}
		if seen[binary.Product] {
			continue
		}
		seen[binary.Product] = true
		t.Run(string(binary.Product), func(t *testing.T) {
			t.Parallel()
			test(t, binary)
		})
	}
	if len(seen) == 0 {
		t.Skipf("SKIPPED: this test proves the engine with a real Terraform or OpenTofu, and there is none: %v", errors.Join(failures...))
	}
}

const networkModule = `
variable "count_of" {
  type = number
  validation {
    condition     = var.count_of < 5
    error_message = "Write less than 5."
  }
}
resource "terraform_data" "subnet" {
  count = var.count_of
  input = "subnet-${count.index}"
}
output "subnets" {
  value = terraform_data.subnet[*].output
}
`

const rootModule = `
variable "subnets" {
  type    = number
  default = 2
}
variable "seconds" {
  type    = number
  default = 0
}
module "network" {
  source   = "../../modules/network"
  count_of = var.subnets
}
resource "terraform_data" "slow" {
  count = var.seconds > 0 ? 2 : 0
  input = module.network.subnets[0]
  provisioner "local-exec" {
    command = "sleep ${var.seconds}"
  }
}
output "subnets" {
  value = module.network.subnets
}
`

func source(extra map[string]string) fs.FS {
	tree := fstest.MapFS{
		"stacks/cloud/main.tf":    {Data: []byte(rootModule)},
		"modules/network/main.tf": {Data: []byte(networkModule)},
		"patterns/small.tfvars":   {Data: []byte("subnets = 1\n")},
	}
	for name, text := range extra {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

// newStack binds stack cloud of a fresh deployment.
func newStack(t *testing.T, tree fs.FS, change func(*engine.Options)) *engine.Stack {
	t.Helper()
	w, err := engine.OpenWorkdir(t.TempDir(), "sandbox", "eu-west-1", tree, "test")
	if err != nil {
		t.Fatal(err)
	}
	return bind(t, w, change)
}

func bind(t *testing.T, w *engine.Workdir, change func(*engine.Options)) *engine.Stack {
	t.Helper()
	options := engine.Options{Workdir: w, Name: "cloud", Environ: os.Environ()}
	change(&options)
	s, err := engine.NewStack(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestRealLifecycle(t *testing.T) {
	t.Parallel()
	eachEngine(t, realLifecycle)
}

func realLifecycle(t *testing.T, binary engine.Binary) {
	inits := 0
	s := newStack(t, source(nil), func(o *engine.Options) {
		o.Binary = binary
		o.Environ = append(o.Environ, "TF_VAR_subnets=4", "TF_CLI_ARGS_plan=-destroy")
		o.Sink = func(e engine.Event) {
			// OpenTofu gives the events of init no type.
			if strings.HasPrefix(e.Message, "Initializing the backend") {
				inits++
			}
		}
	})
	settings := filepath.Join(t.TempDir(), "eu-west-1.tfvars")
	if err := os.WriteFile(settings, []byte("subnets = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	options := engine.PlanOptions{VarFiles: []string{settings}, Vars: map[string]any{"subnets": 3}}

	plan := mustPlan(t, s, options)
	if !plan.HasChanges || plan.Changes.Add != 3 || len(plan.JSON.ResourceChanges) != 3 {
		t.Fatalf("first plan: HasChanges %v, Changes %+v, %d in JSON; want 3 to add, whatever the shell's TF_ variables say",
			plan.HasChanges, plan.Changes, len(plan.JSON.ResourceChanges))
	}
	if applied, err := s.Apply(t.Context(), plan); err != nil || applied.Changes.Add != 3 {
		t.Fatalf("apply: %+v, %v; want 3 added", applied, err)
	}
	if _, err := os.Stat(plan.File); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the plan's file is still there after apply: %v", err)
	}
	wantMode(t, filepath.Join(s.Dir(), "terraform.tfstate"), 0o600)

	if plan := mustPlan(t, s, options); plan.HasChanges {
		t.Errorf("second plan has changes: %+v", plan.Changes)
	}
	state, err := s.State(t.Context())
	if err != nil || len(state.Values.RootModule.ChildModules) != 1 {
		t.Errorf("state: %+v, %v; want one child module", state, err)
	}
	outputs, err := s.Outputs(t.Context())
	var subnets []string
	if err != nil || json.Unmarshal(outputs["subnets"].Value, &subnets) != nil || len(subnets) != 3 {
		t.Errorf("outputs: %v, %v; want 3 subnets", outputs, err)
	}

	options.Destroy = true
	if plan = mustPlan(t, s, options); plan.Changes.Remove != 3 {
		t.Fatalf("destroy plan: %+v; want 3 to remove", plan.Changes)
	}
	if _, err := s.Apply(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if state, err = s.State(t.Context()); err != nil || state.Values != nil && len(state.Values.RootModule.Resources) != 0 {
		t.Errorf("state after destroy: %+v, %v; want nothing", state, err)
	}
	if inits != 1 {
		t.Errorf("init ran %d times, want once: nothing that it depends on has changed", inits)
	}
}

func mustPlan(t *testing.T, s *engine.Stack, options engine.PlanOptions) *engine.Plan {
	t.Helper()
	plan, err := s.Plan(t.Context(), options)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return plan
}

func wantMode(t *testing.T, file string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != want {
		t.Errorf("%s: mode %v, %v; want %v", file, info.Mode(), err, want)
	}
}

func TestRealFailures(t *testing.T) {
	t.Parallel()
	eachEngine(t, realFailures)
}

func realFailures(t *testing.T, binary engine.Binary) {
	for name, test := range map[string]struct {
		tree    map[string]string
		options engine.PlanOptions
		state   string
		want    diagnostic.Diagnostic
	}{
		"a module's validation names the caller's line in the source tree": {
			options: engine.PlanOptions{Vars: map[string]any{"subnets": 9}},
			want: diagnostic.Diagnostic{Summary: "Invalid value for variable", Why: "Write less than 5.",
				Where: &diagnostic.Range{File: "stacks/cloud/main.tf", Line: 12, Text: "  count_of = var.subnets"}},
		},
		"an error inside a module names the module's file": {
			tree: map[string]string{"modules/network/bad.tf": "\n\nlocals {\n  x = nothing.here\n}\n"},
			want: diagnostic.Diagnostic{Summary: "Reference to undeclared resource",
				Where: &diagnostic.Range{File: "modules/network/bad.tf", Line: 4, Text: "  x = nothing.here"}},
		},
		"a missing file of settings": {
			options: engine.PlanOptions{VarFiles: []string{"/nowhere/x.tfvars"}},
			want:    diagnostic.Diagnostic{Summary: "Failed to read variables file", Why: "/nowhere/x.tfvars"},
		},
		"a state file of a newer version": {
			state: `{"version": 99}`,
			want: diagnostic.Diagnostic{Code: "engine.state_damaged", Summary: "the state file is damaged",
				Why: "its form (version) is 99, and the newest that Terraform and OpenTofu have is 4"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, source(test.tree), func(o *engine.Options) { o.Binary = binary })
			if test.state != "" {
				writeState(t, s, test.state)
			}
			_, err := s.Plan(t.Context(), test.options)
			wantFinding(t, err, test.want)
		})
	}
}

func writeState(t *testing.T, s *engine.Stack, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir(), "terraform.tfstate"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantFinding compares the first finding with what is set in want; Summary, Why and Todo need only contain it.
func wantFinding(t *testing.T, err error, want diagnostic.Diagnostic) {
	t.Helper()
	list := diagnostic.From(err)
	if len(list) == 0 {
		t.Fatalf("no error; want %q", want.Summary)
	}
	got := list[0]
	if want.Code != "" && got.Code != want.Code {
		t.Errorf("code %q, want %q", got.Code, want.Code)
	}
	for _, part := range []struct{ name, got, want string }{
		{"summary", got.Summary, want.Summary}, {"why", got.Why, want.Why}, {"todo", got.Todo, want.Todo}, {"address", got.Address, want.Address},
	} {
		if !strings.Contains(part.got, part.want) {
			t.Errorf("%s %q does not contain %q", part.name, part.got, part.want)
		}
	}
	if w := want.Where; w != nil {
		if g := got.Where; g == nil || !strings.HasSuffix(g.File, w.File) || g.Line != w.Line || g.Text != w.Text {
			t.Errorf("where %+v, want %+v", g, w)
		}
	}
	if t.Failed() {
		t.Logf("whole error: %+v", got)
	}
}

func TestRealInterruptedApplyResumes(t *testing.T) {
	t.Parallel()
	eachEngine(t, realInterruptedApplyResumes)
}

func realInterruptedApplyResumes(t *testing.T, binary engine.Binary) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newStack(t, source(nil), func(o *engine.Options) {
		o.Binary, o.Parallelism = binary, 1
		o.Sink = func(e engine.Event) {
			if e.Type == engine.EventApplyStart && e.Hook.Resource.Name == "slow" {
				cancel()
			}
		}
	})
	options := engine.PlanOptions{Vars: map[string]any{"seconds": 1}}
	_, err := s.Apply(ctx, mustPlan(t, s, options))
	if !errors.Is(err, context.Canceled) || diagnostic.Exit(err) != diagnostic.ExitInterrupted {
		t.Fatalf("interrupted apply: %v (exit %d); want context.Canceled and exit 130", err, diagnostic.Exit(err))
	}
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted", Todo: "run the same command again"})

	s.Sink = nil
	plan := mustPlan(t, s, options)
	if add := plan.Changes.Add; add < 1 || add > 2 {
		t.Errorf("after the interrupt %d are to add; want the rest only: the two subnets exist", add)
	}
	if _, err := s.Apply(t.Context(), plan); err != nil {
		t.Fatalf("resumed apply: %v", err)
	}
	if plan := mustPlan(t, s, options); plan.HasChanges {
		t.Errorf("after the resumed apply a plan has changes: %+v", plan.Changes)
	}
}

func TestRealSecondInterruptEndsAtOnce(t *testing.T) {
	t.Parallel()
	eachEngine(t, realSecondInterruptEndsAtOnce)
}

func realSecondInterruptEndsAtOnce(t *testing.T, binary engine.Binary) {
	signals := make(chan os.Signal, 2)
	ctx, kill, stop := engine.Interrupts(t.Context(), signals, nil)
	defer stop()
	s := newStack(t, source(nil), func(o *engine.Options) {
		o.Binary, o.Kill = binary, kill
		o.Sink = func(e engine.Event) {
			if e.Type == engine.EventApplyStart && e.Hook.Resource.Name == "slow" && len(signals) == 0 {
				signals <- os.Interrupt
				signals <- os.Interrupt
			}
		}
	})
	plan := mustPlan(t, s, engine.PlanOptions{Vars: map[string]any{"seconds": 60}})
	began := time.Now()
	_, err := s.Apply(ctx, plan)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the second interrupt took %s; the resource alone takes 60 s", took)
	}
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted", Why: "ended at once"})
	if diagnostic.Exit(err) != diagnostic.ExitInterrupted {
		t.Errorf("exit %d, want 130", diagnostic.Exit(err))
	}
}
