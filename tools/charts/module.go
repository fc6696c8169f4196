package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// module is the path of the Go module that Coder's charts are part of.
const module = "github.com/coder/coder/v2"

// pin is one version of Coder's module.
type pin struct {
	// version has no leading v.
	version string
	// sum is the checksum of the module's zip, as in go.sum.
	sum string
}

// download is what `go mod download -json` prints of a module.
type download struct {
	Error, Info, Dir, Sum string
}

// pack fetches the module, unless Go has it in its cache, and packs its charts into the directory.
func (p pin) pack(ctx context.Context, program string, environment []string, directory string) (written []string, err error) {
	got, err := p.fetch(ctx, program, environment)
	if err != nil {
		return nil, err
	}
	if got.Sum != p.sum {
		return nil, fmt.Errorf("%s v%s has the checksum %s instead of %s: it is not what was released; remove it with `go clean -modcache`, and do not trust the proxy that it came from",
			module, p.version, got.Sum, p.sum)
	}
	at, err := released(got.Info)
	if err != nil {
		return nil, err
	}
	return packSource(got.Dir, p.version, at, directory)
}

// fetch runs `go mod download` outside of any module, so that no go.mod and go.sum change. The checksum database is not asked: the
// pin holds the module to more than it could.
func (p pin) fetch(ctx context.Context, program string, environment []string) (got download, err error) {
	scratch, err := os.MkdirTemp("", "coderaws-charts-")
	if err != nil {
		return got, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	command := exec.CommandContext(ctx, program, "mod", "download", "-json", module+"@v"+p.version)
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
	return got, fmt.Errorf("cannot fetch %s v%s, about 100 MB, whose charts tests render: %s\n"+
		"Set GOPROXY to a Go proxy that is reachable from here (now: `go env GOPROXY`), or copy the packed charts of another machine to bin/charts", module, p.version, why)
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
