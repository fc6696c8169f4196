package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/detached"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// ChangeOptions are those of commands that change what exists.
type ChangeOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
	// DeleteData names what holds data and may be lost, by its address.
	DeleteData []string
	// Adopt names what exists and no state knows, as ADDRESS=ID.
	Adopt []string
	// ChangeEngine lets a state be gone on with that a newer Terraform or OpenTofu, or the other of the two, has written.
	ChangeEngine bool
	// Region is the one that a down is limited to; "" for all.
	Region string
	// SideBySide lets regions be worked on at the same time: Confirm asks nobody.
	SideBySide bool
	// NoInterruption refuses what interrupts somebody; only Up takes it.
	NoInterruption bool
	// Faults are orders to let things go wrong on the sandbox; only Up takes them.
	Faults []string
	// Struck is told of each fault that struck; nil is told nothing.
	Struck func(lifecycle.FaultRecord)
	// Agree is asked about what belongs to the state, and Confirm with each plan before it is carried out; an error of either ends the run.
	// Nil agrees.
	Agree   func(lifecycle.Question) error
	Confirm func(ask Confirmation) error
}

// Confirmation is what has to be agreed to.
type Confirmation struct {
	lifecycle.Planned
	// Shown is what there is to say of the plan.
	Shown PlacePlan
	// Billed says that it costs money, and Installs that Coder is to be installed in what it makes.
	Billed, Installs bool
}

// ChangeResult is what a change left. Its JSON form only grows.
type ChangeResult struct {
	Checks  []lifecycle.Checks `json:"checks,omitempty"`
	Steps   []lifecycle.Steps  `json:"first_steps,omitempty"`
	Places  []PlaceResult      `json:"places"`
	Target  string             `json:"target"`
	Version int                `json:"version"`
	// Billed says that what was made costs money, and Runs that a Coder runs there.
	Billed bool `json:"-"`
	Runs   bool `json:"-"`
	// Buckets stay when all else is destroyed: they keep the states.
	Buckets []string `json:"-"`
}

// PlaceResult is what a run left at one place.
type PlaceResult struct {
	Region    string `json:"region"`
	Stack     string `json:"stack"`
	Added     int    `json:"added"`
	Changed   int    `json:"changed"`
	Destroyed int    `json:"destroyed"`
	// State is where Terraform's state is kept, such as s3://bucket/key; left out for a file in the deployment's directory.
	State string `json:"state,omitempty"`
	// Snapshots are those that the databases left that were destroyed.
	Snapshots []lifecycle.Snapshot `json:"snapshots,omitempty"`

	Outputs map[string]json.RawMessage `json:"outputs,omitempty"`
}

// Up makes what a deployment describes, takes the first steps in it and looks whether it works. What it left is returned with an error that
// came after it was made, too.
func Up(ctx context.Context, deps *Deps, o ChangeOptions) (*ChangeResult, error) {
	var result *ChangeResult
	charts, err := deps.lockCharts(o.Dir, o.Target)
	if err != nil {
		return nil, err
	}
	err = deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		r.ChangeEngine, r.Charts = o.ChangeEngine, charts.look
		r.SideBySide = o.SideBySide && len(o.Faults) == 0
		if err := errors.Join(detached.Replace(o.Dir), deps.order(r.Target, o.Faults, d), adoptInto(r, o.Adopt)); err != nil {
			return err
		}
		if err := deps.prepare(ctx, r.Target, d, lifecycle.StateUse{Create: true, Agree: o.agree()}); err != nil {
			return err
		}
		if r.Installs() {
			deps.warn(r.Target.Reach(d))
		}
		results, err := r.Up(ctx, d, o.DeleteData, deps.confirm(r, o))
		deps.reportFaults(r.Target, o.Struck, err)
		if err != nil {
			return err
		}
		after, err := r.Settle(ctx, d, results)
		result = changed(r, results)
		result.Steps, result.Checks, result.Runs = after.Steps, after.Checks, after.Runs
		return err
	})
	return result, err
}

// adoptInto makes a run adopt what is named.
func adoptInto(r *lifecycle.Runner, named []string) error {
	r.Adopt = map[string]string{}
	for _, text := range named {
		// An address may hold an equals sign in a key, and an id may hold one, too.
		cut := strings.IndexByte(text, '=')
		if inside := strings.LastIndex(text, "]="); inside >= 0 {
			cut = inside + 1
		}
		if cut <= 0 || cut == len(text)-1 {
			d := diagnostic.Errorf("--adopt %s names no resource", text)
			d.Code, d.Why = "usage.adopt", "it takes an address, an equals sign, and the id of what exists"
			d.Todo = "write it as in --adopt 'module.network.aws_vpc.this=vpc-0123456789abcdef0'"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		r.Adopt[text[:cut]] = text[cut+1:]
	}
	return nil
}

// agree is asked about what belongs to the state.
func (o ChangeOptions) agree() func(lifecycle.Question) error {
	if o.Agree == nil {
		return func(lifecycle.Question) error { return nil }
	}
	return o.Agree
}

// confirm shows a plan to whom it concerns before it is carried out.
func (deps *Deps) confirm(r *lifecycle.Runner, o ChangeOptions) lifecycle.Confirm {
	return func(p lifecycle.Planned) error {
		deps.warn(p.Plan.Warnings)
		if !p.Plan.HasChanges || o.Confirm == nil && !o.NoInterruption {
			return nil
		}
		shown := deps.placePlan(p)
		if o.NoInterruption {
			if err := refuseInterruption(shown); err != nil {
				return err
			}
		}
		if o.Confirm == nil {
			return nil
		}
		return o.Confirm(Confirmation{p, shown, r.Target.Billed(), r.Installs()})
	}
}

// changed is what a run left.
func changed(r *lifecycle.Runner, results []lifecycle.Result) *ChangeResult {
	result := &ChangeResult{Version: 1, Target: r.Target.Name(), Places: []PlaceResult{}, Billed: r.Target.Billed()}
	for _, at := range results {
		result.Places = append(result.Places, PlaceResult{
			Region: at.Region, Stack: at.Stack, Added: at.Changes.Add, Changed: at.Changes.Change, Destroyed: at.Changes.Remove,
			State: at.Kept, Snapshots: at.Snapshots, Outputs: values(at.Outputs),
		})
	}
	return result
}

// changeFlags are the flags of commands that change what exists.
type changeFlags struct {
	ChangeOptions
	// yes answers the question whether to go on, and detach lets it go on without a terminal.
	yes, detach bool
}

func (f *changeFlags) register(cmd *cobra.Command) {
	targetFlag(cmd, &f.Target)
	detachFlag(cmd, &f.detach)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "go on without asking (only --target aws asks)")
	cmd.Flags().BoolVar(&f.ChangeEngine, "change-engine", false, "go on though a newer Terraform or OpenTofu, or the other of the two, "+
		"has written the state")
	cmd.Flags().StringArrayVar(&f.Adopt, "adopt", nil, "take what exists and no state knows into the state, as ADDRESS=ID, with the id that "+
		"'terraform import' takes; repeatable")
	cmd.Flags().StringArrayVar(&f.DeleteData, "delete-data", nil, "the address of a resource that holds data and may be destroyed; repeatable")
}

// options lets a person be asked, on a terminal. what is the change, as in "Really ... on AWS?".
func (f *changeFlags) options(sh *shell, dir, what string) ChangeOptions {
	f.SideBySide = f.yes || f.Target == lifecycle.SandboxTarget
	f.Dir, f.Agree, f.Confirm, f.Struck = dir, sh.agree(dir, f.yes), sh.confirm(f.yes, what), sh.tellFaults()
	return f.ChangeOptions
}

func (sh *shell) upCommand() *cobra.Command {
	var flags changeFlags
	cmd := &cobra.Command{
		Use:     "up DIR",
		Aliases: []string{"apply", "deploy"},
		Short:   "Make what a deployment describes",
		Long: `Make what a deployment describes, or bring what exists in line with it: first the cloud, then the platform that runs in its cluster, which is
Coder. Exactly the plan that is shown is carried out. An interrupted or failed run goes on where it stopped when it is started again.
What a run had made when it was killed, and no state knows, is found again and adopted, as the plan shows; what cannot be found is
named with --adopt.

With --target sandbox (the default) it happens on the embedded AWS, which is kept in DIR/.coderaws; nothing costs money. With
--target aws it happens in the AWS account of your credentials, after a question.

On AWS, Terraform's state is kept in an S3 bucket of the account and region, which the first run makes after a question, or where a file
backend.tfbackend in DIR says. Who runs the same settings from another machine goes on with the same deployment.

A real run takes the better part of an hour. With --detach it goes on by itself, whatever becomes of this terminal: ` + "`coderaws status\nDIR --follow`" + ` shows it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if gone, err := flags.away(sh, args[0]); gone {
				return err
			}
			result, err := Up(cmd.Context(), sh.deps(), flags.options(sh, args[0], "make these changes"))
			return present(sh, result, err, func(w io.Writer, result *ChangeResult) error { return printUp(w, args[0], result) })
		},
	}
	flags.register(cmd)
	cmd.Flags().BoolVar(&flags.NoInterruption, "no-interruption", false,
		"refuse a plan that interrupts anybody who uses what exists, with exit status 3")
	faultFlag(cmd, &flags.Faults)
	return cmd
}

// confirm shows a plan and, on AWS, asks before it is carried out.
//
// Who has agreed to make a cloud has agreed to what is installed in it: when that can be planned, a quarter of an hour later, nobody may be
// there any more. A platform that was there before is asked about by itself.
func (sh *shell) confirm(yes bool, what string) func(Confirmation) error {
	agreed := map[string]bool{}
	return func(c Confirmation) error {
		// A terminal that is gone ends no run.
		_ = printPlan(sh.messages(), c.Shown)
		if !c.Billed || yes || c.Stack != lifecycle.CloudStack && agreed[c.Region] && onlyMakes(c.Shown) {
			return nil
		}
		if !sh.isTerminal(sh.Stdin) {
			d := diagnostic.Errorf("nobody is there to agree to these changes on AWS")
			d.Code, d.Why = "gate.consent", "they cost money, and standard input is not a terminal"
			d.Todo = "read the plan, then run the command again with --yes"
			return diagnostic.WithExit(diagnostic.ExitRefused, d)
		}
		question := fmt.Sprintf("Really %s on AWS? They cost money.", what)
		if c.Installs && c.Stack == lifecycle.CloudStack && onlyMakes(c.Shown) {
			question = fmt.Sprintf("Really %s on AWS, and install Coder there? They cost money.", what)
		}
		err := sh.askYes(question)
		agreed[c.Region] = err == nil
		return err
	}
}

// onlyMakes reports whether a plan makes things and does nothing to what exists.
func onlyMakes(p PlacePlan) bool {
	for _, change := range p.Changes {
		if change.Action != "create" {
			return false
		}
	}
	return true
}

// printUp writes what an up left, and what may come next.
func printUp(w io.Writer, dir string, result *ChangeResult) error {
	if err := printChanged(w, result); err != nil {
		return err
	}
	for _, line := range result.Steps {
		if err := printSteps(w, line); err != nil {
			return err
		}
	}
	if err := printAllChecks(w, result.Checks); err != nil {
		return err
	}
	var err error
	dir = diagnostic.Word(dir)
	switch {
	case result.Runs:
		_, err = fmt.Fprintf(w, "\nWhat you may want to do next:\n"+
			"  coderaws owner %s --target aws            shows who may sign in first, and the password\n"+
			"  coderaws templates push %s --target aws   gives Coder a template for workspaces\n", dir, dir)
	case !result.Billed:
		_, err = fmt.Fprintf(w,
			"\nThis was the sandbox: nothing exists on AWS. See it with `coderaws status %s`, end it with `coderaws down %s`.\n", dir, dir)
	}
	return err
}

// printChanged writes what a run left at each place.
func printChanged(w io.Writer, result *ChangeResult) error {
	for _, line := range result.Places {
		if _, err := fmt.Fprintf(w, "%s, stack %s: %d added, %d changed, %d destroyed\n",
			line.Region, line.Stack, line.Added, line.Changed, line.Destroyed); err != nil {
			return err
		}
		if err := printOutputs(w, line.Outputs); err != nil {
			return err
		}
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
func printOutputs(w io.Writer, outputs map[string]json.RawMessage) error {
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
	return table(w, rows)
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
