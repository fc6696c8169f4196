package helm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/renderer"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// wanted is a release as Terraform wants it.
type wanted struct {
	name, namespace string
	reference       chart.Reference
	// chart is what was found; nil if it could not be fetched, and unavailable says why.
	chart       *chart.Chart
	unavailable string
}

// title names the release with its chart, for messages.
func (w *wanted) title() string {
	version := w.version()
	if version != "" {
		version = " " + version
	}
	return fmt.Sprintf("release %s, chart %s%s", w.name, w.chartName(), version)
}

// chartName is the chart's own name, as far as it is known.
func (w *wanted) chartName() string {
	if w.chart != nil {
		return w.chart.Name()
	}
	return w.reference.Chart[strings.LastIndex(w.reference.Chart, "/")+1:]
}

// version is the version of the chart, as far as it is known.
func (w *wanted) version() string {
	if w.chart != nil {
		return w.chart.Version()
	}
	return w.reference.Version
}

// open finds the chart of a release. A chart that cannot be fetched is no problem here: the release goes on without it, and says so.
func (s *Server) open(ctx context.Context, release world.Object) (*wanted, []*tfprotov6.Diagnostic) {
	w := &wanted{name: text(release, "name"), namespace: text(release, "namespace")}
	w.reference = chart.Reference{
		Repository: text(release, "repository"), Chart: strings.TrimSpace(text(release, "chart")),
		Version: strings.TrimSpace(text(release, "version")),
	}
	if w.reference.Version == "" && is(release, "devel") {
		w.reference.Version = ">0.0.0-0"
	}
	if w.reference.Repository == "" && !strings.Contains(w.reference.Chart, "://") {
		w.reference.Dir, w.reference.Version = s.start(w.reference.Chart), ""
	}
	found, err := s.Charts.Find(ctx, w.reference)
	var unavailable *chart.UnavailableError
	var missing *chart.MissingError
	switch {
	case errors.As(err, &unavailable):
		w.unavailable = unavailable.Err.Error()
	case errors.As(err, &missing):
		return nil, []*tfprotov6.Diagnostic{locating(w.reference, missing)}
	case err != nil:
		return nil,
			[]*tfprotov6.Diagnostic{problem("chart", "Error locating chart", fmt.Sprintf("Unable to locate chart %s: %v", w.reference.Chart, err))}
	}
	w.chart = found
	return w, nil
}

// locating words that there is no such chart, or none of that version, as the provider does, with what there is.
func locating(r chart.Reference, missing *chart.MissingError) *tfprotov6.Diagnostic {
	attribute, words := "chart", fmt.Sprintf("chart %q not found in %s repository", r.Chart, r.Repository)
	switch {
	case r.Repository == "":
		words = fmt.Sprintf("path %q not found", r.Chart)
	case r.Version != "":
		words = fmt.Sprintf("chart %q version %q not found in %s repository", r.Chart, r.Version, r.Repository)
	}
	todo := "Correct chart and repository."
	if len(missing.Versions) > 0 {
		attribute, todo = "version", "Write one of its versions as version."
	} else if len(missing.Charts) > 0 {
		todo = "Write one of its names as chart."
	}
	return problem(attribute, "Error locating chart", fmt.Sprintf("Unable to locate chart %s: %s\n\n%s. %s", r.Chart, words, missing, todo))
}

// start is the directory at which a relative path of a chart starts.
func (s *Server) start(path string) string {
	if filepath.IsAbs(path) || s.Directories == nil {
		return ""
	}
	for _, dir := range s.Directories() {
		if _, err := os.Stat(filepath.Join(dir, path)); err == nil {
			return dir
		}
	}
	return ""
}

// piece is an object of a chart, with what Helm has to know of it.
type piece struct {
	kubernetes.Object
	document chart.Document
}

// runs reports whether the piece is a hook of an event.
func (p piece) runs(event string) bool { return p.document.Runs(event) }

// own reports whether the piece belongs to the release itself.
func (p piece) own() bool { return len(p.document.Hook) == 0 && !p.document.Definition }

// kept reports whether Helm leaves the object behind when the release goes.
func (p piece) kept() bool {
	return p.document.Definition || strings.EqualFold(strings.TrimSpace(p.Annotations["helm.sh/resource-policy"]), "keep")
}

// rendering is a rendered chart.
type rendering struct {
	pieces []piece
	notes  string
}

// objects are those of the pieces for which keep is true.
func (r *rendering) objects(keep func(piece) bool) []kubernetes.Object {
	var all []kubernetes.Object
	for _, p := range r.pieces {
		if keep(p) {
			all = append(all, p.Object)
		}
	}
	return all
}

// render renders the chart and reads its objects. What cannot be read is returned as diagnostics.
func (s *Server) render(w *wanted, values map[string]any, on cluster, upgrade bool) (*rendering, []*tfprotov6.Diagnostic) {
	rendered, err := s.Renderer.Render(w.chart, chart.Release{
		Name: w.name, Namespace: w.namespace, Values: values, KubernetesVersion: on.version, APIVersions: on.apiVersions(), Upgrade: upgrade,
		Now: s.World.Now(),
	})
	if err != nil {
		return nil, []*tfprotov6.Diagnostic{unrenderable(w, err)}
	}
	result := &rendering{notes: rendered.Notes}
	var diagnostics []*tfprotov6.Diagnostic
	for _, document := range rendered.Documents {
		objects, err := kubernetes.Decode(document.Template, document.Text, w.namespace)
		for _, wrong := range split(err) {
			diagnostics = append(diagnostics, undecodable(w, wrong))
		}
		for _, o := range objects {
			o.Hook = len(document.Hook) > 0
			result.pieces = append(result.pieces, piece{o, document})
		}
	}
	return result, diagnostics
}

// split takes joined errors apart.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

func unrenderable(w *wanted, err error) *tfprotov6.Diagnostic {
	detail := err.Error()
	var template *chart.TemplateError
	if errors.As(err, &template) && template.Template != "" {
		detail += fmt.Sprintf("\n\nTemplate %s", template.Template)
		if template.Line > 0 {
			detail += fmt.Sprintf(", line %d", template.Line)
		}
		detail += "."
	}
	todo := "Correct the values of the release."
	var limit *renderer.LimitError
	if errors.As(err, &limit) {
		todo = "Look for a loop or a recursion in the chart's templates to which the values of the release lead."
		detail = "Of the chart at " + w.chart.Origin() + ": " + detail + "."
	}
	return problem("values", w.title()+": the chart cannot be rendered with these values", detail+" "+todo)
}

func undecodable(w *wanted, err error) *tfprotov6.Diagnostic {
	detail := err.Error()
	var wrong *kubernetes.DecodeError
	if errors.As(err, &wrong) && wrong.Why != "" {
		detail += "\n\n" + wrong.Why
	}
	return problem("values", w.title()+": the API server would not take an object",
		detail+"\n\nCorrect the value that leads to this, or the chart's template.")
}

// rehearse says what is wrong with a release before there is a cluster: values that nothing reads, templates that fail, objects that no API
// server takes, settings that Coder does not know.
func (s *Server) rehearse(configured *session, w *wanted, planned, config world.Object) []*tfprotov6.Diagnostic {
	if w.chart == nil {
		return nil
	}
	given, d := values(planned, config)
	if d != nil {
		return []*tfprotov6.Diagnostic{d}
	}
	diagnostics, ok := s.unread(w, given)
	if !ok {
		return diagnostics
	}
	var on cluster
	upgrade := false
	_ = s.World.Do(func() error { // looking cannot fail
		on = s.findCluster(configured)
		upgrade = on.found() && s.release(on, w.namespace, w.name) != nil
		return nil
	})
	r, wrong := s.render(w, given, on, upgrade)
	diagnostics = append(diagnostics, wrong...)
	if r == nil {
		return diagnostics
	}
	for _, p := range kubernetes.Validate(r.objects(func(piece) bool { return true })) {
		if p.Stage == kubernetes.Refused {
			diagnostics = append(diagnostics, refused(w, p))
		} else if p.Stage == kubernetes.Finding {
			diagnostics = append(diagnostics, warning("values", w.title()+": "+p.Error(), explain(p)))
		}
	}
	// A release that is there already has had time for its provisioners to come.
	external := !upgrade || provisioners(s.World, on.name())
	for _, p := range coderProblems(r.objects(func(piece) bool { return true }), external) {
		diagnostics = append(diagnostics, p.diagnostic(w))
	}
	return diagnostics
}

// unread are the values that nothing in the chart reads; ok is false if the chart kept that from being found out.
func (s *Server) unread(w *wanted, values map[string]any) (diagnostics []*tfprotov6.Diagnostic, ok bool) {
	found, err := s.Renderer.Unread(w.chart, values)
	if err != nil {
		return []*tfprotov6.Diagnostic{unrenderable(w, err)}, false
	}
	for _, u := range found {
		detail := "Helm passes over such values without a word: what was set would have no effect. "
		if u.Nearest != "" {
			detail += "Write " + u.Nearest + ", if that is meant."
		} else {
			detail += "Take it out, or look its name up in the chart's values.yaml."
		}
		diagnostics = append(diagnostics, problem("values", fmt.Sprintf("%s: nothing in the chart reads the value %s", w.title(), u.Path),
			detail))
	}
	return diagnostics, true
}

// refused words a problem of Kubernetes.
func refused(w *wanted, p kubernetes.Problem) *tfprotov6.Diagnostic {
	return problem("values", w.title()+": "+p.Error(), explain(p))
}

// explain is what else is known of a problem: where it comes from, why it is one, and what to do.
func explain(p kubernetes.Problem) string {
	var parts []string
	if p.Template != "" {
		at := "Template " + p.Template
		if p.Field != "" {
			at += ", field " + p.Field
		}
		parts = append(parts, at+".")
	}
	parts = append(parts, p.Why, p.Todo)
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}
