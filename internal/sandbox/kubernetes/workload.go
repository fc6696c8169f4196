package kubernetes

import (
	"strings"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// workload is an object that has pods.
type workload struct {
	object Object
	pod    *core.PodTemplateSpec
	// field is where the pods' specification stands in the object.
	field *field.Path
	// replicas are the pods that run at once. A DaemonSet has one on each node that takes it, and a CronJob none until it is due.
	replicas     int
	daemon, cron bool
	// claims are the names of the volumes that a StatefulSet makes for each pod.
	claims []core.PersistentVolumeClaim
}

// workloadOf finds the pods of an object; false for what has none.
func workloadOf(o Object) (workload, bool) {
	count := func(n *int32) int {
		if n == nil {
			return 1
		}
		return int(max(0, *n))
	}
	w := workload{object: o, field: field.NewPath("spec", "template", "spec")}
	switch t := o.Typed.(type) {
	case *core.Pod:
		w.pod, w.replicas, w.field = &core.PodTemplateSpec{ObjectMeta: t.ObjectMeta, Spec: t.Spec}, 1, field.NewPath("spec")
	case *apps.Deployment:
		w.pod, w.replicas = &t.Spec.Template, count(t.Spec.Replicas)
	case *apps.ReplicaSet:
		w.pod, w.replicas = &t.Spec.Template, count(t.Spec.Replicas)
	case *apps.StatefulSet:
		w.pod, w.replicas, w.claims = &t.Spec.Template, count(t.Spec.Replicas), t.Spec.VolumeClaimTemplates
	case *apps.DaemonSet:
		w.pod, w.daemon = &t.Spec.Template, true
	case *batch.Job:
		if t.Spec.Suspend == nil || !*t.Spec.Suspend {
			w.replicas = count(t.Spec.Parallelism)
		}
		w.pod = &t.Spec.Template
	case *batch.CronJob:
		w.pod, w.cron = &t.Spec.JobTemplate.Spec.Template, true
		w.field = field.NewPath("spec", "jobTemplate", "spec", "template", "spec")
	default:
		return workload{}, false
	}
	return w, true
}

// serviceAccount is the account that the pods run as.
func (w workload) serviceAccount() string {
	if w.pod.Spec.ServiceAccountName != "" {
		return w.pod.Spec.ServiceAccountName
	}
	return "default"
}

// podName is the name of a pod as its controller would begin it. What controllers make up is left out, so that a
// rehearsal says the same each time.
func (w workload) podName() string { return w.object.Name }

// findings are what Kubernetes takes and should not be done.
func findings(o Object) []Problem {
	var problems []Problem
	if s, ok := o.Typed.(*core.Service); ok && s.Spec.Type == core.ServiceTypeLoadBalancer {
		p := o.problem(Finding, LoadBalancer, "Service of type LoadBalancer makes a load balancer of its own")
		p.Field = "spec.type"
		p.Why = "EKS makes a Classic Load Balancer for it, open to the internet, which Terraform does not know and does not delete."
		p.Todo = "Write type NodePort or ClusterIP."
		problems = append(problems, p)
	}
	w, ok := workloadOf(o)
	if !ok {
		return problems
	}
	containers(&w.pod.Spec, w.field, func(c *core.Container, at *field.Path, _ bool) {
		if c.Image == "" || imagePinned(c.Image) {
			return
		}
		p := o.problem(Finding, ImageNotPinned, "image "+c.Image+" has no fixed version")
		p.Field = at.Child("image").String()
		p.Why = "Without a tag, or with the tag latest, each node may run another version, and nobody can go back."
		p.Todo = "Write the tag of a version."
		problems = append(problems, p)
	})
	return problems
}

// imagePinned reports whether an image has a digest, or a tag other than latest.
func imagePinned(image string) bool {
	if strings.Contains(image, "@sha256:") {
		return true
	}
	last := image[strings.LastIndex(image, "/")+1:]
	_, tag, found := strings.Cut(last, ":")
	return found && tag != "" && tag != "latest"
}
