package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// refers checks what an object refers to, other than by its pods.
func (k *checker) refers(o Object) {
	switch t := o.Typed.(type) {
	case *rbac.RoleBinding:
		k.role(o, t.RoleRef, o.Namespace)
	case *rbac.ClusterRoleBinding:
		k.role(o, t.RoleRef, "")
	case *core.PersistentVolumeClaim:
		if p, waits := k.claim(o, &t.Spec); waits {
			k.add(p)
		}
	case *SecretProviderClass:
		if _, err := k.class(t); err != nil {
			p := o.problem(Finding, SecretMapping, err.Error())
			p.Why = "No pod that mounts this class will start, or none of its Secrets will be made."
			k.add(p)
		} else if missing := mappingProblems(t); len(missing) > 0 {
			p := o.problem(Finding, SecretMapping, missing[0].message)
			p.Field, p.Why, p.Todo = "spec.secretObjects", missing[0].why, missing[0].todo
			k.add(p)
		}
	}
}

func (k *checker) role(o Object, ref rbac.RoleRef, namespace string) {
	key := Key{Group: rbac.GroupName, Kind: ref.Kind, Name: ref.Name}
	if ref.Kind == "Role" {
		key.Namespace = namespace
	}
	if !k.exists(key) {
		p := o.problem(Finding, NotFound, fmt.Sprintf("%s.%s %q not found", plural(ref.Kind), rbac.GroupName, ref.Name))
		p.Field, p.Why, p.Todo = "roleRef.name", "A binding to a role that does not exist gives no rights.",
			"Write the name of a role that exists."
		k.add(p)
	}
}

// claim says why a claim of a volume would not be bound.
func (k *checker) claim(o Object, c *core.PersistentVolumeClaimSpec) (Problem, bool) {
	if c.VolumeName != "" {
		return Problem{}, false
	}
	name := ""
	switch {
	case c.StorageClassName != nil && *c.StorageClassName == "":
		p := o.problem(Pending, NotFound, "no persistent volumes available for this claim and no storage class is set")
		p.Field, p.Todo = "spec.storageClassName", "Write the name of a storage class, or leave it out for the default one."
		return p, true
	case c.StorageClassName != nil:
		name = *c.StorageClassName
	default:
		if name = k.defaultClass(); name == "" {
			p := o.problem(Pending, NotFound, "no persistent volumes available for this claim and no storage class is set")
			p.Field, p.Why, p.Todo = "spec.storageClassName", "The cluster has no default storage class.", "Write the name of a storage class."
			return p, true
		}
	}
	provisioner, found := k.provisioner(name)
	if !found {
		p := o.problem(Pending, NotFound, fmt.Sprintf("storageclass.storage.k8s.io %q not found", name))
		p.Field, p.Todo = "spec.storageClassName", "Write the name of a storage class that exists."
		return p, true
	}
	// Volumes of the class gp2, which EKS makes, are made by the CSI driver too.
	if (provisioner == ebsDriver || provisioner == "kubernetes.io/aws-ebs") && !hasAddon(k.Addons, ebsAddon) {
		p := o.problem(Pending, DriverMissing, fmt.Sprintf("Waiting for a volume to be created either by the external "+
			"provisioner '%s' or manually by the system administrator.", ebsDriver))
		p.Field, p.Why, p.Todo = "spec.storageClassName", "The cluster has no EKS add-on "+ebsAddon+".", "Add the add-on to the cluster."
		return p, true
	}
	return Problem{}, false
}

const (
	ebsDriver = "ebs.csi.aws.com"
	ebsAddon  = "aws-ebs-csi-driver"
	// defaultClassAnnotation marks the storage class of claims that name none.
	defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class"
)

func (v *view) defaultClass() (name string) {
	v.all(func(o Object) {
		if o.Kind == "StorageClass" && o.Annotations[defaultClassAnnotation] == "true" {
			name = o.Name
		}
	})
	return name
}

func (v *view) provisioner(class string) (string, bool) {
	if o, found := v.find(Key{Group: storage.GroupName, Kind: "StorageClass", Name: class}); found {
		if t, ok := o.Typed.(*storage.StorageClass); ok {
			return t.Provisioner, true
		}
	}
	return "kubernetes.io/aws-ebs", class == "gp2"
}

// targets checks services and autoscalers where pods come: those of the new objects, and those that waited for them.
// Where none come, they may be for pods of a release that is installed later.
func (k *checker) targets(objects []Object) {
	populated := map[string]bool{}
	for _, o := range objects {
		if w, ok := workloadOf(o); ok && !w.cron && o.Kind != "Job" {
			populated[o.Namespace] = true
		}
	}
	k.all(func(o Object) {
		if !populated[o.Namespace] {
			return
		}
		switch t := o.Typed.(type) {
		case *core.Service:
			k.service(o, t)
		case *autoscaling.HorizontalPodAutoscaler:
			ref := t.Spec.ScaleTargetRef
			group, _, _ := strings.Cut(ref.APIVersion, "/")
			if !k.exists(Key{Group: group, Kind: ref.Kind, Namespace: o.Namespace, Name: ref.Name}) {
				p := o.problem(Finding, NotFound, fmt.Sprintf("the HPA controller was unable to get the target's current scale: %s.%s %q not found",
					plural(ref.Kind), group, ref.Name))
				p.Field, p.Todo = "spec.scaleTargetRef", "Write the kind and the name of what it is to scale."
				k.add(p)
			}
		}
	})
}

// service finds services that lead nowhere.
func (k *checker) service(o Object, s *core.Service) {
	if len(s.Spec.Selector) == 0 || s.Spec.Type == core.ServiceTypeExternalName {
		return
	}
	var pods []workload
	k.all(func(other Object) {
		if w, ok := workloadOf(other); ok && other.Namespace == o.Namespace && selects(s.Spec.Selector, w.pod.Labels) {
			pods = append(pods, w)
		}
	})
	if len(pods) == 0 {
		p := o.problem(Finding, NotFound, fmt.Sprintf("endpoints %q has no addresses: the selector matches no pod", o.Name))
		p.Field, p.Why, p.Todo = "spec.selector", "What connects to the service is refused.",
			"Write the labels of the pods that it is to lead to."
		k.add(p)
		return
	}
	for i, port := range s.Spec.Ports {
		if port.TargetPort.Type != intstr.String || port.TargetPort.StrVal == "" {
			continue
		}
		if !slices.ContainsFunc(pods, func(w workload) bool { return hasPort(&w.pod.Spec, port.TargetPort.StrVal) }) {
			at := field.NewPath("spec", "ports").Index(i).Child("targetPort")
			p := o.problem(Finding, NotFound, fmt.Sprintf("no suitable port for manifest: no container of %s has a port named %q",
				pods[0].object.Key(), port.TargetPort.StrVal))
			p.Field, p.Why = at.String(), "What connects to this port is refused."
			k.add(p)
		}
	}
}

func selects(selector, labels map[string]string) bool {
	for key, value := range selector {
		if have, found := labels[key]; !found || have != value {
			return false
		}
	}
	return true
}

func hasPort(p *core.PodSpec, name string) (found bool) {
	containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
		found = found || slices.ContainsFunc(c.Ports, func(port core.ContainerPort) bool { return port.Name == name })
	})
	return found
}

// pods checks the pods of the new objects: whether they are created, and whether what they mount and read is there.
func (k *checker) pods(objects []Object) {
	admitted := k.admission(objects)
	for _, o := range objects {
		w, ok := workloadOf(o)
		if !ok || w.replicas == 0 && !w.daemon && !w.cron {
			continue
		}
		if refused := admitted[o.Key()]; refused.problem != nil {
			k.add(*refused.problem)
			if refused.created == 0 {
				continue
			}
		}
		r := &reader{checker: k, workload: w}
		r.read()
		for _, p := range r.found {
			if p.Pods = w.replicas; w.cron { // nothing waits yet
				p.Stage = Finding
			}
			k.add(p)
		}
	}
}

// reader checks what the pods of a workload mount and read.
type reader struct {
	*checker
	workload
	found []Problem
}

func (r *reader) fail(code Code, at *field.Path, why, todo, format string, args ...any) {
	p := r.workload.object.problem(Pending, code, fmt.Sprintf(format, args...))
	p.Field, p.Why, p.Todo = at.String(), why, todo
	for _, before := range r.found {
		if before.Message == p.Message { // the same secret, in another container
			return
		}
	}
	r.found = append(r.found, p)
}

func (r *reader) read() {
	spec := &r.pod.Spec
	for i, volume := range spec.Volumes {
		r.volume(volume, r.field.Child("volumes").Index(i))
	}
	for i, c := range r.workload.claims {
		if p, waits := r.claim(r.workload.object, &c.Spec); waits {
			p.Field = field.NewPath("spec", "volumeClaimTemplates").Index(i).Child("spec", "storageClassName").String()
			r.found = append(r.found, p)
		}
	}
	containers(spec, r.field, func(c *core.Container, at *field.Path, init bool) {
		r.image(c.Image, at.Child("image"))
		if !init {
			r.starts(c, at)
		}
		for i, e := range c.Env {
			if e.ValueFrom == nil {
				continue
			}
			from := at.Child("env").Index(i).Child("valueFrom")
			if s := e.ValueFrom.SecretKeyRef; s != nil && !yes(s.Optional) {
				r.secretKey(s.Name, s.Key, from.Child("secretKeyRef"))
			}
			if s := e.ValueFrom.ConfigMapKeyRef; s != nil && !yes(s.Optional) {
				r.configKey(s.Name, s.Key, from.Child("configMapKeyRef"))
			}
		}
		for i, e := range c.EnvFrom {
			from := at.Child("envFrom").Index(i)
			if s := e.SecretRef; s != nil && !yes(s.Optional) {
				r.secretKey(s.Name, "", from.Child("secretRef"))
			}
			if s := e.ConfigMapRef; s != nil && !yes(s.Optional) {
				r.configKey(s.Name, "", from.Child("configMapRef"))
			}
		}
	})
}

// image wants nodes to get an image.
func (r *reader) image(image string, at *field.Path) {
	if r.Images == nil || image == "" {
		return
	}
	if refused := r.Images.Pull(image); refused != nil {
		r.fail(ImageNotPulled, at, refused.Why, refused.Todo, "ImagePullBackOff: Failed to pull image %q: %s", image, refused.Message)
	}
}

// starts wants the program of a container to go on running.
func (r *reader) starts(c *core.Container, at *field.Path) {
	if r.Programs == nil {
		return
	}
	if ended := r.Programs.Start(c); ended != nil {
		r.fail(ContainerExits, at, ended.Why, ended.Todo, "CrashLoopBackOff: back-off restarting failed container=%s: %s", c.Name, ended.Message)
	}
}

func yes(b *bool) bool { return b != nil && *b }

// configKey wants a config map to exist and, unless key is empty, to have the key.
func (r *reader) configKey(name, key string, at *field.Path) {
	namespace := r.workload.object.Namespace
	o, found := r.find(Key{Kind: "ConfigMap", Namespace: namespace, Name: name})
	if !found {
		if !r.builtin(Key{Kind: "ConfigMap", Namespace: namespace, Name: name}) {
			r.fail(NotFound, at, "", "Make the config map, or take out what refers to it.", "Error: configmap %q not found", name)
		}
		return
	}
	if t, ok := o.Typed.(*core.ConfigMap); ok && key != "" && !configHas(t, key) {
		r.fail(KeyNotFound, at, "It has "+listed(append(keysOf(t.Data), keysOf(t.BinaryData)...))+".", "",
			"Error: couldn't find key %s in ConfigMap %s/%s", key, namespace, name)
	}
}

func configHas(c *core.ConfigMap, key string) bool {
	_, text := c.Data[key]
	_, binary := c.BinaryData[key]
	return text || binary
}

func listed(names []string) string {
	if len(names) == 0 {
		return "no key"
	}
	return strings.Join(names, ", ")
}
