package bundle

import (
	"bytes"
	"encoding/json"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Media types of a chart in a registry (Helm documentation, "Use OCI-based registries", and helm.sh/helm/v4/pkg/registry).
const (
	chartConfig types.MediaType = "application/vnd.cncf.helm.config.v1+json"
	chartLayer  types.MediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
)

// chartRepository is the repository of a chart, below the prefix: Helm takes the last part of it for the chart's name.
func chartRepository(name string) string { return "charts/" + name }

// chart makes of a packed chart what Helm would push: its layer is the packed chart itself, byte by byte.
func (s *saver) chart(c Chart) (Artifact, error) {
	layer, err := s.part(chartLayer, c.Archive)
	if err != nil {
		return Artifact{}, err
	}
	config, err := s.part(chartConfig, c.Metadata)
	if err != nil {
		return Artifact{}, err
	}
	text, err := json.Marshal(v1.Manifest{SchemaVersion: 2, MediaType: types.OCIManifestSchema1, Config: config,
		Layers: []v1.Descriptor{layer}})
	if err != nil {
		return Artifact{}, err
	}
	manifest, err := s.part(types.OCIManifestSchema1, text)
	if err != nil {
		return Artifact{}, err
	}
	repository := chartRepository(c.Name)
	// A tag has no plus; Helm writes it so, and reads it so.
	tag := strings.ReplaceAll(c.Version, "+", "_")
	return Artifact{Source: c.Repository, Repository: repository, Tag: tag, Key: repository + ":" + tag,
		Digest: manifest.Digest.String(), MediaType: string(manifest.MediaType),
		Size: manifest.Size + config.Size + layer.Size, Places: c.Places}, nil
}

// part keeps a part of a chart, and describes it.
func (s *saver) part(media types.MediaType, content []byte) (v1.Descriptor, error) {
	digest, size, err := v1.SHA256(bytes.NewReader(content))
	if err != nil {
		return v1.Descriptor{}, err
	}
	return v1.Descriptor{MediaType: media, Size: size, Digest: digest}, s.keep(digest, content)
}

// mediaType is that of an artifact's manifest.
func mediaType(a Artifact) types.MediaType { return types.MediaType(a.MediaType) }
