package progress

import (
	"maps"
	"slices"
	"strings"
	"time"

	"coderaws/internal/engine"
)

// tracker counts the steps of one operation.
type tracker struct {
	operation Operation
	now       func() time.Time
	began     time.Time
	modules   map[string]*module
	// flights are the steps that have begun and not ended, by resource address and action.
	flights map[flightKey]flight
	// refreshed and planned count resources while a plan is made.
	refreshed, planned int
}

type module struct {
	name                string
	done, failed, total int
}

type flightKey struct{ address, action string }

type flight struct {
	resource engine.Resource
	action   string
	began    time.Time
}

func newTracker(operation Operation, now func() time.Time) *tracker {
	t := &tracker{
		operation: operation, now: now, began: now(),
		modules: map[string]*module{}, flights: map[flightKey]flight{},
	}
	for name, total := range operation.Totals {
		t.module(name).total = total
	}
	return t
}

func (t *tracker) module(name string) *module {
	m, ok := t.modules[name]
	if !ok {
		m = &module{name: name}
		t.modules[name] = m
	}
	return m
}

// event updates the counts and tells whether anything that is shown has changed.
func (t *tracker) event(e engine.Event) bool {
	switch e.Type {
	case engine.EventRefreshComplete:
		t.refreshed++
		return true
	case engine.EventPlannedChange:
		// An apply announces its plan again; then the totals are known already.
		if t.planning() {
			t.planned++
		}
		return true
	}
	if e.Hook == nil {
		return false
	}
	resource := e.Hook.Resource
	key := flightKey{resource.Address, e.Hook.Action}
	switch e.Type {
	case engine.EventApplyStart:
		t.flights[key] = flight{resource, e.Hook.Action, t.now()}
	case engine.EventApplyComplete:
		delete(t.flights, key)
		if t.planning() {
			t.refreshed++ // data that a plan reads is no step of it
			break
		}
		t.module(Module(resource.Module)).done++
	case engine.EventApplyErrored:
		delete(t.flights, key)
		if t.planning() {
			break
		}
		t.module(Module(resource.Module)).failed++
	default:
		return e.Type == engine.EventApplyProgress
	}
	return true
}

// planning tells whether the operation has no steps of its own to count.
func (t *tracker) planning() bool { return t.operation.Totals == nil }

// slowest returns the step of a module that has been under way for the longest time; with name "", of all.
func (t *tracker) slowest(name string) (flight, bool) {
	var oldest flight
	for _, f := range t.flights {
		if name != "" && Module(f.resource.Module) != name {
			continue
		}
		older := oldest.action == "" || f.began.Before(oldest.began)
		if older || f.began.Equal(oldest.began) && f.resource.Address < oldest.resource.Address {
			oldest = f
		}
	}
	return oldest, oldest.action != ""
}

// inFlight counts a module's steps under way.
func (t *tracker) inFlight(name string) (n int) {
	for _, f := range t.flights {
		if Module(f.resource.Module) == name {
			n++
		}
	}
	return n
}

// sorted lists the modules by name, the root module last.
func (t *tracker) sorted() []*module {
	return slices.SortedFunc(maps.Values(t.modules), func(a, b *module) int {
		if (a.name == Root) != (b.name == Root) {
			return strings.Compare(b.name, a.name) // "(" sorts before letters
		}
		return strings.Compare(a.name, b.name)
	})
}

// sums adds up all modules.
func (t *tracker) sums() (sum module) {
	for _, m := range t.modules {
		sum.done += m.done
		sum.failed += m.failed
		sum.total += m.total
	}
	return sum
}

// relative is a resource's address inside its top-level module, which its line names already.
func relative(r engine.Resource) string {
	return strings.TrimPrefix(r.Address, "module."+Module(r.Module)+".")
}

// verbs are the forms of an action in sentences.
var verbs = map[string]struct{ doing, done string }{
	"create": {"creating", "created"},
	"update": {"updating", "updated"},
	"delete": {"deleting", "deleted"},
	"read":   {"reading", "read"},
	"noop":   {"checking", "checked"},
}

func doing(action string) string {
	if v, ok := verbs[action]; ok {
		return v.doing
	}
	return action
}

func done(action string) string {
	if v, ok := verbs[action]; ok {
		return v.done
	}
	return action
}

// rounded is a duration as a person says it: whole seconds.
func rounded(d time.Duration) string { return d.Round(time.Second).String() }
