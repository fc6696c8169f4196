package cli

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"

	"github.com/google/go-cmp/cmp"
)

// TestReleasesInWords: a rehearsal says what runs in the cluster, what waits and for what, and of which charts nothing is known.
func TestReleasesInWords(t *testing.T) {
	for _, test := range []struct {
		name     string
		releases []rehearsal.Release
		want     string
	}{
		{"a stack without releases", nil, ""},
		{"all is rendered and placed", []rehearsal.Release{{Name: "foundation", Objects: 24, Placed: 1}, {Name: "coder", Objects: 3, Placed: 3}},
			"  in it        27 objects in 2 of 2 releases, 4 pods on nodes\n"},
		{"pods wait", []rehearsal.Release{{Name: "coder-provisioner", Objects: 2, Waiting: 21, Reasons: []string{"there is no key"}}},
			"  in it        2 objects in 1 of 1 release, 0 pods on nodes, 21 pods waiting for what comes after this\n" +
				"  waiting      21 pods of coder-provisioner: there is no key\n"},
		{"pods never run",
			[]rehearsal.Release{{Name: "coder-provisioner", Objects: 2, Placed: 1, Waiting: 1, Stuck: 2, Reasons: []string{"no node"}}},
			"  in it        2 objects in 1 of 1 release, 1 pod on nodes, 1 pod waiting for what comes after this, 2 pods that cannot run\n" +
				"  waiting      3 pods of coder-provisioner: no node\n"},
		{"a chart cannot be had", []rehearsal.Release{{Name: "coder", Chart: "coder", Version: "2.35.1", Unrendered: "no such host"},
			{Name: "foundation", Objects: 1}},
			"  in it        1 object in 1 of 2 releases, 0 pods on nodes\n  NOT RENDERED coder (chart coder 2.35.1): no such host\n" +
				"               What these install was not checked. `coderaws charts fetch` fetches charts once, where there is a\n" +
				"               network; CODERAWS_CHARTS names directories that hold them.\n"},
	} {
		var b strings.Builder
		writeReleases(&b, test.releases)
		if diff := cmp.Diff(test.want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestStuckPods: a release that does not wait for its pods is installed without them, and a rehearsal says so.
func TestStuckPods(t *testing.T) {
	report := &rehearsal.Report{Places: []rehearsal.Life{{Releases: []rehearsal.Release{{Name: "coder-provisioner", Waiting: 3, Stuck: 2,
		Reasons: []string{"no node"}}}}}}
	if report.Good() {
		t.Error("pods that never run are good")
	}
	err := badLife(report)
	for _, want := range []string{"2 pods of release coder-provisioner cannot run"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	report.Places[0].Releases[0].Stuck = 0
	if !report.Good() {
		t.Error("pods that wait for what comes later are not good")
	}
}

// TestLostKey: what is kept and cannot be read is no promise kept, and the report says what to do.
func TestLostKey(t *testing.T) {
	lost := rehearsal.Remainder{Type: "aws_db_snapshot", ID: "last", Region: "us-east-1", Key: "arn:aws:kms:own", KeyDeleted: true}
	err := badLife(&rehearsal.Report{Kept: []rehearsal.Remainder{lost, {Type: "aws_db_snapshot", ID: "good", Key: "arn:aws:kms:other"}}})
	list := diagnostic.From(err)
	if len(list) != 1 || list[0].Code != "rehearse.key_deleted" || list[0].Todo == "" ||
		!strings.Contains(list[0].Summary, "aws_db_snapshot last in us-east-1 is kept, but nobody can restore it") {
		t.Errorf("a lost key is reported as %v", err)
	}
}
