package kubernetes

import (
	"strings"

	rbac "k8s.io/api/rbac/v1"
	scheduling "k8s.io/api/scheduling/v1"
	storage "k8s.io/api/storage/v1"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validateRules holds the rules of a role to those of RBAC. URLs are for roles of the whole cluster alone.
func validateRules(rules []rbac.PolicyRule, wide bool) field.ErrorList {
	var errs field.ErrorList
	for i, r := range rules {
		here := field.NewPath("rules").Index(i)
		if len(r.Verbs) == 0 {
			errs = append(errs, field.Required(here.Child("verbs"), "verbs must contain at least one value"))
		}
		if len(r.NonResourceURLs) > 0 {
			if !wide {
				errs = append(errs, field.Invalid(here.Child("nonResourceURLs"), r.NonResourceURLs,
					"namespaced rules cannot apply to non-resource URLs"))
			}
			if len(r.APIGroups)+len(r.Resources)+len(r.ResourceNames) > 0 {
				errs = append(errs, field.Invalid(here.Child("nonResourceURLs"), r.NonResourceURLs,
					"rules cannot apply to both regular resources and non-resource URLs"))
			}
			continue
		}
		if len(r.APIGroups) == 0 {
			errs = append(errs, field.Required(here.Child("apiGroups"), "resource rules must supply at least one api group"))
		}
		if len(r.Resources) == 0 {
			errs = append(errs, field.Required(here.Child("resources"), "resource rules must supply at least one resource"))
		}
	}
	return errs
}

func validateBinding(role rbac.RoleRef, subjects []rbac.Subject, wide bool) field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("roleRef")
	if role.APIGroup != rbac.GroupName && role.APIGroup != "" { // an empty one is filled in
		errs = append(errs, field.NotSupported(at.Child("apiGroup"), role.APIGroup, []string{rbac.GroupName}))
	}
	kinds := []string{"ClusterRole"}
	if !wide {
		kinds = append(kinds, "Role")
	}
	if role.Kind != "ClusterRole" && (wide || role.Kind != "Role") {
		errs = append(errs, field.NotSupported(at.Child("kind"), role.Kind, kinds))
	}
	if role.Name == "" {
		errs = append(errs, field.Required(at.Child("name"), ""))
	}
	for i, s := range subjects {
		here := field.NewPath("subjects").Index(i)
		if s.Name == "" {
			errs = append(errs, field.Required(here.Child("name"), ""))
		}
		switch s.Kind {
		case rbac.ServiceAccountKind:
			if s.Namespace == "" && wide {
				errs = append(errs, field.Required(here.Child("namespace"), ""))
			}
			if s.APIGroup != "" {
				errs = append(errs, field.NotSupported(here.Child("apiGroup"), s.APIGroup, []string{""}))
			}
		case rbac.UserKind, rbac.GroupKind:
			if s.APIGroup != "" && s.APIGroup != rbac.GroupName {
				errs = append(errs, field.NotSupported(here.Child("apiGroup"), s.APIGroup, []string{rbac.GroupName}))
			}
		default:
			errs = append(errs, field.NotSupported(here.Child("kind"), s.Kind, []string{rbac.ServiceAccountKind, rbac.UserKind, rbac.GroupKind}))
		}
	}
	return errs
}

func validatePriority(c *scheduling.PriorityClass) field.ErrorList {
	const most = 1000000000
	var errs field.ErrorList
	if strings.HasPrefix(c.Name, "system-") {
		errs = append(errs, field.Forbidden(field.NewPath("metadata", "name"),
			"priority class names with 'system-' prefix are reserved for system use only. error: "+c.Name+" is not a known system priority class"))
	} else if c.Value > most {
		errs = append(errs, field.Forbidden(field.NewPath("value"), "maximum allowed value of a user defined priority is 1000000000"))
	}
	return errs
}

func validateStorageClass(s *storage.StorageClass) field.ErrorList {
	var errs field.ErrorList
	if s.Provisioner == "" {
		errs = append(errs, field.Required(field.NewPath("provisioner"), ""))
	}
	if m := s.VolumeBindingMode; m != nil && *m != storage.VolumeBindingImmediate && *m != storage.VolumeBindingWaitForFirstConsumer {
		errs = append(errs, field.NotSupported(field.NewPath("volumeBindingMode"), *m,
			[]storage.VolumeBindingMode{storage.VolumeBindingImmediate, storage.VolumeBindingWaitForFirstConsumer}))
	}
	if p := s.ReclaimPolicy; p != nil && *p != "Delete" && *p != "Retain" {
		errs = append(errs, field.NotSupported(field.NewPath("reclaimPolicy"), *p, []string{"Delete", "Retain"}))
	}
	return errs
}

func configKeyProblems(key string) string {
	return strings.Join(utilvalidation.IsConfigMapKey(key), ", ")
}
