package engine_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// providers are attached ones that count their use.
type providers struct {
	started, stopped int
	err              error
}

func (p *providers) Start(context.Context) (engine.Attachment, error) {
	if p.err != nil {
		return engine.Attachment{}, p.err
	}
	p.started++
	return engine.Attachment{
		Providers: map[string]engine.Endpoint{
			"registry.terraform.io/hashicorp/aws": {Network: "unix", Address: "/tmp/socket", PID: 7, ProtocolVersion: 6},
		},
		Environment: map[string]string{"AWS_ACCESS_KEY_ID": "embedded"},
	}, nil
}

func (p *providers) Stop() error { p.stopped++; return nil }

func TestRunsOnlyTheProcessesNeeded(t *testing.T) {
	t.Parallel()
	attached := &providers{}
	s := newFake(t, "good", "", func(o *engine.Options) { o.Providers, o.Parallelism = attached, 30 })
	plan := mustPlan(t, s.Stack, engine.PlanOptions{Destroy: true, NoRefresh: true, Replace: []string{"a.b"}, Targets: []string{"c.d"}})
	if _, err := s.Apply(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	mustPlan(t, s.Stack, engine.PlanOptions{RefreshOnly: true})
	out := filepath.Join(s.Workdir.Root, "run", "cloud.tfplan")
	want := []string{
		"init -json -no-color -input=false",
		"plan -json -no-color -input=false -detailed-exitcode -out=" + out + " -parallelism=30 -destroy -refresh=false -replace=a.b -target=c.d",
		"show -json -no-color " + out,
		"apply -json -no-color -input=false -parallelism=30 " + out,
		"plan -json -no-color -input=false -detailed-exitcode -out=" + out + " -parallelism=30 -refresh-only",
		"show -json -no-color " + out,
	}
	if diff := cmp.Diff(want, s.lines(t, "args ")); diff != "" {
		t.Errorf("processes (-want +got):\n%s", diff)
	}
	wantMode(t, plan.File, 0o600)
	if err := s.Close(); err != nil || attached.started != 1 || attached.stopped != 1 {
		t.Errorf("providers started %d and stopped %d times, %v; want once each", attached.started, attached.stopped, err)
	}
}

func TestInitRunsAgainWhenItsCausesChange(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	for name, change := range map[string]func(t *testing.T, w *engine.Workdir, o *engine.Options){
		"another version of the engine": func(_ *testing.T, _ *engine.Workdir, o *engine.Options) { o.Binary.Version = "1.12.0" },
		"attached providers":            func(_ *testing.T, _ *engine.Workdir, o *engine.Options) { o.Providers = &providers{} },
		"another CLI configuration": func(_ *testing.T, _ *engine.Workdir, o *engine.Options) {
			o.Environ = append(o.Environ, "TF_CLI_CONFIG_FILE="+config)
		},
		"the lock file edited": func(t *testing.T, w *engine.Workdir, _ *engine.Options) {
			if err := os.WriteFile(filepath.Join(w.StackDir("cloud"), ".terraform.lock.hcl"), []byte("# edited\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			mustPlan(t, s.Stack, engine.PlanOptions{})
			mustPlan(t, s.Stack, engine.PlanOptions{})
			options := s.Options
			change(t, s.Workdir, &options)
			again := bind(t, s.Workdir, func(o *engine.Options) { *o = options })
			mustPlan(t, again, engine.PlanOptions{})
			inits := slices.DeleteFunc(s.lines(t, "args "), func(l string) bool { return !strings.HasPrefix(l, "init") })
			if len(inits) != 2 {
				t.Errorf("init ran %d times, want 2: at first and after the change", len(inits))
			}
		})
	}
}

func TestEnvironmentIsOwned(t *testing.T) {
	t.Parallel()
	s := newFake(t, "plan-environment", "", func(o *engine.Options) {
		o.Providers = &providers{}
		o.Environ = append(slices.DeleteFunc(o.Environ, func(pair string) bool {
			return strings.HasPrefix(pair, "AWS_") || strings.HasPrefix(pair, "TF_")
		}), "TF_VAR_region=x", "TF_CLI_ARGS=-lock=false", "TF_CLI_ARGS_plan=-destroy", "TF_WORKSPACE=other",
			"TF_DATA_DIR=/elsewhere", "TF_LOG=trace", "TF_REATTACH_PROVIDERS={}", "TF_PLUGIN_CACHE_DIR=/cache", "TF_TOKEN_example_com=t",
			"AWS_PROFILE=me", "AWS_ACCESS_KEY_ID=mine", "TF_CLI_CONFIG_FILE=/config", "CODER_SESSION_TOKEN=of-the-owner")
	})
	if _, err := s.Plan(t.Context(), engine.PlanOptions{}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, pair := range s.lines(t, "env ") {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "AWS_") ||
			strings.HasPrefix(name, "CODER_") || name == "CHECKPOINT_DISABLE" {
			got[name] = value
		}
	}
	endpoint := `{"Protocol":"grpc","ProtocolVersion":6,"Pid":7,"Test":true,"Addr":{"Network":"unix","String":"/tmp/socket"}}`
	want := map[string]string{
		"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_LOG": "", "CHECKPOINT_DISABLE": "1",
		"TF_PLUGIN_CACHE_DIR": "/cache", "TF_TOKEN_example_com": "t", "TF_CLI_CONFIG_FILE": "/config",
		"AWS_PROFILE": "me", "AWS_ACCESS_KEY_ID": "embedded",
		"TF_REATTACH_PROVIDERS": `{"registry.opentofu.org/hashicorp/aws":` + endpoint +
			`,"registry.terraform.io/hashicorp/aws":` + endpoint + `}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the engine's own variables (-want +got):\n%s", diff)
	}
}

// TestAnEngineThatDoesNotAnswer: a program that ends well and says nothing of a run is not believed.
func TestAnEngineThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	_, err := newFake(t, "plan-silent", "", nil).Plan(t.Context(), engine.PlanOptions{})
	wantFinding(t, err, diagnostic.Diagnostic{Summary: "Terraform did not answer"})
	if d := diagnostic.From(err)[0]; d.Code != "engine.unanswered" || !strings.Contains(d.Todo, "is Terraform itself") {
		t.Errorf("it says %+v", d)
	}
}

func TestLinesOfAnyLength(t *testing.T) {
	t.Parallel()
	var longest int
	s := newFake(t, "apply-long-line", "", func(o *engine.Options) {
		o.Sink = func(e engine.Event) { longest = max(longest, len(e.Raw)) }
	})
	applied, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{}))
	if err != nil || applied.Changes.Add != 7 || longest < 3<<20 {
		t.Errorf("applied %+v, %v, longest line %d; want the summary after a line of 3 MiB", applied, err, longest)
	}
}

func TestProvidersThatCannotStart(t *testing.T) {
	t.Parallel()
	attached := &providers{err: errors.New("the world file is locked")}
	s := newFake(t, "good", "", func(o *engine.Options) { o.Providers = attached })
	_, err := s.Plan(t.Context(), engine.PlanOptions{})
	if !errors.Is(err, attached.err) {
		t.Errorf("error %v does not wrap the providers' own", err)
	}
	if err := s.Close(); err != nil || attached.stopped != 0 {
		t.Errorf("providers that never started were stopped %d times, %v", attached.stopped, err)
	}
}

func TestStateThatMustNotBeUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files map[string]string
		want  diagnostic.Diagnostic
	}{
		"half-written": {
			map[string]string{"terraform.tfstate": `{"version": 4, "reso`},
			diagnostic.Diagnostic{Code: "engine.state_damaged", Summary: "the state file is damaged", Todo: "from a backup of yours"},
		},
		"empty after a full disk, with the engine's backup": {
			map[string]string{"terraform.tfstate": "", "terraform.tfstate.backup": `{"version":4}`},
			diagnostic.Diagnostic{Code: "engine.state_damaged", Why: "empty", Todo: "copy terraform.tfstate.backup"},
		},
		"empty after the first apply": {
			map[string]string{"terraform.tfstate": "", "../../run/cloud.applied": "x"},
			diagnostic.Diagnostic{Code: "engine.state_damaged", Why: "although there was an apply"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			for file, text := range test.files {
				if err := os.WriteFile(filepath.Join(s.Dir(), file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			wantFinding(t, err, test.want)
			if ran := s.lines(t, "args "); len(ran) != 0 {
				t.Errorf("processes ran on that state: %v", ran)
			}
		})
	}
}

func TestEmptyStateBeforeTheFirstApplyIsNone(t *testing.T) {
	t.Parallel()
	s := newFake(t, "good", "", nil)
	writeState(t, s.Stack, "")
	mustPlan(t, s.Stack, engine.PlanOptions{})
	if s.Workdir.HasState("cloud") {
		t.Error("an empty file counts as a state")
	}
	// The fake engine's apply completes nothing, so that the next plan may find the same.
	if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{})); err != nil {
		t.Fatal(err)
	}
	mustPlan(t, s.Stack, engine.PlanOptions{})
}

func TestNothingAppliedMeansNoProcess(t *testing.T) {
	t.Parallel()
	s := newFake(t, "good", "", nil)
	state, err := s.State(t.Context())
	if err != nil || state.Values != nil {
		t.Errorf("state %+v, %v; want none", state, err)
	}
	if outputs, err := s.Outputs(t.Context()); err != nil || len(outputs) != 0 {
		t.Errorf("outputs %v, %v; want none", outputs, err)
	}
	if ran := s.lines(t, "args "); len(ran) != 0 {
		t.Errorf("processes ran: %v", ran)
	}
}

func TestUnknownStack(t *testing.T) {
	t.Parallel()
	s := newFake(t, "good", "", nil)
	if _, err := engine.NewStack(engine.Options{Workdir: s.Workdir, Name: "nimbus"}); err == nil ||
		!strings.Contains(err.Error(), `"nimbus"`) {
		t.Errorf("error %v; want one that names the stack", err)
	}
}

func TestPlanFileIsGoneAfterAFailedPlan(t *testing.T) {
	t.Parallel()
	s := newFake(t, "plan-diagnostic", diagnosticLine(t, map[string]any{"severity": "error", "summary": "no"}), nil)
	_, err := s.Plan(t.Context(), engine.PlanOptions{})
	wantFinding(t, err, diagnostic.Diagnostic{Summary: "no"})
	if _, err := os.Stat(filepath.Join(s.Workdir.Root, "run", "cloud.tfplan")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a failed plan left its file: %v", err)
	}
}
