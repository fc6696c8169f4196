package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"

	"github.com/spf13/cobra"
)

// filled refuses flags that are written with nothing: what was to stand there is a variable of a script that is not set, and without it the
// command would do less than it was told to.
func filled(cmd *cobra.Command, flags ...string) error {
	for _, name := range flags {
		if flag := cmd.Flags().Lookup(name); flag.Changed && flag.Value.String() == "" {
			d := diagnostic.Errorf("--%s is empty", name)
			d.Code, d.Why, d.Todo = "flags.empty", "it was given without a value", "write its value, or leave the flag out"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	return nil
}

// distinct refuses reports that would take each other's place, or that of what they are made from. Empty names are no files.
func distinct(read []string, written ...string) error {
	for i, file := range written {
		if file == "" {
			continue
		}
		d := diagnostic.Errorf("%s cannot be written", file)
		d.Code, d.Todo = "report.target", "name another file"
		switch {
		case slices.ContainsFunc(written[:i], func(other string) bool { return same(file, other) }):
			d.Why = "two reports would go there, and one would take the other's place"
		case file != "-" && slices.ContainsFunc(read, func(other string) bool { return same(file, other) }):
			d.Why = "the report is made from it"
		default:
			continue
		}
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return nil
}

// same tells whether two names are of one file, also of one that is yet to be made.
func same(a, b string) bool {
	if a == "" || b == "" || a == "-" || b == "-" {
		return a == b && a != ""
	}
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// writeReport writes a report into a file, or to standard output if the file is "-".
func (sh *shell) writeReport(file string, write func(io.Writer) error) error {
	if file == "-" {
		return write(sh.results())
	}
	var report bytes.Buffer
	err := write(&report)
	if err == nil {
		err = atomicfile.Write(file, report.Bytes(), 0o644)
	}
	if err != nil {
		d := diagnostic.Errorf("%s cannot be written", file)
		d.Code, d.Why, d.Todo = "report.unwritable", err.Error(), "name another file, or - for standard output"
		return d
	}
	return nil
}
