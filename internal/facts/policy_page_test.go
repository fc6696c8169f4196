package facts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManagedPolicies: the page on security names each policy of AWS's that a role gets, and no other.
func TestManagedPolicies(t *testing.T) {
	quoted := regexp.MustCompile(`(?:"|iam::aws:policy/)([A-Za-z0-9_/-]+)"`)
	given := map[string]bool{}
	for _, pattern := range []string{"../../modules/*/*.tf", "../../stacks/*/*.tf"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range quoted.FindAllStringSubmatch(string(text), -1) {
				if _, known := FindManagedPolicy("arn:aws:iam::aws:policy/" + match[1]); known {
					given[match[1]] = true
				}
			}
		}
	}
	if len(given) < 5 {
		t.Fatalf("found %v: the rule would hold for nothing", given)
	}
	page, err := os.ReadFile("../../docs/reference/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "## Policies that AWS manages")
	section, _, _ = strings.Cut(section, "\n## ")
	named := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section, -1) {
		named[match[1]] = true
		if !given[match[1]] {
			t.Errorf("the page names %s, which no role gets", match[1])
		}
	}
	for policy := range given {
		if !named[policy] {
			t.Errorf("the page does not name %s, which a role gets", policy)
		}
	}
}
