package bundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

const (
	// manifestFile is the first file of a bundle, and manifestVersion the form that this program writes and reads.
	manifestFile    = "bundle.json"
	manifestVersion = 1
	// maxManifest is the most that a manifest may have, in bytes; one of a thousand images has some 3 MiB.
	maxManifest = 64 << 20
)

// Manifest says what a bundle holds. Its digest stands for the whole bundle, as it has the digest of every file. Its JSON form only grows.
type Manifest struct {
	Version int `json:"version"`
	// Images and Charts are those that the registry gets.
	Images []Artifact `json:"images"`
	Charts []Artifact `json:"charts"`
	// Providers are what is needed of Terraform's; files of a mirror hold them.
	Providers []Provider `json:"providers"`
	// Files are all files beside the manifest, by path.
	Files []File `json:"files"`
}

// Artifact is an image or a chart, as a registry keeps it.
type Artifact struct {
	// Source is where it comes from: the image's reference, or the chart's repository.
	Source string `json:"source"`
	// Repository and Tag are what it is called at the other side, below a prefix.
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
	// Key is what the file of digests calls it.
	Key string `json:"key"`
	// Digest is that of its manifest, of MediaType, and Size what all of it has, in bytes.
	Digest    string   `json:"digest"`
	MediaType string   `json:"media_type"`
	Size      int64    `json:"size"`
	Places    []string `json:"found_in"`
}

// File is one file of a bundle.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// Absent says that it was left out, as the receiver has it.
	Absent bool `json:"absent,omitempty"`
}

// encode is the manifest as the bundle holds it, the same for the same contents.
func (m *Manifest) encode() ([]byte, error) {
	slices.SortFunc(m.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

// Digest stands for the manifest and all that it names.
func (m *Manifest) Digest() (string, error) {
	text, err := m.encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// decode reads a manifest that somebody hands over: nothing in it leads anywhere else.
func decode(text []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, err
	}
	if m.Version != manifestVersion {
		return nil, fmt.Errorf("it has the form %d, and this coderaws knows %d", m.Version, manifestVersion)
	}
	for i, f := range m.Files {
		switch sum, err := hex.DecodeString(f.SHA256); {
		case !fs.ValidPath(f.Path) || f.Path == manifestFile || strings.Contains(f.Path, `\`):
			return nil, fmt.Errorf("it names the file %q", f.Path)
		case err != nil || len(sum) != sha256.Size || f.Size < 0:
			return nil, fmt.Errorf("it has no digest and size of %s", f.Path)
		case i > 0 && m.Files[i-1].Path >= f.Path:
			return nil, fmt.Errorf("%s is named twice, or out of order", f.Path)
		}
	}
	for _, artifact := range m.artifacts() {
		if err := artifact.check(); err != nil {
			return nil, err
		}
	}
	again, err := m.encode()
	if err == nil && !bytes.Equal(again, text) {
		err = fmt.Errorf("it is not as coderaws writes it")
	}
	return m, err
}

// named is what names of repositories, tags and digests consist of. Nothing else may come into settings and addresses at the other side.
var named = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/@:+-]*$`)

// check refuses names that are none.
func (a Artifact) check() error {
	for _, name := range []string{a.Repository, a.Tag, a.Key, a.Digest} {
		if !named.MatchString(name) {
			return fmt.Errorf("it names %q of %q", name, a.Repository)
		}
	}
	return nil
}

// file finds a file by its path.
func (m *Manifest) file(path string) (File, bool) {
	at, found := slices.BinarySearchFunc(m.Files, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
	if !found {
		return File{}, false
	}
	return m.Files[at], true
}

// present counts the files that the bundle itself holds, and their bytes.
func (m *Manifest) present() (files int, size int64) {
	for _, f := range m.Files {
		if !f.Absent {
			files, size = files+1, size+f.Size
		}
	}
	return files, size
}

// artifacts are all that a registry gets.
func (m *Manifest) artifacts() []Artifact { return slices.Concat(m.Images, m.Charts) }
