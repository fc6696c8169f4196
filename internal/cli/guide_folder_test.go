package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/guide"

	"github.com/zclconf/go-cty/cty"
)

// TestGuideFoldersOfSeveralRegions: a guide of each region has a folder of its own in the folder of all.
func TestGuideFoldersOfSeveralRegions(t *testing.T) {
	region := func(name string) deployment.Region {
		return deployment.Region{Name: name, Values: map[string]cty.Value{"name": cty.StringVal("team")}}
	}
	one, both := []deployment.Region{region("us-east-1")}, []deployment.Region{region("us-east-1"), region("eu-west-1")}
	write := func(t *testing.T, to string, regions []deployment.Region) {
		t.Helper()
		for _, r := range regions {
			folder := guideFolder(to, len(regions), r.Name)
			if _, err := writeGuide(folder, ownerOf(r), []guide.File{{Name: "README.md", Text: r.Name}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name    string
		given   func(t *testing.T, to string)
		regions []deployment.Region
		// says is why it is refused; "" means that it is not.
		says string
	}{
		{"a folder that is not there", func(*testing.T, string) {}, both, ""},
		{"the guides of both, written again", func(t *testing.T, to string) { write(t, to, both) }, both, ""},
		{"the guide of one, written again", func(t *testing.T, to string) { write(t, to, one) }, one, ""},
		{"the guide of one where those of both would go", func(t *testing.T, to string) { write(t, to, one) }, both,
			"it holds README.md"},
		{"the guides of both where that of one would go", func(t *testing.T, to string) { write(t, to, both) }, one,
			"it holds eu-west-1"},
		{"what is no guide among them", func(t *testing.T, to string) {
			write(t, to, both)
			if err := os.WriteFile(filepath.Join(to, "notes.txt"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, both, "it holds notes.txt"},
		{"the guide of one region in the folder of the other", func(t *testing.T, to string) {
			write(t, to, both)
			if _, err := writeGuide(filepath.Join(to, "eu-west-1"), ownerOf(region("us-west-2")), nil); err != nil {
				t.Fatal(err)
			}
		}, both, "eu-west-1 is the guide of team in us-west-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), "guides")
			c.given(t, to)
			err := checkGuideFolders(to, c.regions)
			if c.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || diagnostic.Exit(err) != diagnostic.ExitInvalid {
				t.Fatalf("got %v, want a refusal as wrong usage", err)
			}
			if d := diagnostic.From(err)[0]; !strings.Contains(d.Summary+"; "+d.Why, c.says) || d.Todo != "name a new folder with --to FOLDER" {
				t.Errorf("got %s; %s; %s, want %q", d.Summary, d.Why, d.Todo, c.says)
			}
		})
	}
}
