package preflight_test

import (
	"testing"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"
	"coderaws/internal/preflight"
)

func TestExplain(t *testing.T) {
	const again = "correct the setting that leads to this and run the same command again; what a run had made before it failed is kept"
	none, unknown := room(), room()
	none.HostedZones, unknown.HostedZones = []account.HostedZone{{Name: "internal", Private: true}}, nil
	for _, test := range []struct {
		name     string
		snapshot *account.Snapshot
		summary  string
		why      string
		todo     string
	}{
		{"a rule of AWS", room(), "InvalidSubnet.Range", "", "correct the setting that leads to this, and check again"},
		{"a zone that the account does not have", room(), "no matching Route 53 Hosted Zone found",
			"the public hosted zones of account 111122223333 are: example.com (Z1)",
			"name one of them in dns.zone_name or dns.zone_id, or let the deployment make one with dns.create_zone"},
		{"a zone of an account without any", none, "no matching Route 53 Hosted Zone found",
			"the public hosted zones of account 111122223333 are: none",
			"name one of them in dns.zone_name or dns.zone_id, or let the deployment make one with dns.create_zone"},
		{"a zone of an account whose zones are not known", unknown, "no matching Route 53 Hosted Zone found", "",
			"correct the setting that leads to this, and check again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := diagnostic.Errorf("%s", test.summary)
			d.Todo = again
			preflight.Explain(test.snapshot, diagnostic.List{d})
			if d.Why != test.why || d.Todo != test.todo {
				t.Errorf("why %q, to do %q", d.Why, d.Todo)
			}
		})
	}
}
