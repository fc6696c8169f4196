// Package codersource fetches the source of Coder for the tools that read it: the charts are packed from it, and the options of
// coderd are taken from it. Coder's licence keeps it out of this repository, so it comes through the Go proxy, as a module that
// nothing here depends on, and is held to the checksums of coder.sum. Only tools import it.
package codersource

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// module is the path of the Go module that Coder's source is.
const module = "github.com/coder/coder/v2"

// sums has the form of go.sum. The newest version, which the patterns pin, comes first. Its server cannot be built: it requires a
// fork that the Go proxy has not.
//
//go:embed coder.sum
var sums string

// Pin is one version of Coder's source.
type Pin struct {
	// Version has no leading v.
	Version string
	// Sum is the checksum of the module's zip, as in go.sum.
	Sum string
}

// Pins are the versions that are known, the newest first.
func Pins() []Pin {
	var all []Pin
	for line := range strings.Lines(sums) {
		if fields := strings.Fields(line); len(fields) == 3 {
			all = append(all, Pin{Version: strings.TrimPrefix(fields[1], "v"), Sum: fields[2]})
		}
	}
	return all
}

// Select gives the pins of some versions, or all of them if none is named.
func Select(versions []string) ([]Pin, error) {
	if len(versions) == 0 {
		return Pins(), nil
	}
	var selected []Pin
	for _, version := range versions {
		at := slices.IndexFunc(Pins(), func(p Pin) bool { return p.Version == version })
		if at < 0 {
			return nil, fmt.Errorf("the checksum of Coder %s is not known: add it to tools/codersource/coder.sum", version)
		}
		selected = append(selected, Pins()[at])
	}
	return selected, nil
}

// Source is the unpacked source of one version.
type Source struct {
	Version   string
	Directory string
	Released  time.Time
}

// download is what `go mod download -json` prints of a module.
type download struct {
	Error, Info, Dir, Sum string
}

// Fetch gets the source with the go command, unless Go has it in its cache, and holds it to its checksum.
func (p Pin) Fetch(ctx context.Context, program string, environment []string) (Source, error) {
	got, err := p.download(ctx, program, environment)
	if err != nil {
		return Source{}, err
	}
	if got.Sum != p.Sum {
		return Source{}, fmt.Errorf("%s v%s has the checksum %s instead of %s: it is not what was released; "+
			"remove it with `go clean -modcache`, and do not trust the proxy that it came from", module, p.Version, got.Sum, p.Sum)
	}
	at, err := released(got.Info)
	if err != nil {
		return Source{}, err
	}
	return Source{Version: p.Version, Directory: got.Dir, Released: at}, nil
}

// download runs `go mod download` outside of any module, so that no go.mod and go.sum change. The checksum database is not asked: it
// does not have every version, and the pin holds the module to more than it could.
func (p Pin) download(ctx context.Context, program string, environment []string) (got download, err error) {
	scratch, err := os.MkdirTemp("", "coderaws-source-")
	if err != nil {
		return got, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	command := exec.CommandContext(ctx, program, "mod", "download", "-json", module+"@v"+p.Version)
	command.Dir = scratch
	command.Env = append(slices.Clone(environment), "GOFLAGS=", "GOWORK=off", "GOSUMDB=off", "GO111MODULE=on")
	var messages bytes.Buffer
	command.Stderr = &messages
	output, failure := command.Output()
	if len(output) > 0 {
		if err := json.Unmarshal(output, &got); err != nil {
			return got, fmt.Errorf("`%s mod download -json` printed what is not JSON: %w", program, err)
		}
	}
	if failure == nil && got.Error == "" {
		return got, nil
	}
	why := got.Error
	if why == "" {
		why = strings.TrimSpace(messages.String())
	}
	if why == "" && failure != nil {
		why = failure.Error()
	}
	var exit *exec.ExitError
	if failure != nil && !errors.As(failure, &exit) {
		return got, fmt.Errorf("cannot run %s, which fetches Coder's source: %w", program, failure)
	}
	return got, fmt.Errorf("cannot fetch %s v%s, about 100 MB: %s\n"+
		"Set GOPROXY to a Go proxy that is reachable from here (now: `go env GOPROXY`)", module, p.Version, why)
}

// released reads the time of a module's version from the .info file of the module cache.
func released(info string) (time.Time, error) {
	text, err := os.ReadFile(info)
	if err != nil {
		return time.Time{}, err
	}
	var version struct{ Time time.Time }
	if err := json.Unmarshal(text, &version); err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", info, err)
	}
	if version.Time.IsZero() {
		return time.Time{}, fmt.Errorf("%s does not say when the version was made", info)
	}
	return version.Time.UTC(), nil
}
