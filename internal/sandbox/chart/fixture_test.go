package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// fixture makes a chart of the files in a txtar archive. A Chart.yaml of the name app is added where there is none.
func fixture(t testing.TB, text string) *Chart {
	t.Helper()
	c, err := unpack(archived(t, text), "fixture")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// archived packs the files of a txtar archive as `helm package` does.
func archived(t testing.TB, text string) []byte {
	t.Helper()
	files := txtar.Parse([]byte(text)).Files
	if !slices.ContainsFunc(files, func(f txtar.File) bool { return f.Name == "Chart.yaml" }) {
		files = append(files, txtar.File{Name: "Chart.yaml", Data: []byte("apiVersion: v2\nname: app\nversion: 1.0.0\n")})
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	out := tar.NewWriter(zip)
	for _, f := range files {
		if err := out.WriteHeader(&tar.Header{Name: "app/" + f.Name, Mode: 0o644, Size: int64(len(f.Data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// named is a chart of a name and version, with one template.
func named(name, version string) string {
	return strings.NewReplacer("NAME", name, "VERSION", version).Replace(`
-- Chart.yaml --
apiVersion: v2
name: NAME
version: VERSION
appVersion: "7"
-- templates/a.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
`)
}
