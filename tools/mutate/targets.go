package main

import (
	"context"
	"errors"
	"os"
	"path"
	"slices"
	"strings"
)

// targets say what is mutated and whose tests have to notice.
type targets struct {
	// packages are patterns of the go command; files are the only ones that are mutated in their packages.
	packages, files, tests []string
}

// readTargets reads the file that names them.
func readTargets(name string) (targets, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return targets{}, err
	}
	var t targets
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case fields[0] == "tests" && len(fields) == 2:
			t.tests = append(t.tests, "./"+fields[1])
		case len(fields) > 1:
			return t, errors.New(name + ": write one package or file on each line, with \"tests\" before a package whose tests are run too")
		case strings.HasSuffix(fields[0], ".go"):
			t.files = append(t.files, fields[0])
			t.packages = append(t.packages, "./"+path.Dir(fields[0]))
		default:
			t.packages = append(t.packages, "./"+fields[0])
		}
	}
	return t, nil
}

// mutates reports whether a file is mutated: one that is named, or any of a package of which none is.
func (t targets) mutates(file string) bool {
	return slices.Contains(t.files, file) ||
		!slices.ContainsFunc(t.files, func(named string) bool { return path.Dir(named) == path.Dir(file) })
}

// suites are the packages whose tests are run: those of which a test may reach one of the mutated packages.
func (t targets) suites(ctx context.Context, mutated map[string]bool) ([]listed, error) {
	all, err := list(ctx, append([]string{"-deps", "-test"}, append(slices.Clone(t.packages), t.tests...)...)...)
	if err != nil {
		return nil, err
	}
	may := map[string]bool{}
	for _, l := range all {
		if tested, ok := strings.CutSuffix(l.ImportPath, ".test"); ok {
			may[tested] = slices.ContainsFunc(l.Deps, func(dep string) bool { bare, _, _ := strings.Cut(dep, " "); return mutated[bare] })
		}
	}
	return slices.DeleteFunc(all, func(l listed) bool { return !may[l.ImportPath] }), nil
}
