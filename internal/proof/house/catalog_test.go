package house

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"coderaws/internal/sandbox/service"
)

// TestSandboxDeclaresWhatStacksUse: a rehearsal proves nothing about a type that the embedded AWS serves from its schema alone.
func TestSandboxDeclaresWhatStacksUse(t *testing.T) {
	block := regexp.MustCompile(`^(resource|data)\s+"(aws_[a-z0-9_]+)"`)
	catalog := service.NewCatalog()
	declared := map[string]func(name string) bool{
		"resource": func(name string) bool { return catalog.Types[name] != nil },
		"data":     func(name string) bool { return catalog.DataSources[name] != nil },
	}
	seen, missing := map[string]bool{}, map[string]bool{}
	for _, name := range files(t) {
		if path.Ext(name) != ".tf" || !(strings.HasPrefix(name, "stacks/") || strings.HasPrefix(name, "modules/")) {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			match := block.FindStringSubmatch(line)
			if match == nil {
				continue
			}
			seen[match[0]] = true
			if !declared[match[1]](match[2]) && !missing[match[0]] {
				missing[match[0]] = true
				report(t, "each type that the stacks use is declared in internal/sandbox/service",
					[]finding{{name, i + 1, match[1] + " " + match[2] + " is not declared"}})
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("found only %d types in stacks/ and modules/: the rule would hold for nothing", len(seen))
	}
}
