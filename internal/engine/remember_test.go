package engine_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/engine"
)

// TestInitIsRemembered plans in two new directories, one after the other.
func TestInitIsRemembered(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, scenario string
		// first and second change what a directory works with, in a cache.
		first, second func(t *testing.T, o *engine.Options)
		inits         int
	}{
		{name: "a stack whose modules are in the source", scenario: "init-lists", inits: 1},
		{name: "a stack without modules", scenario: "good", inits: 1},
		{name: "a stack for which something was downloaded", scenario: "init-downloads", inits: 2},
		{name: "a stack whose versions were locked", scenario: "init-locks", inits: 2},
		{name: "nothing is to be remembered", scenario: "init-lists", inits: 2,
			second: func(_ *testing.T, o *engine.Options) { o.CacheDir = "" }},
		{name: "another version of the engine", scenario: "init-lists", inits: 2,
			second: func(_ *testing.T, o *engine.Options) { o.Binary.Version = "1.12.0" }},
		{name: "other providers run", scenario: "init-lists", inits: 2,
			second: func(_ *testing.T, o *engine.Options) { o.Providers = &providers{} }},
		{name: "a state that is kept elsewhere", scenario: "init-lists", inits: 2,
			second: func(_ *testing.T, o *engine.Options) { o.Backend = &engine.Backend{Type: "http", Place: "elsewhere"} }},
		{name: "a state in memory, where the first was a file", scenario: "init-lists", inits: 2,
			second: func(_ *testing.T, o *engine.Options) { o.Backend = inMemory("2") }},
		{name: "states in memory", scenario: "init-lists", inits: 1,
			first:  func(_ *testing.T, o *engine.Options) { o.Backend = inMemory("1") },
			second: func(_ *testing.T, o *engine.Options) { o.Backend = inMemory("2") }},
		{name: "another source", scenario: "init-lists", inits: 2,
			second: func(t *testing.T, o *engine.Options) {
				w, err := engine.OpenWorkdir(t.TempDir(), "sandbox", "eu-west-1", source(map[string]string{"modules/network/more.tf": ""}), "test")
				if err != nil {
					t.Fatal(err)
				}
				o.Workdir = w
			}},
		{name: "a directory that was used before", scenario: "init-lists", inits: 2,
			second: func(t *testing.T, o *engine.Options) {
				if err := os.Mkdir(filepath.Join(o.Workdir.StackDir("cloud"), ".terraform"), 0o755); err != nil {
					t.Fatal(err)
				}
			}},
		{name: "a memory that is damaged", scenario: "init-lists", inits: 2,
			second: func(t *testing.T, o *engine.Options) {
				if err := os.Truncate(filepath.Join(o.CacheDir, "init-cloud.json"), 20); err != nil {
					t.Fatal(err)
				}
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			cache := filepath.Join(t.TempDir(), "cache")
			first := newFake(t, row.scenario, "", func(o *engine.Options) {
				o.CacheDir = cache
				if row.first != nil {
					row.first(t, o)
				}
			})
			mustPlan(t, first.Stack, engine.PlanOptions{})
			second := newStack(t, source(nil), func(o *engine.Options) {
				o.Binary, o.Environ, o.CacheDir = first.Binary, first.Environ, cache
				if row.second != nil {
					row.second(t, o)
				}
			})
			mustPlan(t, second, engine.PlanOptions{})
			mustPlan(t, second, engine.PlanOptions{})
			inits := 0
			for _, line := range first.lines(t, "args ") {
				if strings.HasPrefix(line, "init ") {
					inits++
				}
			}
			if inits != row.inits {
				t.Errorf("init ran %d times, want %d", inits, row.inits)
			}
			list := filepath.Join(".terraform", "modules", "modules.json")
			want, wantErr := os.ReadFile(filepath.Join(first.Dir(), list))
			if got, err := os.ReadFile(filepath.Join(second.Dir(), list)); string(got) != string(want) || (err == nil) != (wantErr == nil) {
				t.Errorf("the second directory has the modules %s, %v; want those of the first: %s", got, err, want)
			}
		})
	}
}

// inMemory keeps a state as a StateServer would, without one.
func inMemory(run string) *engine.Backend {
	return &engine.Backend{Type: "http", Environ: []string{"TF_HTTP_ADDRESS=http://127.0.0.1:1/" + run}, Place: "memory", Fleeting: true}
}

func TestRealInitIsRemembered(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		cache, inits := t.TempDir(), 0
		for range 2 {
			s := newStack(t, source(nil), func(o *engine.Options) {
				o.Binary, o.CacheDir = binary, cache
				o.Sink = func(e engine.Event) {
					if strings.HasPrefix(e.Message, "Initializing the backend") {
						inits++
					}
				}
			})
			if plan := mustPlan(t, s, engine.PlanOptions{}); plan.Changes.Add != 2 {
				t.Errorf("%d to add, want 2", plan.Changes.Add)
			}
		}
		if inits != 1 {
			t.Errorf("init ran %d times for the same source in two directories, want once", inits)
		}
	})
}

// TestRealInitWithStatesInMemory: what init left for the states of one process is good for another's, which are in another place.
func TestRealInitWithStatesInMemory(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		cache, inits := t.TempDir(), 0
		for range 2 {
			states, err := engine.NewStateServer(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := states.Close(); err != nil {
					t.Error(err)
				}
			})
			s := newStack(t, source(nil), func(o *engine.Options) {
				o.Binary, o.CacheDir, o.Backend = binary, cache, states.Backend("one")
				o.Sink = func(e engine.Event) {
					if strings.HasPrefix(e.Message, "Initializing the backend") {
						inits++
					}
				}
			})
			plan := mustPlan(t, s, engine.PlanOptions{})
			if plan.Changes.Add != 2 {
				t.Errorf("%d to add, want 2: this run has no state yet", plan.Changes.Add)
			}
			if _, err := s.Apply(t.Context(), plan); err != nil {
				t.Fatal(err)
			}
			if again := mustPlan(t, s, engine.PlanOptions{}); again.HasChanges {
				t.Error("what was applied is not in the state")
			}
		}
		if inits != 1 {
			t.Errorf("init ran %d times for the same source in two directories, want once", inits)
		}
	})
}
