package stepfunctions

import (
	"fmt"
	"maps"
	"slices"
	"time"

	jsonata "github.com/blues/jsonata-go"
)

// Failure is an error by its name, such as Eks.ResourceInUseException, and its cause.
type Failure struct{ Error, Cause string }

// Caller carries out the call of a task, so long after the start of the execution. It returns what the service answers, in the form of
// the AWS SDK, and how long it takes.
type Caller func(after time.Duration, resource string, arguments map[string]any) (result any, took time.Duration, failure *Failure)

// Execution is one run of a state machine.
type Execution struct {
	// Name and Start are what the context object says of the execution.
	Name  string
	Start time.Time
	// Input is the JSON value that it was started with.
	Input any
	// Call carries out tasks. Required.
	Call Caller
	// Transition is how long Step Functions takes to come to the next state.
	Transition time.Duration
}

// Outcome is how an execution ended.
type Outcome struct {
	// Output is the result of one that succeeded.
	Output any
	// Failure is why it failed; nil if it did not.
	Failure *Failure
	// Took is how long it took, waits and retries included.
	Took time.Duration
	// Transitions are the steps from state to state, by which Step Functions bills.
	Transitions int
}

// mostSteps ends a state machine that goes round in circles: AWS keeps 25,000 events of one execution, about five for each step.
const mostSteps = 5000

// Run runs a state machine to its end. Only state machines that use JSONata are run: one with JSONPath fails with States.Runtime.
func (m *Machine) Run(e Execution) Outcome {
	r := &runner{Execution: e, queries: queries{map[string]*jsonata.Expr{}}}
	output, took, failure := r.machine(m, m.QueryLanguage, e.Input, scope{}, 0)
	if limit := time.Duration(m.TimeoutSeconds * float64(time.Second)); limit > 0 && took > limit {
		return Outcome{Failure: &Failure{"States.Timeout", ""}, Took: limit, Transitions: r.steps}
	}
	return Outcome{output, failure, took, r.steps}
}

type runner struct {
	Execution
	queries
	steps int
}

// scope is what expressions know beside their state: variables, and the item of a Map.
type scope struct {
	variables map[string]any
	item      map[string]any
}

// machine runs states from the first one to an end. at is when, from the start of the execution; took is how long until the end.
func (r *runner) machine(m *Machine, language string, input any, known scope, at time.Duration) (output any, took time.Duration,
	failure *Failure) {
	known.variables = maps.Clone(known.variables)
	if known.variables == nil {
		known.variables = map[string]any{}
	}
	name := m.StartAt
	for {
		s := m.States[name]
		r.steps++
		switch {
		case s == nil:
			return nil, took, &Failure{"States.Runtime", fmt.Sprintf("there is no state %q", name)}
		case s.language(language) != "JSONata":
			return nil, took, &Failure{"States.Runtime", fmt.Sprintf("state %q uses JSONPath, which the embedded AWS does not run", name)}
		case r.steps > mostSteps:
			return nil, took, &Failure{"States.Runtime", "The execution reached the maximum number of history events."}
		}
		took += r.Transition
		result := r.state(s, language, visit{name, input, known, at + took})
		took += result.took
		if result.failure != nil {
			return nil, took, result.failure
		}
		maps.Copy(known.variables, result.assigned)
		if result.next == "" {
			return result.output, took, nil
		}
		name, input = result.next, result.output
	}
}

// visit is the coming to a state.
type visit struct {
	name  string
	input any
	scope
	at time.Duration
}

// step is what came of a visit.
type step struct {
	output   any
	assigned map[string]any
	next     string
	took     time.Duration
	failure  *Failure
}

// names are the variables of the expressions of a visit.
func (r *runner) names(v visit, more map[string]any) map[string]any {
	context := map[string]any{
		"Execution": map[string]any{"Name": r.Name, "Input": r.Input, "StartTime": r.Start.UTC().Format(time.RFC3339)},
		"State":     map[string]any{"Name": v.name, "EnteredTime": r.Start.Add(v.at).UTC().Format(time.RFC3339)},
	}
	if v.item != nil {
		context["Map"] = map[string]any{"Item": v.item}
	}
	given := map[string]any{"input": v.input, "context": context}
	maps.Copy(given, more)
	names := maps.Clone(v.variables)
	names["states"] = given
	return names
}

// state does what a state does, with its retries and its catchers.
func (r *runner) state(s *State, language string, v visit) step {
	tries := make([]int, len(s.Retry))
	var waited time.Duration
	for {
		again := v
		again.at += waited
		result := r.once(s, language, again)
		waited += result.took
		if result.failure == nil {
			result.took = waited
			return result
		}
		if pause, retry := s.retry(result.failure.Error, tries); retry {
			waited += pause
			continue
		}
		result = r.caught(s, v, result.failure)
		result.took = waited
		return result
	}
}

// retry says whether and after which time to try again, and counts.
func (s *State) retry(name string, tries []int) (time.Duration, bool) {
	for i, retrier := range s.Retry {
		if !catches(retrier.ErrorEquals, name) {
			continue
		}
		interval, most, rate := 1.0, 3, 2.0
		if retrier.IntervalSeconds != nil {
			interval = *retrier.IntervalSeconds
		}
		if retrier.MaxAttempts != nil {
			most = *retrier.MaxAttempts
		}
		if retrier.BackoffRate != nil {
			rate = *retrier.BackoffRate
		}
		if tries[i] >= most {
			return 0, false
		}
		for range tries[i] {
			interval *= rate
		}
		if retrier.MaxDelaySeconds != nil {
			interval = min(interval, *retrier.MaxDelaySeconds)
		}
		tries[i]++
		return time.Duration(interval * float64(time.Second)), true
	}
	return 0, false
}

// catches reports whether an error is among those named. States.ALL leaves out what no state can deal with.
func catches(names []string, name string) bool {
	return slices.Contains(names, name) ||
		slices.Contains(names, "States.ALL") && name != "States.Runtime" && name != "States.DataLimitExceeded" ||
		slices.Contains(names, "States.TaskFailed") && name != "States.Timeout" && name != "States.Runtime"
}

func (r *runner) caught(s *State, v visit, failure *Failure) step {
	for _, catcher := range s.Catch {
		if !catches(catcher.ErrorEquals, failure.Error) {
			continue
		}
		problem := map[string]any{"Error": failure.Error, "Cause": failure.Cause}
		names := r.names(v, map[string]any{"errorOutput": problem})
		output, wrong := any(problem), (*Failure)(nil)
		if catcher.Output != nil {
			output, wrong = r.evaluate(catcher.Output, names)
		}
		assigned, also := r.assign(catcher.Assign, names)
		if wrong == nil {
			wrong = also
		}
		return step{output: output, assigned: assigned, next: catcher.Next, failure: wrong}
	}
	return step{failure: failure}
}

func (r *runner) assign(values, names map[string]any) (map[string]any, *Failure) {
	if values == nil {
		return nil, nil
	}
	result, failure := r.evaluate(values, names)
	assigned, _ := result.(map[string]any)
	return assigned, failure
}
