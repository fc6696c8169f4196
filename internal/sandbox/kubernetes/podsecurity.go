package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podSecurity holds a pod to the Pod Security Standard that its namespace enforces. It returns the level, and the words of the admission
// controller; empty if the pod is allowed. Source: Kubernetes documentation, "Pod Security Standards".
func (v *view) podSecurity(namespace string, p *core.PodSpec) (level, words string) {
	labels := v.namespaceLabels(namespace)
	level = labels["pod-security.kubernetes.io/enforce"]
	if level != "baseline" && level != "restricted" {
		return level, ""
	}
	version := labels["pod-security.kubernetes.io/enforce-version"]
	if version == "" {
		version = "latest"
	}
	violations := baseline(p)
	if level == "restricted" {
		violations = append(violations, restricted(p)...)
	}
	if len(violations) == 0 {
		return level, ""
	}
	return level, fmt.Sprintf("violates PodSecurity %q: %s", level+":"+version, strings.Join(violations, ", "))
}

// offenders are the containers of a pod that do something, as the admission controller lists them: container "a", or containers "a", "b".
func offenders(p *core.PodSpec, does func(*core.Container) bool) string {
	var names []string
	containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
		if does(c) {
			names = append(names, fmt.Sprintf("%q", c.Name))
		}
	})
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "container " + names[0]
	}
	return "containers " + strings.Join(names, ", ")
}

// safeCapabilities may be added under the level baseline.
var safeCapabilities = []core.Capability{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

func baseline(p *core.PodSpec) (violations []string) {
	var host []string
	for _, h := range []struct {
		name string
		set  bool
	}{{"hostNetwork", p.HostNetwork}, {"hostPID", p.HostPID}, {"hostIPC", p.HostIPC}} {
		if h.set {
			host = append(host, h.name+"=true")
		}
	}
	if len(host) > 0 {
		violations = append(violations, "host namespaces ("+strings.Join(host, ", ")+")")
	}
	var paths []string
	for _, volume := range p.Volumes {
		if volume.HostPath != nil {
			paths = append(paths, fmt.Sprintf("%q", volume.Name))
		}
	}
	if len(paths) > 0 {
		violations = append(violations, "hostPath volumes (volume "+strings.Join(paths, ", ")+")")
	}
	if who := offenders(p, func(c *core.Container) bool {
		return slices.ContainsFunc(c.Ports, func(port core.ContainerPort) bool { return port.HostPort != 0 })
	}); who != "" {
		violations = append(violations, "hostPort ("+who+" uses a hostPort)")
	}
	if who := offenders(p, func(c *core.Container) bool { return c.SecurityContext != nil && yes(c.SecurityContext.Privileged) }); who != "" {
		violations = append(violations, "privileged ("+who+" must not set securityContext.privileged=true)")
	}
	if who := offenders(p, func(c *core.Container) bool {
		return c.SecurityContext != nil && c.SecurityContext.Capabilities != nil &&
			slices.ContainsFunc(c.SecurityContext.Capabilities.Add, func(capability core.Capability) bool { return !slices.Contains(safeCapabilities, capability) })
	}); who != "" {
		violations = append(violations, "non-default capabilities ("+who+" must not include more in securityContext.capabilities.add)")
	}
	if who := offenders(p, func(c *core.Container) bool { return seccomp(p, c) == core.SeccompProfileTypeUnconfined }); who != "" {
		violations = append(violations, "seccompProfile ("+who+" must not set securityContext.seccompProfile.type to \"Unconfined\")")
	}
	return violations
}

func restricted(p *core.PodSpec) (violations []string) {
	if who := offenders(p, func(c *core.Container) bool {
		return c.SecurityContext == nil || c.SecurityContext.AllowPrivilegeEscalation == nil || *c.SecurityContext.AllowPrivilegeEscalation
	}); who != "" {
		violations = append(violations, "allowPrivilegeEscalation != false ("+who+" must set securityContext.allowPrivilegeEscalation=false)")
	}
	if who := offenders(p, func(c *core.Container) bool {
		if c.SecurityContext == nil || c.SecurityContext.Capabilities == nil {
			return true
		}
		return !slices.Contains(c.SecurityContext.Capabilities.Drop, "ALL") ||
			slices.ContainsFunc(c.SecurityContext.Capabilities.Add, func(capability core.Capability) bool { return capability != "NET_BIND_SERVICE" })
	}); who != "" {
		violations = append(violations, "unrestricted capabilities ("+who+" must set securityContext.capabilities.drop=[\"ALL\"])")
	}
	var types []string
	for _, volume := range p.Volumes {
		for _, source := range setFields(volume.VolumeSource) {
			if !slices.Contains([]string{"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image", "hostPath"}, source) {
				types = append(types, fmt.Sprintf("volume %q uses restricted volume type %q", volume.Name, source))
			}
		}
	}
	if len(types) > 0 {
		violations = append(violations, "restricted volume types ("+strings.Join(types, ", ")+")")
	}
	if who := offenders(p, func(c *core.Container) bool {
		if c.SecurityContext != nil && c.SecurityContext.RunAsNonRoot != nil {
			return !*c.SecurityContext.RunAsNonRoot
		}
		return p.SecurityContext == nil || !yes(p.SecurityContext.RunAsNonRoot)
	}); who != "" {
		violations = append(violations, "runAsNonRoot != true (pod or "+who+" must set securityContext.runAsNonRoot=true)")
	}
	root := func(id *int64) bool { return id != nil && *id == 0 }
	if p.SecurityContext != nil && root(p.SecurityContext.RunAsUser) {
		violations = append(violations, "runAsUser=0 (pod must not set runAsUser=0)")
	} else if who := offenders(p, func(c *core.Container) bool { return c.SecurityContext != nil && root(c.SecurityContext.RunAsUser) }); who != "" {
		violations = append(violations, "runAsUser=0 ("+who+" must not set runAsUser=0)")
	}
	if who := offenders(p, func(c *core.Container) bool {
		kind := seccomp(p, c)
		return kind != core.SeccompProfileTypeRuntimeDefault && kind != core.SeccompProfileTypeLocalhost
	}); who != "" {
		violations = append(violations, "seccompProfile (pod or "+who+" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")")
	}
	return violations
}

// seccomp is the profile that a container has, of itself or of its pod; empty if neither says.
func seccomp(p *core.PodSpec, c *core.Container) core.SeccompProfileType {
	if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil {
		return c.SecurityContext.SeccompProfile.Type
	}
	if p.SecurityContext != nil && p.SecurityContext.SeccompProfile != nil {
		return p.SecurityContext.SeccompProfile.Type
	}
	return ""
}
