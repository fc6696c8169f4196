package coder_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// kubernetes is a template on disk, with what Terraform left behind beside it.
func kubernetes(main string) fstest.MapFS {
	return fstest.MapFS{
		"templates/kubernetes/main.tf": {Data: []byte(main)},
		"templates/kubernetes/variables.tf": {Data: []byte("variable \"namespace\" {\n  type = string\n}\n" +
			"variable \"gpu\" {}\n# variable \"not\" {}\n")},
		"templates/kubernetes/files/bashrc": {Data: []byte("alias ll='ls -l'\n")},
		"templates/kubernetes/README.md": {Data: []byte("---\ndisplay_name: Kubernetes\n" +
			"description: \"Pods\"\nicon: ../../site/static/icon/k8s.png\ndefault_ttl: 10h\nactivity_bump: 1h30m\n---\n# Kubernetes\n")},
		"templates/kubernetes/terraform.tfstate":        {Data: []byte("canary-state")},
		"templates/kubernetes/terraform.tfstate.backup": {Data: []byte("canary-state")},
		"templates/kubernetes/.terraform/providers/aws": {Data: []byte("canary-provider")},
		"templates/kubernetes/.terraform.lock.hcl":      {Data: []byte("# locked")},
		"templates/kubernetes/.env":                     {Data: []byte("canary-environment")},
		"templates/empty/README.md":                     {Data: []byte("# Nothing")},
		"templates/hours/README.md":                     {Data: []byte("---\ndefault_ttl: ten hours\n---\n")},
		"templates/hours/main.tf":                       {Data: []byte("terraform {}\n")},
		"templates/large/main.tf":                       {Data: []byte(strings.Repeat("# comment\n", 200_000))},
	}
}

func pack(t *testing.T, main string) *coder.Template {
	t.Helper()
	packed, err := coder.Pack(kubernetes(main), "templates/kubernetes", "kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	packed.Variables = map[string]string{"namespace": "coder-workspaces"}
	return packed
}

func TestPack(t *testing.T) {
	packed := pack(t, "terraform {}\n")
	if packed.DisplayName != "Kubernetes" || packed.Description != "Pods" || packed.Icon != "/icon/k8s.png" {
		t.Errorf("what people see: %q, %q, %q", packed.DisplayName, packed.Description, packed.Icon)
	}
	if diff := cmp.Diff([]string{"gpu", "namespace"}, packed.Declares); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if strings.Contains(string(packed.Archive), "canary") {
		t.Error("what Terraform and people left behind is packed too")
	}
	if again := pack(t, "terraform {}\n"); again.Version() != packed.Version() || len(again.Version()) > 64 {
		t.Errorf("the same content is %s and %s", packed.Version(), again.Version())
	}
	if less, err := coder.Pack(kubernetes(""), "templates/kubernetes", "kubernetes", "variables.tf"); err != nil || len(less.Declares) != 0 ||
		strings.Contains(string(less.Archive), "variables.tf") {
		t.Errorf("what is to be left out is packed: %v, %v", less, err)
	}
	other := pack(t, "terraform {}\n")
	other.Variables["namespace"] = "elsewhere"
	for what, version := range map[string]string{"files": pack(t, "terraform { }\n").Version(), "variables": other.Version()} {
		if version == packed.Version() {
			t.Errorf("other %s are the same version", what)
		}
	}
}

func TestPackRefuses(t *testing.T) {
	for _, test := range []struct{ dir, says string }{
		{"templates/absent", "cannot be read"}, {"templates/hours", "default_ttl: ten hours"},
		{"templates/empty", "no Terraform in it"}, {"templates/large", "coderd takes 1024 KiB"},
	} {
		_, err := coder.Pack(kubernetes(""), test.dir, "x")
		if err == nil || !strings.Contains(err.Error(), test.says) || diagnostic.Exit(err) != diagnostic.ExitInvalid {
			t.Errorf("%s: %v", test.dir, err)
		}
	}
}

// signedIn is a client of an owner.
func signedIn(t *testing.T, settings codertest.Settings) (*place, *coder.Client) {
	t.Helper()
	p := start(t, settings)
	p.Owner()
	p.options.Token = codertest.Token
	return p, p.client(t)
}

func TestPush(t *testing.T) {
	p, c := signedIn(t, codertest.Settings{})
	var log []string
	options := coder.PushOptions{Log: func(line coder.LogLine) { log = append(log, line.Output) }}
	push := func(content, outcome string, versions int) coder.Pushed {
		t.Helper()
		pushed, err := c.Push(t.Context(), pack(t, content), options)
		if err != nil || pushed.Outcome != outcome || p.Versions() != versions {
			t.Errorf("%+v with %d versions, %v; want it %s with %d", pushed, p.Versions(), err, outcome, versions)
		}
		return pushed
	}
	first := push("# one\n", coder.Created, 1)
	if len(log) == 0 || p.waited == 0 {
		t.Errorf("nobody waited for the import or saw its log: %v", log)
	}
	if got := p.Hours("kubernetes"); got != [2]int64{36_000_000, 5_400_000} {
		t.Errorf("hours %v, want ten, and one and a half", got)
	}
	files, variables := p.Template("kubernetes")
	if diff := cmp.Diff([]string{".terraform.lock.hcl", "README.md", "files/bashrc", "main.tf", "variables.tf"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"namespace": "coder-workspaces"}, variables); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if parameters, err := c.Parameters(t.Context(), first.VersionID); err != nil || len(parameters) != 1 || parameters[0].Name != "size" {
		t.Errorf("parameters %v, %v", parameters, err)
	}
	push("# one\n", coder.Unchanged, 1)
	push("# two\n", coder.Updated, 2)
	// What was there before is promoted again, not imported again.
	if back := push("# one\n", coder.Updated, 2); back.VersionID != first.VersionID {
		t.Errorf("%+v is not the first version %s", back, first.VersionID)
	}
	list, err := c.Templates(t.Context())
	if err != nil || len(list) != 1 || list[0].DisplayName != "Kubernetes" || list[0].ActiveVersionID != first.VersionID {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestPushFails: what does not import stays without consequences, Terraform's complaint is shown, and each try is a version of its own.
func TestPushFails(t *testing.T) {
	p, c := signedIn(t, codertest.Settings{})
	good, err := c.Push(t.Context(), pack(t, "# good\n"), coder.PushOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for try := range 3 {
		_, err := c.Push(t.Context(), pack(t, "# does not import\n"), coder.PushOptions{})
		expect(t, err, "coder.import", "the version before is still the active one")
		if err == nil || !strings.Contains(err.Error(), "Error: Unsupported argument") || p.Versions() != 2+try {
			t.Errorf("%d versions, %v", p.Versions(), err)
		}
	}
	if again, err := c.Push(t.Context(), pack(t, "# good\n"), coder.PushOptions{}); err != nil ||
		again.Outcome != coder.Unchanged || again.VersionID != good.VersionID {
		t.Errorf("%+v, %v", again, err)
	}
}

// TestPushOverOthers: what somebody changed in Coder is not pushed over unasked.
func TestPushOverOthers(t *testing.T) {
	p, c := signedIn(t, codertest.Settings{})
	p.AddTemplate("kubernetes", "happy_turing1")
	_, err := c.Push(t.Context(), pack(t, ""), coder.PushOptions{})
	expect(t, err, "coder.template_changed", "--overwrite")
	if diagnostic.Exit(err) != diagnostic.ExitRefused || p.Versions() != 1 {
		t.Errorf("exit status %d, %d versions", diagnostic.Exit(err), p.Versions())
	}
	if pushed, err := c.Push(t.Context(), pack(t, ""), coder.PushOptions{Overwrite: true}); err != nil || pushed.Outcome != coder.Updated {
		t.Errorf("%+v, %v", pushed, err)
	}
}

// TestPushPatience: an import that no provisioner takes has an end, and the message says why.
func TestPushPatience(t *testing.T) {
	p, c := signedIn(t, codertest.Settings{})
	_, err := c.Push(t.Context(), pack(t, ""), coder.PushOptions{Patience: time.Second - 1})
	expect(t, err, "coder.import", "shows the provisioners")
	p.AddDaemon(codertest.Daemon{Name: "provisioner-0", Status: "idle"})
	if _, err := c.Push(t.Context(), pack(t, ""), coder.PushOptions{}); err != nil {
		t.Error(err)
	}
}

// TestPushCrash ends a push after each call, with and without its effect, and goes on: the template is there, with the content, and active.
func TestPushCrash(t *testing.T) {
	p, c := signedIn(t, codertest.Settings{})
	if _, err := c.Push(t.Context(), pack(t, "# one\n"), coder.PushOptions{}); err != nil {
		t.Fatal(err)
	}
	create := len(p.Calls())
	if _, err := c.Push(t.Context(), pack(t, "# two\n"), coder.PushOptions{}); err != nil {
		t.Fatal(err)
	}
	update := len(p.Calls()) - create
	for _, test := range []struct {
		name  string
		calls int
		first bool
	}{{"create", create, true}, {"update", update, false}} {
		for n := range test.calls {
			for _, effect := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, call %d, effect %v", test.name, n, effect), func(t *testing.T) {
					p, c := signedIn(t, codertest.Settings{})
					if !test.first {
						if _, err := c.Push(t.Context(), pack(t, "# one\n"), coder.PushOptions{}); err != nil {
							t.Fatal(err)
						}
					}
					left := n
					if effect {
						p.cut = func() bool { left--; return left < 0 }
					} else {
						p.Refuse(func(string) (int, string) {
							if left--; left >= 0 {
								return 0, ""
							}
							return 500, "Internal error."
						})
					}
					if _, err := c.Push(t.Context(), pack(t, "# two\n"), coder.PushOptions{}); err == nil {
						t.Fatal("it was pushed although it was cut")
					}
					p.Refuse(nil)
					p.cut = nil
					pushed, err := c.Push(t.Context(), pack(t, "# two\n"), coder.PushOptions{})
					if err != nil {
						t.Fatal(err)
					}
					active, err := c.Template(t.Context(), "kubernetes")
					if err != nil || active == nil || active.ActiveVersionID != pushed.VersionID {
						t.Errorf("active %+v, pushed %+v, %v", active, pushed, err)
					}
					if again, err := c.Push(t.Context(), pack(t, "# two\n"), coder.PushOptions{}); err != nil || again.Outcome != coder.Unchanged {
						t.Errorf("%+v, %v", again, err)
					}
				})
			}
		}
	}
}
