package compliance

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed page.html
var page string

// section is the controls of one answer.
type section struct {
	Answer   Answer
	Controls []ControlResult
}

// WriteHTML writes the report as one page that needs nothing else and can be printed. name is what it is about.
func (r *Report) WriteHTML(w io.Writer, name string, at time.Time) error {
	parsed, err := template.New("page").Funcs(template.FuncMap{
		"check": r.Check,
		"class": func(a Answer) string {
			return map[Answer]string{Satisfied: "yes", NotSatisfied: "no", NotProvable: "open", NotApplicable: "none"}[a]
		},
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("the template of the page: %w", err)
	}
	var sections []section
	for _, answer := range Answers() {
		one := section{Answer: answer}
		for _, control := range r.Controls {
			if control.Answer == answer {
				one.Controls = append(one.Controls, control)
			}
		}
		if len(one.Controls) > 0 {
			sections = append(sections, one)
		}
	}
	return parsed.Execute(w, map[string]any{
		"Name": name, "Report": r, "Sections": sections, "Date": at.UTC().Format("2006-01-02 15:04 UTC"),
	})
}
