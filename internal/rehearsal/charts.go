package rehearsal

import (
	"path/filepath"
	"strings"

	"coderaws/internal/sandbox"
)

const (
	// ChartsVariable names directories with Helm charts, as PATH names those with programs. They are looked at before any repository is
	// asked, for machines that reach none.
	ChartsVariable = "CODERAWS_CHARTS"
	// OfflineVariable, if it is not empty, keeps charts from being fetched.
	OfflineVariable = "CODERAWS_OFFLINE"
)

// ChartsOf reads from a user's environment where charts are.
func ChartsOf(environ []string) sandbox.Charts {
	variables := map[string]string{}
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			variables[name] = value
		}
	}
	charts := sandbox.Charts{Directories: filepath.SplitList(variables[ChartsVariable]), Offline: variables[OfflineVariable] != ""}
	switch {
	case variables["XDG_CACHE_HOME"] != "":
		charts.Cache = filepath.Join(variables["XDG_CACHE_HOME"], "coderaws", "charts")
	case variables["HOME"] != "":
		charts.Cache = filepath.Join(variables["HOME"], ".cache", "coderaws", "charts")
	}
	return charts
}

// RepositoriesOf is ChartsOf for what Helm itself fetches: it knows repositories alone, and none of our directories.
func RepositoriesOf(environ []string) sandbox.Charts {
	return sandbox.Charts{Offline: ChartsOf(environ).Offline}
}
