package helm

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The states of a release, in Helm's words.
const (
	statusDeployed = "deployed"
	statusFailed   = "failed"
)

// deployment is one installation or upgrade.
type deployment struct {
	*application
	cluster cluster
	// before is what is there already; nil if nothing is.
	before  *record
	upgrade bool

	kubernetes  *kubernetes.Cluster
	rendering   *rendering
	after       *record
	waiting     []kubernetes.Problem
	diagnostics []*tfprotov6.Diagnostic
}

// failure is why a deployment did not succeed.
type failure struct {
	// message is in the words of Helm, reason is what the cluster knows beyond it.
	message, reason string
	// stored says that the release is in the cluster all the same.
	stored bool
	// attribute is the argument to blame; empty for none.
	attribute string
}

func (f *failure) text() string {
	if f.reason == "" {
		return f.message
	}
	return f.message + "\n\n" + f.reason
}

// run deploys, and leaves behind what Helm leaves behind. after is what is in the cluster then; nil if nothing is. The caller holds the world.
func (d *deployment) run() (after *record, why *failure) {
	d.kubernetes = d.populated(d.cluster)
	if why := d.render(); why != nil {
		return nil, why
	}
	if why := d.namespace(); why != nil {
		return nil, why
	}
	d.begin()
	if d.rendering == nil {
		return d.end(nil)
	}
	if why := d.owned(); why != nil {
		return nil, why
	}
	return d.end(d.install())
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
			reason: "Helm keeps a release in its namespace, which must be there before: set create_namespace = true, or make it in another release that comes first."}
	}
	manifest := fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n", name)
	d.leave(d.cluster, keptObject{Template: "create_namespace", Text: manifest}, "")
	objects, err := kubernetes.Decode("create_namespace", manifest, "")
	if err == nil {
		d.kubernetes.Install(objects...)
	}
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
		Account: d.cluster.resource.Account, Region: d.cluster.resource.Region, Objects: []keptObject{}, Reasons: []string{}, Description: "Install complete",
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

// hooks runs the hooks of an event, one after the other. Helm waits for each, whatever the release says.
func (d *deployment) hooks(event string) *failure {
	if is(d.planned, "disable_webhooks") {
		return nil
	}
	for _, p := range d.rendering.pieces {
		if !p.runs(event) {
			continue
		}
		problems := d.kubernetes.Check([]kubernetes.Object{p.Object})
		_, unplaced := d.kubernetes.Place([]kubernetes.Object{p.Object})
		problems = append(problems, unplaced...)
		for _, wrong := range problems {
			if wrong.Fatal(true) {
				message := "timed out waiting for the condition"
				if wrong.Stage == kubernetes.Refused {
					message = wrong.Message
				}
				return &failure{stored: true, message: fmt.Sprintf("failed %s: 1 error occurred:\n\t* %s\n\n", event, message), reason: reasons([]kubernetes.Problem{wrong}, d.patience(wrong))}
			}
		}
		if !finished(p.Object) {
			d.kubernetes.Install(p.Object)
		}
	}
	return nil
}

// judge decides what problems of the release's objects do to it.
func (d *deployment) judge(problems []kubernetes.Problem) *failure {
	wait := is(d.planned, "wait") || is(d.planned, "atomic")
	var fatal []kubernetes.Problem
	for _, p := range problems {
		if p.Code == kubernetes.RolloutBlocked && d.before != nil && d.before.Status == statusFailed {
			continue // pods that never ran make room at once
		}
		// Helm's wait passes over Jobs unless it is told otherwise.
		waits := wait && (p.Object.Kind != "Job" || is(d.planned, "wait_for_jobs"))
		switch {
		case p.Fatal(waits):
			fatal = append(fatal, p)
		case p.Stage == kubernetes.Pending:
			d.waiting = append(d.waiting, p)
		case p.Stage == kubernetes.Finding && !slices.Contains(d.after.Findings, p.Error()):
			d.after.Findings = append(d.after.Findings, p.Error())
		}
	}
	if len(fatal) == 0 {
		return nil
	}
	if fatal[0].Stage == kubernetes.Refused { // the first ones are those that were refused
		var lines []string
		for _, p := range fatal {
			if p.Stage == kubernetes.Refused {
				lines = append(lines, "\t* "+p.Message)
			}
		}
		noun := "1 error occurred"
		if len(lines) > 1 {
			noun = fmt.Sprintf("%d errors occurred", len(lines))
		}
		return &failure{stored: true, attribute: "values", message: noun + ":\n" + strings.Join(lines, "\n") + "\n", reason: reasons(fatal, "")}
	}
	return &failure{stored: true, attribute: "values", message: "context deadline exceeded", reason: reasons(fatal, d.patience(fatal[0]))}
}

// patience says how long the real Helm waits before it says so.
func (d *deployment) patience(p kubernetes.Problem) string {
	if p.Stage != kubernetes.Pending {
		return ""
	}
	seconds, _ := d.planned["timeout"].(float64)
	return fmt.Sprintf("On AWS this shows after %d s, the timeout of the release. ", int(seconds))
}

// reasons is what the cluster knows of problems.
func reasons(problems []kubernetes.Problem, opening string) string {
	var lines []string
	for _, p := range problems {
		line := p.Error()
		if more := explain(p); more != "" {
			line += "\n  " + more
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return opening + "What the cluster knows:\n" + strings.Join(lines, "\n")
}

// end puts the release into the world as it is now.
func (d *deployment) end(why *failure) (*record, *failure) {
	if why != nil && is(d.planned, "atomic") && !d.upgrade {
		return nil, &failure{attribute: why.attribute, reason: why.reason, message: fmt.Sprintf("release %s failed, and has been uninstalled due to atomic being set: %s", d.wanted.name, why.message)}
	}
	if why != nil {
		d.after.Status = statusFailed
		d.after.Description = fmt.Sprintf("Release %q failed: %s", d.wanted.name, why.message)
	}
	if d.rendering != nil {
		d.after.Objects = keep(slices.DeleteFunc(slices.Clone(d.rendering.pieces), func(p piece) bool { return !d.stays(p) }), secrets(d.planned, d.config))
	}
	pods, placed := map[kubernetes.Key]int{}, map[kubernetes.Key]int{}
	for _, p := range d.waiting {
		pods[p.Object] = max(pods[p.Object], p.Pods)
		if !unplaced(p.Code) {
			placed[p.Object] = max(placed[p.Object], p.Pods)
		}
		if reason := p.Error(); !slices.Contains(d.after.Reasons, reason) {
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
	resource, err := d.after.resource()
	if err != nil {
		return nil, &failure{message: err.Error()}
	}
	d.World.Put(resource)
	return d.after, why
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
	return slices.Contains([]kubernetes.Code{kubernetes.Unschedulable, kubernetes.NotCreated, kubernetes.QuotaExceeded, kubernetes.RolloutBlocked}, code)
}

// stays reports whether an object is there after the deployment: hooks whose policy says so are gone when they have succeeded, and hooks of
// other events were not run.
func (d *deployment) stays(p piece) bool {
	if p.document.Definition {
		return !is(d.planned, "skip_crds")
	}
	if len(p.document.Hook) == 0 {
		return true
	}
	event := "install"
	if d.upgrade {
		event = "upgrade"
	}
	return (p.runs("pre-"+event) || p.runs("post-"+event)) && !is(d.planned, "disable_webhooks") && !slices.Contains(p.document.DeletePolicies, "hook-succeeded")
}

// remove takes a release out of the world, and leaves there what Helm leaves.
func (s *Server) remove(c cluster, r *record) {
	namespaces := map[string]bool{}
	for _, o := range r.objects() {
		if o.Kind == "Namespace" && !o.Hook {
			namespaces[o.Name] = true
		}
	}
	for _, k := range r.Objects {
		if k.Kept || k.Hook {
			for _, o := range k.decode(r.Namespace) {
				if !namespaces[o.Namespace] {
					s.leave(c, k, r.Namespace)
				}
			}
		}
	}
	// What is in a namespace goes with it.
	for _, left := range s.World.List(func(o *world.Resource) bool { return o.Type == keptType && o.Owner == c.resource.Key() }) {
		if namespaces[left.String("in")] {
			s.World.Remove(left)
		}
	}
	if kept := s.World.Get(r.Account, r.Region, releaseType, r.key()); kept != nil {
		s.World.Remove(kept)
	}
}

// leave keeps an object in the cluster that belongs to no release.
func (s *Server) leave(c cluster, k keptObject, namespace string) {
	for _, o := range k.decode(namespace) {
		hook := ""
		if k.Hook {
			hook = "true"
		}
		id := c.name() + "/" + o.Key().String()
		s.World.Put(&world.Resource{Type: keptType, ID: id, Account: c.resource.Account, Region: c.resource.Region, Owner: c.resource.Key(), Kept: true,
			Attributes: world.Object{"id": id, "template": k.Template, "text": k.Text, "namespace": namespace, "in": o.Namespace, "hook": hook}})
	}
}
