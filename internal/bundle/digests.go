package bundle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Settings are the setting `images` that makes a platform take its images from where they were pushed, by their digests. The text is a
// file that Terraform takes with -var-file, and that one pastes into <region>.tfvars.
func (p *Pushed) Settings() string {
	var b strings.Builder
	prefix := p.Registry
	if p.Prefix != "" {
		prefix += "/" + p.Prefix
	}
	fmt.Fprintf(&b, "images = {\n  prefix = %q\n  digests = {\n", prefix)
	width := 0
	for key := range p.Digests {
		width = max(width, len(key))
	}
	for _, key := range slices.Sorted(maps.Keys(p.Digests)) {
		fmt.Fprintf(&b, "    %-*s = %q\n", width+len(`""`), `"`+key+`"`, p.Digests[key])
	}
	b.WriteString("  }\n}\n")
	return b.String()
}
