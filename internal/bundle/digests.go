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
	prefix := p.Registry
	if p.Prefix != "" {
		prefix += "/" + p.Prefix
	}
	return imagesSetting(prefix, p.Digests)
}

// Settings are the setting `images` that makes a platform take its images from where they are published, by the digests that they were
// saved by.
func (m *Manifest) Settings() string {
	digests := map[string]string{}
	for _, image := range m.Images {
		digests[image.Key] = image.Digest
	}
	return imagesSetting("", digests)
}

// imagesSetting writes the setting; prefix is "" where images stay where they are published.
func imagesSetting(prefix string, digests map[string]string) string {
	var b strings.Builder
	b.WriteString("images = {\n")
	if prefix != "" {
		fmt.Fprintf(&b, "  prefix = %q\n", prefix)
	}
	b.WriteString("  digests = {\n")
	width := 0
	for key := range digests {
		width = max(width, len(key))
	}
	for _, key := range slices.Sorted(maps.Keys(digests)) {
		fmt.Fprintf(&b, "    %-*s = %q\n", width+len(`""`), `"`+key+`"`, digests[key])
	}
	b.WriteString("  }\n}\n")
	return b.String()
}
