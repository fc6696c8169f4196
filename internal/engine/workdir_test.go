package engine_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

func mustOpen(t *testing.T, deployment string, tree fs.FS) *engine.Workdir {
	t.Helper()
	w, err := engine.OpenWorkdir(deployment, "sandbox", "eu-west-1", tree, "v1")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// listing is every file below a directory.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func TestWorkdirHoldsTheSource(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	mustOpen(t, deployment, source(map[string]string{
		"stacks/cloud/.terraform.lock.hcl":        "# locked\n",
		"stacks/cloud/.terraform/providers/x/aws": "binary",
		"stacks/cloud/terraform.tfstate":          "{}",
	}))
	want := []string{
		".coderaws/.gitignore",
		".coderaws/sandbox/eu-west-1/meta.json",
		".coderaws/sandbox/eu-west-1/modules/network/main.tf",
		".coderaws/sandbox/eu-west-1/stacks/cloud/.terraform.lock.hcl",
		".coderaws/sandbox/eu-west-1/stacks/cloud/main.tf",
	}
	if diff := cmp.Diff(want, listing(t, deployment)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	wantMode(t, filepath.Join(deployment, ".coderaws"), 0o700)
}

func TestWorkdirFollowsTheSource(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	w := mustOpen(t, deployment, source(map[string]string{
		"modules/old/main.tf": "# gone in the next version\n", "modules/network/notes.txt": "same\n",
	}))
	same := filepath.Join(w.Root, "modules/network/notes.txt")
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(same, past, past); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"stacks/cloud/terraform.tfstate": `{"version":4}`, "stacks/cloud/mine.auto.tfvars": "x = 1\n",
		"modules/network/main.tf": "# edited by hand\n",
	} {
		if err := os.WriteFile(filepath.Join(w.Root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustOpen(t, deployment, source(map[string]string{"modules/new/main.tf": "# new\n", "modules/network/notes.txt": "same\n"}))
	want := []string{
		"meta.json", "modules/network/main.tf", "modules/network/notes.txt", "modules/new/main.tf",
		"stacks/cloud/main.tf", "stacks/cloud/mine.auto.tfvars", "stacks/cloud/terraform.tfstate",
	}
	if diff := cmp.Diff(want, listing(t, w.Root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if text, _ := os.ReadFile(filepath.Join(w.Root, "modules/network/main.tf")); string(text) != networkModule {
		t.Errorf("an edited copy was not put right: %q", text)
	}
	if info, err := os.Stat(same); err != nil || !info.ModTime().Equal(past) {
		t.Errorf("a file that was right was written again: %v, %v", info.ModTime(), err)
	}
	if _, err := os.Stat(filepath.Join(w.Root, "modules/old")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory of a removed module is still there: %v", err)
	}
}

func TestWorkdirKeepsTheLockFileThatInitWrote(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	w := mustOpen(t, deployment, source(map[string]string{"stacks/cloud/.terraform.lock.hcl": "# one\n"}))
	lock := filepath.Join(w.StackDir("cloud"), ".terraform.lock.hcl")
	if err := os.WriteFile(lock, []byte("# one, and this platform\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, deployment, source(map[string]string{"stacks/cloud/.terraform.lock.hcl": "# one\n"}))
	if text, _ := os.ReadFile(lock); string(text) != "# one, and this platform\n" {
		t.Errorf("with the same lock in the source: %q, want what init wrote", text)
	}
	mustOpen(t, deployment, source(map[string]string{"stacks/cloud/.terraform.lock.hcl": "# two\n"}))
	if text, _ := os.ReadFile(lock); string(text) != "# two\n" {
		t.Errorf("with a new lock in the source: %q, want that", text)
	}
}

func TestWorkdirRefusals(t *testing.T) {
	t.Parallel()
	t.Run("a layout of a newer program", func(t *testing.T) {
		t.Parallel()
		deployment := t.TempDir()
		w := mustOpen(t, deployment, source(nil))
		newer := `{"format": 2, "program": "v9.9.9", "files": {}}`
		if err := os.WriteFile(filepath.Join(w.Root, "meta.json"), []byte(newer), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := engine.OpenWorkdir(deployment, "sandbox", "eu-west-1", source(nil), "v1")
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.newer_format", Summary: "newer coderaws (v9.9.9)", Todo: "use coderaws v9.9.9"})
	})
	t.Run("names that lead elsewhere", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"", "..", "../x", "a/b", ".git"} {
			if _, err := engine.OpenWorkdir(t.TempDir(), "sandbox", name, source(nil), "v1"); err == nil {
				t.Errorf("region %q was accepted", name)
			}
		}
	})
	t.Run("a deployment that is not there", func(t *testing.T) {
		t.Parallel()
		missing := filepath.Join(t.TempDir(), "gone")
		_, err := engine.OpenWorkdir(missing, "sandbox", "eu-west-1", source(nil), "v1")
		wantFinding(t, err, diagnostic.Diagnostic{Summary: missing + " is not a directory"})
		if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it was created: %v", err)
		}
	})
	t.Run("a file where the directory should be", func(t *testing.T) {
		t.Parallel()
		deployment := t.TempDir()
		if err := os.WriteFile(filepath.Join(deployment, ".coderaws"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := engine.OpenWorkdir(deployment, "sandbox", "eu-west-1", source(nil), "v1")
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.file", Todo: "move away"})
	})
	t.Run("a directory that cannot be written", func(t *testing.T) {
		t.Parallel()
		if os.Getuid() == 0 {
			t.Skip("SKIPPED: root may write everywhere")
		}
		deployment := t.TempDir()
		if err := os.Chmod(deployment, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := engine.OpenWorkdir(deployment, "sandbox", "eu-west-1", source(nil), "v1")
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.permission_denied", Todo: "give yourself the right"})
	})
}

func TestWorkdirAfterAnInterruptedCopy(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	w := mustOpen(t, deployment, source(map[string]string{"modules/old/main.tf": "# old\n"}))
	meta := filepath.Join(w.Root, "meta.json")
	for name, text := range map[string]string{"damaged": `{"format": 1, "fi`, "gone": ""} {
		if err := os.WriteFile(meta, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(w.Root, "modules/network/main.tf")); err != nil {
			t.Fatal(err)
		}
		mustOpen(t, deployment, source(map[string]string{"modules/old/main.tf": "# old\n"}))
		if text, err := os.ReadFile(filepath.Join(w.Root, "modules/network/main.tf")); err != nil || string(text) != networkModule {
			t.Errorf("record %s: %q, %v; want the missing file again", name, text, err)
		}
		if text, _ := os.ReadFile(meta); !strings.Contains(string(text), `"modules/old/main.tf"`) {
			t.Errorf("record %s: it was not made anew: %s", name, text)
		}
	}
}
