package world

import "slices"

// Shortage is a lack of capacity in one zone or in all: AWS launches no instance there and makes no database. It lasts for the run of
// Terraform in which it first strikes, or for several.
type Shortage struct {
	// Name is what reports call it.
	Name string
	// Zone is the name of the zone, such as us-east-1a; empty is every zone.
	Zone string
	// Spot means that only spot instances are short.
	Spot bool
	// Runs is for how many runs of Terraform it lasts, Always for without end.
	Runs int

	// struck are the runs in which something failed for it.
	struck []int
}

// ShortOf finds the shortage that keeps AWS from launching in a zone, spot instances or others; nil if there is room.
func (w *World) ShortOf(zone string, spot bool) *Shortage {
	if w.faults == nil {
		return nil
	}
	for _, s := range w.faults.shortages {
		if (s.Zone == "" || s.Zone == zone) && (!s.Spot || spot) && s.lasts(w.faults.run) {
			return s
		}
	}
	return nil
}

func (s *Shortage) lasts(run int) bool {
	return s.Runs < 0 || len(s.struck) < s.Runs || slices.Contains(s.struck, run)
}

// Miss notes that a call met a shortage. survived says that AWS found room in another zone.
func (w *World) Miss(s *Shortage, a Attempt, survived bool) *Strike {
	strike := w.faults.note(s.Name, s.Runs < 0, &a)
	strike.Survived = survived
	if !survived && !slices.Contains(s.struck, strike.Run) {
		s.struck = append(s.struck, strike.Run)
	}
	return strike
}
