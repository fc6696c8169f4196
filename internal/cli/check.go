package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/spot"

	"github.com/spf13/cobra"
)

// CheckOptions are what is checked, and against what.
type CheckOptions struct {
	// Dir is the deployment's directory.
	Dir string
	AccountOptions
	// Save is the file that the account's answers go to; "" for none.
	Save string
}

// CheckResult is what was found. Its JSON form only grows.
type CheckResult struct {
	// Account is what was found out about an account; nil where none was asked for, or the deployment is not valid.
	Account  *AccountResult
	Findings diagnostic.List
	// Regions are those of a valid deployment.
	Regions []string
}

// Check finds what is wrong with a deployment, and, where an account is named and nothing is, what that has no room for. Findings are a
// result; its error says that they are not only warnings.
func Check(ctx context.Context, deps *Deps, o CheckOptions) (*CheckResult, error) {
	d, findings := deployment.Load(o.Dir, deps.Source)
	result := &CheckResult{Findings: append(append(findings, deps.beforehand(d)...), spot.Advise(d)...)}
	if result.Findings.HasErrors() {
		return result, diagnostic.WithExit(diagnostic.ExitInvalid, diagnostic.Errorf("%s is not valid", o.Dir))
	}
	held := lifecycle.Held(d)
	result.Findings = append(result.Findings, held...)
	if held.HasErrors() {
		return result, diagnostic.WithExit(diagnostic.ExitInvalid, diagnostic.Errorf("%s contradicts what exists of it", o.Dir))
	}
	for _, region := range d.Regions {
		result.Regions = append(result.Regions, region.Name)
	}
	if !o.wanted() {
		return result, nil
	}
	account, more, err := deps.checkAccount(ctx, d, o)
	if err != nil {
		return nil, err
	}
	result.Account, result.Findings = account, append(result.Findings, more...)
	if result.Findings.HasErrors() {
		return result, diagnostic.Errorf("account %s has no room for %s", account.Account, o.Dir)
	}
	return result, nil
}

// checkFlags are the flags of the command.
type checkFlags struct {
	CheckOptions
	target string
	policy bool
}

func (sh *shell) checkCommand() *cobra.Command {
	o := checkFlags{}
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
				return sh.printJSON(CheckPolicy())
			}
			if err := o.complete(cmd); err != nil {
				return err
			}
			o.Dir = args[0]
			return sh.check(cmd.Context(), o.CheckOptions)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.target, "target", lifecycle.SandboxTarget,
		"aws asks the account of your credentials, as --account aws does; sandbox asks nobody")
	cmd.Flags().StringVar(&o.Save, "save-account", "", "write the account's answers to this FILE")
	cmd.Flags().BoolVar(&o.policy, "policy", false, "print the IAM policy that asking an account needs, and do nothing else")
	// The flag exists, so registering its completion cannot fail.
	_ = cmd.RegisterFlagCompletionFunc("target", cobra.FixedCompletions([]string{lifecycle.SandboxTarget, lifecycle.AWSTarget},
		cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// complete lets --target aws stand for --account aws, and refuses what cannot be meant.
func (o *checkFlags) complete(cmd *cobra.Command) error {
	switch {
	case o.target != lifecycle.SandboxTarget && o.target != lifecycle.AWSTarget:
		return usage(cmd, fmt.Errorf("there is no target %q: write --target sandbox or --target aws", o.target))
	case o.target == lifecycle.AWSTarget && o.wanted() && o.Account != askAWS:
		return usage(cmd, fmt.Errorf("--target aws asks the account, and --account %s does not: write one of them", o.Account))
	case o.target == lifecycle.AWSTarget:
		o.Account = askAWS
	}
	if o.Save != "" && o.Account != askAWS {
		return usage(cmd, fmt.Errorf("--save-account saves what --target aws asks"))
	}
	return nil
}

// check shows what was found. With JSON the findings are the result, on standard output; for people they go where errors go.
func (sh *shell) check(ctx context.Context, o CheckOptions) error {
	result, err := Check(ctx, sh.deps(), o)
	switch {
	case result == nil:
		return err
	case sh.output == jsonOutput:
		if result.Account == nil {
			return errors.Join(diagnostic.WriteJSON(sh.Stdout, result.Findings), err)
		}
		return errors.Join(sh.printJSON(map[string]any{"diagnostics": append(diagnostic.List{}, result.Findings...), "account": result.Account}),
			err)
	case result.Regions == nil:
		return invalid(result.Findings)
	}
	if result.Account == nil {
		sh.show(sh.Stderr, result.Findings)
	}
	if _, err := fmt.Fprintf(sh.results(), "%s is valid: %s (%s).\n", o.Dir, plural(len(result.Regions), "region"),
		strings.Join(result.Regions, ", ")); err != nil {
		return err
	}
	if result.Account == nil {
		return nil
	}
	if err := printAccount(sh.results(), result.Account, o.Account); err != nil {
		return err
	}
	if err := result.Findings.Err(); err != nil {
		return err
	}
	sh.show(sh.Stderr, result.Findings)
	return nil
}

// PolicyStatement is one statement of a Policy.
type PolicyStatement struct {
	Sid, Effect string
	Action      []string
	Resource    string
}

// Policy is an IAM policy, whose JSON form is that of IAM.
type Policy struct {
	Version   string
	Statement []PolicyStatement
}

// CheckPolicy is the policy for who asks an account. Nothing in it can be narrowed to names: all of it is about what exists in the account.
func CheckPolicy() *Policy {
	return &Policy{"2012-10-17", []PolicyStatement{{"CoderawsCheck", "Allow", account.Actions(), "*"}}}
}
