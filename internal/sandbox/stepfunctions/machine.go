// Package stepfunctions knows the Amazon States Language: what AWS Step Functions refuses in the definition of a state machine, and what a
// state machine does. It runs those that are written with JSONata; the calls of tasks are the caller's, so that it knows no other service
// and no resource. Packages of the embedded AWS import it; it imports nothing of this module.
//
// Source: the specification of the language (states-language.net) and the user guide of Step Functions.
package stepfunctions

import "encoding/json"

// Machine is a state machine, or the part of one that a Map state goes through for each of its items.
type Machine struct {
	Comment        string
	QueryLanguage  string
	StartAt        string
	States         map[string]*State
	TimeoutSeconds float64
	// ProcessorConfig is that of a Map's part.
	ProcessorConfig *struct{ Mode, ExecutionType string }
}

// State is one state. Which fields it may have depends on its type.
type State struct {
	Type, Comment, QueryLanguage string
	Next, Default                string
	End                          bool
	Resource                     string
	// Arguments, Output, Assign, Items, ItemSelector, Seconds, Timestamp, Error and Cause are values in which texts between {% and %}
	// stand for their results.
	Arguments, Output, Items, ItemSelector, Seconds, Timestamp, Error, Cause any
	Assign                                                                   map[string]any
	ItemProcessor                                                            *Machine
	MaxConcurrency                                                           any
	TimeoutSeconds                                                           any
	Choices                                                                  []Choice
	Retry                                                                    []Retrier
	Catch                                                                    []Catcher
	Branches                                                                 []*Machine
	// hasOutput tells an Output of null from none.
	hasOutput bool
}

// Choice is one way on from a Choice state.
type Choice struct {
	Condition any
	Next      string
	Assign    map[string]any
	Output    any
}

// Retrier says how often a task is tried again after an error.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds *float64
	MaxAttempts     *int
	BackoffRate     *float64
	MaxDelaySeconds *float64
	JitterStrategy  string
}

// Catcher says where to go on after an error.
type Catcher struct {
	ErrorEquals []string
	Next        string
	Output      any
	Assign      map[string]any
}

// Parse reads a definition. It reads any JSON object; Check says what is wrong with one.
func Parse(text string) (*Machine, error) {
	m := &Machine{}
	return m, json.Unmarshal([]byte(text), m)
}

// UnmarshalJSON notes besides which of the optional values there are.
func (s *State) UnmarshalJSON(text []byte) error {
	type plain State
	if err := json.Unmarshal(text, (*plain)(s)); err != nil {
		return err
	}
	var there map[string]json.RawMessage
	if err := json.Unmarshal(text, &there); err != nil {
		return err
	}
	_, s.hasOutput = there["Output"]
	return nil
}

// targets lists the states that a state names, with the place of each name.
func (s *State) targets() []target {
	var all []target
	add := func(name, place string) {
		if name != "" {
			all = append(all, target{name, place})
		}
	}
	add(s.Next, "/Next")
	for i, c := range s.Choices {
		add(c.Next, place("/Choices", i, "/Next"))
	}
	add(s.Default, "/Default")
	for i, c := range s.Catch {
		add(c.Next, place("/Catch", i, "/Next"))
	}
	return all
}

type target struct{ name, place string }

// language is the query language of a state in a machine: its own, or the machine's, or JSONPath.
func (s *State) language(m string) string {
	switch {
	case s.QueryLanguage != "":
		return s.QueryLanguage
	case m != "":
		return m
	}
	return "JSONPath"
}
