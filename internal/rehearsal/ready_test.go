package rehearsal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadiness: the platform of a region begins when its cloud is made, and each region has a time of its own; but one that serves the
// Coder of a hub is made after it.
func TestReadiness(t *testing.T) {
	step := func(address string, start, length float64) CriticalStep { return CriticalStep{address, start, length} }
	got := readiness([]Life{
		{Region: "eu-west-1", Stack: "cloud", Up: Duration{600, 400, 900}, Critical: []CriticalStep{step("a", 0, 500), step("b", 500, 100)}},
		{Region: "eu-west-1", Stack: "platform", Up: Duration{120, 60, 300}, Critical: []CriticalStep{step("c", 0, 120)}},
		{Region: "us-east-1", Stack: "cloud", spoke: true, Up: Duration{500, 300, 800}, Critical: []CriticalStep{step("a", 0, 500)}},
		{Region: "us-west-2", Stack: "cloud", spoke: true, Up: Duration{400, 200, 700}, Critical: []CriticalStep{step("a", 0, 400)}},
	})
	want := []Ready{
		{Region: "eu-west-1", Duration: Duration{720, 460, 1200}, Critical: []StackStep{
			{"cloud", step("a", 0, 500)}, {"cloud", step("b", 500, 100)}, {"platform", step("c", 600, 120)},
		}},
		{Region: "us-east-1", Spoke: true, Duration: Duration{1220, 760, 2000}, Critical: []StackStep{{"cloud", step("a", 720, 500)}}},
		{Region: "us-west-2", Spoke: true, Duration: Duration{1120, 660, 1900}, Critical: []StackStep{{"cloud", step("a", 720, 400)}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := readiness(nil); got == nil {
		t.Error("a life that never began has null, not []")
	}
}
