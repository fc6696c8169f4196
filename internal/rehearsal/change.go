package rehearsal

import (
	"context"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
)

// Change is what is made of something that runs.
type Change struct {
	// Wanted is what it is to become. Its regions must be those that run, or more; its Dir is that of what runs.
	Wanted *deployment.Deployment
	// Named are the addresses of what holds data and may be lost by the change. What is lost and not named is refused, as by up.
	Named []string
	// Seen is called with the plan of each place before it is carried out; its error ends the rehearsal. Nil looks at none.
	Seen lifecycle.Confirm
}

// Continue changes what is kept in this target as up would, and plans again. The target is a copy: what it was made of stays as it is, so
// that nothing is destroyed in the end. The report is returned as far as it goes even with an error.
func (e *Embedded) Continue(ctx context.Context, r *lifecycle.Runner, name string, c Change) (*Report, error) {
	r = e.on(r)
	began := r.Now()
	report := newReport(r, name)
	after, err := e.change(ctx, r, c)
	report.after(after)
	if err == nil {
		report.Scaling = scalings(e.world, r.Now())
	}
	report.Egress = ways(report.After)
	report.conclude(e, nil, nil, false)
	report.Seconds = r.Now().Sub(began).Seconds()
	return report, afresh(err)
}

// change makes something else of what runs, and looks at what came of it.
func (e *Embedded) change(ctx context.Context, r *lifecycle.Runner, c Change) (lives, error) {
	if _, err := r.Up(ctx, c.Wanted, c.Named, c.Seen); err != nil {
		return nil, ofTrial(err)
	}
	var after lives
	err := r.Sites(ctx, c.Wanted, false, func(s *lifecycle.Site) error {
		for i, w := range s.Places() {
			if i > 0 {
				s.Wait()
			}
			life := &Life{Region: w.Region, Stack: w.Stack}
			after = append(after, life)
			if err := e.lookAgain(ctx, w, life); err != nil {
				return err
			}
		}
		// To destroy it, the later places need to know what the first one said.
		after.of(s.Places()[0].Place).cloud = s.Cloud()
		return nil
	})
	return after, err
}

// after notes what there is after a change.
func (r *Report) after(lives lives) {
	for _, life := range lives {
		r.After = append(r.After, *life)
	}
}

// ofTrial takes out of errors how a sandbox is ended that somebody keeps: that of a rehearsal ends by itself.
func ofTrial(err error) error {
	for _, d := range diagnostic.From(err) {
		d.Todo = strings.TrimSuffix(d.Todo, lifecycle.EndsSandbox)
	}
	return err
}
