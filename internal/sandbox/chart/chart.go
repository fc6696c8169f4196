// Package chart does with Helm charts what Helm does up to the moment at which it would talk to a cluster: it finds a chart (a path, a
// repository, an OCI registry, a cache), renders it with the values of a release, and says which of these values nothing in
// the chart reads. It knows charts and templates, nothing of Kubernetes objects (package kubernetes) and nothing of
// Terraform (package helm), and imports nothing of this module. The provider of helm_release in the embedded AWS imports it.
package chart

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// maxArchive is the most that a packed chart may have, in bytes. Helm's own figure for the size of a release's Secret is 1 MiB, so that
// real charts are far below; what unpacks to more than 100 MiB is refused by Helm itself.
const maxArchive = 20 << 20

// Chart is a chart at rest. Its methods may be called by several goroutines at once.
type Chart struct {
	// files are what the chart was loaded from. Helm changes a chart while it renders it, so that each rendering loads its own.
	files  []*archive.BufferedFile
	chart  *chartv2.Chart
	origin string
	// packed is the archive that it was read from; nil if it was read from a directory.
	packed []byte
}

// Name is that of Chart.yaml.
func (c *Chart) Name() string { return c.chart.Name() }

// Version is the chart's own, without a leading v.
func (c *Chart) Version() string { return c.chart.Metadata.Version }

// AppVersion is the version of what the chart installs; "" if Chart.yaml names none.
func (c *Chart) AppVersion() string { return c.chart.AppVersion() }

// Origin says where the chart was found: a path, or the address that it was fetched from.
func (c *Chart) Origin() string { return c.origin }

// Packed is the chart as it is packed; nil for one that was read from a directory. Nobody may change it.
func (c *Chart) Packed() []byte { return c.packed }

// Metadata is Chart.yaml as JSON, as a registry has it beside the chart.
func (c *Chart) Metadata() ([]byte, error) { return json.Marshal(c.chart.Metadata) }

// LoadDirectory reads an unpacked chart.
func LoadDirectory(directory string) (*Chart, error) {
	// Helm's loader heeds .helmignore and links, which a walk of our own would have to learn. Raw holds the files of the whole
	// tree as an archive would, those of the charts in it included.
	loaded, err := loader.LoadDir(directory)
	if err != nil {
		return nil, err
	}
	files := make([]*archive.BufferedFile, len(loaded.Raw))
	for i, f := range loaded.Raw {
		files[i] = &archive.BufferedFile{Name: f.Name, Data: f.Data}
	}
	c, err := load(files)
	if err != nil {
		return nil, err
	}
	c.origin = directory
	return c, nil
}

// LoadArchive reads a packed chart, a .tgz file.
func LoadArchive(name string) (*Chart, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if err := archive.EnsureArchive(filepath.Base(name), f); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxArchive+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxArchive {
		return nil, fmt.Errorf("%s has more than %d MiB", name, maxArchive>>20)
	}
	return unpack(data, name)
}

// unpack reads a packed chart that is in memory.
func unpack(data []byte, origin string) (*Chart, error) {
	files, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c, err := load(files)
	if err != nil {
		return nil, err
	}
	c.origin, c.packed = origin, data
	return c, nil
}

func load(files []*archive.BufferedFile) (*Chart, error) {
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	if err := loaded.Validate(); err != nil {
		return nil, err
	}
	if v := loaded.Metadata.APIVersion; v != chartv2.APIVersionV1 && v != chartv2.APIVersionV2 {
		return nil, fmt.Errorf("its Chart.yaml says apiVersion %q; Helm installs charts of v1 and v2", v)
	}
	return &Chart{files: files, chart: loaded}, nil
}

// parcel is a chart on its way to another process.
type parcel struct {
	Files  []*archive.BufferedFile
	Origin string
}

// MarshalBinary packs the chart for another process.
func (c *Chart) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(parcel{c.files, c.origin})
	return b.Bytes(), err
}

// UnmarshalBinary loads a chart that another process has packed.
func (c *Chart) UnmarshalBinary(data []byte) error {
	var from parcel
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&from); err != nil {
		return err
	}
	loaded, err := load(from.Files)
	if err != nil {
		return err
	}
	*c = *loaded
	c.origin = from.Origin
	return nil
}

// fresh loads the chart again, for one rendering. The loader keeps what the files hold and changes none of it.
func (c *Chart) fresh() (*chartv2.Chart, error) { return loader.LoadFiles(c.files) }

// ParseValues reads values from YAML as Helm does: all numbers become float64, which templates print as Helm does, so that 1000000 becomes
// 1e+06. The text must be a map, or empty.
func ParseValues(text string) (map[string]any, error) {
	values, err := common.ReadValues([]byte(text))
	if err != nil {
		return nil, err
	}
	if values == nil {
		return nil, errors.New("values are a map")
	}
	return values, nil
}
