package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// typescript is the text of all sources of a folder, as the source maps in its JavaScript files hold it.
func typescript(library, folder string) (string, error) {
	const mark = "//# sourceMappingURL=data:application/json;base64,"
	files, err := filepath.Glob(filepath.Join(library, folder, "*.js"))
	if err != nil {
		return "", err
	}
	more, err := filepath.Glob(filepath.Join(library, folder, "*", "*.js"))
	if err != nil {
		return "", err
	}
	files = append(files, more...)
	sort.Strings(files)
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		_, encoded, found := strings.Cut(string(text), mark)
		if !found {
			continue
		}
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		var sourceMap struct {
			Contents []string `json:"sourcesContent"`
		}
		if err := json.Unmarshal(decoded, &sourceMap); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		all.WriteString(strings.Join(sourceMap.Contents, "\n"))
	}
	if all.Len() == 0 {
		return "", fmt.Errorf("no source maps in %s", filepath.Join(library, folder))
	}
	return all.String(), nil
}

// argument is what the sources say of one name in a body.
type argument struct{ value, kind, storage string }

// mark is the comment above each property of a class.
type mark struct {
	computed, optional, required bool
	getter                       string
}

type declarations struct {
	resource, root string
	rootArguments  map[string]argument
	// marks by class and name, arguments by the function that writes a struct.
	marks     map[string]map[string]mark
	arguments map[string]map[string]argument
}

var (
	classLine    = regexp.MustCompile(`^export class (\w+) extends (cdktf\.\w+)`)
	functionLine = regexp.MustCompile(`^export function (\w+)ToHclTerraform\(`)
	markLine     = regexp.MustCompile(`^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)`)
	getterLine   = regexp.MustCompile(`this\.get(\w+)Attribute\('(\w+)'\)`)
	nameLine     = regexp.MustCompile(`^ +(\w+): \{$`)
	fieldLine    = regexp.MustCompile(`^ +(value|type|storageClassType): (.*),$`)
	resourceLine = regexp.MustCompile(`tfResourceType = "(\w+)"`)
	writerName   = regexp.MustCompile(`(\w+)ToHclTerraform`)
)

// parse reads the sources line by line: they are generated, and each line has one shape.
func parse(source string) declarations {
	d := declarations{marks: map[string]map[string]mark{}, arguments: map[string]map[string]argument{}}
	var class, name, marked string
	var into map[string]argument
	for _, line := range strings.Split(source, "\n") {
		switch {
		case classLine.MatchString(line):
			m := classLine.FindStringSubmatch(line)
			class, into, marked = strings.TrimSuffix(m[1], "OutputReference"), nil, ""
			d.marks[class] = map[string]mark{}
			if m[2] != "cdktf.ComplexObject" && m[2] != "cdktf.ComplexList" && m[2] != "cdktf.ComplexMap" {
				d.root = class
			}
		case functionLine.MatchString(line):
			into = map[string]argument{}
			d.arguments[functionLine.FindStringSubmatch(line)[1]] = into
		case strings.Contains(line, "synthesizeHclAttributes()"):
			into = map[string]argument{}
			d.rootArguments = into
		case resourceLine.MatchString(line):
			d.resource = resourceLine.FindStringSubmatch(line)[1]
		case markLine.MatchString(line):
			m := markLine.FindStringSubmatch(line)
			marked = m[1]
			d.marks[class][marked] = mark{computed: m[2] == "true", optional: m[3] == "true", required: m[4] == "true"}
		case marked != "" && getterLine.MatchString(line):
			if m := getterLine.FindStringSubmatch(line); m[2] == marked {
				said := d.marks[class][marked]
				said.getter = m[1]
				d.marks[class][marked] = said
			}
		case into != nil && nameLine.MatchString(line):
			name = nameLine.FindStringSubmatch(line)[1]
			into[name] = argument{}
		case into != nil && fieldLine.MatchString(line):
			m, a := fieldLine.FindStringSubmatch(line), into[name]
			switch m[1] {
			case "value":
				a.value = m[2]
			case "type":
				a.kind = strings.Trim(m[2], `"`)
			default:
				a.storage = strings.Trim(m[2], `"`)
			}
			into[name] = a
		}
	}
	return d
}

// types are the attributes' types, by what the sources call them.
var types = map[string]any{
	"string": "string", "boolean": "bool", "number": "number", "any": "dynamic",
	"stringMap": []any{"map", "string"}, "booleanMap": []any{"map", "bool"}, "numberMap": []any{"map", "number"},
	"stringList": []any{"list", "string"}, "numberList": []any{"list", "number"}, "booleanList": []any{"list", "bool"},
	// Getters of what is computed alone.
	"String": "string", "Boolean": "bool", "Number": "number", "StringMap": []any{"map", "string"}, "List": []any{"list", "string"},
}

// block rebuilds a body from the marks of its class and what its function writes.
func (d declarations) block(class string, arguments map[string]argument) (block, error) {
	b := block{Attributes: map[string]attribute{}, Blocks: map[string]nested{}}
	for name, said := range d.marks[class] {
		a, written := arguments[name]
		writer := writerName.FindStringSubmatch(strings.ReplaceAll(a.value, "cdktf.", "cdktf"))
		if kind, simple := types[a.storage]; written && simple {
			if list, isList := kind.([]any); isList && a.kind == "set" {
				kind = []any{"set", list[1]}
			}
			b.Attributes[name] = attribute{Type: kind, Required: said.required, Optional: said.optional, Computed: said.computed}
			continue
		}
		if !written {
			kind, simple := types[said.getter]
			if !simple {
				return block{}, fmt.Errorf("%s.%s is computed, of the unknown type %q", class, name, said.getter)
			}
			b.Attributes[name] = attribute{Type: kind, Computed: true}
			continue
		}
		if writer == nil {
			return block{}, fmt.Errorf("%s.%s has the unknown type %q", class, name, a.storage)
		}
		function := writer[1]
		inner, err := d.block(strings.ToUpper(function[:1])+function[1:], d.arguments[function])
		if err != nil {
			return block{}, err
		}
		n := nested{Nesting: map[string]string{"struct": "single", "list": "list", "set": "set"}[a.kind], Block: inner}
		if n.Nesting == "" {
			return block{}, fmt.Errorf("%s.%s nests in the unknown way %q", class, name, a.kind)
		}
		if n.Nesting != "single" && !strings.Contains(a.value, "listMapper") {
			n.MaxItems = 1
		}
		if said.required {
			n.MinItems = 1
		}
		b.Blocks[name] = n
	}
	return b, nil
}
