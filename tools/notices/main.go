// Command notices writes the notices and licences of all that is linked into the program into internal/linked, which carries them. It
// reads them from the module cache, so that whatever can build the program can make them again. With -check it writes nothing, and exits
// with 1 if they are stale; 2 means that it could not do its work.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "write nothing, and exit with 1 if a file is stale")
	root := flag.String("root", ".", "the root of the repository")
	flag.Parse()
	stale, err := run(*root, *check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(2)
	}
	if *check && len(stale) > 0 {
		fmt.Fprintln(os.Stderr, "notices: run `make notices` and commit what it writes")
		os.Exit(1)
	}
}

// run returns the files that were stale.
func run(root string, check bool) (stale []string, err error) {
	modules, err := collect(root)
	if err != nil {
		return nil, err
	}
	written, err := files(modules)
	if err != nil {
		return nil, err
	}
	for _, f := range written {
		path := filepath.Join(root, "internal", "linked", f.name)
		if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, f.text) {
			continue
		}
		stale = append(stale, path)
		if check {
			continue
		}
		if err := os.WriteFile(path, f.text, 0o644); err != nil {
			return stale, err
		}
	}
	return stale, nil
}
