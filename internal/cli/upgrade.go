package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/upgrade"
)

// UpgradeOptions are what is upgraded, and how.
type UpgradeOptions struct {
	ChangeOptions
	// Wanted are the versions to come to; without any, what is behind is shown and nothing changes.
	Wanted upgrade.Versions
	// Region limits it to one region; "" means all.
	Region string
	// DryRun shows the steps and carries none out. Rehearse carries them out on a copy of the deployment, on the embedded AWS.
	DryRun, Rehearse bool
	// Begin is told of each step before it is planned; nil is told nothing.
	Begin func(region string, number, of int, step upgrade.Step)
}

// UpgradeResult is what an upgrade found and did. Its JSON form only grows.
type UpgradeResult struct {
	Version int             `json:"version"`
	Target  string          `json:"target"`
	Regions []RegionUpgrade `json:"regions"`
	// Rehearsed says that all of it happened on a copy.
	Rehearsed bool `json:"rehearsed"`
	// planned says that a rehearsed upgrade was planned once more.
	planned bool
	// Differences are what a plan after a rehearsed upgrade would change; a good upgrade has none.
	Differences []lifecycle.Change `json:"second_plan,omitempty"`
}

// RegionUpgrade is what was found and done in one region.
type RegionUpgrade struct {
	Region string `json:"region"`
	// Exists says that there is something on the target.
	Exists    bool               `json:"exists"`
	Standings []upgrade.Standing `json:"standings"`
	Steps     []UpgradeStep      `json:"steps"`

	settings *deployment.Region
	// consistent says that the settings name the versions that run, so that they can be carried out before the first step.
	consistent bool
}

// UpgradeStep is one step, and what its plans were where it was carried out.
type UpgradeStep struct {
	upgrade.Step
	Settings map[string]string `json:"settings"`
	Done     bool              `json:"done"`
	Places   []PlacePlan       `json:"places,omitempty"`
}

// Takes is how many seconds AWS takes for the step.
func (s UpgradeStep) Takes() (seconds float64) {
	for _, place := range s.Places {
		seconds += place.Takes
	}
	return seconds
}

// Upgrade finds what is behind in a deployment, or brings it to the versions that are wanted, step by step. What was done is returned with
// an error, too: the same call goes on from there.
func Upgrade(ctx context.Context, deps *Deps, o UpgradeOptions) (*UpgradeResult, error) {
	result := &UpgradeResult{Version: 1, Target: o.Target, Regions: []RegionUpgrade{}, Rehearsed: o.Rehearse && o.Wanted.Asks()}
	switch {
	case !o.Wanted.Asks() || o.DryRun:
		return result, deps.lookAt(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
			if err := deps.ready(ctx, r.Target, d); err != nil {
				return err
			}
			return deps.stepsOf(ctx, r, d, o, result)
		})
	case o.Rehearse:
		copied, remove, err := deps.copyOf(ctx, o.Dir, o.Target)
		if err != nil {
			return nil, err
		}
		defer remove()
		o.Dir, o.Target, o.Confirm = copied, lifecycle.SandboxTarget, nil
	}
	err := deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		r.ChangeEngine = o.ChangeEngine
		if err := adoptInto(r, o.Adopt); err != nil {
			return err
		}
		if err := deps.prepare(ctx, r.Target, d, lifecycle.StateUse{Create: true, Agree: o.agree()}); err != nil {
			return err
		}
		if err := deps.stepsOf(ctx, r, d, o, result); err != nil {
			return err
		}
		if err := deps.upgradeAll(ctx, r, d, o, result.Regions); err != nil || !o.Rehearse {
			return err
		}
		return deps.secondPlan(ctx, r, d, result)
	})
	return result, err
}

// copyOf copies a deployment aside, with the sandbox that is kept in it where that is what is meant.
func (deps *Deps) copyOf(ctx context.Context, dir, target string) (string, func(), error) {
	d, err := deps.load(dir)
	if err != nil {
		return "", nil, err
	}
	place, remove, err := deps.namesake(dir)
	if err != nil {
		return "", nil, err
	}
	if target == lifecycle.SandboxTarget {
		err = engine.CopyKept(ctx, dir, target, place)
	}
	for _, region := range d.Regions {
		text, readErr := os.ReadFile(region.File)
		err = errors.Join(err, readErr, atomicfile.Write(filepath.Join(place, filepath.Base(region.File)), text, 0o600))
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return place, remove, nil
}

// stepsOf finds what runs in each region, how it stands, and which steps lead to what is wanted. All regions are asked before anything is
// changed in one of them.
func (deps *Deps) stepsOf(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, o UpgradeOptions,
	result *UpgradeResult) error {
	if o.Region != "" {
		region, err := d.Region(o.Region)
		if err == nil {
			err = upgrade.Alone(d, region, o.Wanted)
		}
		if err != nil {
			return diagnostic.WithExit(diagnostic.ExitInvalid, err)
		}
	}
	states, err := r.Status(ctx, d, false)
	if err != nil {
		return err
	}
	var refused []error
	for _, region := range d.InOrder() {
		if o.Region != "" && region.Name != o.Region {
			continue
		}
		found := lifecycle.Running(region.Name, states)
		running := upgrade.Versions{
			Kubernetes: found["cluster.version"], Database: found["database.engine_version"], Coder: found["coder.version"],
		}
		steps, err := upgrade.Steps(region, running, o.Wanted, deps.Now())
		refused = append(refused, err)
		one := RegionUpgrade{Region: region.Name, Exists: running.Asks(), Steps: []UpgradeStep{}, settings: region,
			consistent: running.Fit(region), Standings: upgrade.Standings(region, running, deps.Now())}
		for _, step := range steps {
			one.Steps = append(one.Steps, UpgradeStep{Step: step, Settings: assigned(step.Settings)})
		}
		result.Regions = append(result.Regions, one)
	}
	return errors.Join(refused...)
}

// assigned are settings with their values as texts.
func assigned(settings []deployment.Assignment) map[string]string {
	texts := map[string]string{}
	for _, a := range settings {
		texts[a.Setting] = strings.Trim(a.Text(), `"`)
	}
	return texts
}

// upgradeAll carries the steps of all regions out. Coder comes last, in one region after the other: regions of one Coder have one version,
// so that the files of all say the new one as soon as it was agreed to in the first.
func (deps *Deps) upgradeAll(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, o UpgradeOptions,
	all []RegionUpgrade) error {
	for _, last := range []bool{false, true} {
		for i := range all {
			if err := deps.upgradeRegion(ctx, r, d, o, all, i, last); err != nil {
				return err
			}
		}
	}
	return nil
}

// upgradeRegion carries the steps of a region out: those of Coder, or those before. Where nothing exists, the settings are all that there
// is to change; a rehearsal makes it first.
func (deps *Deps) upgradeRegion(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, o UpgradeOptions, all []RegionUpgrade,
	at int, last bool) error {
	one := &all[at]
	switch {
	case !one.Exists && !o.Rehearse:
		if last {
			return nil
		}
		return deps.writeSteps(one)
	case last:
	case !one.Exists:
		if _, err := r.Up(ctx, d.Only(one.settings), nil, nil); err != nil {
			return err
		}
	case len(one.Steps) > 0 && one.consistent:
		if err := deps.finish(ctx, r, d, o, one); err != nil {
			return err
		}
	}
	for i := range one.Steps {
		step := &one.Steps[i]
		if step.Coder != last {
			continue
		}
		if o.Begin != nil {
			o.Begin(one.Region, i+1, len(one.Steps), step.Step)
		}
		if err := deps.upgradeStep(ctx, r, d, o, all, one, step); err != nil {
			return err
		}
	}
	return nil
}

// finish carries out what the settings say already: EKS upgrades no control plane whose nodes are still behind it, as a run that was
// interrupted leaves them.
func (deps *Deps) finish(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, o UpgradeOptions, one *RegionUpgrade) error {
	_, err := r.Up(ctx, d.Only(one.settings), o.DeleteData, deps.confirm(r, o.ChangeOptions))
	return err
}

// writeSteps writes the settings of all steps of a region.
func (deps *Deps) writeSteps(one *RegionUpgrade) error {
	for i := range one.Steps {
		changed, text, err := one.settings.With(one.Steps[i].Step.Settings)
		if err != nil {
			return err
		}
		if err := writeSettings(changed.File, text); err != nil {
			return err
		}
		one.settings = changed
	}
	return nil
}

// upgradeStep carries one step out: the settings are written once its first plan is agreed to, so that a run which ends in the midst of it
// finds them, and one that nobody agreed to has changed nothing.
func (deps *Deps) upgradeStep(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, o UpgradeOptions, all []RegionUpgrade,
	one *RegionUpgrade, step *UpgradeStep) error {
	changed, text, err := one.settings.With(step.Step.Settings)
	if err != nil {
		return err
	}
	confirm, written := deps.confirm(r, o.ChangeOptions), false
	only := d.Only(changed)
	results, err := r.Up(ctx, only, o.DeleteData, func(p lifecycle.Planned) error {
		step.Places = append(step.Places, deps.placePlan(p))
		if err := confirm(p); err != nil || written {
			return err
		}
		written = true
		if err := writeSettings(changed.File, text); err != nil || !step.Coder || d.Hub() == nil {
			return err
		}
		return writeCoder(all)
	})
	if err != nil {
		return err
	}
	one.settings, step.Done = changed, true
	_, err = r.Settle(ctx, only, results)
	return err
}

// writeCoder writes the version of Coder into the files of all regions that it is still to come to: a run that ends before it has come to
// all of them could not be gone on with, as regions of one Coder with two versions are refused.
func writeCoder(all []RegionUpgrade) error {
	for _, other := range all {
		for _, step := range other.Steps {
			if !step.Coder || step.Done {
				continue
			}
			changed, text, err := other.settings.With(step.Step.Settings)
			if err != nil {
				return err
			}
			if err := writeSettings(changed.File, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeSettings(file string, text []byte) error {
	if err := atomicfile.Write(file, text, 0o644); err != nil {
		d := diagnostic.Errorf("%s cannot be written", file)
		d.Code, d.Why, d.Todo = "upgrade.unwritable", err.Error(), "make it writable, and run the command again: it goes on from where it is"
		return d
	}
	return nil
}

// secondPlan plans once more what a rehearsal has upgraded: nothing may be left to change.
func (deps *Deps) secondPlan(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, result *UpgradeResult) error {
	var upgraded []*deployment.Region
	for _, one := range result.Regions {
		upgraded = append(upgraded, one.settings)
	}
	plans, err := deps.plan(ctx, r, d.Only(upgraded...))
	if err != nil {
		return err
	}
	result.planned = true
	var list diagnostic.List
	for _, place := range plans.Places {
		result.Differences = slices.Concat(result.Differences, place.Changes)
		for _, change := range place.Changes {
			d := diagnostic.Errorf("after the upgrade, another run would %s a resource", change.Action)
			d.Code, d.Address = "upgrade.second_plan", change.Address
			d.Why = fmt.Sprintf("it would go on to change %s", strings.Join(change.Attributes, ", "))
			d.Todo = "make the configuration say what AWS answers, or ignore the attribute's changes (lifecycle ignore_changes)"
			list = append(list, d)
		}
	}
	return list.Err()
}
