package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/iampolicy"
	"coderaws/internal/lifecycle"
	"coderaws/internal/permissions"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// PermissionsOptions are whose permissions are written.
type PermissionsOptions struct {
	// What is a deployment's directory, or the name of a pattern.
	What string
	// For is the stage.
	For string
	// To is the folder that the policies are written to; "" writes none.
	To       string
	Existing rehearsal.Existing
	Account  AccountOptions
}

// PermissionsResult are the least policies of a deployment. Its JSON form only grows.
type PermissionsResult struct {
	Name string            `json:"name"`
	For  permissions.Stage `json:"for"`
	// Account is the one that ARNs are in.
	Account string `json:"account"`
	// Policies are those that the rehearsed life takes, and State is the one for the bucket of states, which no rehearsal has.
	Policies []permissions.Policy `json:"policies"`
	State    permissions.Policy   `json:"state"`
	Proof    permissions.Proof    `json:"proof"`
	// Unknown are the types of which it is not known what the AWS provider calls.
	Unknown []string `json:"not_recorded"`
	// Files are those that were written.
	Files   []string `json:"files,omitempty"`
	Version int      `json:"version"`
}

// Permissions lives the whole life of a deployment on the embedded AWS, and writes the least policies that it takes.
func Permissions(ctx context.Context, deps *Deps, o PermissionsOptions) (*PermissionsResult, error) {
	stage := permissions.Stage(o.For)
	if !slices.Contains(permissions.Stages(), stage) {
		d := diagnostic.Errorf("--for is plan, up, down or all, not %q", o.For)
		d.Code, d.Todo = "usage.permissions", "write the part of the life that the policies are for"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
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
	target, explain, err := deps.rehearsal(ctx, name, d, o.Account)
	if err != nil {
		return nil, err
	}
	if err := target.AddExisting(o.Existing); err != nil {
		return nil, err
	}
	observed := target.Observe()
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		report, err := target.Rehearse(ctx, r, name, d)
		if err == nil && !report.Good() {
			return badLife(report)
		}
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	requests := permissions.Of(stage, requestsOf(observed.Needs))
	result := &PermissionsResult{Version: 1, Name: name, For: stage, Account: target.Account(), Unknown: observed.Strange}
	result.Policies = permissions.Least(d.Regions[0].String("name"), requests)
	result.Proof = permissions.Prove(result.Policies, requests)
	region := d.Regions[0].Name
	result.State = permissions.State(lifecycle.StateBucketARN(facts.Partition(region), target.Account(), region))
	if !result.Proof.Holds() {
		return result, notProved(result.Proof)
	}
	return result, result.write(o.To)
}

// requestsOf are what was asked for, as the policies are made from it.
func requestsOf(needs []rehearsal.Permission) []permissions.Request {
	all := make([]permissions.Request, len(needs))
	for i, n := range needs {
		all[i] = permissions.Request{Operation: n.Operation, Action: n.Action, Resource: n.Resource, Foreseen: n.Foreseen, Context: n.Context}
	}
	return all
}

// notProved says that policies were written that do not do what they are for: a fault of this program.
func notProved(proof permissions.Proof) error {
	d := diagnostic.Errorf("the policies are not the least: %d requests would be refused, and %d actions are not needed", len(proof.Refused),
		len(proof.Spare))
	d.Code, d.Why = "permissions.proof", strings.Join(slices.Concat(proof.Refused, proof.Spare), ", ")
	d.Todo = "report this fault of coderaws"
	return d
}

// write writes each policy into a file.
func (r *PermissionsResult) write(folder string) error {
	if folder == "" {
		return nil
	}
	err := os.MkdirAll(folder, 0o755)
	for i, policy := range append(slices.Clone(r.Policies), r.State) {
		file := filepath.Join(folder, fmt.Sprintf("%s-%s-%d.json", r.Name, r.For, i+1))
		if i == len(r.Policies) {
			file = filepath.Join(folder, r.Name+"-state.json")
		}
		if err == nil {
			err = atomicfile.Write(file, []byte(policy.JSON()), 0o644)
		}
		r.Files = append(r.Files, file)
	}
	if err != nil {
		d := diagnostic.Errorf("the policies cannot be written")
		d.Code, d.Why, d.Todo = "permissions.unwritable", err.Error(), "name another folder with --to FOLDER"
		return d
	}
	return nil
}

func (sh *shell) permissionsCommand() *cobra.Command {
	var o PermissionsOptions
	cmd := &cobra.Command{
		Use:   "permissions DIR|PATTERN",
		Short: "Write the least policies of IAM with which Terraform can make, change and destroy a deployment",
		Long: `Write the least policies of IAM with which Terraform can make, change and destroy a deployment. Its whole life is rehearsed, and each
permission that a call of the AWS provider takes is written down, with what it is done on as far as that is known beforehand.

The policies are proved: everything that was asked for is asked again, and without any one of their actions something is refused.
They are split by the size that IAM takes. --to FOLDER writes each into a file; rehearse --as takes them.

  coderaws permissions my-coder --to policies
  coderaws permissions my-coder --for plan`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			if err := filled(cmd, "to", "for"); err != nil {
				return err
			}
			result, err := Permissions(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printPermissions)
		},
	}
	cmd.Flags().StringVar(&o.For, "for", string(permissions.All), "the part of the life: plan, up, down or all")
	cmd.Flags().StringVar(&o.To, "to", "", "the folder to write the policies to, each into a file")
	existingFlags(cmd, &o.Existing)
	o.Account.register(cmd)
	return cmd
}

// printPermissions shows how much the policies allow, and what was proved of them; what they say is in their files and in JSON.
func printPermissions(w io.Writer, r *PermissionsResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "The least that %s takes in AWS account %s, for %s\n\n", r.Name, r.Account, r.For)
	fmt.Fprintf(&b, "  %-22s %7s  %9s  %s\n", "service", "actions", "only look", "policy")
	for _, s := range permissions.Summary(r.Policies) {
		fmt.Fprintf(&b, "  %-22s %7d  %9d  %s\n", s.Service, s.Actions, s.Looks, s.Documents)
	}
	b.WriteString("\n")
	for i, policy := range r.Policies {
		fmt.Fprintf(&b, "Policy %d: %s, %d of %d characters\n", i+1, plural(len(policy.Statements), "statement"),
			iampolicy.Size(policy.JSON()), permissions.Size)
	}
	fmt.Fprintf(&b, "Beside them, for the bucket of states, which is not rehearsed: %s\n", plural(len(permissions.Actions(r.State)), "action"))
	fmt.Fprintf(&b, "\nSufficient: %s of the life, none refused.\n", plural(r.Proof.Requests, "request"))
	fmt.Fprintf(&b, "Minimal: without any one of the %s something is refused, %d of %d.\n", plural(r.Proof.Actions, "action"),
		r.Proof.Actions-len(r.Proof.Spare), r.Proof.Actions)
	if len(r.Unknown) > 0 {
		fmt.Fprintf(&b, "Not recorded, so that nothing is allowed for it: %s\n", wrap(strings.Join(r.Unknown, ", "), 110, "  "))
	}
	if len(r.Policies)+1 > permissions.Attached {
		fmt.Fprintf(&b, "A role takes %d managed policies: ask for more (quota L-0DA4ABF3 of iam).\n", permissions.Attached)
	}
	for _, file := range r.Files {
		fmt.Fprintf(&b, "wrote %s\n", file)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
