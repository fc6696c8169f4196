// Package preflight finds out before Terraform starts whether an account has room for a deployment: it lives the deployment on an embedded
// AWS that only counts, and compares what that needed with what the account answered (package account). It also furnishes an
// embedded AWS as an account is, so that a rehearsal is refused what the account would be refused. The command line imports it; it
// asks AWS nothing itself and prints nothing.
package preflight

import (
	"slices"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/world"
)

// Own says in which regions a deployment exists in the account already, as the tag of its clusters tells: what is used and which names are
// taken there is partly its own doing.
func Own(s *account.Snapshot, d *deployment.Deployment) map[string]bool {
	own := map[string]bool{}
	for i := range d.Regions {
		region := &d.Regions[i]
		if asked := s.Regions[region.Name]; asked != nil && slices.Contains(asked.Deployments, region.String("name")) {
			own[region.Name] = true
		}
	}
	return own
}

// Furnish makes a world like the account: its zones, hosted zones, quotas, what is used of them, and the names that are taken. Of a region in
// which the deployment exists already, only zones, offers and quotas are taken over. What the account did not answer stays as it is in
// any embedded AWS. It must be called before anything runs in the world.
func Furnish(w *world.World, s *account.Snapshot, own map[string]bool) error {
	anywhere := false
	for name, region := range s.Regions {
		anywhere = anywhere || own[name]
		place(w, name, region)
		limit(w, name, &region.Part)
		if !own[name] {
			fill(w, name, &region.Part)
		}
	}
	limit(w, model.Global, &s.Global)
	if !anywhere {
		fill(w, model.Global, &s.Global)
	}
	for _, zone := range s.HostedZones {
		if zone.Private {
			continue
		}
		if err := route53.AddHostedZone(w, zone.Name, zone.ID, zone.NameServers...); err != nil {
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
