package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/bundle"

	"github.com/spf13/cobra"
)

// SaveOptions are what goes into a bundle, and where it goes.
type SaveOptions struct {
	NeedsOptions
	// File is the bundle.
	File string
	// Since is a bundle, or the manifest of one, that the receiver has; "" for none.
	Since string
	// Platform is the one to take of images for several; "" takes all.
	Platform string
	// Digests is a file for the setting images with the digests of what was saved; "" for none.
	Digests string
	// WithoutProviders leaves Terraform's providers out.
	WithoutProviders bool
}

// SavedResult is what a bundle holds. Its JSON form only grows.
type SavedResult struct {
	File     string           `json:"file"`
	Digest   string           `json:"digest"`
	Manifest *bundle.Manifest `json:"manifest"`
	Version  int              `json:"version"`
}

// SaveBundle fetches what a deployment and its templates need from outside into one file.
func SaveBundle(ctx context.Context, deps *Deps, o SaveOptions) (*SavedResult, error) {
	save := bundle.SaveOptions{File: o.File, Platform: o.Platform, Notice: deps.Notice}
	if o.Since != "" {
		had, err := bundle.ReadManifest(o.Since)
		if err != nil {
			return nil, err
		}
		save.Since = had
	}
	n, err := deps.needs(ctx, o.NeedsOptions)
	if err != nil {
		return nil, err
	}
	if err := deps.holdCharts(o.What, n.fetched); err != nil {
		return nil, err
	}
	if !o.WithoutProviders {
		save.Mirror = func(ctx context.Context, dir string) error { return deps.mirror(ctx, n.roots, dir, o.Platform) }
	}
	manifest, err := bundle.Save(ctx, &n.Contents, save)
	if err != nil {
		return nil, err
	}
	result, err := savedResult(o.File, manifest)
	if err != nil || o.Digests == "" {
		return result, err
	}
	return result, writeDigests(o.Digests, manifest.Settings(), "what was saved is not fetched again")
}

func savedResult(file string, manifest *bundle.Manifest) (*SavedResult, error) {
	digest, err := manifest.Digest()
	return &SavedResult{file, digest, manifest, 1}, err
}

func (sh *shell) bundleSaveCommand() *cobra.Command {
	o := SaveOptions{}
	cmd := &cobra.Command{
		Use:   "save DIR|PATTERN FILE",
		Short: "Fetch what a deployment needs from outside into one file",
		Long: `Fetch what a deployment and its templates need from outside into one file, a bundle: images with all that they consist of, charts, and a
mirror of Terraform's providers, with the digest of each. The file is written as a whole or not at all. A save that was interrupted goes on
where it was, with what lies in FILE.parts; the same contents make the same bytes. Unpacked, a bundle is an OCI image layout.

Registries are asked with the credentials that docker has for them; none is written anywhere. Charts are held to the deployment's
charts.lock.hcl: another archive than was planned with is refused with exit status 3.

The digest that is shown at the end stands for the whole bundle. Give it to the receiver by another way than the file.`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What, o.File = args[0], args[1]
			result, err := SaveBundle(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printSaved)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&o.Since, "since", "", "leave out what the receiver has: an earlier bundle, or its bundle.json")
	cmd.Flags().StringVar(&o.Platform, "platform", "", "of images for several platforms take one alone, such as linux/amd64; digests are then those of its own manifests")
	cmd.Flags().StringVar(&o.Digests, "digests", "", "write the setting images into this file, with which a platform takes its images from "+
		"where they are published by these digests alone")
	cmd.Flags().BoolVar(&o.WithoutProviders, "without-providers", false, "leave Terraform's providers out")
	return cmd
}

func printSaved(w io.Writer, result *SavedResult) error {
	m := result.Manifest
	absent := 0
	for _, f := range m.Files {
		if f.Absent {
			absent++
		}
	}
	_, err := fmt.Fprintf(w, "%s holds %s, %s and %s", result.File, plural(len(m.Images), "image"), plural(len(m.Charts), "chart"),
		plural(len(m.Files)-absent, "file"))
	if err == nil && absent > 0 {
		_, err = fmt.Fprintf(w, "; %s left out that the receiver has", plural(absent, "file"))
	}
	if err == nil {
		_, err = fmt.Fprintf(w, ".\n%s\n", result.Digest)
	}
	return err
}
