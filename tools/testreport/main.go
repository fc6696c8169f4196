// Command testreport reads what `go test -json` prints and shows what `go test` would have shown; and at the end, which `go test` does
// not, each test that was skipped, with its reason:
//
//	go test -json ./... | go run ./tools/testreport [-expected FILE]
//
// With -expected, a test that is skipped and is not in the file is an error. The file says of each why that is all right; see
// readExpected. Whether tests failed is told by the go command.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	file := flag.String("expected", "", "the tests that may be skipped; none is looked for if empty")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *file); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
}

// run copies the report, and fails if a test was skipped that the file, if one is named, does not expect.
func run(in io.Reader, out io.Writer, file string) error {
	r := newReport(out)
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.read(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	r.summary()
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	expected, err := readExpected(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return r.unexpected(expected, file)
}
