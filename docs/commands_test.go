package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newcomers are the commands that the README has somebody type who has just cloned it: the first block of commands there.
func newcomers(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "```console\n")
	block, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatal("the README has no block of commands")
	}
	var commands []string
	for line := range strings.Lines(block) {
		command, _, _ := strings.Cut(line, "#")
		commands = append(commands, strings.TrimSpace(command))
	}
	return commands
}

// TestContinuousIntegrationIsANewcomerFirst runs .ci/run with a make that makes nothing and writes down what it is asked for.
func TestContinuousIntegrationIsANewcomerFirst(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("*** SKIPPED: bash is not on PATH, and .ci/run is a script of it")
	}
	script, err := os.ReadFile("../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	clone := t.TempDir()
	asked := filepath.Join(clone, "asked")
	for file, text := range map[string]string{
		".ci/run":        string(script),
		"fake/make":      "#!" + bash + "\necho \"make $*\" >> '" + asked + "'\n",
		"fake/go":        "#!" + bash + "\necho \"go $*\" >> '" + asked + "'\n",
		"fake/git":       "#!" + bash + "\necho \"git $*\" >> '" + asked + "'\n",
		"fake/terraform": "#!" + bash + "\n",
	} {
		path := filepath.Join(clone, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bash, filepath.Join(clone, ".ci", "run"))
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(clone, "fake")+string(os.PathListSeparator)+os.Getenv("PATH"))
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	text, err := os.ReadFile(asked)
	if err != nil {
		t.Fatal(err)
	}
	did := strings.Split(strings.TrimSpace(string(text)), "\n")
	want := newcomers(t)
	if diff := cmp.Diff(want, did[:min(len(want), len(did))]); diff != "" {
		t.Errorf(".ci/run does not begin with the commands of the README (-README +.ci/run):\n%s", diff)
	}
}

// asksFor is a target of make that a document has somebody type.
var asksFor = regexp.MustCompile("(?m)(?:^|`)make ([a-z][a-z0-9/-]*)")

func TestDocumentsNameTargets(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, match := range regexp.MustCompile(`(?m)^([a-z][a-z0-9/-]*):.*## `).FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, match[1])
	}
	for _, command := range newcomers(t) {
		if !slices.Contains(targets, strings.TrimPrefix(command, "make ")) {
			t.Errorf("the README has a newcomer type %q; `make` knows %v", command, targets)
		}
	}
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asksFor.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(targets, match[1]) && !strings.Contains(string(makefile), "\n"+match[1]+":") {
				t.Errorf("%s names `make %s`, which there is not", document, match[1])
			}
		}
	}
}

// TestLongTestsExist: each test that the Makefile has `make test` leave out is one that `make test-long` runs.
func TestLongTestsExist(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	named := func(variable string) []string {
		match := regexp.MustCompile(`(?m)^` + variable + ` := ((?:.*\\\n)*.*)$`).FindStringSubmatch(string(makefile))
		if match == nil {
			t.Fatalf("the Makefile has no %s", variable)
		}
		return strings.Fields(strings.ReplaceAll(match[1], "\\\n", " "))
	}
	for _, test := range named("LONG_TESTS") {
		if !slices.ContainsFunc(named("LONG_PACKAGES"), func(dir string) bool { return shows(t, dir+" "+test, "") }) {
			t.Errorf("`make test` leaves out %s, which is in none of the packages that `make test-long` runs", test)
		}
	}
}
