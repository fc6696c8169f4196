package cases

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// directoryVariable names the environment variable that points to the cases: below it a directory for each origin, and in that one for each
// case. Cases are reports of others, and so no part of the repository; the kinds that they stand for have rows in the tests of services.
const directoryVariable = "CODERAWS_CASES"

// whole is the life of a case without steps of its own: it is made, planned again without a change, and destroyed.
const whole = `terraform init -no-color >init.txt
terraform apply -no-color -auto-approve
terraform plan -no-color -detailed-exitcode
terraform destroy -no-color -auto-approve`

// colour are the sequences with which terminals colour.
var colour = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// lifeCase is one case: Terraform or settings, and what comes of it.
type lifeCase struct {
	origin, dir string
	// expect is what the output has to hold; nil where all has to pass.
	expect *regexp.Regexp
	// steps is a script; empty for the whole life.
	steps string
}

// TestCasesEndAsExpected runs what people met on AWS: what AWS refuses is refused in its words, and what it takes is taken.
func TestCasesEndAsExpected(t *testing.T) {
	root := os.Getenv(directoryVariable)
	if root == "" {
		t.Skipf("*** SKIPPED: %s names no directory of cases", directoryVariable)
	}
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skipf("*** SKIPPED: %v", err)
	}
	all := readCases(t, root)
	if len(all) == 0 {
		t.Fatalf("%s has no cases", root)
	}
	program := filepath.Join(t.TempDir(), "coderaws")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "coderaws/cmd/coderaws").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	counts := map[string][2]int{}
	for _, c := range all {
		met := t.Run(c.origin+"/"+filepath.Base(c.dir), func(t *testing.T) { c.run(t, program) })
		count := counts[c.kind()]
		count[1]++
		if met {
			count[0]++
		}
		counts[c.kind()] = count
	}
	table := "| cases | as AWS answers |\n|---|---|\n"
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		table += fmt.Sprintf("| %s | %d of %d |\n", kind, counts[kind][0], counts[kind][1])
	}
	t.Logf("\n%s", table)
}

// kind is where a case comes from, and which way it tests.
func (c lifeCase) kind() string {
	if c.expect == nil {
		return c.origin + ", accepted by AWS"
	}
	return c.origin + ", refused by AWS or without effect there"
}

func (c lifeCase) run(t *testing.T, program string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(c.dir)); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "sandbox", "exec", "--", "sh", "-ec", whole)
	if c.steps != "" {
		command = exec.CommandContext(t.Context(), "sh", "-c", c.steps)
	}
	command.Dir, command.Env = dir, append(os.Environ(), "CR="+program, "CODERAWS_OFFLINE=1",
		"AWS_REGION=us-east-1", "TF_IN_AUTOMATION=1")
	raw, err := command.CombinedOutput()
	out := colour.ReplaceAllString(string(raw), "")
	switch {
	case c.expect == nil && err != nil:
		t.Errorf("%v\n%s", err, out)
	case c.expect != nil && !c.expect.MatchString(out):
		t.Errorf("nothing matches %s\n%s", c.expect, out)
	}
}

// readCases reads the cases below root. Scripts without Terraform or settings are none: what they expect stands in themselves.
func readCases(t *testing.T, root string) (all []lifeCase) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		origin := filepath.Base(filepath.Dir(dir))
		steps, expect := optional(t, filepath.Join(dir, "steps")), optional(t, filepath.Join(dir, "expect"))
		if _, err := fs.Stat(os.DirFS(dir), "main.tf"); err != nil && (steps == "" || expect == "") {
			continue
		}
		c := lifeCase{origin: origin, dir: dir, steps: steps}
		if expect != "" && expect != "PASS" {
			c.expect = regexp.MustCompile(expect)
		}
		all = append(all, c)
	}
	return all
}

// optional reads a file that need not be there, without the space around it.
func optional(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
