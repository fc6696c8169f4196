package cli

import (
	"context"
	"fmt"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

func (sh *shell) ownerCommand() *cobra.Command {
	var target, region string
	var show bool
	cmd := &cobra.Command{
		Use:   "owner DIR",
		Short: "Show who owns a Coder, and the password",
		Long: `Show the owner that ` + "`coderaws up`" + ` made, and the password to sign in with for the first time. It is read from Secrets Manager and written
nowhere. It appears on a terminal alone, unless --show says that it may go elsewhere.

Once an owner has come in by single sign-on, ` + "`coderaws up`" + ` turns passwords off, and this one is of no use any more.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.owner(cmd.Context(), args[0], target, region, show)
		},
	}
	targetFlag(cmd, &target)
	cmd.Flags().StringVar(&region, "region", "", "the region, where there is a Coder in several")
	cmd.Flags().BoolVar(&show, "show", false, "show the password also where no terminal is")
	return cmd
}

func (sh *shell) owner(ctx context.Context, dir, target, region string, show bool) error {
	if !show && (sh.output == jsonOutput || !sh.isTerminal(sh.Stdout)) {
		d := diagnostic.Errorf("the password would not be shown on a terminal")
		d.Code, d.Why = "gate.secret", "what is not a terminal is often a file or a log, which others read"
		d.Todo = "run it on a terminal, or add --show"
		return diagnostic.WithExit(diagnostic.ExitRefused, d)
	}
	return sh.onTarget(ctx, dir, target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		all, err := sh.installed(ctx, r, d)
		if err != nil {
			return err
		}
		i, err := only(all, region)
		if err != nil {
			return err
		}
		if target != lifecycle.AWSTarget {
			return noOwner("nobody runs Coder in the sandbox", "on AWS, `coderaws up` makes the owner")
		}
		steps, err := sh.firstSteps(ctx, i, noPatience)
		if err != nil {
			return err
		}
		owner, kept, err := steps.Owner(ctx)
		switch {
		case err != nil:
			return coder.Explain("the owner cannot be read from Secrets Manager", err)
		case !kept:
			return noOwner("Secrets Manager keeps none", "run `coderaws first-steps "+dir+" --target aws`; if Coder has users already, one of them is its owner")
		}
		if sh.output == jsonOutput {
			return sh.printJSON(map[string]any{"version": 1, "url": i.AccessURL, "username": owner.Username, "email": owner.Email, "password": owner.Password})
		}
		if err := table(sh.Stdout, [][]string{{"Coder", i.AccessURL}, {"email", owner.Email}, {"password", owner.Password}}); err != nil {
			return err
		}
		_, err = fmt.Fprintln(sh.Stderr, "Sign in, and give people whom you trust with everything the role Owner. Who changes this password tells coderaws no more: see CODER_SESSION_TOKEN.")
		return err
	})
}

func noOwner(why, todo string) error {
	d := diagnostic.Errorf("coderaws knows no owner")
	d.Code, d.Why, d.Todo = "coder.no_owner", why, todo
	return d
}
