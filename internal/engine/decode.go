package engine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// maxLine bounds a line of events in bytes: an outputs event of several hundred kilobytes is ordinary, and 64 MiB are a program that
// writes no events.
const maxLine = 64 << 20

// errLongLine says that a line was passed over.
var errLongLine = fmt.Errorf("it wrote a line of more than %d MiB, which is no event; what it said there is lost", maxLine>>20)

// Decode reads events from r until its end and gives each to sink. Empty lines are skipped, a line that is not a JSON object becomes an
// EventText, and an unfinished last line (of a process that was killed) is treated like any other. A line that is longer than any event is
// passed over, and is an error at the end, as the process is not to stop for it; other errors are r's own. Nil at io.EOF.
func Decode(r io.Reader, sink Sink) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	var long error
	for {
		line, err := readLine(lines)
		if errors.Is(err, errLongLine) {
			long = err
			continue
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			sink(decodeLine(line))
		}
		if errors.Is(err, io.EOF) {
			return long
		}
		if err != nil {
			return err
		}
	}
}

// readLine reads a line with its end, or passes over one that is too long.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for long := false; ; {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLongLine // the end is found again by the next call
		default:
			return line, err
		}
	}
}

// envelope is the common head of all events.
type envelope struct {
	Level   string    `json:"@level"`
	Message string    `json:"@message"`
	Time    string    `json:"@timestamp"`
	Type    EventType `json:"type"`
}

func decodeLine(line []byte) Event {
	var head envelope
	if line[0] != '{' || json.Unmarshal(line, &head) != nil {
		return Event{Type: EventText, Message: string(line), Raw: json.RawMessage(line)}
	}
	event := Event{Type: head.Type, Level: head.Level, Message: head.Message, Raw: json.RawMessage(line)}
	if at, err := time.Parse(time.RFC3339Nano, head.Time); err == nil {
		event.Time = at
	}
	decodeBody(line, &event)
	return event
}

// decodeBody fills in the payload of the event types that are known. A payload of another shape, from a newer engine, leaves
// the event without one: its message and raw text remain.
func decodeBody(line []byte, event *Event) {
	switch event.Type {
	case EventDiagnostic:
		var body struct{ Diagnostic *tfjson.Diagnostic }
		if json.Unmarshal(line, &body) == nil {
			event.Diagnostic = body.Diagnostic
		}
	case EventPlannedChange, EventResourceDrift:
		var body struct{ Change *Change }
		if json.Unmarshal(line, &body) == nil {
			event.Change = body.Change
		}
	case EventChangeSummary:
		var body struct{ Changes *ChangeSummary }
		if json.Unmarshal(line, &body) == nil {
			event.Changes = body.Changes
		}
	case EventOutputs:
		var body struct{ Outputs map[string]Output }
		if json.Unmarshal(line, &body) == nil {
			event.Outputs = body.Outputs
		}
	case EventApplyStart, EventApplyProgress, EventApplyComplete, EventApplyErrored, EventRefreshStart, EventRefreshComplete,
		EventSetAside, "provision_start", "provision_progress", "provision_complete", "provision_errored":
		var body struct{ Hook *Hook }
		if json.Unmarshal(line, &body) == nil {
			event.Hook = body.Hook
		}
	}
}
