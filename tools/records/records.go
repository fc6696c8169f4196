// Package records writes the files of package facts that hold one record to a line: JSON under gzip, in which the program finds a record
// without decoding the others. The tools that make such files import it, and it knows nothing of what is in them.
package records

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"coderaws/internal/atomicfile"
)

// Document is what a file holds.
type Document struct {
	// Head is what comes before the members of the object that holds all, and ends with its opening brace; Tail is what comes after them.
	Head, Tail string
	Members    []Member
}

// Member is a record, or a section of them.
type Member struct {
	Name string
	// Record is the value of a record; nil for a section.
	Record any
	// Section holds the records of a section by name; they are written in the order of their names.
	Section map[string]any
}

// Write writes a file as a whole or not at all.
func Write(file string, d Document) error {
	text, err := d.text()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var zipped bytes.Buffer
	// The buffer takes all, and the level is one that there is.
	w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	_, _ = w.Write(text)
	_ = w.Close()
	return atomicfile.Write(file, zipped.Bytes(), 0o644)
}

// text is the document, a record to a line.
func (d Document) text() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(d.Head)
	for i, m := range d.Members {
		b.WriteString(separator(i))
		if m.Section == nil {
			if err := line(&b, m.Name, m.Record); err != nil {
				return nil, err
			}
			continue
		}
		fmt.Fprintf(&b, "%q:{", m.Name)
		for n, name := range slices.Sorted(maps.Keys(m.Section)) {
			b.WriteString(separator(n))
			if err := line(&b, name, m.Section[name]); err != nil {
				return nil, err
			}
		}
		b.WriteString("\n}")
	}
	b.WriteString("\n" + d.Tail + "\n")
	if !json.Valid(b.Bytes()) {
		return nil, fmt.Errorf("head %q and tail %q make no JSON of it", d.Head, d.Tail)
	}
	return b.Bytes(), nil
}

func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// line writes a record; names in objects come in their order.
func line(b *bytes.Buffer, name string, value any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it is no HTML, and shorter so
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	// Values that were decoded before may have been written otherwise.
	fmt.Fprintf(b, "%q:", name)
	return json.Compact(b, text.Bytes())
}
