package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// Save writes the snapshot to a file, as a whole or not at all. Errors are diagnostics.
func (s *Snapshot) Save(file string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("the snapshot as JSON: %w", err)
	}
	if err := atomicfile.Write(file, append(text, '\n'), 0o600); err != nil {
		d := diagnostic.Errorf("the snapshot of the account cannot be written to %s", file)
		d.Code, d.Why, d.Todo = "account.unwritable", err.Error(), "name a file in a directory that you may write to"
		return d
	}
	return nil
}

// Load reads a snapshot that Save wrote. Errors are diagnostics, which ask for a new snapshot where the file is no use.
func Load(file string) (*Snapshot, error) {
	finding := func(code, summary, why, todo string) error {
		d := diagnostic.Errorf("%s %s", file, summary)
		d.Code, d.Why, d.Todo = code, why, todo
		d.Where = &diagnostic.Range{File: file}
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	const again = "take it anew: `coderaws check DIR --target aws --save-account FILE`"
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() { // a pipe or a device may have no end
		err = errors.New("it is no regular file")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, finding("account.unreadable", "cannot be read as a snapshot of an account", err.Error(),
			"name a file that --save-account wrote, or write --account aws to ask the account of your credentials")
	}
	// The version is read first, so that a file of a later program is not taken for a damaged one.
	var head struct {
		Format  int    `json:"format"`
		Account string `json:"account"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, finding("account.damaged", "is damaged, or no snapshot of an account", err.Error(), again)
	}
	switch {
	case head.Format > Format:
		return nil, finding("account.newer", "was written by a later coderaws",
			fmt.Sprintf("it has format %d, and this program reads format %d", head.Format, Format), "use the newer program, or "+again)
	case head.Format != Format || head.Account == "":
		return nil, finding("account.damaged", "is JSON, but no snapshot of an account", "it names no format or no account", again)
	}
	var s Snapshot
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, finding("account.damaged", "is damaged, or no snapshot of an account", err.Error(), again)
	}
	for name, region := range s.Regions {
		if region == nil {
			return nil, finding("account.damaged", "is JSON, but no snapshot of an account", "region "+name+" is empty", again)
		}
	}
	return &s, nil
}
