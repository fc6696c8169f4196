package download_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/download"

	"github.com/ProtonMail/gopenpgp/v2/crypto"
	"github.com/opentofu/tofudl"
)

// program is what the mirror serves as OpenTofu.
var program = []byte("#!/bin/sh\necho OpenTofu v" + download.OpenTofuVersion + "\n")

// mirror serves one signed release on the loopback interface, and returns it with the options that lead there. tamper may change
// what is sent for an artifact; nil changes nothing.
func mirror(t *testing.T, version string, tamper func(path string, body []byte) []byte) []tofudl.ConfigOpt {
	t.Helper()
	key, err := crypto.GenerateKey("Test", "test@example.com", "x25519", 0)
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.GetArmoredPublicKey()
	if err != nil {
		t.Fatal(err)
	}
	builder, err := tofudl.NewReleaseBuilder(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := builder.PackageBinary(tofudl.PlatformAuto, tofudl.ArchitectureAuto, program, nil); err != nil {
		t.Fatal(err)
	}
	storage, err := tofudl.NewFilesystemStorage(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release, err := tofudl.NewMirror(tofudl.MirrorConfig{}, storage, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := builder.Build(t.Context(), tofudl.Version(version), release); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tamper == nil {
			release.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		release.ServeHTTP(recorded, r)
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(tamper(r.URL.Path, recorded.Body.Bytes()))
	}))
	t.Cleanup(server.Close)
	return []tofudl.ConfigOpt{
		tofudl.ConfigGPGKey(public), tofudl.ConfigAPIURL(server.URL + "/api.json"),
		tofudl.ConfigDownloadMirrorURLTemplate(server.URL + "/v{{ .Version }}/{{ .Artifact }}"),
	}
}

func TestOpenTofu(t *testing.T) {
	options := mirror(t, download.OpenTofuVersion, nil)
	dir := filepath.Join(t.TempDir(), "tools", "bin")
	for _, run := range []string{"into a directory that is not there yet", "over an older file"} {
		path, err := download.OpenTofu(t.Context(), dir, options...)
		if err != nil {
			t.Fatalf("%s: %v", run, err)
		}
		if filepath.Dir(path) != dir {
			t.Errorf("%s: it is at %s, want it in %s", run, path, dir)
		}
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(text, program) {
			t.Errorf("%s: it is %q (%v), want what the mirror served", run, text, err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("%s: it cannot be run: %v, %v", run, info.Mode(), err)
		}
		nothingBut(t, dir, filepath.Base(path))
		if err := os.WriteFile(path, []byte("an older OpenTofu"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// nothingBut demands that a directory holds these files alone.
func nothingBut(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	if got, want := strings.Join(found, " "), strings.Join(names, " "); got != want {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

// TestOpenTofuRefuses is the specification of what is never installed.
func TestOpenTofuRefuses(t *testing.T) {
	tests := []struct {
		name    string
		options func(*testing.T) []tofudl.ConfigOpt
	}{
		{"an archive that was changed", func(t *testing.T) []tofudl.ConfigOpt {
			return mirror(t, download.OpenTofuVersion, func(path string, body []byte) []byte {
				if strings.HasSuffix(path, ".tar.gz") {
					return append(bytes.Clone(body), 0)
				}
				return body
			})
		}},
		{"checksums that were changed", func(t *testing.T) []tofudl.ConfigOpt {
			return mirror(t, download.OpenTofuVersion, func(path string, body []byte) []byte {
				if strings.HasSuffix(path, "SHA256SUMS") {
					return bytes.Replace(body, []byte("tofu_"), []byte("tofo_"), 1)
				}
				return body
			})
		}},
		{"a release that somebody else signed", func(t *testing.T) []tofudl.ConfigOpt {
			options, other := mirror(t, download.OpenTofuVersion, nil), mirror(t, download.OpenTofuVersion, nil)
			return append(options, other[0])
		}},
		{"another version", func(t *testing.T) []tofudl.ConfigOpt { return mirror(t, "1.9.0", nil) }},
		{"nothing, for nobody answers", func(t *testing.T) []tofudl.ConfigOpt {
			return []tofudl.ConfigOpt{tofudl.ConfigAPIURL("http://127.0.0.1:1/api.json")}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "bin")
			path, err := download.OpenTofu(t.Context(), dir, test.options(t)...)
			expect(t, err, "tools.download", "OpenTofu "+download.OpenTofuVersion+" cannot be downloaded")
			if path != "" {
				t.Errorf("it is said to be at %s", path)
			}
			nothingBut(t, dir)
		})
	}
}

// expect demands a finding that says what is wrong, why, and what to do.
func expect(t *testing.T, err error, code, summary string) {
	t.Helper()
	var d *diagnostic.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("error %v, want a finding", err)
	}
	if d.Code != code || d.Summary != summary || d.Why == "" || d.Todo == "" {
		t.Errorf("finding %q %q, why %q, to do %q; want %q %q with a reason and something to do", d.Code, d.Summary, d.Why, d.Todo, code, summary)
	}
}

func TestOpenTofuIntoAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := download.OpenTofu(t.Context(), file, mirror(t, download.OpenTofuVersion, nil)...)
	expect(t, err, "tools.unwritable", "OpenTofu cannot be written to "+file)
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("the file in the way holds %q (%v) now", text, err)
	}
}

func TestOpenTofuStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "bin")
	if _, err := download.OpenTofu(ctx, dir, mirror(t, download.OpenTofuVersion, nil)...); err == nil {
		t.Error("an interrupted download came to a good end")
	}
	nothingBut(t, dir)
}
