package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// file is one that is written.
type file struct {
	name string
	text []byte
}

// entry is a module in modules.json.
type entry struct {
	Path    string `json:"path"`
	Version string `json:"version,omitempty"`
	// Licenses are identifiers of SPDX's list.
	Licenses []string `json:"licenses"`
}

// files are the notices for people and the identifiers of licences for the bill of materials.
func files(modules []module) ([]file, error) {
	var entries []entry
	for _, m := range modules {
		e := entry{m.path, m.version, nil}
		for _, name := range slices.Sorted(maps.Keys(m.texts)) {
			if id := identify(m.texts[name]); id != "" && !slices.Contains(e.Licenses, id) {
				e.Licenses = append(e.Licenses, id)
			}
		}
		if len(e.Licenses) == 0 {
			return nil, fmt.Errorf("%s: none of %v is a licence that identify knows", m.path, slices.Sorted(maps.Keys(m.texts)))
		}
		slices.Sort(e.Licenses)
		entries = append(entries, e)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(entries); err != nil {
		return nil, err
	}
	return []file{{"modules.json", b.Bytes()}, {"notices.txt", notices(modules)}}, nil
}

// notices is each text once, below the modules that have it.
func notices(modules []module) []byte {
	owners := map[string][]string{}
	var texts []string
	for _, m := range modules {
		for _, name := range slices.Sorted(maps.Keys(m.texts)) {
			text := m.texts[name]
			if owners[text] == nil {
				texts = append(texts, text)
			}
			owners[text] = append(owners[text], strings.TrimSpace(m.path+" "+m.version)+": "+name)
		}
	}
	var b bytes.Buffer
	b.WriteString("What is linked into coderaws, and is not its own, with the licences and notices of its authors. std is Go's standard library.\n")
	rule := strings.Repeat("=", 80)
	for _, text := range texts {
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n\n%s\n", rule, strings.Join(owners[text], "\n"), rule, text)
	}
	return b.Bytes()
}

// phrases tell licences apart, the most particular first.
var phrases = []struct{ id, says string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"BSD-3-Clause", "neither the name"},
	{"BSD-3-Clause", "names of its contributors may not be used"},
	{"BSD-2-Clause", "redistribution and use in source and binary forms"},
	{"ISC", "permission to use copy modify and/or distribute this software"},
	{"ISC", "permission to use copy modify and distribute this software"},
	{"MIT", "permission is hereby granted free of charge"},
	{"Unlicense", "this is free and unencumbered software"},
	{"CC0-1.0", "cc0 1.0 universal"},
}

// identify finds the identifier that SPDX has for a licence; "" for notices, and for what it does not know.
func identify(text string) string {
	plain := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(text, ",", " "))), " ")
	for _, p := range phrases {
		if strings.Contains(plain, p.says) {
			return p.id
		}
	}
	return ""
}
