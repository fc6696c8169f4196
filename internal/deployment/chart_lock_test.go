package deployment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
)

// TestChartLock: the archives that a deployment was planned with are written down, and another one under the same version is refused.
func TestChartLock(t *testing.T) {
	t.Parallel()
	a, b := strings.Repeat("a", 64), strings.Repeat("b", 64)
	coder := deployment.ChartArchive{Name: "coder", Version: "2.35.1", SHA256: a}
	other := deployment.ChartArchive{Name: "coder", Version: "2.35.1", SHA256: b}
	newer := deployment.ChartArchive{Name: "coder", Version: "2.36.0", SHA256: b}
	scaler := deployment.ChartArchive{Name: "cluster-autoscaler", Version: "9.59.0", SHA256: b}
	type list = []deployment.ChartArchive
	for name, test := range map[string]struct {
		lock, found list
		refused     string
		want        list
	}{
		"nothing is locked, and nothing found": {},
		"a first plan":                         {found: list{coder, scaler}, want: list{scaler, coder}},
		"the same archives":                    {lock: list{scaler, coder}, found: list{coder, scaler}, want: list{scaler, coder}},
		"the same in two regions":              {found: list{coder, coder}, want: list{coder}},
		"another archive of the same version": {lock: list{coder}, found: list{other}, want: list{coder},
			refused: "the archive of the chart coder 2.35.1 is another one than was planned with before"},
		"a newer version":             {lock: list{scaler, coder}, found: list{newer}, want: list{scaler, newer}},
		"one version in each region":  {lock: list{coder}, found: list{newer, coder}, want: list{coder, newer}},
		"a chart that is not at hand": {lock: list{coder}, want: list{coder}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := deployment.LockCharts(dir, nil, test.lock); err != nil {
				t.Fatal(err)
			}
			lock, err := deployment.LoadChartLock(dir)
			if err != nil {
				t.Fatal(err)
			}
			err = deployment.CheckCharts(dir, lock, test.found)
			if test.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := deployment.LockCharts(dir, lock, test.found); err != nil {
					t.Fatal(err)
				}
			} else {
				d := diagnostic.From(err)
				if len(d) != 1 || d[0].Summary != test.refused || !strings.Contains(d[0].Todo, `remove the block chart "coder" of 2.35.1`) ||
					!strings.Contains(d[0].Why, a) || !strings.Contains(d[0].Why, b) || diagnostic.Exit(err) != diagnostic.ExitRefused {
					t.Errorf("it says %+v, exit status %d", d, diagnostic.Exit(err))
				}
			}
			got, err := deployment.LoadChartLock(dir)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("the lock afterwards: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestChartLockUnreadable holds what is said of a lock that somebody has damaged.
func TestChartLockUnreadable(t *testing.T) {
	t.Parallel()
	good := "chart \"coder\" {\n  version = \"2.35.1\"\n  sha256  = \"" + strings.Repeat("a", 64) + "\"\n}\n"
	for name, test := range map[string]struct{ text, why string }{
		"no HCL":                    {"chart {{", ""},
		"no checksum":               {"chart \"coder\" {\n  version = \"2.35.1\"\n}\n", `"sha256" is required`},
		"a checksum that is none":   {strings.Replace(good, "aaaa", "zzzz", 1), "64 hexadecimal digits"},
		"twice the same":            {good + good, "is in it twice"},
		"something else":            {"charts = 1\n", "not expected here"},
		"a file that is too nested": {strings.Repeat("[", 100), "more than 64 brackets"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, deployment.ChartLockFile), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := deployment.LoadChartLock(dir)
			if d := diagnostic.From(err); len(d) != 1 || !strings.Contains(d[0].Why, test.why) || d[0].Todo == "" || d[0].Where.Line == 0 ||
				diagnostic.Exit(err) != diagnostic.ExitInvalid {
				t.Errorf("it says %+v", d)
			}
		})
	}
}
