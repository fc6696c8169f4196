package rehearsal

import "testing"

// TestDoubtsOnce: what a rehearsal is not sure of is said once, in however many regions it is.
func TestDoubtsOnce(t *testing.T) {
	life := Life{Releases: []Release{{Name: "cluster-autoscaler", Chart: "cluster-autoscaler", Version: "9.59.0", Unrendered: "no such host"}}}
	report := &Report{Places: []Life{life, life, life}}
	if doubts := report.doubts(nil); len(doubts) != 1 {
		t.Errorf("%d doubts of one chart in three regions: %q", len(doubts), doubts)
	}
}
