package plan

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"coderaws/internal/diagnostic"
)

const small = `{"format_version":"1.2","planned_values":{},"resource_changes":[],"configuration":{}}`

// TestOpen is the specification of what is said of a file that is no plan.
func TestOpen(t *testing.T) {
	for _, test := range []struct {
		name, text string
		// summary and todo are parts of the finding; empty for a file that can be read.
		code, summary, todo string
	}{
		{"a plan", small, "", "", ""},
		{"a plan after OpenTofu's warnings about its settings", "\nWarning: no such file\n\n" + small, "", "", ""},
		{"a plan with a byte order mark", "\xef\xbb\xbf" + small, "", "", ""},
		{"a plan as PowerShell's > writes it", powerShell(small), "", "", ""},
		{"nothing", " \n", "plan.empty", "the plan is empty", "terraform plan -out"},
		{"a plan as the engine keeps it", "PK\x03\x04....", "plan.binary", "only the engine reads", "terraform show -json FILE > plan.json"},
		{"text for people", "\nTerraform will perform the following actions:\n", "plan.not_json", "is not JSON", "terraform show -json"},
		{"half a plan", small[:60], "plan.not_json", "ends in its middle", "terraform show -json"},
		{"the events of a run", `{"@level":"info","type":"version"}`, "plan.events", "events of a run", "terraform show -json"},
		{"a state that is shown", `{"format_version":"1.0","values":{}}`, "plan.state", "a state, not a plan", "terraform show -json"},
		{"a state that is stored", `{"version":4,"lineage":"x","resources":[]}`, "plan.state", "a state, not a plan", "terraform show -json"},
		{"some JSON", `{"name":"x"}`, "plan.other", "no plan of Terraform", "terraform show -json"},
		{"a list", `[]`, "plan.list", "a list, not a plan", "terraform show -json"},
		{"a plan of a format to come", strings.Replace(small, "1.2", "2.0", 1), "plan.format", "format version 2.0", "newer coderaws"},
		{"a plan whose values are null", strings.Replace(small, `"planned_values":{}`, `"planned_values":null`, 1), "plan.incomplete",
			"not whole", "terraform show -json"},
		{"a plan without values", strings.Replace(small, `"planned_values":{},`, "", 1), "plan.incomplete", "not whole", "terraform show -json"},
		{"a plan whose configuration is null", strings.Replace(small, `"configuration":{}`, `"configuration":null`, 1), "plan.incomplete",
			"not whole", "terraform show -json"},
		{"a plan without its configuration", `{"format_version":"1.2","planned_values":{}}`, "plan.incomplete", "not whole",
			"terraform show -json"},
		{"a plan that failed", strings.Replace(small, "{", `{"errored":true,`, 1), "plan.failed", "a run that failed", "plan again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "plan.json")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			plan, err := Open(file)
			if test.code == "" {
				if err != nil || plan.Document.FormatVersion != "1.2" {
					t.Fatalf("plan %v, error %v", plan, err)
				}
				return
			}
			if err == nil {
				t.Fatal("it was read")
			}
			d := diagnostic.From(err)[0]
			if d.Code != test.code || !strings.Contains(d.Summary, test.summary) || !strings.Contains(d.Todo, test.todo) || d.Why == "" {
				t.Errorf("finding %+v", d)
			}
			if d.Where == nil || d.Where.File != file {
				t.Errorf("the finding does not name the file: %v", d.Where)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "plan.json")); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestTooLarge: a file that is larger than any plan is refused before it is read.
func TestTooLarge(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, MaxSize+1); err != nil {
		t.Fatal(err)
	}
	_, err := Open(file)
	if err == nil || diagnostic.From(err)[0].Code != "plan.too_large" || !strings.Contains(diagnostic.From(err)[0].Why, "more than 512 MiB") {
		t.Errorf("a file of more than 512 MiB: %v", err)
	}
}

// powerShell is a text in UTF-16 with a byte order mark.
func powerShell(text string) string {
	var b bytes.Buffer
	b.Write([]byte{0xFF, 0xFE})
	for _, unit := range utf16.Encode([]rune(text)) {
		b.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return b.String()
}

// FuzzOpen: no file makes the program fail otherwise than with a finding that says what to do.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{small, "", "PK\x03\x04", "{", "[", "\n{", `{"format_version":1}`, powerShell("x"),
		`{"format_version":"1.2","planned_values":{"root_module":{"resources":[null]}},"resource_changes":[null],"configuration":{"root_module":{"module_calls":{"a":null}}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		plan, d := Decode(text)
		if d != nil {
			if d.Summary == "" || d.Todo == "" {
				t.Errorf("finding %+v", d)
			}
			return
		}
		for _, resource := range slices.Concat(plan.Planned(), plan.Prior()) {
			if _, err := json.Marshal(resource); err != nil {
				t.Error(err)
			}
		}
	})
}
