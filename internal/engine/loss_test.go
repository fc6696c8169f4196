package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// TestLostState is the specification of what is taken for a state that is lost, and of what is none. All of it is of a deployment
// whose last apply has left a state of serial 5 with one resource, unless mark says otherwise.
func TestLostState(t *testing.T) {
	t.Parallel()
	const (
		noted   = "an apply has begun\n" + `{"serial":5,"lineage":"a","resources":1}` + "\n"
		one     = `"resources":[{"type":"aws_vpc"}]}`
		good    = `{"version":4,"serial":5,"lineage":"a",` + one
		missing = "engine.state_missing"
		emptied = "engine.state_emptied"
		damaged = "engine.state_damaged"
	)
	for name, test := range map[string]struct {
		// state is "" where there is no file, and mark is noted where it is "".
		state, mark, before string
		anew                bool
		// want is the code of the refusal, "" for none, and says is in its why.
		want, says string
	}{
		"as the apply has left it":                  {state: good},
		"newer, by hand":                            {state: `{"version":4,"serial":6,"lineage":"a","resources":[]}`},
		"older, from a backup":                      {state: `{"version":4,"serial":2,"lineage":"a",` + one},
		"of another deployment, with something":     {state: `{"version":4,"serial":1,"lineage":"b",` + one},
		"encrypted":                                 {state: `{"serial":5,"lineage":"a","encrypted_data":"x"}`},
		"gone":                                      {want: missing, says: "would be made a second time"},
		"gone, with the mark of an older coderaws":  {mark: "an apply has begun\n", want: missing},
		"gone, with our copy":                       {before: good},
		"gone, with a copy that is empty":           {before: `{"version":4,"serial":1,"lineage":"a"}`, want: damaged, says: "no good copy"},
		"gone, with a copy of nothing":              {before: `{}`, want: damaged, says: "no good copy"},
		"gone, and what exists is named":            {anew: true},
		"gone in a first apply":                     {mark: "a first apply has begun\n"},
		"gone before any apply":                     {mark: "none"},
		"emptied, of no lineage":                    {state: `{"version":4,"resources":null}`, want: emptied, says: "is not newer"},
		"emptied, of an older serial":               {state: `{"version":4,"serial":1,"lineage":"a","resources":[]}`, want: emptied},
		"emptied, by an editor":                     {state: `{"version":4,"serial":5,"lineage":"a","resources":[]}`, want: emptied},
		"emptied, of another lineage":               {state: `{"version":4,"serial":9,"lineage":"b","resources":[]}`, want: emptied},
		"emptied, and what exists is named":         {state: `{"version":4,"resources":null}`, anew: true},
		"empty, with the mark of an older coderaws": {state: `{"version":4,"resources":[]}`, mark: "an apply has begun\n"},
		"an empty object":                           {state: `{}`, want: damaged, says: "no number of its form"},
		"null":                                      {state: `null`, want: damaged, says: "no number of its form"},
		"a list":                                    {state: `[]`, want: damaged, says: "it is a array"},
		"of a form that is yet to come":             {state: `{"version":99}`, want: damaged, says: "is 99"},
		"of no form":                                {state: `{"version":0}`, want: damaged, says: "is 0"},
		"with resources that are a text": {state: "{\"version\":4,\n\"resources\":\"x\"}", want: damaged,
			says: "resources is a string in it, on line 2"},
		"with a serial below zero":                   {state: `{"version":4,"serial":-1}`, want: damaged, says: "serial is a number -1"},
		"written by a version that is none":          {state: `{"version":4,"terraform_version":"abc"}`, want: damaged, says: `version "abc"`},
		"written by a version that nobody has noted": {state: `{"version":4,"terraform_version":"","serial":6,"lineage":"a"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", func(o *engine.Options) { o.Anew = test.anew })
			if test.state != "" {
				writeState(t, s.Stack, test.state)
			}
			switch test.mark {
			case "":
				writeRun(t, s.Stack, ".applied", noted)
			case "none":
			default:
				writeRun(t, s.Stack, ".applied", test.mark)
			}
			if test.before != "" {
				writeRun(t, s.Stack, ".before", test.before)
			}
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantFinding(t, err, diagnostic.Diagnostic{Code: test.want, Why: test.says, Todo: "--adopt ADDRESS=ID"})
			if !engine.IsStateLost(err) {
				t.Error("it is not known as the loss of a state")
			}
			if ran := s.lines(t, "args "); len(ran) != 0 {
				t.Errorf("processes ran on that state: %v", ran)
			}
			if text, _ := os.ReadFile(filepath.Join(s.Dir(), "terraform.tfstate")); string(text) != test.state {
				t.Errorf("the state is %q now", text)
			}
		})
	}
}

// TestMarkOfAnApply: an apply notes the state that it leaves, and one that leaves nothing behind notes none, so that its state may go.
func TestMarkOfAnApply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options engine.PlanOptions
		want    string
	}{
		{"an apply", engine.PlanOptions{}, `{"serial":3,"lineage":"a","resources":2}`},
		{"an apply of a part", engine.PlanOptions{Targets: []string{"aws_vpc.this"}, Destroy: true}, `{"serial":3,"lineage":"a","resources":2}`},
		{"the destruction of everything", engine.PlanOptions{Destroy: true}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "apply-makes", `{"version":4,"serial":3,"lineage":"a","resources":[{},{}]}`, nil)
			if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, test.options)); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(s.Workdir.Root, "run", "cloud.applied"))
			if err != nil && !os.IsNotExist(err) || !strings.Contains(string(text), test.want) || test.want == "" && err == nil {
				t.Errorf("the mark is %q, %v; want %s in it", text, err, test.want)
			}
		})
	}
}

// TestDamageOfAJournal holds what is taken for damage of a journal, and what a kill may leave.
func TestDamageOfAJournal(t *testing.T) {
	t.Parallel()
	made := step(engine.EventApplyComplete, "create", "a", "vpc-1")
	for name, test := range map[string]struct{ text, want string }{
		"nothing":                              {"", ""},
		"whole":                                {made + made, ""},
		"cut short":                            {made + made[:20], ""},
		"cut short, with the next run after":   {made + made[:20] + `{"type":"version"}` + "\n" + made, ""},
		"room that was never written to":       {made + "\x00\x00\x00", ""},
		"a text":                               {made + "garbage\n" + made, `line 2 is no event of Terraform's: "garbage"`},
		"bytes":                                {"\xff\xfe\x01", `line 1 is no event of Terraform's: "\xff\xfe\x01"`},
		"the middle of a line, as of a backup": {`"type":"apply_start"}` + "\n" + made, "line 1 is no event"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			writeRun(t, s.Stack, ".journal", test.text)
			got, err := s.Damage(t.Context())
			if err != nil || !strings.Contains(got, test.want) || test.want == "" && got != "" {
				t.Errorf("damage %q, %v; want %q", got, err, test.want)
			}
		})
	}
}
