package model

import (
	"cmp"
	"slices"

	"coderaws/internal/sandbox/world"
)

// CountedQuota is a quota that the embedded AWS counts.
type CountedQuota struct {
	world.Quota
	// Error is the code of AWS's answer over the quota.
	Error string
	// Shared says that everything in the account counts together (per zone for some quotas); others count inside one resource, such as
	// the rules of a security group.
	Shared bool
}

// Quotas lists every quota that the embedded AWS counts, once each, by service and code.
func (k *Catalog) Quotas() []CountedQuota {
	var all []CountedQuota
	for _, t := range k.Types {
		all = append(all, t.Counted...)
		for _, quota := range t.Quotas {
			all = append(all, CountedQuota{quota.Quota, quota.Exceeded().Code, quota.Per == nil || quota.PerZone})
		}
	}
	slices.SortFunc(all, func(a, b CountedQuota) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Code, b.Code))
	})
	return slices.CompactFunc(all, func(a, b CountedQuota) bool { return a.Service == b.Service && a.Code == b.Code })
}

// FindQuota finds a counted quota of a service, such as eks, by its code or its name.
func (k *Catalog) FindQuota(service, codeOrName string) (world.Quota, bool) {
	for _, q := range k.Quotas() {
		if q.Service == service && (q.Code == codeOrName || q.Name == codeOrName) {
			return q.Quota, true
		}
	}
	return world.Quota{}, false
}
