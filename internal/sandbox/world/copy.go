package world

import "maps"

// Copy makes a second world that is like this one, in memory and without its faults, to try the same on both.
func (w *World) Copy() *World {
	w.mu.Lock()
	defer w.mu.Unlock()
	other := New(Options{Account: w.state.Account, Seed: w.state.Seed, Now: w.now})
	other.state.Sequence, other.existing = w.state.Sequence, w.existing
	maps.Copy(other.state.Quotas, w.state.Quotas)
	maps.Copy(other.state.Generations, w.state.Generations)
	for key, r := range w.state.Resources {
		same := *r
		same.Attributes = CopiedObject(r.Attributes)
		other.state.Resources[key] = &same
	}
	return other
}
