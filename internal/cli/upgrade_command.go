package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/consequence"
	"coderaws/internal/diagnostic"
	"coderaws/internal/upgrade"

	"github.com/spf13/cobra"
)

func (sh *shell) upgradeCommand() *cobra.Command {
	var flags changeFlags
	var o UpgradeOptions
	cmd := &cobra.Command{
		Use:   "upgrade DIR",
		Short: "Show what is behind, or bring a deployment to later versions",
		Long: `Show which versions of a deployment are behind or leave support, and when; or, with --kubernetes, --database or --coder, bring it to later
ones in the steps that AWS and Coder demand: the database first, then Kubernetes by one minor version at a time, with its add-ons and
nodes, then Coder. Regions that serve one Coder come to a version of it together, the hub first. What AWS or Coder would refuse is
refused before the first step: versions that are not offered, and ways back.

Each step is shown with its plan, whom it interrupts and how long AWS takes, is asked about on AWS, and is carried out as by ` + "`coderaws up`" + `. Its
settings are written into <region>.tfvars, where comments stay. A run that was interrupted goes on with the same command: it begins from
what runs. Nothing that holds data is replaced unless it is named with --delete-data.

With --rehearse the steps are carried out on a copy: of the sandbox that is kept in DIR, or, with --target aws, of the deployment made
anew on the embedded AWS. A plan after the last step must be empty. Nothing of DIR changes. With --dry-run the steps are only listed.

Exit status: 0 if it was done; 1 if it failed; 2 if a version cannot be come to; 3 if data would be lost, or nobody agreed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.DryRun && o.Rehearse {
				return usage(cmd, errors.New("--dry-run carries nothing out, and --rehearse carries all out on a copy"))
			}
			if (o.DryRun || o.Rehearse) && !o.Wanted.Asks() {
				return usage(cmd, errors.New("say which version is wanted: --kubernetes, --database or --coder"))
			}
			if gone, err := flags.away(sh, args[0]); gone {
				return err
			}
			o.ChangeOptions = flags.options(sh, args[0], "make this step")
			o.Begin = func(region string, number, of int, step upgrade.Step) {
				_, _ = fmt.Fprintf(sh.messages(), "\n%s, step %d of %d: %s\n", region, number, of, step.Title) // as Notice
			}
			result, err := Upgrade(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *UpgradeResult) error {
				return printUpgrade(w, o, result)
			})
		},
	}
	flags.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Wanted.Kubernetes, "kubernetes", "", "the minor version of Kubernetes to come to, such as 1.36")
	f.StringVar(&o.Wanted.Database, "database", "", "the version of PostgreSQL to come to, such as 17 or 17.9")
	f.StringVar(&o.Wanted.Coder, "coder", "", "the version of Coder to come to, such as 2.35.1")
	f.StringVar(&o.Region, "region", "", "upgrade this region alone")
	f.BoolVar(&o.DryRun, "dry-run", false, "list the steps, and carry none out")
	f.BoolVar(&o.Rehearse, "rehearse", false, "carry the steps out on a copy, on the embedded AWS")
	return cmd
}

// printUpgrade writes how the versions stand, or the steps with what they took.
func printUpgrade(w io.Writer, o UpgradeOptions, result *UpgradeResult) error {
	var b strings.Builder
	for i, one := range result.Regions {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case !o.Wanted.Asks():
			writeStandings(&b, one)
		case len(one.Steps) == 0:
			why := "what is wanted is there"
			if one.settings.IsSpoke() && o.Wanted == (upgrade.Versions{Database: o.Wanted.Database}) {
				why = "the database is the hub's"
			}
			fmt.Fprintf(&b, "%s: nothing to do, %s\n", one.Region, why)
		default:
			writeSteps(&b, o, one)
		}
	}
	if result.planned && len(result.Differences) == 0 {
		b.WriteString("\nThis was a copy: nothing of yours has changed. A second plan is empty.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeStandings writes a line for each kind of version.
func writeStandings(b *strings.Builder, one RegionUpgrade) {
	what := "runs"
	if !one.Exists {
		what = "is written; nothing exists yet"
	}
	fmt.Fprintf(b, "%s: what %s\n", one.Region, what)
	rows := [][]string{{"", "has", "newest known", "support until", "then"}}
	for _, s := range one.Standings {
		end := s.SupportEnd
		if s.Ended {
			end += " (over)"
		}
		rows = append(rows, []string{s.What, s.Has, s.Newest, end, s.Ends})
	}
	alignedTable(b, rows)
	for _, s := range one.Standings {
		if s.Behind {
			fmt.Fprintf(b, "  behind: %s; `coderaws upgrade DIR %s %s --rehearse` shows what it takes\n", s.What, s.Flag, flagVersion(s))
		}
	}
}

// flagVersion is what a flag takes: of Coder the whole version, of which the calendar has the first two numbers alone.
func flagVersion(s upgrade.Standing) string {
	if s.Flag == "--coder" {
		return s.Newest + ".N"
	}
	return s.Newest
}

// writeSteps writes the steps of a region.
func writeSteps(b *strings.Builder, o UpgradeOptions, one RegionUpgrade) {
	carriedOut, seconds := 0, 0.0
	for _, step := range one.Steps {
		if step.Done {
			carriedOut++
		}
		seconds += step.Takes()
	}
	switch {
	case o.DryRun:
		fmt.Fprintf(b, "%s: %s\n", one.Region, plural(len(one.Steps), "step"))
	case !one.Exists && !o.Rehearse:
		fmt.Fprintf(b, "%s: nothing exists there yet; the settings are written, and `coderaws up %s` makes it so\n", one.Region,
			diagnostic.Word(o.Dir))
		return
	default:
		fmt.Fprintf(b, "%s: %d of %s done; AWS takes about %s\n", one.Region, carriedOut, plural(len(one.Steps), "step"), duration(seconds))
	}
	for i, step := range one.Steps {
		fmt.Fprintf(b, "  %d. %s", i+1, step.Title)
		if step.Done {
			fmt.Fprintf(b, ", about %s", duration(step.Takes()))
		}
		b.WriteByte('\n')
		for _, place := range step.Places {
			for _, c := range place.Consequences {
				if c.Effect == consequence.Interrupts {
					fmt.Fprintf(b, "     !  interrupts %s\n", wrap(c.Who+": "+c.Text, 90, "        "))
				}
			}
		}
		fmt.Fprintf(b, "     way back: %s\n", step.Back)
	}
}
