package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Arrived proves that what is at the target is what was saved. It reads every image there and holds it to the digests of the bundle, also
// what the bundle left out; of other objects it takes S3's own word, which computes their digests. Unseen counts the files at which it did
// not look, since the target has no place for them.
func (a *Archive) Arrived(ctx context.Context, t *Target, notice func(string)) (unseen int, err error) {
	pull, err := remote.NewPuller(t.Registries.options(ctx)...)
	if err != nil {
		return 0, err
	}
	var list diagnostic.List
	for _, artifact := range a.Manifest.artifacts() {
		notice(artifact.Repository + ":" + artifact.Tag)
		repository, err := t.repository(artifact)
		if err != nil {
			return 0, err
		}
		if err := arrivedOne(ctx, pull, repository, artifact); err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			list = append(list, notArrived(repository.Tag(artifact.Tag).Name(), artifact.Source, err))
		}
	}
	if made := a.provisioner(); made != nil {
		notice(made.key())
		if err := made.arrived(ctx, t, pull); err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			list = append(list, notArrived(made.key(), "the bundle's providers", err))
		}
	}
	for _, f := range a.rest() {
		if t.Objects == nil {
			unseen++
			continue
		}
		if err := t.Objects.Check(ctx, f); err != nil {
			list = append(list, notArrived(f.Path+" in "+t.Objects.String(), "the bundle", err))
		}
	}
	return unseen, list.Err()
}

func notArrived(what, source string, err error) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s is not what was saved of %s", what, source)
	d.Code, d.Why, d.Todo = "bundle.not_arrived", err.Error(), "push the bundle again; if that says that it is there, find out who changed it"
	return d
}

// arrivedOne reads an image at the target.
func arrivedOne(ctx context.Context, pull *remote.Puller, repository name.Repository, artifact Artifact) error {
	top, err := artifact.descriptor()
	if err != nil {
		return err
	}
	found, err := pull.Get(ctx, repository.Tag(artifact.Tag))
	if err != nil {
		return err
	}
	if got, _, err := v1.SHA256(bytes.NewReader(found.Manifest)); err != nil || got != top.Digest {
		return fmt.Errorf("its digest is %s, and should be %s", got, top.Digest)
	}
	manifest := func(d v1.Descriptor) ([]byte, error) {
		below, err := pull.Get(ctx, repository.Digest(d.Digest.String()))
		if err != nil {
			return nil, err
		}
		return below.Manifest, nil
	}
	blob := func(d v1.Descriptor) error {
		layer, err := pull.Layer(ctx, repository.Digest(d.Digest.String()))
		if err != nil {
			return err
		}
		in, err := layer.Compressed()
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }() // it was only read
		sum := sha256.New()
		if _, err := io.Copy(sum, in); err != nil {
			return err
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != d.Digest.Hex {
			return &digestError{"the part " + d.Digest.String(), d.Digest.Hex, got}
		}
		return nil
	}
	return walk(top, manifest, blob, func(v1.Descriptor, []byte) error { return nil })
}
