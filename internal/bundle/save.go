package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// SaveOptions are where a bundle goes and what is left out of it.
type SaveOptions struct {
	// File is the bundle. What is fetched comes together in a directory beside it, until it is whole.
	File string
	// Since is what the receiver has: files of it are left out. nil leaves nothing out.
	Since *Manifest
	// Platform is the one to take of images for several, such as linux/amd64; "" takes all, as they are published.
	Platform string
	// Mirror writes a mirror of the providers into a directory, which may hold what an earlier run wrote; nil saves no providers.
	Mirror func(ctx context.Context, dir string) error
	// Registries say how registries are reached.
	Registries Registries
	// Notice is told what is being done; nil tells nobody.
	Notice func(line string)
}

// partsSuffix is what the name of the directory has in which a bundle comes together, beside that of the bundle.
const partsSuffix = ".parts"

// saver saves one bundle.
type saver struct {
	SaveOptions
	store
	manifest *Manifest
	files    map[string]File
	platform *v1.Platform
	pull     *remote.Puller
}

// Save fetches everything that a deployment needs, and writes it into one file, as a whole or not at all. If it is interrupted, the next
// one goes on with what was fetched. The same contents make the same bytes. Its errors are diagnostics.
func Save(ctx context.Context, c *Contents, o SaveOptions) (*Manifest, error) {
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if err := c.Unfit(); err != nil {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	s := &saver{SaveOptions: o, store: store{o.File + partsSuffix}, files: map[string]File{}}
	s.manifest = &Manifest{Version: manifestVersion, Images: []Artifact{}, Charts: []Artifact{}, Providers: c.Providers, Files: []File{}}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	if err := s.gather(ctx, c); err != nil {
		return nil, s.unwritable(err)
	}
	for _, f := range s.files {
		s.manifest.Files = append(s.manifest.Files, f)
	}
	files, size := s.manifest.present()
	s.Notice(fmt.Sprintf("writing %s: %d files, %s", o.File, files, mebibytes(size)))
	err := atomicfile.Stream(o.File, 0o644, func(to io.Writer) error { return write(ctx, to, s.manifest, s.open) })
	var differs *digestError
	switch {
	case errors.As(err, &differs):
		return nil, s.rotten(differs)
	case err != nil:
		return nil, s.unwritable(err)
	}
	// The bundle has it all, so that a directory that stays is no more than a waste of space.
	_ = os.RemoveAll(s.dir)
	return s.manifest, nil
}

// prepare makes what registries are asked with.
func (s *saver) prepare(ctx context.Context) error {
	var err error
	if s.Platform != "" {
		if s.platform, err = v1.ParsePlatform(s.Platform); err != nil || s.platform.Architecture == "" {
			d := diagnostic.Errorf("%s is no platform", s.Platform)
			d.Code, d.Todo = "usage", "write it as linux/amd64 or linux/arm64"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	s.pull, err = remote.NewPuller(s.Registries.options(ctx)...)
	return err
}

// gather fetches what is not there yet, and notes all of it.
func (s *saver) gather(ctx context.Context, c *Contents) error {
	taken := map[string]Artifact{}
	for i, image := range c.Images {
		s.Notice(fmt.Sprintf("image %d of %d: %s", i+1, len(c.Images), image.Reference))
		a, err := s.image(ctx, image)
		if err != nil {
			return err
		}
		if other, is := taken[a.Repository+":"+a.Tag]; is && other.Digest != a.Digest {
			return twice(other.Source, a.Source)
		}
		taken[a.Repository+":"+a.Tag] = a
		s.manifest.Images = append(s.manifest.Images, a)
	}
	for _, chart := range c.Charts {
		a, err := s.chart(chart)
		if err != nil {
			return err
		}
		s.manifest.Charts = append(s.manifest.Charts, a)
	}
	if s.Mirror != nil && len(c.Providers) > 0 {
		s.Notice("providers of Terraform")
		if err := s.mirror(ctx); err != nil {
			return err
		}
	}
	return s.layout()
}

// twice says that two images would have one name at the other side.
func twice(one, other string) error {
	d := diagnostic.Errorf("%s and %s would have one name in one registry", one, other)
	d.Code, d.Why = "bundle.two_images", "they have the same repository and tag in two registries, and are not the same image"
	d.Todo = "name one of them by another tag"
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// image fetches one image with all that it consists of.
func (s *saver) image(ctx context.Context, image Image) (Artifact, error) {
	from, err := parseSource(image.Reference)
	if err != nil {
		return Artifact{}, err
	}
	repository := from.from.Context()
	top, err := s.resolve(ctx, from.from)
	if err != nil {
		return Artifact{}, failed(ctx, image.Reference, repository.Registry, err)
	}
	a := Artifact{Source: image.Reference, Repository: from.repository, Tag: from.tag, Key: from.key,
		Digest: top.Digest.String(), MediaType: string(top.MediaType), Places: image.Places}
	manifest := func(d v1.Descriptor) ([]byte, error) { return s.manifestOf(ctx, repository, d) }
	blob := func(d v1.Descriptor) error {
		a.Size += d.Size
		return s.blob(ctx, repository, d)
	}
	done := func(_ v1.Descriptor, text []byte) error {
		a.Size += int64(len(text))
		return nil
	}
	if err := walk(top, manifest, blob, done); err != nil {
		return Artifact{}, failed(ctx, image.Reference, repository.Registry, err)
	}
	return a, nil
}

// resolve finds the manifest that a reference stands for now, and of several platforms the one that is wanted.
func (s *saver) resolve(ctx context.Context, reference name.Reference) (v1.Descriptor, error) {
	found, err := s.pull.Get(ctx, reference)
	if err != nil {
		return v1.Descriptor{}, err
	}
	top := found.Descriptor
	t, err := parseTree(found.Manifest)
	if err != nil {
		return v1.Descriptor{}, err
	}
	if s.platform == nil || len(t.Manifests) == 0 {
		return top, s.keep(top.Digest, found.Manifest)
	}
	for _, d := range t.Manifests {
		if d.Platform != nil && d.Platform.Satisfies(*s.platform) {
			return d, nil
		}
	}
	return v1.Descriptor{}, fmt.Errorf("it is not made for the platform %s", s.Platform)
}

// manifestOf fetches a manifest by its digest. Manifests are in every bundle, also those that the receiver has: they are small, and say
// what an image consists of.
func (s *saver) manifestOf(ctx context.Context, repository name.Repository, d v1.Descriptor) ([]byte, error) {
	if text, err := os.ReadFile(s.local(blobPath(d.Digest))); err == nil {
		if digest, _, err := v1.SHA256(bytes.NewReader(text)); err == nil && digest == d.Digest {
			return text, s.keep(d.Digest, text)
		}
	}
	found, err := s.pull.Get(ctx, repository.Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	return found.Manifest, s.keep(d.Digest, found.Manifest)
}

// keep writes down what is in memory, under its digest.
func (s *saver) keep(digest v1.Hash, content []byte) error {
	f := File{Path: blobPath(digest), SHA256: digest.Hex, Size: int64(len(content))}
	s.files[f.Path] = f
	return s.put(context.Background(), f, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
}

// blob fetches a layer or a configuration, unless it is there or the receiver has it.
func (s *saver) blob(ctx context.Context, repository name.Repository, d v1.Descriptor) error {
	f := File{Path: blobPath(d.Digest), SHA256: d.Digest.Hex, Size: d.Size}
	if s.receiverHas(f) {
		f.Absent = true
		s.files[f.Path] = f
		return nil
	}
	s.files[f.Path] = f
	if !s.has(f.Path, f.Size) && f.Size >= notable {
		s.Notice(fmt.Sprintf("  %s, %s", d.Digest, mebibytes(f.Size)))
	}
	return s.put(ctx, f, func() (io.ReadCloser, error) {
		layer, err := s.pull.Layer(ctx, repository.Digest(d.Digest.String()))
		if err != nil {
			return nil, err
		}
		return layer.Compressed()
	})
}

// notable is the size in bytes from which on a person would like to know what is being fetched.
const notable = 8 << 20

func (s *saver) receiverHas(f File) bool {
	if s.Since == nil {
		return false
	}
	had, is := s.Since.file(f.Path)
	return is && had.SHA256 == f.SHA256 && had.Size == f.Size
}

// layout makes of the directory what the image layout of OCI wants, so that other tools can read the unpacked bundle (image-layout.md).
func (s *saver) layout() error {
	index := v1.IndexManifest{SchemaVersion: 2, MediaType: "application/vnd.oci.image.index.v1+json", Manifests: []v1.Descriptor{}}
	for _, a := range s.manifest.artifacts() {
		d, err := a.descriptor()
		if err != nil {
			return err
		}
		f := s.files[blobPath(d.Digest)]
		index.Manifests = append(index.Manifests, v1.Descriptor{MediaType: mediaType(a), Digest: d.Digest, Size: f.Size,
			Annotations: map[string]string{"org.opencontainers.image.ref.name": a.Repository + ":" + a.Tag}})
	}
	text, err := json.Marshal(index)
	if err != nil {
		return err
	}
	return errors.Join(s.small("index.json", text), s.small("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`)))
}

// small writes a file of the bundle's own.
func (s *saver) small(path string, content []byte) error {
	sum := sha256.Sum256(content)
	s.files[path] = File{Path: path, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	return atomicfile.WriteCopy(s.local(path), content, 0o644)
}

// mirror lets the providers be mirrored, and notes what came of it.
func (s *saver) mirror(ctx context.Context) error {
	dir := filepath.Join(s.dir, providersDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := s.Mirror(ctx, dir); err != nil {
		return err
	}
	return fs.WalkDir(os.DirFS(s.dir), providersDir, func(path string, entry fs.DirEntry, err error) error {
		// Under a hidden name Terraform downloads what it has not verified yet, and leaves it there if it is interrupted or the signature is
		// wrong.
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		f, err := s.sum(path)
		f.Absent = s.receiverHas(f)
		s.files[path] = f
		return err
	})
}

// providersDir is where a bundle has the mirror of providers.
const providersDir = "providers"

// sum reads a file of the directory for its digest.
func (s *saver) sum(path string) (File, error) {
	in, err := s.open(path)
	if err != nil {
		return File{}, err
	}
	defer func() { _ = in.Close() }() // it was only read
	sum := sha256.New()
	size, err := io.Copy(sum, in)
	return File{Path: path, SHA256: hex.EncodeToString(sum.Sum(nil)), Size: size}, err
}

// rotten says that something was changed that was fetched before, and takes it away.
func (s *saver) rotten(differs *digestError) error {
	d := diagnostic.Errorf("%s is not what was fetched", s.local(differs.path))
	d.Code, d.Why, d.Todo = "bundle.parts", differs.Error(), "run it again: the file is fetched anew"
	_ = os.Remove(s.local(differs.path)) // what stays would only be found again
	return d
}

// unwritable gives errors of the file system a way out.
func (s *saver) unwritable(err error) error {
	var of *fs.PathError
	if !errors.As(err, &of) || errors.Is(err, context.Canceled) {
		return err
	}
	d := diagnostic.Errorf("the bundle %s cannot be written", s.File)
	d.Code, d.Why = "bundle.unwritable", err.Error()
	d.Todo = "make room, or name a file where there is some: what is fetched comes together beside it, and takes as much again"
	return d
}

func mebibytes(size int64) string { return fmt.Sprintf("%.1f MiB", float64(size)/(1<<20)) }
