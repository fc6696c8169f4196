package engine

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// stateLocked is the code of the finding that somebody else holds the lock of a state.
const stateLocked = "engine.state_locked"

// lockLine is a line of what the engines print of a lock.
var lockLine = regexp.MustCompile(`(?m)^\W*(ID|Path|Operation|Who|Created):[ \t]+(\S.*?)\s*$`)

// lockTime is how they print the time, which is that of Go's time.Time.String.
const lockTime = "2006-01-02 15:04:05.999999999 -0700 MST"

// explainLock says who holds a lock since when, and how it is released, in place of the engine's own text.
func (s *Stack) explainLock(d *diagnostic.Diagnostic, text string) {
	lock := map[string]string{}
	for _, match := range lockLine.FindAllStringSubmatch(text, -1) {
		lock[match[1]] = match[2]
	}
	if lock["ID"] == "" || lock["Who"] == "" {
		return // another form than is known: the engine's words stay
	}
	doing := strings.ToLower(strings.TrimPrefix(lock["Operation"], "OperationType"))
	d.Summary = fmt.Sprintf("the state is locked by %s", lock["Who"])
	if since, err := time.Parse(lockTime, lock["Created"]); err == nil {
		d.Summary += " since " + since.UTC().Format(time.RFC3339)
	}
	if doing != "" {
		d.Summary += " (" + doing + ")"
	}
	d.Why = "two runs at once would damage the state"
	if lock["Path"] != "" {
		d.Why += " " + lock["Path"]
	}
	d.Todo = fmt.Sprintf("wait until that run has ended; if it is certain that it has died, release its lock: %s",
		s.Command("force-unlock", lock["ID"]))
}
