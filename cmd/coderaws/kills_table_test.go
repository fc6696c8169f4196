//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// killsTable counts how often runs recovered, by death, verb and engine.
type killsTable struct {
	engines     []string
	good, tried map[[3]string]int
}

func newKillsTable(engines []string) *killsTable {
	return &killsTable{engines, map[[3]string]int{}, map[[3]string]int{}}
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
	for _, death := range deaths {
		for _, verb := range []string{"up", "down"} {
			fmt.Fprintf(&b, "| %s | `%s` |", death.name, verb)
			for _, engine := range k.engines {
				at := [3]string{death.name, verb, engine}
				cell := "not tried"
				if k.tried[at] > 0 {
					cell = fmt.Sprintf("%d of %d", k.good[at], k.tried[at])
				}
				fmt.Fprintf(&b, " %s |", cell)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// reliabilityFile has the table of what these runs found, between two marks.
const (
	reliabilityFile  = "../../docs/reference/reliability.md"
	reliabilityBegin = "<!-- kills: written by make test-kills -->\n"
	reliabilityEnd   = "<!-- end of kills -->\n"
)

// writeReliability writes the table anew.
func writeReliability(t *testing.T, table string) {
	t.Helper()
	text, err := os.ReadFile(reliabilityFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), reliabilityBegin)
	_, after, ends := strings.Cut(rest, reliabilityEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table", reliabilityFile)
	}
	if err := os.WriteFile(reliabilityFile, []byte(before+reliabilityBegin+table+reliabilityEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
