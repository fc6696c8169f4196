package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"coderaws/internal/atomicfile"
	"coderaws/internal/bundle"
	"coderaws/internal/configuration"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// NeedsOptions are whose needs are asked for.
type NeedsOptions struct {
	// What is a deployment's directory or the name of a pattern.
	What string
	// Templates are the names of those that will be used; without any there is a usual choice. From is a directory with templates below it;
	// empty for those that the program carries.
	Templates []string
	From      string
}

func (o *NeedsOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.Templates, "template", nil,
		"a workspace template that will be used; repeatable (default: kubernetes, or all of --from)")
	cmd.Flags().StringVar(&o.From, "from", "", "take templates from the directories below this one, not those that the program carries")
}

// needs are what a deployment needs from outside, and how it was found.
type needs struct {
	bundle.Contents
	// unrendered are the releases whose charts are not at hand.
	unrendered []string
	// fetched are the charts, as far as they could be fetched.
	fetched []rehearsal.Fetched
	// roots are the root modules with the providers that each needs.
	roots []root
}

// root is a root module: a stack or a template.
type root struct {
	name      string
	providers []configuration.Required
	lock      []byte
}

// needs finds out what a deployment and its templates need: it makes the deployment on the embedded AWS and looks at what runs there.
func (deps *Deps) needs(ctx context.Context, o NeedsOptions) (*needs, error) {
	source, names, err := deps.templateNames(o.Templates, o.From)
	if err != nil {
		return nil, err
	}
	dir, remove, err := deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	d, name, err := deps.rehearsed(o.What, dir)
	if err != nil {
		return nil, err
	}
	n := &needs{}
	target := rehearsal.New(name, deps.Now)
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		previews, err := target.Preview(ctx, r, d, true)
		if err != nil {
			return err
		}
		n.images(target, previews)
		return n.charts(ctx, deps, previews)
	})
	if err != nil {
		return nil, err
	}
	if err := n.written(deps, source, names, filepath.Join(dir, "source")); err != nil {
		return nil, err
	}
	n.Sort()
	return n, nil
}

// images notes the images that run, by where they are published: the platform says so of its own, and all others are where they say.
func (n *needs) images(target *rehearsal.Embedded, previews []rehearsal.Preview) {
	published := map[string]string{}
	var own []string
	for _, preview := range previews {
		for _, image := range preview.Made.Output("images").Object() {
			of, _ := image.(map[string]any)
			from, _ := of["published"].(string)
			taken, _ := of["taken"].(string)
			if from != "" && taken != "" {
				published[taken] = from
				own = append(own, from)
			}
		}
	}
	running, unrendered := target.Images()
	for _, image := range running {
		reference := image.Reference
		if from, known := published[reference]; known {
			reference = from
		}
		n.AddImage(reference, fmt.Sprintf("release %s in %s", image.Release, image.Region))
	}
	n.unrendered = unrendered
	if len(unrendered) > 0 {
		// Better one too many than one that is missing where nobody can fetch it.
		slices.Sort(own)
		for _, reference := range slices.Compact(own) {
			if !slices.ContainsFunc(n.Images, func(i bundle.Image) bool { return i.Reference == reference }) {
				n.AddImage(reference, "output images of the platform stack")
			}
		}
	}
}

// charts notes the charts that come from elsewhere, fetched as far as they can be.
func (n *needs) charts(ctx context.Context, deps *Deps, previews []rehearsal.Preview) error {
	fetched, err := rehearsal.FetchCharts(ctx, rehearsal.ChartsOf(deps.Environ), previews)
	if err != nil {
		return err
	}
	n.fetched = fetched
	for _, f := range fetched {
		n.Charts = append(n.Charts, bundle.Chart{Name: path.Base(f.Chart), Version: f.Version, Repository: f.Repository, Missing: f.Missing,
			Archive: f.Archive, Metadata: f.Metadata, Places: []string{"stacks/platform"}})
	}
	return nil
}

// written notes what the stacks and templates name in their files.
func (n *needs) written(deps *Deps, source templateSource, names []string, scratch string) error {
	for _, dir := range []string{"stacks", "modules"} {
		if err := copyTerraform(deps.Source, dir, scratch); err != nil {
			return err
		}
	}
	for _, stack := range []string{lifecycle.CloudStack, lifecycle.PlatformStack} {
		if err := n.root(path.Join("stacks", stack), filepath.Join(scratch, "stacks", stack), scratch); err != nil {
			return err
		}
	}
	for _, name := range names {
		within := path.Join(source.below, name)
		if err := copyTerraform(source.FS, within, scratch); err != nil {
			return err
		}
		if err := n.root(within, filepath.Join(scratch, filepath.FromSlash(within)), scratch); err != nil {
			return err
		}
	}
	return nil
}

// root notes what one root module names.
func (n *needs) root(name, dir, base string) error {
	required, err := configuration.Require(dir, base)
	if err != nil {
		return diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	for _, p := range required.Providers {
		n.AddProvider(p.Name, p.Version, line(p.Where))
	}
	for _, p := range required.Locked {
		n.Lock(p.Name, p.Version, line(p.Where))
	}
	for _, m := range required.Modules {
		n.AddModule(m.Name, m.Version, line(m.Where))
	}
	for _, image := range required.Images {
		if path.Dir(name) != "stacks" { // those of the platform are known by what runs
			n.AddImage(image.Name, line(image.Where))
		}
	}
	lock, err := os.ReadFile(filepath.Join(dir, ".terraform.lock.hcl"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	n.roots = append(n.roots, root{name, required.Providers, lock})
	return nil
}

// line is a place as people write it.
func line(where diagnostic.Range) string { return fmt.Sprintf("%s:%d", where.File, where.Line) }

// copyTerraform copies the files of Terraform below a directory of a source, as the packages that read them read files.
func copyTerraform(source fs.FS, below, to string) error {
	return fs.WalkDir(source, below, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".terraform":
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".tf" && path.Ext(name) != ".tofu" && path.Base(name) != ".terraform.lock.hcl":
			return nil
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		file := filepath.Join(to, filepath.FromSlash(name))
		return errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), atomicfile.WriteCopy(file, text, 0o600))
	})
}
