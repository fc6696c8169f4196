package cost

import (
	"cmp"
	"slices"
)

// Merge is the bill of several plans together, such as those of all regions of a deployment. They must have the same usage; the first one's
// hours and time zone stand for all.
func Merge(reports []*Report) *Report {
	if len(reports) == 0 {
		return &Report{Usage: NewUsage(), Free: map[string]int{}}
	}
	if len(reports) == 1 {
		return reports[0]
	}
	all := *reports[0]
	all.Lines, all.Unpriced, all.Metered, all.Spot, all.Free = nil, nil, nil, nil, map[string]int{}
	all.Users, all.WorkspaceHours = all.Users.Sub(all.Users), all.WorkspaceHours.Sub(all.WorkspaceHours)
	all.Budget = all.Budget.Sub(all.Budget)
	for _, r := range reports {
		all.Lines = append(all.Lines, r.Lines...)
		all.Unpriced = append(all.Unpriced, r.Unpriced...)
		all.Metered = append(all.Metered, r.Metered...)
		all.Users, all.WorkspaceHours = all.Users.Add(r.Users), all.WorkspaceHours.Add(r.WorkspaceHours)
		all.Budget = all.Budget.Add(r.Budget)
		for typ, count := range r.Free {
			all.Free[typ] += count
		}
		for _, kind := range r.Spot {
			if !slices.ContainsFunc(all.Spot, func(k SpotType) bool { return k.Name == kind.Name }) {
				all.Spot = append(all.Spot, kind)
			}
		}
	}
	slices.SortStableFunc(all.Lines, func(a, b Line) int {
		return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Title, b.Title))
	})
	return &all
}
