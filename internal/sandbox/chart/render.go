package chart

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
)

// Release is what a chart is rendered for.
type Release struct {
	// Name is the release's: at most 53 characters, lower case, digits, dashes and dots.
	Name string
	// Namespace is where the release goes.
	Namespace string
	// Values are those of the release alone; the chart's own are laid under them. See ParseValues.
	Values map[string]any
	// KubernetesVersion is the cluster's, such as "1.33" or "v1.33.4-eks-113cf36". A version of two parts becomes one as EKS reports it.
	KubernetesVersion string
	// APIVersions are those that the cluster serves beyond Kubernetes's own, such as "secrets-store.csi.x-k8s.io/v1" of an
	// add-on, for charts that ask .Capabilities.APIVersions.
	APIVersions []string
	// Upgrade says that the release is there already: .Release.IsUpgrade, and hooks of an upgrade instead of those of an installation.
	Upgrade bool
	// Revision is .Release.Revision; 0 stands for 1, or 2 in an upgrade.
	Revision int
	// Now is what the template function now returns. The zero time is as good as any other for charts that do not print it.
	Now time.Time
}

// TemplateError is what a template could not do. Error gives Helm's own words.
type TemplateError struct {
	// Template is the path that Helm gives the template, such as coder/templates/coder.yaml; "" if Helm's words name none.
	Template string
	// Line is counted from 1; 0 if Helm's words name none.
	Line int
	// Err is Helm's error.
	Err error
}

func (e *TemplateError) Error() string { return e.Err.Error() }
func (e *TemplateError) Unwrap() error { return e.Err }

// ValuesError says that values break the chart's values.schema.json. Error gives Helm's own words.
type ValuesError struct{ Err error }

func (e *ValuesError) Error() string { return e.Err.Error() }
func (e *ValuesError) Unwrap() error { return e.Err }

// Rendered is what a release consists of.
type Rendered struct {
	// Documents are in the order in which Helm sends them to the cluster: custom resource definitions, hooks that run before,
	// the release's objects by kind, hooks that run after. Hooks of other occasions (deletion, rollback, test) come last.
	Documents []Document
	// Notes is NOTES.txt of the chart, rendered; "" if it has none.
	Notes string
}

// Render does what `helm template` does with the cluster's version, and what `helm install` checks before it talks to the cluster. The
// same release gives the same text each time: functions of templates that are random or read the clock take their results
// from the release; only keys and certificates (genCA and its like) are new each time. lookup finds nothing.
//
// Errors are *TemplateError for what templates and their YAML get wrong, *ValuesError for values that break the chart's schema, and
// plain ones, in Helm's words, for releases and charts that cannot be installed at all.
func (c *Chart) Render(r Release) (*Rendered, error) {
	if err := chartutil.ValidateReleaseName(r.Name); err != nil {
		return nil, fmt.Errorf("release name %q: %w", r.Name, err)
	}
	capabilities, err := capabilities(r)
	if err != nil {
		return nil, err
	}
	loaded, err := c.fresh()
	if err != nil {
		return nil, err
	}
	if err := installable(loaded, capabilities); err != nil {
		return nil, err
	}
	overwritten(loaded, r.Values)
	if err := chartutil.ProcessDependencies(loaded, r.Values); err != nil {
		return nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	options := common.ReleaseOptions{Name: r.Name, Namespace: r.Namespace, IsUpgrade: r.Upgrade, IsInstall: !r.Upgrade, Revision: r.Revision}
	if options.Revision == 0 {
		options.Revision = 1
		if r.Upgrade {
			options.Revision = 2
		}
	}
	values, err := commonutil.ToRenderValuesWithSchemaValidation(loaded, r.Values, options, capabilities, false)
	if err != nil {
		return nil, &ValuesError{err}
	}
	helm := engine.Engine{CustomTemplateFuncs: repeatable(r, c)}
	// The context bounds what templates look up in a cluster, which there is none of.
	files, err := helm.RenderWithContext(context.Background(), loaded, values)
	if err != nil {
		return nil, templateError(err)
	}
	rendered := &Rendered{Notes: notes(loaded, files)}
	rendered.Documents, err = documents(loaded, files, r.Upgrade)
	if err != nil {
		return nil, templateError(err)
	}
	return rendered, nil
}

// installable holds a chart to what Helm wants of one before it renders it. The words are Helm's.
func installable(c *chartv2.Chart, on *common.Capabilities) error {
	if t := c.Metadata.Type; t != "" && t != "application" {
		return fmt.Errorf("%s charts are not installable", t)
	}
	if want := c.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, on.KubeVersion.String()) {
		return fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", want, on.KubeVersion.String())
	}
	there := map[string]bool{}
	for _, dependency := range c.Dependencies() {
		there[dependency.Name()] = true
	}
	var missing []string
	for _, dependency := range c.Metadata.Dependencies {
		if !there[dependency.Name] {
			missing = append(missing, dependency.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("an error occurred while checking for chart dependencies. You may need to run `helm dependency "+
			"build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: %s", strings.Join(missing, ", "))
	}
	return nil
}

// notes takes the notes of the chart, and of the charts in it, out of what was rendered, and returns the chart's own.
func notes(c *chartv2.Chart, files map[string]string) (text string) {
	for name, content := range files {
		if path.Base(name) != "NOTES.txt" {
			continue
		}
		if name == path.Join(c.Name(), "templates", "NOTES.txt") {
			text = content
		}
		delete(files, name)
	}
	return text
}

// place finds the template and the line in the words of Helm and of Go's templates: "coder/templates/coder.yaml:12:4: …" and the like.
var place = regexp.MustCompile(`([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)(?::(\d+))?`)

func templateError(err error) error {
	e := &TemplateError{Err: err}
	// A template that others include is named first where it failed last; that is where the mistake stands, or what led there.
	if found := place.FindStringSubmatch(err.Error()); found != nil {
		e.Template = found[1]
		e.Line, _ = strconv.Atoi(found[2])
	}
	return e
}

// Place is where an error of Render stands, as "template:line"; "" if it stands nowhere in a template.
func Place(err error) string {
	var e *TemplateError
	switch {
	case !errors.As(err, &e) || e.Template == "":
		return ""
	case e.Line == 0:
		return e.Template
	default:
		return fmt.Sprintf("%s:%d", e.Template, e.Line)
	}
}
