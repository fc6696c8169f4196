package rehearsal

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/helm"
)

// Release is what the embedded AWS made of one release of Helm.
type Release struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Chart     string `json:"chart"`
	Version   string `json:"version"`
	// Unrendered says why the chart was not rendered; "" if it was. Then nothing more is known of the release.
	Unrendered string `json:"not_rendered,omitempty"`
	// Objects counts the Kubernetes objects, Placed the pods that have a node, Waiting those that wait for something that comes later, and
	// Stuck those that wait for what never comes.
	Objects int `json:"objects"`
	Placed  int `json:"pods_placed"`
	Waiting int `json:"pods_waiting"`
	Stuck   int `json:"pods_stuck"`
	// Reasons say what is waited for.
	Reasons []string `json:"waiting_for,omitempty"`
}

func releaseOf(r helm.Summary) Release {
	return Release{r.Namespace, r.Name, r.Chart, r.Version, r.Unrendered, r.Objects, r.Pods, r.Later, r.Waiting - r.Later, r.Reasons}
}

// releases lists the releases of Helm in the clusters of a region, by name.
func (e *Embedded) releases(region string) []Release {
	var found []Release
	for _, r := range helm.Releases(e.world) {
		if r.Region == region {
			found = append(found, releaseOf(r))
		}
	}
	// Those that depend on nothing of each other are made at once, in an order that differs from run to run.
	slices.SortFunc(found, func(a, b Release) int { return strings.Compare(a.Name, b.Name) })
	return found
}
