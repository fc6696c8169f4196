package lifecycle

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"coderaws/internal/engine"
	"coderaws/internal/progress"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// notices is a reporter of which only the notices are kept.
type notices struct{ shown []string }

func (*notices) Begin(progress.Operation) {}
func (*notices) Event(engine.Event)       {}
func (*notices) End(bool)                 {}
func (n *notices) Notice(text string)     { n.shown = append(n.shown, text) }

// TestNameServersOfANewZone: the name servers are shown the moment that the zone is made, and of nothing else.
func TestNameServersOfANewZone(t *testing.T) {
	zone := engine.Resource{Address: "aws_route53_zone.this", Type: zoneType}
	complete := func(r engine.Resource, action string) engine.Event {
		return engine.Event{Type: engine.EventApplyComplete, Hook: &engine.Hook{Resource: r, Action: action, IDValue: "Z0123456789ABC"}}
	}
	for _, test := range []struct {
		name    string
		event   engine.Event
		private bool
		want    []string
	}{
		{"a public zone is made", complete(zone, "create"), false, []string{"Enter these name servers (NS) for coder.example.com " +
			"in the zone above it now: ns-1.awsdns-01.org, ns-2.awsdns-02.com. The certificate waits for them, usually for some minutes after they are entered, " +
			"and for 75 minutes at most."}},
		{"a private zone is made", complete(zone, "create"), true, nil},
		{"a zone is changed", complete(zone, "update"), false, nil},
		{"a zone is begun", engine.Event{Type: engine.EventApplyStart, Hook: &engine.Hook{Resource: zone, Action: "create"}}, false, nil},
		{"something else is made", complete(engine.Resource{Type: "aws_vpc"}, "create"), false, nil},
		{"an event of no resource", engine.Event{Type: engine.EventApplyComplete}, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/2013-04-01/hostedzone/Z0123456789ABC" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				fmt.Fprintf(w, `<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z0123456789ABC</Id><Name>coder.example.com.</Name>`+
					`<CallerReference>1</CallerReference><Config><PrivateZone>%t</PrivateZone></Config></HostedZone><DelegationSet><NameServers>`+
					`<NameServer>ns-2.awsdns-02.com</NameServer><NameServer>ns-1.awsdns-01.org</NameServer></NameServers></DelegationSet>`+
					`</GetHostedZoneResponse>`, test.private)
			}))
			defer server.Close()
			t.Setenv("AWS_ENDPOINT_URL_ROUTE_53", server.URL)
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIATESTER")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
			var shown notices
			w := &Work{Place: Place{"us-east-1", CloudStack}, runner: &Runner{Target: &AWS{}, Reporter: &shown}}
			w.event(test.event)
			if diff := cmp.Diff(test.want, shown.shown); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDelegationsOfAState: a state knows the name servers while the run that made the zone still waits.
func TestDelegationsOfAState(t *testing.T) {
	got := delegations([]*tfjson.StateResource{
		{Type: zoneType, AttributeValues: map[string]any{"name": "coder.example.com", "name_servers": []any{"ns-1", "ns-2"}, "vpc": []any{}}},
		{Type: zoneType, AttributeValues: map[string]any{"name": "inside.example.com", "name_servers": []any{"ns-3"},
			"vpc": []any{map[string]any{}}}},
		{Type: "aws_vpc", AttributeValues: map[string]any{"name": "no zone"}},
	})
	if diff := cmp.Diff([]Delegation{{"coder.example.com", []string{"ns-1", "ns-2"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
