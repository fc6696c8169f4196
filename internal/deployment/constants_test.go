package deployment

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// stackWithList is a stack whose one rule is written over a module.
func stackWithList(condition, outputs string) fstest.MapFS {
	return fstest.MapFS{
		"stacks/cloud/variables.tf": {Data: []byte(`
variable "region" { type = string }
variable "log_days" {
  type    = number
  default = 30
  validation {
    condition     = ` + condition + `
    error_message = "Write log_days as one of ${join(", ", module.retention.days)}."
  }
}
`)},
		"stacks/cloud/main.tf": {Data: []byte(`
module "retention" { source = "../../modules/retention" }
module "elsewhere" { source = "registry.example.com/a/b/c" }
`)},
		"modules/retention/outputs.tf":   {Data: []byte(outputs)},
		"modules/retention/variables.tf": {Data: []byte(`variable "most" { default = 3653 }`)},
	}
}

// TestRulesOverModules: a rule over a constant of a module is applied, with the constant in its message; one over what only
// Terraform knows is left to it.
func TestRulesOverModules(t *testing.T) {
	const member = "contains(module.retention.days, var.log_days)"
	for _, test := range []struct{ name, condition, outputs, value, want string }{
		{"a value that is in the list", member, `output "days" { value = [1, 30] }`, "1", ""},
		{"a value that is not", member, `output "days" { value = [1, 30] }`, "31", "Write log_days as one of 1, 30."},
		{"a list that hangs on a variable of the module", member, `output "days" { value = [1, var.most] }`, "31", ""},
		{"an output that is not there", member, `output "weeks" { value = [1] }`, "31", ""},
		{"a module that is not at hand", "contains(module.elsewhere.days, var.log_days)", `output "days" { value = [1] }`, "31", ""},
		{"a local", "contains(local.days, var.log_days)", `output "days" { value = [1] }`, "31", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := readSchema(stackWithList(test.condition, test.outputs))
			if err != nil {
				t.Fatal(err)
			}
			text := "region = \"eu-west-1\"\nlog_days = " + test.value + "\n"
			_, findings := s.check("eu-west-1.tfvars", "eu-west-1", []byte(text))
			switch {
			case test.want == "" && len(findings) > 0:
				t.Errorf("got %v, want no finding", findings)
			case test.want != "" && (len(findings) != 1 || !strings.Contains(findings[0].Why, test.want)):
				t.Errorf("got %v, want %q", findings, test.want)
			case test.want != "" && findings[0].Where.Line != 2:
				t.Errorf("found in line %d, want the setting's own", findings[0].Where.Line)
			}
		})
	}
}

// TestConstantsAreOfModulesInRules: other modules are not read, so that a check stays quick.
func TestConstantsAreOfModulesInRules(t *testing.T) {
	s, err := readSchema(repository())
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(s.constants["cloud"])); !slices.Equal(got, []string{"log_retention"}) {
		t.Errorf("read %v of the stack's modules, want log_retention alone", got)
	}
}
