package deployment

import (
	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
)

// syntaxFindings turns the parser's errors into findings, and says whether the parsed body can be used nevertheless: it can
// where the only errors are settings that are given twice.
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
		list = append(list, f)
	}
	return list, usable
}
