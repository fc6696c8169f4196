// Package docs holds the documents to what the program does: output that they show is the program's, and links lead somewhere.
package docs

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"coderaws/internal/sandbox/chart/charttest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the program's output into the documents, and fail")

// documents lists the Markdown files of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".." || entry.Name() == "bin") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".md") {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// shown matches a block of output with the command that makes it.
var shown = regexp.MustCompile("(?ms)^<!-- output: coderaws ([^\n]*?) -->\n```text\n(.*?)```$")

// volatile is what differs from run to run or from machine to machine: the engine, how long the rehearsal itself took, and ids
// that Terraform makes by chance.
var volatile = []struct {
	pattern *regexp.Regexp
	steady  string
}{
	{regexp.MustCompile(`with (Terraform|OpenTofu) \S+ on the embedded AWS, in [0-9.]+ s`), "with ENGINE on the embedded AWS, in SECONDS"},
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "UUID"},
}

func steady(text string) string {
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.steady)
	}
	return text
}

func TestOutputInDocuments(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		if _, err := exec.LookPath("tofu"); err != nil && os.Getenv("CODERAWS_TERRAFORM") == "" {
			t.Skip("neither terraform nor tofu is here, so that output in the documents is not checked")
		}
	}
	program := filepath.Join(t.TempDir(), "coderaws")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/coderaws").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	outputs := map[string]string{}
	blocks := 0
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		changed := shown.ReplaceAllStringFunc(string(text), func(block string) string {
			blocks++
			match := shown.FindStringSubmatch(block)
			command, want := match[1], match[2]
			given := want
			t.Run(command, func(t *testing.T) {
				if _, ok := outputs[command]; !ok {
					outputs[command] = run(t, program, command)
				}
				given = outputs[command]
				if diff := cmp.Diff(steady(want), steady(given)); diff != "" {
					t.Errorf("%s shows other output of `coderaws %s` (go test ./docs -update writes it):\n%s", document, command, diff)
				}
			})
			return strings.Replace(block, "```text\n"+want+"```", "```text\n"+given+"```", 1)
		})
		if *update && changed != string(text) {
			if err := os.WriteFile(document, []byte(changed), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if blocks == 0 {
		t.Error("no document shows output, which cannot be right")
	}
}

func run(t *testing.T, program, command string) string {
	t.Helper()
	cmd := exec.Command(program, strings.Fields(command)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Dir = ".."
	// What is shown must not depend on a network, nor on charts that were fetched before. A rehearsal is shown as `make demo` runs it, with
	// the charts of Coder alone.
	charts := ""
	if strings.HasPrefix(command, "rehearse ") {
		charts = strings.Join(charttest.Directories(t, charttest.Versions[0]), string(os.PathListSeparator))
	}
	cmd.Env = append(os.Environ(), "CODERAWS_OFFLINE=1", "CODERAWS_CHARTS="+charts, "XDG_CACHE_HOME="+t.TempDir())
	if err := cmd.Run(); err != nil {
		t.Fatalf("coderaws %s: %v\n%s", command, err, stderr.String())
	}
	return stdout.String()
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

func TestLinks(t *testing.T) {
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(match[1], "://") || strings.HasPrefix(match[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), match[1])); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, match[1])
			}
		}
	}
}
