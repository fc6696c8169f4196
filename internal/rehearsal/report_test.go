package rehearsal

import (
	"encoding/json"
	"strings"
	"testing"

	"coderaws/internal/lifecycle"

	"github.com/google/go-cmp/cmp"
)

func TestGood(t *testing.T) {
	for _, test := range []struct {
		name   string
		report Report
		want   bool
	}{
		{"nothing to change, nothing left", Report{Places: []Life{{}, {}}}, true},
		{"a second plan of any place has changes", Report{Places: []Life{{}, {Differences: []lifecycle.Change{{Address: "a.b"}}}}}, false},
		{"something is left", Report{Left: []Remainder{{ID: "vpc-1"}}}, false},
		{"something is kept on purpose", Report{Kept: []Remainder{{ID: "final"}}}, true},
		{"types are not modelled, quotas to raise", Report{Unmodelled: []string{"aws_sqs_queue"}, Quotas: []QuotaNeed{{Code: "L-1"}}}, true},
	} {
		if got := test.report.Good(); got != test.want {
			t.Errorf("%s: good is %t, want %t", test.name, got, test.want)
		}
	}
}

// TestReportNames holds the names of the report's JSON form, which scripts rely on.
func TestReportNames(t *testing.T) {
	text, err := json.Marshal(Report{Places: []Life{{
		Differences: []lifecycle.Change{{Attributes: []string{"a"}}}, Critical: []CriticalStep{{}}, Releases: []Release{{Unrendered: "a", Reasons: []string{"b"}}},
	}}, Ready: []Ready{{Critical: []StackStep{{}}}}, Left: []Remainder{{}}, Quotas: []QuotaNeed{{}}, Scaling: []Scaling{{}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":0,"name":"","engine":"","places":[{"region":"","stack":"","resources":0,"resources_by_module":null,` +
		`"second_plan":[{"address":"","action":"","attributes":["a"]}],` +
		`"up":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},"down":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},` +
		`"critical_path":[{"address":"","start_seconds":0,"seconds":0}],` +
		`"releases":[{"namespace":"","name":"","chart":"","version":"","not_rendered":"a","objects":0,"pods_placed":0,"pods_waiting":0,"pods_stuck":0,"waiting_for":["b"]}]}],` +
		`"ready":[{"region":"","typical_seconds":0,"shortest_seconds":0,"longest_seconds":0,` +
		`"critical_path":[{"stack":"","address":"","start_seconds":0,"seconds":0}]}],` +
		`"left":[{"type":"","id":"","region":""}],"kept":null,` +
		`"quotas_above_default":[{"code":"","service":"","name":"","region":"","default":0,"needed":0}],` +
		`"not_modelled":null,"made_up_values":null,` +
		`"scaling":[{"region":"","schedule":"","days":"","clock":"","timezone":"","min_before":0,"min_after":0,"nodes_starting":0,` +
		`"ready":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0}}],"seconds":0}`
	if diff := cmp.Diff(strings.ReplaceAll(want, ",", ",\n"), strings.ReplaceAll(string(text), ",", ",\n")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}
