package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// RehearseOptions are what is rehearsed.
type RehearseOptions struct {
	// What is a deployment's directory, or the name of a pattern.
	What string
	// Existing is what is there before the deployment.
	Existing rehearsal.Existing
	// Faults are orders to let things go wrong; see rehearsal.FaultForm.
	Faults []string
	// Principal is who runs Terraform.
	Principal rehearsal.Principal
	// Account, if it names one, is the account that the embedded AWS is to be like.
	Account AccountOptions
	// Strict refuses a life of which the rehearsal is not sure.
	Strict bool
	// Change is what it becomes before it is destroyed.
	Change ChangeRehearsal
}

// RehearseResult is what a rehearsal found out. Its JSON form is that of the report, and only grows.
type RehearseResult struct {
	*rehearsal.Report
	// Then is the name of what the deployment became; "" where its settings stayed, or nothing was changed.
	Then string `json:"then,omitempty"`
	// Change are the plans of the change; left out where there was none.
	Change []PlacePlan `json:"change,omitempty"`
}

// Rehearse lives the whole life of a deployment on the embedded AWS. The report of a life that came to its end is returned also where the
// error says that it was no good one.
func Rehearse(ctx context.Context, deps *Deps, o RehearseOptions) (*RehearseResult, error) {
	if o.Change.Current {
		return deps.rehearseCurrent(ctx, o)
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
	result, last, change := &RehearseResult{}, d, (*rehearsal.Change)(nil)
	if o.Change.Then != "" {
		if last, result.Then, err = deps.wantedThen(o.Change.Then, d); err != nil {
			return nil, err
		}
		c := deps.change(o.Change, last, &result.Change)
		change = &c
	}
	target, explain, err := deps.rehearsal(ctx, name, d, o.Account)
	if err != nil {
		return nil, err
	}
	if err := target.AddExisting(o.Existing); err != nil {
		return nil, err
	}
	if err := target.RunAs(o.Principal); err != nil {
		return nil, err
	}
	if err := deps.order(target, o.Faults, d); err != nil {
		return nil, err
	}
	var look func(context.Context, *plan.Plan) error
	if !deps.isPattern(o.What) {
		charts, err := deps.lockCharts(o.What, lifecycle.SandboxTarget)
		if err != nil {
			return nil, err
		}
		look = charts.look
	}
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		r.Charts = look
		result.Report, err = target.RehearseChange(ctx, r, name, d, change)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	return deps.judged(o, result, last)
}

// judged concludes what a rehearsal comes to, whose last settings those of d were.
func (deps *Deps) judged(o RehearseOptions, result *RehearseResult, d *deployment.Deployment) (*RehearseResult, error) {
	result.Judge(deps.beforehand(d))
	switch result.Verdict.Outcome {
	case rehearsal.Failed:
		return result, badLife(result.Report)
	case rehearsal.Unsure:
		if o.Strict {
			return result, notSure(result.Verdict)
		}
	}
	return result, nil
}

func (sh *shell) rehearseCommand() *cobra.Command {
	var o RehearseOptions
	cmd := &cobra.Command{
		Use:   "rehearse DIR|PATTERN",
		Short: "Live the whole life of a deployment on the embedded AWS",
		Long: `Live the whole life of a deployment on the AWS that is embedded in this program: Terraform makes everything, plans again (nothing may
change) and destroys everything (nothing may be left). It changes nothing outside of a temporary directory, but for DIR/charts.lock.hcl, in
which the archives of charts are that it has found.

The report says what was made, how long AWS would take, which quotas a new account has to raise, and what the embedded AWS does
not model: for those types it knows no rule of AWS, so that a rehearsal says less about them.

With --account the embedded AWS is as that account is: its id, zones and hosted zones, its quotas and what is used of them, and the
names that are taken. What it has no room for is refused as AWS would.

With --as it is run by who has those policies, and what they do not allow is refused as AWS would: each call that the AWS provider makes is
held to them, to the permissions boundary of --boundary, and to the service control policies of --scp.

With --then, what was made is changed before it is destroyed, as ` + "`coderaws up`" + ` would: to the settings of another directory, such as
a later commit of the same deployment. The report has the plan of the change and what it means for people. With --from-current the
change begins with a copy of the sandbox that DIR keeps, as it is now, and nothing is destroyed. Both refuse what up refuses.

The last line is the verdict: PASSED; NOT SURE, with what was not looked at or is newer than this program knows; or FAILED.

Exit status: 0 if the life went well; 1 if AWS would have refused something, a second plan had changes, or something was left; 2 if
the deployment is not valid, or the change asks for what cannot change; 3 if a gate refuses the change, or with --strict, if the verdict is
NOT SURE.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			if err := o.misused(); err != nil {
				return usage(cmd, err)
			}
			result, err := Rehearse(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *RehearseResult) error {
				return errors.Join(printReport(w, result), sh.printVerdict(result.Report))
			})
		},
	}
	cmd.Flags().BoolVar(&o.Strict, "strict", false, "refuse what the rehearsal is not sure of, with exit status 3")
	existingFlags(cmd, &o.Existing)
	principalFlags(cmd, &o.Principal)
	faultFlag(cmd, &o.Faults)
	o.Account.register(cmd)
	o.Change.register(cmd)
	return cmd
}

// rehearsed finds what to rehearse: a directory if there is one of that name, else a pattern.
func (deps *Deps) rehearsed(what, scratch string) (*deployment.Deployment, string, error) {
	if info, err := os.Stat(what); err == nil && info.IsDir() {
		d, err := deps.load(what)
		if err != nil {
			return nil, "", err
		}
		absolute, err := filepath.Abs(what)
		if err != nil {
			return nil, "", err
		}
		return &deployment.Deployment{Dir: scratch, Regions: d.Regions}, filepath.Base(absolute), nil
	}
	if strings.ContainsRune(what, os.PathSeparator) {
		_, findings := deployment.Load(what, deps.Source)
		return nil, "", invalid(findings)
	}
	pattern, err := deployment.FindPattern(deps.Source, what)
	if err != nil {
		for _, finding := range diagnostic.From(err) {
			finding.Summary = fmt.Sprintf("there is neither a directory nor a pattern %q", what)
		}
		return nil, "", exitOr(diagnostic.ExitInvalid, err)
	}
	d, findings := pattern.Deployment(scratch)
	if findings = append(findings, deps.beforehand(d)...); !findings.HasErrors() {
		deps.warn(findings)
	}
	return d, pattern.Name, invalid(findings)
}

// badLife says what went wrong in a life that came to its end.
func badLife(report *rehearsal.Report) error {
	var list diagnostic.List
	for _, life := range report.Lives() {
		for _, change := range life.Differences {
			d := diagnostic.Errorf("a second plan would %s a resource that the first run had just made", change.Action)
			d.Code, d.Address = "rehearse.second_plan", change.Address
			d.Why = "the configuration never comes to rest: every run would change " + strings.Join(change.Attributes, ", ")
			d.Todo = "make the configuration say what AWS answers, or ignore the attribute's changes (lifecycle ignore_changes)"
			list = append(list, d)
		}
	}
	for _, life := range report.Lives() {
		for _, release := range life.Releases {
			if release.Stuck > 0 {
				list = append(list, stuck(release))
			}
		}
	}
	for _, left := range report.Left {
		d := diagnostic.Errorf("%s %s in %s is left after everything was destroyed", left.Type, left.ID, left.Region)
		d.Code = "rehearse.left"
		d.Why = "it would go on costing money, and block a new deployment of the same name"
		d.Todo = "let the configuration own it, so that a destroy deletes it"
		list = append(list, d)
	}
	for _, kept := range report.Kept {
		if kept.KeyDeleted {
			d := diagnostic.Errorf("%s %s in %s is kept, but nobody can restore it: its key was deleted", kept.Type, kept.ID, kept.Region)
			d.Code = "rehearse.key_deleted"
			d.Why = "it is encrypted with " + kept.Key + ", and AWS deletes a key with what is encrypted with it still there"
			d.Todo = "encrypt it with a key that outlives the deployment, or take the key out of the state before the destroy"
			list = append(list, d)
		}
	}
	for _, region := range report.Egress {
		list = append(list, noWays(region.Report, true)...)
	}
	list = append(list, badScaling(report.Scaling)...)
	return append(list, badDisturbance(report.Disturbance)...)
}

// printReport writes the report for people.
func printReport(w io.Writer, result *RehearseResult) error {
	r := result.Report
	var b strings.Builder
	fmt.Fprintf(&b, "Rehearsal of %s with %s on the embedded AWS, in %.1f s\n", r.Name, r.Engine, r.Seconds)
	for _, life := range r.Places {
		fmt.Fprintf(&b, "\n%s, stack %s\n", life.Region, life.Stack)
		fmt.Fprintf(&b, "  made         %s\n", wrap(madeAt(life), 90, "               "))
		if len(life.Differences) == 0 {
			fmt.Fprintf(&b, "  second plan  no changes\n")
		} else {
			fmt.Fprintf(&b, "  second plan  %s\n", plural(len(life.Differences), "change"))
		}
		fmt.Fprintf(&b, "  on AWS       %s to make (%s to %s), %s to destroy\n", duration(life.Up.Typical), duration(life.Up.Shortest),
			duration(life.Up.Longest), duration(life.Down.Typical))
		if life.Up.Typical >= 5 {
			fmt.Fprintf(&b, "  it hangs on\n")
		}
		for _, step := range life.Critical {
			if step.Length >= 5 {
				fmt.Fprintf(&b, "    %7s  %s\n", duration(step.Length), step.Address)
			}
		}
		writeReleases(&b, life.Releases)
	}
	writeReady(&b, r)
	if err := writeChange(&b, result); err != nil {
		return err
	}
	writeEgress(&b, r.Egress)
	writeScaling(&b, r.Scaling)
	writeDisturbance(&b, r.Disturbance)
	b.WriteString("\n")
	if len(r.Places) > 0 {
		writeLeft(&b, r)
	}
	writeQuotas(&b, r.Quotas)
	for _, sentence := range r.Undecided {
		fmt.Fprintf(&b, "Permission not decided: %s.\n", sentence)
	}
	if len(r.Unmodelled) == 0 {
		b.WriteString("Not modelled: nothing; every type used is modelled.\n")
	} else {
		fmt.Fprintf(&b, "Not modelled: %s\n  The sandbox knows only their schema: whether AWS accepts their settings was not rehearsed.\n",
			wrap(strings.Join(r.Unmodelled, ", "), 110, "  "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeReleases says what runs in the cluster, and of which charts nothing is known.
func writeReleases(b *strings.Builder, releases []rehearsal.Release) {
	if len(releases) == 0 {
		return
	}
	rendered, objects, placed, waiting, never := 0, 0, 0, 0, 0
	for _, release := range releases {
		if release.Unrendered == "" {
			rendered++
		}
		objects, placed, waiting, never = objects+release.Objects, placed+release.Placed, waiting+release.Waiting, never+release.Stuck
	}
	fmt.Fprintf(b, "  in it        %s in %d of %s, %s on nodes", plural(objects, "object"), rendered, plural(len(releases), "release"),
		plural(placed, "pod"))
	if waiting > 0 {
		fmt.Fprintf(b, ", %s waiting for what comes after this", plural(waiting, "pod"))
	}
	if never > 0 {
		fmt.Fprintf(b, ", %s that cannot run", plural(never, "pod"))
	}
	b.WriteString("\n")
	for _, release := range releases {
		if release.Waiting+release.Stuck > 0 {
			fmt.Fprintf(b, "  waiting      %s\n",
				wrap(fmt.Sprintf("%s of %s: %s", plural(release.Waiting+release.Stuck, "pod"), release.Name, strings.Join(release.Reasons, "; ")),
					110, "               "))
		}
		if release.Unrendered != "" {
			fmt.Fprintf(b, "  NOT RENDERED %s\n",
				wrap(fmt.Sprintf("%s (chart %s %s): %s", release.Name, release.Chart, release.Version, release.Unrendered), 110, "               "))
		}
	}
	if rendered < len(releases) {
		b.WriteString("               What these install was not checked. `coderaws charts fetch` fetches charts once, where there is a\n" +
			"               network; CODERAWS_CHARTS names directories that hold them.\n")
	}
}

// stuck says of a release that does not wait for its pods that they never run.
func stuck(release rehearsal.Release) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s of release %s cannot run, and the release does not wait for its pods", plural(release.Stuck, "pod"),
		release.Name)
	d.Code, d.Why = "rehearse.stuck", strings.Join(release.Reasons, "; ")
	d.Todo = "give the pods what they lack, or the cluster: nobody would be told of it on AWS"
	return d
}

// madeAt says what was made at a place: releases by their names, and everything else by module.
func madeAt(life rehearsal.Life) string {
	if len(life.Releases) == 0 || len(life.Releases) != life.Resources {
		return plural(life.Resources, "resource") + ": " + counted(life.ByModule)
	}
	var names []string
	for _, release := range life.Releases {
		names = append(names, release.Name)
	}
	return plural(life.Resources, "release") + ": " + strings.Join(names, ", ")
}

// writeReady says how long it takes until Coder answers, where that takes more than one stack.
func writeReady(b *strings.Builder, r *rehearsal.Report) {
	count := map[string]int{}
	for _, life := range r.Places {
		count[life.Region]++
	}
	for _, ready := range r.Ready {
		if count[ready.Region] < 2 {
			continue
		}
		who, order := "Coder", "its stacks made one after the other"
		if ready.Spoke {
			who, order = "its workspace proxy", "the hub made first, and all spokes at the same time"
		}
		fmt.Fprintf(b, "\n%s: %s answers after %s on AWS (%s to %s), %s\n", ready.Region, who, duration(ready.Typical), duration(ready.Shortest),
			duration(ready.Longest), order)
	}
}

// writeEgress counts the ways of regions that shall have none to the internet.
func writeEgress(b *strings.Builder, regions []rehearsal.RegionEgress) {
	for _, region := range regions {
		fmt.Fprintf(b, "\n%s, no way to the internet: %s\n", region.Region, wrap(egressCounts(region.Report), 90, "  "))
	}
}

func writeLeft(b *strings.Builder, r *rehearsal.Report) {
	if len(r.Left) == 0 {
		b.WriteString("Destroyed: nothing is left")
	} else {
		fmt.Fprintf(b, "Destroyed: %s left behind", plural(len(r.Left), "resource"))
	}
	if len(r.Kept) > 0 {
		var names []string
		for _, kept := range r.Kept {
			names = append(names, kept.Type+" "+kept.ID)
		}
		fmt.Fprintf(b, ", except what is kept on purpose: %s", strings.Join(names, ", "))
	}
	b.WriteString(".\n")
}

func writeQuotas(b *strings.Builder, quotas []rehearsal.QuotaNeed) {
	if len(quotas) == 0 {
		b.WriteString("Quotas: AWS's defaults are enough.\n")
		return
	}
	b.WriteString("Quotas to raise in a new account:\n")
	for _, q := range quotas {
		fmt.Fprintf(b, "  %s  %s in %s: %g needed at most, default %g\n", q.Code, q.Name, q.Region, q.Needed, q.Default)
	}
}
