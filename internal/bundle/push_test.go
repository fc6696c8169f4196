package bundle

import (
	"context"
	"errors"
	"math/rand"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// TestPush: what arrives is what was saved, under the names that the settings expect.
func TestPush(t *testing.T) {
	s, there := newServer(t), newServer(t)
	a := opened(t, saved(t, s.wanted(t), SaveOptions{}))
	target := there.targetOf(nil)
	pushed := must(a.Push(t.Context(), target, quiet))(t)
	want := map[string]string{}
	for _, artifact := range a.Manifest.artifacts() {
		want[artifact.Key] = artifact.Digest
		found := must(remote.Head(must(name.ParseReference(there.host + "/coder/" + artifact.Repository + ":" + artifact.Tag))(t)))(t)
		if found.Digest.String() != artifact.Digest {
			t.Errorf("%s: there is %s, saved was %s", artifact.Key, found.Digest, artifact.Digest)
		}
	}
	if diff := cmp.Diff(want, pushed.Digests); diff != "" {
		t.Errorf("digests (-want +got):\n%s", diff)
	}
	if want["charts/coder:2.35.1_build"] == "" || want["coder/coder:v2.35.1"] == "" {
		t.Errorf("the settings would not find %v", want)
	}
	if _, err := a.Arrived(t.Context(), target, quiet); err != nil {
		t.Error(err)
	}
	t.Run("again, nothing is sent", func(t *testing.T) {
		sent := 0
		there.behave(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				sent++
			}
			return false
		}, nil)
		must(a.Push(t.Context(), target, quiet))(t)
		if sent > 0 {
			t.Errorf("%d requests send something", sent)
		}
	})
	t.Run("a tag that is another image stays what it is", func(t *testing.T) {
		taken := newServer(t)
		digest := taken.publish(t, "coder/coder/coder:v2.35.1", image(t, 99))
		_, err := a.Push(t.Context(), taken.targetOf(nil), quiet)
		said(t, err, "bundle.tag_taken", "coder/coder/coder:v2.35.1 is another image already", "find out which")
		if got := must(remote.Head(must(name.ParseReference(taken.host + "/coder/coder/coder:v2.35.1"))(t)))(t).Digest.String(); got != digest {
			t.Errorf("it is %s now", got)
		}
	})
	for _, test := range []struct {
		name                string
		status              int
		code, summary, todo string
	}{
		{"a registry that wants a sign-in", http.StatusUnauthorized, "bundle.target", "wants a sign-in", "docker login"},
		{"a registry without the repository", http.StatusNotFound, "bundle.target", "there is no repository", "make it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			refusing := newServer(t)
			refusing.behave(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/v2/" {
					return false
				}
				w.WriteHeader(test.status)
				return true
			}, nil)
			target := refusing.targetOf(nil)
			target.Missing = "make it"
			_, err := a.Push(t.Context(), target, quiet)
			said(t, err, test.code, test.summary, test.todo)
		})
	}
}

// TestPushInterrupted: a push that is interrupted at 20 random points ends as an undisturbed one.
func TestPushInterrupted(t *testing.T) {
	s, there := newServer(t), newServer(t)
	a := opened(t, saved(t, s.wanted(t), SaveOptions{}))
	random := rand.New(rand.NewSource(3))
	interrupted := 0
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		left := random.Intn(12)
		there.behave(func(w http.ResponseWriter, _ *http.Request) bool {
			if left--; left >= 0 {
				return false
			}
			cancel()
			panic(http.ErrAbortHandler)
		}, nil)
		_, err := a.Push(ctx, there.targetOf(nil), quiet)
		cancel()
		if errors.Is(err, context.Canceled) {
			interrupted++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if interrupted < 10 {
		t.Errorf("it was interrupted %d times alone", interrupted)
	}
	there.behave(nil, nil)
	must(a.Push(t.Context(), there.targetOf(nil), quiet))(t)
	if _, err := a.Arrived(t.Context(), there.targetOf(nil), quiet); err != nil {
		t.Error(err)
	}
}

// TestNotArrived: what is not there, or is something else, is named.
func TestNotArrived(t *testing.T) {
	s, there := newServer(t), newServer(t)
	a := opened(t, saved(t, s.wanted(t), SaveOptions{}))
	target := there.targetOf(memory{})
	said(t, arrived(t, a, target), "bundle.not_arrived", "coder/coder:v2.35.1 is not what was saved", "push the bundle again")
	must(a.Push(t.Context(), target, quiet))(t)
	there.behave(func(w http.ResponseWriter, r *http.Request) bool {
		if isBlob(r) {
			_, _ = w.Write(make([]byte, 1<<20)) // who asks stops to read
		}
		return isBlob(r)
	}, nil)
	_, err := a.Arrived(t.Context(), target, quiet)
	said(t, err, "bundle.not_arrived", "coder/coder:v2.35.1 is not what was saved of", "push the bundle again")
	there.behave(func(_ http.ResponseWriter, r *http.Request) bool {
		r.URL.Path = strings.Replace(r.URL.Path, "/coder/coder/coder/manifests/v2.35.1", "/coder/docker/library/postgres/manifests/17.6", 1)
		return false
	}, nil)
	_, err = a.Arrived(t.Context(), target, quiet)
	if err == nil || !strings.Contains(err.Error(), "and should be "+a.Manifest.Images[0].Digest) {
		t.Errorf("another image under the tag: %v", err)
	}
}

// TestSettings: what a push comes to is a setting that Terraform takes as it is.
func TestSettings(t *testing.T) {
	p := &Pushed{Registry: "123456789012.dkr.ecr.us-east-1.amazonaws.com", Prefix: "coder",
		Digests: map[string]string{"coder/coder:v2.35.1": "sha256:aa", "a/b:1": "sha256:bb"}}
	want := `images = {
  prefix = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coder"
  digests = {
    "a/b:1"               = "sha256:bb"
    "coder/coder:v2.35.1" = "sha256:aa"
  }
}
`
	if diff := cmp.Diff(want, p.Settings()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m := &Manifest{Images: []Artifact{{Key: "coder/coder:v2.35.1", Digest: "sha256:aa"}, {Key: "a/b:1", Digest: "sha256:bb"}}}
	want = strings.ReplaceAll(want, "  prefix = \"123456789012.dkr.ecr.us-east-1.amazonaws.com/coder\"\n", "")
	if diff := cmp.Diff(want, m.Settings()); diff != "" {
		t.Errorf("of what was saved (-want +got):\n%s", diff)
	}
}

// arrived is what is found wrong at a target.
func arrived(t *testing.T, a *Archive, target *Target) error {
	_, err := a.Arrived(t.Context(), target, quiet)
	return err
}
