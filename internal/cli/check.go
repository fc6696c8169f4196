package cli

import (
	"context"
	"fmt"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/spot"

	"github.com/spf13/cobra"
)

// checkOptions are the flags of the command.
type checkOptions struct {
	accountFlags
	target string
	// save is the file that the account's answers go to.
	save   string
	policy bool
}

func (sh *shell) checkCommand() *cobra.Command {
	o := checkOptions{}
	cmd := &cobra.Command{
		Use:   "check DIR",
		Short: "Find what is wrong with a deployment, and what an account has no room for",
		Long: `Find what is wrong with a deployment without asking AWS: unknown settings, wrong types and broken rules, in all files at once,
each with its place and the way out; and in coder.env and provisioners.env what this version of Coder does not read, does not start
with, or needs a licence for. It takes less than a second and needs neither Terraform nor an account.

It also warns of instance types that AWS often takes back on spot, that are not offered where the deployment runs, or that do not go
together in one node group, and names better ones. A warning stops nothing.

With --target aws it also asks the AWS account of your credentials: which quotas it has and how much of them is used, in which zones
the instance types are offered, whether the internet finds the hosted zone, and which names are taken. It compares that with what
the deployment needs at its largest, and tells the command that asks AWS for more. It only reads; --policy prints what it has to be
allowed, and what it is not allowed is reported as not known. --save-account keeps the answers in a file without secrets, with
which --account does the same without asking again, here and in rehearse and plan.

Exit status: 0 if nothing is wrong, 2 if the deployment is not valid, 1 if the account has no room for it.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.policy {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.policy {
				return sh.printPolicy()
			}
			if err := o.complete(cmd); err != nil {
				return err
			}
			return sh.check(cmd.Context(), args[0], o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.target, "target", lifecycle.SandboxTarget, "aws asks the account of your credentials, as --account aws does; sandbox asks nobody")
	cmd.Flags().StringVar(&o.save, "save-account", "", "write the account's answers to this FILE")
	cmd.Flags().BoolVar(&o.policy, "policy", false, "print the IAM policy that asking an account needs, and do nothing else")
	// The flag exists, so registering its completion cannot fail.
	_ = cmd.RegisterFlagCompletionFunc("target", cobra.FixedCompletions([]string{lifecycle.SandboxTarget, lifecycle.AWSTarget}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// complete lets --target aws stand for --account aws, and refuses what cannot be meant.
func (o *checkOptions) complete(cmd *cobra.Command) error {
	switch {
	case o.target != lifecycle.SandboxTarget && o.target != lifecycle.AWSTarget:
		return usage(cmd, fmt.Errorf("there is no target %q: write --target sandbox or --target aws", o.target))
	case o.target == lifecycle.AWSTarget && o.wanted() && o.account != lifecycle.AWSTarget:
		return usage(cmd, fmt.Errorf("--target aws asks the account, and --account %s does not: write one of them", o.account))
	case o.target == lifecycle.AWSTarget:
		o.account = lifecycle.AWSTarget
	}
	if o.save != "" && o.account != lifecycle.AWSTarget {
		return usage(cmd, fmt.Errorf("--save-account saves what --target aws asks"))
	}
	return nil
}

func (sh *shell) check(ctx context.Context, dir string, o checkOptions) error {
	d, findings := deployment.Load(dir, sh.Source)
	findings = append(append(findings, sh.beforehand(d)...), spot.Advise(d)...)
	if !findings.HasErrors() && o.wanted() {
		return sh.checkAgainst(ctx, dir, d, findings, o)
	}
	if sh.output == jsonOutput {
		// The findings are the result of this command, so they go to standard output, and the exit status says the rest.
		if err := diagnostic.WriteJSON(sh.Stdout, findings); err != nil {
			return err
		}
		if findings.HasErrors() {
			return diagnostic.WithExit(diagnostic.ExitInvalid, diagnostic.Errorf("%s is not valid", dir))
		}
		return nil
	}
	if err := invalid(findings); err != nil {
		return err
	}
	sh.show(sh.Stderr, findings)
	return sh.printValid(dir, d)
}

func (sh *shell) printValid(dir string, d *deployment.Deployment) error {
	names := make([]string, len(d.Regions))
	for i, region := range d.Regions {
		names[i] = region.Name
	}
	_, err := fmt.Fprintf(sh.Stdout, "%s is valid: %s (%s).\n", dir, plural(len(names), "region"), strings.Join(names, ", "))
	return err
}

// checkAgainst goes on with a valid deployment, and an account.
func (sh *shell) checkAgainst(ctx context.Context, dir string, d *deployment.Deployment, findings diagnostic.List, o checkOptions) error {
	result, more, err := sh.checkAccount(ctx, dir, d, o)
	if err != nil {
		return err
	}
	all := append(findings, more...)
	if sh.output == jsonOutput {
		if err := sh.printJSON(map[string]any{"diagnostics": append(diagnostic.List{}, all...), "account": result}); err != nil {
			return err
		}
		if all.HasErrors() {
			return diagnostic.Errorf("account %s has no room for %s", result.Account, dir)
		}
		return nil
	}
	if err := sh.printValid(dir, d); err != nil {
		return err
	}
	if err := sh.printAccount(result, o.account); err != nil {
		return err
	}
	if err := all.Err(); err != nil {
		return err
	}
	sh.show(sh.Stderr, all)
	return nil
}

// printPolicy writes the policy for who asks an account. Nothing in it can be narrowed to names: all of it is about what exists in the account.
func (sh *shell) printPolicy() error {
	type statement struct {
		Sid, Effect string
		Action      []string
		Resource    string
	}
	return sh.printJSON(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"CoderawsCheck", "Allow", account.Actions(), "*"}}})
}
