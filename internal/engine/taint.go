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

func (s *Stack) mark(ctx context.Context, command, address string) error {
	if err := s.checkState(); err != nil {
		return err
	}
	if err := s.Init(ctx); err != nil {
		return err
	}
	end, err := s.start(ctx, []string{command, "-no-color", address}, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	s.protectState()
	return s.conclude(ctx, "marking "+address+" in the state of", end, err, nil, nil, []int{0})
}
