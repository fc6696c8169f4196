package chart

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"
)

// Reference says which chart a release wants, as helm_release has it.
type Reference struct {
	// Repository is where the chart is looked for: "" for a path or an address, https://… or oci://….
	Repository string
	// Chart is a name in the repository; without one, a path of a directory or .tgz file, or an address of oci:// or https://.
	Chart string
	// Version is one version or a constraint, such as "~2.27.0"; "" for the newest that is stable.
	Version string
	// Dir is where paths start: Terraform's root module.
	Dir string
}

// String is the reference as a user would say it.
func (r Reference) String() string {
	text := r.Chart
	if r.Version != "" {
		text += " " + r.Version
	}
	if r.Repository != "" {
		text += " of " + r.Repository
	}
	return text
}

// exact reports whether the reference stands for one version, and gives it without a leading v.
func (r Reference) exact() (string, bool) {
	v, err := semver.StrictNewVersion(strings.TrimPrefix(r.Version, "v"))
	if err != nil {
		return "", false
	}
	return v.String(), true
}

// constraint is what a version must meet. As with Helm, no version stands for any that is stable.
func (r Reference) constraint() (*semver.Constraints, error) {
	if r.Version == "" {
		return semver.NewConstraint("*")
	}
	return semver.NewConstraint(r.Version)
}

// Finder finds charts. It remembers what it fetched and which servers did not answer, so that one Finder serves one run. Its methods may
// be called by several goroutines at once.
type Finder struct {
	// Directories are looked at before any network is: they hold charts, unpacked or as .tgz, named <chart>-<version>.
	Directories []string
	// Cache is a directory for what is fetched; "" keeps nothing. It is made when it is needed.
	Cache string
	// Client fetches; nil for one with time-outs of its own (see fetchTimeout).
	Client *http.Client
	// Offline asks no network.
	Offline bool

	mu sync.Mutex
	// found are the charts that were found before, by reference.
	found map[Reference]*Chart
	// dead are the hosts that did not answer.
	dead map[string]error
	// indexes are those of repositories, by address.
	indexes map[string]*index
}

// Find returns the chart. Paths are read each time. Everything else is looked for in the directories, among what was found before, in the
// cache if the version is an exact one, and on the network at last.
//
// Errors are *UnavailableError, *MissingError or *InvalidError, or that of ctx.
func (f *Finder) Find(ctx context.Context, r Reference) (*Chart, error) {
	if r.Chart == "" {
		return nil, &InvalidError{Reference: r, Err: errors.New("no chart is named")}
	}
	if r.Repository == "" && !strings.Contains(r.Chart, "://") {
		return atPath(r)
	}
	constraint, err := r.constraint()
	if err != nil {
		return nil, &InvalidError{Reference: r, Err: fmt.Errorf("%q is neither a version nor a constraint, such as \"2.27.0\" or \"~2.27.0\"",
			r.Version)}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.found[r]; c != nil {
		return c, nil
	}
	c, err := f.find(ctx, r, constraint)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	if f.found == nil {
		f.found = map[Reference]*Chart{}
	}
	f.found[r] = c
	return c, nil
}

func (f *Finder) find(ctx context.Context, r Reference, constraint *semver.Constraints) (*Chart, error) {
	if c, err := f.inDirectories(r, constraint); c != nil || err != nil {
		return c, err
	}
	if version, ok := r.exact(); ok {
		if c := f.cached(r, version); c != nil {
			return c, nil
		}
	}
	address, err := source(r)
	if err != nil {
		return nil, &InvalidError{Reference: r, Err: err}
	}
	switch {
	case f.Offline:
		return nil, &UnavailableError{Reference: r, Err: errOffline}
	case address.Scheme == "oci":
		return f.fromRegistry(ctx, r, address)
	case r.Repository == "":
		return f.fromAddress(ctx, r, address)
	default:
		return f.fromRepository(ctx, r, address, constraint)
	}
}

// atPath reads a chart of the file system.
func atPath(r Reference) (*Chart, error) {
	name := r.Chart
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.Dir, name)
	}
	c, err := read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &MissingError{Reference: r, Where: name}
	case err != nil:
		return nil, &InvalidError{Reference: r, Where: name, Err: err}
	}
	if r.Version != "" {
		// Helm itself ignores the version of a path, but helm_release refuses a plan whose chart has another one.
		constraint, err := r.constraint()
		if err != nil {
			return nil, &InvalidError{Reference: r, Where: name, Err: err}
		}
		if v, err := semver.NewVersion(c.Version()); err == nil && !constraint.Check(v) && r.Version != c.Version() {
			return nil, &MissingError{Reference: r, Where: name, Versions: []string{c.Version()}}
		}
	}
	return c, nil
}

// read reads a chart that is a directory or a .tgz file. A name that stands for nothing gives fs.ErrNotExist.
func read(name string) (*Chart, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return LoadDirectory(name)
	}
	return LoadArchive(name)
}

// inDirectories looks for the chart in the directories: the newest version there that the reference allows, and none if there is none.
func (f *Finder) inDirectories(r Reference, constraint *semver.Constraints) (*Chart, error) {
	chart := path.Base(strings.TrimSuffix(r.Chart, "/"))
	for _, directory := range f.Directories {
		entries, err := os.ReadDir(directory)
		if err != nil {
			continue // a directory that is not there holds no charts
		}
		var newest *semver.Version
		file := ""
		for _, entry := range entries {
			text, ok := strings.CutPrefix(strings.TrimSuffix(entry.Name(), ".tgz"), chart+"-")
			if !ok {
				continue
			}
			version, err := semver.StrictNewVersion(text)
			if err != nil || !(constraint.Check(version) || text == strings.TrimPrefix(r.Version, "v")) {
				continue
			}
			if newest == nil || version.GreaterThan(newest) {
				newest, file = version, filepath.Join(directory, entry.Name())
			}
		}
		if file == "" {
			continue
		}
		c, err := read(file)
		if err == nil {
			err = c.is(chart, newest.String())
		}
		if err != nil {
			return nil, &InvalidError{Reference: r, Where: file, Err: err}
		}
		return c, nil
	}
	return nil, nil
}

// is holds a chart to the name and version under which it was found.
func (c *Chart) is(name, version string) error {
	if c.Name() != name {
		return fmt.Errorf("its Chart.yaml has the name %s", c.Name())
	}
	if version != "" && strings.TrimPrefix(c.Version(), "v") != strings.TrimPrefix(version, "v") {
		return fmt.Errorf("its Chart.yaml has the version %s", c.Version())
	}
	return nil
}
