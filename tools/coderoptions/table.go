package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// option is an option over all versions, as package coderd reads it.
type option struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

// known is a version of which the options are known.
type known struct {
	Version string `json:"version"`
	Serpent string `json:"serpent"`
	Source  string `json:"source"`
}

// table writes what all releases read, the oldest first, one option to a line.
func table(releases []release) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n  \"known\": [")
	for i, r := range releases {
		source := "codersdk/deployment.go, cli and enterprise/cli of github.com/coder/coder/v2 v" + r.version
		if err := line(&b, i, known{r.version, r.serpent, source}); err != nil {
			return nil, err
		}
	}
	for _, program := range []struct {
		name    string
		options func(release) map[string]string
	}{
		{"server", func(r release) map[string]string { return r.server }},
		{"proxy", func(r release) map[string]string { return r.proxy }},
		{"provisioner", func(r release) map[string]string { return r.provisioner }},
		{"every", func(r release) map[string]string { return r.every }},
	} {
		fmt.Fprintf(&b, "\n  ],\n  %q: [", program.name)
		all, err := over(releases, program.options)
		if err != nil {
			return nil, err
		}
		for i, o := range all {
			if err := line(&b, i, o); err != nil {
				return nil, err
			}
		}
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

func line(b *bytes.Buffer, i int, value any) error {
	if i > 0 {
		b.WriteString(",")
	}
	b.WriteString("\n    ")
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	// With the spaces that people put there, which no option of the encoder gives without a line for each field.
	spaced := bytes.ReplaceAll(bytes.TrimSpace(text.Bytes()), []byte(`":"`), []byte(`": "`))
	b.Write(bytes.ReplaceAll(spaced, []byte(`","`), []byte(`", "`)))
	return nil
}

// over merges the options of one program over the releases, by name. What one release reads and the next does not is taken out for
// good, and a type stays what it is: what differs from that is an error, since the table could not say it.
func over(releases []release, of func(release) map[string]string) ([]option, error) {
	byName := map[string]*option{}
	for i, r := range releases {
		for _, name := range slices.Sorted(maps.Keys(of(r))) {
			o, kind := byName[name], of(r)[name]
			switch {
			case o == nil:
				o = &option{Name: name, Type: kind}
				if i > 0 {
					o.Since = r.version
				}
				byName[name] = o
			case o.Type != kind:
				return nil, fmt.Errorf("%s is of type %s in Coder %s, and was of type %s", name, kind, r.version, o.Type)
			case o.Until != releases[i-1].version:
				return nil, fmt.Errorf("%s is read up to %s and from %s on, and not between", name, o.Until, r.version)
			}
			o.Until = r.version
		}
	}
	var all []option
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if byName[name].Until == releases[len(releases)-1].version {
			byName[name].Until = ""
		}
		all = append(all, *byName[name])
	}
	return all, nil
}
