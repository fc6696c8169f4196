package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// program puts a copy of the fake engine at a path.
func program(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(fakeBinary().Path, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindOrder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		present []string
		named   string
		want    string
	}{
		"bin/tofu beside the program before all":  {[]string{"home/bin/tofu", "home/tofu", "path/tofu", "path/terraform"}, "", "home/bin/tofu"},
		"tofu beside the program before PATH":     {[]string{"home/tofu", "path/tofu", "path/terraform"}, "", "home/tofu"},
		"tofu on PATH before terraform":           {[]string{"path/tofu", "path/terraform"}, "", "path/tofu"},
		"terraform on PATH":                       {[]string{"path/terraform"}, "", "path/terraform"},
		"the named one before all":                {[]string{"home/bin/tofu", "elsewhere/mine"}, "elsewhere/mine", "elsewhere/mine"},
		"a named one without a directory is PATH": {[]string{"home/bin/tofu", "path/mine"}, "mine", "path/mine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, path := range test.present {
				program(t, filepath.Join(dir, path))
			}
			environ := []string{
				"PATH=relative:" + filepath.Join(dir, "nothing") + ":" + filepath.Join(dir, "path"),
				fakeVariable + "=version", textVariable + "=OpenTofu v1.10.2",
			}
			if strings.Contains(test.named, "/") {
				test.named = filepath.Join(dir, test.named)
			}
			if test.named != "" {
				environ = append(environ, engine.BinaryVariable+"="+test.named)
			}
			got, err := engine.Find(t.Context(), engine.Lookup{Environ: environ, Executable: filepath.Join(dir, "home/coderaws")})
			want := engine.Binary{Path: filepath.Join(dir, test.want), Product: engine.OpenTofu, Version: "1.10.2"}
			if err != nil || got != want {
				t.Errorf("found %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestFindVersions(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{ // "" means accepted
		"Terraform v1.11.4\non linux_amd64":                       "",
		"Terraform v1.11.0":                                       "",
		"Terraform v1.13.0-beta2":                                 "",
		"OpenTofu v1.10.0":                                        "",
		"Warning: a CLI configuration is odd\n\nOpenTofu v1.10.6": "",
		"Terraform v1.10.9":                                       "too old: 1.11.0 or later",
		"Terraform v0.15.3":                                       "too old: 1.11.0 or later",
		"OpenTofu v1.9.4":                                         "too old: 1.10.0 or later",
		"Pulumi v3.1.0":                                           "neither Terraform nor OpenTofu",
		"":                                                        "neither Terraform nor OpenTofu",
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			_, err := engine.Find(t.Context(), engine.Lookup{Environ: []string{
				engine.BinaryVariable + "=" + fakeBinary().Path, fakeVariable + "=version", textVariable + "=" + said,
			}})
			if want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.unusable", Why: want, Todo: "make tools"})
		})
	}
}

func TestFindUnusable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noBit := filepath.Join(dir, "tofu")
	if err := os.WriteFile(noBit, []byte("#!/bin/sh\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		named, scenario, text string
		want                  string
	}{
		"missing":        {filepath.Join(dir, "gone"), "version", "", "no such file"},
		"a directory":    {dir, "version", "", "is a directory"},
		"not executable": {noBit, "version", "", "chmod +x"},
		"hangs":          {fakeBinary().Path, "version-hangs", "", "no answer within"},
		"fails":          {fakeBinary().Path, "version-fails", "first\nlibrary missing", "exit status 3: library missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := engine.Find(t.Context(), engine.Lookup{Timeout: 2 * time.Second, Environ: []string{
				engine.BinaryVariable + "=" + test.named, fakeVariable + "=" + test.scenario, textVariable + "=" + test.text,
			}})
			wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.unusable", Summary: test.named, Why: test.want, Todo: engine.BinaryVariable})
		})
	}
}

func TestFindListsEveryPlaceLookedAt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := program(t, filepath.Join(dir, "path", "terraform"))
	_, err := engine.Find(t.Context(), engine.Lookup{
		Environ:    []string{"PATH=" + filepath.Dir(old), fakeVariable + "=version", textVariable + "=Terraform v1.5.7"},
		Executable: filepath.Join(dir, "home", "coderaws"),
	})
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.not_found", Todo: "package tofu"})
	for _, line := range []string{
		filepath.Join(dir, "home", "bin", "tofu") + ": not there", filepath.Join(dir, "home", "tofu") + ": not there",
		"tofu: not on PATH", old + ": Terraform 1.5.7 is too old",
	} {
		wantFinding(t, err, diagnostic.Diagnostic{Why: line})
	}
}

func TestFindStopsWhenInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := engine.Find(ctx, engine.Lookup{Environ: []string{engine.BinaryVariable + "=" + fakeBinary().Path,
		fakeVariable + "=version-hangs"}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v; want the context's own", err)
	}
}

func TestFindRemembersVersions(t *testing.T) {
	// Not beside others: a process that is started meanwhile holds the new program open for writing, and it cannot run.
	dir := t.TempDir()
	path := filepath.Join(dir, "tofu")
	// A copy, whose time can be changed.
	text, err := os.ReadFile(fakeBinary().Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o755); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	lookup := engine.Lookup{CacheDir: filepath.Join(dir, "cache"), Environ: []string{
		engine.BinaryVariable + "=" + path, fakeVariable + "=version", textVariable + "=OpenTofu v1.10.2", logVariable + "=" + log,
	}}
	find := func(wantAsked int) {
		t.Helper()
		if _, err := engine.Find(t.Context(), lookup); err != nil {
			t.Fatal(err)
		}
		if asked := len(logLines(t, log, "args version")); asked != wantAsked {
			t.Errorf("asked for the version %d times, want %d", asked, wantAsked)
		}
	}
	find(1)
	find(1)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	find(2)
}

func TestFindAsksAShimEachTime(t *testing.T) {
	dir := t.TempDir()
	shim := filepath.Join(dir, "terraform")
	log := filepath.Join(dir, "log")
	if err := os.WriteFile(shim, []byte("#!/bin/sh\necho args >>"+log+"\necho Terraform v1.12.0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		lookup := engine.Lookup{CacheDir: filepath.Join(dir, "cache"), Environ: []string{engine.BinaryVariable + "=" + shim}}
		if _, err := engine.Find(t.Context(), lookup); err != nil {
			t.Fatal(err)
		}
	}
	if asked := len(logLines(t, log, "args")); asked != 2 {
		t.Errorf("a version manager's shim was asked %d times, want 2: its answer changes while its file does not", asked)
	}
}
