package rehearsal

import (
	"context"
	"errors"

	"coderaws/internal/configuration"
	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/helm"

	"sigs.k8s.io/yaml"
)

// Preview is what a place of a deployment would be.
type Preview struct {
	lifecycle.Place
	// Plan is the plan that makes everything.
	Plan *plan.Plan
	// Made is the same plan with the values that everything has after it was made on the embedded AWS, so that every reference is
	// known; nil unless asked for.
	Made *plan.Plan
	// Shared are what other accounts share with this one, and no plan has: who answers for names. None unless it was made.
	Shared []plan.Resource
	// Written is the configuration as it is written.
	Written *configuration.Module
	// Objects are what the releases of Helm made in Kubernetes, and Unrendered those releases of which that is not known, with the
	// reason; none unless it was made.
	Objects    []Object
	Unrendered []string
}

// Object is an object that a release made in a cluster.
type Object struct {
	Release, Kind, Namespace, Name string
	// Template is the file of the chart that it was rendered from, and Values what it holds. Secrets hold no data.
	Template string
	Values   plan.Value
}

// Preview plans a deployment from nothing, and with made also makes it, for which the target must be fresh. d.Dir is where the working
// directories go.
func (e *Embedded) Preview(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, made bool) ([]Preview, error) {
	var previews []Preview
	err := e.on(r).Each(ctx, d, false, func(w *lifecycle.Work) error {
		planned, err := w.Plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		preview := Preview{Place: w.Place, Plan: plan.Read(planned.JSON)}
		if preview.Written, err = configuration.Load(w.Engine.Dir(), w.Workdir.Root); err != nil {
			return err
		}
		if !made {
			previews = append(previews, preview)
			return errors.Join(w.Imagine(preview.Plan), planned.Discard())
		}
		if err := w.Apply(ctx, "making on the embedded AWS", planned); err != nil {
			return err
		}
		state, err := w.Engine.State(ctx)
		if err != nil {
			return err
		}
		preview.Made, preview.Shared = preview.Plan.Made(state), e.shared()
		if w.Place.Stack == lifecycle.PlatformStack {
			e.look(w.Place.Region, &preview)
		}
		previews = append(previews, preview)
		return nil
	})
	return previews, afresh(err)
}

// look notes what the releases in the clusters of a region made.
func (e *Embedded) look(region string, preview *Preview) {
	clusters := map[string]bool{}
	for _, release := range helm.Releases(e.world) {
		if release.Region != region {
			continue
		}
		clusters[release.Cluster] = true
		if release.Unrendered != "" {
			preview.Unrendered = append(preview.Unrendered, release.Name+" ("+release.Unrendered+")")
		}
	}
	for _, o := range helm.Objects(e.world) {
		var values map[string]any
		if !clusters[o.Cluster] || yaml.Unmarshal([]byte(o.Text), &values) != nil {
			continue
		}
		preview.Objects = append(preview.Objects, Object{Release: o.Release, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name,
			Template: o.Template, Values: plan.Of(values)})
	}
}
