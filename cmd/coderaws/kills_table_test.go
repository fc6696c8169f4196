//go:build unix

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// untried is what the table says where no run has come to a kind yet.
const untried = "not tried"

// killsTable counts how often runs recovered, by death, verb and engine.
type killsTable struct {
	engines     []string
	good, tried map[[3]string]int
	// before are the cells that earlier runs wrote, by row and engine: a run may have no time for all kinds.
	before map[[2]string]string
}

func newKillsTable(engines []string) *killsTable {
	return &killsTable{engines, map[[3]string]int{}, map[[3]string]int{}, map[[2]string]string{}}
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

func (k *killsTable) count(death, verb, engine string, recovered bool) {
	at := [3]string{death, verb, engine}
	k.tried[at]++
	if recovered {
		k.good[at]++
	}
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

// reliabilityFile has the table of what these runs found, between two marks.
const (
	reliabilityFile  = "../../docs/reference/reliability.md"
	reliabilityBegin = "<!-- kills: written by make test-kills -->\n"
	reliabilityEnd   = "<!-- end of kills -->\n"
)

// reliability is the file in three parts, of which the second is the table.
func reliability(t *testing.T) (before, table, after string) {
	t.Helper()
	text, err := os.ReadFile(reliabilityFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), reliabilityBegin)
	table, after, ends := strings.Cut(rest, reliabilityEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table", reliabilityFile)
	}
	return before, table, after
}

// writeReliability writes the table anew.
func writeReliability(t *testing.T, table string) {
	t.Helper()
	before, _, after := reliability(t)
	if err := os.WriteFile(reliabilityFile, []byte(before+reliabilityBegin+table+reliabilityEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
