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
		{"a port of its own", "{" + closed + "}, ports: [{containerPort: 80}]", ""},
		{"a port of the node, as its second", "{" + closed + "}, ports: [{containerPort: 80}, {containerPort: 81, hostPort: 81}]", "hostPort"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := unprivileged(podOf(t, "containers: [{name: c, securityContext: "+test.context+"}]"))
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

// TestNodeFiles: which volumes of a pod are files of its node.
func TestNodeFiles(t *testing.T) {
	for _, test := range []struct{ name, volumes, found string }{
		{"no volumes", "[]", ""},
		{"a directory that goes with the pod", "[{name: a, emptyDir: {}}]", ""},
		{"a volume of its own and a secret", "[{name: a, persistentVolumeClaim: {claimName: a}}, {name: b, secret: {secretName: b}}]", ""},
		{"a directory of the node", "[{name: a, hostPath: {path: /var/log}}]", "/var/log"},
		{"the second one", "[{name: a, emptyDir: {}}, {name: b, hostPath: {path: /, type: Directory}}]", "/"},
		{"two of them", "[{name: a, hostPath: {path: /etc}}, {name: b, hostPath: {path: /run}}]", "/etc, /run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := nodeFiles(podOf(t, "volumes: "+test.volumes))
			if len(got) != 1 || got[0].Answer != answer(test.found == "") || test.found != "" && got[0].Found != test.found {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestWorkloads: the pods of each kind are looked at.
func TestWorkloads(t *testing.T) {
	for _, kind := range workloadKinds() {
		path := workloads[kind]
		values := map[string]any{"hostPID": true}
		for _, name := range slices.Backward(path) {
			values = map[string]any{name: values}
		}
		subject := &Subject{Places: []Place{{Objects: []Object{{Kind: kind, Name: "p", Values: plan.Of(values)}}}}}
		if got := unprivileged(subject); len(path) == 0 || len(got) != 1 || got[0].Attribute != "hostPID" {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}

// podOf is a subject with one pod.
func podOf(t *testing.T, spec string) *Subject {
	t.Helper()
	var values map[string]any
	if err := yaml.Unmarshal([]byte("spec: {"+spec+"}"), &values); err != nil {
		t.Fatal(err)
	}
	return &Subject{Places: []Place{{Objects: []Object{{Kind: "Pod", Name: "p", Values: plan.Of(values)}}}}}
}
