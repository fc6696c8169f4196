package chart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// repository serves charts as a chart repository does, and counts what is asked of it.
type repository struct {
	*httptest.Server
	asked []string
	// answers are bodies by path; index.yaml is made of them unless it is there.
	answers map[string][]byte
	// status is what every path answers; 0 for what is there.
	status int
}

// serve starts a repository that has the app in some versions, and one that breaks its index' promise.
func serve(t *testing.T) *repository {
	t.Helper()
	r := &repository{answers: map[string][]byte{}}
	index := "apiVersion: v1\nentries:\n  app:\n"
	for _, version := range []string{"1.0.0", "1.1.0", "1.2.3", "2.0.0", "2.1.0-rc.1"} {
		data := archived(t, named("app", version))
		name := "/charts/app-" + version + ".tgz"
		r.answers[name] = data
		digest := sha256.Sum256(data)
		index += fmt.Sprintf("  - {name: app, version: %s, digest: %s, urls: [\"%s\"]}\n", version,
			hex.EncodeToString(digest[:]), strings.TrimPrefix(name, "/"))
	}
	r.answers["/charts/other.tgz"] = archived(t, named("other", "1.0.0"))
	index += `  forged:
  - {name: forged, version: 1.0.0, digest: "0000", urls: [charts/other.tgz]}
  other-name:
  - {name: other-name, version: 1.0.0, urls: [charts/other.tgz]}
  gone:
  - {name: gone, version: 1.0.0, urls: [charts/gone.tgz]}
  nowhere:
  - {name: nowhere, version: 1.0.0}
  plain:
  - {name: plain, version: 1.0.0, urls: ["http://charts.example.com/plain-1.0.0.tgz"]}
  huge:
  - {name: huge, version: 1.0.0, urls: [charts/huge.tgz]}
`
	r.answers["/charts/huge.tgz"] = make([]byte, maxArchive+1)
	r.answers["/index.yaml"] = []byte(index)
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.asked = append(r.asked, request.URL.Path)
		body, ok := r.answers[request.URL.Path]
		switch {
		case r.status != 0:
			w.WriteHeader(r.status)
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(body)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func TestFindInRepository(t *testing.T) {
	for _, tt := range []struct{ name, chart, version, want, err string }{
		{"an exact version", "app", "1.1.0", "1.1.0", ""},
		{"an exact version with a v", "app", "v1.1.0", "1.1.0", ""},
		{"a constraint", "app", "~1.0", "1.0.0", ""},
		{"the newest that a constraint allows", "app", ">=1.0.0 <2.0.0", "1.2.3", ""},
		{"no version: the newest that is stable", "app", "", "2.0.0", ""},
		{"a release candidate, if asked for", "app", "2.1.0-rc.1", "2.1.0-rc.1", ""},
		{"a version that is not there", "app", "1.2.0", "",
			`HOST has no version "1.2.0" of the chart app; it has 1.2.3, 1.1.0, 1.0.0, 2.1.0-rc.1`},
		{"a constraint that nothing meets", "app", "~3.0", "",
			`HOST has no version "~3.0" of the chart app; it has 2.1.0-rc.1, 2.0.0, 1.2.3, 1.1.0`},
		{"a version that is none", "app", "latest", "",
			`chart app latest of HOST: "latest" is neither a version nor a constraint, such as "2.27.0" or "~2.27.0"`},
		{"a name that is misspelt", "othr-name", "1.0.0", "", "HOST has no chart othr-name; it has other-name"},
		{"a name that is like none", "zzz", "1.0.0", "", "there is no chart zzz at HOST"},
		{"an archive that is not what the index says", "forged", "1.0.0", "", "HOST/charts/other.tgz is no chart forged: its digest is sha256:"},
		{"an archive of another chart", "other-name", "1.0.0", "",
			"HOST/charts/other.tgz is no chart other-name: its Chart.yaml has the name other"},
		{"an archive that is gone", "gone", "1.0.0", "", "there is no chart gone at HOST/charts/gone.tgz"},
		{"an archive without an address", "nowhere", "1.0.0", "", "HOST is no chart nowhere: its index has no address for this version"},
		{"an archive that anybody could send", "plain", "1.0.0", "",
			"is not encrypted, so that anybody on the way could send another chart: write https://…"},
		{"an archive that is too large", "huge", "1.0.0", "",
			"HOST/charts/huge.tgz is no chart huge: HOST/charts/huge.tgz: the answer is larger than is allowed: 20 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := serve(t)
			c, err := (&Finder{}).Find(t.Context(), Reference{Repository: server.URL, Chart: tt.chart, Version: tt.version})
			if err != nil {
				if text := strings.ReplaceAll(err.Error(), server.URL, "HOST"); tt.err == "" || !strings.Contains(text, tt.err) {
					t.Errorf("error %q, want %q", text, tt.err)
				}
				return
			}
			if tt.err != "" || c.Version() != tt.want || c.AppVersion() != "7" {
				t.Errorf("found %s %s of %s, want %s %s", c.Name(), c.Version(), c.AppVersion(), tt.want, tt.err)
			}
		})
	}
}

// TestFindTellsWhatIsWrong: whether a rehearsal goes on without a chart depends on the type of the error.
func TestFindTellsWhatIsWrong(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, tt := range []struct {
		name      string
		reference func(*repository) Reference
		change    func(*repository)
		want      string
	}{
		{"nobody listens", func(*repository) Reference { return Reference{Repository: closed.URL, Chart: "app"} }, nil, "unavailable"},
		{"a registry where nobody listens", func(*repository) Reference {
			return Reference{Repository: strings.Replace(closed.URL, "http", "oci", 1), Chart: "app", Version: "1.0.0"}
		}, nil, "unavailable"},
		{"the server fails", nil, func(r *repository) { r.status = http.StatusBadGateway }, "unavailable"},
		{"the server wants credentials", nil, func(r *repository) { r.status = http.StatusUnauthorized }, "unavailable"},
		{"no repository", nil, func(r *repository) { delete(r.answers, "/index.yaml") }, "invalid"},
		{"a page in its place", nil, func(r *repository) { r.answers["/index.yaml"] = []byte("<html>sign in</html>") }, "invalid"},
		{"an archive that is none", nil, func(r *repository) { r.answers["/charts/app-2.0.0.tgz"] = []byte("no archive") }, "invalid"},
		{"no such version", func(r *repository) Reference {
			return Reference{Repository: r.URL, Chart: "app",
				Version: "9.9.9"}
		}, nil, "missing"},
		{"no such path", func(*repository) Reference { return Reference{Chart: "./nothing", Dir: "/nowhere"} }, nil, "missing"},
		{"an address that is not encrypted", func(*repository) Reference {
			return Reference{Repository: "http://charts.example.com", Chart: "app"}
		}, nil, "invalid"},
		{"a repository that is no address", func(*repository) Reference {
			return Reference{Repository: "bitnami",
				Chart: "app"}
		}, nil, "invalid"},
		{"no chart", func(*repository) Reference { return Reference{} }, nil, "invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := serve(t)
			if tt.change != nil {
				tt.change(server)
			}
			reference := Reference{Repository: server.URL, Chart: "app"}
			if tt.reference != nil {
				reference = tt.reference(server)
			}
			_, err := (&Finder{}).Find(t.Context(), reference)
			var unavailable *UnavailableError
			var missing *MissingError
			var invalid *InvalidError
			got := "nothing"
			switch {
			case errors.As(err, &unavailable):
				got = "unavailable"
			case errors.As(err, &missing):
				got = "missing"
			case errors.As(err, &invalid):
				got = "invalid"
			}
			if got != tt.want {
				t.Errorf("%v is %s, want %s", err, got, tt.want)
			}
		})
	}
}

func TestFindFollowsRedirectsToSecureAddressesAlone(t *testing.T) {
	server := serve(t)
	for _, tt := range []struct{ name, to, want string }{
		{"to another server on this machine", server.URL + "/index.yaml", ""},
		{"to a server on the way to which anybody listens", "http://charts.example.com/index.yaml", "is not encrypted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "index.yaml") {
					http.Redirect(w, r, tt.to, http.StatusFound)
					return
				}
				_, _ = w.Write(server.answers[r.URL.Path])
			}))
			defer front.Close()
			_, err := (&Finder{}).Find(t.Context(), Reference{Repository: front.URL, Chart: "app", Version: "1.0.0"})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestFindAsksOnce(t *testing.T) {
	t.Run("for an index and an archive", func(t *testing.T) {
		server, finder := serve(t), &Finder{}
		for range 2 {
			for _, version := range []string{"1.0.0", "1.1.0"} {
				if _, err := finder.Find(t.Context(), Reference{Repository: server.URL, Chart: "app", Version: version}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if diff := cmp.Diff([]string{"/index.yaml", "/charts/app-1.0.0.tgz", "/charts/app-1.1.0.tgz"}, server.asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
	})
	t.Run("a server that does not answer", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }()
		accepted := make(chan struct{}, 10)
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				accepted <- struct{}{}
				_ = connection.Close()
			}
		}()
		finder := &Finder{}
		for _, scheme := range []string{"http", "http", "oci"} {
			address := url.URL{Scheme: scheme, Host: listener.Addr().String(), Path: "/charts"}
			_, err := finder.Find(t.Context(), Reference{Repository: address.String(), Chart: "app", Version: "1.0.0"})
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) {
				t.Fatalf("error %v", err)
			}
		}
		if asked := len(accepted); asked != 1 {
			t.Errorf("it was asked %d times", asked)
		}
	})
	t.Run("unless the caller gave up", func(t *testing.T) {
		server, finder := serve(t), &Finder{}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		reference := Reference{Repository: server.URL, Chart: "app", Version: "1.0.0"}
		if _, err := finder.Find(ctx, reference); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if _, err := finder.Find(t.Context(), reference); err != nil {
			t.Error(err)
		}
	})
}

func TestFindKeepsWhatItFetched(t *testing.T) {
	server, cache := serve(t), t.TempDir()
	reference := Reference{Repository: server.URL, Chart: "app", Version: "1.1.0"}
	find := func() *Chart {
		t.Helper()
		c, err := (&Finder{Cache: filepath.Join(cache, "charts")}).Find(t.Context(), reference)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	find()
	kept, err := filepath.Glob(filepath.Join(cache, "charts", "*", "*"))
	if err != nil || len(kept) != 1 || filepath.Base(kept[0]) != "app-1.1.0.tgz" ||
		!strings.HasPrefix(filepath.Base(filepath.Dir(kept[0])), "127.0.0.1_") {
		t.Fatalf("the cache holds %v %v", kept, err)
	}
	server.asked = nil
	if c := find(); c.Version() != "1.1.0" || len(server.asked) > 0 {
		t.Errorf("found %s, and asked for %v although it is in the cache", c.Version(), server.asked)
	}
	if err := os.WriteFile(kept[0], []byte("half an arch"), 0o644); err != nil {
		t.Fatal(err)
	}
	if find(); len(server.asked) != 2 {
		t.Errorf("asked for %v although the archive in the cache is broken", server.asked)
	}
	server.asked = nil
	if find(); len(server.asked) > 0 {
		t.Errorf("asked for %v although it was fetched again", server.asked)
	}
	// A constraint needs the index, but not the archive.
	reference.Version = "~1.1"
	if find(); len(server.asked) != 1 {
		t.Errorf("asked for %v although the archive is in the cache", server.asked)
	}
	// Another repository is another chart.
	other := serve(t)
	reference = Reference{Repository: other.URL, Chart: "app", Version: "1.1.0"}
	if find(); len(other.asked) != 2 {
		t.Errorf("asked the other repository for %v", other.asked)
	}
}

func TestFindInDirectories(t *testing.T) {
	directory := t.TempDir()
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(directory, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(directory, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("app-1.0.0.tgz", archived(t, named("app", "1.0.0")))
	write("app-1.1.0.tgz", archived(t, named("app", "1.1.0")))
	write("app-2.0.0/Chart.yaml", []byte("apiVersion: v2\nname: app\nversion: 2.0.0\n"))
	write("app-server-9.0.0.tgz", archived(t, named("app-server", "9.0.0")))
	write("wrong-1.0.0.tgz", archived(t, named("app", "1.0.0")))
	write("broken-1.0.0.tgz", []byte("no archive"))
	for _, tt := range []struct {
		name      string
		reference Reference
		want, err string
	}{
		{"an exact version", Reference{Repository: "https://charts.example.com", Chart: "app", Version: "1.0.0"}, "1.0.0", ""},
		{"a constraint", Reference{Repository: "https://charts.example.com", Chart: "app", Version: "~1.0"}, "1.0.0", ""},
		{"the newest, which is a directory", Reference{Repository: "https://charts.example.com", Chart: "app"}, "2.0.0", ""},
		{"of a registry", Reference{Repository: "oci://registry.example.com/charts", Chart: "app", Version: "1.1.0"}, "1.1.0", ""},
		{"of an address", Reference{Chart: "oci://registry.example.com/charts/app", Version: "1.1.0"}, "1.1.0", ""},
		{"another chart under the name", Reference{Repository: "https://charts.example.com", Chart: "wrong",
			Version: "1.0.0"}, "", "wrong-1.0.0.tgz is no chart wrong: its Chart.yaml has the name app"},
		{"no archive", Reference{Repository: "https://charts.example.com", Chart: "broken", Version: "1.0.0"}, "",
			"broken-1.0.0.tgz is no chart broken: file 'broken-1.0.0.tgz' does not appear to be a gzipped archive"},
		{"a path", Reference{Chart: "./app-2.0.0", Dir: directory}, "2.0.0", ""},
		{"a path of an archive", Reference{Chart: filepath.Join(directory, "app-1.0.0.tgz"), Dir: "/elsewhere"}, "1.0.0", ""},
		{"a path with another version", Reference{Chart: "app-2.0.0", Version: "2.0.1", Dir: directory}, "",
			`has no version "2.0.1" of the chart app-2.0.0; it has 2.0.0`},
		{"a path that is no chart", Reference{Chart: ".", Dir: directory}, "", "Chart.yaml file is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := (&Finder{Directories: []string{filepath.Join(directory, "none"), directory}}).Find(t.Context(), tt.reference)
			if err != nil {
				if tt.err == "" || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if tt.err != "" || c.Version() != tt.want {
				t.Errorf("found %s of %s, want %s %s", c.Version(), c.Origin(), tt.want, tt.err)
			}
		})
	}
}

// TestFindLosesNoTimeOffline: where names do not resolve, a rehearsal goes on at once.
func TestFindLosesNoTimeOffline(t *testing.T) {
	refused := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "helm.coder.com", IsNotFound: true}
	})}
	begun := time.Now()
	for _, repository := range []string{"https://helm.coder.com/v2", "oci://helm.coder.com/v2"} {
		_, err := (&Finder{Client: refused}).Find(t.Context(), Reference{Repository: repository, Chart: "coder", Version: "2.35.1"})
		var unavailable *UnavailableError
		if !errors.As(err, &unavailable) || !strings.Contains(err.Error(), "there is no host helm.coder.com in DNS") ||
			!strings.HasPrefix(err.Error(), "chart coder 2.35.1 of "+repository+" could not be fetched: ") {
			t.Errorf("error %v", err)
		}
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestFindOffline: who wants no network is asked for none, and keeps what is at hand.
func TestFindOffline(t *testing.T) {
	asked := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s was asked", r.URL)
		return nil, errors.New("asked")
	})}
	for _, repository := range []string{"https://helm.coder.com/v2", "oci://helm.coder.com/v2"} {
		_, err := (&Finder{Client: asked, Offline: true}).Find(t.Context(), Reference{Repository: repository, Chart: "coder", Version: "2.35.1"})
		var unavailable *UnavailableError
		if !errors.As(err, &unavailable) || !strings.HasSuffix(err.Error(), "nothing is fetched offline") {
			t.Errorf("error %v", err)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }
