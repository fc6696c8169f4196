package lifecycle

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
}
