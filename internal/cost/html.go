package cost

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"coderaws/internal/pricing"
)

//go:embed page.html
var page string

// WriteHTML writes the bill as a page that needs nothing else: charts, groups, all lines with their sources, and what was assumed.
func (r *Report) WriteHTML(w io.Writer, name string) error {
	parsed, err := template.New("page").Funcs(template.FuncMap{"thousands": pricing.Thousands, "explain": r.Explain}).Parse(page)
	if err != nil {
		return fmt.Errorf("the template of the page: %w", err)
	}
	least, most := r.Bounds()
	return parsed.Execute(w, map[string]any{
		"Name": name, "Report": r, "Total": r.Total().Cents(), "Ranged": !least.Equal(most), "Least": least.Cents(), "Most": most.Cents(),
		"Services": groupDocuments(r.Groups(ByService)), "Modules": groupDocuments(r.Groups(ByModule)), "Zones": groupDocuments(r.Groups(ByZone)),
		"Users": r.Users.Round(0), "Estimated": r.Estimated(), "Assumptions": r.Used(),
		// The drawings escape their texts themselves.
		"ServiceChart": template.HTML(serviceChart(r)), "HourChart": template.HTML(hourChart(r)),
	})
}
