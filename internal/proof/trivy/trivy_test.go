package trivy

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
)

const (
	// scannerVariable names the program of testdata/scanner, a module of its own; without it nothing is scanned.
	scannerVariable = "CODERAWS_TRIVY"
	exceptionsFile  = "exceptions.txt"
	// objectMark and objectSuffix stand around kind, namespace and name in the name of an object's file.
	objectMark, objectSuffix = "~", ".yaml"
)

// TestPatterns scans what each pattern plans, and what its charts make.
func TestPatterns(t *testing.T) {
	scanner := scannerOrSkip(t)
	binary, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	source := os.DirFS("../../..")
	patterns, err := deployment.Patterns(source)
	if err != nil {
		t.Fatal(err)
	}
	plans, objects, addresses := t.TempDir(), t.TempDir(), map[string]string{}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	for _, pattern := range patterns {
		d, findings := pattern.Deployment(t.TempDir())
		if findings.HasErrors() {
			t.Fatal(findings)
		}
		runner := &lifecycle.Runner{
			Source: source, Program: "test", Binary: binary, Environ: append(os.Environ(), rehearsal.OfflineVariable+"=1"),
			Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: bytes.NewReader(make([]byte, 64)),
		}
		previews, err := rehearsal.New("test", now).Preview(t.Context(), runner, d, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range previews {
			if p.Stack == lifecycle.CloudStack { // what the platform installs is looked at as objects
				write(t, filepath.Join(plans, pattern.Name+"-"+p.Region+".json"), readable(*p.Made.Document))
			}
			for _, r := range p.Plan.Planned() {
				addresses[scanned(r.Address, r.Type)] = keys.ReplaceAllString(r.Address, "")
			}
			for _, o := range p.Objects {
				subject := o.Kind + " " + strings.TrimPrefix(o.Namespace+"."+o.Name, ".")
				write(t, filepath.Join(objects, pattern.Name+objectMark+subject+objectSuffix), o.Values.Known())
			}
			if len(p.Unrendered) > 0 {
				t.Logf("not looked at in %s, as the chart is not at hand: %s", pattern.Name, strings.Join(p.Unrendered, ", "))
			}
		}
	}
	found := scan(t, scanner, plans, objects)
	for i, f := range found {
		if address := addresses[f.Resource]; address != "" {
			found[i].Resource = address
		}
	}
	text, err := os.ReadFile(exceptionsFile)
	if err != nil {
		t.Fatal(err)
	}
	exceptions, err := readExceptions(string(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d findings of all severities, %d exceptions", len(found), len(exceptions))
	for _, wrong := range judge(found, exceptions) {
		t.Error(wrong)
	}
}

// readable is a plan as Trivy 0.74 can read it: with what everything is once it was made as the outcome of its changes, since it takes for
// missing what is not known before, and without what exists in Terraform alone, since at a terraform_data it gives the whole plan up and
// says nothing.
func readable(document tfjson.Plan) *tfjson.Plan {
	made := map[string]map[string]any{}
	for _, r := range resources(document.PlannedValues.RootModule) {
		made[r.Address] = r.AttributeValues
	}
	alone := func(typ string) bool { return typ == "terraform_data" }
	var changes []*tfjson.ResourceChange
	for _, change := range document.ResourceChanges {
		if values, known := made[change.Address]; known && !alone(change.Type) {
			resource, outcome := *change, *change.Change
			outcome.After = values
			resource.Change = &outcome
			changes = append(changes, &resource)
		}
	}
	values := *document.PlannedValues
	values.RootModule = withoutTypes(values.RootModule, alone)
	document.ResourceChanges, document.PlannedValues = changes, &values
	return &document
}

// resources are those of a module and of those below it.
func resources(m *tfjson.StateModule) []*tfjson.StateResource {
	all := slices.Clone(m.Resources)
	for _, child := range m.ChildModules {
		all = append(all, resources(child)...)
	}
	return all
}

func withoutTypes(m *tfjson.StateModule, left func(typ string) bool) *tfjson.StateModule {
	module := *m
	module.Resources = slices.DeleteFunc(slices.Clone(m.Resources), func(r *tfjson.StateResource) bool { return left(r.Type) })
	module.ChildModules = nil
	for _, child := range m.ChildModules {
		module.ChildModules = append(module.ChildModules, withoutTypes(child, left))
	}
	return &module
}

// TestScanner holds that the scanner finds what is wrong, and that a silence of it says something.
func TestScanner(t *testing.T) {
	rules := map[string]bool{}
	for _, f := range scan(t, scannerOrSkip(t), "testdata/plans", "testdata/objects") {
		rules[f.Rule] = true
	}
	for _, want := range []string{"aws-ec2-no-public-ingress-sgr", "kubernetes-no-privileged-containers"} {
		if !rules[want] {
			t.Errorf("%s was not found among %v", want, rules)
		}
	}
}

func scannerOrSkip(t *testing.T) string {
	t.Helper()
	scanner := os.Getenv(scannerVariable)
	if scanner == "" {
		t.Skipf("make test-trivy builds Trivy, which takes minutes, and names it in %s", scannerVariable)
	}
	return scanner
}

// scan runs the scanner on a directory of plans and one of objects.
func scan(t *testing.T, scanner, plans, objects string) []finding {
	t.Helper()
	command := exec.CommandContext(t.Context(), scanner, plans, objects)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []finding
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

var keys = regexp.MustCompile(`\[[^]]*\]`)

// scanned is how Trivy calls a resource: what is in a module has a checksum of that module's address after its name, and neither has the
// key of an instance (its parser of plans, moduleResourceName).
func scanned(address, typ string) string {
	module, name, inside := strings.Cut(address, "."+typ+".")
	if !inside {
		return keys.ReplaceAllString(address, "")
	}
	sum := md5.Sum([]byte(module))
	return typ + "." + keys.ReplaceAllString(name, "") + "_" + hex.EncodeToString(sum[:])
}

func write(t *testing.T, file string, document any) {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
