package engine

import (
	"encoding/json"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// EventType is the kind of an event, as the engine names it (machine-readable UI, version 1.x).
type EventType string

// Event types that coderaws acts on. Others are passed on as they come; see Event.Raw.
const (
	EventVersion         EventType = "version"
	EventLog             EventType = "log"
	EventDiagnostic      EventType = "diagnostic"
	EventInitOutput      EventType = "init_output"
	EventPlannedChange   EventType = "planned_change"
	EventResourceDrift   EventType = "resource_drift"
	EventChangeSummary   EventType = "change_summary"
	EventOutputs         EventType = "outputs"
	EventRefreshStart    EventType = "refresh_start"
	EventRefreshComplete EventType = "refresh_complete"
	EventApplyStart      EventType = "apply_start"
	EventApplyProgress   EventType = "apply_progress"
	EventApplyComplete   EventType = "apply_complete"
	EventApplyErrored    EventType = "apply_errored"
	// EventSetAside is a line of a journal that is ours: a resource was taken out of the state and stays where it is. See SetAside.
	EventSetAside EventType = "set_aside"
	// EventText is a line that is not a JSON object: something wrote past the event stream.
	EventText EventType = "text"
)

// Event is one line of the engine's machine-readable output.
type Event struct {
	Type    EventType
	Level   string
	Message string
	Time    time.Time
	// Hook is set for refresh_*, apply_* and provision_* events.
	Hook *Hook
	// Change is set for planned_change and resource_drift.
	Change *Change
	// Changes is set for change_summary. A failed plan writes one of zeroes, so it says nothing until the run has ended well.
	Changes *ChangeSummary
	// Outputs is set for outputs: with values after an apply, and without while planning.
	Outputs map[string]Output
	// Diagnostic is set for diagnostic.
	Diagnostic *tfjson.Diagnostic
	// Raw is the whole line without its newline, so that nothing of an unknown event is lost.
	Raw json.RawMessage
}

// Resource identifies one resource instance.
type Resource struct {
	Address string `json:"addr"`
	// Module is the address of the module that holds it, such as module.network; empty for the root module.
	Module string `json:"module"`
	Type   string `json:"resource_type"`
	Name   string `json:"resource_name"`
}

// Hook reports one step of the work on a resource.
type Hook struct {
	Resource Resource `json:"resource"`
	// Action is create, read, update, delete or noop.
	Action string `json:"action"`
	// IDKey and IDValue give the identifying attribute once it is known.
	IDKey   string `json:"id_key"`
	IDValue string `json:"id_value"`
	// ElapsedSeconds counts whole seconds since the step began.
	ElapsedSeconds float64 `json:"elapsed_seconds"`
}

// Change announces what will be done to a resource, or (resource_drift) what was done to it outside of Terraform.
type Change struct {
	Resource Resource `json:"resource"`
	// Action is noop, create, read, update, replace, delete, move, import or forget.
	Action string `json:"action"`
	// Reason explains a replacement or a deletion, if the engine gives one.
	Reason string `json:"reason"`
}

// ChangeSummary counts changes; a replacement counts as one added and one removed.
type ChangeSummary struct {
	Add    int `json:"add"`
	Change int `json:"change"`
	Import int `json:"import"`
	Remove int `json:"remove"`
	// Operation is plan, apply or destroy.
	Operation string `json:"operation"`
}
