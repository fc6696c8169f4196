package engine_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// step is a line of a journal.
func step(event engine.EventType, action, address, id string) string {
	return fmt.Sprintf(`{"type":%q,"hook":{"resource":{"addr":%q,"resource_type":"aws_vpc"},"action":%q,"id_key":"id","id_value":%q}}`+"\n",
		event, address, action, id)
}

// writeRun writes a file of a stack's runs.
func writeRun(t *testing.T, s *engine.Stack, suffix, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Workdir.Root, "run", s.Name+suffix), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestJournal is the specification of what is taken for made, or for begun.
func TestJournal(t *testing.T) {
	t.Parallel()
	const start, complete, errored = engine.EventApplyStart, engine.EventApplyComplete, engine.EventApplyErrored
	made := func(id string) []engine.Trace {
		return []engine.Trace{{Address: "a", Type: "aws_vpc", ID: id, IDKey: "id"}}
	}
	begun := []engine.Trace{{Address: "a", Type: "aws_vpc"}}
	for name, test := range map[string]struct {
		lines []string
		want  []engine.Trace
	}{
		"nothing":                     {nil, []engine.Trace{}},
		"made":                        {[]string{step(start, "create", "a", ""), step(complete, "create", "a", "vpc-1")}, made("vpc-1")},
		"begun":                       {[]string{step(start, "create", "a", "")}, begun},
		"failed, though it may exist": {[]string{step(start, "create", "a", ""), step(errored, "create", "a", "")}, begun},
		"made and deleted": {[]string{
			step(complete, "create", "a", "vpc-1"), step(start, "delete", "a", "vpc-1"), step(complete, "delete", "a", "")}, []engine.Trace{}},
		"replaced, the new one first": {[]string{
			step(complete, "create", "a", "vpc-2"), step(start, "delete", "a", "vpc-1"), step(complete, "delete", "a", "")}, made("vpc-2")},
		"a change of what a state knows": {[]string{
			step(start, "update", "a", "vpc-1"), step(complete, "update", "a", "vpc-1")}, []engine.Trace{}},
		"a line that a kill has cut short": {[]string{step(complete, "create", "a", "vpc-1"), `{"type":"apply_comp`}, made("vpc-1")},
		"a run that was killed once more": {[]string{
			step(complete, "create", "a", "vpc-1"), `{"type":"version"}` + "\n", step(start, "create", "b", "")},
			append(made("vpc-1"), engine.Trace{Address: "b", Type: "aws_vpc"})},
		"what only Terraform reads, and is": {[]string{step(start, "read", "a", ""), step(complete, "read", "a", "x")}, []engine.Trace{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			writeRun(t, s.Stack, ".journal", strings.Join(test.lines, ""))
			got, err := s.Journal(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Errorf("traces (-want +got):\n%s", diff)
			}
		})
	}
}

// shelf is an Archive.
type shelf struct {
	sync.Mutex
	text string
}

func (s *shelf) Load(context.Context) ([]byte, error) {
	s.Lock()
	defer s.Unlock()
	return []byte(s.text), nil
}

func (s *shelf) Save(_ context.Context, text []byte) error {
	s.Lock()
	defer s.Unlock()
	s.text = string(text)
	return nil
}

// TestJournalOutlivesTheEngine: what a killed engine has begun is known afterwards, from another machine too where the state is kept
// elsewhere, and forgotten once an apply has ended in order.
func TestJournalOutlivesTheEngine(t *testing.T) {
	t.Parallel()
	archive, kill := &shelf{}, make(chan struct{})
	elsewhere := func(o *engine.Options) {
		o.Archive, o.Backend = archive, &engine.Backend{Type: "s3", Place: "s3://b/k"}
	}
	var once sync.Once
	s := newFake(t, "apply-stubborn", "", func(o *engine.Options) {
		elsewhere(o)
		o.Kill = kill
		o.Sink = func(e engine.Event) {
			if e.Type == engine.EventApplyStart {
				once.Do(func() { close(kill) })
			}
		}
	})
	plan := mustPlan(t, s.Stack, engine.PlanOptions{})
	_, err := s.Apply(t.Context(), plan)
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted", Why: "ended at once"})
	want := []engine.Trace{{Address: "aws_vpc.this"}}
	for where, stack := range map[string]*engine.Stack{"here": s.Stack, "another machine": newFake(t, "good", "", elsewhere).Stack} {
		got, err := stack.Journal(t.Context())
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("traces, %s: %v (-want +got):\n%s", where, err, diff)
		}
	}
	other := newFake(t, "good", "", elsewhere)
	if _, err := other.Apply(t.Context(), mustPlan(t, other.Stack, engine.PlanOptions{})); err != nil {
		t.Fatal(err)
	}
	if got, err := other.Journal(t.Context()); err != nil || len(got) > 0 || archive.text != "" {
		t.Errorf("after an apply that ended in order there is %v and %q, %v", got, archive.text, err)
	}
}

// TestSetAside: what was taken out of the state on purpose is remembered until an apply of everything has come to its end, here and beside
// the state.
func TestSetAside(t *testing.T) {
	t.Parallel()
	key := engine.Trace{Address: "aws_kms_key.this", Type: "aws_kms_key", ID: "k-1", IDKey: "id"}
	aside := key
	aside.IsSetAside = true
	for _, test := range []struct {
		name, mode string
		options    engine.PlanOptions
		fails      bool
		want       []engine.Trace
	}{
		{"nothing else happens", "", engine.PlanOptions{}, false, []engine.Trace{aside}},
		{"an apply of everything", "good", engine.PlanOptions{}, false, []engine.Trace{}},
		{"an apply of something else", "good", engine.PlanOptions{Targets: []string{"aws_vpc.this"}}, false, []engine.Trace{aside}},
		{"an apply that fails", "apply-fails", engine.PlanOptions{}, true, []engine.Trace{aside}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			archive := &shelf{}
			s := newFake(t, cmp.Or(test.mode, "good"), "", func(o *engine.Options) {
				o.Archive, o.Backend = archive, &engine.Backend{Type: "s3", Place: "s3://b/k"}
			})
			if err := s.SetAside(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			if test.mode != "" {
				if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, test.options)); (err != nil) != test.fails {
					t.Fatal(err)
				}
			}
			got, err := s.Journal(t.Context())
			if diff := gocmp.Diff(test.want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("traces: %v (-want +got):\n%s", err, diff)
			}
			if kept := strings.Contains(archive.text, "k-1"); kept != (len(test.want) > 0) {
				t.Errorf("beside the state is %q", archive.text)
			}
		})
	}
}

// TestCutState is the specification of what becomes of a state file that was cut short when an apply was killed.
func TestCutState(t *testing.T) {
	t.Parallel()
	const good = `{"version":4,"serial":3,"lineage":"a","resources":[]}`
	made, garbage := step(engine.EventApplyComplete, "create", "a", "vpc-1"), "garbage\n"
	const older, first, later = `{"version":4,"serial":1}`, "a first apply has begun\n", "an apply has begun\n"
	for name, test := range map[string]struct {
		// mark says which applies there were, and before is our own copy of the state before the last.
		mark, state, before, backup string
		// journal is nil where there is none.
		journal *string
		// want is the state afterwards, damaged a refusal, and applied whether an apply counts as begun.
		want             string
		damaged, applied bool
	}{
		"empty, with nothing made":                  {first, "", "", "", new(string), "", false, false},
		"empty, in a first apply":                   {first, "", "", "", &made, "", false, true},
		"cut short, in a first apply":               {first, good[:20], "", "", &made, "", false, true},
		"cut short, with a journal that is damaged": {first, good[:20], "", "", &garbage, "", false, true},
		"cut short, with a backup cut as well":      {first, good[:20], "", good[:9], &made, "", false, true},
		"cut short, with the engine's backup":       {later, good[:20], "", good, &made, good[:20], true, true},
		"cut short in a first, with a backup":       {first, good[:20], "", good, &made, good[:20], true, true},
		"cut short, with an older backup":           {later, good[:20], good, older, &made, good, false, true},
		"empty in a destroy, which makes nothing":   {later, "", good, "", new(string), good, false, true},
		"cut short by a command without journal":    {later, good[:20], good, older, nil, good, false, true},
		"cut short later, without any copy":         {later, good[:20], "", "", new(string), good[:20], true, true},
		"cut short, and no journal":                 {later, good[:20], "", good, nil, good[:20], true, true},
		"good":                                      {later, good, older, "", &made, good, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			state := filepath.Join(s.Dir(), "terraform.tfstate")
			if err := os.WriteFile(state, []byte(test.state), 0o600); err != nil {
				t.Fatal(err)
			}
			if test.backup != "" {
				if err := os.WriteFile(state+".backup", []byte(test.backup), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			writeRun(t, s.Stack, ".applied", test.mark)
			if test.before != "" {
				writeRun(t, s.Stack, ".before", test.before)
			}
			if test.journal != nil {
				writeRun(t, s.Stack, ".journal", *test.journal)
			}
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			if test.damaged {
				wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.state_damaged"})
			} else if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(state)
			if err != nil && !os.IsNotExist(err) || string(text) != test.want {
				t.Errorf("the state is %q, %v; want %q", text, err, test.want)
			}
			if applied := exists(t, filepath.Join(s.Workdir.Root, "run", "cloud.applied")); applied != test.applied {
				t.Errorf("an apply counts as begun: %t, want %t", applied, test.applied)
			}
		})
	}
}

// TestCopyOfTheState: a copy of the state stays after an apply that has left half of one, and the next run goes on from it.
func TestCopyOfTheState(t *testing.T) {
	t.Parallel()
	const before = `{"version":4,"serial":3,"lineage":"a","resources":[]}`
	for scenario, kept := range map[string]bool{"good": false, "apply-fails": false, "apply-crashes": true} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, scenario, "", nil)
			state := filepath.Join(s.Dir(), "terraform.tfstate")
			if err := os.WriteFile(state, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{})); (err == nil) != (scenario == "good") {
				t.Fatalf("the apply ends with %v", err)
			}
			if exists(t, filepath.Join(s.Workdir.Root, "run", "cloud.before")) != kept {
				t.Errorf("the copy is kept: %t, want %t", !kept, kept)
			}
			mustPlan(t, s.Stack, engine.PlanOptions{})
			if text, err := os.ReadFile(state); err != nil || string(text) != before {
				t.Errorf("the state is %q, %v; want the one from before", text, err)
			}
		})
	}
}

// TestNotAdopted holds the reading of what engines and providers say of imports that are not possible.
func TestNotAdopted(t *testing.T) {
	t.Parallel()
	adopt := map[string]string{"aws_vpc.a": "vpc-1", `module.x["k"].aws_subnet.b`: "subnet-2"}
	for name, test := range map[string]struct {
		// err is an error, unless it says otherwise.
		err  *diagnostic.Diagnostic
		want []string
	}{
		"what does not exist": {&diagnostic.Diagnostic{Summary: "Cannot import non-existent remote object",
			Why: `While attempting to import an existing object to "aws_vpc.a", the provider detected that none exists`}, []string{"aws_vpc.a"}},
		"what the embedded AWS has not": {&diagnostic.Diagnostic{Summary: "Cannot import non-existent remote object",
			Why: `The embedded AWS has no aws_subnet with the id "subnet-2" in us-east-1.`}, []string{`module.x["k"].aws_subnet.b`}},
		"what the configuration has not": {&diagnostic.Diagnostic{Summary: "Configuration for import target does not exist",
			Why: "The configuration for the given import target aws_vpc.a does not exist."}, []string{"aws_vpc.a"}},
		"another error of the same resource": {&diagnostic.Diagnostic{Summary: "InvalidVpc: it is not", Address: "aws_vpc.a"}, nil},
		"a warning": {
			&diagnostic.Diagnostic{Severity: diagnostic.Warning, Summary: "imports are slow", Address: "aws_vpc.a"}, nil},
	} {
		if test.err.Severity == "" {
			test.err.Severity = diagnostic.Error
		}
		if diff := gocmp.Diff(test.want, engine.NotAdopted(diagnostic.List{test.err}, adopt)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
