package rehearsal

import "coderaws/internal/sandbox/world"

// Over makes a target of a world.
func Over(w *world.World) *Embedded { return &Embedded{world: w} }

// World is what tests look at behind a target's back.
func (e *Embedded) World() *world.World { return e.world }
