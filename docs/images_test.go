package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// images are the pictures of the documents, each with the command that draws it on standard output.
var images = map[string]string{
	"sr-simple.svg":          "diagram sr-simple --svg -",
	"sr-ha.svg":              "diagram sr-ha --svg -",
	"pubsec.svg":             "diagram pubsec --svg -",
	"sr-simple-timeline.svg": "timeline sr-simple --svg -",
	"sr-ha-timeline.svg":     "timeline sr-ha --svg -",
}

// TestImages holds the pictures to what the program draws of the patterns as they are.
func TestImages(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		if _, err := exec.LookPath("tofu"); err != nil && os.Getenv("CODERAWS_TERRAFORM") == "" {
			t.Skip("neither terraform nor tofu is here, so that the pictures in the documents are not checked")
		}
	}
	program := filepath.Join(t.TempDir(), "coderaws")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/coderaws").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, command := range images {
		got := run(t, program, command)
		file := filepath.Join("images", name)
		want, err := os.ReadFile(file)
		if err != nil && !*update {
			t.Errorf("%v (go test ./docs -update draws it)", err)
			continue
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs from what `coderaws %s` draws (go test ./docs -update draws it):\n%s", file, command, diff)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
