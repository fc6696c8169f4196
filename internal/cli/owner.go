package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// OwnerOptions are whose owner is asked for.
type OwnerOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
	// Region is the one that is meant; "" where there is a Coder in one alone.
	Region string
}

// OwnerResult is who owns a Coder, and the password. It holds a secret, which belongs on no disk.
type OwnerResult struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	URL      string `json:"url"`
	Username string `json:"username"`
	Version  int    `json:"version"`
}

// Owner reads who owns a Coder.
func Owner(ctx context.Context, deps *Deps, o OwnerOptions) (*OwnerResult, error) {
	var result *OwnerResult
	err := deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		all, err := deps.installed(ctx, r, d)
		if err != nil {
			return err
		}
		i, err := lifecycle.Only(all, o.Region)
		if err != nil {
			return err
		}
		steps, err := r.Target.Coder(ctx, i, 0)
		switch {
		case err != nil:
			return err
		case steps == nil:
			return noOwner("nobody runs Coder in the sandbox", "on AWS, `coderaws up` makes the owner")
		}
		owner, kept, err := steps.Owner(ctx)
		switch {
		case err != nil:
			return coder.Explain("the owner cannot be read from Secrets Manager", err)
		case !kept:
			return noOwner("Secrets Manager keeps none", "run `coderaws first-steps "+diagnostic.Word(o.Dir)+
				" --target aws`; if Coder has users already, one of them is its owner")
		case owner.Adopted:
			return noOwner(owner.String()+" was adopted, and has a password that coderaws does not know",
				"ask "+owner.Username+", or sign in as another owner")
		}
		result = &OwnerResult{Version: 1, URL: i.AccessURL, Username: owner.Username, Email: owner.Email, Password: owner.Password}
		return nil
	})
	return result, err
}

func (sh *shell) ownerCommand() *cobra.Command {
	var o OwnerOptions
	var show bool
	cmd := &cobra.Command{
		Use:   "owner DIR",
		Short: "Show who owns a Coder, and the password",
		Long: `Show the owner that ` + "`coderaws up`" +
			` made, and the password to sign in with for the first time. It is read from Secrets Manager and written
nowhere. It appears on a terminal alone, unless --show says that it may go elsewhere.

Once an owner has come in by single sign-on, ` + "`coderaws up`" + ` turns passwords off, and this one is of no use any more.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := sh.maySee(show); err != nil {
				return err
			}
			o.Dir = args[0]
			result, err := Owner(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, sh.printOwner)
		},
	}
	targetFlag(cmd, &o.Target)
	cmd.Flags().StringVar(&o.Region, "region", "", "the region, where there is a Coder in several")
	cmd.Flags().BoolVar(&show, "show", false, "show the password also where no terminal is")
	return cmd
}

// maySee refuses to show a password to what is no terminal, unless show says otherwise.
func (sh *shell) maySee(show bool) error {
	if show || sh.output != jsonOutput && sh.isTerminal(sh.Stdout) {
		return nil
	}
	d := diagnostic.Errorf("the password would not be shown on a terminal")
	d.Code, d.Why = "gate.secret", "what is not a terminal is often a file or a log, which others read"
	d.Todo = "run it on a terminal, or add --show"
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}

func (sh *shell) printOwner(w io.Writer, owner *OwnerResult) error {
	if err := table(w, [][]string{{"Coder", owner.URL}, {"email", owner.Email}, {"password", owner.Password}}); err != nil {
		return err
	}
	_, err := fmt.Fprintln(sh.messages(),
		"Sign in, and give people whom you trust with everything the role Owner. Who changes this password tells coderaws no more: see "+
			"CODER_SESSION_TOKEN.")
	return err
}

func noOwner(why, todo string) error {
	d := diagnostic.Errorf("coderaws knows no owner")
	d.Code, d.Why, d.Todo = "coder.no_owner", why, todo
	return d
}
