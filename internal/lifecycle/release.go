package lifecycle

import "coderaws/internal/sandbox/world"

// Release is what the embedded AWS made of one release of Helm.
type Release struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Chart     string `json:"chart"`
	Version   string `json:"version"`
	// Unrendered says why the chart was not rendered; "" if it was. Then nothing more is known of the release.
	Unrendered string `json:"not_rendered,omitempty"`
	// Objects counts the Kubernetes objects, Placed the pods that have a node, and Waiting those that wait for something that comes later.
	Objects int `json:"objects"`
	Placed  int `json:"pods_placed"`
	Waiting int `json:"pods_waiting"`
	// Reasons say what is waited for.
	Reasons []string `json:"waiting_for,omitempty"`
}

// releases lists the releases of Helm in the clusters of a region, in the order in which they were made.
func (e *Embedded) releases(region string) []Release {
	var found []Release
	_ = e.World.Do(func() error { // looking cannot fail
		for _, r := range e.World.List(func(r *world.Resource) bool { return r.Type == releaseType && r.Region == region }) {
			objects, _ := r.Attributes["objects"].([]any)
			release := Release{
				Namespace: r.String("namespace"), Name: r.String("name"), Chart: r.String("chart"), Version: r.String("chart_version"),
				Unrendered: r.String("unrendered"), Objects: len(objects), Placed: count(r, "pods"), Waiting: count(r, "pods_waiting"),
			}
			reasons, _ := r.Attributes["waiting_for"].([]any)
			for _, reason := range reasons {
				if text, ok := reason.(string); ok {
					release.Reasons = append(release.Reasons, text)
				}
			}
			found = append(found, release)
		}
		return nil
	})
	return found
}

// count reads a number of a resource in the world.
func count(r *world.Resource, attribute string) int {
	n, _ := r.Attributes[attribute].(float64)
	return int(n)
}
