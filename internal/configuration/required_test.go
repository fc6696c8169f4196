package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRequire is the specification of what a configuration needs from elsewhere.
func TestRequire(t *testing.T) {
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for _, test := range []struct {
		name, file, given string
		providers         []string
		modules, images   []string
		locked            []string
	}{
		{name: "a provider by its source and version", given: `terraform {
  required_providers {
    coder = {
      source  = "coder/coder"
      version = "~> 2.4"
    }
  }
}`, providers: []string{"registry.terraform.io/coder/coder ~> 2.4 main.tf:3"}},
		{name: "a provider without a source is HashiCorp's", given: `terraform {
  required_providers {
    aws = { version = ">= 5" }
  }
}`, providers: []string{"registry.terraform.io/hashicorp/aws >= 5 main.tf:3"}},
		{name: "a provider of another registry", given: `terraform {
  required_providers {
    x = { source = "example.com/a/x" }
  }
}`, providers: []string{"example.com/a/x  main.tf:3"}},
		{name: "a module of a registry, and one of a path", given: `module "a" {
  source  = "registry.coder.com/coder/git/coder"
  version = "1.0.0"
}
module "b" {
  source = "./b"
}`, modules: []string{"registry.coder.com/coder/git/coder 1.0.0 main.tf:2"}},
		{name: "images wherever they stand as constants", given: `variable "images" {
  description = "Such as ghcr.io/a/b:1, which is only spoken of."
  default = { "Ubuntu" = "mcr.microsoft.com/devcontainers/base:2.1.7" }
}
locals {
  pinned = ["quay.io/a/b` + digest + `"]
}
resource "x" "y" {
  container {
    image = "ghcr.io/coder/envbuilder:1.3.0"
  }
}`, images: []string{"mcr.microsoft.com/devcontainers/base:2.1.7  main.tf:3", "quay.io/a/b" + digest + "  main.tf:6",
			"ghcr.io/coder/envbuilder:1.3.0  main.tf:10"}},
		{name: "what looks like an image and is none", given: `locals {
  a = ["https://ghcr.io/a/b:1", "a/b:1", "ghcr.io/a/b", "kubernetes.io/arch", "example.com:443", "x.y/${1}:2"]
}`},
		{name: "the versions of a lock file", file: ".terraform.lock.hcl", given: `provider "registry.terraform.io/coder/coder" {
  version = "2.4.1"
}`, locked: []string{"registry.terraform.io/coder/coder 2.4.1 .terraform.lock.hcl:1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if test.file == "" {
				test.file = "main.tf"
			}
			if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.given), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Require(dir, dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []struct {
				name string
				want []string
				got  []Required
			}{{"providers", test.providers, got.Providers}, {"modules", test.modules, got.Modules}, {"images", test.images, got.Images},
				{"locked", test.locked, got.Locked}} {
				var lines []string
				for _, r := range kind.got {
					lines = append(lines, fmt.Sprintf("%s %s %s:%d", r.Name, r.Version, r.Where.File, r.Where.Line))
				}
				if diff := cmp.Diff(kind.want, lines); diff != "" {
					t.Errorf("%s (-want +got):\n%s", kind.name, diff)
				}
			}
		})
	}
	t.Run("a module in a module", func(t *testing.T) {
		dir := t.TempDir()
		files := map[string]string{"main.tf": `module "a" { source = "./a" }`, "a/main.tf": `module "b" { source = "git::https://x/y" }`}
		for name, text := range files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := Require(dir, dir)
		if err != nil || len(got.Modules) != 1 || got.Modules[0].Where.File != "a/main.tf" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("a file that cannot be read", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte("module {"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Require(dir, dir); err == nil {
			t.Error("it was read")
		}
	})
}
