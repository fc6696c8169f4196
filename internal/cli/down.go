package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/deployment"
	"coderaws/internal/detached"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// Down destroys everything that a deployment made.
func Down(ctx context.Context, deps *Deps, o ChangeOptions) (*ChangeResult, error) {
	var result *ChangeResult
	err := deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		r.ChangeEngine, r.SideBySide = o.ChangeEngine, o.SideBySide
		leaving := d
		if o.Region != "" {
			region, err := d.Region(o.Region)
			if err != nil {
				return diagnostic.WithExit(diagnostic.ExitInvalid, err)
			}
			leaving = d.Only(region)
		}
		if err := detached.Replace(o.Dir); err != nil {
			return err
		}
		if err := deps.prepare(ctx, r.Target, d, lifecycle.StateUse{Agree: o.agree()}); err != nil {
			return err
		}
		if err := adoptInto(r, o.Adopt); err != nil {
			return err
		}
		results, err := r.Down(ctx, leaving, o.DeleteData, deps.confirm(r, o))
		if err != nil {
			return err
		}
		result = changed(r, results)
		gone := map[string][]string{}
		for _, at := range results {
			for typ, ids := range at.Gone {
				gone[typ] = append(gone[typ], ids...)
			}
		}
		unknown, err := r.Unknown(ctx, d, gone)
		if err != nil {
			return err
		}
		for _, region := range leaving.Regions {
			if bucket := r.Target.Bucket(region.Name); bucket != "" {
				result.Buckets = append(result.Buckets, bucket)
			}
		}
		return unknown.Left()
	})
	return result, err
}

func (sh *shell) downCommand() *cobra.Command {
	var flags changeFlags
	cmd := &cobra.Command{
		Use:     "down DIR",
		Aliases: []string{"destroy"},
		Short:   "Destroy everything that a deployment made",
		Long: `Destroy everything that a deployment made, the platform first and the cloud last. What holds data, such as the database or the homes of
workspaces, must be named with --delete-data, else nothing at all is destroyed; the refusal lists the names. A database leaves its final
snapshot, and the KMS key stays that the snapshot is encrypted with. On AWS the S3 bucket with Terraform's state stays, too. The command names
all of these, and says how they are deleted.

With --region it is one region of several. A region that serves another one's Coder is refused while workspaces live there, as their
provisioners go with it; then the hub forgets its proxy and its key. Remove its file afterwards: the next up would make it again.

Exit status: 3 if something that holds data was not named, 1 if anything is left that no state knows.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if gone, err := flags.away(sh, args[0]); gone {
				return err
			}
			result, err := Down(cmd.Context(), sh.deps(), flags.options(sh, args[0], "destroy all of this"))
			if err := present(sh, result, err, printDown); err != nil {
				return err
			}
			for _, bucket := range result.Buckets {
				fmt.Fprintf(sh.messages(), bucketNote+"\n", bucket)
			}
			return nil
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVar(&flags.Region, "region", "", "the region to destroy, where a deployment has several; without it all of them")
	return cmd
}

// printDown writes what a down destroyed and what it kept.
func printDown(w io.Writer, result *ChangeResult) error {
	if err := printChanged(w, result); err != nil {
		return err
	}
	for _, place := range result.Places {
		for _, snapshot := range place.Snapshots {
			if err := printSnapshot(w, place.Region, snapshot); err != nil {
				return err
			}
		}
	}
	return nil
}

// printSnapshot writes which snapshot is kept, and how it is deleted: the key only after it, since a snapshot without its key is lost.
func printSnapshot(w io.Writer, region string, snapshot lifecycle.Snapshot) error {
	kept, commands := "Kept: snapshot "+snapshot.ID, snapshot.Command+" --region "+region
	if snapshot.Key != "" {
		kept += ", key " + snapshot.Key
		commands += " && aws kms schedule-key-deletion --key-id " + snapshot.Key + " --region " + region
	}
	_, err := fmt.Fprintf(w, "%s\nWhen nobody will want it back: %s\n", kept, commands)
	return err
}
