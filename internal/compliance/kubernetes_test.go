package compliance

import (
	"slices"
	"testing"

	"coderaws/internal/plan"

	"sigs.k8s.io/yaml"
)

// TestUnprivileged: what a container may have for which a pod is taken for one without privileges.
func TestUnprivileged(t *testing.T) {
	const closed = "allowPrivilegeEscalation: false"
	for _, test := range []struct {
		name, context, attribute string
	}{
		{"nothing", "{" + closed + "}", ""},
		{"all capabilities dropped", "{" + closed + ", capabilities: {drop: [ALL]}}", ""},
		{"the one that binds low ports", "{" + closed + ", capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}", ""},
		{"one that configures networks", "{" + closed + ", capabilities: {add: [NET_BIND_SERVICE, NET_ADMIN]}}", "capabilities"},
		{"all of them", "{" + closed + ", capabilities: {add: [ALL]}}", "capabilities"},
		{"privileges", "{" + closed + ", privileged: true}", "privileged"},
		{"a way to more rights, as it is not closed", "{}", "allowPrivilegeEscalation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var values map[string]any
			if err := yaml.Unmarshal([]byte("spec: {containers: [{name: c, securityContext: "+test.context+"}]}"), &values); err != nil {
				t.Fatal(err)
			}
			subject := &Subject{Places: []Place{{Objects: []Object{{Kind: "Pod", Name: "p", Values: plan.Of(values)}}}}}
			got := unprivileged(subject)
			if len(got) != 1 || got[0].Answer != answer(test.attribute == "") || test.attribute != "" && got[0].Attribute != test.attribute {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestCompare: which controls a change breaks, and by what.
func TestCompare(t *testing.T) {
	report := func(failing ...string) *Report {
		check := CheckResult{ID: "c", Answer: answer(len(failing) == 0), Evidence: []Evidence{{Answer: Satisfied, Address: "sound"}}}
		for _, address := range failing {
			check.Evidence = append(check.Evidence, Evidence{Answer: NotSatisfied, Address: address, Attribute: "policy"})
		}
		return &Report{Controls: []ControlResult{{ID: "AC-3", Answer: check.Answer, Checks: []string{"c"}}}, Checks: []CheckResult{check}}
	}
	for _, test := range []struct {
		name          string
		before, after *Report
		breaks, mends bool
		told          []string
	}{
		{"nothing", report(), report(), false, false, nil},
		{"one fails", report(), report("a"), true, false, []string{"a"}},
		{"one fails no more", report("a"), report(), false, true, nil},
		{"one still fails", report("a"), report("a"), false, false, nil},
		{"one more fails", report("a"), report("a", "b"), true, false, []string{"b"}},
		{"one fails instead of another", report("a"), report("b"), true, false, []string{"b"}},
		{"one of two fails no more", report("a", "b"), report("a"), false, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			changes := Compare(test.before, test.after)
			if (len(changes) == 1) != (test.breaks || test.mends) {
				t.Fatalf("%+v", changes)
			}
			for _, change := range changes {
				var told []string
				for _, e := range change.Checks[0].Evidence {
					told = append(told, e.Address)
				}
				if change.Breaks() != test.breaks || change.Mends() != test.mends || !slices.Equal(told, test.told) {
					t.Errorf("%+v", change)
				}
			}
		})
	}
}
