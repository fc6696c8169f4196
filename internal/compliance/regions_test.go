package compliance

import (
	"slices"
	"testing"
)

// TestUnrenderedOnce: what is not known of a release is said once, in however many regions it is.
func TestUnrenderedOnce(t *testing.T) {
	subject := &Subject{Places: []Place{{Unrendered: []string{"cluster-autoscaler"}}, {Unrendered: []string{"cluster-autoscaler", "coder"}}}}
	report := &Report{}
	report.noteUnrendered(subject.Places)
	if want := []string{"cluster-autoscaler", "coder"}; !slices.Equal(report.Unrendered, want) {
		t.Errorf("%q, instead of %q", report.Unrendered, want)
	}
}
