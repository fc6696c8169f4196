package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// systems are those that the program is built for: each links some modules of its own.
var systems = []string{"linux", "darwin", "windows"}

// module is one that is linked, with the texts that its authors ask to be passed on.
type module struct {
	path, version string
	// texts are by the name of their file below the module.
	texts map[string]string
}

// legal are the names of files with licences and notices.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// collect finds what is linked into the program on any system, and reads the texts that stand beside each package that is linked or above
// it in its module: parts that somebody else wrote have licences of their own there.
func collect(root string) ([]module, error) {
	found := map[string]*module{}
	for _, system := range systems {
		packages, err := list(root, system)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			path, version, top := "std", "", p.Root
			switch {
			case p.Standard:
			case p.Module == nil || p.Module.Main:
				continue
			default:
				path, version, top = p.Module.Path, p.Module.Version, p.Module.Dir
			}
			if found[path] == nil {
				found[path] = &module{path: path, version: version, texts: map[string]string{}}
			}
			if err := found[path].read(p.Dir, top); err != nil {
				return nil, err
			}
		}
	}
	var all []module
	for _, m := range found {
		if len(m.texts) == 0 {
			return nil, fmt.Errorf("%s %s has no licence", m.path, m.version)
		}
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// read takes the texts of a directory and of those above it, up to top.
func (m *module) read(dir, top string) error {
	for ; strings.HasPrefix(dir, top); dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !entry.Type().IsRegular() || !legal.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
				continue
			}
			name, err := filepath.Rel(top, filepath.Join(dir, entry.Name()))
			if err != nil {
				return err
			}
			text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			if err != nil {
				return err
			}
			m.texts[filepath.ToSlash(name)] = tidy(string(text))
		}
	}
	return nil
}

// tidy takes out what differs between the same texts: ends of lines, and white space at them.
func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\f", ""), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// listed is what `go list` says of a package.
type listed struct {
	Dir, Root string
	Standard  bool
	Module    *struct {
		Path, Version, Dir string
		Main               bool
	}
}

func list(root, system string) ([]listed, error) {
	command := exec.Command("go", "list", "-deps", "-json=Dir,Root,Standard,Module", "./cmd/coderaws")
	command.Dir, command.Env = root, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list for %s: %w: %s", system, err, said.String())
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		if p.Dir != "" { // unsafe has none
			all = append(all, p)
		}
	}
}
