package bundle

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// What Coder publishes with Terraform in it, and where the image of provisioners has what Coder's has not: the mirror of providers, and the
// configuration of Terraform's command line that names it.
const (
	coderRepository = "coder/coder"
	provisionerTag  = "-providers-"
	mirrorPlace     = "opt/coderaws/providers"
	settingsPlace   = "opt/coderaws/terraform.tfrc"
	// settingsVariable names the configuration to Terraform, and to OpenTofu.
	settingsVariable = "TF_CLI_CONFIG_FILE"
)

// terraformSettings have no other way to a provider than the mirror: Terraform says at once what the mirror lacks, where it would wait for
// a registry until time-outs end (Terraform documentation, "CLI configuration: provider installation").
const terraformSettings = `provider_installation {
  filesystem_mirror {
    path = "/` + mirrorPlace + `"
  }
}
`

// provisioner is the image that builds of workspaces run in where no registry is reached: Coder's own with the mirror of the bundle.
type provisioner struct {
	archive  *Archive
	base     Artifact
	files    []File
	platform v1.Platform
}

// zipped is a provider in a mirror, with its platform (Terraform documentation, "Implied local mirror directories": packed layout).
var zipped = regexp.MustCompile(`_([a-z0-9]+)_([a-z0-9]+)\.zip$`)

// provisioner is nil where the bundle lacks Coder's image or has no providers.
func (a *Archive) provisioner() *provisioner {
	at := slices.IndexFunc(a.Manifest.Images, func(artifact Artifact) bool { return artifact.Repository == coderRepository })
	if at < 0 {
		return nil
	}
	p := &provisioner{archive: a, base: a.Manifest.Images[at], files: a.rest()}
	for _, f := range p.files {
		if found := zipped.FindStringSubmatch(f.Path); found != nil {
			p.platform = v1.Platform{OS: found[1], Architecture: found[2]}
			return p
		}
	}
	return nil
}

// tag is the same for the same image and the same providers, and another one for others: tags do not change what they mean.
func (p *provisioner) tag() string {
	sum := sha256.New()
	_, _ = fmt.Fprint(sum, p.base.Digest, terraformSettings) // a hash takes everything
	for _, f := range p.files {
		_, _ = fmt.Fprintln(sum, f.Path, f.SHA256)
	}
	return p.base.Tag + provisionerTag + hex.EncodeToString(sum.Sum(nil))[:12]
}

// key is what the file of digests calls the image.
func (p *provisioner) key() string { return p.base.Repository + ":" + p.tag() }

// absent is a file of the mirror that the bundle left out; "" for none.
func (p *provisioner) absent() string {
	for _, f := range p.files {
		if f.Absent {
			return f.Path
		}
	}
	return ""
}

// image is made of the base as it is at the target.
func (p *provisioner) image(ctx context.Context, t *Target, repository name.Repository) (v1.Image, error) {
	base, err := remote.Image(repository.Digest(p.base.Digest), append(t.Registries.options(ctx), remote.WithPlatform(p.platform))...)
	if err != nil {
		return nil, err
	}
	config, err := base.ConfigFile()
	if err != nil {
		return nil, err
	}
	if config.OS != p.platform.OS || config.Architecture != p.platform.Architecture {
		return nil, fmt.Errorf("it is for %s/%s, and the providers are for %s", config.OS, config.Architecture, p.platform)
	}
	settings := config.Config
	settings.Env = append(slices.DeleteFunc(slices.Clone(settings.Env), func(pair string) bool {
		return strings.HasPrefix(pair, settingsVariable+"=")
	}), settingsVariable+"=/"+settingsPlace)
	named, err := mutate.Config(base, settings)
	if err != nil {
		return nil, err
	}
	media, err := layerType(base)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(p.layer, tarball.WithMediaType(media))
	if err != nil {
		return nil, err
	}
	return mutate.Append(named, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "coderaws bundle push"}})
}

// layerType is the type of a layer that goes with those of an image.
func layerType(image v1.Image) (types.MediaType, error) {
	is, err := image.MediaType()
	if is == types.OCIManifestSchema1 {
		return types.OCILayer, err
	}
	return types.DockerLayer, err
}

// layer streams the files that are added, always in the same bytes.
func (p *provisioner) layer() (io.ReadCloser, error) {
	read, written := io.Pipe()
	go func() { written.CloseWithError(p.write(tar.NewWriter(written))) }()
	return read, nil
}

func (p *provisioner) write(out *tar.Writer) error {
	made := map[string]bool{}
	add := func(to string, size int64, content io.Reader) error {
		for _, dir := range parents(to) {
			if !made[dir] {
				made[dir] = true
				if err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755}); err != nil {
					return err
				}
			}
		}
		err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: to, Mode: 0o644, Size: size})
		if err == nil {
			_, err = io.Copy(out, content)
		}
		return err
	}
	for _, f := range p.files {
		content, err := p.archive.open(f.Path)
		if err != nil {
			return err
		}
		err = add(path.Join(mirrorPlace, strings.TrimPrefix(f.Path, providersDir)), f.Size, content)
		if err = errors.Join(err, content.Close()); err != nil {
			return err
		}
	}
	if err := add(settingsPlace, int64(len(terraformSettings)), strings.NewReader(terraformSettings)); err != nil {
		return err
	}
	return out.Close()
}

// parents are the directories that a file is in, from the outermost on.
func parents(file string) []string {
	var all []string
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		all = append(all, dir)
	}
	slices.Reverse(all)
	return all
}

// provisioner makes the image of provisioners at the target, and notes its digest.
func (p *pushing) provisioner(ctx context.Context, result *Pushed, notice func(string)) error {
	made := p.archive.provisioner()
	if made == nil {
		return nil
	}
	repository, err := p.target.repository(made.base)
	if err != nil {
		return err
	}
	tag := repository.Tag(made.tag())
	notice("the image of provisioners, with the providers: " + made.key())
	there, err := p.pull.Head(ctx, tag)
	switch {
	case err == nil && made.absent() != "":
		result.Digests[made.key()] = there.Digest.String()
		return nil
	case err != nil && status(err) != http.StatusNotFound:
		return p.target.refused(ctx, repository, err)
	case made.absent() != "":
		return lacks(made.absent(), tag.Name(), err)
	}
	image, digest, err := made.digested(ctx, p.target, repository)
	if err != nil {
		return made.failed(ctx, p.target, repository, err)
	}
	if there != nil && there.Digest != digest {
		return taken(tag, there.Digest, Artifact{Digest: digest.String(), Source: made.key()})
	}
	if there == nil {
		if err := p.push.Push(ctx, tag, image); err != nil {
			return p.target.refused(ctx, repository, err)
		}
	}
	result.Digests[made.key()] = digest.String()
	return nil
}

func (p *provisioner) digested(ctx context.Context, t *Target, repository name.Repository) (v1.Image, v1.Hash, error) {
	image, err := p.image(ctx, t, repository)
	if err != nil {
		return nil, v1.Hash{}, err
	}
	digest, err := image.Digest()
	return image, digest, err
}

// failed says what the image of provisioners cannot be made of.
func (p *provisioner) failed(ctx context.Context, t *Target, repository name.Repository, err error) error {
	if status(err) != 0 || ctx.Err() != nil {
		return t.refused(ctx, repository, err)
	}
	d := diagnostic.Errorf("the image of provisioners cannot be made of %s", p.base.Source)
	d.Code, d.Why = "bundle.provisioner", err.Error()
	d.Todo = "save images and providers for one platform: `coderaws bundle save --platform linux/amd64`"
	return d
}

// arrived proves that the image of provisioners is what this bundle makes, or, of a bundle without all providers, that there is one.
func (p *provisioner) arrived(ctx context.Context, t *Target, pull *remote.Puller) error {
	repository, err := t.repository(p.base)
	if err != nil {
		return err
	}
	tag := repository.Tag(p.tag())
	there, err := pull.Head(ctx, tag)
	if err != nil || p.absent() != "" {
		return err
	}
	_, digest, err := p.digested(ctx, t, repository)
	if err == nil && digest != there.Digest {
		err = fmt.Errorf("its digest is %s, and should be %s", there.Digest, digest)
	}
	return err
}
