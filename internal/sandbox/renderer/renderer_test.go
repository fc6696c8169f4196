package renderer

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/chart"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// serveWord makes the tests' program the process that renders.
const serveWord = "serve-charts"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == serveWord {
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// command starts this program as the process that renders.
func command(t *testing.T) []string {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{executable, serveWord}
}

// started is a renderer with some patience; it is stopped at the end.
func started(t *testing.T, patient time.Duration) *Renderer {
	t.Helper()
	r := New(command(t))
	r.patient = patient
	t.Cleanup(r.Stop)
	return r
}

// templated is a chart with one template.
func templated(t *testing.T, template string) *chart.Chart {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Chart.yaml":         "apiVersion: v2\nname: app\nversion: 1.0.0\n",
		"values.yaml":        "known: true\n",
		"templates/a.yaml":   template,
		"values.schema.json": `{"$schema": "https://json-schema.org/draft-07/schema#", "properties": {"count": {"maximum": 5}}}`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := chart.LoadDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func release(values map[string]any) chart.Release {
	return chart.Release{Name: "shop", Namespace: "default", KubernetesVersion: "1.35", Values: values}
}

// TestRender: what comes from the process is what the chart itself gives, its errors too, whatever the values are.
func TestRender(t *testing.T) {
	r := started(t, time.Minute)
	values := map[string]any{
		"whole": int64(1000000), "float": 1e6, "small": 0.5, "text": "2", "yes": true, "nothing": nil,
		"known": nil, "list": []any{int64(1), 1.0, nil, map[string]any{"a": math.Copysign(0, -1)}},
	}
	for _, test := range []struct {
		name, template string
		values         map[string]any
	}{
		{"values of all kinds", `a: {{ .Values | toJson | quote }} # {{ kindOf .Values.whole }} {{ kindOf .Values.float }} ` +
			`{{ .Values.whole }} {{ .Values.float }} {{ hasKey .Values "known" }} {{ hasKey .Values "nothing" }}`, values},
		{"no values", `a: {{ .Release.Name }} {{ randAlphaNum 8 }} {{ now }} {{ .Capabilities.KubeVersion }}`, nil},
		{"a hook", "metadata: {annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: \"3\"}}\nkind: Job\n", nil},
		{"a template that fails", "a: 1\nb: {{ fail \"no\" }}", nil},
		{"a template that cannot be parsed", "{{ if }}", nil},
		{"values that break the schema", "a: 1", map[string]any{"count": int64(6)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := templated(t, test.template)
			got, err := r.Render(c, release(test.values))
			want, wanted := c.Render(release(test.values))
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-in this process +in the other)\n%s", diff)
			}
			if diff := cmp.Diff(failed(wanted), failed(err)); diff != "" {
				t.Errorf("errors (-in this process +in the other)\n%s", diff)
			}
		})
	}
	c := templated(t, "a: {{ .Values.known }}")
	got, err := r.Unread(c, map[string]any{"knon": true})
	if diff := cmp.Diff([]chart.Unread{{Path: "knon", Nearest: "known"}}, got); diff != "" || err != nil {
		t.Errorf("unread: %v\n%s", err, diff)
	}
}

// failed is what an error is.
func failed(err error) *failure {
	if err == nil {
		return nil
	}
	return failureOf(err)
}

// TestInterrupt: what is being rendered ends when Terraform is interrupted, and what waits for it.
func TestInterrupt(t *testing.T) {
	r, c := started(t, time.Minute), templated(t, strings.Repeat("{{ range until 10000 }}", 5)+strings.Repeat("{{ end }}", 5))
	done := make(chan error)
	const charts = 3
	for range charts {
		go func() {
			_, err := r.Render(c, release(nil))
			done <- err
		}()
	}
	for !r.working() {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond) // the others wait for their turn by then
	r.Interrupt()
	for range charts {
		if err := <-done; !errors.Is(err, ErrInterrupted) {
			t.Errorf("it ended with %v", err)
		}
	}
}

// working reports whether there is a process.
func (r *Renderer) working() bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	return r.child != nil
}

// TestServeEndsWithWhoAsks: the process outlives nobody, whatever it is at.
func TestServeEndsWithWhoAsks(t *testing.T) {
	for _, test := range []struct{ name, template string }{
		{"at rest", ""},
		{"at work", strings.Repeat("{{ range until 10000 }}", 5) + strings.Repeat("{{ end }}", 5)},
	} {
		t.Run(test.name, func(t *testing.T) {
			argv := command(t)
			process := exec.Command(argv[0], argv[1:]...)
			in, err := process.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := process.Start(); err != nil {
				t.Fatal(err)
			}
			if test.template != "" {
				asked, err := newRequest(templated(t, test.template), release(nil), false)
				if err != nil {
					t.Fatal(err)
				}
				if err := newStream(nil, in).Encode(asked); err != nil {
					t.Fatal(err)
				}
			}
			late := time.AfterFunc(time.Minute, func() { _ = process.Process.Kill() })
			if err := errors.Join(in.Close(), process.Wait()); err != nil {
				t.Errorf("it ended with %v", err)
			}
			late.Stop()
		})
	}
}

// TestACommandThatIsNone says so.
func TestACommandThatIsNone(t *testing.T) {
	for _, test := range []struct {
		command []string
		want    string
	}{
		{[]string{"/nowhere/coderaws"}, "the process that renders charts could not be started"},
		{[]string{"/bin/sh", "-c", "echo no such command >&2; exit 2"}, "the process that rendered it died: no such command"},
		{[]string{"/bin/sh", "-c", "exit 2"}, "the process that rendered it died (exit status 2)"},
	} {
		r := New(test.command)
		if _, err := r.Render(templated(t, "a: b"), release(nil)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %s", test.command, err, test.want)
		}
		r.Stop()
	}
}

// BenchmarkRender is what the process costs beside the rendering itself; the first turn starts it.
func BenchmarkRender(b *testing.B) {
	executable, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	r := New([]string{executable, serveWord})
	defer r.Stop()
	dir := b.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "templates"), 0o755),
		os.WriteFile(filepath.Join(dir, "Chart.yaml"), []byte("apiVersion: v2\nname: app\nversion: 1.0.0\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "templates", "a.yaml"), []byte("a: b"), 0o644)); err != nil {
		b.Fatal(err)
	}
	c, err := chart.LoadDirectory(dir)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Render(c, release(nil)); err != nil {
			b.Fatal(err)
		}
	}
}
