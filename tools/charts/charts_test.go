package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// source is what is used of Coder's source, in small.
var source = map[string]string{
	"helm/coder/Chart.yaml": "apiVersion: v2\nname: coder\nversion: 0.1.0\nappVersion: 0.1.0\n" +
		"dependencies: [{name: libcoder, version: 0.1.0, repository: 'file://../libcoder'}]\n",
	"helm/coder/Chart.lock":           "dependencies: [{name: libcoder, version: 0.1.0, repository: 'file://../libcoder'}]\n",
	"helm/coder/values.yaml":          "coder: {}\n",
	"helm/coder/.helmignore":          "tests\n",
	"helm/coder/tests/a.golden":       "left out\n",
	"helm/coder/templates/coder.yaml": "a: b\n",
	"helm/provisioner/Chart.yaml": "apiVersion: v2\nname: coder-provisioner\nversion: 0.1.0\n" +
		"dependencies: [{name: libcoder, version: 0.1.0, repository: 'file://../libcoder'}]\n",
	"helm/libcoder/Chart.yaml":             "apiVersion: v2\nname: libcoder\ntype: library\nversion: 0.1.0\n",
	"helm/libcoder/templates/_helpers.tpl": "{{ define \"a\" }}{{ end }}\n",
}

// unpacked writes the source into a directory, with files of the time at.
func unpacked(t *testing.T, at time.Time) string {
	t.Helper()
	directory := t.TempDir()
	for name, text := range source {
		file := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

func TestPackSource(t *testing.T) {
	released := time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	var digests [2]string
	var directory string
	for i := range digests {
		directory = t.TempDir()
		written, err := packSource(unpacked(t, released.AddDate(i, 0, 0)), "2.27.0", released, directory)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{filepath.Join(directory, "coder-2.27.0.tgz"), filepath.Join(directory, "coder-provisioner-2.27.0.tgz")}
		if diff := cmp.Diff(want, written); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
		data, err := os.ReadFile(written[0])
		if err != nil {
			t.Fatal(err)
		}
		digests[i] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	if digests[0] != digests[1] {
		t.Errorf("the same source gives %s and %s", digests[0], digests[1])
	}
	c, err := loader.LoadFile(filepath.Join(directory, "coder-2.27.0.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Metadata.Version != "2.27.0" || c.Metadata.AppVersion != "2.27.0" || c.Metadata.Dependencies[0].Repository != "" || c.Lock != nil {
		t.Errorf("packed as %s for %s, with libcoder from %q and the lock %v", c.Metadata.Version, c.Metadata.AppVersion,
			c.Metadata.Dependencies[0].Repository, c.Lock)
	}
	if inner := c.Dependencies(); len(inner) != 1 || inner[0].Name() != "libcoder" || inner[0].Metadata.Version != "0.1.0" {
		t.Errorf("it holds the charts %v", inner)
	}
	for _, f := range c.Raw {
		if strings.HasPrefix(f.Name, "tests/") {
			t.Errorf("%s is in it although .helmignore leaves it out", f.Name)
		}
	}
	if rest, err := os.ReadDir(directory); err != nil || len(rest) != 2 {
		t.Errorf("besides the charts there are %v, error %v", rest, err)
	}
}
