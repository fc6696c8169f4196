package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// server is a real registry on loopback, which a test can make misbehave.
type server struct {
	*httptest.Server
	// host is its name in references.
	host string

	mu sync.Mutex
	// before is asked before each request; true means that it has answered.
	before func(w http.ResponseWriter, r *http.Request) bool
	// wrap may put something between the registry and its answer.
	wrap func(w http.ResponseWriter, r *http.Request) http.ResponseWriter
	// fetched counts whole answers to a GET of a blob, by digest.
	fetched map[string]int
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{fetched: map[string]int{}}
	next := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		before, wrap := s.before, s.wrap
		s.mu.Unlock()
		if before != nil && before(w, r) {
			return
		}
		if wrap != nil {
			w = wrap(w, r)
		}
		next.ServeHTTP(w, r)
		if _, digest, is := strings.Cut(r.URL.Path, "/blobs/sha256:"); is && r.Method == http.MethodGet {
			s.mu.Lock()
			s.fetched[digest]++
			s.mu.Unlock()
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // broken connections are the point of some tests
	t.Cleanup(s.Close)
	s.host = strings.TrimPrefix(s.URL, "http://")
	return s
}

// behave changes what the registry does.
func (s *server) behave(before func(http.ResponseWriter, *http.Request) bool,
	wrap func(http.ResponseWriter, *http.Request) http.ResponseWriter,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.wrap = before, wrap
}

// image makes an image of some layers, the same for the same seed.
func image(t *testing.T, seed int64) v1.Image {
	t.Helper()
	return imageFor(t, seed, "amd64")
}

func imageFor(t *testing.T, seed int64, architecture string) v1.Image {
	t.Helper()
	made := must(random.Image(20_000, 3, random.WithSource(rand.NewSource(seed))))(t)
	config := must(made.ConfigFile())(t).DeepCopy()
	config.OS, config.Architecture = "linux", architecture
	return must(mutate.ConfigFile(made, config))(t)
}

// index makes an image for two platforms.
func index(t *testing.T, seed int64) v1.ImageIndex {
	t.Helper()
	var made v1.ImageIndex = empty.Index
	for i, architecture := range []string{"amd64", "arm64"} {
		made = mutate.AppendManifests(made, mutate.IndexAddendum{Add: imageFor(t, seed+int64(i), architecture),
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: architecture}}})
	}
	return made
}

// publish puts an image into a registry, and returns its digest.
func (s *server) publish(t *testing.T, reference string, what remote.Taggable) string {
	t.Helper()
	ref := must(name.ParseReference(s.host + "/" + reference))(t)
	if err := remote.Push(ref, what); err != nil {
		t.Fatal(err)
	}
	return must(remote.Head(ref))(t).Digest.String()
}

// wanted publishes two images, one for two platforms, and returns what a deployment wants of them, with a chart.
func (s *server) wanted(t *testing.T) *Contents {
	t.Helper()
	s.publish(t, "coder/coder:v2.35.1", index(t, 1))
	s.publish(t, "docker/library/postgres:17.6", image(t, 7))
	c := &Contents{Charts: []Chart{chartOf("coder", "2.35.1+build")}}
	c.AddImage(s.host+"/coder/coder:v2.35.1", "release coder in us-east-1")
	c.AddImage(s.host+"/docker/library/postgres:17.6", "release foundation in us-east-1")
	c.Sort()
	return c
}

// chartOf is a chart as it was fetched; what is in it is Helm's concern.
func chartOf(name, version string) Chart {
	metadata, _ := json.Marshal(map[string]string{"apiVersion": "v2", "name": name, "version": version}) // texts alone
	return Chart{Name: name, Version: version, Repository: "https://helm.example.com", Places: []string{"release " + name},
		Archive: []byte("packed " + name + " " + version), Metadata: metadata}
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// saved saves contents into a fresh file.
func saved(t *testing.T, c *Contents, o SaveOptions) string {
	t.Helper()
	if o.File == "" {
		o.File = filepath.Join(t.TempDir(), "bundle.tar")
	}
	if _, err := Save(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
	return o.File
}

// opened opens a bundle that is right.
func opened(t *testing.T, file string) *Archive {
	t.Helper()
	a := must(Open(file))(t)
	t.Cleanup(func() { _ = a.Close() }) // it was only read
	if err := a.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

// said demands an error with a code, a summary and what to do.
func said(t *testing.T, err error, code, summary, todo string) {
	t.Helper()
	var d *diagnostic.Diagnostic
	if list := diagnostic.From(err); len(list) > 0 {
		d = list[0]
	}
	if d == nil || d.Code != code || !strings.Contains(d.Summary, summary) || !strings.Contains(d.Todo, todo) {
		t.Errorf("got %+v\nwant code %s, summary %q, todo %q", d, code, summary, todo)
	}
}

// targetOf is a registry as a target, with a place for objects.
func (s *server) targetOf(o Objects) *Target {
	return &Target{Registry: s.host, Prefix: "coder", Objects: o}
}

func quiet(string) {}

// memory keeps objects in memory.
type memory map[string]File

func (m memory) Put(_ context.Context, f File, content io.ReadSeeker) error {
	text, err := io.ReadAll(content)
	if err != nil || int64(len(text)) != f.Size {
		return errors.Join(err, errors.New("the content has another size"))
	}
	m[f.Path] = f
	return nil
}

func (m memory) Check(_ context.Context, f File) error {
	if m[f.Path].SHA256 != f.SHA256 {
		return errors.New("it is not there")
	}
	return nil
}

func (m memory) String() string { return "memory" }

// same demands that two files have the same bytes.
func same(t *testing.T, one, other string) {
	t.Helper()
	if !bytes.Equal(must(os.ReadFile(one))(t), must(os.ReadFile(other))(t)) {
		t.Errorf("%s and %s differ", one, other)
	}
}
