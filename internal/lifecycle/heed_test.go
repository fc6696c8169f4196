package lifecycle

import (
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// TestChecksAreShownOnce: a check of the stack that does not hold is shown in our form, once, and no more as the engine says it; what else
// the engine warns of stays with the plan.
func TestChecksAreShownOnce(t *testing.T) {
	var shown diagnostic.List
	w := &Work{Place: Place{"us-east-1", CloudStack}, runner: &Runner{Warn: func(list diagnostic.List) { shown = append(shown, list...) }}}
	check := diagnostic.Warningf("%s", failedCheck)
	check.Why = "TLS to the database is not verified. Write database_authorities."
	other := diagnostic.Warningf("Argument is deprecated")
	for range 2 {
		if rest := w.heed(diagnostic.List{check, other}); len(rest) != 1 || rest[0] != other {
			t.Errorf("left with the plan is %v", rest)
		}
	}
	if len(shown) != 1 {
		t.Fatalf("shown was %v", shown)
	}
	got := []string{shown[0].Code, shown[0].Summary, shown[0].Todo}
	want := []string{"stack.check", "us-east-1 cloud: TLS to the database is not verified", "Write database_authorities."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
