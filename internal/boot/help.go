package boot

import (
	_ "embed"
	"os"
)

// Help is what the program says of itself: the text that it would make of its commands, written down. A test holds it to that.
//
//go:embed help.txt
var Help string

// answer ends the program where nothing was asked for but what it is, and everything that it links need not start for that: --help takes
// less than half of the processor time. What cannot be written is left to the program.
func answer(args []string) bool {
	if len(args) != 2 || args[1] != "--help" && args[1] != "-h" && args[1] != "help" {
		return false
	}
	if _, err := os.Stdout.WriteString(Help); err != nil {
		return false
	}
	os.Exit(0)
	return true
}
