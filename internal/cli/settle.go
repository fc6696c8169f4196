package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/verify"
)

// settled is what `up` does once everything is made: the first steps, and a look whether it works.
type settled struct {
	steps  []stepsLine
	checks []checksLine
	// next are the commands that a person may want to give next.
	next []string
}

// How long `up` waits for what it made to work: provisioners start within a minute of their key's arrival, and nodes and targets need some.
const (
	settlePause    = 15 * time.Second
	settlePatience = 6 * time.Minute
)

// settle takes the first steps and looks whether the deployment works, on AWS until it does. What came of it is returned with an error too.
func (sh *shell) settle(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, results []lifecycle.Result) (*settled, error) {
	var places []placed
	for _, result := range results {
		places = append(places, placed{result.Place, result.Outputs})
	}
	var all []*installation
	for _, i := range installations(d, places) {
		if i.complete {
			all = append(all, i)
		}
	}
	s := &settled{}
	if len(all) == 0 {
		return s, nil
	}
	onAWS := r.Target.Name() == lifecycle.AWSTarget
	if onAWS {
		r.Reporter.Notice("Taking the first steps in Coder, and looking whether it works")
		s.next = []string{
			"coderaws owner " + d.Dir + " --target aws            shows who may sign in first, and the password",
			"coderaws templates push " + d.Dir + " --target aws   gives Coder a template for workspaces",
		}
	}
	var err error
	if s.steps, err = sh.stepsOf(ctx, r.Target, all, startPatience); err != nil {
		return s, err
	}
	for waited := time.Duration(0); ; waited += settlePause {
		if s.checks, err = sh.checksOf(ctx, r.Target, all); err != nil {
			return s, err
		}
		lacking := failing(s.checks)
		if !onAWS || len(lacking) == 0 || waited >= settlePatience {
			return s, unhealthy(s.checks)
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
func failing(lines []checksLine) []string {
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

// print writes what came of it for a person.
func (s *settled) print(w io.Writer) error {
	for _, line := range s.steps {
		if err := printSteps(w, line); err != nil {
			return err
		}
	}
	if err := printAllChecks(w, s.checks); err != nil {
		return err
	}
	for i, next := range s.next {
		if i == 0 {
			next = "\nWhat you may want to do next:\n  " + next
		} else {
			next = "  " + next
		}
		if _, err := fmt.Fprintln(w, next); err != nil {
			return err
		}
	}
	return nil
}

// add puts what came of it into the JSON form of a command.
func (s *settled) add(result map[string]any) {
	if len(s.steps) > 0 {
		result["first_steps"] = s.steps
	}
	if len(s.checks) > 0 {
		result["checks"] = s.checks
	}
}
