package rehearsal

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// repository serves one chart as a Helm repository does, and counts how often it is asked. packed is the chart that it serves.
func repository(t *testing.T, asked *int) (server *httptest.Server, packed []byte) {
	t.Helper()
	var archive bytes.Buffer
	compressed := gzip.NewWriter(&archive)
	files := tar.NewWriter(compressed)
	text := "apiVersion: v2\nname: web\nversion: 1.2.3\n"
	if err := files.WriteHeader(&tar.Header{Name: "web/Chart.yaml", Mode: 0o644, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		switch r.URL.Path {
		case "/index.yaml":
			_, _ = fmt.Fprint(w, "apiVersion: v1\nentries:\n  web:\n  - {apiVersion: v2, name: web, version: 1.2.3, urls: [web-1.2.3.tgz]}\n")
		case "/web-1.2.3.tgz":
			_, _ = w.Write(archive.Bytes())
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server, archive.Bytes()
}

// installing is a plan that makes releases of these charts of a repository, and one of a chart that is a file.
func installing(repository string, charts ...string) []Preview {
	release := func(name string, after map[string]any) *tfjson.ResourceChange {
		return &tfjson.ResourceChange{Address: "helm_release." + name, Mode: tfjson.ManagedResourceMode, Type: lifecycle.ReleaseType, Name: name,
			Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}, After: after}}
	}
	changes := []*tfjson.ResourceChange{release("own", map[string]any{"chart": "../charts/own", "repository": nil})}
	for i, chart := range charts {
		changes = append(changes, release(fmt.Sprint("other", i), map[string]any{"chart": chart, "repository": repository, "version": "1.2.3"}))
	}
	return []Preview{{Plan: plan.Read(&tfjson.Plan{ResourceChanges: changes})}}
}

func TestFetchCharts(t *testing.T) {
	asked := 0
	server, packed := repository(t, &asked)
	where := sandbox.Charts{Cache: t.TempDir()}
	web := Fetched{Repository: server.URL, Chart: "web", Version: "1.2.3", Archive: packed,
		Metadata: []byte(`{"name":"web","version":"1.2.3","apiVersion":"v2"}`)}

	// Two releases of one chart, and one whose chart is a file, need one chart.
	got, err := FetchCharts(t.Context(), where, installing(server.URL, "web", "web"))
	if diff := cmp.Diff([]Fetched{web}, got); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	before := asked

	// What was fetched once is at hand from then on, without a network.
	where.Offline = true
	got, err = FetchCharts(t.Context(), where, installing(server.URL, "web"))
	if diff := cmp.Diff([]Fetched{web}, got); err != nil || diff != "" || asked != before {
		t.Errorf("%v, asked %d times (-want +got):\n%s", err, asked-before, diff)
	}

	// What cannot be fetched is said.
	where.Cache = t.TempDir()
	missing := web
	missing.Missing, missing.Archive, missing.Metadata = "nothing is fetched offline", nil, nil
	got, err = FetchCharts(t.Context(), where, installing(server.URL, "web"))
	if diff := cmp.Diff([]Fetched{missing}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}

	// A chart that the repository does not have is an error, as it will be for Helm.
	where.Offline = false
	if _, err := FetchCharts(t.Context(), where, installing(server.URL, "wep")); err == nil {
		t.Error("a chart that does not exist was fetched")
	}
}
