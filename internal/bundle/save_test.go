package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// TestSave: what is saved is what is published, the same bytes each time, and other tools can read it.
func TestSave(t *testing.T) {
	s := newServer(t)
	c := s.wanted(t)
	file := saved(t, c, SaveOptions{})
	a := opened(t, file)
	for i, image := range c.Images {
		published := must(remote.Head(must(name.ParseReference(image.Reference))(t)))(t)
		if got := a.Manifest.Images[i]; got.Digest != published.Digest.String() || got.Source != image.Reference {
			t.Errorf("%s: saved as %+v, published as %s", image.Reference, got, published.Digest)
		}
	}
	if _, err := os.Stat(file + partsSuffix); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what the bundle came together from stays: %v", err)
	}
	t.Run("again, the same bytes", func(t *testing.T) { same(t, file, saved(t, c, SaveOptions{})) })
	t.Run("unpacked it is an OCI image layout", func(t *testing.T) {
		dir := t.TempDir()
		for _, f := range a.Manifest.Files {
			path := filepath.Join(dir, filepath.FromSlash(f.Path))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, must(a.read(f.Path))(t), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		index := must(layout.ImageIndexFromPath(dir))(t)
		list := must(index.IndexManifest())(t)
		if len(list.Manifests) != 3 {
			t.Fatalf("the layout names %d artifacts", len(list.Manifests))
		}
		two := must(index.ImageIndex(list.Manifests[0].Digest))(t)
		if err := validate.Index(two); err != nil {
			t.Error(err)
		}
	})
	t.Run("the image of one platform alone", func(t *testing.T) {
		one := opened(t, saved(t, c, SaveOptions{Platform: "linux/arm64"}))
		two := must(remote.Index(must(name.ParseReference(c.Images[0].Reference))(t)))(t)
		want := must(two.IndexManifest())(t).Manifests[1].Digest.String()
		if got := one.Manifest.Images[0].Digest; got != want || len(one.Manifest.Files) >= len(a.Manifest.Files) {
			t.Errorf("got %s of %d files, want %s", got, len(one.Manifest.Files), want)
		}
	})
	t.Run("a platform that an image is not made for", func(t *testing.T) {
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b"), Platform: "windows/amd64"})
		said(t, err, "bundle.registry", "coder/coder:v2.35.1 cannot be fetched", "run it again")
	})
	t.Run("no platform at all", func(t *testing.T) {
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b"), Platform: "arm"})
		said(t, err, "usage", "arm is no platform", "linux/arm64")
	})
}

// TestUnfit: what a bundle cannot hold is said before anything is fetched.
func TestUnfit(t *testing.T) {
	for _, test := range []struct {
		name                string
		given               Contents
		code, summary, todo string
	}{
		{"an image without a tag", Contents{Images: []Image{{Reference: "ghcr.io/coder/coder"}}},
			"bundle.reference", "ghcr.io/coder/coder has neither a fixed tag nor a digest", "ghcr.io/coder/coder:1.2.3"},
		{"an image of the tag latest", Contents{Images: []Image{{Reference: "ghcr.io/coder/coder:latest"}}},
			"bundle.reference", "neither a fixed tag nor a digest", "name a version"},
		{"no image", Contents{Images: []Image{{Reference: "ghcr.io/Coder:1"}}},
			"bundle.reference", "is no container image", "ghcr.io/coder/coder:v"},
		{"a chart that is not at hand", Contents{Charts: []Chart{{Name: "coder", Version: "1.0.0", Repository: "https://h", Missing: "offline"}}},
			"bundle.chart_missing", "the chart coder 1.0.0 of https://h is not at hand", "CODERAWS_CHARTS"},
		{"two charts of one name and version", Contents{Charts: []Chart{
			{Name: "coder", Version: "1.0.0", Repository: "https://a", Archive: []byte("a")},
			{Name: "coder", Version: "1.0.0", Repository: "https://b", Archive: []byte("b")}}},
			"bundle.two_charts", "two charts coder 1.0.0, of https://a and of https://b", "another version"},
		{"a module of a registry", Contents{Modules: []Module{{Source: "registry.coder.com/coder/git/coder", Places: []string{"main.tf:3"}}}},
			"bundle.module", "registry.coder.com/coder/git/coder comes from elsewhere", "copy the module"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Save(t.Context(), &test.given, SaveOptions{File: filepath.Join(t.TempDir(), "b")})
			said(t, err, test.code, test.summary, test.todo)
		})
	}
	t.Run("two images that one registry could not tell apart", func(t *testing.T) {
		one, other := newServer(t), newServer(t)
		one.publish(t, "a/b:1", image(t, 1))
		other.publish(t, "a/b:1", image(t, 2))
		c := &Contents{Images: []Image{{Reference: one.host + "/a/b:1"}, {Reference: other.host + "/a/b:1"}}}
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b")})
		said(t, err, "bundle.two_images", "would have one name", "another tag")
	})
}

// TestFailureAfterTheEnd: what is whole and right is kept, whatever its source says after the last byte.
func TestFailureAfterTheEnd(t *testing.T) {
	sum := sha256.Sum256([]byte("whole"))
	f := File{Path: "f", Size: 5, SHA256: hex.EncodeToString(sum[:])}
	reset := errors.New("connection reset by peer")
	for content, want := range map[string]string{"whole": "", "whol": "broken off", "other": "differs", "whole and more": "differs"} {
		s := store{t.TempDir()}
		err := s.once(f, func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(content), iotest.ErrReader(reset))), nil
		})
		var broken *brokenError
		var differs *digestError
		got := map[bool]string{errors.As(err, &broken): "broken off", errors.As(err, &differs): "differs"}[true]
		if got != want || (err == nil) != (want == "") || s.has(f.Path, f.Size) != (want == "") {
			t.Errorf("%s: %v", content, err)
		}
	}
}

// cutting ends an answer after some bytes, as a connection does that breaks.
type cutting struct {
	http.ResponseWriter
	left *int
}

func (c *cutting) Write(p []byte) (int, error) {
	n := min(len(p), *c.left)
	if n > 0 {
		_, _ = c.ResponseWriter.Write(p[:n]) // what follows is the end in any case
	}
	if *c.left -= n; *c.left <= 0 {
		_ = http.NewResponseController(c.ResponseWriter).Flush() // what follows is the end in any case
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

// isBlob reports whether a request is for a layer or a configuration.
func isBlob(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/")
}

// TestRegistriesThatMisbehave: nothing that a registry does gets something wrong into a bundle, or leaves a part of one.
func TestRegistriesThatMisbehave(t *testing.T) {
	for _, test := range []struct {
		name                string
		before              func(w http.ResponseWriter, r *http.Request) bool
		wrap                func(w http.ResponseWriter, r *http.Request) http.ResponseWriter
		code, summary, todo string
	}{
		{"breaks off in the midst of each layer", nil, func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
			if left := 1000; isBlob(r) {
				return &cutting{w, &left}
			}
			return w
		}, "bundle.broken_off", "broke off in the midst of", "what was fetched is kept"},
		{"sends another layer than the digest says", func(w http.ResponseWriter, r *http.Request) bool {
			if isBlob(r) {
				answer := httptest.NewRecorder()
				answer.Body = bytes.NewBuffer(bytes.Repeat([]byte("x"), 1<<20))
				_, _ = io.Copy(w, answer.Body) // who asks stops to read
			}
			return isBlob(r)
		}, nil, "bundle.digest", "sent something else than", "do not use it"},
		{"wants a sign-in", func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("WWW-Authenticate", `Basic realm="here"`)
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}, nil, "bundle.sign_in", "wants a sign-in for", "docker login"},
		{"has no such image", func(w http.ResponseWriter, r *http.Request) bool {
			missing := strings.Contains(r.URL.Path, "/manifests/")
			if missing {
				w.WriteHeader(http.StatusNotFound)
			}
			return missing
		}, nil, "bundle.no_image", "there is no image", "compare the version"},
		{"answers with no manifest", func(w http.ResponseWriter, r *http.Request) bool {
			manifest := strings.Contains(r.URL.Path, "/manifests/")
			if manifest {
				_, _ = io.WriteString(w, "<html>Sign in to the hotel</html>") // who asks reads it
			}
			return manifest
		}, nil, "bundle.registry", "cannot be fetched", "let this machine reach"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			c := s.wanted(t)
			s.behave(test.before, test.wrap)
			file := filepath.Join(t.TempDir(), "bundle.tar")
			_, err := Save(t.Context(), c, SaveOptions{File: file})
			said(t, err, test.code, test.summary, test.todo)
			if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("there is a bundle: %v", err)
			}
			s.behave(nil, nil)
			same(t, saved(t, c, SaveOptions{File: file}), saved(t, c, SaveOptions{}))
		})
	}
	t.Run("a layer that breaks off twice is fetched the third time", func(t *testing.T) {
		s := newServer(t)
		c := s.wanted(t)
		cuts := 0
		s.behave(nil, func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
			if left := 1000; isBlob(r) && cuts < 2 {
				cuts++
				return &cutting{w, &left}
			}
			return w
		})
		opened(t, saved(t, c, SaveOptions{}))
		if cuts != 2 {
			t.Errorf("it broke off %d times", cuts)
		}
	})
	t.Run("an image by its digest, and another one comes", func(t *testing.T) {
		s := newServer(t)
		digest := s.publish(t, "a/b:1", image(t, 1))
		s.publish(t, "a/b:2", image(t, 2))
		s.behave(func(_ http.ResponseWriter, r *http.Request) bool {
			r.URL.Path = strings.Replace(r.URL.Path, "/manifests/"+digest, "/manifests/2", 1)
			return false
		}, nil)
		c := &Contents{Images: []Image{{Reference: s.host + "/a/b:1@" + digest}}}
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b")})
		said(t, err, "bundle.digest", "sent something else than", "do not use it")
	})
	t.Run("an address that is not encrypted", func(t *testing.T) {
		asked := Registries{Transport: unreachableHost{}}
		c := &Contents{Images: []Image{{Reference: "10.0.0.7:5000/a/b:1"}}}
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b"), Registries: asked})
		said(t, err, "bundle.registry", "10.0.0.7:5000/a/b:1 cannot be fetched", "let this machine reach")
		if !strings.Contains(err.Error(), "10.0.0.7:5000 is not encrypted") {
			t.Errorf("it does not say why: %v", err)
		}
	})
}

// unreachableHost is a network in which nobody answers.
type unreachableHost struct{}

func (unreachableHost) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("no route to " + r.URL.Host)
}

// TestSignIn: credentials are used for their registry, and are in nothing that is written.
func TestSignIn(t *testing.T) {
	s := newServer(t)
	c := s.wanted(t)
	s.behave(func(w http.ResponseWriter, r *http.Request) bool {
		if user, password, _ := r.BasicAuth(); user == "anna" && password == "hunter2-hunter2" {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="here"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}, nil)
	keys := oneRegistry{s.host, &authn.Basic{Username: "anna", Password: "hunter2-hunter2"}}
	file := saved(t, c, SaveOptions{Registries: Registries{Keychain: keys}})
	text := must(os.ReadFile(file))(t)
	for _, secret := range []string{"hunter2", "YW5uYTpodW50ZXIyLWh1bnRlcjI="} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the bundle holds %q", secret)
		}
	}
	_, err := Save(t.Context(), c, SaveOptions{File: file, Registries: Registries{Keychain: oneRegistry{"elsewhere", keys.auth}}})
	said(t, err, "bundle.sign_in", "wants a sign-in", "docker login "+s.host)
}

// TestInterrupted: a save that is interrupted at 20 random points, one after the other, ends in the bundle of an undisturbed one, and
// fetches nothing again that it has.
func TestInterrupted(t *testing.T) {
	s := newServer(t)
	c := s.wanted(t)
	want := saved(t, c, SaveOptions{})
	clear(s.fetched)
	file := filepath.Join(t.TempDir(), "bundle.tar")
	random := rand.New(rand.NewSource(20))
	for interrupted := 0; interrupted < 20; {
		ctx, cancel := context.WithCancel(t.Context())
		// Somewhere in what is sent: between requests, within a manifest, within a layer.
		left := random.Intn(60_000)
		s.behave(nil, func(w http.ResponseWriter, _ *http.Request) http.ResponseWriter { return &counting{w, &left, cancel} })
		_, err := Save(ctx, c, SaveOptions{File: file})
		cancel()
		_, there := os.Stat(file)
		switch {
		case errors.Is(err, context.Canceled) && errors.Is(there, fs.ErrNotExist):
			interrupted++
		case err == nil: // little was left; the next ones begin anew
			same(t, want, file)
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			clear(s.fetched)
		default:
			t.Fatalf("after %d: %v, and the bundle: %v", interrupted, err, there)
		}
	}
	s.behave(nil, nil)
	same(t, want, saved(t, c, SaveOptions{File: file}))
	for digest, times := range s.fetched {
		if times > 1 {
			t.Errorf("%s was fetched whole %d times", digest, times)
		}
	}
}

// counting interrupts who asks after some bytes of answers.
type counting struct {
	http.ResponseWriter
	left      *int
	interrupt func()
}

func (c *counting) Write(p []byte) (int, error) {
	if *c.left -= len(p); *c.left <= 0 {
		c.interrupt()
		panic(http.ErrAbortHandler)
	}
	return c.ResponseWriter.Write(p)
}

// TestSince: a bundle for who has an earlier one leaves out what is in that.
func TestSince(t *testing.T) {
	s := newServer(t)
	c := s.wanted(t)
	earlier := opened(t, saved(t, c, SaveOptions{}))
	s.publish(t, "coder/envbuilder:1.3.0", image(t, 30))
	c.AddImage(s.host+"/coder/envbuilder:1.3.0", "templates/kubernetes/variables.tf:98")
	c.Sort()
	clear(s.fetched)
	later := opened(t, saved(t, c, SaveOptions{Since: earlier.Manifest}))
	if blobs := len(s.fetched); blobs != 4 {
		t.Errorf("%d blobs were fetched, want the three layers and the configuration of the new image", blobs)
	}
	there := newServer(t)
	t.Run("who lacks the earlier one is told", func(t *testing.T) {
		_, err := later.Push(t.Context(), there.targetOf(nil), quiet)
		said(t, err, "bundle.absent", "the bundle leaves out sha256:", "push the earlier bundle first")
	})
	t.Run("who may not look is not told that it is not there", func(t *testing.T) {
		refusing := newServer(t)
		refusing.behave(func(w http.ResponseWriter, r *http.Request) bool {
			if refuses := r.Method == http.MethodHead && strings.Contains(r.URL.Path, "/blobs/"); !refuses {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}, nil)
		_, err := later.Push(t.Context(), refusing.targetOf(nil), quiet)
		said(t, err, "bundle.target", "wants a sign-in, or refuses it", "docker login")
	})
	t.Run("who has it gets the rest", func(t *testing.T) {
		for _, a := range []*Archive{earlier, later} {
			if _, err := a.Push(t.Context(), there.targetOf(nil), quiet); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := later.Arrived(t.Context(), there.targetOf(nil), quiet); err != nil {
			t.Error(err)
		}
	})
}

// TestMirror: the mirror of providers is part of the bundle, and of its order.
func TestMirror(t *testing.T) {
	mirror := func(_ context.Context, dir string) error {
		path := filepath.Join(dir, "registry.terraform.io", "coder", "coder", "terraform-provider-coder_2.4.0_linux_amd64.zip")
		return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("a provider"), 0o600))
	}
	c := &Contents{}
	c.AddProvider("registry.terraform.io/coder/coder", "~> 2.4", "main.tf:9")
	a := opened(t, saved(t, c, SaveOptions{Mirror: mirror}))
	paths := []string{}
	for _, f := range a.rest() {
		paths = append(paths, f.Path)
	}
	want := []string{"providers/registry.terraform.io/coder/coder/terraform-provider-coder_2.4.0_linux_amd64.zip"}
	if !slices.Equal(paths, want) {
		t.Errorf("got %q, want %q", paths, want)
	}
	kept := memory{}
	pushed := must(a.Push(t.Context(), newServer(t).targetOf(kept), quiet))(t)
	if len(kept) != 1 || pushed.Objects != "memory" || pushed.Left != 0 {
		t.Errorf("got %v and %+v", kept, pushed)
	}
	t.Run("a target without a place for it says how much is left", func(t *testing.T) {
		if pushed := must(a.Push(t.Context(), newServer(t).targetOf(nil), quiet))(t); pushed.Left != 1 {
			t.Errorf("%d files are left", pushed.Left)
		}
	})
	t.Run("what nobody looks at is not said to have arrived", func(t *testing.T) {
		there := newServer(t)
		must(a.Push(t.Context(), there.targetOf(nil), quiet))(t)
		if unseen := must(a.Arrived(t.Context(), there.targetOf(nil), quiet))(t); unseen != 1 {
			t.Errorf("%d files are unseen", unseen)
		}
		if unseen := must(a.Arrived(t.Context(), there.targetOf(kept), quiet))(t); unseen != 0 {
			t.Errorf("%d files are unseen", unseen)
		}
	})
	t.Run("a mirror that fails ends the save", func(t *testing.T) {
		_, err := Save(t.Context(), c, SaveOptions{File: filepath.Join(t.TempDir(), "b"),
			Mirror: func(context.Context, string) error { return errors.New("no registry") }})
		if err == nil || err.Error() != "no registry" {
			t.Errorf("got %v", err)
		}
	})
}
