package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	tfjson "github.com/hashicorp/terraform-json"

	"coderaws/internal/diagnostic"
)

// Options say what a Stack works with.
type Options struct {
	Workdir *Workdir
	// Name is the stack's directory below stacks/, such as cloud.
	Name   string
	Binary Binary
	// Providers are the providers that already run; nil means that init gets them from the registry.
	Providers Providers
	// Backend is where the state is kept; nil means in a file of the Workdir.
	Backend *Backend
	// Archive keeps the journal of applies beside a state that is kept elsewhere; nil keeps it in the Workdir alone.
	Archive Archive
	// Move is asked before a state is moved from one place to another, because Backend has changed or a state still lies in the Workdir;
	// an error stops the run, and nothing has changed. Nil means that none is moved: one in the Workdir is used where it lies, for runs
	// that only read, and every other run fails.
	Move func(from, to string) error
	// ChangeEngine lets this engine go on with a state that a newer version or the other product has written.
	ChangeEngine bool
	// Anew lets a run begin anew where the state is lost: what exists was named by hand.
	Anew bool
	// Environ is the user's environment, NAME=value. What would change the meaning of a run is held back.
	Environ []string
	// Sink receives the events of all runs; nil drops them.
	Sink Sink
	// Kill, once closed, ends a run at once; see Interrupts. Nil means never.
	Kill <-chan struct{}
	// CacheDir remembers what init leaves, so that a new directory of the same source mostly needs none; empty remembers nothing.
	CacheDir string
	// Parallelism bounds how many resources are worked on at once; zero means the engine's default, 10.
	Parallelism int
}

// Stack is one root module with its state in a Workdir. Its methods must not be called concurrently. Their errors are
// diagnostics (diagnostic.From lists them); a run that the context stopped also matches context.Canceled and asks for
// diagnostic.ExitInterrupted.
type Stack struct {
	Options
	attached   bool
	attachment Attachment
	env        []string
	// newcomer means that the backend is used from this directory for the first time.
	newcomer bool
	// isForeign means that another engine has written the state that was looked at last.
	isForeign bool
}

// NewStack binds a stack. No process starts before the first run.
func NewStack(options Options) (*Stack, error) {
	dir := options.Workdir.StackDir(options.Name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, diagnostic.Errorf("there is no stack %q in the Terraform source", options.Name)
	}
	return &Stack{Options: options}, nil
}

// Close stops the providers that the stack started. The stack can be used again afterwards; it then starts them anew.
func (s *Stack) Close() error {
	s.newcomer = false
	if !s.attached || s.Providers == nil {
		s.attached = false
		return nil
	}
	s.attached = false
	return s.Providers.Stop()
}

// Dir is the directory that the engine runs in.
func (s *Stack) Dir() string { return s.Workdir.StackDir(s.Name) }

// attach starts the providers, once, and fixes the environment of all processes.
func (s *Stack) attach(ctx context.Context) error {
	if s.attached {
		return nil
	}
	s.attachment = Attachment{}
	if s.Providers != nil {
		attachment, err := s.Providers.Start(ctx)
		if err != nil {
			return fmt.Errorf("starting the providers: %w", err)
		}
		s.attachment = attachment
	}
	s.attached = true
	attached, err := s.attachment.Environ()
	if err != nil {
		return err
	}
	if s.Backend != nil {
		attached = append(attached, s.Backend.Environ...)
	}
	s.env = environment(s.Environ, attached)
	return nil
}

// outcome is what a run with events left behind.
type outcome struct {
	code     int
	warnings diagnostic.List
	changes  ChangeSummary
	// outputs are those that the run has announced last.
	outputs map[string]Output
	// completed counts the steps of an apply that came to a good end.
	completed int
	// unsaved means that the engine could not save the state.
	unsaved bool
}

// stream runs the engine with -json, passes on its events, and turns its diagnostics into findings. verb names the run to the
// user. The exit codes in good are results; every other end is an error.
func (s *Stack) stream(ctx context.Context, verb string, args []string, good ...int) (outcome, error) {
	var result outcome
	var findings diagnostic.List
	var unsaved json.RawMessage
	note, noted := func(Event) {}, func() {}
	answered := false
	if args[0] == "apply" {
		var err error
		if note, noted, err = s.archive(ctx); err != nil {
			return result, err
		}
	}
	end, err := s.start(ctx, args, func(r io.Reader) error {
		return Decode(r, func(e Event) {
			if state := emergencyState(e); state != nil {
				unsaved = state
				return // it can hold secrets: nobody else needs to see it
			}
			answered = answered || e.Type != EventText
			switch {
			case e.Type == EventDiagnostic && e.Diagnostic != nil && !ofTargets[e.Diagnostic.Summary]:
				findings = append(findings, s.finding(e.Diagnostic))
			case e.Type == EventChangeSummary && e.Changes != nil:
				result.changes = *e.Changes
			case e.Type == EventOutputs:
				result.outputs = e.Outputs
			case e.Type == EventApplyComplete:
				result.completed++
			}
			note(e)
			if s.Sink != nil {
				s.Sink(e)
			}
		})
	})
	noted()
	if result.unsaved = unsaved != nil; result.unsaved {
		findings = append(diagnostic.List{s.rescue(unsaved)}, findings...)
	}
	s.protectState()
	result.code = end.code
	if err := s.conclude(ctx, verb, end, err, findings, &result.warnings, good); err != nil || answered {
		return result, err
	}
	return result, s.unanswered(args[0])
}

// unanswered says that an engine ended well without a word: Terraform and OpenTofu begin with an event that has their version.
func (s *Stack) unanswered(command string) error {
	d := diagnostic.Errorf("%s did not answer", s.Binary.Product)
	d.Code = "engine.unanswered"
	d.Why = fmt.Sprintf("`%s %s` ended well, and not one line of what it wrote is an event of a run", s.Binary.Path, command)
	d.Todo = "see that this program is " + string(s.Binary.Product) + " itself, and not a script that loses what it writes"
	return d
}

// ofTargets are the summaries of warnings that a plan is not of everything. What is limited to targets is a step of a run on the way to all
// of it, which no user has asked for.
var ofTargets = map[string]bool{"Resource targeting is in effect": true, "Applied changes may be incomplete": true}

// document runs the engine for one JSON document on standard output and decodes it into v. The document may hold secrets: it
// stays in memory.
func (s *Stack) document(ctx context.Context, verb string, args []string, v any) error {
	text, err := s.output(ctx, verb, args)
	if err != nil {
		return err
	}
	return s.decode(args[0], documentIn(text), v)
}

// output runs the engine for what it writes to standard output.
func (s *Stack) output(ctx context.Context, verb string, args []string) ([]byte, error) {
	var text bytes.Buffer
	end, err := s.start(ctx, args, func(r io.Reader) error {
		_, err := text.ReadFrom(r)
		return err
	})
	return text.Bytes(), s.conclude(ctx, verb, end, err, nil, nil, []int{0})
}

// decode reads the answer to a command.
func (s *Stack) decode(command string, text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		d := diagnostic.Errorf("%s's answer to `%s` cannot be read", s.Binary.Product, command)
		d.Code, d.Why = "engine.unreadable_answer", err.Error()
		d.Todo = "use a version of " + string(s.Binary.Product) + " that this coderaws knows; found: " + s.Binary.Version
		return d
	}
	return nil
}

// documentIn is the JSON object in an engine's answer: OpenTofu writes warnings about its own configuration before it, on standard output.
func documentIn(text []byte) []byte {
	if start := bytes.Index(text, []byte("\n{")); start >= 0 && !bytes.HasPrefix(text, []byte("{")) {
		return text[start+1:]
	}
	return text
}

func (s *Stack) start(ctx context.Context, args []string, stdout func(io.Reader) error) (ended, error) {
	if err := s.attach(ctx); err != nil {
		return ended{code: -1}, err
	}
	record, err := s.recordOf(args[0])
	if err != nil {
		return ended{code: -1}, err
	}
	end, err := process{s.Binary.Path, args, s.Dir(), s.env, s.Kill, stdout, record}.run(ctx)
	if record != "" && args[0] != "apply" {
		err = errors.Join(err, removeFile(record))
	}
	return end, err
}

func (s *Stack) parallelism() []string {
	if s.Parallelism == 0 {
		return nil
	}
	return []string{"-parallelism=" + strconv.Itoa(s.Parallelism)}
}

// State returns the stack's state, with an empty Values if nothing was ever applied. Sensitive values are in clear.
func (s *Stack) State(ctx context.Context) (*tfjson.State, error) {
	state := &tfjson.State{}
	if err := s.checkState(ctx); err != nil {
		return nil, err
	}
	if has, err := s.HasState(ctx); err != nil || !has {
		return state, err
	}
	if err := s.Init(ctx); err != nil {
		return nil, err
	}
	if err := s.document(ctx, "reading the state of", []string{"show", "-json", "-no-color"}, state); err != nil {
		return nil, err
	}
	return state, nil
}

// Output is the value of an output of a stack.
type Output struct {
	Sensitive bool            `json:"sensitive"`
	Type      json.RawMessage `json:"type"`
	Value     json.RawMessage `json:"value"`
}

// Outputs returns the stack's outputs as of its last apply; empty if there was none.
func (s *Stack) Outputs(ctx context.Context) (map[string]Output, error) {
	outputs := map[string]Output{}
	if err := s.checkState(ctx); err != nil {
		return nil, err
	}
	if !s.isRemote() && !s.Workdir.HasState(s.Name) {
		return outputs, nil
	}
	if err := s.document(ctx, "reading the outputs of", []string{"output", "-json", "-no-color"}, &outputs); err != nil {
		return nil, err
	}
	return outputs, nil
}

// runFile is the path of a file that belongs to the stack's runs and not to its source.
func (s *Stack) runFile(suffix string) string {
	return filepath.Join(s.Workdir.Root, "run", s.Name+suffix)
}
