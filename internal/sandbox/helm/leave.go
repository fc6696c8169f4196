package helm

import (
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

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
	return (p.runs("pre-"+event) || p.runs("post-"+event)) && !is(d.planned, "disable_webhooks") &&
		!slices.Contains(p.document.DeletePolicies, "hook-succeeded")
}

// uninstalled leaves in the cluster of a release that is gone what Helm leaves there: custom resource definitions, objects that are to be
// kept, and what hooks made. What is in a namespace goes with it: other releases too, whatever they have elsewhere.
func uninstalled(c *model.Call) {
	r, err := readRecord(c.Self)
	cluster := c.FindBy("aws_eks_cluster", "name", r.Cluster)
	if err != nil || cluster == nil {
		return // the world reads what it wrote, and a release goes with its cluster
	}
	gone := map[string]bool{}
	for _, o := range r.objects() {
		if o.Kind == "Namespace" && !o.Hook {
			gone[o.Name] = true
		}
	}
	for _, k := range r.Objects {
		if k.Kept || k.Hook {
			k.leave(c, cluster, r.Namespace, gone)
		}
	}
	for _, other := range c.All(releaseType) {
		if other.String("cluster") == r.Cluster && gone[other.String("namespace")] {
			c.Catalog.Remove(c.World, other)
		}
	}
	for _, left := range c.All(keptType) {
		if left.Owner == cluster.Key() && gone[left.String("in")] {
			c.Catalog.Remove(c.World, left)
		}
	}
}

// leave keeps an object in the cluster that belongs to no release, unless its namespace is gone.
func (k keptObject) leave(c *model.Call, cluster *world.Resource, namespace string, gone map[string]bool) {
	for _, o := range k.decode(namespace) {
		if gone[o.Namespace] {
			continue
		}
		hook := ""
		if k.Hook {
			hook = "true"
		}
		c.Leave(keptType, cluster.String("name")+"/"+o.Key().String(), cluster, world.Object{
			"template": k.Template, "text": k.Text, "namespace": namespace, "in": o.Namespace, "hook": hook,
		})
	}
}
