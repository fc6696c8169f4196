package chart

import chartv2 "helm.sh/helm/v4/pkg/chart/v2"

// overwritten takes out of a chart the defaults that values of another kind replace, such as a default of {} where a
// release gives a list. Helm comes to the same values with them, and writes a warning about each to this process's
// standard error, which it offers no way to stop.
func overwritten(c *chartv2.Chart, values map[string]any) {
	withoutOverwritten(c.Values, values)
	for _, dependency := range c.Dependencies() {
		if own, ok := values[dependency.Name()].(map[string]any); ok {
			overwritten(dependency, own)
		}
	}
}

func withoutOverwritten(defaults, values map[string]any) {
	for key, standard := range defaults {
		value, given := values[key]
		table, isTable := standard.(map[string]any)
		own, givesTable := value.(map[string]any)
		switch {
		case !given || value == nil: // null takes the default away
		case isTable && givesTable:
			withoutOverwritten(table, own)
		case isTable != givesTable && standard != nil:
			delete(defaults, key)
		}
	}
}
