package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/configuration"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// ReportOptions are what reports on a plan have in common.
type ReportOptions struct {
	// What is a deployment's directory, the name of a pattern, or the file of a plan.
	What string
	// Configuration is the directory of the root module that a plan file was made from.
	Configuration string
	// Existing is what is there before the deployment.
	Existing rehearsal.Existing
	// whole tells of which deployments a report has something to say of all stacks, where it else has of some; nil means of none.
	whole func(*deployment.Deployment) bool
	// before looks at a deployment before it is planned, and may refuse it; nil refuses none. It is not asked about a plan in a file.
	before func(name string, d *deployment.Deployment) error
}

func (o *ReportOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Configuration, "configuration", "",
		"the directory of the Terraform files that PLAN.json was made from (default: that of PLAN.json)")
	existingFlags(cmd, &o.Existing)
}

// existingFlags are for what an account has before a deployment, and the embedded AWS has not.
func existingFlags(cmd *cobra.Command, existing *rehearsal.Existing) {
	cmd.Flags().StringArrayVar(&existing.HostedZones, "hosted-zone", nil,
		"a public hosted zone that exists beforehand, as NAME or NAME=ID; repeatable")
	cmd.Flags().StringArrayVar(&existing.Policies, "existing-policy", nil,
		"a policy of IAM that exists beforehand, as ARN, or as ARN=FILE with what it says; repeatable")
	cmd.Flags().StringArrayVar(&existing.Shared, "shared-name", nil,
		"a private hosted zone or a resolver rule that another account shares, as DOMAIN=ID; repeatable")
}

// principalFlags say who runs Terraform.
func principalFlags(cmd *cobra.Command, principal *rehearsal.Principal) {
	cmd.Flags().StringArrayVar(&principal.Identity, "as", nil,
		"a file with a policy of IAM: who runs Terraform may do what it allows, and nothing else; repeatable")
	cmd.Flags().StringVar(&principal.Boundary, "boundary", "", "a file with the permissions boundary of who runs Terraform")
	cmd.Flags().StringVar(&principal.Session, "session-policy", "", "a file with the policy of the session in which Terraform runs")
	cmd.Flags().StringArrayVar(&principal.Control, "scp", nil,
		"a file with a service control policy of the account's organization; repeatable")
}

// previews finds what a report is about: a plan in a file, or else a deployment or a pattern, which is planned on the embedded AWS. With
// made it is made there too, so that every reference is known. stacks are those that the report has something to say of; none means all.
func (deps *Deps) previews(ctx context.Context, o ReportOptions, made bool, stacks ...string) (string, []rehearsal.Preview, error) {
	what := o.What
	if info, err := os.Stat(what); err == nil && !info.IsDir() || err != nil && strings.HasSuffix(what, ".json") {
		preview, err := readPreview(what, o.Configuration)
		return planName(what), []rehearsal.Preview{preview}, err
	}
	if o.Configuration != "" {
		d := diagnostic.Errorf("--configuration is for a plan in a file, and %s is none", what)
		d.Code, d.Todo = "usage.configuration", "leave --configuration out; --source replaces the stacks of a deployment"
		return "", nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	dir, remove, err := deps.scratch()
	if err != nil {
		return "", nil, err
	}
	defer remove()
	d, name, err := deps.rehearsed(what, dir)
	if err != nil {
		return "", nil, err
	}
	if o.before != nil {
		if err := o.before(name, d); err != nil {
			return "", nil, err
		}
	}
	target := deps.embedded(name)
	if err := target.AddExisting(o.Existing); err != nil {
		return "", nil, err
	}
	var previews []rehearsal.Preview
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		if r.Stacks = stacks; o.whole != nil && o.whole(d) {
			r.Stacks = nil
		}
		previews, err = target.Preview(ctx, r, d, made)
		return err
	})
	return name, previews, err
}

// planned is previews, for reports that also take a plan in the engine's own form.
func (deps *Deps) planned(ctx context.Context, o ReportOptions, made bool, stacks ...string) (string, []rehearsal.Preview, error) {
	if !isEnginePlan(o.What) {
		return deps.previews(ctx, o, made, stacks...)
	}
	preview, err := deps.showEnginePlan(ctx, o)
	return planName(o.What), []rehearsal.Preview{preview}, err
}

// planName names a plan after its file, or after its directory where the file's name says only that it is a plan.
func planName(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if absolute, err := filepath.Abs(file); err == nil && (name == "plan" || name == "tfplan") {
		return filepath.Base(filepath.Dir(absolute))
	}
	return name
}

// readPreview reads a plan that somebody else made.
func readPreview(file, dir string) (rehearsal.Preview, error) {
	p, err := plan.Open(file)
	if err != nil {
		return rehearsal.Preview{}, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	named := dir != ""
	if !named {
		dir = filepath.Dir(file)
	}
	written, err := configuration.Load(dir, "")
	if err == nil && written == nil && named {
		d := diagnostic.Errorf("%s holds no Terraform files", dir)
		d.Code, d.Todo = "usage.configuration", "name the directory in which the plan was made"
		err = d
	}
	if err != nil {
		return rehearsal.Preview{}, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	return rehearsal.Preview{Plan: p, Made: p, Written: written}, nil
}

// warnOpaque says that local values could not be followed.
func (deps *Deps) warnOpaque(opaque []string, effect string) {
	if len(opaque) == 0 {
		return
	}
	d := diagnostic.Warningf("a plan does not say what local values refer to, and %s could not be looked up",
		plural(len(opaque), "local value"))
	d.Code = "plan.local_values"
	d.Why = effect + ": " + strings.Join(opaque[:min(len(opaque), 5)], ", ")
	if len(opaque) > 5 {
		d.Why += ", …"
	}
	d.Todo = "name the directory of the Terraform files that the plan was made from with --configuration DIR"
	deps.warn(diagnostic.List{d})
}

// writePicture writes an SVG file, or to standard output if the file is "-".
func (sh *shell) writePicture(file, picture string) error {
	if file == "-" {
		_, err := fmt.Fprint(sh.results(), picture)
		return err
	}
	if err := atomicfile.Write(file, []byte(picture), 0o644); err != nil {
		d := diagnostic.Errorf("the picture cannot be written")
		d.Code, d.Why, d.Todo = "picture.unwritable", err.Error(), "name another file with --svg FILE, or --svg - for standard output"
		return d
	}
	return nil
}

// title names a place of what a report is about.
func title(name string, place lifecycle.Place) string {
	if place.Region == "" {
		return name
	}
	if place.Stack != "" && place.Stack != lifecycle.CloudStack {
		return name + " in " + place.Region + ", " + place.Stack
	}
	return name + " in " + place.Region
}
