package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validateResources holds requests and limits to each other. A request is at most the limit; resources that cannot be shared, such as
// nvidia.com/gpu, have both alike.
func validateResources(r core.ResourceRequirements, at *field.Path) field.ErrorList {
	errs := validateResourceList(r.Limits, at.Child("limits"))
	errs = append(errs, validateResourceList(r.Requests, at.Child("requests"))...)
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		request := r.Requests[name]
		limit, limited := r.Limits[name]
		switch {
		case !limited && extended(name):
			errs = append(errs, field.Required(at.Child("limits"), "Limit must be set for non overcommitable resources"))
		case limited && extended(name) && request.Cmp(limit) != 0:
			errs = append(errs, field.Invalid(at.Child("requests"), request.String(),
				fmt.Sprintf("must be equal to %s limit of %s", name, limit.String())))
		case limited && request.Cmp(limit) > 0:
			errs = append(errs, field.Invalid(at.Child("requests"), request.String(),
				fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String())))
		}
	}
	return errs
}

func validateResourceList(list core.ResourceList, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(list)) {
		quantity := list[name]
		here := at.Key(string(name))
		switch name {
		case core.ResourceCPU, core.ResourceMemory, core.ResourceEphemeralStorage:
		default:
			if !strings.Contains(string(name), "/") && !strings.HasPrefix(string(name), core.ResourceHugePagesPrefix) {
				errs = append(errs, field.Invalid(here, name, "must be a standard resource for containers"))
			}
		}
		if quantity.Sign() < 0 {
			errs = append(errs, field.Invalid(here, quantity.String(), "must be greater than or equal to 0"))
		}
	}
	return errs
}

// extended reports whether a resource is one that a device plugin offers: counted in whole numbers, and not shared.
func extended(name core.ResourceName) bool {
	return strings.Contains(string(name), "/") && !strings.HasPrefix(string(name), "kubernetes.io/")
}

func validateQuota(q *core.ResourceQuota, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(q.Spec.Hard)) {
		quantity := q.Spec.Hard[name]
		if !quotaResource(name) {
			errs = append(errs, field.Invalid(at.Child("hard").Key(string(name)), name, "must be a standard resource for quota"))
		}
		if quantity.Sign() < 0 {
			errs = append(errs, field.Invalid(at.Child("hard").Key(string(name)), quantity.String(), "must be greater than or equal to 0"))
		}
	}
	return errs
}

// quotaResource reports whether a ResourceQuota can limit a resource. Source: Kubernetes documentation, "Resource Quotas".
func quotaResource(name core.ResourceName) bool {
	switch name {
	case core.ResourceCPU, core.ResourceMemory, core.ResourceEphemeralStorage, core.ResourceRequestsCPU, core.ResourceRequestsMemory,
		core.ResourceRequestsStorage, core.ResourceRequestsEphemeralStorage, core.ResourceLimitsCPU, core.ResourceLimitsMemory,
		core.ResourceLimitsEphemeralStorage, core.ResourcePods, core.ResourceQuotas, core.ResourceServices, core.ResourceReplicationControllers,
		core.ResourceSecrets, core.ResourcePersistentVolumeClaims, core.ResourceConfigMaps, core.ResourceServicesNodePorts,
		core.ResourceServicesLoadBalancers:
		return true
	}
	return strings.Contains(string(name), "/") // counts of objects, storage of a class, requests of extended resources
}

func validateLimitRange(l *core.LimitRange, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, item := range l.Spec.Limits {
		here := at.Child("limits").Index(i)
		if item.Type == "" {
			errs = append(errs, field.Required(here.Child("type"), ""))
		}
		for _, pair := range []struct {
			low, high         core.ResourceList
			lowName, highName string
		}{
			{item.Min, item.Max, "min", "max"}, {item.Min, item.DefaultRequest, "min", "default request"},
			{item.DefaultRequest, item.Default, "default request", "default"},
			{item.Default, item.Max, "default", "max"}, {item.DefaultRequest, item.Max, "default request", "max"},
		} {
			for _, name := range slices.Sorted(maps.Keys(pair.low)) {
				low := pair.low[name]
				if high, both := pair.high[name]; both && low.Cmp(high) > 0 {
					errs = append(errs, field.Invalid(here.Child(strings.ReplaceAll(pair.lowName, " r", "R")).Key(string(name)), low.String(),
						fmt.Sprintf("%s value %s is greater than %s value %s", pair.lowName, low.String(), pair.highName, high.String())))
				}
			}
		}
	}
	return errs
}

func validateClaim(c *core.PersistentVolumeClaimSpec, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if len(c.AccessModes) == 0 {
		errs = append(errs, field.Required(at.Child("accessModes"), "at least 1 access mode is required"))
	}
	for i, mode := range c.AccessModes {
		switch mode {
		case core.ReadWriteOnce, core.ReadOnlyMany, core.ReadWriteMany, core.ReadWriteOncePod:
		default:
			errs = append(errs, field.NotSupported(at.Child("accessModes").Index(i), mode,
				[]core.PersistentVolumeAccessMode{core.ReadOnlyMany, core.ReadWriteMany, core.ReadWriteOnce, core.ReadWriteOncePod}))
		}
	}
	if size, given := c.Resources.Requests[core.ResourceStorage]; !given {
		errs = append(errs, field.Required(at.Child("resources").Key("storage"), ""))
	} else if size.Sign() <= 0 {
		errs = append(errs, field.Invalid(at.Child("resources").Key("storage"), size.String(), "must be greater than zero"))
	}
	return errs
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func validateKeys(keys, more []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, key := range keys {
		if problems := configKeyProblems(key); problems != "" {
			errs = append(errs, field.Invalid(at.Key(key), key, problems))
		}
		if slices.Contains(more, key) {
			errs = append(errs, field.Invalid(at.Key(key), key, "duplicate of key present in binaryData"))
		}
	}
	return errs
}
