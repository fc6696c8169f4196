package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"slices"
	"syscall"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
)

// chartLock holds the archives of charts that plans install to those that a deployment was planned with before.
type chartLock struct {
	deps *Deps
	dir  string
	// fetches means that charts come from their repositories alone, as Helm takes them on AWS; elsewhere, from where a rehearsal finds them.
	fetches bool
	// locked are those of the lock, and found those of this run.
	locked, found []deployment.ChartArchive
}

// lockCharts reads the lock of a deployment's directory, for a run on a target.
func (deps *Deps) lockCharts(dir, target string) (*chartLock, error) {
	locked, err := deployment.LoadChartLock(dir)
	return &chartLock{deps: deps, dir: dir, fetches: target == lifecycle.AWSTarget, locked: locked}, err
}

// look refuses a plan that installs another archive than was planned with before, and else writes down what it found. On AWS, what the plan
// leaves as it is was looked at when it was installed, and is not fetched again. A chart that is not at hand is told where it is locked,
// and not compared.
func (l *chartLock) look(ctx context.Context, p *plan.Plan) error {
	where, changes := rehearsal.ChartsOf(l.deps.Environ), p.Changes()
	if l.fetches {
		where = rehearsal.RepositoriesOf(l.deps.Environ)
		changes = slices.DeleteFunc(slices.Clone(changes), func(change plan.Change) bool { return change.Actions.NoOp() })
	}
	fetched, err := rehearsal.FetchChartsOf(ctx, where, changes)
	if err != nil {
		return err
	}
	return l.hold(fetched)
}

// holdCharts is look for what was fetched otherwise than by a plan. A pattern, or a plan in a file, has no lock.
func (deps *Deps) holdCharts(what string, fetched []rehearsal.Fetched) error {
	if info, err := os.Stat(what); err != nil || !info.IsDir() {
		return nil
	}
	l, err := deps.lockCharts(what, lifecycle.SandboxTarget)
	if err != nil {
		return err
	}
	return l.hold(fetched)
}

// hold refuses what was fetched where it is another archive than was planned with before, and else writes it down.
func (l *chartLock) hold(fetched []rehearsal.Fetched) error {
	l.deps.warn(l.add(fetched))
	if err := deployment.CheckCharts(l.dir, l.locked, l.found); err != nil {
		return err
	}
	err := deployment.LockCharts(l.dir, l.locked, l.found)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil // a directory that this user may not write keeps the lock that it has
	}
	return err
}

// add takes what was fetched, and returns warnings of what is locked and was not.
func (l *chartLock) add(fetched []rehearsal.Fetched) (warnings diagnostic.List) {
	for _, chart := range fetched {
		if chart.Archive != nil {
			sum := sha256.Sum256(chart.Archive)
			l.found = append(l.found, deployment.ChartArchive{Name: chart.Chart, Version: chart.Version, SHA256: hex.EncodeToString(sum[:])})
			continue
		}
		for _, locked := range l.locked {
			if locked.Name != chart.Chart || locked.Version != chart.Version {
				continue
			}
			d := diagnostic.Warningf("the chart %s %s cannot be compared with the archive in %s",
				chart.Chart, chart.Version, deployment.ChartLockFile)
			d.Code, d.Why = "charts.not_compared", chart.Missing
			if chart.Missing == "" {
				d.Why = "it is at hand unpacked, and has no archive"
			}
			d.Todo = "let this machine reach " + chart.Repository + "; what Helm fetches there is installed without having been compared"
			warnings = append(warnings, d)
		}
	}
	return warnings
}
