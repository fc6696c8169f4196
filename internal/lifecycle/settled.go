package lifecycle

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"coderaws/internal/atomicfile"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/plan"
)

const (
	// settledOutput is the output of the cloud stack that says which settings cannot change any more; see deployment.Settled.
	settledOutput = "settled"
	// settledFile is where a working directory remembers it, for those who look at settings without a state at hand.
	settledFile = "settled.json"
)

// EndsSandbox ends what to do where the settings contradict what exists of a sandbox that is kept.
const EndsSandbox = " What exists is your sandbox: `coderaws down` ends it, if it is of no use any more."

// Held reports the settings of a deployment that contradict what exists of it, as far as it is remembered here, and regions that exist
// and have no settings any more.
func Held(d *deployment.Deployment) diagnostic.List {
	list := slices.Concat(left(d, SandboxTarget), left(d, AWSTarget))
	for i := range d.Regions {
		for _, target := range []string{SandboxTarget, AWSTarget} {
			list = append(list, held(d, &d.Regions[i], target)...)
		}
	}
	return list
}

// held is Held for one region and target.
func held(d *deployment.Deployment, region *deployment.Region, target string) diagnostic.List {
	text, err := os.ReadFile(filepath.Join(engine.Root(d.Dir, target, region.Name), settledFile))
	var settled deployment.Settled
	if err != nil || json.Unmarshal(text, &settled) != nil {
		return nil // nothing is remembered: the state itself is asked before anything is changed
	}
	list := settled.Refuse(region)
	for _, finding := range list {
		if target == SandboxTarget {
			finding.Todo += EndsSandbox
		}
	}
	return list
}

// refuseHeld is the error of what is remembered to contradict the settings, where nobody but this directory can have changed it since. A
// state that is kept for all may have been: the plan asks it. See hold.
func (r *Runner) refuseHeld(d *deployment.Deployment) error {
	if r.Target.Name() != SandboxTarget {
		return nil
	}
	var list diagnostic.List
	for i := range d.Regions {
		list = append(list, held(d, &d.Regions[i], r.Target.Name())...)
	}
	return diagnostic.WithExit(diagnostic.ExitInvalid, list.Err())
}

// hold refuses a plan for settings that contradict what the state says of what exists, and remembers that.
func (w *Work) hold(p *plan.Plan) error {
	if w.Stack != CloudStack {
		return nil
	}
	// Terraform has reckoned the prior state's outputs again, with the new settings: what was is in the change alone.
	change, _ := p.OutputChange(settledOutput)
	text, err := json.Marshal(change.Before.Known())
	if err != nil {
		return err
	}
	var settled deployment.Settled
	if err := json.Unmarshal(text, &settled); err != nil {
		return nil // stacks of the user's own say something else with this name
	}
	// A run that failed leaves outputs of what it had planned: what the resources say is so.
	for setting, version := range versionsBefore(p) {
		if _, rises := settled.Rising[setting]; rises {
			settled.Rising[setting] = version
		}
	}
	if len(settled.Rising) > 0 {
		if text, err = json.Marshal(settled); err != nil {
			return err
		}
	}
	if err := w.remember(text); err != nil {
		return err
	}
	return diagnostic.WithExit(diagnostic.ExitInvalid, settled.Refuse(w.region).Err())
}

// remember keeps what holds the settings, or forgets it where there is nothing.
func (w *Work) remember(settled json.RawMessage) error {
	file := filepath.Join(w.Workdir.Root, settledFile)
	if len(settled) == 0 || string(settled) == "null" {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return atomicfile.Write(file, settled, 0o600)
}
