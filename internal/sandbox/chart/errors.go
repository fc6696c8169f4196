package chart

import (
	"errors"
	"fmt"
	"strings"
)

// UnavailableError says that a chart could not be fetched, so that nothing is known of it: no network, a proxy in the way, a server
// that fails or wants credentials. A rehearsal goes on without the chart and says so.
type UnavailableError struct {
	Reference Reference
	// Err is why.
	Err error
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("chart %s could not be fetched: %v", e.Reference, e.Err)
}
func (e *UnavailableError) Unwrap() error { return e.Err }

// errOffline is why nothing was fetched by a Finder that is offline.
var errOffline = errors.New("nothing is fetched offline")

// MissingError says that where the chart should be there is none, or none of that version: the reference is wrong.
type MissingError struct {
	Reference Reference
	// Where was looked: a directory, or the address of a repository.
	Where string
	// Versions are some that are there: the nearest to the wanted one first. Empty if there is no chart of that name.
	Versions []string
	// Charts are names of the repository that are like the wanted one, the nearest first; only if there is none of that name.
	Charts []string
}

func (e *MissingError) Error() string {
	switch {
	case len(e.Versions) > 0:
		return fmt.Sprintf("%s has no version %q of the chart %s; it has %s", e.Where, e.Reference.Version, e.Reference.Chart,
			strings.Join(e.Versions, ", "))
	case len(e.Charts) > 0:
		return fmt.Sprintf("%s has no chart %s; it has %s", e.Where, e.Reference.Chart, strings.Join(e.Charts, ", "))
	default:
		return fmt.Sprintf("there is no chart %s at %s", e.Reference.Chart, e.Where)
	}
}

// InvalidError says that something was found that is not the chart: it cannot be read, has another name or version, or is not what the
// repository's index promises; or that the reference itself cannot stand for a chart.
type InvalidError struct {
	Reference Reference
	// Where is what was read.
	Where string
	Err   error
}

func (e *InvalidError) Error() string {
	if e.Where == "" {
		return fmt.Sprintf("chart %s: %v", e.Reference, e.Err)
	}
	return fmt.Sprintf("%s is no chart %s: %v", e.Where, e.Reference.Chart, e.Err)
}
func (e *InvalidError) Unwrap() error { return e.Err }
