package engine

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// adoptFile is the file in a stack's directory with import blocks for what exists and is not in the state.
const adoptFile = "coderaws_adopt.tf"

// writeAdoptions writes down what is adopted by the plan that comes next.
func (s *Stack) writeAdoptions(adopt map[string]string) error {
	file := filepath.Join(s.Dir(), adoptFile)
	if len(adopt) == 0 {
		return removeFile(file)
	}
	var text strings.Builder
	for _, address := range slices.Sorted(maps.Keys(adopt)) {
		fmt.Fprintf(&text, "import {\n  to = %s\n  id = %s\n}\n\n", address, quoted(adopt[address]))
	}
	return writeIfChanged(file, []byte(text.String()))
}

// quoted is a text as HCL writes it, with nothing to be filled in.
func quoted(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(fmt.Sprintf("%q", text))
}

// unadoptable finds, in what the engines and providers say of an import that is not possible, the address that they speak of.
var unadoptable = regexp.MustCompile(`(?i)import`)

// NotAdopted lists the addresses of adopt that an error says cannot be imported: they do not exist, their type cannot be imported, or the
// configuration has no such address.
func NotAdopted(err error, adopt map[string]string) []string {
	var list []string
	for _, d := range diagnostic.From(err) {
		text := d.Summary + "\n" + d.Why
		if d.Severity != diagnostic.Error || !unadoptable.MatchString(text) {
			continue
		}
		if d.Where != nil {
			text += "\n" + d.Where.Text
		}
		for address, id := range adopt {
			if d.Address == address || strings.Contains(text, address) || id != "" && strings.Contains(text, `"`+id+`"`) {
				list = append(list, address)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
