package deployment

import (
	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
)

// syntaxFindings turns the parser's errors into findings, and says whether the parsed body can be used nevertheless:
// it can where the only errors are settings that are given twice.
func (s *source) syntaxFindings(diags hcl.Diagnostics) (list diagnostic.List, usable bool) {
	usable = true
	for _, d := range diags {
		f := &diagnostic.Diagnostic{Severity: diagnostic.Error, Code: "deployment.syntax", Where: s.whole()}
		if d.Severity == hcl.DiagWarning {
			f.Severity = diagnostic.Warning
		}
		if d.Subject != nil {
			f.Where = s.place(*d.Subject)
		}
		if d.Summary == "Attribute redefined" && d.Subject != nil {
			name := string(d.Subject.SliceBytes(s.text))
			f.Code, f.Summary = "deployment.duplicate_setting", name+" is set twice"
			f.Why, f.Todo = "each setting has one value in a file", "Remove one of the two."
			list = append(list, f)
			continue
		}
		usable = false
		f.Summary = "the file is not valid: " + lowerFirst(d.Summary)
		f.Why = d.Detail
		f.Todo = "Settings are written as `name = value`, one a line; correct the place above. If the file was cut off, restore it."
		if d.Summary == multiLine {
			f.Todo = `Close the text on its own line: a quote (") is missing at the place above.`
			return append(list, f), usable
		}
		list = append(list, f)
	}
	return list, usable
}

// multiLine is the parser's summary for a text that is not closed on its line. All that it says after that is wrong:
// from there on, it takes what is in quotes for what is not.
const multiLine = "Invalid multi-line string"
