package kubernetes

import (
	"strings"
	"testing"
)

func TestRollouts(t *testing.T) {
	three := pods("a", 3, "2500m", "1Gi", "")
	strategy := func(text string) string {
		return strings.Replace(three, "  replicas: 3\n", "  replicas: 3\n  strategy: "+text+"\n", 1)
	}
	for _, test := range []struct {
		name, text, exists string
		autoscaler         bool
		want               Stage
	}{
		{name: "pods that fill all nodes", text: three, want: Finding},
		{name: "pods that leave room for one more", text: pods("a", 2, "2500m", "1Gi", "")},
		{name: "pods of which one may be away", text: strategy("{rollingUpdate: {maxUnavailable: 1}}")},
		{name: "pods of which a quarter may be away", text: pods("a", 4, "100m", "1Gi", "")},
		{name: "pods that all stop first", text: strategy("{type: Recreate}")},
		{name: "pods on nodes that the autoscaler starts", text: pods("a", 2, "5", "1Gi", onWorkspaceNodes+", "+tolerates), autoscaler: true},
		{name: "the same without it", text: pods("a", 2, "5", "1Gi", onWorkspaceNodes+", "+tolerates), want: Finding},
		{name: "an upgrade that cannot begin", text: three, exists: strings.ReplaceAll(three, "a:1", "a:0"), want: Pending},
		{name: "an upgrade of nothing", text: three, exists: three, want: Finding},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := testCluster()
			c.Autoscaler = test.autoscaler
			c.Install(decoded(t, namespaceOnly+test.exists)...)
			_, problems := c.Place(decoded(t, test.text))
			if test.want == "" {
				if len(problems) > 0 {
					t.Errorf("problems: %+v", problems)
				}
				return
			}
			if len(problems) != 1 || problems[0].Code != RolloutBlocked || problems[0].Stage != test.want {
				t.Fatalf("problems: %+v", problems)
			}
			if p := problems[0]; !strings.Contains(p.Why, "0 may be away and 1 may be too many. No node takes one more.") ||
				!strings.Contains(p.Todo, "maxUnavailable to 1") {
				t.Errorf("why: %s\ntodo: %s", p.Why, p.Todo)
			}
		})
	}
}

func TestBudgets(t *testing.T) {
	budget := func(spec string) string {
		return "---\n" + object("PodDisruptionBudget", "metadata: {name: a}\nspec: {selector: {matchLabels: {app: a}}, "+spec+"}\n")
	}
	two := pods("a", 2, "1", "1Gi", "")
	const never = "Cannot evict pod as it would violate the pod's disruption budget."
	for _, test := range []checkCase{
		{name: "a budget that lets one of two go", text: two + budget("maxUnavailable: 1")},
		{name: "a budget that lets none go", text: two + budget("maxUnavailable: 0"), want: never, why: "none of 2 pods",
			todo: "maxUnavailable: 1", code: EvictionBlocked, stage: Finding},
		{name: "a budget that wants all", text: two + budget("minAvailable: 100%"), want: never, code: EvictionBlocked, stage: Finding},
		{name: "a budget that wants one of one", text: pods("a", 1, "1", "1Gi", "") + budget("minAvailable: 1"), want: never,
			why: "none of 1 pods", code: EvictionBlocked, stage: Finding},
		{name: "a budget that was there before", text: two, exists: budget("minAvailable: 2"), want: never,
			code: EvictionBlocked, stage: Finding},
		{name: "a budget of pods that come later", text: budget("minAvailable: 2")},
		{name: "a budget of others", text: pods("b", 2, "1", "1Gi", ""), exists: budget("minAvailable: 2") + two},
	} {
		t.Run(test.name, test.run)
	}
}
