package helm

import (
	"fmt"
	"slices"

	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The states of a release, in Helm's words.
const (
	statusDeployed = "deployed"
	statusFailed   = "failed"
)

// deployment is one installation or upgrade. It is an actor around the rules of the model: it knows the chart and the values, which the
// arguments of a release only tell where to find.
type deployment struct {
	model.Actor
	*application
	cluster cluster
	// before is what is there already; nil if nothing is.
	before  *record
	upgrade bool

	kubernetes *kubernetes.Cluster
	// made is the namespace that Helm makes for the release; nil if it is there.
	made        *keptObject
	rendering   *rendering
	after       *record
	waiting     []kubernetes.Problem
	diagnostics []*tfprotov6.Diagnostic
	// blamed is the argument to blame for what went wrong; empty for none.
	blamed string
}

// failure is why a deployment did not succeed.
type failure struct {
	// message is in the words of Helm, reason is what the cluster knows beyond it.
	message, reason string
	// attribute is the argument to blame; empty for none.
	attribute string
}

// answer is a failure as an actor answers it; nil for none.
func (d *deployment) answer(why *failure) *world.Error {
	if why == nil {
		return nil
	}
	d.blamed = why.attribute
	return &world.Error{Message: why.message, Timing: why.reason}
}

// Admit is what Helm finds out before it makes anything.
func (d *deployment) Admit(c *model.Call) *world.Error {
	if err := d.Actor.Admit(c); err != nil {
		return err
	}
	d.kubernetes = d.populated(d.cluster)
	for _, step := range []func() *failure{d.free, d.render, d.namespace, d.owned} {
		if why := step(); why != nil {
			return d.answer(why)
		}
	}
	return nil
}

// Carry deploys, and leaves behind what Helm leaves behind, where it fails too.
func (d *deployment) Carry(c *model.Call) *world.Error {
	if d.made != nil {
		d.made.leave(c, d.cluster.resource, "", nil)
	}
	d.begin()
	var why *failure
	if d.rendering != nil {
		why = d.install()
	}
	if why != nil && is(d.planned, "atomic") && !d.upgrade {
		why.message = fmt.Sprintf("release %s failed, and has been uninstalled due to atomic being set: %s", d.wanted.name, why.message)
		return d.answer(why)
	}
	d.end(why)
	attributes, err := d.after.attributes()
	if err != nil {
		return d.answer(&failure{message: err.Error()})
	}
	c.Object = attributes
	if err := d.Actor.Carry(c); err != nil {
		return err
	}
	return d.answer(why)
}

// free looks whether the release may have its name: Helm upgrades or replaces what has it only where it is told to.
func (d *deployment) free() *failure {
	if d.before == nil || d.upgrade || d.before.Status == statusFailed && is(d.planned, "replace") {
		return nil
	}
	return &failure{attribute: "name", message: "cannot re-use a name that is still in use", reason: inUse(d.before)}
}

// render renders the chart, now that all values are known. What a plan would have said of it is said here, too.
func (d *deployment) render() *failure {
	if d.wanted.chart == nil {
		return nil
	}
	r, diagnostics := d.Server.render(d.wanted, d.values, d.cluster, d.upgrade)
	if failed(diagnostics) {
		return d.refuse(diagnostics)
	}
	d.rendering = r
	for _, p := range coderProblems(r.objects(func(piece) bool { return true }), true) {
		diagnostics = append(diagnostics, p.diagnostic(d.wanted))
	}
	if failed(diagnostics) {
		return d.refuse(diagnostics)
	}
	return nil
}

// refuse keeps all diagnostics but the last one, which becomes the failure.
func (d *deployment) refuse(diagnostics []*tfprotov6.Diagnostic) *failure {
	last := diagnostics[len(diagnostics)-1]
	d.diagnostics = append(d.diagnostics, diagnostics[:len(diagnostics)-1]...)
	return &failure{message: last.Summary, reason: last.Detail, attribute: "values"}
}

// namespace makes sure that the release's namespace exists: Helm keeps the release in it.
func (d *deployment) namespace() *failure {
	name := d.wanted.namespace
	if d.exists(kubernetes.Key{Kind: "Namespace", Name: name}) {
		return nil
	}
	if !is(d.planned, "create_namespace") {
		return &failure{attribute: "namespace", message: fmt.Sprintf("create: failed to create: namespaces %q not found", name),
			reason: "Helm keeps a release in its namespace, which must be there before: set create_namespace = true, or make it in another " +
				"release that comes first."}
	}
	d.made = &keptObject{Template: "create_namespace", Text: fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n", name)}
	d.kubernetes.Install(d.made.decode("")...)
	return nil
}

// exists reports whether the cluster has an object, those included that each cluster has.
func (d *deployment) exists(key kubernetes.Key) bool {
	if _, found := d.kubernetes.Objects[key]; found {
		return true
	}
	return key.Kind == "Namespace" && slices.Contains([]string{"default", "kube-system", "kube-public", "kube-node-lease"}, key.Name)
}

// begin sets up the record of the release.
func (d *deployment) begin() {
	now := d.World.Now().Unix()
	d.after = &record{
		ID: d.wanted.name, Cluster: d.cluster.name(), Name: d.wanted.name, Namespace: d.wanted.namespace, Status: statusDeployed,
		Revision: 1, First: now, Last: now, Chart: d.wanted.chartName(), ChartVersion: d.wanted.version(), Unrendered: d.wanted.unavailable,
		Account: d.cluster.resource.Account, Region: d.cluster.resource.Region, Objects: []keptObject{}, Reasons: []string{},
		Description: "Install complete",
	}
	if d.wanted.chart != nil {
		d.after.AppVersion = d.wanted.chart.AppVersion()
	}
	if d.rendering != nil {
		d.after.Notes = d.rendering.notes
	}
	if d.before != nil {
		d.after.Revision, d.after.First, d.after.Description = d.before.Revision+1, d.before.First, "Upgrade complete"
	}
	if given := text(d.planned, "description"); given != "" {
		d.after.Description = given
	}
	if shown, err := cloaked(d.values, d.planned); err == nil {
		d.after.Values = shown
	}
}

// install makes the objects: definitions, hooks before, the release itself, hooks after.
func (d *deployment) install() *failure {
	event := "install"
	if d.upgrade {
		event = "upgrade"
	}
	d.kubernetes.Install(d.rendering.objects(func(p piece) bool { return p.document.Definition && !is(d.planned, "skip_crds") })...)
	if why := d.hooks("pre-" + event); why != nil {
		return why
	}
	// An upgrade takes away what is not in the release any more, after everything else was made.
	own := d.rendering.objects(piece.own)
	problems := d.kubernetes.Check(own)
	placement, unplaced := d.kubernetes.Place(own)
	problems = append(problems, unplaced...)
	d.after.Pods, _ = placement.Count()
	if why := d.judge(problems); why != nil {
		return why
	}
	d.kubernetes.Install(own...)
	return d.hooks("post-" + event)
}

// end writes into the record what came of the deployment.
func (d *deployment) end(why *failure) {
	if why != nil {
		d.after.Status = statusFailed
		d.after.Description = fmt.Sprintf("Release %q failed: %s", d.wanted.name, why.message)
	}
	if d.rendering != nil {
		d.after.Objects = keep(slices.DeleteFunc(slices.Clone(d.rendering.pieces), func(p piece) bool { return !d.stays(p) }),
			secrets(d.planned, d.config))
	}
	pods, placed := map[kubernetes.Key]int{}, map[kubernetes.Key]int{}
	for _, p := range d.waiting {
		pods[p.Object] = max(pods[p.Object], p.Pods)
		if !unplaced(p.Code) {
			placed[p.Object] = max(placed[p.Object], p.Pods)
		}
		reason := p.Error()
		if more := explain(p); more != "" && unplaced(p.Code) {
			reason += " (" + more + ")"
		}
		if !slices.Contains(d.after.Reasons, reason) {
			d.after.Reasons = append(d.after.Reasons, reason)
		}
	}
	for key, count := range pods {
		d.after.Waiting += count
		if d.later(key) {
			d.after.Later += count
		}
		d.after.Pods -= min(placed[key], d.after.Pods) // they have a node, and do not run there
	}
	hidden := secrets(d.planned, d.config)
	d.after.Description, d.after.Notes = hide(d.after.Description, hidden), hide(d.after.Notes, hidden)
	for _, list := range [][]string{d.after.Reasons, d.after.Findings} {
		for i := range list {
			list[i] = hide(list[i], hidden)
		}
	}
}

// later reports whether the pods of an object wait for nothing but the first value of a secret. Without it the driver of secrets makes no
// Secret in the namespace either.
func (d *deployment) later(key kubernetes.Key) bool {
	empty, more := false, false
	for _, p := range d.waiting {
		if p.Object == key {
			empty = empty || p.Code == kubernetes.SecretWithoutValue
			more = more || p.Code != kubernetes.SecretWithoutValue && p.Code != kubernetes.NotFound
		}
	}
	return empty && !more
}

// unplaced reports whether pods with a problem have no node.
func unplaced(code kubernetes.Code) bool {
	return slices.Contains([]kubernetes.Code{kubernetes.Unschedulable, kubernetes.NotCreated, kubernetes.QuotaExceeded,
		kubernetes.RolloutBlocked}, code)
}
