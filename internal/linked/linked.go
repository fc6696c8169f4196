// Package linked tells what is linked into the program: as a bill of materials for those who keep books of software, and with the notices
// and licences of the authors for everybody. The command line imports it; it imports nothing of ours. tools/notices writes its data.
package linked

import (
	_ "embed" // for the data beside this file
	"encoding/json"
	"runtime/debug"
	"slices"
	"strings"
)

//go:embed notices.txt
var notices string

//go:embed modules.json
var modules []byte

// Notices are the notices and licences of all that is linked into the program on any system, each text once.
func Notices() string { return notices }

// Module is one that is linked into the program on some system.
type Module struct {
	// Path is that of the module; std is Go's standard library.
	Path    string `json:"path"`
	Version string `json:"version"`
	// Licenses are identifiers of SPDX's list.
	Licenses []string `json:"licenses"`
}

// Modules are those that Notices speaks of, by their paths.
func Modules() ([]Module, error) {
	var all []Module
	err := json.Unmarshal(modules, &all)
	return all, err
}

// schema is that of CycloneDX in the version that Bill writes.
const schema = "http://cyclonedx.org/schema/bom-1.6.schema.json"

// Bill is a bill of materials of the program in the JSON form of CycloneDX 1.6: the modules that info says are linked, with the checksums
// that Go's checksum database has of them, and their licences. It is the same for the same program, so that it has neither a serial number
// nor a time.
func Bill(info *debug.BuildInfo, version string) ([]byte, error) {
	known, err := Modules()
	if err != nil {
		return nil, err
	}
	licenses := map[string][]license{}
	for _, m := range known {
		for _, id := range m.Licenses {
			licenses[m.Path] = append(licenses[m.Path], license{spdx{id}})
		}
	}
	program := component{
		Type: "application", Ref: info.Main.Path + "@" + version, Name: info.Main.Path, Version: version,
		Licenses: []license{{spdx{"Apache-2.0"}}},
	}
	for _, setting := range info.Settings {
		if slices.Contains([]string{"CGO_ENABLED", "GOARCH", "GOOS"}, setting.Key) {
			program.Properties = append(program.Properties, property{"cdx:gomod:build:env:" + setting.Key, setting.Value})
		}
	}
	parts := []component{library("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		parts = append(parts, library(dep.Path, dep.Version, dep.Sum))
	}
	slices.SortFunc(parts, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	all := dependency{Ref: program.Ref}
	dependencies := make([]dependency, 1, len(parts)+1)
	for i := range parts {
		parts[i].Licenses = licenses[parts[i].Name]
		all.On = append(all.On, parts[i].Ref)
		dependencies = append(dependencies, dependency{Ref: parts[i].Ref})
	}
	dependencies[0] = all
	return json.MarshalIndent(bill{
		Schema: schema, Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{program}, Components: parts, Dependencies: dependencies,
	}, "", "  ")
}

// library is a module as a part. The package URL is that of the type golang (github.com/package-url/purl-spec).
func library(path, version, sum string) component {
	url := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	c := component{Type: "library", Ref: url, Name: path, Version: version, URL: url}
	if sum != "" { // h1: is over the names and hashes of a module's files, so that it is the hash of no one file
		c.Properties = []property{{"coderaws:go.sum", sum}}
	}
	return c
}

// The rest is the form of CycloneDX, as far as it is used.
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	Licenses   []license  `json:"licenses,omitempty"`
	URL        string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type license struct {
	License spdx `json:"license"`
}

type spdx struct {
	ID string `json:"id"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn,omitempty"`
}
