package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/bundle"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// ociTarget begins the name of a target that is any registry.
const ociTarget = "oci://"

// BundleTarget is the other side of the gap.
type BundleTarget struct {
	// Target is aws, or oci:// with a registry and what repositories begin with there; "" for none.
	Target string
	// Region and Name are those of the deployment, and Bucket is for what is no image, on aws.
	Region, Name, Bucket string
}

func (o *BundleTarget) flags(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&o.Target, "target", "", usage)
	cmd.Flags().StringVar(&o.Region, "region", "", "the region of the deployment, with --target aws")
	cmd.Flags().StringVar(&o.Name, "name", "", "the deployment's setting name, with which its repositories begin, with --target aws")
	cmd.Flags().StringVar(&o.Bucket, "bucket", "", "the S3 bucket for what is no image: the mirror of providers")
}

// open finds the target.
func (o *BundleTarget) open(ctx context.Context) (*bundle.Target, error) {
	if host, prefix, _ := strings.Cut(strings.TrimPrefix(o.Target, ociTarget), "/"); strings.HasPrefix(o.Target, ociTarget) && host != "" {
		return &bundle.Target{Registry: host, Prefix: strings.Trim(prefix, "/")}, nil
	}
	if o.Target != lifecycle.AWSTarget || o.Region == "" || o.Name == "" {
		d := diagnostic.Errorf("it is not clear where the bundle goes")
		d.Code = "usage"
		d.Todo = "write --target aws with --region REGION and --name NAME of the deployment, or --target oci://REGISTRY/PREFIX"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return bundle.AWS(ctx, o.Region, o.Name, o.Bucket)
}

// PushBundleOptions are which bundle goes where.
type PushBundleOptions struct {
	BundleTarget
	File string
	// Digests is a file that gets the setting images; "" for none.
	Digests string
}

// PushedBundle is what a push came to. Its JSON form only grows.
type PushedBundle struct {
	bundle.Pushed
	// Settings are the setting images, as Terraform takes it.
	Settings string `json:"settings"`
}

// PushBundle verifies a bundle, and puts what is in it where the other side takes it from.
func PushBundle(ctx context.Context, deps *Deps, o PushBundleOptions) (*PushedBundle, error) {
	archive, err := bundle.Open(o.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = archive.Close() }() // it was only read
	deps.Notice("verifying " + o.File)
	if err := archive.Verify(ctx); err != nil {
		return nil, err
	}
	target, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	pushed, err := archive.Push(ctx, target, deps.Notice)
	if err != nil {
		return nil, err
	}
	result := &PushedBundle{*pushed, pushed.Settings()}
	if o.Digests == "" {
		return result, nil
	}
	return result, writeDigests(o.Digests, result.Settings, "what was pushed is not sent again")
}

// writeDigests writes the setting images into a file. done says what a second run need not do again.
func writeDigests(file, settings, done string) error {
	if err := atomicfile.Write(file, []byte(settings), 0o644); err != nil {
		d := diagnostic.Errorf("the digests cannot be written")
		d.Code, d.Why, d.Todo = "bundle.unwritable", err.Error(), "name another file with --digests; "+done
		return d
	}
	return nil
}

func (sh *shell) bundlePushCommand() *cobra.Command {
	o := PushBundleOptions{}
	cmd := &cobra.Command{
		Use:   "push FILE --target aws|oci://REGISTRY/PREFIX",
		Short: "Put what is in a bundle into registries and buckets of your own",
		Long: `Put what is in a bundle where a deployment takes it from: images and charts into the account's ECR, or into any other registry, and the
mirror of providers into a bucket. The bundle is verified before. What is there already is not sent again, so that a push that was
interrupted goes on; a tag that stands for another image is refused.

At the end the setting images is shown, with which the platform takes every image by its digest.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			result, err := PushBundle(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printPushed)
		},
	}
	o.flags(cmd, "aws for the account's ECR and S3, or oci://REGISTRY/PREFIX for any registry")
	cmd.Flags().StringVar(&o.Digests, "digests", "", "write the setting images into this file, too")
	return cmd
}

func printPushed(w io.Writer, result *PushedBundle) error {
	if _, err := io.WriteString(w, result.Settings); err != nil {
		return err
	}
	if result.Objects != "" {
		_, err := fmt.Fprintf(w, "\nThe mirror of providers is below %s.\n", result.Objects)
		return err
	}
	if result.Left > 0 {
		_, err := fmt.Fprintf(w, "\n%s of the mirror of providers stayed in the bundle: name a bucket with --bucket, or unpack it with tar.\n",
			plural(result.Left, "file"))
		return err
	}
	return nil
}
