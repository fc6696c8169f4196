package cli

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// installation is one that a platform stack has made, with its output templates.
func installation(region, templates string) *lifecycle.Installation {
	i := &lifecycle.Installation{Templates: json.RawMessage(templates)}
	i.Region = region
	return i
}

// settings are those of a deployment, whose spokes serve another region's Coder.
func settings(regions, spokes []string) *deployment.Deployment {
	d := &deployment.Deployment{}
	for i, region := range slices.Concat(regions, spokes) {
		proxy := cty.BoolVal(i >= len(regions))
		d.Regions = append(d.Regions, deployment.Region{Name: region, Values: map[string]cty.Value{
			"deployment_features": cty.ObjectVal(map[string]cty.Value{"workspace_proxy": proxy}),
		}})
	}
	return d
}

// TestCoderOf: templates are the hub's, wherever workspaces are built; independent Coders are named.
func TestCoderOf(t *testing.T) {
	ohio, london := installation("us-east-2", "{}"), installation("eu-west-2", "{}")
	both := []*lifecycle.Installation{london, ohio}
	for _, test := range []struct {
		name, region    string
		regions, spokes []string
		there           []*lifecycle.Installation
		coder           string
		builds          []string
		refused         string
	}{
		{"one region", "", []string{"us-east-2"}, nil, []*lifecycle.Installation{ohio}, "us-east-2", nil, ""},
		{"two Coders", "", []string{"us-east-2", "eu-west-2"}, nil, both, "", nil, "it is not said which region is meant"},
		{"one of two Coders", "eu-west-2", []string{"us-east-2", "eu-west-2"}, nil, both, "eu-west-2", nil, ""},
		{"a hub and its spoke", "", []string{"us-east-2"}, []string{"eu-west-2"}, both, "us-east-2", []string{"eu-west-2"}, ""},
		{"the hub by its name", "us-east-2", []string{"us-east-2"}, []string{"eu-west-2"}, both, "us-east-2", []string{"eu-west-2"}, ""},
		{"a spoke that is not made yet", "", []string{"us-east-2"}, []string{"eu-west-2"}, []*lifecycle.Installation{ohio}, "us-east-2", nil, ""},
		{"a spoke", "eu-west-2", []string{"us-east-2"}, []string{"eu-west-2"}, both, "", nil, "there is no Coder in eu-west-2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := coderOf(settings(test.regions, test.spokes), test.there, test.region)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) || diagnostic.Exit(err) != diagnostic.ExitInvalid {
					t.Errorf("%v, want %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var builds []string
			for _, spoke := range s.spokes {
				builds = append(builds, spoke.Region)
			}
			if diff := cmp.Diff(test.builds, builds); s.coder.Region != test.coder || diff != "" {
				t.Errorf("the Coder of %s; spokes (-want +got):\n%s", s.coder.Region, diff)
			}
		})
	}
}

// TestTemplatesOfRegions is the specification of what a template is told of regions, and of what it goes without where there is no choice.
func TestTemplatesOfRegions(t *testing.T) {
	ohio := installation("us-east-2", `{"namespace": "coder-workspaces", "storage_class": "gp3"}`)
	london := installation("eu-west-2", `{"namespace": "coder-london", "storage_class": "gp3-london", "dev_containers": "false"}`)
	const tags, main = "region-tags.tf", "main.tf"
	ours := map[string]string{main: "variable \"regions\" {}\nvariable \"storage_class\" {}\n", tags: "# tags\n"}
	const three = `{"a": {"name": "A", "hub": true}, "c": {"name": "C"}, "b": {"name": "B"}}`
	theirs := map[string]string{main: ours[main]}
	for _, test := range []struct {
		name     string
		template map[string]string
		spokes   []*lifecycle.Installation
		given    map[string]string
		// regions is the variable's value, "" for none; tagged are the regions that need a provisioner; files are those that are pushed.
		regions string
		tagged  []string
		files   []string
		refused string
	}{
		{"one region", ours, nil, nil, "", nil, []string{main}, ""},
		{"a hub and a spoke", ours, []*lifecycle.Installation{london}, nil,
			`{"eu-west-2":{"dev_containers":"false","hub":false,"name":"Europe (London)","namespace":"coder-london","storage_class":"gp3-london"},` +
				`"us-east-2":{"hub":true,"name":"US East (Ohio)"}}`, []string{"eu-west-2"}, []string{main, tags}, ""},
		{"what is given holds in all regions", ours, []*lifecycle.Installation{london}, map[string]string{"storage_class": "own"},
			`{"eu-west-2":{"dev_containers":"false","hub":false,"name":"Europe (London)","namespace":"coder-london"},` +
				`"us-east-2":{"hub":true,"name":"US East (Ohio)"}}`, []string{"eu-west-2"}, []string{main, tags}, ""},
		{"regions are given", ours, nil, map[string]string{"regions": three},
			three, []string{"b", "c"}, []string{main, tags}, ""},
		{"no choice is given", ours, []*lifecycle.Installation{london}, map[string]string{"regions": "{}"}, "{}", nil, []string{main}, ""},
		{"something else is given", ours, nil, map[string]string{"regions": "eu-west-2"}, "", nil, nil, "--var regions is no JSON of regions"},
		{"a template whose regions are something else", theirs, nil, map[string]string{"regions": `["a", "b"]`}, `["a", "b"]`, nil,
			[]string{main}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range test.template {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			source := templateSource{os.DirFS(filepath.Dir(dir)), "."}
			packed, err := pack(source, []string{filepath.Base(dir)}, served{ohio, test.spokes}, test.given)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) || diagnostic.Exit(err) != diagnostic.ExitInvalid {
					t.Errorf("%v, want %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := []any{packed[0].Variables["regions"], packed[0].Regions, files(packed[0])}
			if diff := cmp.Diff([]any{test.regions, test.tagged, test.files}, got); diff != "" {
				t.Errorf("regions, those with a tag, and files (-want +got):\n%s", diff)
			}
		})
	}
}

// files are those of a template's archive.
func files(t *coder.Template) []string {
	var names []string
	archive := tar.NewReader(bytes.NewReader(t.Archive))
	for {
		header, err := archive.Next()
		if err != nil {
			return names
		}
		names = append(names, header.Name)
	}
}
