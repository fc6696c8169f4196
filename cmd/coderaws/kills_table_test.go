//go:build unix

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// untried is what the table says where no run has come to a kind yet.
const untried = "not tried"

// killsTable counts how often runs recovered, by death, verb and engine. It may be counted into at once.
type killsTable struct {
	engines []string
	// counting guards good and tried.
	counting    sync.Mutex
	good, tried map[[3]string]int
	// before are the cells that earlier runs wrote, by row and engine: a run may have no time for all kinds.
	before map[[2]string]string
}

func newKillsTable(engines []string) *killsTable {
	return &killsTable{engines: engines, good: map[[3]string]int{}, tried: map[[3]string]int{}, before: map[[2]string]string{}}
}

// kind is a death during a verb.
type kind struct {
	death, verb string
	kill        func(program, engine int) error
}

func (k kind) row() string { return fmt.Sprintf("| %s | `%s` |", k.death, k.verb) }

// kinds are all kinds, in the order of the table.
func kinds() []kind {
	var all []kind
	for _, death := range deaths {
		for _, verb := range []string{"up", "down"} {
			all = append(all, kind{death.name, verb, death.kill})
		}
	}
	return all
}

// moment is a kind with an engine, to be tried once.
type moment struct {
	kind
	engine string
}

// moments are n of up and n of down, or as many more as it takes for all kinds and engines to have the same number.
func (k *killsTable) moments(n int) []moment {
	share := len(deaths) * len(k.engines)
	var all []moment
	for range (n + share - 1) / share {
		for _, kind := range k.next() {
			for _, engine := range k.engines {
				all = append(all, moment{kind, engine})
			}
		}
	}
	return all
}

// read takes over what earlier runs wrote.
func (k *killsTable) read(text string) {
	var engines []string
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if cells[0] == "death" {
			engines = cells[2:]
			continue
		}
		for i, engine := range engines {
			if len(cells) == 2+len(engines) && cells[2+i] != untried {
				k.before[[2]string{fmt.Sprintf("| %s | %s |", cells[0], cells[1]), engine}] = cells[2+i]
			}
		}
	}
}

// next is the order in which the kinds take turns: those that no run has come to are first.
func (k *killsTable) next() []kind {
	all := kinds()
	slices.SortStableFunc(all, func(a, b kind) int {
		_, before := k.before[[2]string{a.row(), filepath.Base(k.engines[0])}]
		_, after := k.before[[2]string{b.row(), filepath.Base(k.engines[0])}]
		switch {
		case before == after:
			return 0
		case before:
			return 1
		}
		return -1
	})
	return all
}

func (k *killsTable) count(m moment, recovered bool) {
	k.counting.Lock()
	defer k.counting.Unlock()
	at := [3]string{m.death, m.verb, m.engine}
	k.tried[at]++
	if recovered {
		k.good[at]++
	}
}

// sum says how often runs of this table recovered, by verb.
func (k *killsTable) sum() string {
	good, tried := map[string]int{}, map[string]int{}
	for at, n := range k.tried {
		good[at[1]] += k.good[at]
		tried[at[1]] += n
	}
	return fmt.Sprintf("up: %d of %d, down: %d of %d\n", good["up"], tried["up"], good["down"], tried["down"])
}

// String is the table in Markdown. What was not tried says so.
func (k *killsTable) String() string {
	var b strings.Builder
	b.WriteString("| death | during |")
	for _, engine := range k.engines {
		fmt.Fprintf(&b, " %s |", filepath.Base(engine))
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(k.engines)) + "\n")
	for _, kind := range kinds() {
		b.WriteString(kind.row())
		for _, engine := range k.engines {
			at := [3]string{kind.death, kind.verb, engine}
			cell := k.before[[2]string{kind.row(), filepath.Base(engine)}]
			if k.tried[at] > 0 {
				cell = fmt.Sprintf("%d of %d", k.good[at], k.tried[at])
			}
			fmt.Fprintf(&b, " %s |", cmp.Or(cell, untried))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// mortal is the small pattern of testdata, of which many runs die in a short time.
const mortal = "mortal"

// reliabilityFile has the tables of what these runs found, each between two marks.
const reliabilityFile = "../../docs/reference/reliability.md"

// page is the file in three parts, of which the second is the table of a pattern.
type page struct{ before, table, after string }

func reliability(t *testing.T, pattern string) page {
	t.Helper()
	text, err := os.ReadFile(reliabilityFile)
	if err != nil {
		t.Fatal(err)
	}
	mark := "<!-- kills of " + pattern + ": written by make test-kills -->\n"
	before, rest, begins := strings.Cut(string(text), mark)
	table, after, ends := strings.Cut(rest, "<!-- end of kills -->\n")
	if !begins || !ends {
		t.Fatalf("%s has no place for the table of %s", reliabilityFile, pattern)
	}
	return page{before + mark, table, "<!-- end of kills -->\n" + after}
}

// write writes the table anew.
func (p page) write(t *testing.T, table string) {
	t.Helper()
	if err := os.WriteFile(reliabilityFile, []byte(p.before+table+p.after), 0o644); err != nil {
		t.Fatal(err)
	}
}
