package rehearsal

import (
	"context"
	"errors"
	"slices"

	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/helm"
)

// Fetched is a chart that a deployment installs and that comes from elsewhere.
type Fetched struct {
	Repository string `json:"repository"`
	Chart      string `json:"chart"`
	// Version is the one that was found, or else the one that is asked for.
	Version string `json:"version"`
	// Missing says why it is not at hand; "" if it is.
	Missing string `json:"missing,omitempty"`
	// Archive is the chart as it is packed, nil if it is at hand unpacked alone, and Metadata its Chart.yaml as JSON.
	Archive  []byte `json:"-"`
	Metadata []byte `json:"-"`
}

// FetchCharts fetches the charts of all releases that plans make, each once, unless they are at hand. What could not be fetched is in the
// result; what is no chart is an error.
func FetchCharts(ctx context.Context, where sandbox.Charts, previews []Preview) ([]Fetched, error) {
	var changes []plan.Change
	for _, preview := range previews {
		changes = append(changes, preview.Plan.Changes()...)
	}
	return FetchChartsOf(ctx, where, changes)
}

// FetchChartsOf is FetchCharts for the releases among changes of plans.
func FetchChartsOf(ctx context.Context, where sandbox.Charts, changes []plan.Change) ([]Fetched, error) {
	finder := &chart.Finder{Directories: where.Directories, Cache: where.Cache, Offline: where.Offline}
	fetched := []Fetched{}
	for _, reference := range references(changes) {
		one := Fetched{Repository: reference.Repository, Chart: reference.Chart, Version: reference.Version}
		found, err := finder.Find(ctx, reference)
		var unavailable *chart.UnavailableError
		switch {
		case errors.As(err, &unavailable):
			one.Missing = unavailable.Err.Error()
		case err != nil:
			return fetched, err
		default:
			one.Version, one.Archive = found.Version(), found.Packed()
			if one.Metadata, err = found.Metadata(); err != nil {
				return fetched, err
			}
		}
		fetched = append(fetched, one)
	}
	return fetched, nil
}

// Image is a container image that a release runs.
type Image = helm.Image

// Images lists the images that the releases run which were made here, as pods name them. Unrendered names the releases whose charts are not
// at hand, so that nobody knows what they run.
func (e *Embedded) Images() (images []Image, unrendered []string) {
	for _, release := range helm.Releases(e.world) {
		if release.Unrendered != "" {
			unrendered = append(unrendered, release.Name+" in "+release.Region)
		}
	}
	slices.Sort(unrendered) // releases are made side by side
	return helm.Images(e.world), unrendered
}

// references are the charts of releases, but for those that are files of the configuration.
func references(changes []plan.Change) []chart.Reference {
	var all []chart.Reference
	for _, change := range changes {
		release := change.After.Object()
		repository, _ := release["repository"].(string)
		if change.Type != lifecycle.ReleaseType || repository == "" {
			continue
		}
		name, _ := release["chart"].(string)
		version, _ := release["version"].(string)
		if reference := (chart.Reference{Repository: repository, Chart: name, Version: version}); !slices.Contains(all, reference) {
			all = append(all, reference)
		}
	}
	return all
}
