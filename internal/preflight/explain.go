package preflight

import (
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"
)

// Explain words what the trial of a deployment was refused for who only asked whether an account has room: nothing was made, and what the
// account has is known.
func Explain(s *account.Snapshot, refused diagnostic.List) diagnostic.List {
	for _, d := range refused {
		if strings.HasPrefix(d.Todo, "correct the setting") {
			d.Todo = "correct the setting that leads to this, and check again"
		}
		if strings.Contains(d.Summary, "Route 53 Hosted Zone") && s.HostedZones != nil {
			d.Why = strings.TrimPrefix(d.Why+"; the public hosted zones of account "+s.Account+" are: "+publicZones(s), "; ")
			d.Todo = "name one of them in dns.zone_name or dns.zone_id, or let the deployment make one with dns.create_zone"
		}
	}
	return refused
}

// publicZones lists zones with their ids; the first of them are enough to see that another account was meant.
func publicZones(s *account.Snapshot) string {
	var names []string
	for _, zone := range s.HostedZones {
		if !zone.Private {
			names = append(names, zone.Name+" ("+zone.ID+")")
		}
	}
	if len(names) == 0 {
		return "none"
	}
	if len(names) > 10 {
		names = append(names[:10], "and others")
	}
	return strings.Join(names, ", ")
}
