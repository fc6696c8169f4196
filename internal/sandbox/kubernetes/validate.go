package kubernetes

import (
	"strings"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	scheduling "k8s.io/api/scheduling/v1"
	storage "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Validate holds objects to the rules that the API server has for each by itself, and to a few of good practice. It
// needs no cluster, so that a plan can do it.
func Validate(objects []Object) []Problem {
	var problems []Problem
	for _, o := range objects {
		if o.Typed == nil {
			continue
		}
		for _, err := range validateObject(o) {
			kind := schema.GroupKind{Group: o.Key().Group, Kind: o.Kind}
			p := o.problem(Refused, Invalid, apierrors.NewInvalid(kind, o.Name, field.ErrorList{err}).Error())
			p.Field = err.Field
			p.Why, p.Todo = explain(err)
			problems = append(problems, p)
		}
		problems = append(problems, findings(o)...)
	}
	sortProblems(problems)
	return problems
}

// explain adds to words of the API server what somebody needs who does not know the rule.
func explain(err *field.Error) (why, todo string) {
	switch {
	case strings.HasSuffix(err.Field, ".valueFrom") && strings.Contains(err.Detail, "`value`"):
		return "An environment variable has a value or takes one from elsewhere, not both. Merged lists of values cause " +
				"this: an entry keeps its place in the list, not its name.",
			"Take out value or valueFrom of this variable."
	case strings.Contains(err.Detail, "limit of"):
		return "A container cannot be sure of more than it may use.", "Raise the limit or lower the request."
	case strings.Contains(err.Detail, "provided port is not in the valid range"):
		return "", "Write a node port from 30000 to 32767."
	}
	return "", ""
}

// nameRule is the rule for the names of a kind; most have that of DNS subdomains.
func nameRule(o Object) validation.ValidateNameFunc {
	switch o.Typed.(type) {
	case *core.Namespace:
		return validation.NameIsDNSLabel
	case *core.Service:
		return validation.NameIsDNS1035Label
	case *rbac.Role, *rbac.RoleBinding, *rbac.ClusterRole, *rbac.ClusterRoleBinding:
		return func(name string, _ bool) []string { return content.IsPathSegmentName(name) }
	case *batch.CronJob:
		return func(name string, prefix bool) []string {
			problems := validation.NameIsDNSSubdomain(name, prefix)
			if len(name) > 52 { // the controller appends 11 characters to the names of Jobs
				problems = append(problems, "must be no more than 52 characters")
			}
			return problems
		}
	}
	return validation.NameIsDNSSubdomain
}

func validateObject(o Object) field.ErrorList {
	var errs field.ErrorList
	if m := meta(o.Typed); m != nil {
		errs = validation.ValidateObjectMetaAccessor(m, o.Namespace != "", nameRule(o), field.NewPath("metadata"))
	}
	spec := field.NewPath("spec")
	switch t := o.Typed.(type) {
	case *core.Pod:
		errs = append(errs, validatePod(&t.Spec, spec, core.RestartPolicyAlways, core.RestartPolicyOnFailure, core.RestartPolicyNever)...)
	case *apps.Deployment:
		errs = append(errs, validateDeployment(t, spec)...)
	case *apps.ReplicaSet:
		errs = append(errs, validateTemplate(t.Spec.Selector, &t.Spec.Template, spec, "replicaset", core.RestartPolicyAlways)...)
	case *apps.StatefulSet:
		errs = append(errs, validateStatefulSet(t, spec)...)
	case *apps.DaemonSet:
		errs = append(errs, validateTemplate(t.Spec.Selector, &t.Spec.Template, spec, "daemonset", core.RestartPolicyAlways)...)
	case *batch.Job:
		errs = append(errs, validateJob(&t.Spec, spec)...)
	case *batch.CronJob:
		errs = append(errs, validateCronJob(t, spec)...)
	case *core.Service:
		errs = append(errs, validateService(t, spec)...)
	case *networking.NetworkPolicy:
		errs = append(errs, validateNetworkPolicy(t, spec)...)
	case *networking.Ingress:
		errs = append(errs, validateIngress(t, spec)...)
	case *policy.PodDisruptionBudget:
		errs = append(errs, validateBudget(t, spec)...)
	case *autoscaling.HorizontalPodAutoscaler:
		errs = append(errs, validateAutoscaler(t, spec)...)
	case *core.ConfigMap:
		errs = append(errs, validateKeys(keysOf(t.Data), keysOf(t.BinaryData), field.NewPath("data"))...)
	case *core.Secret:
		errs = append(errs, validateKeys(keysOf(t.Data), nil, field.NewPath("data"))...)
	case *core.PersistentVolumeClaim:
		errs = append(errs, validateClaim(&t.Spec, spec)...)
	case *core.ResourceQuota:
		errs = append(errs, validateQuota(t, spec)...)
	case *core.LimitRange:
		errs = append(errs, validateLimitRange(t, spec)...)
	case *scheduling.PriorityClass:
		errs = append(errs, validatePriority(t)...)
	case *storage.StorageClass:
		errs = append(errs, validateStorageClass(t)...)
	case *rbac.Role:
		errs = append(errs, validateRules(t.Rules, false)...)
	case *rbac.ClusterRole:
		errs = append(errs, validateRules(t.Rules, true)...)
	case *rbac.RoleBinding:
		errs = append(errs, validateBinding(t.RoleRef, t.Subjects, false)...)
	case *rbac.ClusterRoleBinding:
		errs = append(errs, validateBinding(t.RoleRef, t.Subjects, true)...)
	}
	return errs
}

// validateSelector holds a selector of pods to the rules of selectors; an empty one would take all pods.
func validateSelector(s *metav1.LabelSelector, noun string, at *field.Path) field.ErrorList {
	if s == nil {
		return field.ErrorList{field.Required(at, "")}
	}
	errs := metavalidation.ValidateLabelSelector(s, metavalidation.LabelSelectorValidationOptions{}, at)
	if noun != "" && len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		errs = append(errs, field.Invalid(at, s, "empty selector is invalid for "+noun))
	}
	return errs
}
