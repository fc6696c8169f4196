package realprovider_test

import (
	"io/fs"
	"os"
	"path"
	"testing"
	"testing/fstest"
	"time"

	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
)

// zooName is what the figures call testdata/zoo.
const zooName = "zoo"

// TestZoo is the proof that the embedded AWS is not fitted to this project's own modules: it plans what others use of AWS as
// the real provider does, modelled or not.
func TestZoo(t *testing.T) {
	t.Parallel()
	p := prepare(t)
	real := p.planZoo(t, p.engines[0], p.start(t))
	sandbox := p.planZoo(t, p.engines[0], rehearsal.New("zoo", time.Now))
	p.compare(t, zooName, real, sandbox, zooExceptions)
}

// zoo is the source of a single stack, testdata/zoo.
func zoo(t *testing.T) fs.FS {
	t.Helper()
	files, err := fs.Glob(os.DirFS("testdata/zoo"), "*.tf")
	if err != nil {
		t.Fatal(err)
	}
	source := fstest.MapFS{}
	for _, name := range files {
		text, err := os.ReadFile(path.Join("testdata/zoo", name))
		if err != nil {
			t.Fatal(err)
		}
		source["stacks/zoo/"+name] = &fstest.MapFile{Data: text}
	}
	return source
}

func (p *proof) planZoo(t *testing.T, binary engine.Binary, target lifecycle.Target) *tfjson.Plan {
	t.Helper()
	started := time.Now()
	plan, err := p.openZoo(t, binary, target).Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s on %s planned in %v", binary.Product, target.Name(), time.Since(started).Round(100*time.Millisecond))
	return plan.JSON
}

// openZoo gives the zoo on a target, in a directory of its own.
func (p *proof) openZoo(t *testing.T, binary engine.Binary, target lifecycle.Target) *engine.Stack {
	t.Helper()
	workdir, err := engine.OpenWorkdir(t.TempDir(), target.Name(), "eu-west-1", zoo(t), "test")
	if err != nil {
		t.Fatal(err)
	}
	stack, err := engine.NewStack(engine.Options{
		Workdir: workdir, Name: "zoo", Binary: binary, Environ: p.environ, Providers: target.Providers(workdir.Root, p.environ),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Error(err)
		}
	})
	return stack
}

// TestZooLives needs no real provider: the zoo is made in the embedded AWS, comes to rest, and goes.
func TestZooLives(t *testing.T) {
	environ := os.Environ()
	engines := findEngines(t, environ)
	if len(engines) == 0 {
		t.Skip("NOT PROVEN: there is neither terraform nor tofu")
	}
	target := rehearsal.New("zoo", time.Now)
	p := &proof{environ: environ}
	stack := p.openZoo(t, engines[0], target)
	apply := func(options engine.PlanOptions) {
		t.Helper()
		plan, err := stack.Plan(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stack.Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
	}
	apply(engine.PlanOptions{})
	again, err := stack.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range lifecycle.Changes(plan.Read(again.JSON)) {
		t.Errorf("a second plan would %s %s: %v", change.Action, change.Address, change.Attributes)
	}
	apply(engine.PlanOptions{Destroy: true})
	if state, err := stack.State(t.Context()); err != nil || state.Values != nil && state.Values.RootModule != nil &&
		len(state.Values.RootModule.Resources) > 0 {
		t.Errorf("the state is not empty in the end: %v, %v", state.Values, err)
	}
}
