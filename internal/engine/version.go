package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"

	"coderaws/internal/atomicfile"
)

// The oldest versions whose events, plan format and language the stacks and this package rely on.
const (
	minimumTerraform = "1.11.0"
	minimumOpenTofu  = "1.10.0"
)

const defaultVersionTimeout = 20 * time.Second

// versionLine is the first line of `version`. The JSON form is not used: it does not say which product it comes from.
var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)`)

func askVersion(ctx context.Context, lookup Lookup, path string) (Binary, error) {
	timeout := lookup.Timeout
	if timeout == 0 {
		timeout = defaultVersionTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(limited, path, "version")
	cmd.Env = environment(lookup.Environ, nil)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// A grandchild that keeps the pipes open must not keep us waiting.
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = processAttributes()
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return Binary{}, ctx.Err()
	case limited.Err() != nil:
		return Binary{}, fmt.Errorf("`version` gave no answer within %s", timeout)
	case err != nil:
		return Binary{}, fmt.Errorf("`version` failed: %w%s", err, quoteTail(stderr.String()))
	}
	match := versionLine.FindStringSubmatch(stdout.String())
	if match == nil {
		return Binary{}, errors.New("it is neither Terraform nor OpenTofu: `version` does not begin with either name")
	}
	return Binary{Path: path, Product: Product(match[1]), Version: match[2]}, nil
}

func checkVersion(b Binary) error {
	minimum := minimumTerraform
	if b.Product == OpenTofu {
		minimum = minimumOpenTofu
	}
	have, err := semver.StrictNewVersion(b.Version)
	if err != nil {
		return fmt.Errorf("its version %q cannot be read: %w", b.Version, err)
	}
	// A beta of a good release counts as that release.
	if semver.New(have.Major(), have.Minor(), have.Patch(), "", "").LessThan(semver.MustParse(minimum)) {
		return fmt.Errorf("%s %s is too old: %s or later is needed", b.Product, b.Version, minimum)
	}
	return nil
}

func quoteTail(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	return ": " + strings.TrimSpace(lines[len(lines)-1])
}

// versionCache remembers one program's version in a file, as long as the program stays the same by path, size and time.
type versionCache struct {
	file string
	seen cachedVersion
}

type cachedVersion struct {
	Path    string    `json:"path"`
	Size    int64     `json:"size"`
	ModTime time.Time `json:"mod_time"`
	Product Product   `json:"product"`
	Version string    `json:"version"`
}

func newVersionCache(dir, path string, info fs.FileInfo) versionCache {
	if dir == "" || isScript(path) {
		return versionCache{}
	}
	// A shim is often a link; what it leads to is what may change.
	if target, err := filepath.EvalSymlinks(path); err == nil && isScript(target) {
		return versionCache{}
	}
	sum := sha256.Sum256([]byte(path))
	return versionCache{
		file: filepath.Join(dir, "engine-"+hex.EncodeToString(sum[:8])+".json"),
		seen: cachedVersion{Path: path, Size: info.Size(), ModTime: info.ModTime().UTC()},
	}
}

// isScript tells a version manager's shim, whose answer changes while the file stays the same, from a real program.
func isScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2)
	_, err = f.Read(head)
	return err == nil && string(head) == "#!"
}

func (c versionCache) get() (Binary, bool) {
	if c.file == "" {
		return Binary{}, false
	}
	text, err := os.ReadFile(c.file)
	if err != nil {
		return Binary{}, false
	}
	var old cachedVersion
	if json.Unmarshal(text, &old) != nil || old.Path != c.seen.Path || old.Size != c.seen.Size || !old.ModTime.Equal(c.seen.ModTime) {
		return Binary{}, false
	}
	return Binary{Path: old.Path, Product: old.Product, Version: old.Version}, true
}

// put is allowed to fail in silence: without the file the version is asked for again, which costs time and nothing else.
func (c versionCache) put(b Binary) {
	if c.file == "" {
		return
	}
	c.seen.Product, c.seen.Version = b.Product, b.Version
	text, err := json.Marshal(c.seen)
	if err != nil || os.MkdirAll(filepath.Dir(c.file), 0o700) != nil {
		return
	}
	_ = atomicfile.WriteCopy(c.file, text, 0o600)
}
