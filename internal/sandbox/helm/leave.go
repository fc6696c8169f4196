package helm

import (
	"slices"

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
	// What is in a namespace goes with it: other releases too, whatever they have elsewhere.
	for _, other := range releases(s.World, c.resource) {
		if kept := s.World.Get(other.Account, other.Region, releaseType, other.key()); namespaces[other.Namespace] && kept != nil {
			s.World.Remove(kept)
		}
	}
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
