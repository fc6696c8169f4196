package chart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"sigs.k8s.io/yaml"
)

// index is what is used of the index.yaml of a chart repository.
type index struct {
	Entries map[string][]entry `json:"entries"`
}

// entry is one version of a chart.
type entry struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Digest  string   `json:"digest"`
	URLs    []string `json:"urls"`

	parsed *semver.Version
}

// versions of a chart, the newest first. What is no version is left out, as Helm does.
func (i *index) versions(chart string) (all []entry) {
	for _, e := range i.Entries[chart] {
		if v, err := semver.NewVersion(e.Version); err == nil {
			e.parsed = v
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return b.parsed.Compare(a.parsed) })
	return all
}

// fromRepository fetches a chart that the index of a repository has.
func (f *Finder) fromRepository(ctx context.Context, r Reference, base *url.URL, constraint *semver.Constraints) (*Chart, error) {
	known, err := f.index(ctx, r, base)
	if err != nil {
		return nil, err
	}
	all := known.versions(r.Chart)
	if len(all) == 0 {
		return nil, &MissingError{Reference: r, Where: base.Redacted(), Charts: alike(r.Chart, keys(known.Entries), shown)}
	}
	chosen := -1
	for i, e := range all {
		if e.Version == r.Version {
			chosen = i
			break
		}
		if chosen < 0 && constraint.Check(e.parsed) {
			chosen = i
		}
	}
	if chosen < 0 {
		return nil, &MissingError{Reference: r, Where: base.Redacted(), Versions: nearestVersions(r.Version, all)}
	}
	e := all[chosen]
	version := e.parsed.String()
	if c := f.cached(r, version); c != nil {
		return c, nil
	}
	if len(e.URLs) == 0 {
		return nil, &InvalidError{Reference: r, Where: base.Redacted(), Err: errors.New("its index has no address for this version")}
	}
	address, err := relative(base, e.URLs[0])
	if err != nil {
		return nil, &InvalidError{Reference: r, Where: base.Redacted(), Err: err}
	}
	return f.archive(ctx, r, address, e)
}

// fromAddress fetches a packed chart that the reference names itself.
func (f *Finder) fromAddress(ctx context.Context, r Reference, address *url.URL) (*Chart, error) {
	return f.archive(ctx, r, address, entry{})
}

// archive fetches a packed chart, and holds it to what the index says of it.
func (f *Finder) archive(ctx context.Context, r Reference, address *url.URL, e entry) (*Chart, error) {
	where := address.Redacted()
	data, err := f.get(ctx, address, maxArchive)
	switch {
	case permanent(err):
		return nil, &MissingError{Reference: r, Where: where}
	case errors.Is(err, errTooLarge):
		return nil, &InvalidError{Reference: r, Where: where, Err: err}
	case err != nil:
		return nil, &UnavailableError{Reference: r, Err: err}
	}
	if want := strings.TrimPrefix(e.Digest, "sha256:"); want != "" {
		digest := sha256.Sum256(data)
		if got := hex.EncodeToString(digest[:]); !strings.EqualFold(got, want) {
			return nil, &InvalidError{Reference: r, Where: where,
				Err: fmt.Errorf("its digest is sha256:%s, and the repository's index says sha256:%s", got, want)}
		}
	}
	c, err := unpack(data, where)
	if err == nil && r.Repository != "" {
		err = c.is(r.Chart, e.Version)
	}
	if err != nil {
		return nil, &InvalidError{Reference: r, Where: where, Err: err}
	}
	if r.Repository != "" {
		f.keep(r, c, data)
	}
	return c, nil
}

// index fetches the index of a repository, once.
func (f *Finder) index(ctx context.Context, r Reference, base *url.URL) (*index, error) {
	if known := f.indexes[base.String()]; known != nil {
		return known, nil
	}
	address := base.JoinPath("index.yaml")
	data, err := f.get(ctx, address, maxIndex)
	switch {
	case permanent(err):
		return nil, &InvalidError{Reference: r, Where: base.Redacted(), Err: fmt.Errorf("it is no chart repository: %w", err)}
	case errors.Is(err, errTooLarge):
		return nil, &InvalidError{Reference: r, Where: base.Redacted(), Err: err}
	case err != nil:
		return nil, &UnavailableError{Reference: r, Err: err}
	}
	known := &index{}
	if err := yaml.Unmarshal(data, known); err != nil || known.Entries == nil {
		if err == nil {
			err = errors.New("it has no entries")
		}
		// A portal that wants somebody to sign in answers so, too; but then so does a wrong address, and the text tells which.
		return nil, &InvalidError{Reference: r, Where: address.Redacted(), Err: fmt.Errorf("it is not the index of a chart repository: %w", err)}
	}
	if f.indexes == nil {
		f.indexes = map[string]*index{}
	}
	f.indexes[base.String()] = known
	return known, nil
}

// relative resolves an address of an index as Helm does: below the repository, not beside it, and with the repository's query.
func relative(base *url.URL, text string) (*url.URL, error) {
	address, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if address.IsAbs() {
		return address, nil
	}
	below := *base
	below.Path = strings.TrimSuffix(below.Path, "/") + "/"
	below.RawPath = ""
	resolved := below.ResolveReference(address)
	if resolved.RawQuery == "" {
		resolved.RawQuery = base.RawQuery
	}
	return resolved, nil
}
