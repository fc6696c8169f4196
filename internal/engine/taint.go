package engine

import (
	"context"
	"io"
)

// Taint marks a resource as not finished, so that the next plan replaces it.
func (s *Stack) Taint(ctx context.Context, address string) error {
	return s.mark(ctx, "taint", address)
}

// Untaint takes a resource that was not finished for a good one, so that it can be changed before it is destroyed.
func (s *Stack) Untaint(ctx context.Context, address string) error {
	return s.mark(ctx, "untaint", address)
}

// Forget takes resources out of the state, and leaves them as they are.
func (s *Stack) Forget(ctx context.Context, addresses ...string) error {
	return s.edit(ctx, "forgetting resources in the state of", append([]string{"state", "rm"}, addresses...)...)
}

func (s *Stack) mark(ctx context.Context, command, address string) error {
	return s.edit(ctx, "marking "+address+" in the state of", command, "-no-color", address)
}

// edit runs a command that changes nothing but the state. verb names it to the user.
func (s *Stack) edit(ctx context.Context, verb string, args ...string) error {
	if err := s.checkState(ctx); err != nil {
		return err
	}
	if err := s.Init(ctx); err != nil {
		return err
	}
	if err := s.keepBefore(); err != nil {
		return err
	}
	end, err := s.start(ctx, args, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	s.protectState()
	if err := s.dropBefore(outcome{code: end.code}); err != nil {
		return err
	}
	return s.conclude(ctx, verb, end, err, nil, nil, []int{0})
}
