package facts

// newestCharts are the charts that the stacks install from elsewhere, with the newest version that is known, which is the stacks' default.
// Coder's own chart has the version of Coder.
var newestCharts = map[string]string{"cluster-autoscaler": "9.59.0"}

// NewestChart is the newest version of a chart that is known; "" for a chart that is not.
func NewestChart(name string) string { return newestCharts[name] }

// NewerChart reports whether a version of a chart is newer than the newest that is known.
func NewerChart(name, version string) bool {
	newest := NewestChart(name)
	return newest != "" && version != "" && CompareEngineVersions(version, newest) > 0
}
