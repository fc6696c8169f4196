package facts

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Records are the JSON values of an embedded file, by section and name; the section of those that are in none is "".
//
// The file is JSON, under gzip, that has each record on a line of its own: a record is found without decoding the others, for of two
// megabytes of types a deployment needs some dozens. Package tools/records writes such files.
type Records map[string]map[string]json.RawMessage

// readRecords finds the records of a file. A line that begins with a quotation mark is a record, or begins a section if it ends with an
// opening brace; all else holds the document together.
func readRecords(zipped []byte) (Records, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	// The last four bytes of gzip are the length of what was packed (RFC 1952, ISIZE).
	text := make([]byte, binary.LittleEndian.Uint32(zipped[len(zipped)-4:]))
	if _, err := io.ReadFull(unzipped, text); err != nil {
		return nil, err
	}
	records, section := Records{"": {}}, ""
	for line := range bytes.Lines(text) {
		if line[0] != '"' {
			section = ""
			continue
		}
		name, value, found := bytes.Cut(bytes.TrimRight(line[1:], ",\n"), []byte(`":`))
		switch {
		case !found:
			return nil, fmt.Errorf("a line of %d bytes is no record", len(line))
		case string(value) == "{":
			section = string(name)
			records[section] = map[string]json.RawMessage{}
		default:
			records[section][string(name)] = value
		}
	}
	return records, nil
}
