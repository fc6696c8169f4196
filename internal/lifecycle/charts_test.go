package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChartsOf: charts are looked for where the user says, and kept where the system keeps what can be fetched again.
func TestChartsOf(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		want    Charts
	}{
		{"nothing is known", nil, Charts{Directories: []string{}}},
		{"a home", []string{"HOME=/home/anna"}, Charts{Directories: []string{}, Cache: "/home/anna/.cache/coderaws/charts"}},
		{"a cache of its own", []string{"HOME=/home/anna", "XDG_CACHE_HOME=/var/cache/anna"}, Charts{Directories: []string{}, Cache: "/var/cache/anna/coderaws/charts"}},
		{"two directories of charts", []string{"CODERAWS_CHARTS=/srv/charts:/opt/charts"}, Charts{Directories: []string{"/srv/charts", "/opt/charts"}}},
	} {
		if diff := cmp.Diff(test.want, ChartsOf(test.environ)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
