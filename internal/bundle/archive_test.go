package bundle

import (
	"bytes"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamaged: whatever happens to a bundle on its way is found.
func TestDamaged(t *testing.T) {
	s := newServer(t)
	whole := must(os.ReadFile(saved(t, s.wanted(t), SaveOptions{})))(t)
	verify := func(t *testing.T, content []byte) error {
		t.Helper()
		file := filepath.Join(t.TempDir(), "bundle.tar")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := Open(file)
		if err != nil {
			return err
		}
		return errors.Join(a.Verify(t.Context()), a.Close())
	}
	if err := verify(t, whole); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewSource(1))
	t.Run("cut short", func(t *testing.T) {
		lengths := []int{0, 1, 511, 512, 2000, len(whole) - 1, len(whole) - 512, len(whole) - 1024, len(whole) - 1500}
		for range 30 {
			lengths = append(lengths, random.Intn(len(whole)))
		}
		for _, length := range lengths {
			said(t, verify(t, whole[:length]), "bundle.damaged", "is not a bundle, or is not what was saved", "")
		}
		err := verify(t, whole[:len(whole)*3/4])
		if err == nil || !strings.Contains(err.Error(), "it was cut short") {
			t.Errorf("it does not say what happened: %v", err)
		}
	})
	t.Run("one bit of one byte is another", func(t *testing.T) {
		for range 300 {
			at := random.Intn(len(whole))
			content := bytes.Clone(whole)
			content[at] ^= 1 << random.Intn(8)
			if err := verify(t, content); err == nil {
				t.Errorf("byte %d of %d is another, and nobody noticed", at, len(whole))
			}
		}
	})
	t.Run("something follows its end", func(t *testing.T) {
		said(t, verify(t, append(bytes.Clone(whole), "more"...)), "bundle.damaged", "is not what was saved", "copy the file anew")
	})
	t.Run("a layer whose content is another", func(t *testing.T) {
		a := opened(t, saved(t, s.wanted(t), SaveOptions{}))
		content := bytes.Clone(whole)
		for _, f := range a.Manifest.Files {
			if f.Size > 10_000 {
				content[a.at[f.Path]+100] ^= 1
				err := verify(t, content)
				if err == nil || !strings.Contains(err.Error(), "the digest of "+f.Path+" is sha256:") {
					t.Errorf("it does not name the file: %v", err)
				}
				return
			}
		}
	})
	t.Run("a manifest that leaves a layer out", func(t *testing.T) {
		a := opened(t, saved(t, s.wanted(t), SaveOptions{}))
		shorter := *a.Manifest
		shorter.Files = nil
		for _, f := range a.Manifest.Files {
			if f.Size < 10_000 {
				shorter.Files = append(shorter.Files, f)
			}
		}
		var content bytes.Buffer
		if err := write(t.Context(), &content, &shorter, a.open); err != nil {
			t.Fatal(err)
		}
		err := verify(t, content.Bytes())
		if err == nil || !strings.Contains(err.Error(), "is not in the manifest with") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no file at all", func(t *testing.T) {
		_, err := Open(filepath.Join(t.TempDir(), "none.tar"))
		said(t, err, "bundle.unreadable", "cannot be read", "coderaws bundle save")
	})
}

// TestDecode: a manifest that somebody hands over leads nowhere else.
func TestDecode(t *testing.T) {
	digest := strings.Repeat("0", 64)
	text := func(files ...File) string {
		m := Manifest{Version: 1, Images: []Artifact{}, Charts: []Artifact{}, Providers: []Provider{}, Files: files}
		return string(must(m.encode())(t))
	}
	keyed := func(key string) string {
		m := Manifest{Version: 1, Charts: []Artifact{}, Providers: []Provider{}, Files: []File{},
			Images: []Artifact{{Repository: "coder/coder", Tag: "v2.35.1", Key: key, Digest: "sha256:" + digest}}}
		return string(must(m.encode())(t))
	}
	for _, test := range []struct{ name, given, refused string }{
		{"an image", keyed("ghcr.io/coder/coder:v2.35.1"), ""},
		{"an image whose name is a setting of its own", keyed("a\"\n}\n}\ncluster = {"), `it names "a\"\n}\n}\ncluster = {" of "coder/coder"`},
		{"an image without a name", keyed(""), `it names "" of "coder/coder"`},
		{"a file of a bundle", text(File{Path: "a/b", SHA256: digest}), ""},
		{"a file above it", text(File{Path: "../b", SHA256: digest}), `it names the file "../b"`},
		{"a file of the machine", text(File{Path: "/b", SHA256: digest}), `it names the file "/b"`},
		{"a file of Windows", text(File{Path: `a\b`, SHA256: digest}), `it names the file "a\\b"`},
		{"itself", text(File{Path: "bundle.json", SHA256: digest}), "it names the file"},
		{"a file without a digest", text(File{Path: "a"}), "it has no digest and size of a"},
		{"a file twice", text(File{Path: "a", SHA256: digest}, File{Path: "a", SHA256: digest}), "a is named twice"},
		{"a later form", strings.Replace(text(), `"version": 1`, `"version": 2`, 1), "it has the form 2, and this coderaws knows 1"},
		{"something else beside", text() + "\n", "it is not as coderaws writes it"},
		{"no JSON", "bundle", "invalid character"},
	} {
		_, err := decode([]byte(test.given))
		if test.refused == "" && err != nil || test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.refused)
		}
	}
}
