package deployment

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"

	"github.com/zclconf/go-cty/cty"
)

// Pattern is a deployment to start from: an annotated tfvars file, or a directory with one for each of its regions.
type Pattern struct {
	// Name is that of the file without its extension, such as sr-simple, or of the directory.
	Name string
	// Title is the first line of the leading comment, in a directory that of the region that the others serve.
	Title string
	// Summary is the rest of the comment's first paragraphs, up to the first blank line after the title's paragraph;
	// it may be empty.
	Summary string
	// Files are those of the regions, a hub's first; there is one at least.
	Files []PatternFile

	source fs.FS // the stacks that the pattern is for
}

// PatternFile is what a pattern says of one region.
type PatternFile struct {
	// Path is where it is in the source, such as patterns/sr-simple.tfvars.
	Path string
	// Text is the whole file.
	Text string
}

// Region is the name of the region that the file is written for.
func (f PatternFile) Region() string { return settingOf(f.Text, "region") }

// Patterns returns the patterns of source, sorted by name.
func Patterns(source fs.FS) ([]Pattern, error) {
	files, err := fs.Glob(source, "patterns/*"+extension)
	if err != nil {
		return nil, err
	}
	regional, err := fs.Glob(source, "patterns/*/*"+extension)
	if err != nil {
		return nil, err
	}
	named := map[string]*Pattern{}
	for _, file := range append(files, regional...) {
		text, err := fs.ReadFile(source, file)
		if err != nil {
			return nil, fmt.Errorf("the pattern %s cannot be read: %w", file, err)
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(file, "patterns/"), extension), "/")
		if named[name] == nil {
			named[name] = &Pattern{Name: name, source: source}
		}
		named[name].Files = append(named[name].Files, PatternFile{file, string(text)})
	}
	var patterns []Pattern
	for _, name := range sortedKeys(named) {
		p := named[name]
		slices.SortStableFunc(p.Files, func(a, b PatternFile) int { return cmp.Compare(a.servesAnother(), b.servesAnother()) })
		p.Title, p.Summary = describePattern(p.Files[0].Text)
		patterns = append(patterns, *p)
	}
	return patterns, nil
}

// servesAnother is 1 for a region that serves the Coder of another one, and 0 for one with a Coder of its own.
func (f PatternFile) servesAnother() int {
	value := valueOf(f.Text, "deployment_features.workspace_proxy")
	if value.Type() == cty.Bool && value.IsKnown() && !value.IsNull() && value.True() {
		return 1
	}
	return 0
}

// FindPattern returns the pattern of that name, or an error that offers the nearest one.
func FindPattern(source fs.FS, name string) (Pattern, error) {
	patterns, err := Patterns(source)
	if err != nil {
		return Pattern{}, err
	}
	var names []string
	for _, p := range patterns {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	e := diagnostic.Errorf("there is no pattern %q", name)
	e.Code = "deployment.unknown_pattern"
	e.Why = "the patterns are " + strings.Join(names, ", ")
	e.Todo = "Name one of them; `coderaws patterns` shows them side by side."
	if near := nearest.Name(name, names); near != "" {
		e.Todo = fmt.Sprintf("Did you mean %s?", near)
	}
	return Pattern{}, e
}

// Deployment is the pattern as it is, as a deployment in dir, with its findings as Load has them of files; nil if any of them is an error.
// Nothing is written.
func (p Pattern) Deployment(dir string) (*Deployment, diagnostic.List) {
	s, err := readSchema(p.source)
	if err != nil {
		return nil, diagnostic.List{schemaFinding(err)}
	}
	d := &Deployment{Dir: dir}
	var list diagnostic.List
	for _, file := range p.Files {
		region, found := s.check(file.Path, file.Region(), []byte(file.Text))
		list = append(list, found...)
		if region != nil {
			d.Regions = append(d.Regions, *region)
		}
	}
	return d.complete(list)
}

// describePattern reads the leading comment: its first line is the title, and the rest of that paragraph, or the paragraph
// after it if the title stands alone, is the summary. The format line is no part of it.
func describePattern(text string) (title, summary string) {
	var paragraphs [][]string
	fresh := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "#") {
			break
		}
		if formatLine.MatchString(line) {
			continue
		}
		words := strings.TrimSpace(strings.TrimLeft(line, "#"))
		switch {
		case words == "":
			fresh = true
		case fresh:
			paragraphs = append(paragraphs, []string{words})
			fresh = false
		default:
			last := len(paragraphs) - 1
			paragraphs[last] = append(paragraphs[last], words)
		}
	}
	if len(paragraphs) == 0 {
		return "", ""
	}
	rest := paragraphs[0][1:]
	if len(rest) == 0 && len(paragraphs) > 1 {
		rest = paragraphs[1]
	}
	return paragraphs[0][0], strings.Join(rest, " ")
}
