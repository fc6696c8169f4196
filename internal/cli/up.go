package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"sort"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/preflight"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
)

// changeOptions are the flags of commands that change what exists.
type changeOptions struct {
	target string
	// yes answers the question whether to go on.
	yes bool
	// deleteData names what holds data and may be lost.
	deleteData []string
}

func (o *changeOptions) flags(cmd *cobra.Command) {
	targetFlag(cmd, &o.target)
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "go on without asking (only --target aws asks)")
	cmd.Flags().StringArrayVar(&o.deleteData, "delete-data", nil, "the address of a resource that holds data and may be destroyed; repeatable")
}

func (sh *shell) upCommand() *cobra.Command {
	options := changeOptions{}
	var faults []string
	cmd := &cobra.Command{
		Use:   "up DIR",
		Short: "Make what a deployment describes",
		Long: `Make what a deployment describes, or bring what exists in line with it: first the cloud, then the platform that runs in its cluster, which is
Coder. Exactly the plan that is shown is carried out. An interrupted or failed run goes on where it stopped when it is started again.

With --target sandbox (the default) it happens on the embedded AWS, which is kept in DIR/.coderaws; nothing costs money. With
--target aws it happens in the AWS account of your credentials, after a question.

On AWS, Terraform's state is kept in an S3 bucket of the account and region, which the first run makes after a question, or where a file
backend.tfbackend in DIR says. Who runs the same settings from another machine goes on with the same deployment.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return sh.up(cmd.Context(), args[0], options, faults) },
	}
	options.flags(cmd)
	faultFlag(cmd, &faults)
	return cmd
}

func (sh *shell) up(ctx context.Context, dir string, o changeOptions, faults []string) error {
	return sh.onTarget(ctx, dir, o.target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := sh.order(r.Target, faults, d); err != nil {
			return err
		}
		if err := sh.prepare(ctx, r.Target, d, lifecycle.StateUse{Create: true, Agree: sh.agree(dir, o)}); err != nil {
			return err
		}
		sh.warnOfReach(r.Target, d)
		results, err := r.Up(ctx, d, o.deleteData, sh.confirm(o, "make these changes"))
		sh.reportFaults(r.Target, err)
		if err != nil {
			return err
		}
		after, err := sh.settle(ctx, r, d, results)
		return errors.Join(sh.printResults(dir, o.target, "up", results, after), err)
	})
}

// warnOfReach says, before anything is made on AWS, what would keep this machine from installing Coder a quarter of an hour later.
func (sh *shell) warnOfReach(target lifecycle.Target, d *deployment.Deployment) {
	if target.Name() != lifecycle.AWSTarget || !sh.installs() {
		return
	}
	var list diagnostic.List
	if _, err := exec.LookPath("aws"); err != nil {
		w := diagnostic.Warningf("the AWS CLI is not on PATH")
		w.Code, w.Why = "tools.aws", "the Helm provider signs in to the cluster with `aws eks get-token`, and what runs in the cluster cannot be installed without it"
		w.Todo = "install the AWS CLI, version 2, and look whether `aws --version` answers"
		list = append(list, w)
	}
	for i := range d.Regions {
		if cidrs := d.Regions[i].Value("cluster.public_access_cidrs"); cidrs != cty.NilVal && !cidrs.IsNull() && cidrs.LengthInt() == 0 {
			list = append(list, preflight.PrivateAPI())
		}
	}
	if len(list) > 0 {
		sh.show(sh.Stderr, list)
	}
}

// installs reports whether the source has a stack for what runs in the cluster.
func (sh *shell) installs() bool {
	_, err := fs.Stat(sh.Source, "stacks/"+lifecycle.PlatformStack)
	return err == nil
}

// confirm shows a plan and, on AWS, asks before it is carried out.
//
// Who has agreed to make a cloud has agreed to what is installed in it: when that can be planned, a quarter of an hour later, nobody may be there
// any more. A platform that was there before is asked about by itself.
func (sh *shell) confirm(o changeOptions, what string) lifecycle.Confirm {
	agreed := map[string]bool{}
	return func(p lifecycle.Planned) error {
		sh.showWarnings(p)
		if !p.Plan.HasChanges {
			return nil
		}
		if err := printPlan(sh.Stderr, sh.lineOf(p)); err != nil {
			return err
		}
		if o.target != lifecycle.AWSTarget || o.yes || p.Stack != lifecycle.CloudStack && agreed[p.Region] && onlyMakes(p) {
			return nil
		}
		if !sh.isTerminal(sh.Stdin) {
			d := diagnostic.Errorf("nobody is there to agree to these changes on AWS")
			d.Code, d.Why = "gate.consent", "they cost money, and standard input is not a terminal"
			d.Todo = "read the plan, then run the command again with --yes"
			return diagnostic.WithExit(diagnostic.ExitRefused, d)
		}
		question := fmt.Sprintf("Really %s on AWS? They cost money.", what)
		if sh.installs() && p.Stack == lifecycle.CloudStack && onlyMakes(p) {
			question = fmt.Sprintf("Really %s on AWS, and install Coder there? They cost money.", what)
		}
		err := sh.askYes(question)
		agreed[p.Region] = err == nil
		return err
	}
}

// onlyMakes reports whether a plan makes things and does nothing to what exists.
func onlyMakes(p lifecycle.Planned) bool {
	for _, change := range lifecycle.Changes(p.Plan.JSON) {
		if change.Action != "create" {
			return false
		}
	}
	return true
}

// resultLine is what a run left at one place, in the JSON form of the commands.
type resultLine struct {
	Region    string `json:"region"`
	Stack     string `json:"stack"`
	Added     int    `json:"added"`
	Changed   int    `json:"changed"`
	Destroyed int    `json:"destroyed"`
	// State is where Terraform's state is kept, such as s3://bucket/key; left out for a file in the deployment's directory.
	State   string                     `json:"state,omitempty"`
	Outputs map[string]json.RawMessage `json:"outputs,omitempty"`
}

// printResults writes what a run left. after is what came of it once all was made; nil for none.
func (sh *shell) printResults(dir, target, verb string, results []lifecycle.Result, after *settled) error {
	if after == nil {
		after = &settled{}
	}
	lines := []resultLine{}
	for _, r := range results {
		lines = append(lines, resultLine{r.Region, r.Stack, r.Changes.Add, r.Changes.Change, r.Changes.Remove, r.Kept, values(r.Outputs)})
	}
	if sh.output == jsonOutput {
		result := map[string]any{"version": 1, "target": target, "places": lines}
		after.add(result)
		return sh.printJSON(result)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(sh.Stdout, "%s, stack %s: %d added, %d changed, %d destroyed\n",
			line.Region, line.Stack, line.Added, line.Changed, line.Destroyed); err != nil {
			return err
		}
		if err := sh.printOutputs(line.Outputs); err != nil {
			return err
		}
	}
	if err := after.print(sh.Stdout); err != nil {
		return err
	}
	if verb == "up" && target == lifecycle.SandboxTarget {
		_, err := fmt.Fprintf(sh.Stdout, "\nThis was the sandbox: nothing exists on AWS. See it with `coderaws status %s`, end it with `coderaws down %s`.\n", dir, dir)
		return err
	}
	return nil
}

// values are the outputs that may be shown: those marked as sensitive stay with Terraform.
func values(outputs map[string]engine.Output) map[string]json.RawMessage {
	shown := map[string]json.RawMessage{}
	for name, output := range outputs {
		if !output.Sensitive {
			shown[name] = output.Value
		}
	}
	return shown
}

// printOutputs shows the outputs that are single values, and of the object platform what a person wants to know.
func (sh *shell) printOutputs(outputs map[string]json.RawMessage) error {
	rows := [][]string{}
	var platform map[string]json.RawMessage
	if json.Unmarshal(outputs["platform"], &platform) == nil {
		for _, name := range []string{"access_url", "region"} {
			rows = addRow(rows, name, platform[name])
		}
	}
	names := make([]string, 0, len(outputs))
	for name := range outputs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		rows = addRow(rows, name, outputs[name])
	}
	return table(sh.Stdout, rows)
}

// addRow adds a value that is a text or a list of texts.
func addRow(rows [][]string, name string, value json.RawMessage) [][]string {
	var text string
	var list []string
	switch {
	case json.Unmarshal(value, &text) == nil && text != "":
		return append(rows, []string{"  " + name, text})
	case json.Unmarshal(value, &list) == nil && len(list) > 0:
		return append(rows, []string{"  " + name, strings.Join(list, " ")})
	}
	return rows
}
