package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/engine"
)

// The test binary plays other programs when these variables are set: an engine that does as FAKE_ENGINE says, or a program
// that uses the engine.
const (
	fakeVariable   = "FAKE_ENGINE"
	parentVariable = "FAKE_PARENT"
	// logVariable names a file to which the fake engine appends what it was asked and what reached it.
	logVariable = "FAKE_ENGINE_LOG"
	// textVariable is what some scenarios print.
	textVariable = "FAKE_ENGINE_TEXT"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(parentVariable) != "":
		os.Exit(fakeParent(os.Getenv(parentVariable)))
	case os.Getenv(fakeVariable) != "":
		os.Exit(fakeEngine(os.Getenv(fakeVariable), os.Args[1:]))
	}
	os.Exit(m.Run())
}

// fakeEngine behaves like a Terraform whose plan and apply go as the scenario says.
func fakeEngine(scenario string, args []string) int {
	record("args " + strings.Join(args, " "))
	text := os.Getenv(textVariable)
	switch args[0] {
	case "version":
		return fakeVersion(scenario, text)
	case "init":
		fmt.Println(`{"type":"init_output","@message":"Initializing the backend..."}`)
		return fakeInit(scenario)
	case "state":
		if scenario == "state-pull" {
			fmt.Print(text)
		}
		return 0
	case "show":
		if scenario == "show-fails" {
			fmt.Fprintln(os.Stderr, text)
			return 1
		}
		fmt.Print(`{"format_version":"1.2","terraform_version":"1.11.4"}`)
		return 0
	}
	if scenario != "plan-silent" {
		fmt.Println(`{"@level":"info","@message":"Terraform 1.11.4","type":"version","terraform":"1.11.4","ui":"1.2"}`)
	}
	if args[0] == "plan" {
		for _, arg := range args {
			if file, ok := strings.CutPrefix(arg, "-out="); ok {
				if err := os.WriteFile(file, []byte("plan"), 0o644); err != nil {
					return 9
				}
			}
		}
		if !strings.HasPrefix(scenario, "plan-") {
			fmt.Println(`{"type":"change_summary","changes":{"add":1,"operation":"plan"}}`)
			return 2
		}
	}
	if args[0] == "apply" && scenario == "apply-crashes" {
		if os.WriteFile("terraform.tfstate", []byte(`{"version":4,"ser`), 0o600) != nil {
			return 9
		}
		fmt.Fprintln(os.Stderr, "panic: out of range")
		return 11
	}
	if args[0] == "apply" && scenario == "apply-fails" {
		fmt.Println(`{"type":"diagnostic","diagnostic":{"severity":"error","summary":"creating EC2 VPC: VpcLimitExceeded"}}`)
		return 1
	}
	return fakeRun(scenario, text)
}

// fakeInit leaves in the directory what the scenario says.
func fakeInit(scenario string) int {
	files := map[string]string{
		"init-lists":     ".terraform/modules/modules.json",
		"init-downloads": ".terraform/providers/registry.terraform.io/hashicorp/aws/provider",
		"init-locks":     ".terraform.lock.hcl",
	}
	file := files[scenario]
	if file == "" {
		return 0
	}
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil || os.WriteFile(file, []byte(`{"Modules":[]}`), 0o644) != nil {
		return 9
	}
	return 0
}

func fakeVersion(scenario, text string) int {
	switch scenario {
	case "version-hangs":
		time.Sleep(time.Minute)
	case "version-fails":
		fmt.Fprintln(os.Stderr, text)
		return 3
	}
	fmt.Println(text)
	return 0
}

// fakeRun is the plan or apply of a scenario.
func fakeRun(scenario, text string) int {
	switch scenario {
	case "plan-diagnostic":
		fmt.Println(text)
		return 1
	case "plan-needs-second-init":
		if text, err := os.ReadFile(os.Getenv(logVariable)); err == nil && strings.Count(string(text), "args init") < 2 {
			fmt.Println(os.Getenv(textVariable))
			return 1
		}
	case "plan-text":
		fmt.Println(text)
	case "plan-stderr":
		fmt.Fprintln(os.Stderr, text)
		return 1
	case "plan-killed":
		fmt.Fprint(os.Stderr, text)
		p, _ := os.FindProcess(os.Getpid())
		_ = p.Kill()
		time.Sleep(time.Minute)
	case "plan-environment":
		for _, pair := range os.Environ() {
			record("env " + pair)
		}
		return 0
	case "apply-unsaved":
		fmt.Println(`{"type":"apply_complete","hook":{"resource":{"addr":"aws_vpc.this"},"action":"create"}}`)
		fmt.Println(`{"type":"log","@message":"Emergency state dump","state":` + text + `}`)
		for _, summary := range []string{"Failed to write state", "Failed to save state", "Failed to persist state to backend"} {
			fmt.Println(`{"type":"diagnostic","diagnostic":{"severity":"error","summary":"` + summary + `","detail":"no space left on device"}}`)
		}
		return 1
	case "apply-makes":
		if args := os.Args; slices.Contains(args, "apply") {
			if os.WriteFile("terraform.tfstate", []byte(text), 0o600) != nil {
				return 9
			}
			fmt.Println(`{"type":"apply_complete","hook":{"resource":{"addr":"aws_vpc.this"},"action":"create"}}`)
		}
	case "apply-orderly", "apply-stubborn":
		return fakeLongApply(scenario)
	case "apply-long-line":
		fmt.Printf("{\"type\":\"outputs\",\"outputs\":{\"x\":%q}}\n", strings.Repeat("x", 3<<20))
		fmt.Print(`{"type":"change_summary","changes":{"add":7}}`)
	}
	return 0
}

// fakeLongApply applies until it is told to stop; the stubborn one goes on even then.
func fakeLongApply(scenario string) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt)
	record(fmt.Sprintf("pid %d", os.Getpid()))
	fmt.Println(`{"type":"apply_start","hook":{"resource":{"addr":"aws_vpc.this"},"action":"create"}}`)
	timeout := time.After(time.Minute)
	for {
		select {
		case <-signals:
			record("interrupt")
			fmt.Println(`{"type":"log","@message":"Interrupt received."}`)
			if scenario == "apply-orderly" {
				time.Sleep(100 * time.Millisecond) // long enough for a second signal, if one came
				record(fmt.Sprintf("signals %d", 1+len(signals)))
				fmt.Println(`{"type":"diagnostic","diagnostic":{"severity":"error","summary":"operation canceled","detail":""}}`)
				return 1
			}
		case <-timeout:
			return 0
		}
	}
}

func record(line string) {
	name := os.Getenv(logVariable)
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, line)
}

// fakeParent applies with the stubborn fake engine in an existing deployment, for a test that kills it.
func fakeParent(deployment string) int {
	w, err := engine.OpenWorkdir(deployment, "sandbox", "eu-west-1", source(nil), "test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	environ := slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, parentVariable) })
	s, err := engine.NewStack(engine.Options{Workdir: w, Name: "cloud", Environ: environ, Binary: fakeBinary()})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	plan, err := s.Plan(context.Background(), engine.PlanOptions{})
	if err == nil {
		_, err = s.Apply(context.Background(), plan)
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func fakeBinary() engine.Binary {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return engine.Binary{Path: path, Product: engine.Terraform, Version: "1.11.4"}
}

// fake is a stack over the fake engine, and the file with what reached it.
type fake struct {
	*engine.Stack
	log string
}

func newFake(t *testing.T, scenario, text string, change func(*engine.Options)) fake {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	s := newStack(t, source(nil), func(o *engine.Options) {
		o.Binary = fakeBinary()
		o.Environ = append(o.Environ, fakeVariable+"="+scenario, textVariable+"="+text, logVariable+"="+log)
		if change != nil {
			change(o)
		}
	})
	return fake{s, log}
}

// lines returns the recorded lines that begin with a word, without it.
func (f fake) lines(t *testing.T, word string) []string {
	t.Helper()
	return logLines(t, f.log, word)
}

func logLines(t *testing.T, file, word string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), word); ok {
			list = append(list, strings.TrimSpace(rest))
		}
	}
	return list
}

// diagnosticLine is a diagnostic event as an engine writes it.
func diagnosticLine(t *testing.T, diagnostic map[string]any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"type": "diagnostic", "@level": "error", "diagnostic": diagnostic})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
