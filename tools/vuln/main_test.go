package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is a vulnerability of strings.ToUpper that every Go has.
const entry = `{"schema_version": "1.3.1", "id": "GO-2026-0001", "modified": "2026-11-22T12:00:00Z", "published": "2026-11-22T12:00:00Z",
"summary": "Letters grow without bound", "details": "They do.",
"affected": [{"package": {"name": "stdlib", "ecosystem": "Go"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
"ecosystem_specific": {"imports": [{"path": "strings", "symbols": ["ToUpper"]}]}}],
"database_specific": {"url": "https://pkg.go.dev/vuln/GO-2026-0001"}}`

// serveDatabase serves a database with that one entry, on the loopback interface.
func serveDatabase(t *testing.T) string {
	t.Helper()
	files := map[string]string{
		"/index/db.json.gz":        `{"modified": "2026-11-22T12:00:00Z"}`,
		"/index/modules.json.gz":   `[{"path": "stdlib", "vulns": [{"id": "GO-2026-0001", "modified": "2026-11-22T12:00:00Z"}]}]`,
		"/index/vulns.json.gz":     `[{"id": "GO-2026-0001", "modified": "2026-11-22T12:00:00Z"}]`,
		"/ID/GO-2026-0001.json.gz": entry,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, found := files[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, text)
		_ = packed.Close()
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestRun is the specification of the exit status.
func TestRun(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	empty := httptest.NewServer(http.NotFoundHandler())
	defer empty.Close()
	program := os.Getenv("CODERAWS_GOVULNCHECK")
	for _, test := range []struct {
		name, database, call string
		status               int
		says                 string
	}{
		{"something is known", serveDatabase(t), `strings.ToUpper("a")`, 3, "GO-2026-0001"},
		{"nothing is known", serveDatabase(t), `strings.ToLower("a")`, 0, "No vulnerabilities found"},
		{"no database answers", gone.URL, `strings.ToUpper("a")`, 4, "NOT PROVEN: the database of known vulnerabilities " + gone.URL},
		{"what answers is no database", empty.URL, `strings.ToUpper("a")`, 4, "it answers 404 Not Found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if program == "" && test.status != exitUnreachable {
				t.Skip("make vuln builds govulncheck, and names it in CODERAWS_GOVULNCHECK")
			}
			dir := t.TempDir()
			for name, text := range map[string]string{
				"go.mod":  "module example.com/app\n\ngo 1.26\n",
				"main.go": "package main\n\nimport \"strings\"\n\nfunc main() { println(" + test.call + ") }\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var said bytes.Buffer
			environ := append(os.Environ(), variable+"="+test.database, "GOFLAGS=-mod=mod", "GOPROXY=off")
			if status := run(t.Context(), []string{program, "-C", dir, "./..."}, environ, &said, &said); status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if !strings.Contains(said.String(), test.says) {
				t.Errorf("it says %s\nand not %q", &said, test.says)
			}
		})
	}
}
