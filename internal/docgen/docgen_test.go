package docgen

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const empty = "# Module\n\n## Inputs\n\n<!-- BEGIN inputs -->\n\n<!-- END inputs -->\n\n<!-- BEGIN outputs -->\n\n" +
	"<!-- END outputs -->\ntail\n"

func TestDocuments(t *testing.T) {
	tree := fstest.MapFS{
		"modules/a/README.md": {Data: []byte(empty)},
		"modules/a/variables.tf": {Data: []byte(`
variable "id" {
  description = "Served at https://<domain>, *.a or b | c."
  type        = string
}
variable "groups" {
  description = "The groups."
  type = object({
    # What runs there.
    control = optional(object({ size = optional(number, 1) }), {})
    names   = list(string) # in order
  })
  default = {
    names = [
      "a",
      "b",
    ]
  }
}
variable "anything" {
  description = "Any value."
  default     = {}
}
`)},
		"modules/a/outputs.tf":   {Data: []byte("output \"arn\" {\n  description = \"The ARN.\"\n  value = 1\n}\n")},
		"modules/b/README.md":    {Data: []byte(empty)},
		"modules/b/main.tf":      {Data: []byte("")},
		"modules/docs/README.md": {Data: []byte("no Terraform here")},
	}
	want := []Document{{File: "modules/a/README.md", Stale: true, Text: "# Module\n\n## Inputs\n\n<!-- BEGIN inputs -->\n" +
		"| Name | Type | Default | Description |\n| --- | --- | --- | --- |\n" +
		"| `id` | `string` | **required** | Served at https://\\<domain>, \\*.a or b \\| c. |\n" +
		"| `groups` | `object({ control = optional(object({ size = optional(number, 1) }), {}), names = list(string) })` | " +
		"`{ names = [\"a\", \"b\"] }` | The groups. |\n" +
		"| `anything` | `any` | `{}` | Any value. |\n" +
		"<!-- END inputs -->\n\n<!-- BEGIN outputs -->\n| Name | Description |\n| --- | --- |\n| `arn` | The ARN. |\n" +
		"<!-- END outputs -->\ntail\n",
	}, {File: "modules/b/README.md", Stale: true, Text: strings.ReplaceAll(empty, "-->\n\n<!-- END", "-->\nNone.\n<!-- END")}}
	got, err := Documents(tree, "modules/*")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	for _, d := range got {
		tree[d.File] = &fstest.MapFile{Data: []byte(d.Text)}
	}
	again, err := Documents(tree, "modules/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range again {
		if d.Stale {
			t.Errorf("%s is stale after it was written", d.File)
		}
	}
}

func TestDocumentsRefuses(t *testing.T) {
	variable := "variable \"a\" {\n  description = \"A.\"\n}\n"
	tests := []struct{ name, readme, tf, want string }{
		{"no README", "", variable, "README.md"},
		{"no markers", "# Module\n", variable, "one line <!-- BEGIN inputs -->"},
		{"markers twice", empty + empty, variable, "one line <!-- BEGIN inputs -->"},
		{"markers the wrong way round", "<!-- END inputs --><!-- BEGIN inputs --><!-- BEGIN outputs --><!-- END outputs -->",
			variable, "comes before"},
		{"no description", empty, "variable \"a\" {\n}\n", "modules/a/main.tf:1: variable a needs a description"},
		{"no HCL", empty, "variable {{", "modules/a/main.tf:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := fstest.MapFS{"modules/a/main.tf": {Data: []byte(test.tf)}}
			if test.readme != "" {
				tree["modules/a/README.md"] = &fstest.MapFile{Data: []byte(test.readme)}
			}
			if _, err := Documents(tree, "modules/*"); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// TestRepositoryCanBeDocumented reads the real modules; whether their tables are fresh is `docgen -check`'s to say.
func TestRepositoryCanBeDocumented(t *testing.T) {
	documents, err := Documents(os.DirFS("../.."), "modules/*", "stacks/*")
	if err != nil || len(documents) == 0 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	for _, d := range documents {
		if !strings.Contains(d.Text, "| `") {
			t.Errorf("%s: neither an input nor an output", d.File)
		}
	}
}
