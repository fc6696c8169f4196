package world

import "encoding/json"

// Copy makes a second world that is like this one, in memory and without its faults, to try the same on both.
func (w *World) Copy() (*World, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text, err := json.Marshal(&w.state)
	if err != nil {
		return nil, err
	}
	other := New(Options{Account: w.state.Account, Seed: w.state.Seed, Now: w.now})
	if err := json.Unmarshal(text, &other.state); err != nil {
		return nil, err
	}
	other.existing = w.existing
	return other, nil
}
