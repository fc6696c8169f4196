package helm

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/world"

	"sigs.k8s.io/yaml"
)

// record is what the world keeps of a release, as Helm keeps it in a Secret of the cluster. It holds no sensitive value.
type record struct {
	// ID is Terraform's id, which is the name.
	ID        string `json:"id"`
	Cluster   string `json:"cluster"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	// Status is deployed or failed, in Helm's words.
	Status      string `json:"status"`
	Description string `json:"description"`
	Revision    int    `json:"revision"`
	// First and Last are when it was deployed, in seconds since 1970.
	First int64 `json:"first_deployed"`
	Last  int64 `json:"last_deployed"`

	Chart        string `json:"chart"`
	ChartVersion string `json:"chart_version"`
	AppVersion   string `json:"app_version"`
	// Values are JSON, with sensitive ones hidden.
	Values string `json:"values"`
	Notes  string `json:"notes"`
	// Unrendered is why the chart could not be fetched; empty if it was rendered.
	Unrendered string `json:"unrendered,omitempty"`
	// Objects are those of the release, and those of its hooks that are still there.
	Objects []keptObject `json:"objects"`
	// Pods counts the pods that run, Waiting those that do not; Reasons says why, one reason each.
	Pods    int      `json:"pods"`
	Waiting int      `json:"pods_waiting"`
	Reasons []string `json:"waiting_for"`
	// Later counts those of the waiting pods that wait for nothing but the first value of a secret.
	Later int `json:"pods_later"`
	// Findings are what works and should not be done, such as an image without a fixed tag.
	Findings []string `json:"findings,omitempty"`

	// Account and Region are those of the cluster.
	Account string `json:"-"`
	Region  string `json:"-"`
}

// keptObject is one object as it was made.
type keptObject struct {
	Template string `json:"template"`
	Text     string `json:"text"`
	// Hook says that Helm made it as a hook, Kept that Helm leaves it behind.
	Hook bool `json:"hook,omitempty"`
	Kept bool `json:"kept,omitempty"`
}

// decode makes the object again.
func (k keptObject) decode(namespace string) []kubernetes.Object {
	objects, err := kubernetes.Decode(k.Template, k.Text, namespace)
	if err != nil {
		return nil // it was decoded before it was kept
	}
	for i := range objects {
		objects[i].Hook = k.Hook
	}
	return objects
}

// key is the id of the release in the world: names are unique in a namespace of a cluster.
func (r *record) key() string { return releaseKey(r.Cluster, r.Namespace, r.Name) }

func releaseKey(cluster, namespace, name string) string {
	return cluster + "/" + namespace + "/" + name
}

// attributes are the record as the world keeps it.
func (r *record) attributes() (world.Object, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	attributes := world.Object{}
	return attributes, json.Unmarshal(data, &attributes)
}

// readRecord reads a record from the world.
func readRecord(kept *world.Resource) (*record, error) {
	data, err := json.Marshal(kept.Attributes)
	if err != nil {
		return nil, err
	}
	r := &record{Account: kept.Account, Region: kept.Region}
	return r, json.Unmarshal(data, r)
}

// objects are all that the release has in the cluster.
func (r *record) objects() []kubernetes.Object {
	var all []kubernetes.Object
	for _, k := range r.Objects {
		all = append(all, k.decode(r.Namespace)...)
	}
	return all
}

// keep turns objects into what the world keeps: without the data of Secrets, and without the texts that are secret.
func keep(pieces []piece, secret []string) []keptObject {
	var all []keptObject
	for _, p := range pieces {
		all = append(all, keptObject{Template: p.Template, Text: redact(p.Object, secret), Hook: p.Hook, Kept: p.kept()})
	}
	return all
}

func redact(o kubernetes.Object, secret []string) string {
	if o.Kind == "Secret" {
		return withoutData(o.Text)
	}
	kept := hide(o.Text, secret)
	if kept == o.Text {
		return kept
	}
	if left, err := kubernetes.Decode(o.Template, kept, o.Namespace); err == nil && len(left) == 1 && left[0].Key() == o.Key() {
		return kept
	}
	return skeleton(o) // the value stood where no other text may stand
}

// hide takes secret texts out of a text, also in base64. Shorter ones than four characters are no secrets, and stand in every text.
func hide(text string, secret []string) string {
	for _, value := range secret {
		if len(value) >= 4 {
			text = strings.ReplaceAll(text, value, sensitive)
			text = strings.ReplaceAll(text, base64.StdEncoding.EncodeToString([]byte(value)), sensitive)
		}
	}
	return text
}

// skeleton is an object with nothing but its name: it is there, and no more is known of it.
func skeleton(o kubernetes.Object) string {
	metadata := map[string]any{"name": o.Name}
	if o.Namespace != "" {
		metadata["namespace"] = o.Namespace
	}
	data, err := yaml.Marshal(map[string]any{"apiVersion": o.APIVersion, "kind": o.Kind, "metadata": metadata})
	if err != nil {
		return "" // it is plain YAML
	}
	return string(data)
}

// withoutData empties the values of a Secret: what refers to it needs its keys alone.
func withoutData(text string) string {
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		return "" // it was decoded before
	}
	for _, field := range []string{"data", "stringData"} {
		if data, ok := object[field].(map[string]any); ok {
			for key := range data {
				data[key] = ""
			}
		}
	}
	data, err := yaml.Marshal(object)
	if err != nil {
		return "" // it is plain YAML
	}
	return string(data)
}

// state is what Terraform reads of a release. prior holds what only Terraform knows, such as the arguments.
func (r *record) state(prior world.Object, configured *session) world.Object {
	state := world.Object{}
	for name, value := range prior {
		state[name] = value
	}
	state["id"], state["name"], state["namespace"], state["status"] = r.Name, r.Name, r.Namespace, r.Status
	state["set_wo"] = nil
	if strings.TrimPrefix(text(prior, "version"), "v") != strings.TrimPrefix(r.ChartVersion, "v") || protocol.IsUnknown(prior["version"]) {
		state["version"] = r.ChartVersion
	}
	state["manifest"], state["resources"] = nil, nil
	if configured.manifest {
		state["manifest"], state["resources"] = r.manifest()
	}
	shown := r.Values
	if revision, _ := prior["set_wo_revision"].(float64); revision > 0 {
		shown = "{}" // which values were write-only cannot be told later
	}
	state["metadata"] = world.Object{
		"name": r.Name, "revision": float64(r.Revision), "namespace": r.Namespace, "chart": r.Chart, "version": r.ChartVersion,
		"app_version": r.AppVersion,
		"values":      shown, "first_deployed": float64(r.First), "last_deployed": float64(r.Last), "notes": r.Notes,
	}
	return state
}

// manifest is the release's objects as JSON, for the experiment of the provider that shows them in plans.
func (r *record) manifest() (manifest string, resources world.Object) {
	all, resources := map[string]json.RawMessage{}, world.Object{}
	for _, k := range r.Objects {
		if k.Hook {
			continue
		}
		for _, o := range k.decode(r.Namespace) {
			data, err := yaml.YAMLToJSON([]byte(o.Text))
			if err != nil {
				continue // it was decoded before
			}
			name := strings.ToLower(o.Kind) + "/" + o.APIVersion + "/" + o.Namespace + "/" + o.Name
			all[name], resources[name] = data, string(data)
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		return "{}", resources // it was JSON before
	}
	return string(data), resources
}
