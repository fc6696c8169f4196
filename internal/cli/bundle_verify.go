package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/bundle"
	"coderaws/internal/diagnostic"

	"github.com/spf13/cobra"
)

// VerifyBundleOptions are which bundle is verified, and what it is held to.
type VerifyBundleOptions struct {
	BundleTarget
	File string
	// Digest is what Save gave; "" if nobody knows it.
	Digest string
}

// VerifiedBundle is a bundle that is what was saved. Its JSON form only grows.
type VerifiedBundle struct {
	SavedResult
	// Target is where it was found as well; "" if nobody looked.
	Target string `json:"target,omitempty"`
	// Unseen are the files at which nobody looked there, since no bucket was named.
	Unseen int `json:"unseen,omitempty"`
}

// VerifyBundle proves that a bundle is what was saved, and with a target that what is there is so, too.
func VerifyBundle(ctx context.Context, deps *Deps, o VerifyBundleOptions) (*VerifiedBundle, error) {
	archive, err := bundle.Open(o.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = archive.Close() }() // it was only read
	if err := archive.Verify(ctx); err != nil {
		return nil, err
	}
	saved, err := savedResult(o.File, archive.Manifest)
	if err != nil {
		return nil, err
	}
	if o.Digest != "" && o.Digest != saved.Digest {
		d := diagnostic.Errorf("%s is whole, and another bundle", o.File)
		d.Code, d.Why = "bundle.other", fmt.Sprintf("its digest is %s, and should be %s", saved.Digest, o.Digest)
		d.Todo = "ask who saved it for the digest, and do not push it before they are the same"
		return nil, d
	}
	result := &VerifiedBundle{SavedResult: *saved, Target: o.Target}
	if o.Target == "" {
		return result, nil
	}
	target, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	result.Unseen, err = archive.Arrived(ctx, target, deps.Notice)
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (sh *shell) bundleVerifyCommand() *cobra.Command {
	o := VerifyBundleOptions{}
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Prove that a bundle, and what was pushed, is what was saved",
		Long: `Prove that a bundle is what was saved, to the last byte. With --digest it must be the one of which that digest was told. With --target
everything at the target is read and held to the digests of the bundle, too.

Exit status: 0 if all is as it was saved, 1 if not.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			result, err := VerifyBundle(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printVerified)
		},
	}
	o.flags(cmd, "look there as well: aws, or oci://REGISTRY/PREFIX")
	cmd.Flags().StringVar(&o.Digest, "digest", "", "the digest that bundle save showed")
	return cmd
}

func printVerified(w io.Writer, result *VerifiedBundle) error {
	if err := printSaved(w, &result.SavedResult); err != nil || result.Target == "" {
		return err
	}
	if result.Unseen > 0 {
		_, err := fmt.Fprintf(w, "Its images and charts are at %s. Nobody looked for %s, which --bucket says where to find.\n", result.Target,
			plural(result.Unseen, "file"))
		return err
	}
	_, err := fmt.Fprintf(w, "All of it is at %s.\n", result.Target)
	return err
}
