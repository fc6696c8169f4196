package configuration

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

const root = `locals {
  ids   = [for subnet in aws_subnet.this : subnet.id if subnet.id != var.without]
  first = module.network["a"].ids[0]
  plain = "text"
}

resource "aws_subnet" "this" {
  vpc_id = aws_vpc.this.id

  dynamic "timeouts" {
    for_each = var.slow

    content {
      create = local.plain
    }
  }

  lifecycle {
    ignore_changes       = [tags]
    replace_triggered_by = [aws_vpc.this.cidr_block]

    precondition {
      condition     = data.aws_region.here.name != ""
      error_message = "No ${local.first}."
    }
  }
}

data "aws_region" "here" {}

output "ids" {
  value = local.ids

  precondition {
    condition     = length(local.ids) > 0
    error_message = "None."
  }
}

module "network" {
  source = "./network"
}

module "registry" {
  source = "example/registry/aws"
}

module "missing" {
  source = "example/missing/aws"
}

module "itself" {
  source = "./"
}
`

// TestLoad is the specification of what is read from Terraform files.
func TestLoad(t *testing.T) {
	dir := write(t, map[string]string{
		"main.tf":                         root,
		"network/main.tf":                 "locals {\n  cidr = var.cidr\n}\n",
		".terraform/modules/modules.json": `{"Modules":[{"Key":"","Dir":"."},{"Key":"registry","Dir":"downloaded"}]}`,
		"downloaded/main.tofu":            "resource \"aws_vpc\" \"this\" {}\n",
	})
	m, err := Load(dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]any{
		"a local value refers to what it names, and not to what its loop names": {m.Locals["ids"], []string{"aws_subnet.this", "var.without"}},
		"a key is part of a reference":                                          {m.Locals["first"], []string{`module.network["a"].ids[0]`}},
		"a constant refers to nothing":                                          {len(m.Locals["plain"]), 0},
		"dynamic blocks, conditions and triggers of a resource are found, and ignored changes are none": {m.Hidden["aws_subnet.this"],
			[]string{"aws_vpc.this.cidr_block", "data.aws_region.here.name", "local.first", "local.plain", "var.slow"}},
		"conditions of an output are found":            {m.Hidden["output.ids"], []string{"local.ids"}},
		"a resource stands where its block begins":     {at(m, "aws_subnet.this"), "main.tf:7:1"},
		"so does a data source":                        {at(m, "data.aws_region.here"), "main.tf:29:1"},
		"and a module":                                 {at(m, "module.network"), "main.tf:40:1"},
		"a module of a local path is read":             {m.Calls["network"].Locals["cidr"], []string{"var.cidr"}},
		"so is one that was downloaded":                {at(m.Calls["registry"], "aws_vpc.this"), "downloaded/main.tofu:1:1"},
		"one that is not at hand is missing, no error": {m.Calls["missing"] == nil, true},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func at(m *Module, block string) string { return m.Blocks[block].String() }

func TestLoadNothing(t *testing.T) {
	if m, err := Load(t.TempDir(), ""); m != nil || err != nil {
		t.Errorf("a directory without Terraform files: %v, %v", m, err)
	}
}

func TestLoadDamaged(t *testing.T) {
	dir := write(t, map[string]string{"main.tf": "locals {\n  a = [\n}\n"})
	_, err := Load(dir, "")
	if err == nil {
		t.Fatal("a file with an open bracket was read")
	}
	d := diagnostic.From(err)[0]
	if d.Where == nil || !strings.HasSuffix(d.Where.File, "main.tf") || d.Where.Line == 0 || !strings.Contains(d.Todo, "validate") {
		t.Errorf("finding %+v", d)
	}
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLoadHostile: a pipe, a device and brackets without an end are named, and stop nothing.
func TestLoadHostile(t *testing.T) {
	for _, test := range []struct {
		name, why string
		make      func(file string) error
	}{
		{"a pipe", "a pipe", func(file string) error { return syscall.Mkfifo(file, 0o600) }},
		{"a device", "a device", func(file string) error { return os.Symlink("/dev/zero", file) }},
		{"brackets", "nested too deeply", func(file string) error {
			return os.WriteFile(file, []byte("locals {\n  a = "+strings.Repeat("[", 1<<19)), 0o600)
		}},
		{"operators", "nested too deeply", func(file string) error {
			return os.WriteFile(file, []byte("locals {\n  a = "+strings.Repeat("!", 1<<19)), 0o600)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := test.make(filepath.Join(dir, "main.tf")); err != nil {
				t.Fatal(err)
			}
			_, err := Load(dir, "")
			if err == nil || !strings.Contains(diagnostic.From(err)[0].Why, test.why) || diagnostic.From(err)[0].Where == nil {
				t.Errorf("%v", err)
			}
		})
	}
}
