package diagram

import (
	"strings"
	"testing"

	"coderaws/internal/egress"
	"coderaws/internal/inventory"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestWays is the specification of how ways out of a network are drawn: who calls, what lets it, and the lines between them.
func TestWays(t *testing.T) {
	const ec2, s3 = "aws_vpc_endpoint.ec2", "aws_vpc_endpoint.s3"
	inv := &inventory.Inventory{
		Endpoints: []inventory.Endpoint{{Resource: inventory.Resource{Address: ec2}, Service: "ec2"},
			{Resource: inventory.Resource{Address: s3}, Service: "s3"}},
		Keys: []inventory.Key{{Resource: inventory.Resource{Address: "aws_kms_key.a"}, Description: "Secrets of coder."}},
	}
	for _, test := range []struct {
		name   string
		report *egress.Report
		// callers and doors are titles with the lines below them; lines join titles.
		callers, doors, lines []string
	}{
		{"two calls through one endpoint are one line", &egress.Report{Ways: []egress.Way{
			{Caller: "node", Calls: "ec2:DescribeInstances", By: ec2}, {Caller: "node", Calls: "ec2:CreateTags", By: ec2}}},
			[]string{"node: 2 calls"}, []string{"Endpoint ec2: 2 calls"}, []string{"node -> Endpoint ec2"}},
		{"doors stand beside who calls through them", &egress.Report{Ways: []egress.Way{
			{Caller: "a", By: ec2}, {Caller: "b", By: "aws_kms_key.a"}, {Caller: "b", By: s3}, {Caller: "c", By: ec2}, {Caller: "c", By: ec2}}},
			[]string{"a: 1 call", "b: 2 calls", "c: 2 calls"},
			[]string{"Endpoint ec2: 3 calls", "Key: Secrets of coder: 1 call", "Endpoint s3: 1 call"},
			[]string{"a -> Endpoint ec2", "b -> Key: Secrets of coder", "b -> Endpoint s3", "c -> Endpoint ec2"}},
		{"a call without a way is seen at both ends", &egress.Report{Ways: []egress.Way{
			{Caller: "node", By: s3}, {Caller: "node", Missing: "no endpoint of ec2"}, {Caller: "pod", Missing: "no endpoint of ec2"}}},
			[]string{"node: 2 calls, 1 without a way", "pod: 1 call, 1 without a way"},
			[]string{"Endpoint s3: 1 call", "No way: 2 calls; no endpoint of ec2"},
			[]string{"node -> Endpoint s3", "node ...> No way", "pod ...> No way"}},
		{"exceptions and openings have no lines and come last", &egress.Report{
			Ways:       []egress.Way{{Caller: "node", By: "aws_route.out"}},
			Exceptions: []egress.Opening{{Address: s3, Opens: "* for roles of this account"}},
			Openings:   []egress.Opening{{Address: "aws_route.out", Opens: "a route to the internet"}}},
			[]string{"node: 1 call"},
			[]string{"aws_route.out: 1 call", "Endpoint s3: named exception: * for roles of this account",
				"aws_route.out: opens a route to the internet"},
			[]string{"node -> aws_route.out"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWays(test.report, inv, 1000)
			titles := func(ends []*end) []string {
				var all []string
				for _, one := range ends {
					all = append(all, one.title+": "+strings.Join(one.lines, "; "))
				}
				return all
			}
			var lines []string
			for _, line := range w.lines {
				arrow := " -> "
				if line.missing {
					arrow = " ...> "
				}
				lines = append(lines, line.from.title+arrow+line.to.title)
			}
			got := [][]string{titles(w.callers), titles(w.doors), lines}
			if diff := cmp.Diff([][]string{test.callers, test.doors, test.lines}, got); diff != "" {
				t.Errorf("callers, doors and lines (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWaysLegible: whatever a report found is on the paper, in a picture that without a report is as it was.
func TestWaysLegible(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		inv := drawInventory(rt)
		report := &egress.Report{Closed: rapid.IntRange(0, 50).Draw(rt, "closed")}
		for range rapid.IntRange(0, 30).Draw(rt, "calls") {
			way := egress.Way{Caller: word(rt, "caller"), Calls: word(rt, "call"), By: word(rt, "by")}
			if rapid.IntRange(0, 5).Draw(rt, "missing") == 0 {
				way.By, way.Missing = "", strings.Repeat(word(rt, "lacks")+" ", 5)
			}
			report.Ways = append(report.Ways, way)
		}
		for range rapid.IntRange(0, 4).Draw(rt, "openings") {
			report.Openings = append(report.Openings, egress.Opening{Address: word(rt, "address"), Opens: word(rt, "opens")})
		}
		picture := Draw([]Picture{{Title: "ways", Inventory: inv, Egress: report}})
		if err := legible(picture); err != nil {
			rt.Fatal(err)
		}
		for _, words := range []string{wayCounts(report), "Ways out of the network"} {
			if !strings.Contains(picture, words) {
				rt.Fatalf("the picture does not say %q", words)
			}
		}
		if without := Draw([]Picture{{Title: "ways", Inventory: inv}}); strings.Contains(without, "Ways out") {
			rt.Fatal("ways are drawn without a report")
		}
	})
}
