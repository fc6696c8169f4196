package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

// validatePod holds a pod to the API server's rules. policies are the restart policies that its kind allows; none: they are not checked.
func validatePod(p *core.PodSpec, at *field.Path, policies ...core.RestartPolicy) field.ErrorList {
	var errs field.ErrorList
	restart := p.RestartPolicy
	if restart == "" {
		restart = core.RestartPolicyAlways
	}
	if len(policies) > 0 && !slices.Contains(policies, restart) {
		errs = append(errs, field.NotSupported(at.Child("restartPolicy"), restart, policies))
	}
	volumes, more := validateVolumes(p.Volumes, at.Child("volumes"))
	errs = append(errs, more...)
	errs = append(errs, validateContainers(p, volumes, at)...)
	if s := p.TerminationGracePeriodSeconds; s != nil {
		errs = append(errs, validation.ValidateNonnegativeField(*s, at.Child("terminationGracePeriodSeconds"))...)
	}
	for name, value := range map[string]string{"serviceAccountName": p.ServiceAccountName, "priorityClassName": p.PriorityClassName} {
		if value == "" {
			continue
		}
		for _, problem := range validation.NameIsDNSSubdomain(value, false) {
			errs = append(errs, field.Invalid(at.Child(name), value, problem))
		}
	}
	errs = append(errs, metavalidation.ValidateLabels(p.NodeSelector, at.Child("nodeSelector"))...)
	for i, t := range p.Tolerations {
		errs = append(errs, validateToleration(t, at.Child("tolerations").Index(i))...)
	}
	errs = append(errs, validateAffinity(p.Affinity, at.Child("affinity"))...)
	return append(errs, validateSpread(p.TopologySpreadConstraints, at.Child("topologySpreadConstraints"))...)
}

// validateVolumes wants each volume to have a name of its own and one source, and returns the names.
func validateVolumes(volumes []core.Volume, at *field.Path) (map[string]bool, field.ErrorList) {
	var errs field.ErrorList
	names := map[string]bool{}
	for i, v := range volumes {
		here := at.Index(i)
		switch problems := utilvalidation.IsDNS1123Label(v.Name); {
		case v.Name == "":
			errs = append(errs, field.Required(here.Child("name"), ""))
		case len(problems) > 0:
			errs = append(errs, field.Invalid(here.Child("name"), v.Name, strings.Join(problems, ", ")))
		case names[v.Name]:
			errs = append(errs, field.Duplicate(here.Child("name"), v.Name))
		}
		names[v.Name] = true
		sources := setFields(v.VolumeSource)
		switch {
		case len(sources) == 0:
			errs = append(errs, field.Required(here, "must specify a volume type"))
		case len(sources) > 1:
			errs = append(errs, field.Forbidden(here.Child(sources[1]), "may not specify more than 1 volume type"))
		}
		switch {
		case v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName == "":
			errs = append(errs, field.Required(here.Child("persistentVolumeClaim", "claimName"), ""))
		case v.Secret != nil && v.Secret.SecretName == "":
			errs = append(errs, field.Required(here.Child("secret", "secretName"), ""))
		case v.ConfigMap != nil && v.ConfigMap.Name == "":
			errs = append(errs, field.Required(here.Child("configMap", "name"), ""))
		case v.CSI != nil && v.CSI.Driver == "":
			errs = append(errs, field.Required(here.Child("csi", "driver"), ""))
		case v.HostPath != nil && v.HostPath.Path == "":
			errs = append(errs, field.Required(here.Child("hostPath", "path"), ""))
		}
	}
	return names, errs
}

func validateToleration(t core.Toleration, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if t.Key != "" {
		errs = append(errs, metavalidation.ValidateLabelName(t.Key, at.Child("key"))...)
	} else if t.Operator != core.TolerationOpExists {
		errs = append(errs, field.Invalid(at.Child("operator"), t.Operator,
			"operator must be Exists when `key` is empty, which means \"match all values and all keys\""))
	}
	if t.TolerationSeconds != nil && t.Effect != core.TaintEffectNoExecute {
		errs = append(errs, field.Invalid(at.Child("effect"), t.Effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
	}
	switch t.Operator {
	case "", core.TolerationOpEqual:
		if problems := utilvalidation.IsValidLabelValue(t.Value); len(problems) > 0 {
			errs = append(errs, field.Invalid(at.Child("operator"), t.Value, strings.Join(problems, ";")))
		}
	case core.TolerationOpExists:
		if t.Value != "" {
			errs = append(errs, field.Invalid(at.Child("operator"), t, "value must be empty when `operator` is 'Exists'"))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("operator"), t.Operator,
			[]core.TolerationOperator{core.TolerationOpEqual, core.TolerationOpExists}))
	}
	switch t.Effect {
	case "", core.TaintEffectNoSchedule, core.TaintEffectPreferNoSchedule, core.TaintEffectNoExecute:
	default:
		errs = append(errs, field.NotSupported(at.Child("effect"), t.Effect,
			[]core.TaintEffect{core.TaintEffectNoSchedule, core.TaintEffectPreferNoSchedule, core.TaintEffectNoExecute}))
	}
	return errs
}

func validateAffinity(a *core.Affinity, at *field.Path) field.ErrorList {
	if a == nil {
		return nil
	}
	var errs field.ErrorList
	if n := a.NodeAffinity; n != nil {
		if required := n.RequiredDuringSchedulingIgnoredDuringExecution; required != nil {
			here := at.Child("nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
			if len(required.NodeSelectorTerms) == 0 {
				errs = append(errs, field.Required(here.Child("nodeSelectorTerms"), "must have at least one node selector term"))
			}
			if _, err := nodeaffinity.NewNodeSelector(required, field.WithPath(here)); err != nil {
				errs = append(errs, field.Invalid(here, "", err.Error()))
			}
		}
		for i, term := range n.PreferredDuringSchedulingIgnoredDuringExecution {
			errs = append(errs, validateWeight(term.Weight, at.Child("nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution").Index(i))...)
		}
	}
	if p := a.PodAffinity; p != nil {
		errs = append(errs, validateTerms(p.RequiredDuringSchedulingIgnoredDuringExecution,
			p.PreferredDuringSchedulingIgnoredDuringExecution, at.Child("podAffinity"))...)
	}
	if p := a.PodAntiAffinity; p != nil {
		errs = append(errs, validateTerms(p.RequiredDuringSchedulingIgnoredDuringExecution,
			p.PreferredDuringSchedulingIgnoredDuringExecution, at.Child("podAntiAffinity"))...)
	}
	return errs
}

func validateWeight(weight int32, at *field.Path) field.ErrorList {
	if weight < 1 || weight > 100 {
		return field.ErrorList{field.Invalid(at.Child("weight"), weight, "must be in the range 1-100")}
	}
	return nil
}

func validateTerms(required []core.PodAffinityTerm, preferred []core.WeightedPodAffinityTerm, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	term := func(t core.PodAffinityTerm, here *field.Path) {
		if t.TopologyKey == "" {
			errs = append(errs, field.Required(here.Child("topologyKey"), "can not be empty"))
		}
		if t.LabelSelector != nil {
			errs = append(errs, validateSelector(t.LabelSelector, "", here.Child("labelSelector"))...)
		}
	}
	for i, t := range required {
		term(t, at.Child("requiredDuringSchedulingIgnoredDuringExecution").Index(i))
	}
	for i, t := range preferred {
		here := at.Child("preferredDuringSchedulingIgnoredDuringExecution").Index(i)
		errs = append(errs, validateWeight(t.Weight, here)...)
		term(t.PodAffinityTerm, here.Child("podAffinityTerm"))
	}
	return errs
}

func validateSpread(constraints []core.TopologySpreadConstraint, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	seen := map[string]bool{}
	for i, c := range constraints {
		here := at.Index(i)
		if c.MaxSkew <= 0 {
			errs = append(errs, field.Invalid(here.Child("maxSkew"), c.MaxSkew, "must be greater than zero"))
		}
		if c.TopologyKey == "" {
			errs = append(errs, field.Required(here.Child("topologyKey"), "can not be empty"))
		}
		switch c.WhenUnsatisfiable {
		case core.DoNotSchedule, core.ScheduleAnyway:
		default:
			errs = append(errs, field.NotSupported(here.Child("whenUnsatisfiable"), c.WhenUnsatisfiable,
				[]core.UnsatisfiableConstraintAction{core.DoNotSchedule, core.ScheduleAnyway}))
		}
		pair := fmt.Sprintf("{%v, %v}", c.TopologyKey, c.WhenUnsatisfiable)
		if seen[pair] {
			errs = append(errs, field.Duplicate(here.Child("{topologyKey, whenUnsatisfiable}"), pair))
		}
		seen[pair] = true
		if c.LabelSelector != nil {
			errs = append(errs, validateSelector(c.LabelSelector, "", here.Child("labelSelector"))...)
		}
	}
	return errs
}

// matches reports whether a selector takes labels; none takes nothing, an empty one everything.
func matches(s *metav1.LabelSelector, labels map[string]string) bool {
	if s == nil {
		return false
	}
	for key, value := range s.MatchLabels {
		if have, found := labels[key]; !found || have != value {
			return false
		}
	}
	for _, e := range s.MatchExpressions {
		have, found := labels[e.Key]
		switch e.Operator {
		case metav1.LabelSelectorOpIn:
			if !found || !slices.Contains(e.Values, have) {
				return false
			}
		case metav1.LabelSelectorOpNotIn:
			if found && slices.Contains(e.Values, have) {
				return false
			}
		case metav1.LabelSelectorOpExists:
			if !found {
				return false
			}
		case metav1.LabelSelectorOpDoesNotExist:
			if found {
				return false
			}
		default:
			return false
		}
	}
	return true
}
