// Package docgen fills the tables of inputs and outputs in the READMEs of Terraform modules from their variable and
// output blocks, so that no description is typed twice. It belongs to tools/docgen, imports nothing of this module, and
// nothing of the program imports it.
package docgen

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// readme is the file that holds a module's tables.
const readme = "README.md"

// Document is one README and what it should say.
type Document struct {
	// File is its path in the tree, with slashes.
	File string
	// Text is the README with its tables filled in.
	Text string
	// Stale says that the README in the tree differs from Text.
	Stale bool
}

// Documents returns the READMEs of every directory that a pattern such as "modules/*" matches and that holds Terraform
// files, sorted by path. A README that is missing, or that lacks the markers of a table, is an error.
func Documents(tree fs.FS, patterns ...string) ([]Document, error) {
	var documents []Document
	for _, pattern := range patterns {
		dirs, err := fs.Glob(tree, pattern)
		if err != nil {
			return nil, err
		}
		for _, dir := range dirs {
			files, err := fs.Glob(tree, path.Join(dir, "*.tf"))
			if err != nil {
				return nil, err
			}
			if len(files) == 0 {
				continue
			}
			document, err := document(tree, dir, files)
			if err != nil {
				return nil, err
			}
			documents = append(documents, document)
		}
	}
	return documents, nil
}

func document(tree fs.FS, dir string, files []string) (Document, error) {
	file := path.Join(dir, readme)
	old, err := fs.ReadFile(tree, file)
	if err != nil {
		return Document{}, fmt.Errorf("a module says in its %s what it is for: %w", readme, err)
	}
	var m module
	for _, f := range files {
		src, err := fs.ReadFile(tree, f)
		if err != nil {
			return Document{}, err
		}
		if err := m.add(f, src); err != nil {
			return Document{}, err
		}
	}
	text := string(old)
	for _, section := range []struct{ name, table string }{{"inputs", m.inputTable()}, {"outputs", m.outputTable()}} {
		if text, err = fill(text, section.name, section.table); err != nil {
			return Document{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	return Document{File: file, Text: text, Stale: text != string(old)}, nil
}

// fill puts a table between the markers of its section.
func fill(text, section, table string) (string, error) {
	begin, end := "<!-- BEGIN "+section+" -->", "<!-- END "+section+" -->"
	if strings.Count(text, begin) != 1 || strings.Count(text, end) != 1 {
		return "", fmt.Errorf("there must be one line %s and one line %s, and the table goes between them", begin, end)
	}
	head, rest, _ := strings.Cut(text, begin)
	_, tail, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("the line %s comes before the line %s", end, begin)
	}
	return head + begin + "\n" + table + end + tail, nil
}
