package house

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// vague are names that say nothing about what a package is for.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types", "lib"}

// border matches the words with which a package comment says where the package ends.
var border = regexp.MustCompile(`\b(imports?|belongs?|knows)\b`)

func TestPackagesSayWhatTheyAre(t *testing.T) {
	all := sources(t)
	report(t, "a package comment says what belongs in the package and who imports it", checkComment(all))
	for _, s := range all {
		if name := strings.TrimSuffix(s.ast.Name.Name, "_test"); slices.Contains(vague, name) {
			report(t, "packages are named for what they are", []finding{s.at(s.ast.Name.Pos(), "package %s", name)})
		}
	}
}

// checkComment finds packages without a comment, and those whose comment says hardly more than their name. Packages that
// hold tests alone need none.
func checkComment(all []*source) (found []finding) {
	type comments struct {
		first *source
		texts []string
	}
	packages := map[string]*comments{}
	var order []string
	for _, s := range all {
		if s.test() {
			continue
		}
		p := packages[s.dir()]
		if p == nil {
			p = &comments{first: s}
			packages[s.dir()] = p
			order = append(order, s.dir())
		}
		if s.ast.Doc != nil {
			p.first = s
			p.texts = append(p.texts, s.ast.Doc.Text())
		}
	}
	for _, dir := range order {
		p := packages[dir]
		at := func(format string, args ...any) {
			found = append(found, p.first.at(p.first.ast.Package, format, args...))
		}
		if len(p.texts) != 1 {
			at("package %s has %d package comments; one file has it", dir, len(p.texts))
			continue
		}
		words, least, opening := len(strings.Fields(p.texts[0])), 20, "Package "+p.first.ast.Name.Name+" "
		if p.first.main() {
			least, opening = 8, "Command "
		}
		if !strings.HasPrefix(p.texts[0], opening) {
			at("the package comment does not begin with %q", opening)
		}
		if words < least {
			at("the package comment has %d words: say what belongs here, what does not, and who imports it", words)
		} else if !p.first.main() && !border.MatchString(p.texts[0]) {
			at("the package comment draws no border: say what belongs here and what does not, or who imports it")
		}
	}
	return found
}

// TestNothingIsLeftForLater reads what is not Go: Terraform, documents, scripts.
func TestNothingIsLeftForLater(t *testing.T) {
	written := regexp.MustCompile(`\.(tf|tfvars|md|sh|yaml|yml|tpl)$|^Makefile$|^\.ci/`)
	for _, name := range files(t) {
		if !written.MatchString(name) {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if word := unfinished.FindString(line); word != "" {
				report(t, "nothing is left for later: do it, or refuse it with a message", []finding{{name, i + 1, word}})
			}
		}
	}
}

// TestModuleIsSelfContained: a replace in go.mod works for this checkout alone, and breaks `go install` for everybody else.
func TestModuleIsSelfContained(t *testing.T) {
	text := read(t, "go.mod")
	if !strings.HasPrefix(text, fmt.Sprintf("module %s\n", module)) {
		t.Fatalf("go.mod is not that of module %s", module)
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "replace ") || strings.Contains(line, " => ") {
			report(t, "go.mod replaces nothing", []finding{{"go.mod", i + 1, strings.TrimSpace(line)}})
		}
	}
}
