package helm

import (
	"context"
	"fmt"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ApplyResourceChange installs, upgrades or uninstalls one release.
func (s *Server) ApplyResourceChange(ctx context.Context,
	request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	typ := s.schema.Release.Block.Type()
	prior, err := decode(request.PriorState, typ)
	if err != nil {
		return nil, err
	}
	planned, err := decode(request.PlannedState, typ)
	if err != nil {
		return nil, err
	}
	config, err := decode(request.Config, typ)
	if err != nil {
		return nil, err
	}
	configured, err := s.session(ctx)
	if err != nil {
		return nil, err
	}
	a := &application{Server: s, session: configured, prior: prior, planned: planned, config: config}
	result, diagnostics := a.run(ctx)
	discreet(diagnostics, planned, config)
	wire, err := encode(result, typ)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", releaseType, err)
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: wire, Private: request.PlannedPrivate, Diagnostics: diagnostics}, nil
}

// application is one change of one release.
type application struct {
	*Server
	*session
	prior, planned, config world.Object

	wanted *wanted
	values map[string]any
}

// run makes the change and returns the new state, which is nil for none.
func (a *application) run(ctx context.Context) (result world.Object, diagnostics []*tfprotov6.Diagnostic) {
	if a.planned != nil {
		if diagnostics = a.prepare(ctx); failed(diagnostics) {
			return a.prior, diagnostics
		}
	}
	err := a.World.Do(func() error {
		switch {
		case a.planned == nil:
			result, diagnostics = a.uninstall()
		case a.prior == nil:
			result, diagnostics = a.create()
		default:
			result, diagnostics = a.update()
		}
		return nil
	})
	if err != nil {
		diagnostics = append(diagnostics, problem("", "The embedded AWS could not keep its state", err.Error()))
	}
	return result, diagnostics
}

// prepare finds the chart and merges the values, outside of the world: a chart may come from the network.
func (a *application) prepare(ctx context.Context) []*tfprotov6.Diagnostic {
	w, diagnostics := a.open(ctx, a.planned)
	if failed(diagnostics) {
		return diagnostics
	}
	given, d := values(a.planned, a.config)
	if d != nil {
		return []*tfprotov6.Diagnostic{d}
	}
	a.wanted, a.values = w, given
	if w.chart != nil {
		diagnostics, _ := a.unread(w, given) // what was not known while planning is looked at now
		return diagnostics
	}
	return nil
}

// create installs a release. Where the provider is told to, it upgrades one that is there already.
func (a *application) create() (world.Object, []*tfprotov6.Diagnostic) {
	const summary = "installation failed"
	c := a.findCluster(a.session)
	if message := a.unreachable(a.session, c); message != "" {
		return nil, []*tfprotov6.Diagnostic{problem("", summary, message)}
	}
	before := a.release(c, a.wanted.namespace, a.wanted.name)
	upgrade := before != nil && is(a.planned, "upgrade_install")
	d := &deployment{Actor: model.Rules{}, application: a, cluster: c, before: before, upgrade: upgrade}
	call := a.about(c, nil, a.planned)
	_, err := verbs(d).Create(call)
	if err == nil {
		a.note("create", d.after)
		return d.after.state(a.planned, a.session), d.diagnostics
	}
	if stored := call.Self != nil; !stored || upgrade {
		return nil, append(d.diagnostics, problem(d.blamed, summary, words(err)))
	}
	return nil, append(d.diagnostics,
		warning("", "Helm release created with warnings",
			fmt.Sprintf("Helm release %q was created but has a failed status. Use the `helm` command to investigate the error, correct it, then "+
				"run Terraform again.", a.wanted.name)),
		problem(d.blamed, "Helm release error", words(err)+again(a.planned)))
}

// inUse says who has the name of a release, and how Terraform gets at it.
func inUse(r *record) string {
	if r.Status == statusFailed {
		return fmt.Sprintf("A release %s of namespace %s is there, whose installation failed; this version of the provider does not keep such "+
			"releases in Terraform's state. Set upgrade_install = true, and the next run goes on with it; or import it as %s/%s; or remove it "+
			"with `helm uninstall`.",
			r.Name, r.Namespace, r.Namespace, r.Name)
	}
	return fmt.Sprintf("A release %s of namespace %s is there, and not in this state of Terraform. Import it as %s/%s, or give this one "+
		"another name.", r.Name, r.Namespace, r.Namespace, r.Name)
}

// again says how the next run goes on after an installation failed: the provider leaves such a release out of Terraform's state
// (Create in resource_helm_release.go of 3.1.1, and issues 1665 and 1669 of its repository).
func again(planned world.Object) string {
	if is(planned, "upgrade_install") || is(planned, "atomic") || is(planned, "replace") {
		return ""
	}
	return "\n\nThe release stays in the cluster and is not in Terraform's state: the next run will say that its name is still in use. With upgrade_install = true it goes on instead."
}

// update upgrades a release.
func (a *application) update() (world.Object, []*tfprotov6.Diagnostic) {
	const summary, prefix = "Error upgrading chart", "Upgrade failed: "
	c := a.findCluster(a.session)
	if message := a.unreachable(a.session, c); message != "" {
		return a.prior, []*tfprotov6.Diagnostic{problem("", summary, prefix+message)}
	}
	before := a.release(c, a.wanted.namespace, a.wanted.name)
	if before == nil {
		return a.prior,
			[]*tfprotov6.Diagnostic{problem("", summary, prefix+fmt.Sprintf("%q has no deployed releases", a.wanted.name)+
				"\n\nIt was uninstalled while Terraform was at work. Plan again.")}
	}
	d := &deployment{Actor: model.Rules{}, application: a, cluster: c, before: before, upgrade: true}
	if _, err := verbs(d).Update(a.about(c, a.prior, a.planned)); err != nil {
		return a.prior, append(d.diagnostics, problem(d.blamed, summary, prefix+words(err)))
	}
	a.note("update", d.after)
	return d.after.state(a.planned, a.session), d.diagnostics
}

// uninstall removes a release with its objects. A cluster that cannot be reached counts as one without the release, as the provider has it.
func (a *application) uninstall() (world.Object, []*tfprotov6.Diagnostic) {
	c := a.findCluster(a.session)
	if a.unreachable(a.session, c) != "" {
		return nil, nil
	}
	before := a.release(c, text(a.prior, "namespace"), text(a.prior, "name"))
	if _, err := verbs(model.Rules{}).Delete(a.about(c, a.prior, nil)); err != nil {
		detail := fmt.Sprintf("Unable to uninstall Helm release %s: %s", text(a.prior, "name"), words(err))
		return a.prior, []*tfprotov6.Diagnostic{problem("", "Error uninstalling release", detail)}
	}
	if before != nil {
		a.note("delete", before)
	}
	return nil, nil
}
