package lifecycle

import (
	"path/filepath"
	"strings"
)

// ChartsVariable names directories with Helm charts, as PATH names those with programs. They are looked at before any repository is asked, for
// machines that reach none.
const ChartsVariable = "CODERAWS_CHARTS"

// Charts say where the embedded AWS finds Helm charts, beside the repositories that releases name.
type Charts struct {
	// Directories hold charts, unpacked or packed, named <chart>-<version>.
	Directories []string
	// Cache is where fetched charts are kept; "" for nowhere.
	Cache string
}

// ChartsOf reads from a user's environment where charts are.
func ChartsOf(environ []string) Charts {
	variables := map[string]string{}
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			variables[name] = value
		}
	}
	charts := Charts{Directories: filepath.SplitList(variables[ChartsVariable])}
	switch {
	case variables["XDG_CACHE_HOME"] != "":
		charts.Cache = filepath.Join(variables["XDG_CACHE_HOME"], "coderaws", "charts")
	case variables["HOME"] != "":
		charts.Cache = filepath.Join(variables["HOME"], ".cache", "coderaws", "charts")
	}
	return charts
}

// useCharts says where charts are, before anything is served.
func (e *Embedded) useCharts(c Charts) { e.charts = c }
