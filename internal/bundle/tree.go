package bundle

import (
	"encoding/json"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// tree is a manifest, as far as it says what it consists of: that of an image has a configuration and layers, that of several platforms
// has others below it (OCI image specification, image-index.md and manifest.md; those of Docker have the same fields).
type tree struct {
	MediaType string          `json:"mediaType"`
	Config    *v1.Descriptor  `json:"config"`
	Layers    []v1.Descriptor `json:"layers"`
	Manifests []v1.Descriptor `json:"manifests"`
}

// deepest is how many manifests may lie within one another; an index of indexes is rare already.
const deepest = 4

// parseTree understands a manifest.
func parseTree(text []byte) (*tree, error) {
	t := &tree{}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, err
	}
	if t.Config == nil && len(t.Manifests) == 0 {
		return nil, fmt.Errorf("it is no manifest of an image in the form of OCI or of Docker's schema 2")
	}
	for _, d := range t.parts() {
		if d.Digest.Algorithm != "sha256" || len(d.Digest.Hex) != 64 || d.Size < 0 {
			return nil, fmt.Errorf("it names a part %q without a sha256 digest and a size", d.Digest)
		}
	}
	return t, nil
}

// blobs are the parts that are no manifests.
func (t *tree) blobs() []v1.Descriptor {
	if t.Config == nil {
		return nil
	}
	return append([]v1.Descriptor{*t.Config}, t.Layers...)
}

func (t *tree) parts() []v1.Descriptor { return append(t.blobs(), t.Manifests...) }

// walk visits an image from its leaves to its top: the blobs of a manifest, then the manifest, so that whoever writes them in this order
// never names what is not there. manifest gets a manifest by its digest.
func walk(top v1.Descriptor, manifest func(v1.Descriptor) ([]byte, error), blob func(v1.Descriptor) error,
	done func(d v1.Descriptor, text []byte) error) error {
	var visit func(d v1.Descriptor, depth int) error
	visit = func(d v1.Descriptor, depth int) error {
		text, err := manifest(d)
		if err != nil {
			return err
		}
		t, err := parseTree(text)
		if err == nil && depth > deepest {
			err = fmt.Errorf("manifests lie within one another more than %d deep", deepest)
		}
		if err != nil {
			return fmt.Errorf("manifest %s: %w", d.Digest, err)
		}
		for _, below := range t.Manifests {
			if err := visit(below, depth+1); err != nil {
				return err
			}
		}
		for _, part := range t.blobs() {
			if err := blob(part); err != nil {
				return err
			}
		}
		return done(d, text)
	}
	return visit(top, 1)
}

// blobPath is where the OCI image layout has a blob (image-layout.md).
func blobPath(h v1.Hash) string { return "blobs/" + h.Algorithm + "/" + h.Hex }

// descriptor is that of an artifact's manifest.
func (a Artifact) descriptor() (v1.Descriptor, error) {
	h, err := v1.NewHash(a.Digest)
	if err != nil || !strings.HasPrefix(a.Digest, "sha256:") {
		return v1.Descriptor{}, fmt.Errorf("%s has the digest %q", a.Source, a.Digest)
	}
	return v1.Descriptor{Digest: h}, nil
}

// complete tells whether everything that the images consist of is in the bundle, or was left out on purpose.
func (a *Archive) complete() error {
	for _, artifact := range a.Manifest.artifacts() {
		top, err := artifact.descriptor()
		if err != nil {
			return a.damaged(err.Error(), "")
		}
		blob := func(d v1.Descriptor) error {
			f, known := a.Manifest.file(blobPath(d.Digest))
			if !known || f.SHA256 != d.Digest.Hex || f.Size != d.Size {
				return fmt.Errorf("%s is not in the manifest with %d bytes", d.Digest, d.Size)
			}
			return nil
		}
		manifest := func(d v1.Descriptor) ([]byte, error) { return a.read(blobPath(d.Digest)) }
		if err := walk(top, manifest, blob, func(v1.Descriptor, []byte) error { return nil }); err != nil {
			return a.damaged(artifact.Source+": "+err.Error(), "")
		}
	}
	return nil
}
