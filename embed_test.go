package coderaws

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// TestSourceIsWhole fails when a file that Terraform needs is in the repository and not in the program. Go leaves hidden
// files out unless they are named, so that a dependency lock file would go missing without a word.
func TestSourceIsWhole(t *testing.T) {
	repository := os.DirFS(".")
	for _, root := range []string{"stacks", "modules", "patterns", "charts", "templates"} {
		err := fs.WalkDir(repository, root, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == ".terraform" || d.Name() == "tests"):
				return fs.SkipDir // what init leaves, and what only `terraform test` needs
			case d.IsDir(), path.Ext(file) == ".md", strings.Contains(file, ".tfstate"):
				return nil
			}
			want, err := fs.ReadFile(repository, file)
			if err != nil {
				return err
			}
			if got, err := fs.ReadFile(Source, file); err != nil || string(got) != string(want) {
				t.Errorf("%s is not embedded as it is (%v): add its kind to the pattern in embed.go", file, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
