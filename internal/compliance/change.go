package compliance

import "slices"

// Change is a control of which a change of the plan alters the answer.
type Change struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Before Answer `json:"before"`
	After  Answer `json:"after"`
	// Checks are those that account for it, with what they find now.
	Checks []CheckChange `json:"checks"`
}

// CheckChange is a check of which a change of the plan alters the answer, or that fails of more than before.
type CheckChange struct {
	ID     string `json:"id"`
	What   string `json:"what"`
	Before Answer `json:"before"`
	After  Answer `json:"after"`
	// Evidence is what accounts for the answer now; where that is as before, what is new in it alone.
	Evidence []Evidence `json:"evidence"`
}

// Breaks reports whether a control is broken now: by the change, or by more checks or more resources than before it.
func (c Change) Breaks() bool { return c.After == NotSatisfied }

// Mends reports whether a control was broken before, and is satisfied now. One that nothing is left to look at for is not mended.
func (c Change) Mends() bool { return c.Before == NotSatisfied && c.After == Satisfied }

// Compare says what the second of two reports on the same controls says otherwise. A control that was broken before and stays so is among
// them if more of its checks fail, or one of them for more than before.
func Compare(before, after *Report) []Change {
	list := []Change{}
	earlier := map[string]Answer{}
	for _, control := range before.Controls {
		earlier[control.ID] = control.Answer
	}
	for _, control := range after.Controls {
		change := Change{ID: control.ID, Title: control.Title, Before: earlier[control.ID], After: control.Answer, Checks: []CheckChange{}}
		worse := false
		for _, id := range control.Checks {
			was, is := before.Check(id), after.Check(id)
			one := CheckChange{ID: id, What: is.What, Before: was.Answer, After: is.Answer, Evidence: []Evidence{}}
			for _, e := range is.Evidence {
				if e.Answer == is.Answer && is.Answer != Satisfied && (was.Answer != is.Answer || !told(was.Evidence, e)) {
					one.Evidence = append(one.Evidence, e)
				}
			}
			if was.Answer == is.Answer && (is.Answer != NotSatisfied || len(one.Evidence) == 0) {
				continue
			}
			worse = worse || is.Answer == NotSatisfied
			change.Checks = append(change.Checks, one)
		}
		if change.Before != change.After || worse {
			list = append(list, change)
		}
	}
	return list
}

// told reports whether evidence was there before, of the same attribute of the same resource.
func told(before []Evidence, e Evidence) bool {
	return slices.ContainsFunc(before, func(b Evidence) bool {
		return b.Answer == e.Answer && b.Place == e.Place && b.Address == e.Address && b.Attribute == e.Attribute
	})
}
