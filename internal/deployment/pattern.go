package deployment

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"
)

// Pattern is a deployment to start from: an annotated tfvars file.
type Pattern struct {
	// Name is the file's name without its extension, such as sr-simple.
	Name string
	// Title is the first line of the file's leading comment.
	Title string
	// Summary is the rest of the comment's first paragraphs, up to the first blank line after the title's paragraph;
	// it may be empty.
	Summary string
	// File is the path in the source, such as patterns/sr-simple.tfvars.
	File string
	// Text is the whole file.
	Text string

	source fs.FS // the stacks that the pattern is for
}

// Patterns returns the patterns of source, sorted by name.
func Patterns(source fs.FS) ([]Pattern, error) {
	files, err := fs.Glob(source, "patterns/*"+extension)
	if err != nil {
		return nil, err
	}
	var patterns []Pattern
	for _, file := range files {
		text, err := fs.ReadFile(source, file)
		if err != nil {
			return nil, fmt.Errorf("the pattern %s cannot be read: %w", file, err)
		}
		p := Pattern{Name: strings.TrimSuffix(path.Base(file), extension), File: file, Text: string(text), source: source}
		p.Title, p.Summary = describePattern(p.Text)
		patterns = append(patterns, p)
	}
	slices.SortFunc(patterns, func(a, b Pattern) int { return strings.Compare(a.Name, b.Name) })
	return patterns, nil
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

// Check returns the findings of the pattern's own text against the stacks, as Load does for a deployment's file.
func (p Pattern) Check() (*Region, diagnostic.List) {
	s, err := readSchema(p.source)
	if err != nil {
		return nil, diagnostic.List{schemaFinding(err)}
	}
	region := settingOf(p.Text, "region")
	return s.check(p.File, region, []byte(p.Text))
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
