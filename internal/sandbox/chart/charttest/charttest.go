// Package charttest finds the charts of Coder for tests. Coder's licence keeps them out of this repository: `make charts` packs them,
// `make test` has it do so, and where they could not be had, as without a network, the tests that take them are skipped, with the reason.
// Only tests import it.
package charttest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Versions are those of Coder whose charts tests render, the newest first. The patterns pin the first.
var Versions = []string{"2.35.1", "2.27.0", "2.24.4"}

// Directories are those with Coder's charts of a version: what CODERAWS_CHARTS names, or else bin/charts of this repository. The test
// is skipped if none of them has the charts.
func Directories(t testing.TB, version string) []string {
	t.Helper()
	directories := filepath.SplitList(os.Getenv("CODERAWS_CHARTS"))
	if len(directories) == 0 {
		directories = []string{filepath.Join(root(t), "bin", "charts")}
	}
	for i, directory := range directories {
		if !filepath.IsAbs(directory) {
			directories[i] = filepath.Join(root(t), directory)
		}
	}
	for _, chart := range []string{"coder", "coder-provisioner"} {
		if !slices.ContainsFunc(directories, func(directory string) bool { return holds(directory, chart+"-"+version+".tgz") }) {
			t.Skipf("*** SKIPPED: there is no chart %s %s in %v; run `make charts`, which takes a Go proxy", chart, version, directories)
		}
	}
	return directories
}

func holds(directory, name string) bool {
	info, err := os.Stat(filepath.Join(directory, name))
	return err == nil && info.Mode().IsRegular()
}

// root is the directory of this repository, above the package that is tested.
func root(t testing.TB) string {
	t.Helper()
	directory, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !holds(directory, "go.mod") {
		above := filepath.Dir(directory)
		if above == directory {
			t.Fatal("no directory above the test has a go.mod")
		}
		directory = above
	}
	return directory
}
