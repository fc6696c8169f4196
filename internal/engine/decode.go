package engine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// Decode reads events from r until its end and gives each to sink. Lines may have any length: an outputs event of several
// hundred kilobytes is ordinary. Empty lines are skipped, a line that is not a JSON object becomes an EventText, and an
// unfinished last line (of a process that was killed) is treated like any other. The error is r's own; nil at io.EOF.
func Decode(r io.Reader, sink Sink) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			sink(decodeLine(line))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
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
