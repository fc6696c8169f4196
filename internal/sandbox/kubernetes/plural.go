package kubernetes

import "strings"

// plural is the name of a kind's objects in the API's addresses, as errors have it: deployments.apps has a group,
// secrets has none. What is said of a kind that is not known follows English, as names of kinds do.
func plural(kind string) string {
	lower := strings.ToLower(kind)
	switch {
	case lower == "endpoints":
		return lower
	case strings.HasSuffix(lower, "s"):
		return lower + "es"
	case strings.HasSuffix(lower, "y") && !strings.HasSuffix(lower, "ay"):
		return strings.TrimSuffix(lower, "y") + "ies"
	}
	return lower + "s"
}

// qualified is a kind with its group, as in Deployment.apps.
func qualified(o Object) string {
	if group := o.Key().Group; group != "" {
		return o.Kind + "." + group
	}
	return o.Kind
}
