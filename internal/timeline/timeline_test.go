package timeline

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func minutes(n int) Span {
	d := time.Duration(n) * time.Minute
	return Span{Typical: d, Min: d / 2, Max: d * 2}
}

func TestPlan(t *testing.T) {
	cluster := Node{Address: "cluster", Span: minutes(10)}
	nodes := Node{Address: "nodes", Span: minutes(2), After: []string{"cluster"}}
	database := Node{Address: "database", Span: minutes(8)}
	for _, test := range []struct {
		name        string
		nodes       []Node
		parallelism int
		total       int
		critical    []string
	}{
		{"nothing takes no time", nil, 0, 0, nil},
		{"one after the other adds up", []Node{nodes, cluster}, 0, 12, []string{"cluster", "nodes"}},
		{"side by side takes the longest", []Node{cluster, database}, 0, 10, []string{"cluster"}},
		{"the longest chain is critical", []Node{cluster, nodes, database}, 0, 12, []string{"cluster", "nodes"}},
		{"one worker does all in turn", []Node{cluster, nodes, database}, 1, 20, []string{"cluster", "database", "nodes"}},
		{"what is no node is done already", []Node{{Address: "a", Span: minutes(1), After: []string{"gone"}}}, 0, 1, []string{"a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			schedule := Plan(test.nodes, test.parallelism)
			if want := time.Duration(test.total) * time.Minute; schedule.Total != want {
				t.Errorf("total %s, want %s", schedule.Total, want)
			}
			if schedule.Shortest > schedule.Total || schedule.Longest < schedule.Total {
				t.Errorf("%s..%s does not hold %s", schedule.Shortest, schedule.Longest, schedule.Total)
			}
			var critical []string
			for _, step := range schedule.Critical() {
				critical = append(critical, step.Address)
			}
			if diff := cmp.Diff(test.critical, critical); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReverse(t *testing.T) {
	reversed := Reverse([]Node{{Address: "subnet", After: []string{"vpc"}}, {Address: "vpc"}})
	want := []Node{{Address: "subnet"}, {Address: "vpc", After: []string{"subnet"}}}
	if diff := cmp.Diff(want, reversed); diff != "" {
		t.Error(diff)
	}
}

// TestLaws holds any schedule to what makes it one.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 30).Draw(t, "nodes")
		parallelism := rapid.IntRange(1, 12).Draw(t, "parallelism")
		nodes := make([]Node, count)
		for i := range nodes {
			nodes[i] = Node{Address: fmt.Sprintf("n%02d", i), Span: minutes(rapid.IntRange(0, 20).Draw(t, "minutes"))}
			for j := range i {
				if rapid.IntRange(0, 5).Draw(t, "edge") == 0 {
					nodes[i].After = append(nodes[i].After, nodes[j].Address)
				}
			}
		}
		schedule := Plan(nodes, parallelism)
		if len(schedule.Steps) != count {
			t.Fatalf("%d steps for %d nodes", len(schedule.Steps), count)
		}
		ends := map[string]time.Duration{}
		for _, step := range schedule.Steps {
			ends[step.Address] = step.End
		}
		spans := map[string]Node{}
		for _, node := range nodes {
			spans[node.Address] = node
		}
		var critical time.Duration
		for _, step := range schedule.Steps {
			for _, before := range spans[step.Address].After {
				if ends[before] > step.Start {
					t.Fatalf("%s starts at %s, before %s ends at %s", step.Address, step.Start, before, ends[before])
				}
			}
			running := 0
			for _, other := range schedule.Steps {
				if other.Start <= step.Start && step.Start < other.End {
					running++
				}
			}
			if running > parallelism {
				t.Fatalf("%d at once at %s, %d allowed", running, step.Start, parallelism)
			}
			if step.Critical {
				critical += step.End - step.Start
			}
		}
		if critical != schedule.Total {
			t.Fatalf("the critical path takes %s, the run %s", critical, schedule.Total)
		}
	})
}

// TestSharedLists: nodes that wait for one list, which they share, run as if each had a list of its own.
func TestSharedLists(t *testing.T) {
	second := Span{Typical: time.Second, Min: time.Second, Max: time.Second}
	var firsts []string
	var shared, own []Node
	for i := range 30 {
		first := Node{Address: fmt.Sprintf("first[%02d]", i), Span: second}
		firsts = append(firsts, first.Address)
		shared, own = append(shared, first), append(own, first)
	}
	firsts = append(firsts, "second[03]", "nobody") // one that is in its own list, and one that is not there
	for i := range 30 {
		address := fmt.Sprintf("second[%02d]", i)
		shared = append(shared, Node{Address: address, Span: second, After: firsts})
		own = append(own, Node{Address: address, Span: second, After: slices.Clone(firsts)})
	}
	if diff := cmp.Diff(Plan(own, 4), Plan(shared, 4)); diff != "" {
		t.Errorf("with lists of their own (-) and with a shared one (+):\n%s", diff)
	}
	if total := Plan(shared, 0).Total; total != 7*time.Second {
		t.Errorf("it takes %s: three rounds of ten, one alone, and three of the others", total)
	}
}
