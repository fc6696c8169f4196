package helm

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/sandbox/kubernetes"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
)

// coderProblem is something that Coder's program makes of its environment.
type coderProblem struct {
	coderd.Problem
	object    kubernetes.Object
	container string
}

// diagnostic words the problem.
func (p coderProblem) diagnostic(w *wanted) *tfprotov6.Diagnostic {
	detail := p.Why
	if p.Exits {
		detail = strings.TrimSpace("Coder exits with this when it starts, again and again. " + detail)
	}
	if p.Todo != "" {
		detail += " " + strings.ToUpper(p.Todo[:1]) + p.Todo[1:] + "."
	}
	if p.object.Template != "" {
		detail += fmt.Sprintf(" Template %s, container %s.", p.object.Template, p.container)
	}
	said := problem
	if p.Elsewhere || p.Newer {
		said = warning
	}
	return said("values", fmt.Sprintf("%s: %s: %s", w.title(), p.object.Key(), p.Message), strings.TrimSpace(detail))
}

// coderImage matches Coder's own image, from whatever registry, with a release as its tag, or with what was made of one.
const coderImage = `(?:^|/)coder/coder:v?(\d+\.\d+\.\d+)(?:-[0-9A-Za-z_.-]+)?(?:@sha256:[0-9a-f]+)?$`

// coderProblems holds the environment of all containers of Coder's image to what their version reads. external says that external
// provisioners run, or may come later: they are a release of their own.
func coderProblems(objects []kubernetes.Object, external bool) []coderProblem {
	var found []coderProblem
	for _, o := range objects {
		for _, c := range containers(o) {
			e, is := ofCoder(c)
			if !is {
				continue
			}
			e.ExternalProvisioners = external
			for _, p := range coderd.Check(e) {
				found = append(found, coderProblem{p, o, c.Name})
			}
		}
	}
	return found
}

// ofCoder is what a container is started with, with its version; is says that it is one of Coder's image.
func ofCoder(c core.Container) (e coderd.Environment, is bool) {
	match := regexp.MustCompile(coderImage).FindStringSubmatch(c.Image)
	if match == nil || len(c.Command) > 0 && path.Base(c.Command[0]) != "coder" {
		return coderd.Environment{}, false
	}
	e = environment(c)
	e.Version = match[1]
	return e, true
}

// environment is what a container of Coder is started with. What comes from a secret or a field of the pod is not known.
func environment(c core.Container) coderd.Environment {
	var args []string
	if len(c.Command) > 0 {
		args = append(args, c.Command[1:]...)
	}
	e := coderd.Environment{Program: coderd.ProgramOf(append(args, c.Args...)), Complete: len(c.EnvFrom) == 0}
	for _, v := range c.Env {
		e.Settings = append(e.Settings, coderd.Setting{Name: v.Name, Value: v.Value, Known: v.ValueFrom == nil})
	}
	return e
}

// containers are those of an object that has pods, its init containers left out.
func containers(o kubernetes.Object) []core.Container {
	if pod := podOf(o); pod != nil {
		return pod.Containers
	}
	return nil
}

// podOf is the pod that an object runs, or is; nil for what runs none.
func podOf(o kubernetes.Object) *core.PodSpec {
	switch t := o.Typed.(type) {
	case *apps.Deployment:
		return &t.Spec.Template.Spec
	case *apps.StatefulSet:
		return &t.Spec.Template.Spec
	case *apps.DaemonSet:
		return &t.Spec.Template.Spec
	case *batch.Job:
		return &t.Spec.Template.Spec
	case *batch.CronJob:
		return &t.Spec.JobTemplate.Spec.Template.Spec
	case *core.Pod:
		return &t.Spec
	}
	return nil
}
