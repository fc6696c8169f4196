package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf16"

	"coderaws/internal/diagnostic"

	tfjson "github.com/hashicorp/terraform-json"
)

// makePlan says how a plan is made that can be read here.
const makePlan = "make one with `terraform plan -out=tfplan` and `terraform show -json tfplan > plan.json` (or with tofu)"

// Open reads a plan from a file, as `terraform show -json` writes it. What is wrong with it is a finding that says what it is instead.
func Open(file string) (*Plan, error) {
	text, err := read(file)
	if errors.Is(err, errTooLarge) {
		return nil, TooLarge(file)
	}
	if err != nil {
		d := diagnostic.Errorf("the plan %s cannot be read", file)
		d.Code, d.Why, d.Todo = "plan.unreadable", err.Error(), "name a file that is there and that you may read"
		if errors.Is(err, fs.ErrNotExist) {
			d.Why, d.Todo = "there is no such file", makePlan
		}
		return nil, d
	}
	plan, d := Decode(text)
	if d != nil {
		if d.Where == nil {
			d.Where = &diagnostic.Range{}
		}
		d.Where.File = file
		return nil, d
	}
	return plan, nil
}

// MaxSize bounds a plan in bytes, as JSON: one of 100,000 resources has a quarter of it, and what is larger would need many times as much
// memory.
const MaxSize = 512 << 20

var errTooLarge = errors.New("too large")

// read reads a file of at most MaxSize bytes.
func read(file string) ([]byte, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }() // it was only read
	if info, err := opened.Stat(); err == nil && info.Size() > MaxSize {
		return nil, errTooLarge
	}
	text, err := io.ReadAll(io.LimitReader(opened, MaxSize+1))
	if err == nil && len(text) > MaxSize {
		return nil, errTooLarge
	}
	return text, err
}

// TooLarge says that a plan is larger than MaxSize.
func TooLarge(file string) error {
	d := finding("plan.too_large", "the plan "+file+" is too large",
		fmt.Sprintf("as JSON it has more than %d MiB; that of 100,000 resources has a quarter of this", MaxSize>>20))
	d.Todo = "check that it is the right file; a configuration of this size is planned in parts, each with a state of its own"
	return d
}

// header is what tells the documents of Terraform apart.
type header struct {
	FormatVersion string          `json:"format_version"`
	PlannedValues json.RawMessage `json:"planned_values"`
	Configuration json.RawMessage `json:"configuration"`
	// A state as `show -json` writes it has values, one as it is stored has a lineage, and a line of events has a level.
	Values  json.RawMessage `json:"values"`
	Lineage string          `json:"lineage"`
	Level   string          `json:"@level"`
	Errored bool            `json:"errored"`
}

// Decode is Open for a text that is at hand.
func Decode(text []byte) (*Plan, *diagnostic.Diagnostic) {
	text = utf8Of(text)
	if refused := foreign(text); refused != nil {
		return nil, refused
	}
	// OpenTofu writes warnings about its own settings before the document.
	if start := bytes.Index(text, []byte("\n{")); start >= 0 && !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		text = text[start+1:]
	}
	var head header
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, notJSON(text, err)
	}
	if refused := head.refuse(); refused != nil {
		return nil, refused
	}
	document := &tfjson.Plan{}
	if err := json.Unmarshal(text, document); err != nil {
		d := finding("plan.damaged", "the plan cannot be read", err.Error())
		if strings.Contains(err.Error(), "unsupported") {
			d = finding("plan.format", "the plan has format version "+head.FormatVersion+", which this program does not know",
				"it reads the versions before 2.0, which Terraform since 0.12 and all of OpenTofu write")
			d.Todo = "use a newer coderaws, or make the plan with a Terraform that it knows"
		}
		return nil, d
	}
	prune(document)
	return Read(document), nil
}

// foreign recognizes what is no text of a plan at all.
func foreign(text []byte) *diagnostic.Diagnostic {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return finding("plan.empty", "the plan is empty", "a command that was to write it has failed, or has not ended")
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		d := finding("plan.binary", "this is a plan in the engine's own form, which only the engine reads", "a plan for others is JSON")
		d.Todo = "turn it into JSON: `terraform show -json FILE > plan.json`, or `tofu show -json FILE > plan.json` if OpenTofu made it"
		return d
	case bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) && json.Valid(text):
		return finding("plan.list", "this JSON is a list, not a plan", "a plan is one object, with a format_version")
	}
	return nil
}

// refuse recognizes documents that are no plan, or no whole one.
func (h header) refuse() *diagnostic.Diagnostic {
	switch {
	case h.Level != "":
		return finding("plan.events", "these are the events of a run, not a plan", "`terraform plan -json` writes what happens while it plans")
	case h.Lineage != "", h.Values != nil && h.PlannedValues == nil:
		return finding("plan.state", "this is a state, not a plan", "a state says what exists, and does not hold the configuration")
	case h.FormatVersion == "":
		return finding("plan.other", "this JSON is no plan of Terraform", "it has no format_version")
	case h.Errored:
		d := finding("plan.failed", "this is the plan of a run that failed", "it holds only what was planned before the error")
		d.Todo = "correct what the run complained about, and plan again"
		return d
	case !isObject(h.PlannedValues) || !isObject(h.Configuration):
		return finding("plan.incomplete", "the plan is not whole", "it lacks its planned_values or its configuration, or they are null")
	}
	return nil
}

// isObject reports whether a part of a document is there, and an object.
func isObject(part json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(part), []byte("{")) }

func finding(code, summary, why string) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Why, d.Todo = code, why, makePlan
	return d
}

// notJSON says where a text stops being JSON.
func notJSON(text []byte, err error) *diagnostic.Diagnostic {
	d := finding("plan.not_json", "the plan is not JSON", err.Error())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := text[:min(int(syntax.Offset), len(text))]
		d.Where = &diagnostic.Range{Line: bytes.Count(before, []byte("\n")) + 1, Column: len(before) - bytes.LastIndexByte(before, '\n') - 1}
		d.Where.Column = max(d.Where.Column, 1)
		if int(syntax.Offset) >= len(text) {
			d.Summary, d.Why = "the plan ends in its middle", "it was cut off: the disk was full, or the command that wrote it was stopped"
			return d
		}
		if first := bytes.TrimSpace(text); first[0] != '{' && first[0] != '[' {
			d.Why = "it looks like text for people; `terraform show` writes JSON only with -json"
		}
	}
	return d
}

// utf8Of turns what PowerShell's > writes, UTF-16 with a byte order mark, into UTF-8, and drops the mark of UTF-8.
func utf8Of(text []byte) []byte {
	little, big := bytes.HasPrefix(text, []byte{0xFF, 0xFE}), bytes.HasPrefix(text, []byte{0xFE, 0xFF})
	if !little && !big {
		return bytes.TrimPrefix(text, []byte{0xEF, 0xBB, 0xBF})
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		low, high := text[i], text[i+1]
		if big {
			low, high = high, low
		}
		units = append(units, uint16(low)|uint16(high)<<8)
	}
	return []byte(string(utf16.Decode(units)))
}
