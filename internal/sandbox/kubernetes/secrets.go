package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// secretState says whether a Secret is there for a pod.
type secretState int

const (
	secretMissing secretState = iota
	secretThere
	// secretWaits: a class makes it, and what keeps the class from being mounted is a problem by itself.
	secretWaits
)

// secret finds a Secret of the pod's namespace and its keys. A Secret that a SecretProviderClass makes exists as long
// as a pod runs that mounts that class, which may be this pod: its volumes are mounted before its containers start.
func (r *reader) secret(name string) (keys []string, state secretState) {
	namespace := r.workload.object.Namespace
	if o, found := r.find(Key{Kind: "Secret", Namespace: namespace, Name: name}); found {
		if t, ok := o.Typed.(*core.Secret); ok {
			return append(keysOf(t.Data), keysOf(t.StringData)...), secretThere
		}
	}
	made, class := r.syncs(namespace, name)
	if made == nil || !r.syncEnabled() || len(mappingProblems(class)) > 0 {
		return nil, secretMissing
	}
	for _, d := range made.Data {
		keys = append(keys, d.Key)
	}
	mounted := mounts(&r.pod.Spec, class.Name)
	if !mounted {
		r.all(func(o Object) {
			if w, ok := workloadOf(o); ok && o.Namespace == namespace && w.replicas > 0 && mounts(&w.pod.Spec, class.Name) {
				mounted = true
			}
		})
	}
	if !mounted {
		return nil, secretMissing
	}
	if slices.ContainsFunc(r.found, func(p Problem) bool {
		return slices.Contains([]Code{SecretNotReadable, SecretWithoutValue, SecretMapping, DriverMissing}, p.Code)
	}) {
		return keys, secretWaits
	}
	return keys, secretThere
}

// syncs finds the class of a namespace that makes a Secret.
func (v *view) syncs(namespace, name string) (made *SecretObject, by *SecretProviderClass) {
	v.all(func(o Object) {
		class, ok := o.Typed.(*SecretProviderClass)
		if !ok || o.Namespace != namespace {
			return
		}
		for _, s := range class.Spec.SecretObjects {
			if s != nil && s.SecretName == name {
				made, by = s, class
			}
		}
	})
	return made, by
}

// syncEnabled reports whether the driver may make Secrets: syncSecret is off unless the add-on's configuration turns it on.
func (v *view) syncEnabled() bool {
	driver, _ := v.Addons[secretsAddon]["secrets-store-csi-driver"].(map[string]any)
	sync, _ := driver["syncSecret"].(map[string]any)
	enabled, _ := sync["enabled"].(bool)
	return enabled
}

// mounts reports whether a pod has a volume of a class.
func mounts(p *core.PodSpec, class string) bool {
	return slices.ContainsFunc(p.Volumes, func(v core.Volume) bool {
		return v.CSI != nil && v.CSI.Driver == secretsDriver && v.CSI.VolumeAttributes[classAttribute] == class
	})
}

// missing explains why a Secret is not there, where somebody meant to make it.
func (r *reader) missing(name string) (why, todo string) {
	made, class := r.syncs(r.workload.object.Namespace, name)
	switch {
	case made == nil:
		return "", "Make the secret, or take out what refers to it."
	case !r.syncEnabled():
		return "SecretProviderClass " + class.Namespace + "/" + class.Name + " is to make it, and the driver may not make Secrets.",
			`Set secrets-store-csi-driver.syncSecret.enabled to true in the configuration of the EKS add-on ` + secretsAddon + "."
	}
	if problems := mappingProblems(class); len(problems) > 0 {
		return "SecretProviderClass " + class.Namespace + "/" + class.Name + " is to make it: " + problems[0].message + ". " +
			problems[0].why, problems[0].todo
	}
	return "SecretProviderClass " + class.Namespace + "/" + class.Name + " makes it as soon as a pod mounts that class, and none does.",
		"Give the pod a volume of CSI driver " + secretsDriver + " with secretProviderClass " + class.Name + ", and mount it."
}

// secretKey wants a Secret to exist and, unless key is empty, to have the key.
func (r *reader) secretKey(name, key string, at *field.Path) {
	keys, state := r.secret(name)
	switch {
	case state == secretWaits:
	case state == secretMissing:
		why, todo := r.missing(name)
		r.fail(NotFound, at, why, todo, "Error: secret %q not found", name)
	case key != "" && !slices.Contains(keys, key):
		r.fail(KeyNotFound, at, "It has "+listed(keys)+".", "", "Error: couldn't find key %s in Secret %s/%s", key,
			r.workload.object.Namespace, name)
	}
}

// mappingProblem is an entry of secretObjects that the driver cannot fill.
type mappingProblem struct{ message, why, todo string }

// mappingProblems compares the files that Secrets are made from with those that the provider writes.
func mappingProblems(class *SecretProviderClass) (problems []mappingProblem) {
	if class.Spec.Provider != "aws" {
		return nil
	}
	files, err := class.files()
	if err != nil {
		return []mappingProblem{{message: err.Error()}}
	}
	for _, s := range class.Spec.SecretObjects {
		switch {
		case s == nil || s.SecretName == "":
			problems = append(problems, mappingProblem{message: "secret name is empty"})
			continue
		case s.Type == "":
			problems = append(problems, mappingProblem{message: "secret type is empty", todo: "Write type: Opaque."})
		case len(s.Data) == 0:
			problems = append(problems, mappingProblem{message: "data is empty for secret " + s.SecretName})
		}
		for _, d := range s.Data {
			if d == nil {
				continue
			}
			if d.Key == "" {
				problems = append(problems, mappingProblem{message: "key in secretObjects.data is empty"})
			}
			if _, written := files[d.ObjectName]; written {
				continue
			}
			p := mappingProblem{
				message: fmt.Sprintf("file matching objectName %s not found in the pod", d.ObjectName),
				why:     "The provider writes " + listed(keysOf(files)) + ".",
				todo:    "Write the objectAlias of an entry of parameters.objects as objectName.",
			}
			if strings.Contains(d.ObjectName, "/") {
				p.why += " A slash in the name of a secret becomes an underscore in the name of its file."
				p.todo = "Give the entry of parameters.objects an objectAlias without a slash, and write it as objectName."
			}
			problems = append(problems, p)
		}
	}
	return problems
}
