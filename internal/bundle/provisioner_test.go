package bundle

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// mirrored writes what Terraform leaves in a mirror for a platform, with what it leaves of a download that it did not verify.
func mirrored(platform string) func(context.Context, string) error {
	return func(_ context.Context, dir string) error {
		at := filepath.Join(dir, "registry.terraform.io", "coder", "coder")
		if err := os.MkdirAll(at, 0o755); err != nil {
			return err
		}
		archive := "terraform-provider-coder_2.19.0_" + platform + ".zip"
		return errors.Join(
			os.WriteFile(filepath.Join(at, archive), []byte("a provider for "+platform), 0o600),
			os.WriteFile(filepath.Join(at, "."+archive), []byte("of nobody knows whom"), 0o600),
			os.WriteFile(filepath.Join(at, "index.json"), []byte("{}"), 0o600))
	}
}

// withProviders is what a deployment wants, with a provider.
func withProviders(t *testing.T, s *server) *Contents {
	t.Helper()
	c := s.wanted(t)
	c.AddProvider("registry.terraform.io/coder/coder", "~> 2.4", "templates/kubernetes/main.tf:8")
	return c
}

// provisionerKey finds what the settings call the image of provisioners.
func provisionerKey(t *testing.T, p *Pushed) string {
	t.Helper()
	for key := range p.Digests {
		if strings.HasPrefix(key, "coder/coder:v2.35.1-providers-") {
			return key
		}
	}
	t.Fatalf("there is no image of provisioners among %v", p.Digests)
	return ""
}

// TestProvisioner: a push makes Coder's image with the mirror in it, for the platform of the providers, and with a configuration by which
// Terraform looks nowhere else.
func TestProvisioner(t *testing.T) {
	s, there := newServer(t), newServer(t)
	a := opened(t, saved(t, withProviders(t, s), SaveOptions{Mirror: mirrored("linux_arm64")}))
	pushed := must(a.Push(t.Context(), there.targetOf(memory{}), quiet))(t)
	key := provisionerKey(t, pushed)
	made := must(remote.Image(must(name.ParseReference(there.host + "/coder/" + key))(t)))(t)
	if digest := must(made.Digest())(t).String(); digest != pushed.Digests[key] {
		t.Errorf("there is %s, the settings get %s", digest, pushed.Digests[key])
	}
	base := must(remote.Image(must(name.ParseReference(there.host+"/coder/coder/coder:v2.35.1"))(t),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: "arm64"})))(t)
	below, layers := must(base.Layers())(t), must(made.Layers())(t)
	if len(layers) != len(below)+1 {
		t.Fatalf("it has %d layers, and Coder's has %d", len(layers), len(below))
	}
	for i, layer := range below {
		if one, other := must(layer.Digest())(t), must(layers[i].Digest())(t); one != other {
			t.Errorf("layer %d is %s, and Coder's is %s", i, other, one)
		}
	}
	want := map[string]string{
		"/opt/coderaws/providers/registry.terraform.io/coder/coder/terraform-provider-coder_2.19.0_linux_arm64.zip": "a provider for linux_arm64",
		"/opt/coderaws/providers/registry.terraform.io/coder/coder/index.json":                                      "{}",
		"/opt/coderaws/terraform.tfrc": "provider_installation {\n  filesystem_mirror {\n    path = \"/opt/coderaws/providers\"\n  }\n}\n",
	}
	if diff := cmp.Diff(want, contents(t, layers[len(layers)-1])); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	config := must(made.ConfigFile())(t)
	if config.Architecture != "arm64" || !slices.Contains(config.Config.Env, "TF_CLI_CONFIG_FILE=/opt/coderaws/terraform.tfrc") {
		t.Errorf("it is for %s, with %q", config.Architecture, config.Config.Env)
	}
	if _, err := a.Arrived(t.Context(), there.targetOf(memory(filesOf(a))), quiet); err != nil {
		t.Error(err)
	}

	sent := 0
	there.behave(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			sent++
		}
		return false
	}, nil)
	again := must(a.Push(t.Context(), there.targetOf(memory{}), quiet))(t)
	if diff := cmp.Diff(pushed.Digests, again.Digests); diff != "" || sent > 0 {
		t.Errorf("again, %d requests send something, and the digests differ:\n%s", sent, diff)
	}
	there.behave(nil, nil)

	t.Run("a later bundle without the providers that are there", func(t *testing.T) {
		since := opened(t, saved(t, withProviders(t, s), SaveOptions{Mirror: mirrored("linux_arm64"), Since: a.Manifest}))
		later := must(since.Push(t.Context(), there.targetOf(memory(filesOf(a))), quiet))(t)
		if later.Digests[key] != pushed.Digests[key] {
			t.Errorf("the settings get %v", later.Digests)
		}
		empty := newServer(t)
		must(a.Push(t.Context(), empty.targetOf(memory{}), quiet))(t)
		must0(t, remote.Delete(must(name.ParseReference(empty.host+"/coder/"+key))(t)))
		_, err := since.Push(t.Context(), empty.targetOf(memory(filesOf(a))), quiet)
		said(t, err, "bundle.absent", "the bundle leaves out providers/registry.terraform.io/coder/coder/", "save this one without --since")
	})
	t.Run("a tag that is another image stays what it is", func(t *testing.T) {
		taken := newServer(t)
		taken.publish(t, "coder/"+key, image(t, 99))
		_, err := a.Push(t.Context(), taken.targetOf(nil), quiet)
		said(t, err, "bundle.tag_taken", key+" is another image already", "find out which")
		taken.publish(t, "coder/coder/coder:v2.35.1", index(t, 1))
		_, err = a.Arrived(t.Context(), taken.targetOf(memory(filesOf(a))), quiet)
		if err == nil || !strings.Contains(err.Error(), key+" is not what was saved of the bundle's providers") {
			t.Errorf("the error is %v", err)
		}
	})
}

// TestNoProvisioner: without providers or without Coder there is nothing to make, and of Coder for another platform nothing can be made.
func TestNoProvisioner(t *testing.T) {
	s := newServer(t)
	t.Run("no providers", func(t *testing.T) {
		if made := opened(t, saved(t, s.wanted(t), SaveOptions{})).provisioner(); made != nil {
			t.Errorf("it would make %s", made.key())
		}
	})
	t.Run("no Coder", func(t *testing.T) {
		c := &Contents{}
		c.AddProvider("registry.terraform.io/coder/coder", "~> 2.4", "templates/kubernetes/main.tf:8")
		c.Sort()
		if made := opened(t, saved(t, c, SaveOptions{Mirror: mirrored("linux_amd64")})).provisioner(); made != nil {
			t.Errorf("it would make %s", made.key())
		}
	})
	t.Run("another platform", func(t *testing.T) {
		a := opened(t, saved(t, withProviders(t, s), SaveOptions{Mirror: mirrored("linux_arm64"), Platform: "linux/amd64"}))
		_, err := a.Push(t.Context(), newServer(t).targetOf(memory{}), quiet)
		said(t, err, "bundle.provisioner", "cannot be made of "+s.host+"/coder/coder:v2.35.1", "--platform linux/amd64")
	})
}

// filesOf are the files that no registry keeps, as an object store has them.
func filesOf(a *Archive) map[string]File {
	all := map[string]File{}
	for _, f := range a.rest() {
		all[f.Path] = f
	}
	return all
}

// contents are the files of a layer, by their paths.
func contents(t *testing.T, layer v1.Layer) map[string]string {
	t.Helper()
	in := must(layer.Uncompressed())(t)
	defer func() { _ = in.Close() }()
	all := map[string]string{}
	for reader := tar.NewReader(in); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			all["/"+header.Name] = string(must(io.ReadAll(reader))(t))
		}
	}
}

func must0(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
