package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/Masterminds/semver/v3"
)

// newestForm is the number of the newest form of a state file that both products know; they read older ones.
const newestForm = 4

// stateForm is what both products demand of a state file. Source: statefile.readStateV4 of both.
type stateForm struct {
	Version   *uint64                      `json:"version"`
	Writer    *string                      `json:"terraform_version"`
	Serial    uint64                       `json:"serial"`
	Lineage   string                       `json:"lineage"`
	Outputs   map[string]json.RawMessage   `json:"outputs"`
	Resources []map[string]json.RawMessage `json:"resources"`
}

// isEncrypted tells whether a state is one of OpenTofu's that only its key can read.
func isEncrypted(state []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(state, &object) == nil && object["encrypted_data"] != nil
}

// misformed says why a text is no state that an engine could read; "" if it is one. The engines say of all of these that the lock of the
// state cannot be had, or that somebody holds it.
func misformed(text []byte) string {
	if isEncrypted(text) {
		return "" // more than that is the engine's to judge
	}
	var form stateForm
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(text, &form); {
	case errors.As(err, &wrong) && wrong.Field == "":
		return "it is not the JSON object that it should be: it is a " + wrong.Value
	case errors.As(err, &wrong):
		return fmt.Sprintf("%s is a %s in it, on line %d, which it is in no state", wrong.Field, wrong.Value, lineOf(text, wrong.Offset))
	case err != nil:
		return "it is not the JSON object that it should be: " + err.Error()
	case form.Version == nil:
		return "it has no number of its form (version), which every state has"
	case *form.Version == 0 || *form.Version > newestForm:
		return fmt.Sprintf("the number of its form (version) is %d, and the newest that Terraform and OpenTofu have is %d",
			*form.Version, newestForm)
	case form.Writer == nil || *form.Writer == "":
		return ""
	}
	if _, err := semver.NewVersion(*form.Writer); err != nil {
		return fmt.Sprintf("it says that version %q of its engine wrote it (terraform_version), and that is no version", *form.Writer)
	}
	return ""
}

// lineOf is the line of a text that a byte is in.
func lineOf(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
}
