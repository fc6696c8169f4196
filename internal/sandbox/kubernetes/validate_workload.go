package kubernetes

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"coderaws/internal/cron"
)

// validateTemplate holds a selector and the template of the pods that it is to select to their rules.
func validateTemplate(selector *metav1.LabelSelector, t *core.PodTemplateSpec, at *field.Path, noun string,
	policies ...core.RestartPolicy) field.ErrorList {
	template := at.Child("template")
	errs := validateSelector(selector, noun, at.Child("selector"))
	errs = append(errs, metavalidation.ValidateLabels(t.Labels, template.Child("metadata", "labels"))...)
	errs = append(errs, validation.ValidateAnnotations(t.Annotations, template.Child("metadata", "annotations"))...)
	if s, err := metav1.LabelSelectorAsSelector(selector); err == nil && selector != nil && !s.Empty() && !s.Matches(labels.Set(t.Labels)) {
		errs = append(errs, field.Invalid(template.Child("metadata", "labels"), t.Labels, "`selector` does not match template `labels`"))
	}
	return append(errs, validatePod(&t.Spec, template.Child("spec"), policies...)...)
}

func validateReplicas(n *int32, at *field.Path) field.ErrorList {
	if n == nil {
		return nil
	}
	return validation.ValidateNonnegativeField(int64(*n), at)
}

func validateDeployment(d *apps.Deployment, at *field.Path) field.ErrorList {
	errs := validateReplicas(d.Spec.Replicas, at.Child("replicas"))
	errs = append(errs, validateTemplate(d.Spec.Selector, &d.Spec.Template, at, "deployment", core.RestartPolicyAlways)...)
	strategy := at.Child("strategy")
	switch s := d.Spec.Strategy; s.Type {
	case apps.RecreateDeploymentStrategyType:
		if s.RollingUpdate != nil {
			errs = append(errs, field.Forbidden(strategy.Child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'"))
		}
	case "", apps.RollingUpdateDeploymentStrategyType:
		if s.RollingUpdate != nil && zero(s.RollingUpdate.MaxUnavailable) && zero(s.RollingUpdate.MaxSurge) {
			errs = append(errs, field.Invalid(strategy.Child("rollingUpdate", "maxUnavailable"), s.RollingUpdate.MaxUnavailable,
				"may not be 0 when `maxSurge` is 0"))
		}
	default:
		errs = append(errs, field.NotSupported(strategy.Child("type"), s.Type,
			[]apps.DeploymentStrategyType{apps.RecreateDeploymentStrategyType, apps.RollingUpdateDeploymentStrategyType}))
	}
	return errs
}

// zero reports whether a number or percentage is there and nothing; a missing one is a quarter.
func zero(n *intstr.IntOrString) bool {
	return n != nil && (n.Type == intstr.Int && n.IntVal == 0 || n.Type == intstr.String && strings.TrimLeft(n.StrVal, "0") == "%")
}

func validateStatefulSet(s *apps.StatefulSet, at *field.Path) field.ErrorList {
	errs := validateReplicas(s.Spec.Replicas, at.Child("replicas"))
	template := s.Spec.Template.DeepCopy()
	for i, claim := range s.Spec.VolumeClaimTemplates {
		errs = append(errs, validateClaim(&claim.Spec, at.Child("volumeClaimTemplates").Index(i).Child("spec"))...)
		// The controller gives the pods a volume for each.
		template.Spec.Volumes = append(template.Spec.Volumes, core.Volume{Name: claim.Name, VolumeSource: core.VolumeSource{
			PersistentVolumeClaim: &core.PersistentVolumeClaimVolumeSource{ClaimName: claim.Name},
		}})
	}
	return append(errs, validateTemplate(s.Spec.Selector, template, at, "statefulset", core.RestartPolicyAlways)...)
}

func validateJob(j *batch.JobSpec, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, n := range []struct {
		value *int32
		name  string
	}{{j.Parallelism, "parallelism"}, {j.Completions, "completions"}, {j.BackoffLimit, "backoffLimit"},
		{j.TTLSecondsAfterFinished, "ttlSecondsAfterFinished"}} {
		errs = append(errs, validateReplicas(n.value, at.Child(n.name))...)
	}
	template := at.Child("template")
	errs = append(errs, metavalidation.ValidateLabels(j.Template.Labels, template.Child("metadata", "labels"))...)
	if p := j.Template.Spec.RestartPolicy; p != core.RestartPolicyOnFailure && p != core.RestartPolicyNever {
		errs = append(errs, field.Required(template.Child("spec", "restartPolicy"),
			fmt.Sprintf("valid values: %q, %q", core.RestartPolicyOnFailure, core.RestartPolicyNever)))
	}
	return append(errs, validatePod(&j.Template.Spec, template.Child("spec"))...)
}

func validateCronJob(c *batch.CronJob, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	schedule := at.Child("schedule")
	switch text := c.Spec.Schedule; {
	case text == "":
		errs = append(errs, field.Required(schedule, ""))
	case strings.Contains(text, "TZ"):
		errs = append(errs, field.Invalid(schedule, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
	default:
		if err := parseSchedule(text); err != nil {
			errs = append(errs, field.Invalid(schedule, text, err.Error()))
		}
	}
	if zone := c.Spec.TimeZone; zone != nil {
		switch {
		case *zone == "":
			errs = append(errs, field.Invalid(at.Child("timeZone"), *zone, "timeZone must be nil or non-empty string"))
		default:
			if _, err := cron.Zone(*zone); err != nil {
				errs = append(errs, field.Invalid(at.Child("timeZone"), *zone, err.Error()))
			}
		}
	}
	switch p := c.Spec.ConcurrencyPolicy; p {
	case "", batch.AllowConcurrent, batch.ForbidConcurrent, batch.ReplaceConcurrent:
	default:
		errs = append(errs, field.NotSupported(at.Child("concurrencyPolicy"), p,
			[]batch.ConcurrencyPolicy{batch.AllowConcurrent, batch.ForbidConcurrent, batch.ReplaceConcurrent}))
	}
	for _, n := range []struct {
		value *int32
		name  string
	}{{c.Spec.SuccessfulJobsHistoryLimit, "successfulJobsHistoryLimit"}, {c.Spec.FailedJobsHistoryLimit, "failedJobsHistoryLimit"}} {
		errs = append(errs, validateReplicas(n.value, at.Child(n.name))...)
	}
	return append(errs, validateJob(&c.Spec.JobTemplate.Spec, at.Child("jobTemplate", "spec"))...)
}

var (
	scheduleMacro = regexp.MustCompile(`^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every [0-9hms.]+)$`)
	sundayAsSeven = regexp.MustCompile(`(^|[,-])7($|[,/-])`)
)

// parseSchedule reads a schedule as the CronJob controller does: five fields as in Unix, except that Sunday is 0 alone, and that ? is *.
func parseSchedule(text string) error {
	if strings.HasPrefix(text, "@") {
		if !scheduleMacro.MatchString(text) {
			return fmt.Errorf("unrecognized descriptor: %s", text)
		}
		return nil
	}
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return fmt.Errorf("expected exactly 5 fields, found %d: %v", len(fields), fields)
	}
	if sundayAsSeven.MatchString(fields[4]) {
		return errors.New("end of range (7) above maximum (6): " + fields[4])
	}
	_, err := cron.ParseUnix(strings.ReplaceAll(text, "?", "*"))
	return err
}

func validateBudget(b *policy.PodDisruptionBudget, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if b.Spec.MinAvailable != nil && b.Spec.MaxUnavailable != nil {
		errs = append(errs, field.Invalid(at, b.Spec, "minAvailable and maxUnavailable cannot be both set"))
	}
	for _, n := range []struct {
		value *intstr.IntOrString
		name  string
	}{{b.Spec.MinAvailable, "minAvailable"}, {b.Spec.MaxUnavailable, "maxUnavailable"}} {
		errs = append(errs, validateAmount(n.value, at.Child(n.name))...)
	}
	if b.Spec.Selector != nil {
		errs = append(errs, validateSelector(b.Spec.Selector, "", at.Child("selector"))...)
	}
	return errs
}

// validateAmount wants a number that is not negative, or a percentage up to 100.
func validateAmount(n *intstr.IntOrString, at *field.Path) field.ErrorList {
	if n == nil {
		return nil
	}
	if n.Type == intstr.Int {
		return validation.ValidateNonnegativeField(int64(n.IntVal), at)
	}
	if problems := utilvalidation.IsValidPercent(n.StrVal); len(problems) > 0 {
		return field.ErrorList{field.Invalid(at, n.StrVal, strings.Join(problems, ", "))}
	}
	if percent := strings.TrimSuffix(n.StrVal, "%"); len(percent) > 3 || len(percent) == 3 && percent > "100" {
		return field.ErrorList{field.Invalid(at, n.StrVal, "must not be greater than 100%")}
	}
	return nil
}

func validateAutoscaler(a *autoscaling.HorizontalPodAutoscaler, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	least := int32(1)
	if a.Spec.MinReplicas != nil {
		least = *a.Spec.MinReplicas
	}
	if least < 1 {
		errs = append(errs, field.Invalid(at.Child("minReplicas"), least, "must be greater than or equal to 1"))
	}
	if a.Spec.MaxReplicas < 1 {
		errs = append(errs, field.Invalid(at.Child("maxReplicas"), a.Spec.MaxReplicas, "must be greater than 0"))
	} else if a.Spec.MaxReplicas < least {
		errs = append(errs, field.Invalid(at.Child("maxReplicas"), a.Spec.MaxReplicas, "must be greater than or equal to `minReplicas`"))
	}
	for name, value := range map[string]string{"kind": a.Spec.ScaleTargetRef.Kind, "name": a.Spec.ScaleTargetRef.Name} {
		if value == "" {
			errs = append(errs, field.Required(at.Child("scaleTargetRef", name), ""))
		}
	}
	return errs
}
