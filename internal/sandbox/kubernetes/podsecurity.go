package kubernetes

import (
	"fmt"

	core "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// podSecurity holds a pod to the Pod Security Standard that its namespace enforces, with the rules and words of the API server's own
// library. It returns the level, and the words of the admission controller; empty if the pod is allowed.
func (v *view) podSecurity(namespace string, pod *core.Pod) (level, words string) {
	none := api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()}
	// A label that cannot be read means restricted, and a version that cannot be read the latest.
	asked, _ := api.PolicyToEvaluate(v.namespaceLabels(namespace), api.Policy{Enforce: none, Audit: none, Warn: none})
	if asked.Enforce.Level == api.LevelPrivileged {
		return string(asked.Enforce.Level), ""
	}
	var cluster *api.Version // what "latest" means there
	if minor := v.minor(); minor > 0 {
		version := api.MajorMinorVersion(1, minor)
		cluster = &version
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), cluster)
	if err != nil {
		return string(asked.Enforce.Level), err.Error()
	}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(asked.Enforce, &pod.ObjectMeta, &pod.Spec))
	if result.Allowed {
		return string(asked.Enforce.Level), ""
	}
	return string(asked.Enforce.Level), fmt.Sprintf("violates PodSecurity %q: %s", asked.Enforce.String(), result.ForbiddenDetail())
}
