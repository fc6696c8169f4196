package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// applications are the directories of the charts that Coder releases, below helm/ in its source. Both are made of the third
// directory there, the library chart libcoder.
var applications = []string{"coder", "provisioner"}

// packSource packs the charts of an unpacked source of Coder into the directory and returns the names of the files. What
// scripts/helm.sh of Coder does with `helm dependency update` and `helm package` happens here: the library goes into
// the chart, and the release's version into version and appVersion. All files carry the time at, so that the same source gives
// the same bytes.
func packSource(source, version string, at time.Time, directory string) (written []string, err error) {
	for _, application := range applications {
		c, err := loader.LoadDir(filepath.Join(source, "helm", application))
		if err != nil {
			return nil, fmt.Errorf("chart %s of Coder %s: %w", application, version, err)
		}
		library, err := loader.LoadDir(filepath.Join(source, "helm", "libcoder"))
		if err != nil {
			return nil, fmt.Errorf("chart libcoder of Coder %s: %w", version, err)
		}
		c.Metadata.Version, c.Metadata.AppVersion = version, version
		for _, dependency := range c.Metadata.Dependencies {
			// file://../libcoder means nothing outside of Coder's source. The lock would repeat it.
			dependency.Repository = ""
		}
		c.Lock = nil
		c.SetDependencies(library)
		setTime(c, at)
		setTime(library, at)
		file, err := save(c, directory)
		if err != nil {
			return nil, fmt.Errorf("chart %s of Coder %s: %w", application, version, err)
		}
		written = append(written, file)
	}
	return written, nil
}

// setTime gives all files of a chart the same time of modification.
func setTime(c *chart.Chart, at time.Time) {
	c.ModTime, c.SchemaModTime = at, at
	for _, files := range [][]*common.File{c.Raw, c.Templates, c.Files} {
		for _, f := range files {
			f.ModTime = at
		}
	}
}

// save packs a chart under its final name in one step, so that nobody reads half a chart.
func save(c *chart.Chart, directory string) (string, error) {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp(directory, ".packing-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	packed, err := chartutil.Save(c, scratch)
	if err != nil {
		return "", err
	}
	final := filepath.Join(directory, filepath.Base(packed))
	return final, os.Rename(packed, final)
}
