package stepfunctions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machine writes a state machine with these states.
func machine(start, states string) string {
	return `{"QueryLanguage": "JSONata", "StartAt": "` + start + `", "States": {` + states + `}}`
}

const describe = `"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:eks:describeNodegroup"`

// TestCheck is the specification of what Step Functions says about definitions.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, definition string
		want             []string
	}{
		{"one state", machine("A", `"A": {"Type": "Pass", "End": true}`), nil},
		{"a way through", machine("A", `"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Succeed"}`), nil},
		{"a state that there is not, and one that nothing leads to",
			machine("pass1", `"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": {"Type": "Pass", "End": true}`),
			[]string{`MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next`,
				`MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2`}},
		{"a start that there is not", machine("Z", `"A": {"Type": "Succeed"}`),
			[]string{`MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /StartAt`,
				`MISSING_TRANSITION_TARGET: State "A" is not reachable. at /States/A`}},
		{"a choice that leads nowhere",
			machine("A", `"A": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "X"}], "Default": "B"}, "B": {"Type": "Succeed"}`),
			[]string{`MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Choices[0]/Next`}},
		{"an error that leads nowhere", machine("A", `"A": {`+describe+`, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "X"}], "End": true}`),
			[]string{`MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Catch[0]/Next`}},
		{"a circle", machine("A", `"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}`),
			[]string{`MISSING_END_STATE: Workflow has no terminal state`}},
		{"a call that EKS does not have",
			machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:eks:scaleNodegroup", "End": true}`),
			[]string{
				`SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:eks:scaleNodegroup is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/A/Resource`}},
		{"a call of another service", machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}`), nil},
		{"a function", machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}`), nil},
		{"a map whose part is wrong",
			machine("M", `"M": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}, "End": true}`),
			[]string{`MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/M/ItemProcessor/States/A/Next`,
				`MISSING_END_STATE: Workflow has no terminal state`}},
		{"a name twice",
			machine("M", `"M": {"Type": "Map", "ItemProcessor": {"StartAt": "M", "States": {"M": {"Type": "Succeed"}}}, "End": true}`),
			[]string{`DUPLICATE_STATE_NAME: Duplicate State name: M at /States/M/ItemProcessor/States/M`}},
		{"no JSON", `{`, []string{"INVALID_JSON_DESCRIPTION: unexpected end of JSON input"}},
		{"no states", `{"StartAt": "A"}`, []string{"SCHEMA_VALIDATION_FAILED: The field 'States' is required"}},
		{"an unknown type", machine("A", `"A": {"Type": "Sleep", "End": true}`),
			[]string{`SCHEMA_VALIDATION_FAILED: Value "Sleep" is not one of the types of states at /States/A/Type`}},
		{"neither end nor next", machine("A", `"A": {"Type": "Pass"}, "B": {"Type": "Succeed"}`),
			[]string{"SCHEMA_VALIDATION_FAILED: A state of type Pass has either Next or End at /States/A",
				`MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Check(test.definition)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckFindsBadExpressions(t *testing.T) {
	for _, state := range []string{
		`{"Type": "Pass", "Output": {"a": ["{% $states. %}"]}, "End": true}`,
		`{"Type": "Wait", "Seconds": "{% 1 + %}", "End": true}`,
		`{"Type": "Fail", "Cause": "{% 'no end %}"}`,
	} {
		found := Check(machine("A", `"A": `+state))
		if len(found) != 1 || !strings.Contains(found[0], "is not valid") || !strings.Contains(found[0], " at /States/A/") {
			t.Errorf("%s: %v", state, found)
		}
	}
}
