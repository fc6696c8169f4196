package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/engine"
)

// provisionerPlatform is what provisioners run on, where no other platform is asked for.
const provisionerPlatform = "linux_amd64"

// mirror writes a mirror of the providers of root modules into a directory. Terraform itself fetches them, and checks who signed them.
func (deps *Deps) mirror(ctx context.Context, roots []root, dir, platform string) error {
	binary, err := deps.engine(ctx)
	if err != nil {
		return err
	}
	if platform = strings.ReplaceAll(platform, "/", "_"); platform == "" {
		platform = provisionerPlatform
	}
	scratch, remove, err := deps.scratch()
	if err != nil {
		return err
	}
	defer remove()
	for i, r := range roots {
		module := filepath.Join(scratch, fmt.Sprint(i))
		if err := os.Mkdir(module, 0o700); err != nil {
			return err
		}
		if err := atomicfile.WriteCopy(filepath.Join(module, "main.tf"), []byte(r.requirements()), 0o600); err != nil {
			return err
		}
		if r.lock != nil {
			if err := atomicfile.WriteCopy(filepath.Join(module, ".terraform.lock.hcl"), r.lock, 0o600); err != nil {
				return err
			}
		}
		deps.Notice("providers of " + r.name)
		if err := engine.Mirror(ctx, binary, deps.Environ, module, dir, platform); err != nil {
			return err
		}
	}
	return nil
}

// requirements are a root module that asks for the same providers, and for nothing else: the modules that the original calls need not be
// fetched for that.
func (r root) requirements() string {
	versions := map[string][]string{}
	var sources []string
	for _, p := range r.providers {
		if !slices.Contains(sources, p.Name) {
			sources = append(sources, p.Name)
		}
		if p.Version != "" && !slices.Contains(versions[p.Name], p.Version) {
			versions[p.Name] = append(versions[p.Name], p.Version)
		}
	}
	slices.Sort(sources)
	var b strings.Builder
	b.WriteString("terraform {\n  required_providers {\n")
	for i, source := range sources {
		fmt.Fprintf(&b, "    p%d = {\n      source  = %q\n      version = %q\n    }\n", i, source, strings.Join(versions[source], ", "))
	}
	b.WriteString("  }\n}\n")
	return b.String()
}
