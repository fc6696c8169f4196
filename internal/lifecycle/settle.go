package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/verify"
)

// Checks is what was looked at in one region. Its JSON form only grows.
type Checks struct {
	Region string `json:"region"`
	URL    string `json:"url"`
	// Spoke says that it is a workspace proxy that answers there.
	Spoke bool `json:"spoke,omitempty"`
	// Healthy is nil where nothing failed and not everything was looked at; NotLookedAt names what was not.
	Healthy     *bool          `json:"healthy"`
	NotLookedAt []string       `json:"not_looked_at"`
	Checks      []verify.Check `json:"checks"`
}

// checksTimeout bounds the looking at one installation.
const checksTimeout = time.Minute

// Verify looks whether installations work.
func (r *Runner) Verify(ctx context.Context, all []*Installation) ([]Checks, error) {
	lines := []Checks{}
	for _, i := range all {
		checks, err := r.look(ctx, i)
		if err != nil {
			return lines, err
		}
		healthy, unseen := verify.Healthy(checks)
		lines = append(lines, Checks{i.Region, i.AccessURL, i.IsSpoke(), healthy, unseen, checks})
	}
	return lines, nil
}

func (r *Runner) look(ctx context.Context, i *Installation) ([]verify.Check, error) {
	ctx, cancel := context.WithTimeout(ctx, checksTimeout)
	defer cancel()
	source, done, err := r.Target.Look(ctx, i)
	if err != nil {
		return nil, err
	}
	defer done()
	return verify.Run(ctx, i.Deployment, source), nil
}

// Unhealthy is the error of what failed; nil if nothing did.
func Unhealthy(lines []Checks) error {
	var found diagnostic.List
	for _, line := range lines {
		for _, c := range line.Checks {
			if c.State == verify.Failed {
				d := diagnostic.Errorf("%s, %s: %s", line.Region, c.Name, c.Detail)
				d.Code, d.Todo = "verify."+strings.ReplaceAll(c.Name, " ", "_"), c.Todo
				found = append(found, d)
			}
		}
	}
	return found.Err()
}

// Settled is what comes after an up, once everything is made: the first steps, and a look whether it works.
type Settled struct {
	Steps  []Steps
	Checks []Checks
	// Runs says that a Coder runs in which somebody can sign in.
	Runs bool
}

// How long it is waited for what was made to work: provisioners start within a minute of their key's arrival, and nodes and targets need
// some.
const (
	settlePause    = 15 * time.Second
	settlePatience = 6 * time.Minute
)

// Settle takes the first steps and looks whether the deployment works, until it does where its programs run. What came of it is returned
// with an error too.
func (r *Runner) Settle(ctx context.Context, d *deployment.Deployment, results []Result) (*Settled, error) {
	outputs := said{}
	for _, result := range results {
		outputs[result.Place] = result.Outputs
	}
	all := complete(outputs.installations(d))
	s := &Settled{}
	if len(all) == 0 {
		return s, nil
	}
	if s.Runs = r.Target.Billed(); s.Runs {
		r.Reporter.Notice("Taking the first steps in Coder, and looking whether it works")
	}
	var err error
	if s.Steps, err = r.FirstSteps(ctx, all, startPatience); err != nil {
		return s, err
	}
	for waited := time.Duration(0); ; waited += settlePause {
		if s.Checks, err = r.Verify(ctx, all); err != nil {
			return s, err
		}
		lacking := failing(s.Checks)
		if !s.Runs || len(lacking) == 0 || waited >= settlePatience {
			return s, Unhealthy(s.Checks)
		}
		if waited%time.Minute == 0 {
			r.Reporter.Notice("Waiting for: " + strings.Join(lacking, ", "))
		}
		if err := pause(ctx, settlePause); err != nil {
			return s, err
		}
	}
}

// failing names what does not work.
func failing(lines []Checks) []string {
	var names []string
	for _, line := range lines {
		for _, c := range line.Checks {
			if c.State == verify.Failed {
				names = append(names, line.Region+" "+c.Name)
			}
		}
	}
	return names
}

// pause waits in real time, and returns an error when ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("stopped waiting for Coder: %w", ctx.Err())
	case <-timer.C:
		return nil
	}
}
