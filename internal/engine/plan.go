package engine

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	tfjson "github.com/hashicorp/terraform-json"

	"coderaws/internal/diagnostic"
)

// PlanOptions say what to plan.
type PlanOptions struct {
	// VarFiles are the settings, in rising order of precedence.
	VarFiles []string
	// Vars are further settings, which win over the files. They must be what encoding/json can write.
	Vars map[string]any
	// Destroy plans the removal of everything.
	Destroy bool
	// RefreshOnly plans nothing but to record what has changed outside of Terraform.
	RefreshOnly bool
	// NoRefresh trusts the state instead of asking AWS. It excludes RefreshOnly.
	NoRefresh bool
	// Replace lists addresses of resources to replace in any case.
	Replace []string
	// Targets limits the plan to resources at these addresses and what they depend on; empty means everything.
	Targets []string
	// Adopt takes into the state what exists, by address: the id by which its provider imports it.
	Adopt map[string]string
}

// Plan is what a run would do. It lives as long as its file.
type Plan struct {
	// File is the saved plan; Apply applies that and nothing else. It can hold secrets.
	File string
	// JSON is the whole plan, secrets included. It must not be written to a file or a log as it is.
	JSON *tfjson.Plan
	// Changes counts what the plan would do; see HasChanges for whether it would do anything.
	Changes ChangeSummary
	// HasChanges also covers changes of outputs alone, and with RefreshOnly changes of the state.
	HasChanges bool
	// Warnings are the findings that do not stop a run.
	Warnings diagnostic.List

	// ofAll means that it is of everything and not of targets alone, and destroysAll that nothing is left once it was applied.
	ofAll, destroysAll bool
}

// Discard removes the plan's file. A plan that was applied has none any more.
func (p *Plan) Discard() error {
	if err := os.Remove(p.File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, p.File)
	}
	return nil
}

// Plan initializes the stack where needed, plans, and reads the plan back. The plan's file is replaced by the next Plan.
func (s *Stack) Plan(ctx context.Context, options PlanOptions) (*Plan, error) {
	if options.NoRefresh && options.RefreshOnly {
		return nil, errors.New("PlanOptions: NoRefresh and RefreshOnly exclude each other")
	}
	if err := s.checkState(ctx); err != nil {
		return nil, err
	}
	ran, err := s.initialize(ctx)
	if err != nil {
		return nil, err
	}
	if s.isRemote() && !s.Backend.Fleeting {
		// A state that is gone would be planned as a deployment that has nothing yet, and one of a newer engine could be harmed.
		if _, err := s.HasState(ctx); err != nil {
			return nil, err
		}
	}
	varsFile, err := s.writeVars(options.Vars)
	if err := errors.Join(err, s.writeAdoptions(options.Adopt)); err != nil {
		return nil, err
	}
	ofAll := len(options.Targets) == 0
	plan := &Plan{File: s.runFile(".tfplan"), ofAll: ofAll, destroysAll: options.Destroy && ofAll}
	if err := plan.Discard(); err != nil {
		return nil, err
	}
	settings, err := s.settings(options, varsFile)
	if err != nil {
		return nil, err
	}
	args := append([]string{"plan", "-json", "-no-color", "-input=false", "-detailed-exitcode", "-out=" + plan.File}, settings...)
	result, err := s.stream(ctx, "planning", args, 0, exitChanges)
	if err != nil && !ran && needsInit(err) {
		// What an earlier init left behind is gone or stale in a way that its record does not show.
		if err := s.forceInit(ctx); err != nil {
			return nil, err
		}
		result, err = s.stream(ctx, "planning", args, 0, exitChanges)
	}
	if err != nil {
		return nil, errors.Join(err, plan.Discard())
	}
	if err := os.Chmod(plan.File, 0o600); err != nil {
		return nil, fileFinding(err, plan.File)
	}
	plan.Changes, plan.Warnings, plan.HasChanges = result.changes, result.warnings, result.code == exitChanges
	plan.JSON = &tfjson.Plan{}
	if err := s.document(ctx, "reading the plan of", []string{"show", "-json", "-no-color", plan.File}, plan.JSON); err != nil {
		if half := halfWritten(plan.File); half != nil && ctx.Err() == nil {
			err = half
		}
		return nil, errors.Join(err, plan.Discard())
	}
	return plan, nil
}

// halfWritten explains a plan that cannot be read back: on a full disk the engines report that they saved it.
func halfWritten(file string) error {
	archive, err := zip.OpenReader(file)
	if err == nil {
		return archive.Close()
	}
	d := diagnostic.Errorf("the plan was not saved as a whole")
	d.Code = "engine.plan_incomplete"
	d.Why = file + ": " + err.Error() + "; most often the disk is full"
	d.Todo = "free some space on the disk of the deployment, then plan again"
	return d
}

// settings are the arguments that plan and apply share.
func (s *Stack) settings(options PlanOptions, varsFile string) ([]string, error) {
	args := s.parallelism()
	for _, file := range options.VarFiles {
		// The engine runs in a directory of its own.
		absolute, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		args = append(args, "-var-file="+absolute)
	}
	if varsFile != "" {
		args = append(args, "-var-file="+varsFile)
	}
	for _, flag := range []struct {
		set  bool
		text string
	}{{options.Destroy, "-destroy"}, {options.RefreshOnly, "-refresh-only"}, {options.NoRefresh, "-refresh=false"}} {
		if flag.set {
			args = append(args, flag.text)
		}
	}
	for _, address := range options.Replace {
		args = append(args, "-replace="+address)
	}
	for _, address := range options.Targets {
		args = append(args, "-target="+address)
	}
	return args, nil
}

// writeVars puts further settings into a file that the engine does not load by itself, and returns its path; "" for none.
func (s *Stack) writeVars(vars map[string]any) (string, error) {
	if len(vars) == 0 {
		return "", nil
	}
	text, err := json.MarshalIndent(vars, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing variables for stack %s: %w", s.Name, err)
	}
	file := s.runFile(".tfvars.json")
	return file, writeIfChanged(file, append(text, '\n'))
}

// Applied is what an apply did.
type Applied struct {
	Changes  ChangeSummary
	Warnings diagnostic.List
	// Outputs are those that the stack has now, as Outputs gives them; those that are sensitive have no value here.
	Outputs map[string]Output
}

// Apply carries out exactly the plan that was made, and removes its file. After a failure or an interrupt the state holds
// what was done, and the next Plan goes on from there.
func (s *Stack) Apply(ctx context.Context, plan *Plan) (*Applied, error) {
	args := append([]string{"apply", "-json", "-no-color", "-input=false"}, s.parallelism()...)
	applied, err := s.apply(ctx, append(args, plan.File), plan.ofAll, plan.destroysAll)
	if err := errors.Join(err, plan.Discard()); err != nil {
		return nil, err
	}
	return applied, nil
}

// ApplyUnseen plans and applies in one run of the engine, which nobody can look at before it is carried out: for what holds nothing of
// value, such as a rehearsal. The stack must be initialized.
func (s *Stack) ApplyUnseen(ctx context.Context, options PlanOptions) (*Applied, error) {
	varsFile, err := s.writeVars(options.Vars)
	if err != nil {
		return nil, err
	}
	settings, err := s.settings(options, varsFile)
	if err != nil {
		return nil, err
	}
	ofAll := len(options.Targets) == 0
	return s.apply(ctx, append([]string{"apply", "-json", "-no-color", "-input=false", "-auto-approve"}, settings...),
		ofAll, options.Destroy && ofAll)
}

// apply runs an apply with these arguments, of everything if ofAll, and after which nothing is left if destroysAll.
func (s *Stack) apply(ctx context.Context, args []string, ofAll, destroysAll bool) (*Applied, error) {
	if err := s.checkState(ctx); err != nil {
		return nil, err
	}
	s.newcomer = false
	marked := s.isMarked()
	if err := errors.Join(s.markApplied(), s.keepBefore(), s.reserve()); err != nil {
		return nil, err
	}
	result, err := s.stream(ctx, "applying", args, 0)
	tidied := errors.Join(s.release(), s.dropBefore(result), s.unmarkApplied(result, marked), s.endJournal(ctx, result, ofAll))
	if err != nil {
		return nil, err
	}
	if destroysAll {
		tidied = errors.Join(tidied, removeFile(s.runFile(appliedSuffix))) // from now on a state may be missing
	}
	if tidied != nil {
		return nil, tidied
	}
	return &Applied{result.changes, result.warnings, result.outputs}, nil
}
