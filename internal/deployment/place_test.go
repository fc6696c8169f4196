package deployment

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	text := `region = "us-east-1"
domain = "coder.example.com"
node_groups = {
  workspace = { instance_types = ["m5.xlarge", "m5a.xlarge"] }
}
`
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := Load(dir, repository())
	if findings != nil {
		t.Fatal(findings)
	}
	tests := []struct {
		name, path   string
		line, column int
	}{
		{"a setting", "domain", 2, 10},
		{"an object", "node_groups", 3, 15},
		{"an attribute of an object in an object", "node_groups.workspace.instance_types", 4, 34},
		{"the first element of a list", "node_groups.workspace.instance_types[0]", 4, 35},
		{"the second", "node_groups.workspace.instance_types[1]", 4, 48},
		{"one more than there are", "node_groups.workspace.instance_types[2]", 0, 0},
		{"what is no number of an element", "node_groups.workspace.instance_types[x]", 0, 0},
		{"what is left at its default", "node_groups.control.size", 0, 0},
		{"a setting that is left out", "max_workspaces", 0, 0},
		{"further than the file goes", "domain.length", 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			where := d.Regions[0].Place(test.path)
			if where.Line != test.line || where.Column != test.column || where.File != d.Regions[0].File {
				t.Errorf("got %v, want %d:%d", where, test.line, test.column)
			}
		})
	}
	if where := (&Region{File: "made.tfvars"}).Place("domain"); where.File != "made.tfvars" || where.Line != 0 {
		t.Errorf("a region that was read from nothing: %v", where)
	}
}
