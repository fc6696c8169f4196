package cli

import (
	"context"
	"io"

	"coderaws/internal/compliance"
	"coderaws/internal/diagnostic"
	"coderaws/internal/inventory"

	"github.com/spf13/cobra"
)

// ComplianceOptions are what is looked at, and against what.
type ComplianceOptions struct {
	ReportOptions
	Framework, Baseline string
	// Controls are those to look at; none means all.
	Controls []string
	// Against is what was planned before, as What is; "" compares nothing.
	Against string
}

// ComplianceResult is what controls come to. Its JSON form only grows.
type ComplianceResult struct {
	Version int                `json:"version"`
	Name    string             `json:"name"`
	Report  *compliance.Report `json:"report"`
	// Against is the name of what it was compared with, and Changes the controls that have another answer since.
	Against string              `json:"against,omitempty"`
	Changes []compliance.Change `json:"changes,omitempty"`
}

// Compliance says which controls of a framework a deployment, a pattern or a plan of any Terraform meets.
func Compliance(ctx context.Context, deps *Deps, o ComplianceOptions) (*ComplianceResult, error) {
	framework, err := compliance.Load(o.Framework)
	if err != nil {
		return nil, err
	}
	controls, err := framework.Pick(o.Baseline, o.Controls)
	if err != nil {
		return nil, err
	}
	name, subject, err := deps.subject(ctx, o.ReportOptions)
	if err != nil {
		return nil, err
	}
	result := &ComplianceResult{Version: 1, Name: name, Report: compliance.Assess(subject, framework, controls, o.Baseline)}
	if o.Against == "" {
		return result, nil
	}
	o.What = o.Against
	name, subject, err = deps.subject(ctx, o.ReportOptions)
	if err != nil {
		return nil, err
	}
	result.Against = name
	result.Changes = compliance.Compare(compliance.Assess(subject, framework, controls, o.Baseline), result.Report)
	return result, nil
}

// subject finds what is looked at: a deployment or a pattern is made on the embedded AWS, from nothing, so that each value is known.
func (deps *Deps) subject(ctx context.Context, o ReportOptions) (string, *compliance.Subject, error) {
	name, previews, err := deps.planned(ctx, o, true)
	if err != nil {
		return "", nil, err
	}
	subject := &compliance.Subject{}
	for _, p := range previews {
		inv, err := inventory.Read(p.Made, p.Written)
		if err != nil {
			return "", nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
		}
		deps.warnOpaque(inv.Opaque, "what they connect can look as if it were not connected")
		place := compliance.Place{Inventory: inv, Unrendered: p.Unrendered}
		if p.Region != "" {
			place.Name = p.Region + ", " + p.Stack
		}
		place.Elsewhere = p.Made.Output("exists_elsewhere").Texts().Else(nil, nil)
		for _, o := range p.Objects {
			place.Objects = append(place.Objects, compliance.Object(o))
		}
		subject.Places = append(subject.Places, place)
	}
	return name, subject, nil
}

// complianceFlags are those of the command, as they are written.
type complianceFlags struct {
	ComplianceOptions
	html, oscal string
	all, strict bool
}

func (sh *shell) complianceCommand() *cobra.Command {
	var flags complianceFlags
	cmd := &cobra.Command{
		Use:   "compliance DIR|PATTERN|PLAN",
		Short: "Show which controls of a framework a deployment meets",
		Long: `Show which controls of a framework a deployment meets, as far as its plan can show it, with the resources, values and
lines that say so.

Each control has one of four answers: satisfied; not satisfied; not provable from a plan, with what would prove it; not applicable, with the
reason. It is about the plan and about the system that the embedded AWS makes of it, not about one that runs. Frameworks:

  nist-800-53-r5   NIST SP 800-53 Rev. 5, with --baseline low, moderate or high; without one, the controls on which a plan has a bearing
  cis-eks          the numbers of the CIS Amazon EKS Benchmark 1.8.0
  fsbp             AWS Foundational Security Best Practices
  adr              what this project's decision records say

A deployment or a pattern is made on the embedded AWS, from nothing; nothing is asked of a real account. PLAN is a plan of any Terraform, in
the engine's own form or as JSON; types that no check knows are named.

  coderaws compliance my-coder --baseline moderate
  coderaws compliance my-coder --control 'SC-7(5)' --control AU-11
  coderaws compliance my-coder --framework fsbp --html compliance.html
  coderaws compliance my-coder --baseline high --oscal assessment-results.json
  coderaws compliance new-plan.json --against old-plan.json --strict

Exit status: 0 if the report was made; 1 if the plan could not be made; 2 if the deployment, the plan, a framework, a
baseline or a control is not valid; 3 with --strict if a control is not satisfied, or with --against if the change breaks one.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.What = args[0]
			if err := filled(cmd, "baseline", "against", "html", "oscal"); err != nil {
				return err
			}
			if err := distinct([]string{flags.What, flags.Against}, flags.html, flags.oscal); err != nil {
				return err
			}
			result, err := Compliance(cmd.Context(), sh.deps(), flags.ComplianceOptions)
			if err != nil {
				return err
			}
			return sh.showCompliance(result, flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.Configuration, "configuration", "",
		"the directory of the Terraform files that the plan was made from (default: that of the plan)")
	existingFlags(cmd, &flags.Existing)
	f.StringVar(&flags.Framework, "framework", compliance.NIST, "nist-800-53-r5, cis-eks, fsbp or adr")
	f.StringVar(&flags.Baseline, "baseline", "", "the controls of this baseline of NIST SP 800-53B: low, moderate or high")
	f.StringArrayVar(&flags.Controls, "control", nil, "this control alone, with all its evidence; repeatable")
	f.StringVar(&flags.Against, "against", "",
		"what was planned before, as DIR, PATTERN or PLAN: show which controls the change breaks or mends")
	f.BoolVar(&flags.all, "all", false, "show the evidence of all controls, not only of those that are not satisfied")
	f.BoolVar(&flags.strict, "strict", false, "exit with 3 if a control is not satisfied, or with --against if the change breaks one")
	f.StringVar(&flags.html, "html", "", "also write a page that can be printed to this file; - is standard output alone")
	f.StringVar(&flags.oscal, "oscal", "", "also write OSCAL assessment-results to this file; - is standard output alone")
	for name, values := range map[string][]string{"framework": compliance.Frameworks(), "baseline": compliance.Baselines()} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flags exist
	}
	return cmd
}

// showCompliance writes a report in the forms that were asked for. What goes to a file goes there beside what is shown; "-" is standard
// output alone.
func (sh *shell) showCompliance(result *ComplianceResult, flags complianceFlags) error {
	shown := false
	for _, form := range []struct {
		file  string
		write func(io.Writer) error
	}{
		{flags.html, func(w io.Writer) error { return result.Report.WriteHTML(w, result.Name, sh.Now()) }},
		{flags.oscal, func(w io.Writer) error {
			return result.Report.WriteOSCAL(w, result.Name, "coderaws "+version(), sh.Now())
		}},
	} {
		if form.file == "" {
			continue
		}
		if err := sh.writeReport(form.file, form.write); err != nil {
			return err
		}
		shown = shown || form.file == "-"
	}
	if !shown {
		err := present(sh, result, nil, func(w io.Writer, result *ComplianceResult) error {
			return printCompliance(w, result, flags.all || len(flags.Controls) > 0)
		})
		if err != nil {
			return err
		}
	}
	if !flags.strict {
		return nil
	}
	return refuseNonCompliance(result)
}
