package coderd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"

	"coderaws/internal/facts"
)

// Program is what a container of Coder's image runs.
type Program string

// The programs of which the environment is known.
const (
	// Server is coderd.
	Server Program = "server"
	// Proxy is a workspace proxy.
	Proxy Program = "proxy"
	// Provisioner is an external provisioner daemon.
	Provisioner Program = "provisioner"
	// Other is anything else: its environment is not checked.
	Other Program = ""
)

// ProgramOf tells the program from the arguments of a container of Coder's image. Without arguments the image runs coderd.
func ProgramOf(args []string) Program {
	words := slices.DeleteFunc(slices.Clone(args), func(word string) bool { return strings.HasPrefix(word, "-") })
	switch {
	case len(words) == 0, words[0] == "server" && len(words) == 1:
		return Server
	case len(words) == 2 && words[0] == "wsproxy" && words[1] == "server":
		return Proxy
	case len(words) == 2 && words[1] == "start" && slices.Contains([]string{"provisioner", "provisionerd", "provisioners"}, words[0]):
		return Provisioner
	default:
		return Other
	}
}

// option is one environment variable that a program reads.
type option struct {
	Name string `json:"name"`
	// Type is the type of its value as serpent names it, which parses Coder's options.
	Type string `json:"type"`
	// Since is the first of the known versions that reads it, Until the last one; empty where all before and after do.
	Since string `json:"since"`
	Until string `json:"until"`
}

// table is the content of facts.Options.
type table struct {
	Known []struct {
		Version string `json:"version"`
		// Serpent is the version of the library that parses the values.
		Serpent string `json:"serpent"`
		Source  string `json:"source"`
	} `json:"known"`
	Server      []option `json:"server"`
	Proxy       []option `json:"proxy"`
	Provisioner []option `json:"provisioner"`
	// Every are those that all of Coder's programs read.
	Every []option `json:"every"`
}

// load decodes the table, once in a process.
var load = sync.OnceValue(func() *table {
	decoder := json.NewDecoder(facts.Options())
	decoder.DisallowUnknownFields()
	var t table
	if err := decoder.Decode(&t); err != nil {
		// The file is part of the program, and a test decodes it.
		panic(fmt.Sprintf("embedded options of Coder: %v", err))
	}
	return &t
})

// Known is the version whose options are taken for those of a version: the nearest one at or below of which they are known, or the
// oldest one. exact says that it is of the same minor release.
func Known(version string) (known string, exact bool) {
	versions := load().Known
	known = versions[0].Version
	for _, candidate := range versions {
		if compare(candidate.Version, version) <= 0 || sameMinor(candidate.Version, version) {
			known = candidate.Version
		}
	}
	return known, sameMinor(known, version)
}

// NewerThanKnown reports whether a version is of a later release than all whose options are known.
func NewerThanKnown(version string) bool {
	versions := load().Known
	newest := versions[len(versions)-1].Version
	return compare(version, newest) > 0 && !sameMinor(version, newest)
}

// next is the earliest known version after a known one; "" after the newest.
func next(known string) string {
	for _, candidate := range load().Known {
		if compare(candidate.Version, known) > 0 {
			return candidate.Version
		}
	}
	return ""
}

// reads says what a version is known to do with an option.
type reads int

const (
	readsNot reads = iota
	// mayRead: the version lies between two known ones, of which the later one reads the option.
	mayRead
	doesRead
)

// in says whether a version reads the option.
func (o option) in(version string) reads {
	known, exact := Known(version)
	switch {
	case o.Until != "" && compare(known, o.Until) > 0:
		return readsNot
	case o.Since == "" || compare(known, o.Since) >= 0:
		return doesRead
	case !exact && next(known) != "" && compare(next(known), o.Since) >= 0 && compare(version, known) > 0:
		return mayRead
	default:
		return readsNot
	}
}

// options are all that a program reads or has read, by name.
func options(program Program) map[string]option {
	t, all := load(), map[string]option{}
	for _, o := range t.Every {
		all[o.Name] = o
	}
	own := t.Server
	switch program {
	case Proxy:
		own = t.Proxy
	case Provisioner:
		own = t.Provisioner
	}
	for _, o := range own {
		all[o.Name] = o
	}
	return all
}

// compare orders versions such as 2.35.1 and v2.35.1; a beta of a release counts as that release. What is no version counts as 0.0.0.
func compare(a, b string) int { return release(a).Compare(release(b)) }

func sameMinor(a, b string) bool {
	x, y := release(a), release(b)
	return x.Major() == y.Major() && x.Minor() == y.Minor()
}

func release(version string) *semver.Version {
	v, err := semver.NewVersion(version)
	if err != nil {
		return semver.New(0, 0, 0, "", "")
	}
	return semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
}
