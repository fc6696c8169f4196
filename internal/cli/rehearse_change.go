package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// ChangeRehearsal is a change that is rehearsed, and what it must not do.
type ChangeRehearsal struct {
	// Then is what the rehearsed deployment becomes: a deployment's directory, or the name of a pattern; "" for no change.
	Then string
	// Current changes what exists in the sandbox that the directory keeps, on a copy, to what its settings say.
	Current bool
	// DeleteData lists the addresses of what holds data and may be lost; what is lost and not named is refused.
	DeleteData []string
	// NoInterruption refuses what interrupts somebody.
	NoInterruption bool
}

// wanted reports whether anything is changed.
func (c *ChangeRehearsal) wanted() bool { return c.Then != "" || c.Current }

func (c *ChangeRehearsal) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.Then, "then", "", "change it, once it is made, to what this directory or pattern describes")
	cmd.Flags().BoolVar(&c.Current, "from-current", false,
		"change a copy of the sandbox that is kept in DIR, as it is now, to what DIR describes")
	cmd.Flags().StringArrayVar(&c.DeleteData, "delete-data", nil,
		"the address of a resource that holds data and that the change may destroy; repeatable")
	cmd.Flags().BoolVar(&c.NoInterruption, "no-interruption", false,
		"refuse a change that interrupts anybody who uses what exists, with exit status 3")
}

// misused says which options do not go together; nil if all do.
func (o *RehearseOptions) misused() error {
	switch c := o.Change; {
	case c.Then != "" && c.Current:
		return errors.New("--then makes what it changes, and --from-current changes what is there: give one of them")
	case !c.wanted() && (len(c.DeleteData) > 0 || c.NoInterruption):
		return errors.New("--delete-data and --no-interruption are about a change: give --then or --from-current, too")
	case c.wanted() && len(o.Faults) > 0:
		return errors.New("--fault is for a life without a change: rehearse the deployment itself with it")
	case c.Current && (o.Account.wanted() || len(o.Existing.HostedZones)+len(o.Existing.Policies)+len(o.Existing.Shared) > 0):
		return errors.New("with --from-current the account is as the sandbox has it: leave out what else there should be")
	}
	return nil
}

// change is what a rehearsed deployment becomes, and shown gathers the plans of it.
func (deps *Deps) change(o ChangeRehearsal, wanted *deployment.Deployment, shown *[]PlacePlan) rehearsal.Change {
	return rehearsal.Change{Wanted: wanted, Named: o.DeleteData, Seen: func(p lifecycle.Planned) error {
		deps.warn(p.Plan.Warnings)
		place := deps.placePlan(p)
		*shown = append(*shown, place)
		if o.NoInterruption {
			return refuseInterruption(place)
		}
		return nil
	}}
}

// wantedThen finds what a deployment becomes. Its regions must go on to be there.
func (deps *Deps) wantedThen(then string, from *deployment.Deployment) (*deployment.Deployment, string, error) {
	wanted, name, err := deps.rehearsed(then, from.Dir)
	if err != nil {
		return nil, "", err
	}
	for _, region := range from.Regions {
		if slices.ContainsFunc(wanted.Regions, func(r deployment.Region) bool { return r.Name == region.Name }) {
			continue
		}
		d := diagnostic.Errorf("%s has no region %s, in which the deployment is made first", then, region.Name)
		d.Code, d.Why = "rehearse.lost_region", "`coderaws up` never destroys a region whose settings are gone: it does not know of it any more"
		d.Todo = fmt.Sprintf("write %s.tfvars in what it becomes, or rehearse the two by themselves: a region ends with `coderaws down`", region.Name)
		return nil, "", diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return wanted, name, nil
}

// rehearseCurrent changes a copy of the sandbox of a deployment to what its settings say.
func (deps *Deps) rehearseCurrent(ctx context.Context, o RehearseOptions) (*RehearseResult, error) {
	d, err := deps.load(o.What)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(rehearsal.WorldFile(o.What)); err != nil {
		d := diagnostic.Errorf("%s keeps no sandbox, of which a copy could be changed", o.What)
		d.Code, d.Why = "rehearse.no_current", "--from-current changes what `coderaws up` has made there, and nothing is"
		d.Todo = "make it first with `coderaws up`; or write `coderaws rehearse BEFORE --then " + diagnostic.Word(o.What) +
			"`, where BEFORE has the settings as they run, such as an earlier commit in a directory of its own"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	place, remove, err := deps.namesake(o.What)
	if err != nil {
		return nil, err
	}
	defer remove()
	if err := engine.CopyKept(ctx, o.What, lifecycle.SandboxTarget, place); err != nil {
		return nil, err
	}
	copied, err := rehearsal.Open(place, deps.Now)
	if err != nil {
		return nil, err
	}
	result := &RehearseResult{}
	wanted := &deployment.Deployment{Dir: place, Regions: d.Regions}
	err = deps.run(ctx, copied.RenderBy(deps.renderer()), func(ctx context.Context, r *lifecycle.Runner) error {
		result.Report, err = copied.Continue(ctx, r, filepath.Base(place), deps.change(o.Change, wanted, &result.Change))
		return err
	})
	if err = errors.Join(err, copied.Close()); err != nil {
		return nil, err
	}
	return deps.judged(o, result, d)
}

// writeChange says what a change does, place by place.
func writeChange(b *strings.Builder, result *RehearseResult) error {
	if len(result.After) == 0 {
		return nil
	}
	to := "what its settings say"
	if result.Then != "" {
		to = result.Then
	}
	fmt.Fprintf(b, "\nThe change to %s\n\n", to)
	for _, life := range result.After {
		for _, place := range result.Change {
			if place.Region != life.Region || place.Stack != life.Stack {
				continue
			}
			if err := printPlan(b, place); err != nil {
				return err
			}
		}
		again := "no changes"
		if len(life.Differences) > 0 {
			again = plural(len(life.Differences), "change")
		}
		fmt.Fprintf(b, "  =    a second plan then has %s\n", again)
	}
	return nil
}
