package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// DoctorOptions are what is looked at.
type DoctorOptions struct {
	// Dir is the deployment's directory; "" looks at the machine alone. Target is where the deployment is to live.
	Dir, Target string
	// Resolver is the DNS server that is asked about delegations; "" is the system's.
	Resolver string
}

// Readiness says what is the matter with something that a deployment needs.
type Readiness string

const (
	// Ready means that it is there.
	Ready Readiness = "ready"
	// Missing means that a run would stop for want of it.
	Missing Readiness = "missing"
	// Later means that a run makes it, or that it can follow.
	Later Readiness = "later"
	// NotKnown means that nobody could be asked.
	NotKnown Readiness = "not known"
)

// Need is one thing that a deployment needs. Its JSON form only grows.
type Need struct {
	Name   string    `json:"name"`
	State  Readiness `json:"state"`
	Detail string    `json:"detail"`
	// Todo says what to do, with the command; "" where there is nothing to do.
	Todo string `json:"todo,omitempty"`
}

// DoctorResult is what is there of all that a deployment needs. Its JSON form only grows.
type DoctorResult struct {
	Needs   []Need `json:"needs"`
	Target  string `json:"target"`
	Version int    `json:"version"`
}

// Doctor looks whether all is there that a deployment needs on its target. It changes nothing. Its error says that something is missing,
// and comes with the result.
func Doctor(ctx context.Context, deps *Deps, o DoctorOptions) (*DoctorResult, error) {
	result := &DoctorResult{Version: 1, Target: o.Target, Needs: deps.engineNeed(ctx)}
	hasEngine := result.missing() == 0
	if o.Dir != "" {
		d, need := deps.settingsNeed(o.Dir)
		result.Needs = append(result.Needs, need)
		if d != nil && hasEngine {
			needs, err := deps.chartNeeds(ctx, o.Dir)
			if err != nil {
				return nil, err
			}
			result.Needs = append(result.Needs, needs...)
		}
		if d != nil && o.Target == lifecycle.AWSTarget {
			needs, err := deps.accountNeeds(ctx, o, d, hasEngine)
			if err != nil {
				return nil, err
			}
			result.Needs = slices.Concat(result.Needs, needs, settingNeeds(o.Dir, d))
		}
	}
	if n := result.missing(); n > 0 {
		d := diagnostic.Errorf("%s missing", plural(n, "thing")+map[bool]string{true: " is", false: " are"}[n == 1])
		d.Code, d.Todo = "doctor.missing", "do what the lines say, from above to below, and ask again"
		return result, d
	}
	return result, nil
}

func (r *DoctorResult) missing() (n int) {
	for _, need := range r.Needs {
		if need.State == Missing {
			n++
		}
	}
	return n
}

// missingFor is a need that a diagnostic tells of.
func missingFor(name string, err error) Need {
	need := Need{Name: name, State: Missing}
	if list := diagnostic.From(err); len(list) > 0 {
		need.Detail, need.Todo = list[0].Summary, list[0].Todo
		if len(list) > 1 {
			need.Detail += fmt.Sprintf(", and %d more", len(list)-1)
		}
	}
	return need
}

func (deps *Deps) engineNeed(ctx context.Context) []Need {
	binary, err := deps.engine(ctx)
	if err != nil {
		return []Need{missingFor("Terraform", err)}
	}
	return []Need{{Name: "Terraform", State: Ready, Detail: fmt.Sprintf("%s %s, %s", binary.Product, binary.Version, binary.Path)}}
}

// settingsNeed looks at the settings; the deployment is nil where they are not valid.
func (deps *Deps) settingsNeed(dir string) (*deployment.Deployment, Need) {
	d, findings := deployment.Load(dir, deps.Source)
	if d != nil {
		findings = slices.Concat(findings, deps.beforehand(d), lifecycle.Held(d))
	}
	if err := findings.Err(); err != nil {
		need := missingFor("settings", err)
		need.Todo = "`coderaws check " + diagnostic.Word(dir) + "` names each line and the way out"
		return nil, need
	}
	need := Need{Name: "settings", State: Ready, Detail: dir + " is valid"}
	if len(findings) > 0 {
		need.Detail += ", with " + plural(len(findings), "warning")
		need.Todo = "`coderaws check " + diagnostic.Word(dir) + "` says of what"
	}
	return d, need
}

// chartNeeds looks which charts are at hand, and fetches none: without them a rehearsal is not sure, and no run stops.
func (deps *Deps) chartNeeds(ctx context.Context, dir string) ([]Need, error) {
	offline := *deps
	offline.Environ = append(slices.Clone(deps.Environ), rehearsal.OfflineVariable+"=1")
	result, err := FetchCharts(ctx, &offline, ReportOptions{What: dir})
	if result == nil {
		return nil, err
	}
	if len(result.Charts) == 0 {
		return nil, nil
	}
	var missing []string
	for _, chart := range result.Charts {
		if chart.Missing != "" {
			missing = append(missing, chart.Chart+" "+chart.Version)
		}
	}
	need := Need{Name: "charts", State: Ready, Detail: fmt.Sprintf("all %d are at hand", len(result.Charts))}
	if len(missing) > 0 {
		need.State, need.Detail = Later, "not at hand, so that rehearsals are not sure of them: "+strings.Join(missing, ", ")
		need.Todo = "`coderaws charts fetch " + diagnostic.Word(dir) + "`, where there is a network"
	}
	return []Need{need}, nil
}

func (sh *shell) doctorCommand() *cobra.Command {
	var o DoctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [DIR]",
		Short: "Look whether all is there that a deployment needs, and name what to do",
		Long: `Look whether all is there that a deployment needs, and name the command for what is not. It changes nothing.

Without DIR it looks at this machine; with DIR at the settings and the charts, too. With --target aws it also asks the account of your
credentials: who they belong to, where Terraform's state goes, whether there is room, whether the internet finds the domain; and it
tells what the settings leave for later, such as a licence.

  ready       it is there
  missing     coderaws up would stop for want of it
  later       coderaws up makes it, or it can follow
  not known   nobody could be asked

Exit status: 0 if nothing is missing, 1 if something is.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Dir = args[0]
			}
			if err := o.misused(); err != nil {
				return usage(cmd, err)
			}
			result, err := Doctor(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printDoctor)
		},
	}
	targetFlag(cmd, &o.Target)
	cmd.Flags().StringVar(&o.Resolver, "resolver", "",
		"the DNS server, as HOST or HOST:PORT, to ask about hosted zones where your own answers otherwise than the internet's")
	return cmd
}

// misused says which options do not go together; nil if all do.
func (o *DoctorOptions) misused() error {
	switch {
	case o.Target != lifecycle.SandboxTarget && o.Target != lifecycle.AWSTarget:
		return fmt.Errorf("there is no target %q: write --target sandbox or --target aws", o.Target)
	case o.Target == lifecycle.AWSTarget && o.Dir == "":
		return fmt.Errorf("--target aws looks at what a deployment needs: name its directory, too")
	}
	return nil
}

// printDoctor writes a line for each need, and below it what to do.
func printDoctor(w io.Writer, result *DoctorResult) error {
	var b strings.Builder
	for _, need := range result.Needs {
		const margin = "                            "
		fmt.Fprintf(&b, "%-9s  %-15s  %s\n", need.State, need.Name, wrap(need.Detail, 52, margin))
		if need.Todo == "" {
			continue
		}
		first, rest, _ := strings.Cut(need.Todo, "\n")
		fmt.Fprintf(&b, "%s%s\n", margin, wrap("-> "+first, 52, margin+"   "))
		for line := range strings.Lines(rest) {
			b.WriteString(margin + "   " + strings.TrimSpace(line) + "\n") // a command stays on one line, to be copied
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
