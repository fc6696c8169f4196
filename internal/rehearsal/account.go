package rehearsal

import (
	"coderaws/internal/account"
	"coderaws/internal/facts"
	"coderaws/internal/sandbox/service/iam"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/world"
)

// Furnish makes the embedded AWS like an account: its zones, hosted zones, policies, quotas, what is used of them, and the names that are
// taken. own are the regions in which the deployment exists already: of these only zones, offers and quotas are taken over. What the
// account did not answer stays as it is in any embedded AWS. It must be called before anything runs there.
func (e *Embedded) Furnish(s *account.Snapshot, own map[string]bool) error {
	w := e.world
	anywhere := false
	for name, region := range s.Regions {
		anywhere = anywhere || own[name]
		place(w, name, region)
		limit(w, name, &region.Part)
		if !own[name] {
			fill(w, name, &region.Part)
		}
	}
	limit(w, Global, &s.Global)
	if !anywhere {
		fill(w, Global, &s.Global)
	}
	for _, zone := range s.HostedZones {
		if zone.Private {
			continue
		}
		if err := route53.AddHostedZone(w, zone.Name, zone.ID, zone.NameServers...); err != nil {
			return err
		}
	}
	for _, arn := range s.Policies {
		if err := iam.AddPolicy(w, arn, ""); err != nil { // it is known to be there, and not what it says
			return err
		}
	}
	return nil
}

// place puts a region's zones where the account sees them.
func place(w *world.World, name string, region *account.Region) {
	if region.Zones != nil {
		zones := make([]facts.Zone, len(region.Zones))
		for i, zone := range region.Zones {
			zones[i] = facts.Zone{Name: zone.Name, ID: zone.ID}
		}
		w.SetZones(name, zones)
	}
	offer(w, name, region)
}

func offer(w *world.World, name string, region *account.Region) {
	for instanceType, ids := range region.Offers {
		w.SetOffers(name, instanceType, ids)
	}
}

func limit(w *world.World, region string, part *account.Part) {
	for code, value := range part.Quotas {
		w.SetLimitIn(code, region, value)
	}
}

func fill(w *world.World, region string, part *account.Part) {
	for code, scopes := range part.Usage {
		for scope, amount := range scopes {
			w.SetUsed(code, region, scope, amount)
		}
	}
	for typ, names := range part.Names {
		for _, name := range names {
			w.TakeName(typ, region, name)
		}
	}
}
