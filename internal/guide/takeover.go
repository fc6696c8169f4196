package guide

// Takeover is what Terraform's first plan shows once it has imported what the steps have made, and nothing else.
type Takeover struct {
	// Imported are the addresses of what is imported, and Anew of what cannot be: Terraform makes that again, with no effect on AWS.
	Imported, Anew []string
	// Remembered are the attributes of an address that AWS has nowhere, which Terraform writes down.
	Remembered map[string][]string
}

// Takeover is how Terraform goes on from this guide.
func (g *Guide) Takeover() Takeover {
	over := Takeover{Remembered: map[string][]string{}}
	for _, t := range g.things {
		if t.platform {
			continue // the platform stack installs its releases over those that are there
		}
		if t.kind.id == nil {
			over.Anew = append(over.Anew, t.address)
			continue
		}
		over.Imported = append(over.Imported, t.address)
		if len(t.kind.memory) > 0 {
			over.Remembered[t.address] = t.kind.memory
		}
	}
	return over
}
