package coder

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// Template is a workspace template as it is pushed.
type Template struct {
	// Name is the name that coderd knows it by: letters, digits and hyphens, 32 at most.
	Name string
	// DisplayName, Description and Icon are what people see; from the front matter of its README.md, where that has them.
	DisplayName, Description, Icon string
	// Autostop is how long a workspace runs after it was started, and ActivityBump how long it goes on after it was used,
	// if its user says nothing else; 0 for ever, or what coderd does by itself. They are from the front matter, too, as
	// default_ttl and activity_bump, and are given to coderd with the first version: later they are an administrator's.
	Autostop, ActivityBump time.Duration
	// Archive is a tar of its files that is the same each time.
	Archive []byte
	// Declares are the names of its Terraform variables, in alphabetical order.
	Declares []string
	// Variables are values for some of them, which coderd keeps with the version.
	Variables map[string]string
	// Regions are those that people choose from and whose provisioners have a tag: all but the hub's. Empty where there is no choice.
	Regions []string
}

// mostTemplate is what coderd takes of a template, in bytes (provisionersdk, TemplateArchiveLimit).
const mostTemplate = 1 << 20

// mostDescription is what coderd takes of a description, in bytes.
const mostDescription = 127

// declaration is the first line of a variable's block, as terraform fmt writes it.
var declaration = regexp.MustCompile(`(?m)^variable\s+"([^"]+)"\s*\{`)

// Pack reads a template from a directory of fsys. What Terraform leaves behind there is not taken along, and neither are the files without,
// by their names in dir. Its errors are diagnostics.
func Pack(fsys fs.FS, dir, name string, without ...string) (*Template, error) {
	t := &Template{Name: name}
	var packed bytes.Buffer
	archive := tar.NewWriter(&packed)
	terraform := false
	var described error
	err := fs.WalkDir(fsys, dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != dir && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || !entry.Type().IsRegular() || leftover(entry.Name()):
			return nil
		}
		relative := strings.TrimPrefix(strings.TrimPrefix(file, dir), "/")
		if slices.Contains(without, relative) {
			return nil
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		switch {
		case relative == "README.md":
			described = t.describe(string(text))
		case path.Dir(relative) == "." && strings.HasSuffix(relative, ".tf"):
			terraform = true
			for _, found := range declaration.FindAllStringSubmatch(string(text), -1) {
				t.Declares = append(t.Declares, found[1])
			}
		}
		header := &tar.Header{Name: relative, Mode: 0o644, Size: int64(len(text)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err = archive.Write(text)
		return err
	})
	if closeErr := archive.Close(); err == nil {
		err = closeErr
	}
	switch {
	case err != nil:
		return nil, badTemplate(name, "it cannot be read", err.Error(), "see whether "+dir+" is there and can be read")
	case described != nil:
		return nil, described
	case !terraform:
		return nil, badTemplate(name, "there is no Terraform in it", "a template is a directory with at least one .tf file",
			"name a directory with templates below it: --from DIR")
	case packed.Len() > mostTemplate:
		return nil, badTemplate(name, fmt.Sprintf("it has %d KiB", packed.Len()/1024), "coderd takes 1024 KiB",
			"take out of "+dir+" what the template does not need")
	}
	slices.Sort(t.Declares)
	t.Archive = packed.Bytes()
	return t, nil
}

// leftover reports whether a file is of a run of Terraform there, and may hold secrets.
func leftover(name string) bool {
	return strings.Contains(name, ".tfstate") || name != ".terraform.lock.hcl" && strings.HasPrefix(name, ".")
}

func badTemplate(name, what, why, todo string) error {
	d := diagnostic.Errorf("the template %s cannot be pushed: %s", name, what)
	d.Code, d.Why, d.Todo = "coder.template", why, todo
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// describe takes what people see from the front matter of a README: lines of names and values between lines of three hyphens.
func (t *Template) describe(readme string) error {
	head, ok := strings.CutPrefix(strings.ReplaceAll(readme, "\r\n", "\n"), "---\n")
	if !ok {
		return nil
	}
	var err error
	head, _, _ = strings.Cut(head, "\n---")
	for line := range strings.SplitSeq(head, "\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch name {
		case "display_name":
			t.DisplayName = value
		case "description":
			if len(value) <= mostDescription {
				t.Description = value
			}
		case "icon":
			// Coder's own templates name a file of its source, which the dashboard serves below /icon.
			if i := strings.LastIndex(value, "/icon/"); i >= 0 {
				value = value[i:]
			}
			t.Icon = value
		case "default_ttl":
			t.Autostop, err = hours(value)
		case "activity_bump":
			t.ActivityBump, err = hours(value)
		}
		if err != nil {
			return badTemplate(t.Name, fmt.Sprintf("its README.md has %s: %s", name, value), "that is no duration",
				"write it in hours and minutes, such as 10h or 1h30m")
		}
	}
	return nil
}

// hours reads a duration that is not below zero.
func hours(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && d < 0 {
		err = errors.New("below zero")
	}
	return d, err
}

// versionPrefix begins the names of the versions that coderaws makes.
const versionPrefix = "coderaws-"

// Version is the name of the version that this content gets: another content has another name, so that pushing the same twice changes
// nothing.
func (t *Template) Version() string {
	sum := sha256.New()
	sum.Write(t.Archive)
	for _, name := range slices.Sorted(maps.Keys(t.Variables)) {
		fmt.Fprintf(sum, "%d:%s=%d:%s;", len(name), name, len(t.Variables[name]), t.Variables[name])
	}
	return versionPrefix + hex.EncodeToString(sum.Sum(nil))[:12]
}
