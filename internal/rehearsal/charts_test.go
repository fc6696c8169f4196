package rehearsal

import (
	"testing"

	"coderaws/internal/sandbox"

	"github.com/google/go-cmp/cmp"
)

// TestChartsOf: charts are looked for where the user says, and kept where the system keeps what can be fetched again.
func TestChartsOf(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		want    sandbox.Charts
	}{
		{"nothing is known", nil, sandbox.Charts{Directories: []string{}}},
		{"a home", []string{"HOME=/home/anna"}, sandbox.Charts{Directories: []string{}, Cache: "/home/anna/.cache/coderaws/charts"}},
		{"a cache of its own", []string{"HOME=/home/anna", "XDG_CACHE_HOME=/var/cache/anna"},
			sandbox.Charts{Directories: []string{}, Cache: "/var/cache/anna/coderaws/charts"}},
		{"two directories of charts", []string{"CODERAWS_CHARTS=/srv/charts:/opt/charts"},
			sandbox.Charts{Directories: []string{"/srv/charts", "/opt/charts"}}},
		{"no network", []string{"CODERAWS_OFFLINE=1"}, sandbox.Charts{Directories: []string{}, Offline: true}},
	} {
		if diff := cmp.Diff(test.want, ChartsOf(test.environ)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
