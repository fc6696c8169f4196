package inventory

// Resources are all resources that will exist, those with a list of their own and the others, in the order of addresses. The list
// is shared, and must not be changed. It is empty for an inventory that was not read from a plan.
func (inv *Inventory) Resources() []Resource {
	if inv.reading == nil {
		return nil
	}
	return inv.reading.all
}

// Refers says which resources of some types an argument of a resource names, by address; path leads through nested blocks, with dots. What
// the plan does not know yet is found through the configuration's expressions. A known value that the plan does not hold is returned as it
// is.
func (inv *Inventory) Refers(from Resource, path string, types ...string) []string {
	if inv.reading == nil {
		return nil
	}
	return inv.reading.refers(from, path, types...)
}
