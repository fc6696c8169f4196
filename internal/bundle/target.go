package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Target is the other side of the gap: the registry from which nodes and Terraform take images and charts, and a place for the rest.
type Target struct {
	// Registry is the host, and Prefix what all repositories begin with, without a slash at the end.
	Registry, Prefix string
	Registries       Registries
	// Objects keep what is no image; nil where there is no such place.
	Objects Objects
	// Missing is what to do about a repository that is not there; "" where a registry makes its repositories itself.
	Missing string
}

// Objects keep files under keys, with their digests.
type Objects interface {
	// Put writes an object, unless it is there with this digest.
	Put(ctx context.Context, f File, content io.ReadSeeker) error
	// Check reports whether an object is there with this digest; a nil error says that it is.
	Check(ctx context.Context, f File) error
	// String is where they are.
	String() string
}

// Pushed is what a push came to. Its JSON form only grows.
type Pushed struct {
	Version  int    `json:"version"`
	Registry string `json:"registry"`
	Prefix   string `json:"prefix"`
	// Digests are those of the images and charts, by what the settings call them.
	Digests map[string]string `json:"digests"`
	// Objects says where the rest is; "" if there is none, or no place for it.
	Objects string `json:"objects,omitempty"`
	// Left are the files that have no place at the target.
	Left int `json:"left,omitempty"`
}

// Push puts what is in a bundle where the other side takes it from. What is there already is not sent again, so that a push which was
// interrupted goes on. The bundle should have been verified; whatever arrives is held to its digest again, by the registry and by S3.
func (a *Archive) Push(ctx context.Context, t *Target, notice func(string)) (*Pushed, error) {
	p := &pushing{archive: a, target: t}
	var err error
	if p.pull, err = remote.NewPuller(t.Registries.options(ctx)...); err != nil {
		return nil, err
	}
	if p.push, err = remote.NewPusher(t.Registries.options(ctx)...); err != nil {
		return nil, err
	}
	result := &Pushed{Version: 1, Registry: t.Registry, Prefix: t.Prefix, Digests: map[string]string{}}
	all := a.Manifest.artifacts()
	for i, artifact := range all {
		notice(fmt.Sprintf("%d of %d: %s:%s, %s", i+1, len(all), artifact.Repository, artifact.Tag, mebibytes(artifact.Size)))
		if err := p.artifact(ctx, artifact); err != nil {
			return nil, err
		}
		result.Digests[artifact.Key] = artifact.Digest
	}
	if err := p.provisioner(ctx, result, notice); err != nil {
		return nil, err
	}
	for _, f := range a.rest() {
		if t.Objects == nil {
			result.Left++
			continue
		}
		result.Objects = t.Objects.String()
		if err := a.pushFile(ctx, t, f, notice); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// rest are the files that no registry keeps.
func (a *Archive) rest() (files []File) {
	for _, f := range a.Manifest.Files {
		if strings.HasPrefix(f.Path, providersDir+"/") {
			files = append(files, f)
		}
	}
	return files
}

func (a *Archive) pushFile(ctx context.Context, t *Target, f File, notice func(string)) error {
	if f.Absent {
		if err := t.Objects.Check(ctx, f); err != nil {
			return lacks(f.Path, t.Objects.String(), err)
		}
		return nil
	}
	notice(fmt.Sprintf("%s, %s", f.Path, mebibytes(f.Size)))
	return t.Objects.Put(ctx, f, io.NewSectionReader(a.file, a.at[f.Path], f.Size))
}

// repository is where an artifact goes.
func (t *Target) repository(artifact Artifact) (name.Repository, error) {
	path := artifact.Repository
	if t.Prefix != "" {
		path = t.Prefix + "/" + path
	}
	return name.NewRepository(t.Registry + "/" + path)
}

// pushing is one push under way.
type pushing struct {
	archive *Archive
	target  *Target
	pull    *remote.Puller
	push    *remote.Pusher
}

// artifact sends an image, from its layers to its manifest.
func (p *pushing) artifact(ctx context.Context, artifact Artifact) error {
	repository, err := p.target.repository(artifact)
	if err != nil {
		return err
	}
	top, err := artifact.descriptor()
	if err != nil {
		return err
	}
	tag := repository.Tag(artifact.Tag)
	switch found, err := p.pull.Head(ctx, tag); {
	case err == nil && found.Digest == top.Digest:
		return nil // it was made whole before it got its tag
	case err == nil:
		return taken(tag, found.Digest, artifact)
	case status(err) != http.StatusNotFound:
		return p.target.refused(ctx, repository, err)
	}
	manifest := func(d v1.Descriptor) ([]byte, error) { return p.archive.read(blobPath(d.Digest)) }
	blob := func(d v1.Descriptor) error { return p.blob(ctx, repository, d) }
	done := func(d v1.Descriptor, text []byte) error {
		var to name.Reference = repository.Digest(d.Digest.String())
		if d.Digest == top.Digest {
			to = tag
		}
		return p.push.Put(ctx, to, rawManifest{text, mediaTypeOf(d, artifact, text)})
	}
	if err := walk(top, manifest, blob, done); err != nil {
		return p.target.refused(ctx, repository, err)
	}
	return nil
}

// blob sends a layer or a configuration, unless it is there.
func (p *pushing) blob(ctx context.Context, repository name.Repository, d v1.Descriptor) error {
	f, known := p.archive.Manifest.file(blobPath(d.Digest))
	if !known || !f.Absent {
		return p.push.Upload(ctx, repository, &archived{p.archive, d})
	}
	layer, err := p.pull.Layer(ctx, repository.Digest(d.Digest.String()))
	if err == nil {
		_, err = layer.Size() // asks the registry
	}
	switch {
	case err == nil:
		return nil
	case status(err) == http.StatusNotFound:
		return lacks(d.Digest.String(), repository.Name(), err)
	}
	return err
}

// taken says that a tag stands for another image.
func taken(tag name.Tag, is v1.Hash, artifact Artifact) error {
	d := diagnostic.Errorf("%s is another image already", tag.Name())
	d.Code, d.Why = "bundle.tag_taken", fmt.Sprintf("it is %s, and the bundle has %s (%s); tags do not change what they mean",
		is, artifact.Digest, artifact.Source)
	d.Todo = "find out which of the two is right; if the publisher moved the tag, save the image by another tag or by its digest"
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}

// lacks says that the receiver has not what the bundle left out for him.
func lacks(what, where string, err error) error {
	d := diagnostic.Errorf("the bundle leaves out %s, and %s lacks it", what, where)
	d.Code, d.Why = "bundle.absent", "it was saved for a receiver that has it (--since): "+err.Error()
	d.Todo = "push the earlier bundle first, or save this one without --since"
	return d
}

// refused says what a target's answer means.
func (t *Target) refused(ctx context.Context, repository name.Repository, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var said *diagnostic.Diagnostic
	if errors.As(err, &said) {
		return err
	}
	d := diagnostic.Errorf("%s does not take what the bundle holds", repository.Name())
	d.Code, d.Why, d.Todo = "bundle.target", err.Error(), "run it again: what has arrived is not sent again"
	switch status(err) {
	case http.StatusUnauthorized, http.StatusForbidden:
		d.Summary, d.Todo = fmt.Sprintf("%s wants a sign-in, or refuses it", repository.RegistryStr()),
			"sign in with `docker login "+repository.RegistryStr()+"`, or with credentials of AWS that may push"
	case http.StatusNotFound:
		d.Summary = "there is no repository " + repository.Name()
		if t.Missing != "" {
			d.Todo = t.Missing
		}
	}
	return d
}

// status is what a registry answered with; 0 if it did not answer.
func status(err error) int {
	var answer *transport.Error
	if errors.As(err, &answer) {
		return answer.StatusCode
	}
	return 0
}

// rawManifest is a manifest as it was saved.
type rawManifest struct {
	text  []byte
	media types.MediaType
}

func (m rawManifest) RawManifest() ([]byte, error)        { return m.text, nil }
func (m rawManifest) MediaType() (types.MediaType, error) { return m.media, nil }

// mediaTypeOf is the type of a manifest: what names it says so, or else itself.
func mediaTypeOf(d v1.Descriptor, artifact Artifact, text []byte) types.MediaType {
	if d.Digest.String() == artifact.Digest {
		return mediaType(artifact)
	}
	if t, err := parseTree(text); err == nil && d.MediaType == "" {
		return types.MediaType(t.MediaType)
	}
	return d.MediaType
}

// archived is a layer or a configuration in a bundle. What is not known of it (what it is uncompressed) nobody asks for who uploads it.
type archived struct {
	archive *Archive
	d       v1.Descriptor
}

func (l *archived) Digest() (v1.Hash, error)             { return l.d.Digest, nil }
func (l *archived) DiffID() (v1.Hash, error)             { return v1.Hash{}, errors.ErrUnsupported }
func (l *archived) Compressed() (io.ReadCloser, error)   { return l.archive.open(blobPath(l.d.Digest)) }
func (l *archived) Uncompressed() (io.ReadCloser, error) { return nil, errors.ErrUnsupported }
func (l *archived) Size() (int64, error)                 { return l.d.Size, nil }
func (l *archived) MediaType() (types.MediaType, error)  { return l.d.MediaType, nil }
