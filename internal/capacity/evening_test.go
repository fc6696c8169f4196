package capacity_test

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestEvening holds the nodes that a bill counts to days of a scheduler: people come in the morning, some go for lunch, all go in the
// evening by chance, nobody moves, and an autoscaler takes away what is empty. A bill is never further off than a fifth, and less than a
// tenth over the day.
func TestEvening(t *testing.T) {
	got, err := readStack(t).reckon(generous)
	if err != nil {
		t.Fatal(err)
	}
	type hour struct{ clock, running, most int }
	day := []hour{{7, 125, 125}, {8, 300, 300}, {10, 500, 500}, {12, 425, 500}, {14, 500, 500}, {17, 300, 500}, {18, 150, 500}, {19, 75, 500},
		{20, 50, 500}, {21, 30, 500}, {22, 15, 500}, {23, 10, 500}}
	const days = 30
	r := rand.New(rand.NewPCG(2026, 12))
	nodes := make([]int, len(day))
	for range days {
		z := newZone(got.Capacity, 0, strategies[1], r)
		z.most = got.Nodes.Workspace
		away, running := mix(got.Capacity, generous.maxWorkspaces, r), 0
		for i, h := range day {
			if h.running < running {
				away = append(away, z.stop(1-float64(h.running)/float64(running))...)
			}
			running = generous.maxWorkspaces - len(away)
			for running < h.running {
				if !z.place(away[0]) {
					t.Fatalf("no room at %d:00", h.clock)
				}
				away, running = away[1:], running+1
			}
			z.nodes = slices.DeleteFunc(z.nodes, func(n *node) bool { return len(n.pods) == 0 })
			nodes[i] += len(z.nodes)
		}
	}
	all, allCounted := 0.0, 0.0
	for i, h := range day {
		counted, simulated := float64(got.WorkspaceNodes(float64(h.running), float64(h.most))), float64(nodes[i])/days
		t.Logf("%02d:00: %.1f nodes simulated, %.0f counted", h.clock, simulated, counted)
		if counted < 0.8*simulated-1 || counted > 1.2*simulated+1 {
			t.Errorf("at %d:00 a bill counts %.0f nodes, and days have %.1f", h.clock, counted, simulated)
		}
		all, allCounted = all+simulated, allCounted+counted
	}
	if allCounted < 0.9*all || allCounted > 1.1*all {
		t.Errorf("a day has %.0f nodes in these hours, and a bill counts %.0f", all, allCounted)
	}
}
