package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
	"coderaws/internal/timeline"

	"github.com/spf13/cobra"
)

// shortest is the least that a step must take to have a line of its own: a fiftieth of the run, and 15 seconds at most.
func shortest(total time.Duration) time.Duration {
	return min(15*time.Second, max(total/50, time.Second)).Round(time.Second)
}

// TimelineOptions are what the time of is asked.
type TimelineOptions struct {
	ReportOptions
	// Parallelism is how many resources Terraform works on at once.
	Parallelism int
}

// TimelineResult is how long AWS takes for a plan. Its JSON form only grows.
type TimelineResult struct {
	Name    string        `json:"name"`
	Places  []PlaceTimes  `json:"places"`
	Regions []RegionTimes `json:"regions"`
	Version int           `json:"version"`
	// Tables are what the figures are of.
	Tables []rehearsal.Timetable `json:"-"`
}

// Picture draws the time line, as SVG.
func (t *TimelineResult) Picture() string { return gantt(t.Name, t.Tables) }

// PlaceTimes are those of one place. Times are in seconds on AWS.
type PlaceTimes struct {
	Region      string      `json:"region,omitempty"`
	Stack       string      `json:"stack,omitempty"`
	Parallelism int         `json:"parallelism"`
	Typical     float64     `json:"typical_seconds"`
	Shortest    float64     `json:"shortest_seconds"`
	Longest     float64     `json:"longest_seconds"`
	Steps       []StepTimes `json:"steps"`
	Opaque      []string    `json:"unresolved_local_values"`
}

// StepTimes are those of one step.
type StepTimes struct {
	Address  string  `json:"address"`
	Type     string  `json:"type"`
	Action   string  `json:"action"`
	Start    float64 `json:"start_seconds"`
	Length   float64 `json:"seconds"`
	Shortest float64 `json:"shortest_seconds"`
	Longest  float64 `json:"longest_seconds"`
	Critical bool    `json:"critical"`
	Source   string  `json:"source"`
}

// Timeline works out how long AWS takes for a plan.
func Timeline(ctx context.Context, deps *Deps, o TimelineOptions) (*TimelineResult, error) {
	name, previews, err := deps.previews(ctx, o.ReportOptions, false)
	if err != nil {
		return nil, err
	}
	result := &TimelineResult{Version: 1, Name: name, Places: []PlaceTimes{}}
	for _, p := range previews {
		table := rehearsal.NewTimetable(p.Place, p.Plan, p.Written, o.Parallelism)
		deps.warnOpaque(table.Opaque, "what waits through them begins too early in this time line")
		result.Tables, result.Places = append(result.Tables, table), append(result.Places, timelineOf(table))
	}
	result.Regions = regionTimes(result.Tables)
	return result, nil
}

func (sh *shell) timelineCommand() *cobra.Command {
	var o TimelineOptions
	var svg string
	var explain bool
	cmd := &cobra.Command{
		Use:   "timeline DIR|PATTERN|PLAN.json",
		Short: "Show how long AWS takes for a plan, and what that hangs on",
		Long: `Show how long AWS takes to carry out a plan: what runs beside what, and the critical path, which is the chain of steps of which each delay
delays the whole run. A deployment or a pattern is planned on the embedded AWS, from nothing: first the cloud, then the platform that is
installed in it, which begins when the cloud is made. PLAN.json is a plan of any Terraform, written by "terraform show -json tfplan > plan.json".

What waits for what is taken from the plan's own configuration, as Terraform orders its work. The times are those that AWS takes as a
rule, with the least and the most that were seen; --explain says where each figure comes from. Nothing is a promise of AWS's.

  coderaws timeline sr-simple
  coderaws timeline my-coder --svg timeline.svg

Exit status: 0 if the time line was made; 1 if it could not be planned; 2 if the deployment or the plan is not valid.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Parallelism < 1 {
				return usage(cmd, fmt.Errorf("--parallelism is a number of resources from 1 on, not %d", o.Parallelism))
			}
			o.What = args[0]
			result, err := Timeline(cmd.Context(), sh.deps(), o)
			if err == nil && svg != "" {
				if err = sh.writePicture(svg, result.Picture()); err != nil || svg == "-" {
					return err
				}
			}
			return present(sh, result, err, func(w io.Writer, result *TimelineResult) error { return printTimelines(w, result, explain) })
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&svg, "svg", "", "also draw the time line into this SVG file; - is standard output, in place of the table")
	cmd.Flags().IntVar(&o.Parallelism, "parallelism", timeline.DefaultParallelism,
		"how many resources Terraform works on at once, as its flag of the same name")
	cmd.Flags().BoolVar(&explain, "explain", false, "say where the times come from")
	return cmd
}

func printTimelines(w io.Writer, result *TimelineResult, explain bool) error {
	for i, table := range result.Tables {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := printTimeline(w, result.Name, table, explain); err != nil {
			return err
		}
	}
	return printRegionTimes(w, result.Name, result.Regions)
}

// RegionTimes are how long a region takes, all its stacks one after the other, in seconds on AWS.
type RegionTimes struct {
	Region   string   `json:"region"`
	Stacks   []string `json:"stacks"`
	Typical  float64  `json:"typical_seconds"`
	Shortest float64  `json:"shortest_seconds"`
	Longest  float64  `json:"longest_seconds"`
}

// regionTimes adds up the stacks of each region, in the order of tables. A plan of other Terraform is in no region.
func regionTimes(tables []rehearsal.Timetable) []RegionTimes {
	all := []RegionTimes{}
	for _, table := range tables {
		if table.Region == "" {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Region != table.Region {
			all = append(all, RegionTimes{Region: table.Region})
		}
		region := &all[len(all)-1]
		region.Stacks = append(region.Stacks, table.Stack)
		region.Typical += table.Total.Seconds()
		region.Shortest += table.Shortest.Seconds()
		region.Longest += table.Longest.Seconds()
	}
	return all
}

// printRegionTimes adds up for people what is made one after the other.
func printRegionTimes(w io.Writer, name string, regions []RegionTimes) error {
	seconds := func(s float64) string { return timeline.Words(time.Duration(s * float64(time.Second))) }
	for _, r := range regions {
		if len(r.Stacks) < 2 {
			continue
		}
		if _, err := fmt.Fprintf(w, "\n%s in %s: %s until Coder answers (%s to %s), %s one after the other.\n", name,
			r.Region, seconds(r.Typical),
			seconds(r.Shortest), seconds(r.Longest), strings.Join(r.Stacks, " and ")); err != nil {
			return err
		}
	}
	return nil
}

func timelineOf(table rehearsal.Timetable) PlaceTimes {
	line := PlaceTimes{
		Region: table.Region, Stack: table.Stack, Parallelism: table.Parallelism, Typical: table.Total.Seconds(),
		Shortest: table.Shortest.Seconds(), Longest: table.Longest.Seconds(), Steps: []StepTimes{}, Opaque: append([]string{}, table.Opaque...),
	}
	for _, step := range table.Steps {
		line.Steps = append(line.Steps, StepTimes{
			step.Resource, step.Type, string(step.Action), step.Start.Seconds(), (step.End - step.Start).Seconds(), step.Span.Min.Seconds(),
			step.Span.Max.Seconds(), step.Critical, step.Source,
		})
	}
	return line
}

// fold leaves out what is short.
func fold(table rehearsal.Timetable) timeline.Folded {
	var entries []timeline.Entry
	for _, step := range table.Steps {
		does := ""
		switch step.Action {
		case inventory.Update:
			does = " (update)"
		case inventory.Delete:
			does = " (destroy)"
		}
		entry := timeline.Entry{Step: step.Step, Span: step.Span, Kind: plan.Block(step.Resource) + does}
		entry.Address = step.Resource + does
		entries = append(entries, entry)
	}
	return timeline.Fold(entries, shortest(table.Total))
}

// gantt draws the time lines of all places.
func gantt(name string, tables []rehearsal.Timetable) string {
	var charts []timeline.Chart
	for _, table := range tables {
		charts = append(charts, timeline.Chart{
			Title: title(name, table.Place), Total: table.Total, Shortest: table.Shortest, Longest: table.Longest,
			Parallelism: table.Parallelism, Folded: fold(table),
		})
	}
	return timeline.Draw(charts)
}

// columns is how wide the bars of the table are.
const columns = 30

// printTimeline writes a time line for people.
func printTimeline(w io.Writer, name string, table rehearsal.Timetable, explain bool) error {
	var b strings.Builder
	if len(table.Steps) == 0 {
		fmt.Fprintf(&b, "%s: the plan changes nothing\n", title(name, table.Place))
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(&b, "%s: %s on AWS (%s to %s) for %s, %d at a time\n\n", title(name, table.Place), timeline.Words(table.Total),
		timeline.Words(table.Shortest), timeline.Words(table.Longest), plural(len(table.Steps), "step"), table.Parallelism)
	folded := fold(table)
	b.WriteString("  start    end         takes\n")
	for _, row := range folded.Rows {
		mark := '-'
		if row.Critical {
			mark = '#'
		}
		fmt.Fprintf(&b, "  %5s  %5s  %12s  %s  %s\n", timeline.Clock(row.Start), timeline.Clock(row.End), timeline.Words(row.Span.Typical),
			bar(row, table.Total, mark), row.Label)
	}
	if n := len(folded.Short); n > 0 {
		fmt.Fprintf(&b, "  and %s of less than %s each\n", plural(n, "step"), timeline.Words(folded.Limit))
	}
	fmt.Fprintf(&b, "\n# is the critical path: a delay there delays the run. Figures are what AWS takes as a rule, not a promise.\n")
	if explain {
		explainTimes(&b, table)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// bar is a row's place in the run.
func bar(row timeline.Row, total time.Duration, mark rune) string {
	if total == 0 {
		return strings.Repeat(" ", columns)
	}
	at := func(d time.Duration) int { return int(d * columns / total) }
	from := min(at(row.Start), columns-1)
	to := max(at(row.End), from+1)
	return strings.Repeat(" ", from) + strings.Repeat(string(mark), to-from) + strings.Repeat(" ", columns-to)
}

// explainTimes lists the types of a time line with the source of their times.
func explainTimes(b *strings.Builder, table rehearsal.Timetable) {
	b.WriteString("\nWhere the times come from:\n")
	seen := map[string]bool{}
	for _, step := range table.Steps {
		key := step.Type + string(step.Action)
		if seen[key] {
			continue
		}
		seen[key] = true
		fmt.Fprintf(b, "  %s, %s: %s, %s to %s; %s\n", step.Type, step.Action, timeline.Words(step.Span.Typical), timeline.Words(step.Span.Min),
			timeline.Words(step.Span.Max), step.Source)
	}
}
