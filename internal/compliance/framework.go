package compliance

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"

	"sigs.k8s.io/yaml"
)

//go:embed frameworks
var frameworks embed.FS

// Framework is a list of controls with the checks that bear on each.
type Framework struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Source string `json:"source"`
	// AsOf is the date of what the file says.
	AsOf string `json:"as_of"`
	// Catalog is where the controls are defined, in OSCAL; empty where nobody has published that.
	Catalog string `json:"oscal"`
	// Baselines are those that controls belong to; none for most frameworks.
	Baselines []string `json:"baselines"`
	// Families say, by the beginning of a control's id, what would show what no plan does.
	Families map[string]string `json:"families"`
	Controls []Control         `json:"controls"`
}

// Control is one thing that a framework asks for.
type Control struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Baselines []string `json:"baselines"`
	// Checks bear on it.
	Checks []string `json:"checks"`
	// Remains is what no plan can show of it, with what would; empty if the checks are all that this project asks.
	Remains string `json:"remains"`
}

// NIST is the framework that is taken where none is named, and the one with baselines.
const NIST = "nist-800-53-r5"

// Frameworks are the names of all frameworks.
func Frameworks() []string { return []string{NIST, "cis-eks", "fsbp", "adr"} }

// Baselines are the names of all baselines, the smallest first.
func Baselines() []string { return []string{"low", "moderate", "high"} }

// Load reads a framework that the program carries.
func Load(name string) (*Framework, error) {
	if !slices.Contains(Frameworks(), name) {
		d := diagnostic.Errorf("there is no framework %q%s", name, meant(name, Frameworks()))
		d.Code, d.Todo = "compliance.framework", "name one of "+strings.Join(Frameworks(), ", ")
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	f := &Framework{}
	content, err := frameworks.ReadFile("frameworks/" + name + ".yaml")
	if err == nil {
		err = yaml.UnmarshalStrict(content, f)
	}
	if err == nil && name == NIST {
		err = f.complete("frameworks/" + name + ".csv")
	}
	if err != nil {
		return nil, fmt.Errorf("the data of framework %s: %w", name, err)
	}
	return f, nil
}

// complete takes titles and baselines from the framework's own list, and all controls that no check bears on.
func (f *Framework) complete(file string) error {
	content, err := frameworks.ReadFile(file)
	if err != nil {
		return err
	}
	reader := csv.NewReader(strings.NewReader(string(content)))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		return err
	}
	judged := map[string]Control{}
	for _, control := range f.Controls {
		judged[control.ID] = control
	}
	var all []Control
	for _, row := range rows {
		control := judged[row[0]]
		delete(judged, row[0])
		control.ID, control.Title = row[0], row[2]
		for _, baseline := range Baselines() {
			if strings.Contains(row[1], strings.ToUpper(baseline[:1])) {
				control.Baselines = append(control.Baselines, baseline)
			}
		}
		family, _, _ := strings.Cut(control.ID, "-")
		if len(control.Checks) == 0 && control.Remains == "" {
			control.Remains = f.Families[family]
		}
		all = append(all, control)
	}
	for id := range judged {
		return fmt.Errorf("control %s is not in %s", id, file)
	}
	f.Controls = all
	return nil
}

// Pick takes the controls of a baseline, or of all; and of these the named ones, or all. Without a baseline and names, controls
// that nothing but people and papers can show are left out.
func (f *Framework) Pick(baseline string, names []string) ([]Control, error) {
	if baseline != "" && len(f.Baselines) == 0 {
		d := diagnostic.Errorf("framework %s has no baselines, and %q was asked for", f.ID, baseline)
		d.Code, d.Todo = "compliance.baseline", "leave the baseline out, or name the framework "+NIST
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	if baseline != "" && !slices.Contains(f.Baselines, baseline) {
		d := diagnostic.Errorf("there is no baseline %q%s", baseline, meant(baseline, f.Baselines))
		d.Code, d.Todo = "compliance.baseline", "name one of "+strings.Join(f.Baselines, ", ")
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	wanted := map[string]bool{}
	for _, name := range names {
		id, err := f.find(name)
		if err != nil {
			return nil, err
		}
		wanted[id] = true
	}
	var picked []Control
	for _, control := range f.Controls {
		switch {
		case len(wanted) > 0 && !wanted[control.ID],
			len(wanted) == 0 && baseline == "" && len(control.Checks) == 0 && len(f.Baselines) > 0:
			continue
		case baseline != "" && !slices.Contains(control.Baselines, baseline):
			if len(wanted) == 0 {
				continue
			}
			d := diagnostic.Errorf("control %s is not in the baseline %s", control.ID, baseline)
			d.Code, d.Todo = "compliance.control", "leave the baseline out, or name one of "+orNoneOf(control.Baselines)
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		picked = append(picked, control)
	}
	return picked, nil
}

func orNoneOf(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// find takes a control's name as people write it: sc-7.5 and SC-7 (5) are SC-7(5).
func (f *Framework) find(name string) (string, error) {
	var ids []string
	for _, control := range f.Controls {
		if plain(control.ID) == plain(name) {
			return control.ID, nil
		}
		ids = append(ids, control.ID)
	}
	d := diagnostic.Errorf("framework %s has no control %q%s", f.ID, name, meant(name, ids))
	d.Code, d.Todo = "compliance.control", "`coderaws compliance DIR --framework "+f.ID+"` lists its controls; --framework names another"
	return "", diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

func plain(id string) string {
	return strings.NewReplacer("(", ".", ")", "", " ", "").Replace(strings.ToLower(id))
}

// meant suggests the name that is most like one that does not exist.
func meant(name string, names []string) string {
	near := nearest.Name(name, names)
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}
