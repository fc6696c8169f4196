package deployment

import (
	"os"
	"testing"

	"coderaws/internal/hclfile"
)

// FuzzLoad proves that no file at all makes the reader panic, and that every finding says where and what to do.
func FuzzLoad(f *testing.F) {
	s, err := readSchema(fixture())
	if err != nil {
		f.Fatal(err)
	}
	repo, err := readSchema(repository())
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		head, "\ufeff" + head, "# coderaws deployment format 2", head + "database = { min_acu = 1, min_acu = 2, x = [null] }",
		head + "database = { max_acuu = \"x\" }\nnode_groups = { control = \"x\", workspace = { min_size = [] } }\ncluster = []\nbudget = {}",
		head + "node_groups = { \"a b\" = { instance_types = [\"x\"], size = -1e3 } }\ntaints = [{}, null, []]",
		head + "name = <<EOT\nabc\nEOT\n", head + "tags = { (a.b) = \"${c}%{ if d }e%{ endif }\" }", head + "budget {\n a = 1\n}\r\n",
		head + "network = ({ cidr = (\"10.0.0.0/16\"), availability_zones = null })", "name = \"", "a = {{[(", "x = 1e99999999999999999999",
		head + "tags = { 1 = 2, true = false, null = null, \"\" = \"\" }", head + "tags = { \"\\u0000\" = \"\\U0010ffff\" }",
	} {
		f.Add([]byte(text))
	}
	if pattern, err := os.ReadFile("../../patterns/sr-simple.tfvars"); err == nil {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > hclfile.Settings.Size {
			t.Skip()
		}
		for _, stacks := range []*schema{s, repo} {
			region, list := stacks.check("us-east-1.tfvars", "us-east-1", content)
			if (region == nil) != list.HasErrors() {
				t.Errorf("region %v with findings %v", region, list)
			}
			for _, d := range list {
				if d.Where == nil || d.Where.File == "" || d.Code == "" || d.Summary == "" || d.Todo == "" {
					t.Errorf("incomplete finding: %+v", d)
				}
				if w := d.Where; w != nil && w.Column > 0 && (w.EndColumn < w.Column || w.EndColumn > len(w.Text)+1) {
					t.Errorf("columns %d to %d of %q", w.Column, w.EndColumn, w.Text)
				}
			}
			if region != nil {
				for stack := range region.stacks {
					if _, err := region.Variables(stack); err != nil {
						t.Errorf("variables of %s: %v", stack, err)
					}
				}
			}
		}
	})
}
