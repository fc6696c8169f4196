package codersource

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/chart/charttest"

	"github.com/google/go-cmp/cmp"
)

func TestPins(t *testing.T) {
	pins, err := Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, pin := range pins {
		if strings.HasPrefix(pin.Version, "v") || !strings.HasPrefix(pin.Sum, "h1:") {
			t.Errorf("pin %d is %+v", i, pin)
		}
	}
	if got := strings.Count(sums, "\n"); len(pins) != got {
		t.Errorf("coder.sum has %d lines, and %d pins", got, len(pins))
	}
	some, err := Select([]string{pins[1].Version})
	if diff := cmp.Diff(pins[1:2], some); diff != "" || err != nil {
		t.Errorf("selected (-want +got, error %v):\n%s", err, diff)
	}
	if _, err := Select([]string{"2.99.0"}); err == nil || !strings.Contains(err.Error(), "add it to tools/codersource/coder.sum") {
		t.Errorf("a version without a checksum gives the error %v", err)
	}
}

// TestFetch runs a go command that answers as the real one does.
func TestFetch(t *testing.T) {
	directory, info := t.TempDir(), filepath.Join(t.TempDir(), "v2.27.0.info")
	if err := os.WriteFile(info, []byte(`{"Version": "v2.27.0", "Time": "2025-10-02T00:00:00Z"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	answer := func(d download) string {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return "cat <<'.'\n" + string(text) + "\n.\n"
	}
	asked := "[ \"$GOFLAGS$GOWORK$GOSUMDB\" = offoff ] && " +
		"[ \"$*\" = 'mod download -json github.com/coder/coder/v2@v2.27.0' ] || exit 3\n"
	for _, tt := range []struct{ name, script, want string }{
		{"what was released", asked + answer(download{Info: info, Dir: directory, Sum: "h1:right"}), ""},
		{"something else", answer(download{Info: info, Dir: directory, Sum: "h1:wrong"}),
			"github.com/coder/coder/v2 v2.27.0 has the checksum h1:wrong instead of h1:right: it is not what was released"},
		{"no proxy", answer(download{Error: "dial tcp: lookup proxy.golang.org: no such host"}) + "exit 1\n",
			"100 MB: dial tcp: lookup proxy.golang.org: no such host\nSet GOPROXY to a Go proxy that is reachable from here"},
		{"a go command that fails", "echo 'go: unknown command' >&2\nexit 2\n", "100 MB: go: unknown command\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "go")
			if err := os.WriteFile(program, []byte("#!/bin/sh\n"+tt.script), 0o755); err != nil {
				t.Fatal(err)
			}
			got, err := Pin{Version: "2.27.0", Sum: "h1:right"}.Fetch(t.Context(), program, os.Environ())
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
				return
			}
			want := Source{Version: "2.27.0", Directory: directory, Released: time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("source (-want +got, error %v):\n%s", err, diff)
			}
		})
	}
	t.Run("no go command", func(t *testing.T) {
		_, err := Pins()[0].Fetch(t.Context(), filepath.Join(t.TempDir(), "go"), nil)
		if err == nil || !strings.HasPrefix(err.Error(), "cannot run ") {
			t.Errorf("error %v", err)
		}
	})
}

// TestVersions holds those who name versions of Coder to each other: tests render the charts that are packed, and the patterns pin the
// newest of them, which `make demo` packs.
func TestVersions(t *testing.T) {
	var versions []string
	for _, pin := range Pins() {
		versions = append(versions, pin.Version)
	}
	if diff := cmp.Diff(charttest.Versions, versions); diff != "" {
		t.Errorf("tests render other charts than are packed (-tests +coder.sum):\n%s", diff)
	}
	patterns, err := filepath.Glob("../../patterns/*.tfvars")
	if err != nil || len(patterns) == 0 {
		t.Fatalf("patterns: %v, %v", patterns, err)
	}
	for _, file := range patterns {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if match := pinned.FindSubmatch(text); match == nil || string(match[1]) != versions[0] {
			t.Errorf("%s pins %q of Coder, and the newest in coder.sum is %s", file, match, versions[0])
		}
	}
}

// pinned is the version of Coder that a pattern has.
var pinned = regexp.MustCompile(`(?m)^coder = \{\n\s*version\s*= "([^"]*)"`)
