package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"helm.sh/helm/v4/pkg/registry"
)

// registryServer serves versions of the chart charts/app as an OCI registry does: tags, manifests and blobs. Source: OCI
// Distribution Specification 1.1 and Helm's media types.
func registryServer(t *testing.T, versions ...string) (host string, asked *[]string) {
	t.Helper()
	answers, kinds, asked := map[string][]byte{}, map[string]string{}, new([]string)
	blob := func(kind string, data []byte) map[string]any {
		sum := sha256.Sum256(data)
		digest := "sha256:" + hex.EncodeToString(sum[:])
		answers["/v2/charts/app/blobs/"+digest] = data
		return map[string]any{"mediaType": kind, "digest": digest, "size": len(data)}
	}
	for _, version := range versions {
		manifest, err := json.Marshal(map[string]any{
			"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
			"config": blob(registry.ConfigMediaType, fmt.Appendf(nil, `{"name":"app","version":%q,"apiVersion":"v2"}`, version)),
			"layers": []any{blob(registry.ChartLayerMediaType, archived(t, named("app", version)))},
		})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(manifest)
		for _, reference := range []string{version, "sha256:" + hex.EncodeToString(sum[:])} {
			name := "/v2/charts/app/manifests/" + reference
			answers[name], kinds[name] = manifest, "application/vnd.oci.image.manifest.v1+json"
		}
	}
	tags, err := json.Marshal(map[string]any{"name": "charts/app", "tags": versions})
	if err != nil {
		t.Fatal(err)
	}
	answers["/v2/charts/app/tags/list"] = tags
	// Helm's client asks for what belongs together at the same time.
	var one sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		*asked = append(*asked, r.URL.Path)
		body, ok := answers[r.URL.Path]
		switch {
		case strings.HasPrefix(r.URL.Path, "/v2/private/"):
			w.WriteHeader(http.StatusForbidden)
			return
		case !ok:
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if kind := kinds[r.URL.Path]; kind != "" {
			sum := sha256.Sum256(body)
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Docker-Content-Digest", "sha256:"+hex.EncodeToString(sum[:]))
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body)
		}
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), asked
}

func TestFindInRegistry(t *testing.T) {
	// Helm's client would read the credentials of whoever runs the tests.
	t.Setenv("HELM_CONFIG_HOME", t.TempDir())
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	for _, tt := range []struct{ name, repository, chart, version, want, err string }{
		{"an exact version", "oci://HOST/charts", "app", "1.0.0", "1.0.0", ""},
		{"a constraint", "oci://HOST/charts/", "app", "~1", "1.1.0", ""},
		{"no version", "oci://HOST/charts", "app", "", "2.0.0", ""},
		{"an address", "", "oci://HOST/charts/app", "1.1.0", "1.1.0", ""},
		{"a version that is not there", "oci://HOST/charts", "app", "1.2.0", "",
			`oci://HOST/charts/app has no version "1.2.0" of the chart app; it has 1.1.0, 1.0.0, 2.0.0`},
		{"a constraint that nothing meets", "oci://HOST/charts", "app", "~3", "",
			`oci://HOST/charts/app has no version "~3" of the chart app; it has 2.0.0, 1.1.0, 1.0.0`},
		{"a chart that is not there", "oci://HOST/charts", "other", "1.0.0", "", "there is no chart other at oci://HOST/charts/other"},
		{"a registry that refuses", "oci://HOST/private", "app", "1.0.0", "",
			"sign in with `helm registry login HOST`, if the chart is there at all"},
		{"no path", "", "oci://HOST", "1.0.0", "", "oci://HOST names no chart of a registry: write oci://registry/path/chart"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, asked := registryServer(t, "1.0.0", "2.0.0", "1.1.0")
			with := func(text string) string { return strings.ReplaceAll(text, "HOST", host) }
			finder := &Finder{Cache: t.TempDir()}
			reference := Reference{Repository: with(tt.repository), Chart: with(tt.chart), Version: tt.version}
			c, err := finder.Find(t.Context(), reference)
			if err != nil {
				if tt.err == "" || !strings.Contains(err.Error(), with(tt.err)) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if tt.err != "" || c.Version() != tt.want {
				t.Fatalf("found %s, want %s %s", c.Version(), tt.want, tt.err)
			}
			// The exact version is in the cache now, for another run.
			*asked = nil
			reference.Version = tt.want
			if _, err := (&Finder{Cache: finder.Cache}).Find(t.Context(), reference); err != nil || len(*asked) > 0 {
				t.Errorf("asked for %v, error %v", slices.Compact(*asked), err)
			}
		})
	}
}
