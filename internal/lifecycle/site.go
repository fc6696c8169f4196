package lifecycle

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

// Site is one region of a deployment with its places, in the order in which they are applied.
type Site struct {
	runner *Runner
	// dir is the deployment's directory.
	dir     string
	region  *deployment.Region
	workdir *engine.Workdir
	places  []*Work
	// mu guards cloud, which is what the platform stack gets to know of the cloud stack.
	mu    sync.Mutex
	cloud Cloud
	// others are the deployment's other regions.
	others []*deployment.Region
	// leads says that the region is the hub of others, which are told of its cloud.
	leads bool
	// hub is what a spoke gets to know of its hub; nil elsewhere.
	hub *hub
	// early runs what is prepared while something else is worked on.
	early sync.WaitGroup
}

// Sites opens every region of a deployment in order and calls f with it, until f fails. A hub comes before the regions that serve its
// Coder, and after them backwards. Those may come at the same time, in a pass for which that was said: then all of them come to their end.
func (r *Runner) Sites(ctx context.Context, d *deployment.Deployment, backwards bool, f func(*Site) error) error {
	regions, center := d.InOrder(), d.Hub()
	var known *hub
	var err error
	switch outside := center != nil && !slices.Contains(regions, center); {
	case backwards, outside && r.leaving:
		known, err = r.hubThatIs(ctx, d.Dir, center)
	case outside:
		known, err = r.hubBeside(ctx, d.Dir, center)
	}
	if err != nil {
		return err
	}
	if backwards {
		slices.Reverse(regions)
	}
	visit := func(r *Runner, region *deployment.Region) error {
		s, err := r.openSite(d.Dir, region)
		if err != nil {
			return err
		}
		s.others = slices.DeleteFunc(slices.Concat(regions, d.Beside()), func(r *deployment.Region) bool { return r == region })
		s.leads = region == center
		if region.IsSpoke() {
			s.hub = known
		}
		if !backwards {
			s.prepare(ctx)
		}
		err = f(s)
		if err == nil && !backwards && region == center {
			known, err = s.asHub(ctx)
		}
		return errors.Join(err, s.close())
	}
	for left := regions; len(left) > 0; {
		next := 1
		for r.together && next < len(left) && left[0].IsSpoke() && left[next].IsSpoke() {
			next++
		}
		if err := r.visitTogether(left[:next], visit); err != nil {
			return err
		}
		left = left[next:]
	}
	return nil
}

// visitTogether visits regions at the same time, each with a Reporter of its own.
func (r *Runner) visitTogether(regions []*deployment.Region, visit func(*Runner, *deployment.Region) error) error {
	if len(regions) == 1 {
		return visit(r, regions[0])
	}
	var showing sync.Mutex
	var running sync.WaitGroup
	errs := make([]error, len(regions))
	for i, region := range regions {
		own := *r
		own.Reporter = progress.Beside(r.Reporter, region.Name, r.Now)
		own.Warn = func(list diagnostic.List) {
			showing.Lock()
			defer showing.Unlock()
			if r.Warn != nil {
				r.Warn(list)
			}
		}
		own.Notice = func(line string) {
			showing.Lock()
			defer showing.Unlock()
			r.notice(line)
		}
		running.Go(func() { errs[i] = visit(&own, region) })
	}
	running.Wait()
	return errors.Join(errs...)
}

// openSite lays out the working directory of a region below dir, and opens its places.
func (r *Runner) openSite(dir string, region *deployment.Region) (*Site, error) {
	workdir, err := engine.OpenWorkdir(dir, r.Target.Name(), region.Name, r.Source, r.Program)
	if err != nil {
		return nil, err
	}
	s := &Site{runner: r, dir: dir, region: region, workdir: workdir}
	for _, stack := range stacks {
		if !r.has(stack) || r.Stacks != nil && !slices.Contains(r.Stacks, stack) {
			continue
		}
		w, err := r.open(s, stack)
		if err != nil {
			return nil, err
		}
		s.places = append(s.places, w)
	}
	return s, nil
}

// Installs reports whether the source has a stack for what runs in the cluster.
func (r *Runner) Installs() bool { return r.has(PlatformStack) }

// has reports whether the source holds a stack. The first one it must hold, and the engine says so.
func (r *Runner) has(stack string) bool {
	info, err := fs.Stat(r.Source, "stacks/"+stack)
	return stack == stacks[0] || err == nil && info.IsDir()
}

// prepare initializes the later places while the first is worked on, where the target lets it. A failure shows again in its turn, and is
// reported then.
func (s *Site) prepare(ctx context.Context) {
	if !s.runner.Target.Ahead() || len(s.places) < 2 {
		return
	}
	s.early.Add(1)
	go func() {
		defer s.early.Done()
		for _, w := range s.places[1:] {
			_ = w.Engine.Init(ctx)
		}
	}()
}

// Places are the open places, in the order in which they are applied.
func (s *Site) Places() []*Work { return s.places }

// Wait ends when nothing is prepared any more, so that a later place can be worked on.
func (s *Site) Wait() { s.early.Wait() }

// Name is that of the region.
func (s *Site) Name() string { return s.region.Name }

// IsSpoke reports whether the region serves another one's Coder.
func (s *Site) IsSpoke() bool { return s.region.IsSpoke() }

// Cloud is what the platform stack gets to know of the cloud stack, as far as it was found out.
func (s *Site) Cloud() Cloud {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cloud
}

// Tell says what the platform stack gets to know from now on.
func (s *Site) Tell(c Cloud) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cloud = c
}

// place finds an open place.
func (s *Site) place(stack string) *Work {
	for _, w := range s.places {
		if w.Stack == stack {
			return w
		}
	}
	return nil
}

// close gives back what the places hold.
func (s *Site) close() error {
	s.early.Wait()
	var all []error
	for _, w := range s.places {
		all = append(all, w.Engine.Close())
	}
	return errors.Join(all...)
}
