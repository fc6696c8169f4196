package service_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers of the embedded AWS that testdata holds anew, and fail where they differ")

// answers are what AWS answered to the accepted calls of one test, by the name of the call: whatever the embedded AWS sets by itself stands
// in testdata/answers, so that no change of it goes unseen. Review the difference as you would a rule.
type answers struct {
	file  string
	known map[string]string
	mu    sync.Mutex
	given map[string]string
}

// heading begins what is known of one call.
const heading = "== "

// answersOf reads what is known of a test's calls. When the test has ended with all its subtests, what was given is compared with it.
func answersOf(t *testing.T) *answers {
	t.Helper()
	a := &answers{file: filepath.Join("testdata", "answers", t.Name()+".txt"), known: map[string]string{}, given: map[string]string{}}
	text, err := os.ReadFile(a.file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, section := range strings.Split("\n"+string(text), "\n"+heading)[1:] {
		name, body, _ := strings.Cut(section, "\n")
		a.known[name] = strings.TrimSuffix(body, "\n") + "\n"
	}
	return a
}

// hold compares an answer with what is known.
func (a *answers) hold(t *testing.T, name, answer string) {
	t.Helper()
	a.mu.Lock()
	a.given[name] = answer
	a.mu.Unlock()
	if diff := cmp.Diff(strings.Split(a.known[name], "\n"), strings.Split(answer, "\n")); diff != "" {
		t.Errorf("AWS answers otherwise than %s says (go test ./internal/sandbox/service -update writes it; read the difference):\n%s",
			a.file, diff)
	}
}

// end writes the answers if that is asked for. Calls that are not made any more are an error, if all of the test was run.
func (a *answers) end(t *testing.T, all []string) {
	t.Helper()
	if *update {
		var b strings.Builder
		for _, name := range all {
			if answer, has := a.given[name]; has {
				fmt.Fprintf(&b, "%s%s\n%s", heading, name, answer)
			}
		}
		if err := os.MkdirAll(filepath.Dir(a.file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(a.file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name := range a.known {
		if !slices.Contains(all, name) {
			t.Errorf("%s knows of %q, which is not asked any more (go test ./internal/sandbox/service -update takes it out)", a.file, name)
		}
	}
}

// answered is what AWS made of a configuration: its own part of the state, and what it made along with the resource.
func answered(d *sandboxtest.Driver, typeName string, config, state object) string {
	return typeName + "\n" + said(config, state) + along(d, typeName, state)
}

// said is what a state has that a configuration has not.
func said(config, state object) string {
	var b strings.Builder
	given, all := leaves(config), leaves(state)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if given[path] != all[path] {
			fmt.Fprintf(&b, "  %s = %s\n", path, all[path])
		}
	}
	return b.String()
}

// along is what AWS does beside what a state says: the time it takes where that depends on the arguments, what is launched, and what it
// makes by itself.
func along(d *sandboxtest.Driver, typeName string, state object) string {
	var b strings.Builder
	catalog := service.NewCatalog()
	if declared := catalog.Types[typeName]; declared.LatencyOf != nil {
		fmt.Fprintf(&b, "  takes %s\n", times(declared.LatencyOf(state)))
	}
	made := map[string]bool{}
	_ = d.World.Do(func() error { // looking cannot fail
		for _, r := range d.World.List(nil) {
			switch {
			case r.Type == typeName && r.Attributes["id"] == state["id"]:
				if launch := catalog.LaunchOf(d.World, r); launch != nil {
					fmt.Fprintf(&b, "  launches %v in %v: %v now, %v at most, spot %t, only spot %t\n",
						launch.InstanceTypes, launch.Zones, launch.Now, launch.Most, launch.Spot, launch.OnlySpot)
				}
			case strings.HasSuffix(r.Owner, "|"+typeName+"|"+fmt.Sprint(state["id"])) || made[r.Owner]:
				made[r.Key()] = true
				fmt.Fprintf(&b, "  makes %s %s\n", r.Type, r.ID)
				all := leaves(r.Attributes)
				for _, path := range slices.Sorted(maps.Keys(all)) {
					fmt.Fprintf(&b, "    %s = %s\n", path, all[path])
				}
			}
		}
		return nil
	})
	for _, name := range d.Server.Fallbacks() {
		fmt.Fprintf(&b, "  made up, since no model sets it: %s\n", name)
	}
	return b.String()
}

// leaves are the values in an object by their paths; what is null is left out.
func leaves(o object) map[string]string {
	all := map[string]string{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch v := value.(type) {
		case nil:
		case object:
			for name, inner := range v {
				walk(strings.TrimPrefix(path+"."+name, "."), inner)
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), inner)
			}
		case []string:
			for i, inner := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), inner)
			}
		case []object:
			for i, inner := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), inner)
			}
		case int:
			walk(path, float64(v))
		case world.Unknown:
			all[path] = "unknown"
		default:
			all[path] = sandboxtest.JSON(v)
		}
	}
	walk("", o)
	return all
}
