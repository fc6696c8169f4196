package linked_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/linked"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// program is what Go says of a small program.
func program() *debug.BuildInfo {
	return &debug.BuildInfo{
		GoVersion: "go1.26.8", Path: "coderaws/cmd/coderaws", Main: debug.Module{Path: "coderaws", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "github.com/spf13/cobra", Version: "v1.10.2", Sum: "h1:cobra="},
			{Path: "example.com/replaced", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.1.0+incompatible"}},
		},
		Settings: []debug.BuildSetting{{Key: "GOARCH", Value: "arm64"}, {Key: "GOOS", Value: "linux"}, {Key: "-trimpath", Value: "true"}},
	}
}

// TestBill is the whole bill of a small program.
func TestBill(t *testing.T) {
	text, err := linked.Bill(program(), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{
		"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": {"component": {"type": "application", "bom-ref": "coderaws@1.2.3", "name": "coderaws", "version": "1.2.3",
			"licenses": [{"license": {"id": "Apache-2.0"}}],
			"properties": [{"name": "cdx:gomod:build:env:GOARCH", "value": "arm64"}, {"name": "cdx:gomod:build:env:GOOS", "value": "linux"}]}},
		"components": [
			{"type": "library", "bom-ref": "pkg:golang/example.com/fork@v1.1.0%2Bincompatible", "name": "example.com/fork",
				"version": "v1.1.0+incompatible", "purl": "pkg:golang/example.com/fork@v1.1.0%2Bincompatible"},
			{"type": "library", "bom-ref": "pkg:golang/github.com/spf13/cobra@v1.10.2", "name": "github.com/spf13/cobra", "version": "v1.10.2",
				"licenses": [{"license": {"id": "Apache-2.0"}}], "purl": "pkg:golang/github.com/spf13/cobra@v1.10.2",
				"properties": [{"name": "coderaws:go.sum", "value": "h1:cobra="}]},
			{"type": "library", "bom-ref": "pkg:golang/std@1.26.8", "name": "std", "version": "1.26.8",
				"licenses": [{"license": {"id": "BSD-3-Clause"}}], "purl": "pkg:golang/std@1.26.8"}
		],
		"dependencies": [
			{"ref": "coderaws@1.2.3", "dependsOn": ["pkg:golang/example.com/fork@v1.1.0%2Bincompatible",
				"pkg:golang/github.com/spf13/cobra@v1.10.2", "pkg:golang/std@1.26.8"]},
			{"ref": "pkg:golang/example.com/fork@v1.1.0%2Bincompatible"}, {"ref": "pkg:golang/github.com/spf13/cobra@v1.10.2"},
			{"ref": "pkg:golang/std@1.26.8"}
		]
	}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the bill (-want +got):\n%s", diff)
	}
}

// whole is what Go says of the program, if it were linked for all systems at once. Of a test it does not say what is linked.
func whole(t *testing.T) *debug.BuildInfo {
	t.Helper()
	info := program()
	modules, err := linked.Modules()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		if m.Path != "std" && m.Path != "github.com/spf13/cobra" {
			info.Deps = append(info.Deps, &debug.Module{Path: m.Path, Version: m.Version, Sum: "h1:sum="})
		}
	}
	return info
}

// TestBillIsCycloneDX holds bills to the schema of CycloneDX: that of a small program, and one with all that is linked.
func TestBillIsCycloneDX(t *testing.T) {
	schema := compile(t)
	for name, info := range map[string]*debug.BuildInfo{"a small program": program(), "the whole program": whole(t)} {
		text, err := linked.Bill(info, "dev")
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		broken := bytes.Replace(text, []byte(`"CycloneDX"`), []byte(`"SPDX"`), 1)
		if validate(schema, broken) == nil {
			t.Errorf("%s: the schema takes another format as well", name)
		}
	}
}

// compile reads the schema, with those that it refers to.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "jsf-0.82.schema.json", "spdx.schema.json"} {
		text, err := os.Open("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(text)
		if err = errors.Join(err, text.Close()); err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("http://cyclonedx.org/schema/"+name, document); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, text []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

// TestNotices: whatever is linked into this test, as far as it is linked into the program, has its licence in the notices.
func TestNotices(t *testing.T) {
	modules, err := linked.Modules()
	if err != nil || len(modules) < 100 {
		t.Fatalf("%d modules, %v", len(modules), err)
	}
	for _, m := range modules {
		owner := strings.TrimSpace(m.Path+" "+m.Version) + ": "
		if !strings.Contains(linked.Notices(), "\n"+owner) || len(m.Licenses) == 0 || !slices.IsSorted(m.Licenses) {
			t.Errorf("%s has no text, or the licences %v", owner, m.Licenses)
		}
	}
}
