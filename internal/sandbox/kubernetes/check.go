package kubernetes

import (
	"fmt"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"
)

// Check says what would keep objects from being made in the cluster, and their pods from being created and started; all that Validate says,
// too. It does not say whether nodes have room: Place does. Objects that exist are replaced by new ones of the same name.
func (c *Cluster) Check(objects []Object) []Problem {
	problems := Validate(objects)
	v := c.view(objects)
	k := &checker{view: v}
	k.duplicates(objects)
	for _, o := range objects {
		if k.served(o) && k.placed(o) {
			k.changes(o)
			k.refers(o)
		}
	}
	k.nodePorts(objects)
	k.pods(objects)
	k.targets(objects)
	k.budgets()
	k.networkPolicies(objects)
	problems = append(problems, k.problems...)
	sortProblems(problems)
	return problems
}

type checker struct {
	*view
	problems []Problem
}

func (k *checker) add(p Problem) { k.problems = append(k.problems, p) }

// duplicates finds objects that are there twice: the second would be refused, or would take the place of the first.
func (k *checker) duplicates(objects []Object) {
	first := map[Key]Object{}
	for _, o := range objects {
		before, twice := first[o.Key()]
		if !twice {
			first[o.Key()] = o
			continue
		}
		if o.Hook != before.Hook { // hooks are made and deleted apart from the rest
			continue
		}
		p := o.problem(Refused, Duplicate, fmt.Sprintf("%s %q already exists", plural(o.Kind), o.Name))
		p.Why = "Templates " + before.Template + " and " + o.Template + " both make it."
		if before.Template == o.Template {
			p.Why = "Template " + o.Template + " makes it twice."
		}
		p.Todo = "Give one of the two another name, or take it out."
		k.add(p)
	}
}

// served reports whether the cluster knows the kind of an object.
func (k *checker) served(o Object) bool {
	key := kindKey(o.APIVersion, o.Kind)
	if known, found := k.catalog.kinds[key]; found &&
		(known.addon == "" || k.Addons != nil && hasAddon(k.Addons, known.addon)) || k.defined[key] {
		return true
	}
	p := o.problem(Refused, UnknownKind, fmt.Sprintf("resource mapping not found for name: %q namespace: %q from %q: no "+
		"matches for kind %q in version %q\nensure CRDs are installed first",
		o.Name, o.Namespace, "", o.Kind, o.APIVersion))
	if gone, removed := k.catalog.removals[key]; removed && (k.minor() == 0 || k.minor() >= gone.minor) {
		p.Code = RemovedKind
		p.Why = fmt.Sprintf("Kubernetes does not serve it since 1.%d.", gone.minor)
		p.Todo = "Write " + gone.instead + "."
	} else if known, found := k.catalog.kinds[key]; found {
		p.Why = "The EKS add-on " + known.addon + " brings this kind, and the cluster does not have it."
		p.Todo = "Add the add-on to the cluster."
	} else if near := k.catalog.nearest(o.APIVersion, o.Kind); near != "" {
		p.Why = "The cluster serves " + o.Kind + " in version " + near + "."
		p.Todo = "Write apiVersion: " + near + "."
	} else {
		p.Why = "No CustomResourceDefinition of the cluster or of this release brings this kind."
		p.Todo = "Install what brings it first, or turn off the value that makes the chart write it."
	}
	k.add(p)
	return false
}

func hasAddon(addons map[string]map[string]any, name string) bool {
	_, found := addons[name]
	return found
}

// placed wants the namespace to exist.
func (k *checker) placed(o Object) bool {
	if o.Namespace == "" || k.exists(Key{Kind: "Namespace", Name: o.Namespace}) {
		return true
	}
	p := o.problem(Refused, NotFound, fmt.Sprintf("namespaces %q not found", o.Namespace))
	p.Field, p.Todo = "metadata.namespace", "Make the namespace first."
	k.add(p)
	return false
}

// changes finds changes of fields that the API server does not let anybody change.
func (k *checker) changes(o Object) {
	before, exists := k.Objects[o.Key()]
	if !exists || before.Typed == nil || o.Typed == nil || o.Hook {
		return
	}
	spec := field.NewPath("spec")
	const immutable = "field is immutable"
	refuse := func(at *field.Path, detail, todo string) {
		p := o.problem(Refused, Immutable, fmt.Sprintf("cannot patch %q with kind %s: %s %q is invalid: %s: Invalid value: %s", o.Name, o.Kind,
			qualified(o), o.Name, at, detail))
		p.Field, p.Todo = at.String(), todo
		if todo == "" {
			p.Todo = "Give it another name, or delete the one that exists first."
		}
		k.add(p)
	}
	switch now := o.Typed.(type) {
	case *apps.Deployment:
		if was, ok := before.Typed.(*apps.Deployment); ok && !equality.Semantic.DeepEqual(was.Spec.Selector, now.Spec.Selector) {
			refuse(spec.Child("selector"), immutable, "")
		}
	case *apps.DaemonSet:
		if was, ok := before.Typed.(*apps.DaemonSet); ok && !equality.Semantic.DeepEqual(was.Spec.Selector, now.Spec.Selector) {
			refuse(spec.Child("selector"), immutable, "")
		}
	case *apps.StatefulSet:
		if was, ok := before.Typed.(*apps.StatefulSet); ok && (!equality.Semantic.DeepEqual(was.Spec.Selector, now.Spec.Selector) ||
			was.Spec.ServiceName != now.Spec.ServiceName ||
			!equality.Semantic.DeepEqual(was.Spec.VolumeClaimTemplates, now.Spec.VolumeClaimTemplates)) {
			refuse(spec, "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "+
				"'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden", "")
		}
	case *batch.Job:
		if was, ok := before.Typed.(*batch.Job); ok && !equality.Semantic.DeepEqual(was.Spec.Template, now.Spec.Template) {
			refuse(spec.Child("template"), immutable, "Make the Job a hook that is deleted before the next one, or give each version another name.")
		}
	case *rbac.RoleBinding:
		if was, ok := before.Typed.(*rbac.RoleBinding); ok && was.RoleRef != now.RoleRef {
			refuse(field.NewPath("roleRef"), "cannot change roleRef", "")
		}
	case *rbac.ClusterRoleBinding:
		if was, ok := before.Typed.(*rbac.ClusterRoleBinding); ok && was.RoleRef != now.RoleRef {
			refuse(field.NewPath("roleRef"), "cannot change roleRef", "")
		}
	case *storage.StorageClass:
		if was, ok := before.Typed.(*storage.StorageClass); ok &&
			(was.Provisioner != now.Provisioner || !equality.Semantic.DeepEqual(was.Parameters, now.Parameters)) {
			refuse(field.NewPath("parameters"), "updates to parameters are forbidden.", "")
		}
	case *core.Secret:
		if was, ok := before.Typed.(*core.Secret); ok && was.Type != now.Type {
			refuse(field.NewPath("type"), immutable, "")
		}
	case *core.PersistentVolumeClaim:
		if was, ok := before.Typed.(*core.PersistentVolumeClaim); ok && !sameClaim(was, now) {
			refuse(spec, "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims", "")
		}
	}
}

// sameClaim compares what cannot change of a claim: all but its size, which may grow.
func sameClaim(was, now *core.PersistentVolumeClaim) bool {
	old, size := was.Spec.DeepCopy(), now.Spec.Resources.Requests[core.ResourceStorage]
	before := old.Resources.Requests[core.ResourceStorage]
	old.Resources.Requests = now.Spec.Resources.Requests
	return equality.Semantic.DeepEqual(*old, now.Spec) && size.Cmp(before) >= 0
}

// nodePorts wants each node port to belong to one service.
func (k *checker) nodePorts(objects []Object) {
	owners := map[string]Key{}
	claim := func(o Object, refuse bool) {
		s, ok := o.Typed.(*core.Service)
		if !ok {
			return
		}
		for i, port := range s.Spec.Ports {
			if port.NodePort == 0 {
				continue
			}
			id := fmt.Sprintf("%d/%s", port.NodePort, protocol(port.Protocol))
			if owner, taken := owners[id]; taken && owner != o.Key() && refuse {
				at := field.NewPath("spec", "ports").Index(i).Child("nodePort")
				p := o.problem(Refused, Duplicate, fmt.Sprintf("Service %q is invalid: %s: Invalid value: %d: provided port is already allocated",
					o.Name, at, port.NodePort))
				p.Field, p.Why, p.Todo = at.String(), owner.String()+" has it.", "Choose another node port from 30000 to 32767."
				k.add(p)
				continue
			}
			owners[id] = o.Key()
		}
	}
	for key, o := range k.Objects {
		if _, replaced := k.new[key]; !replaced {
			claim(o, false)
		}
	}
	for _, o := range objects {
		claim(o, true)
	}
}

// readDefinition is what a CustomResourceDefinition defines.
func readDefinition(text string) (kind string, versions []string, group string) {
	var d struct {
		Spec struct {
			Group string `json:"group"`
			Names struct {
				Kind string `json:"kind"`
			} `json:"names"`
			Versions []struct {
				Name   string `json:"name"`
				Served bool   `json:"served"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if yaml.Unmarshal([]byte(text), &d) != nil {
		return "", nil, ""
	}
	for _, version := range d.Spec.Versions {
		if version.Served {
			versions = append(versions, version.Name)
		}
	}
	return d.Spec.Names.Kind, versions, d.Spec.Group
}
