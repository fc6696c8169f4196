package cli

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"

	"github.com/google/go-cmp/cmp"
)

// TestWriteScaling is the specification of what a report says about schedules.
func TestWriteScaling(t *testing.T) {
	morning := rehearsal.Scaling{
		Schedule: "office-start", Days: "weekdays", Clock: "06:45", Timezone: "America/New_York", MinBefore: 4, MinAfter: 21, Starting: 17,
		Ready: rehearsal.Duration{Typical: 290, Shortest: 180, Longest: 670},
	}
	evening := rehearsal.Scaling{Schedule: "office-stop", Days: "weekdays", Clock: "18:15", Timezone: "America/New_York",
		MinBefore: 21, MinAfter: 4}
	same := rehearsal.Scaling{Schedule: "office-start", Days: "SUN-THU", Clock: "08:00", Timezone: "Asia/Riyadh", MinBefore: 4, MinAfter: 4}
	late := rehearsal.Scaling{Schedule: "late-start", Days: "every day", Clock: "23:59", Timezone: "UTC", MinBefore: 0, MinAfter: 1,
		Starting: 1, Ready: rehearsal.Duration{Typical: 120, Shortest: 60, Longest: 300}}
	broken := evening
	broken.Failure = "AccessDeniedException: no"
	var b strings.Builder
	writeScaling(&b, []rehearsal.Scaling{morning, evening, same, late, broken})
	if diff := cmp.Diff(`
Working hours, as the schedule moves the least number of nodes:
  weekdays 06:45 America/New_York: minimum 4 -> 21 nodes, ready 06:49 (06:48 to 06:56)
  weekdays 18:15 America/New_York: minimum 21 -> 4 nodes, those in use stay
  SUN-THU 08:00 Asia/Riyadh: minimum 4 -> 4 nodes
  every day 23:59 UTC: minimum 0 -> 1 nodes, ready 00:01 (00:00 to 00:04)
  weekdays 18:15 America/New_York: fails with AccessDeniedException: no
`, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if writeScaling(&b, nil); b.Len() > 0 {
		t.Errorf("without a schedule the report says %q", b.String())
	}
}

func TestBadScaling(t *testing.T) {
	if list := badScaling([]rehearsal.Scaling{{Schedule: "office-start"}}); len(list) > 0 {
		t.Errorf("a schedule that works is told of: %v", list)
	}
	list := badScaling([]rehearsal.Scaling{{Schedule: "office-start", Clock: "06:45", Timezone: "UTC", Failure: "AccessDeniedException: no"}})
	if len(list) != 1 || list[0].Severity != diagnostic.Error || list[0].Why != "AccessDeniedException: no" ||
		list[0].Todo != "correct the roles, the state machine or the sizes of node groups that it names, and rehearse again" {
		t.Errorf("%+v", list)
	}
}
