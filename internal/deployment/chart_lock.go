package deployment

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ChartLockFile is the file beside the settings that says which archive of each Helm chart the deployment was planned with.
const ChartLockFile = "charts.lock.hcl"

// ChartArchive is a chart as it is packed.
type ChartArchive struct {
	// Name is the chart's own, wherever it was fetched: a mirror has the same archive.
	Name    string `hcl:"name,label"`
	Version string `hcl:"version"`
	// SHA256 is the checksum of the archive, in hexadecimal.
	SHA256 string `hcl:"sha256"`
}

// sha256Form is a checksum as ChartArchive has it.
var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// LoadChartLock reads the lock of a deployment's directory; there is none before the first plan.
func LoadChartLock(dir string) ([]ChartArchive, error) {
	file := filepath.Join(dir, ChartLockFile)
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	text, d := hclfile.Settings.Read(file)
	if d != nil {
		d.Code = "charts.lock_" + d.Code
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	refuse := func(at *hcl.Range, why string) error {
		d := diagnostic.Errorf("the lock of charts cannot be read")
		d.Code, d.Why = "charts.lock_unreadable", why
		d.Todo = "bring it back from version control; or remove it, and the next plan writes down the archives that it finds"
		d.Where = &diagnostic.Range{File: file, Line: at.Start.Line, Column: at.Start.Column}
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	if deep, _ := hclfile.Settings.Brackets(file, text); deep != nil {
		_, why, _ := hclfile.Settings.Beyond()
		return nil, refuse(deep, why)
	}
	parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	var lock struct {
		Charts []ChartArchive `hcl:"chart,block"`
	}
	if !diags.HasErrors() {
		diags = gohcl.DecodeBody(parsed.Body, nil, &lock)
	}
	if diags.HasErrors() {
		at := cmp.Or(diags[0].Subject, &hcl.Range{Start: hcl.InitialPos})
		return nil, refuse(at, diags[0].Summary+": "+diags[0].Detail)
	}
	for i, chart := range lock.Charts {
		if !sha256Form.MatchString(chart.SHA256) {
			return nil, refuse(&hcl.Range{Start: hcl.InitialPos}, "the sha256 of the chart "+chart.Name+" is not one of 64 hexadecimal digits")
		}
		if slices.ContainsFunc(lock.Charts[:i], chart.isSame) {
			return nil, refuse(&hcl.Range{Start: hcl.InitialPos}, "the chart "+chart.Name+" "+chart.Version+" is in it twice")
		}
	}
	return lock.Charts, nil
}

// isSame tells whether two archives are of the same version of a chart.
func (a ChartArchive) isSame(b ChartArchive) bool { return a.Name == b.Name && a.Version == b.Version }

// CheckCharts refuses archives that are others than the lock has of the same version.
func CheckCharts(dir string, lock, found []ChartArchive) error {
	var list diagnostic.List
	for _, chart := range found {
		i := slices.IndexFunc(lock, chart.isSame)
		if i < 0 || lock[i].SHA256 == chart.SHA256 {
			continue
		}
		d := diagnostic.Errorf("the archive of the chart %s %s is another one than was planned with before", chart.Name, chart.Version)
		d.Code, d.Where = "charts.another_archive", &diagnostic.Range{File: filepath.Join(dir, ChartLockFile)}
		d.Why = fmt.Sprintf("its SHA-256 is %s, and the lock has %s: somebody has packed or replaced it under the same version",
			chart.SHA256, lock[i].SHA256)
		d.Todo = fmt.Sprintf("find out who has, and why; to accept the new archive, remove the block chart %q of %s from the lock and run the same "+
			"command again, which writes it anew", chart.Name, chart.Version)
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, list)
}

// LockCharts writes down the archives that were found. Other versions of the same charts are dropped, and charts that were not looked for
// stay. Nothing is written where nothing has changed.
func LockCharts(dir string, lock, found []ChartArchive) error {
	all := slices.DeleteFunc(slices.Clone(lock), func(a ChartArchive) bool {
		return slices.ContainsFunc(found, func(b ChartArchive) bool { return a.Name == b.Name })
	})
	all = append(all, found...)
	slices.SortFunc(all, func(a, b ChartArchive) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	all = slices.Compact(all)
	if len(all) == 0 || slices.Equal(all, lock) {
		return nil
	}
	var text strings.Builder
	text.WriteString("# The archives of Helm charts that this deployment was planned with. Commit it with the settings.\n")
	for _, chart := range all {
		fmt.Fprintf(&text, "\nchart %q {\n  version = %q\n  sha256  = %q\n}\n", chart.Name, chart.Version, chart.SHA256)
	}
	return atomicfile.Write(filepath.Join(dir, ChartLockFile), []byte(text.String()), 0o644)
}
