package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// stillInterval is how often a long step is mentioned again in plain lines. The engine reports every ten seconds, which fills
// a log with one sentence.
const stillInterval = time.Minute

// plain writes one line for each thing that is news.
type plain struct {
	w   io.Writer
	now func() time.Time

	mu      sync.Mutex
	tracker *tracker
	// mentioned is when a step was last written about.
	mentioned map[flightKey]time.Time
	last      string
}

// NewPlain returns a Reporter for logs: a line when a step has ended, and once a minute for one that takes long. It writes no
// control characters and no line twice in a row.
func NewPlain(w io.Writer, now func() time.Time) Reporter {
	return &plain{w: diagnostic.VisibleWriter(w), now: now}
}

func (p *plain) Begin(operation Operation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tracker = newTracker(operation, p.now)
	p.mentioned = map[flightKey]time.Time{}
	text := operation.Verb + " " + operation.Subject
	if operation.Totals != nil {
		text += fmt.Sprintf(": %d steps", p.tracker.sums().total)
	}
	p.line(text)
}

func (p *plain) Event(e engine.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tracker == nil {
		return
	}
	var began time.Time
	if e.Hook != nil {
		began = p.tracker.flights[flightKey{e.Hook.Resource.Address, e.Hook.Action}].began
	}
	if !p.tracker.event(e) || e.Hook == nil || p.tracker.planning() {
		return
	}
	key := flightKey{e.Hook.Resource.Address, e.Hook.Action}
	elapsed := p.now().Sub(began)
	switch e.Type {
	case engine.EventApplyStart:
		p.mentioned[key] = p.now()
	case engine.EventApplyProgress:
		if p.now().Sub(p.mentioned[key]) >= stillInterval {
			p.mentioned[key] = p.now()
			p.line(fmt.Sprintf("%s %s still %s after %s", p.count(), key.address, doing(key.action), rounded(elapsed)))
		}
	case engine.EventApplyComplete:
		p.line(fmt.Sprintf("%s %s %s in %s", p.count(), key.address, done(key.action), rounded(elapsed)))
	case engine.EventApplyErrored:
		p.line(fmt.Sprintf("%s %s FAILED %s after %s", p.count(), key.address, doing(key.action), rounded(elapsed)))
	}
}

func (p *plain) count() string {
	sum := p.tracker.sums()
	return fmt.Sprintf("[%d/%d]", sum.done, max(sum.total, sum.done+sum.failed))
}

func (p *plain) Notice(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line(text)
}

func (p *plain) End(ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tracker == nil {
		return
	}
	how := "done in"
	if !ok {
		how = "failed after"
	}
	o := p.tracker.operation
	p.line(fmt.Sprintf("%s %s %s %s", o.Verb, o.Subject, how, rounded(p.now().Sub(p.tracker.began))))
	p.tracker = nil
}

func (p *plain) line(text string) {
	if text != p.last {
		fmt.Fprintln(p.w, text)
		p.last = text
	}
}
