package progress

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// jsonFormat numbers the form of the lines. Fields may be added without a new number; none is removed or changed.
const jsonFormat = 1

// Line is one line of the JSON reporter.
type Line struct {
	// Format is set on begin lines only.
	Format int       `json:"format,omitempty"`
	Time   time.Time `json:"time"`
	// Event is begin, start, progress, complete, error, notice or end.
	Event   string `json:"event"`
	Verb    string `json:"verb"`
	Subject string `json:"subject"`
	Address string `json:"address,omitempty"`
	Module  string `json:"module,omitempty"`
	Action  string `json:"action,omitempty"`
	// ElapsedSeconds is the step's own time on progress, complete and error, and the operation's on end.
	ElapsedSeconds float64 `json:"elapsed_seconds,omitempty"`
	Done           int     `json:"done"`
	Failed         int     `json:"failed,omitempty"`
	Total          int     `json:"total"`
	Message        string  `json:"message,omitempty"`
	// OK is set on end lines only.
	OK *bool `json:"ok,omitempty"`
}

type jsonLines struct {
	now func() time.Time

	mu      sync.Mutex
	tracker *tracker
	out     *jsonOut
}

// jsonOut is what several Reporters may write to at the same time.
type jsonOut struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

// NewJSON returns a Reporter that writes a Line, as one line of JSON, for each event of a resource.
func NewJSON(w io.Writer, now func() time.Time) Reporter {
	encoder := json.NewEncoder(diagnostic.VisibleWriter(w))
	encoder.SetEscapeHTML(false)
	return &jsonLines{now: now, out: &jsonOut{encoder: encoder}}
}

func (j *jsonLines) Begin(operation Operation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tracker = newTracker(operation, j.now)
	j.write(Line{Format: jsonFormat, Event: "begin"})
}

// lineEvents are the engine's events that become lines.
var lineEvents = map[engine.EventType]string{
	engine.EventApplyStart:    "start",
	engine.EventApplyProgress: "progress",
	engine.EventApplyComplete: "complete",
	engine.EventApplyErrored:  "error",
}

func (j *jsonLines) Event(e engine.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	name, shown := lineEvents[e.Type]
	if j.tracker == nil || !shown || e.Hook == nil {
		return
	}
	line := Line{
		Event: name, Address: e.Hook.Resource.Address, Module: Module(e.Hook.Resource.Module), Action: e.Hook.Action,
	}
	if f, ok := j.tracker.flights[flightKey{line.Address, line.Action}]; ok && name != "start" {
		line.ElapsedSeconds = j.now().Sub(f.began).Seconds()
	}
	j.tracker.event(e)
	j.write(line)
}

func (j *jsonLines) Notice(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.write(Line{Event: "notice", Message: text})
}

func (j *jsonLines) End(ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.tracker == nil {
		return
	}
	j.write(Line{Event: "end", OK: &ok, ElapsedSeconds: j.now().Sub(j.tracker.began).Seconds()})
	j.tracker = nil
}

func (j *jsonLines) write(line Line) {
	line.Time = j.now().UTC()
	if j.tracker != nil {
		sum := j.tracker.sums()
		line.Verb, line.Subject = j.tracker.operation.Verb, j.tracker.operation.Subject
		line.Done, line.Failed, line.Total = sum.done, sum.failed, sum.total
	}
	j.out.mu.Lock()
	defer j.out.mu.Unlock()
	_ = j.out.encoder.Encode(line) // a reader that went away must not stop the run
}
