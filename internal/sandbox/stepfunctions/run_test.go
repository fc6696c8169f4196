package stepfunctions

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type object = map[string]any

// play runs states with an input; answers are what calls get, one after the other, the last for good.
func play(t *testing.T, definition string, input any, answers ...any) (Outcome, []object) {
	t.Helper()
	if found := Check(definition); found != nil {
		t.Fatal(found)
	}
	m, err := Parse(definition)
	if err != nil {
		t.Fatal(err)
	}
	var calls []object
	outcome := m.Run(Execution{
		Name: "test", Start: time.Date(2026, 11, 23, 11, 45, 0, 0, time.UTC), Input: input,
		Call: func(after time.Duration, resource string, arguments map[string]any) (any, time.Duration, *Failure) {
			answer := answers[min(len(calls), len(answers)-1)]
			calls = append(calls, object{"after": after.Seconds(), "arguments": arguments})
			if failure, failed := answer.(*Failure); failed {
				return nil, time.Second, failure
			}
			return answer, time.Second, nil
		},
	})
	return outcome, calls
}

// TestRun is the specification of what states do: each row is a state machine, its input, and its output.
func TestRun(t *testing.T) {
	for _, test := range []struct {
		name, start, states string
		input, want         any
	}{
		{"a pass hands on its input", "A", `"A": {"Type": "Pass", "End": true}`, object{"n": 1.0}, object{"n": 1.0}},
		{"an output replaces it", "A",
			`"A": {"Type": "Pass", "Output": {"m": "{% $states.input.n + 1 %}", "text": "n", "all": ["{% $states.input.n %}", 2]}, "End": true}`,
			object{"n": 1.0}, object{"m": 2.0, "text": "n", "all": []any{1.0, 2.0}}},
		{"an output of null is one", "A", `"A": {"Type": "Pass", "Output": null, "End": true}`, 1.0, nil},
		{"variables are remembered", "A",
			`"A": {"Type": "Pass", "Assign": {"n": "{% $states.input.n %}"}, "Output": 0, "Next": "B"}, "B": {"Type": "Succeed", "Output": "{% $n * 10 %}"}`,
			object{"n": 4.0}, 40.0},
		{"the first condition that holds decides", "A",
			`"A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input > 5 %}", "Next": "Big"}, {"Condition": "{% $states.input > 1 %}", "Next": "Medium"}], "Default": "Small"},
			"Big": {"Type": "Succeed", "Output": "big"}, "Medium": {"Type": "Succeed", "Output": "medium"}, "Small": {"Type": "Succeed", "Output": "small"}`, 3.0, "medium"},
		{"and the default if none does", "A",
			`"A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input > 5 %}", "Next": "Big"}], "Default": "Small"},
			"Big": {"Type": "Succeed", "Output": "big"}, "Small": {"Type": "Succeed", "Output": "small"}`, 3.0, "small"},
		{"a map goes through all items", "M",
			`"M": {"Type": "Map", "Items": "{% $states.input.list %}", "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $states.input * 2 %}", "End": true}}}, "End": true}`,
			object{"list": []any{1.0, 2.0, 3.0}}, []any{2.0, 4.0, 6.0}},
		{"a map of one item stays a list", "M",
			`"M": {"Type": "Map", "Items": "{% $states.input.list %}", "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "End": true}`,
			object{"list": []any{object{"a": 1.0}}}, []any{object{"a": 1.0}}},
		{"a map chooses what an item is", "M",
			`"M": {"Type": "Map", "Items": "{% $states.input %}", "ItemSelector": {"at": "{% $states.context.Map.Item.Index %}", "value": "{% $states.context.Map.Item.Value %}"},
			"ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "End": true}`, []any{"x", "y"}, []any{object{"at": 0.0, "value": "x"}, object{"at": 1.0, "value": "y"}}},
		{"a task answers", "T", `"T": {` + describe + `, "Output": "{% $states.result.size %}", "End": true}`, object{}, 7.0},
		{"the context tells the time", "A",
			`"A": {"Type": "Wait", "Seconds": 60, "Next": "B"}, "B": {"Type": "Succeed", "Output": "{% $states.context.State.EnteredTime %}"}`, nil,
			"2026-11-23T11:46:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			outcome, _ := play(t, machine(test.start, test.states), test.input, object{"size": 7.0})
			if outcome.Failure != nil {
				t.Fatal(*outcome.Failure)
			}
			if diff := cmp.Diff(test.want, outcome.Output); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunFails(t *testing.T) {
	for _, test := range []struct {
		name, start, states string
		want                Failure
	}{
		{"a state that fails", "A", `"A": {"Type": "Fail", "Error": "Late", "Cause": "{% 'It is ' & $states.input.hour & '.' %}"}`,
			Failure{"Late", "It is 8."}},
		{"what is not there", "A", `"A": {"Type": "Pass", "Output": "{% $states.input.none %}", "End": true}`,
			Failure{"States.QueryEvaluationError", "The JSONata expression '$states.input.none' returned nothing (undefined)."}},
		{"no choice", "A", `"A": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "B"}]}, "B": {"Type": "Succeed"}`,
			Failure{"States.NoChoiceMatched", "No choice matched, and there is no default."}},
		{"no list", "A",
			`"A": {"Type": "Map", "Items": "{% $states.input %}", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}`,
			Failure{"States.QueryEvaluationError", "The items of a Map state are no array."}},
		{"JSONPath", "A", `"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}`,
			Failure{"States.Runtime", `state "A" uses JSONPath, which the embedded AWS does not run`}},
		{"an endless circle", "A",
			`"A": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "B"}], "Default": "A"}, "B": {"Type": "Succeed"}`,
			Failure{"States.Runtime", "The execution reached the maximum number of history events."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			outcome, _ := play(t, machine(test.start, test.states), object{"hour": 8.0})
			if outcome.Failure == nil {
				t.Fatalf("it succeeds with %v", outcome.Output)
			}
			if diff := cmp.Diff(test.want, *outcome.Failure); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const retry = `"Retry": [{"ErrorEquals": ["Eks.InvalidParameterException"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 2, "MaxDelaySeconds": 30, "MaxAttempts": 4}],
	"Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "Caught"}], "Next": "Done"}, "Caught": {"Type": "Succeed"}, "Done": {"Type": "Succeed", "Output": "done"}`

func TestRetries(t *testing.T) {
	busy, wrong := &Failure{"Eks.ResourceInUseException", "busy"}, &Failure{"Eks.InvalidParameterException", "wrong"}
	for _, test := range []struct {
		name    string
		answers []any
		want    any
		// at is when calls are made, in seconds: each takes one, and the waits between them grow.
		at []float64
	}{
		{"an answer at once", []any{object{}}, "done", []float64{0}},
		{"an answer at the third try", []any{busy, busy, object{}}, "done", []float64{0, 11, 32}},
		{"no answer", []any{busy}, "Eks.ResourceInUseException", []float64{0, 11, 32, 63, 94}},
		{"a mistake that no try mends", []any{wrong}, "Eks.InvalidParameterException", []float64{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			outcome, calls := play(t, machine("T", `"T": {`+describe+`, `+retry), nil, test.answers...)
			var at []float64
			for _, call := range calls {
				at = append(at, call["after"].(float64))
			}
			if diff := cmp.Diff(test.want, outcome.Output) + cmp.Diff(test.at, at); diff != "" || outcome.Failure != nil {
				t.Error(diff, outcome.Failure)
			}
		})
	}
}

func TestMapIterationsRunAtOnce(t *testing.T) {
	outcome, calls := play(t, machine("M", `"M": {"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {"T": {`+describe+
		`, "Arguments": {"n": "{% $states.input %}"}, "End": true}}}, "End": true}`),
		[]any{1.0, 2.0, 3.0}, object{})
	if outcome.Took != time.Second || len(calls) != 3 || calls[2]["after"] != 0.0 {
		t.Errorf("took %v for %v", outcome.Took, calls)
	}
}

// TestExecutionsAtOnce: state machines of several worlds run side by side, which the race detector watches.
func TestExecutionsAtOnce(t *testing.T) {
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			outcome, _ := play(t, `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", "Output": "{% $sum($states.input) %}"}}}`,
				[]any{1.0, 2.0, 3.0})
			if outcome.Failure != nil || outcome.Output != 6.0 {
				t.Errorf("got %v, %+v", outcome.Output, outcome.Failure)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	outcome, _ := play(t,
		`{"QueryLanguage": "JSONata", "TimeoutSeconds": 60, "StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 61, "End": true}}}`, nil)
	if outcome.Failure == nil || outcome.Failure.Error != "States.Timeout" || outcome.Took != time.Minute {
		t.Errorf("%+v", outcome)
	}
}
