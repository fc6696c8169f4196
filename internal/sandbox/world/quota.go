package world

import "sort"

// Quota is a limit that AWS sets on an account, with its default.
type Quota struct {
	// Code is the Service Quotas code, such as L-0263D0A3.
	Code string
	// Service is the Service Quotas service code, such as ec2.
	Service string
	Name    string
	// Default is AWS's default value.
	Default float64
	// Granted means that the world grants what is asked above the default and only reports it: new accounts start with so few
	// vCPUs that every deployment begins with a request for more.
	Granted bool
}

// Usage is how much of a quota was needed at most, beside what SetUsed says of others.
type Usage struct {
	Quota Quota
	// Region and Scope say where: the region, and inside it what the quota counts per (a zone, a VPC); Scope may be empty.
	Region string
	Scope  string
	Peak   float64
}

// AboveDefault reports whether a new account would have to ask for more.
func (u *Usage) AboveDefault() bool { return u.Peak > u.Quota.Default }

// Limit is the value of a quota in this world.
func (w *World) Limit(q Quota) float64 {
	if v, ok := w.state.Quotas[q.Code]; ok {
		return v
	}
	return q.Default
}

// LimitIn is the value of a quota in a region of this world, which may differ from that in others (SetLimitIn).
func (w *World) LimitIn(q Quota, region string) float64 {
	if v, ok := w.existing.limits[usageKey(q.Code, region, "")]; ok {
		return v
	}
	return w.Limit(q)
}

// SetLimit changes a quota of this world; a negative value is without limit.
func (w *World) SetLimit(code string, value float64) {
	w.state.Sequence++
	w.state.Quotas[code] = value
}

func usageKey(code, region, scope string) string { return code + "|" + region + "|" + scope }

// Use records that a quota is used up to amount, and reports whether the world allows it beside what others use.
func (w *World) Use(q Quota, region, scope string, amount float64) bool {
	at := usageKey(q.Code, region, scope)
	usage := w.peaks[at]
	if usage == nil {
		usage = &Usage{Quota: q, Region: region, Scope: scope}
		w.peaks[at] = usage
	}
	_, set := w.state.Quotas[q.Code]
	_, setHere := w.existing.limits[usageKey(q.Code, region, "")]
	limit := w.LimitIn(q, region)
	if !w.existing.counting && limit >= 0 && amount+w.existing.used[at] > limit && (set || setHere || !q.Granted) {
		return false
	}
	usage.Peak = max(usage.Peak, amount)
	return true
}

// Usages lists the quotas used since the world was opened, by service and name.
func (w *World) Usages() []Usage {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Usage, 0, len(w.peaks))
	for _, u := range w.peaks {
		all = append(all, *u)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.Quota.Service != b.Quota.Service {
			return a.Quota.Service < b.Quota.Service
		}
		if a.Quota.Name != b.Quota.Name {
			return a.Quota.Name < b.Quota.Name
		}
		return a.Region+a.Scope < b.Region+b.Scope
	})
	return all
}
