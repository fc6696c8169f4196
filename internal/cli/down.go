package cli

import (
	"context"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

func (sh *shell) downCommand() *cobra.Command {
	options := changeOptions{}
	cmd := &cobra.Command{
		Use:   "down DIR",
		Short: "Destroy everything that a deployment made",
		Long: `Destroy everything that a deployment made, the platform first and the cloud last. What holds data, such as the database or the homes of
workspaces, must be named with --delete-data, else nothing at all is destroyed; the refusal lists the names. A database leaves its final snapshot. On AWS the S3 bucket with Terraform's state stays, and the
command says how it is deleted.

Exit status: 3 if something that holds data was not named.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return sh.down(cmd.Context(), args[0], options) },
	}
	options.flags(cmd)
	return cmd
}

func (sh *shell) down(ctx context.Context, dir string, o changeOptions) error {
	return sh.onTarget(ctx, dir, o.target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := sh.prepare(ctx, r.Target, d, lifecycle.StateUse{Agree: sh.agree(dir, o)}); err != nil {
			return err
		}
		r.Derived = nil // what coderd would say is of no use any more
		results, err := r.Down(ctx, d, o.deleteData, sh.confirm(o, "destroy all of this"))
		if err != nil {
			return err
		}
		if err := sh.printResults(dir, o.target, "down", results, nil); err != nil {
			return err
		}
		return sh.leaveBuckets(r.Target, d)
	})
}
