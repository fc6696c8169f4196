// Command docgen writes the tables of inputs and outputs in the READMEs of modules/ and stacks/. With -check it writes
// nothing, names the READMEs that are stale, and exits with 1 if there are any; 2 means that it could not do its work.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"coderaws/internal/docgen"
)

func main() {
	check := flag.Bool("check", false, "write nothing, and exit with 1 if a README is stale")
	root := flag.String("root", ".", "the root of the repository")
	flag.Parse()
	stale, err := run(*root, *check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(2)
	}
	if *check && stale > 0 {
		fmt.Fprintln(os.Stderr, "docgen: run `go run ./tools/docgen` and commit what it writes")
		os.Exit(1)
	}
}

// run returns how many READMEs were stale.
func run(root string, check bool) (stale int, err error) {
	documents, err := docgen.Documents(os.DirFS(root), "modules/*", "stacks/*")
	if err != nil {
		return 0, err
	}
	if len(documents) == 0 {
		return 0, fmt.Errorf("%s has no modules/ and stacks/ with *.tf files: name the root of the repository with -root", root)
	}
	for _, d := range documents {
		if !d.Stale {
			continue
		}
		stale++
		if check {
			fmt.Printf("%s is stale\n", d.File)
			continue
		}
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(d.File)), []byte(d.Text), 0o644); err != nil {
			return stale, err
		}
		fmt.Printf("%s written\n", d.File)
	}
	return stale, nil
}
