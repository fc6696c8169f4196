package kubernetes

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// containers visits the containers of a pod, init containers first, with their fields.
func containers(p *core.PodSpec, at *field.Path, visit func(c *core.Container, at *field.Path, init bool)) {
	for i := range p.InitContainers {
		visit(&p.InitContainers[i], at.Child("initContainers").Index(i), true)
	}
	for i := range p.Containers {
		visit(&p.Containers[i], at.Child("containers").Index(i), false)
	}
}

func validateContainers(p *core.PodSpec, volumes map[string]bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if len(p.Containers) == 0 {
		errs = append(errs, field.Required(at.Child("containers"), ""))
	}
	names := map[string]bool{}
	hostPorts := map[string]bool{}
	containers(p, at, func(c *core.Container, at *field.Path, init bool) {
		switch problems := utilvalidation.IsDNS1123Label(c.Name); {
		case c.Name == "":
			errs = append(errs, field.Required(at.Child("name"), ""))
		case len(problems) > 0:
			errs = append(errs, field.Invalid(at.Child("name"), c.Name, strings.Join(problems, ", ")))
		case names[c.Name]:
			errs = append(errs, field.Duplicate(at.Child("name"), c.Name))
		}
		names[c.Name] = true
		if c.Image == "" {
			errs = append(errs, field.Required(at.Child("image"), ""))
		} else if strings.TrimSpace(c.Image) != c.Image {
			errs = append(errs, field.Invalid(at.Child("image"), c.Image, "must not have leading or trailing whitespace"))
		}
		switch c.ImagePullPolicy {
		case "", core.PullAlways, core.PullIfNotPresent, core.PullNever:
		default:
			errs = append(errs, field.NotSupported(at.Child("imagePullPolicy"), c.ImagePullPolicy,
				[]core.PullPolicy{core.PullAlways, core.PullIfNotPresent, core.PullNever}))
		}
		errs = append(errs, validateEnv(c, at)...)
		errs = append(errs, validatePorts(c.Ports, hostPorts, at.Child("ports"))...)
		errs = append(errs, validateResources(c.Resources, at.Child("resources"))...)
		errs = append(errs, validateMounts(c.VolumeMounts, volumes, at.Child("volumeMounts"))...)
		sidecar := c.RestartPolicy != nil && *c.RestartPolicy == core.ContainerRestartPolicyAlways
		for _, probe := range []struct {
			name  string
			probe *core.Probe
		}{{"livenessProbe", c.LivenessProbe}, {"readinessProbe", c.ReadinessProbe}, {"startupProbe", c.StartupProbe}} {
			if probe.probe != nil && init && !sidecar {
				errs = append(errs, field.Forbidden(at.Child(probe.name), "may not be set for init containers without restartPolicy=Always"))
				continue
			}
			errs = append(errs, validateProbe(probe.probe, probe.name, at.Child(probe.name))...)
		}
		if s := c.SecurityContext; s != nil && s.Privileged != nil && *s.Privileged && s.AllowPrivilegeEscalation != nil &&
			!*s.AllowPrivilegeEscalation {
			errs = append(errs, field.Invalid(at.Child("securityContext"), "",
				"cannot set `allowPrivilegeEscalation` to false and `privileged` to true"))
		}
	})
	return errs
}

func validateEnv(c *core.Container, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, e := range c.Env {
		here := at.Child("env").Index(i)
		if e.Name == "" {
			errs = append(errs, field.Required(here.Child("name"), ""))
		} else if problems := utilvalidation.IsRelaxedEnvVarName(e.Name); len(problems) > 0 {
			errs = append(errs, field.Invalid(here.Child("name"), e.Name, strings.Join(problems, ", ")))
		}
		if e.ValueFrom == nil {
			continue
		}
		from := here.Child("valueFrom")
		switch sources := setFields(*e.ValueFrom); {
		case len(sources) == 0:
			errs = append(errs, field.Invalid(from, "", "must specify one of: `fieldRef`, `resourceFieldRef`, "+
				"`configMapKeyRef`, `secretKeyRef`, or `fileKeyRef`"))
		case e.Value != "":
			errs = append(errs, field.Invalid(from, "", "may not be specified when `value` is not empty"))
		case len(sources) > 1:
			errs = append(errs, field.Invalid(from, "", "may not have more than one field specified at a time"))
		}
		if s := e.ValueFrom.SecretKeyRef; s != nil {
			errs = append(errs, validateKeyRef(s.Name, s.Key, from.Child("secretKeyRef"))...)
		}
		if s := e.ValueFrom.ConfigMapKeyRef; s != nil {
			errs = append(errs, validateKeyRef(s.Name, s.Key, from.Child("configMapKeyRef"))...)
		}
		if f := e.ValueFrom.FieldRef; f != nil && f.FieldPath == "" {
			errs = append(errs, field.Required(from.Child("fieldRef", "fieldPath"), ""))
		}
	}
	for i, e := range c.EnvFrom {
		here := at.Child("envFrom").Index(i)
		switch sources := setFields(struct {
			ConfigMapRef *core.ConfigMapEnvSource `json:"configMapRef"`
			SecretRef    *core.SecretEnvSource    `json:"secretRef"`
		}{e.ConfigMapRef, e.SecretRef}); {
		case len(sources) == 0:
			errs = append(errs, field.Invalid(here, "", "must specify one of: `configMapRef` or `secretRef`"))
		case len(sources) > 1:
			errs = append(errs, field.Invalid(here, "", "may not have more than one field specified at a time"))
		}
	}
	return errs
}

func validateKeyRef(name, key string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if name == "" {
		errs = append(errs, field.Required(at.Child("name"), ""))
	}
	if key == "" {
		errs = append(errs, field.Required(at.Child("key"), ""))
	} else if problems := utilvalidation.IsConfigMapKey(key); len(problems) > 0 {
		errs = append(errs, field.Invalid(at.Child("key"), key, strings.Join(problems, ", ")))
	}
	return errs
}

func validatePorts(ports []core.ContainerPort, hostPorts map[string]bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	names := map[string]bool{}
	for i, p := range ports {
		here := at.Index(i)
		if p.Name != "" {
			if problems := utilvalidation.IsValidPortName(p.Name); len(problems) > 0 {
				errs = append(errs, field.Invalid(here.Child("name"), p.Name, strings.Join(problems, ", ")))
			} else if names[p.Name] {
				errs = append(errs, field.Duplicate(here.Child("name"), p.Name))
			}
			names[p.Name] = true
		}
		if p.ContainerPort == 0 {
			errs = append(errs, field.Required(here.Child("containerPort"), ""))
		} else {
			errs = append(errs, validatePort(p.ContainerPort, here.Child("containerPort"))...)
		}
		if p.HostPort != 0 {
			errs = append(errs, validatePort(p.HostPort, here.Child("hostPort"))...)
			key := fmt.Sprintf("%s/%s/%d", protocol(p.Protocol), p.HostIP, p.HostPort)
			if hostPorts[key] {
				errs = append(errs, field.Duplicate(here.Child("hostPort"), key))
			}
			hostPorts[key] = true
		}
		errs = append(errs, validateProtocol(p.Protocol, here.Child("protocol"))...)
	}
	return errs
}

func validatePort(n int32, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, problem := range utilvalidation.IsValidPortNum(int(n)) {
		errs = append(errs, field.Invalid(at, n, problem))
	}
	return errs
}

func protocol(p core.Protocol) core.Protocol {
	if p == "" {
		return core.ProtocolTCP
	}
	return p
}

func validateProtocol(p core.Protocol, at *field.Path) field.ErrorList {
	if all := []core.Protocol{core.ProtocolSCTP, core.ProtocolTCP, core.ProtocolUDP}; !slices.Contains(all, protocol(p)) {
		return field.ErrorList{field.NotSupported(at, p, all)}
	}
	return nil
}

func validateMounts(mounts []core.VolumeMount, volumes map[string]bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	paths := map[string]bool{}
	for i, m := range mounts {
		here := at.Index(i)
		if m.Name == "" {
			errs = append(errs, field.Required(here.Child("name"), ""))
		} else if !volumes[m.Name] {
			errs = append(errs, field.NotFound(here.Child("name"), m.Name))
		}
		if m.MountPath == "" {
			errs = append(errs, field.Required(here.Child("mountPath"), ""))
		} else if paths[m.MountPath] {
			errs = append(errs, field.Invalid(here.Child("mountPath"), m.MountPath, "must be unique"))
		}
		paths[m.MountPath] = true
		if strings.HasPrefix(m.SubPath, "/") {
			errs = append(errs, field.Invalid(here.Child("subPath"), m.SubPath, "must be a relative path"))
		}
	}
	return errs
}

func validateProbe(p *core.Probe, kind string, at *field.Path) field.ErrorList {
	if p == nil {
		return nil
	}
	var errs field.ErrorList
	switch handlers := setFields(p.ProbeHandler); {
	case len(handlers) == 0:
		errs = append(errs, field.Required(at, "must specify a handler type"))
	case len(handlers) > 1:
		errs = append(errs, field.Forbidden(at.Child(handlers[1]), "may not specify more than 1 handler type"))
	}
	if h := p.HTTPGet; h != nil {
		if h.Port.Type == intstr.Int {
			errs = append(errs, validatePort(h.Port.IntVal, at.Child("httpGet", "port"))...)
		} else if problems := utilvalidation.IsValidPortName(h.Port.StrVal); len(problems) > 0 {
			errs = append(errs, field.Invalid(at.Child("httpGet", "port"), h.Port.StrVal, strings.Join(problems, ", ")))
		}
	}
	for name, n := range map[string]int32{
		"initialDelaySeconds": p.InitialDelaySeconds, "timeoutSeconds": p.TimeoutSeconds, "periodSeconds": p.PeriodSeconds,
		"successThreshold": p.SuccessThreshold, "failureThreshold": p.FailureThreshold,
	} {
		if n < 0 {
			errs = append(errs, field.Invalid(at.Child(name), n, "must be greater than or equal to 0"))
		}
	}
	if kind != "readinessProbe" && p.SuccessThreshold > 1 {
		errs = append(errs, field.Invalid(at.Child("successThreshold"), p.SuccessThreshold, "must be 1"))
	}
	return errs
}

// setFields are the JSON names of the fields of a struct of pointers that are set.
func setFields(v any) []string {
	var names []string
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if f := value.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}
