package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/engine"

	tfjson "github.com/hashicorp/terraform-json"
)

// zoneType is the type of a hosted zone.
const zoneType = "aws_route53_zone"

// askZone bounds how long a new zone is asked for its name servers: nothing waits for the answer but the line that shows it.
const askZone = 20 * time.Second

// Delegation are the name servers of a public zone, which the zone above it has to name before the internet finds it.
type Delegation struct {
	Zone        string   `json:"zone"`
	NameServers []string `json:"name_servers"`
}

// Delegation asks Route 53 for the name servers of a zone; nil for a private one.
func (*AWS) Delegation(ctx context.Context, region, id string) (*Delegation, error) {
	zone, servers, err := account.ZoneServers(ctx, region, id)
	if err != nil || len(servers) == 0 {
		return nil, err
	}
	return &Delegation{zone, servers}, nil
}

// tellDelegation shows the name servers of a zone the moment that it is made: a certificate of the same run waits until they are entered.
func (w *Work) tellDelegation(e engine.Event) {
	if e.Type != engine.EventApplyComplete || e.Hook == nil || e.Hook.Resource.Type != zoneType || e.Hook.Action != "create" {
		return
	}
	// An event has no context of its own, and an interrupted run finishes what was begun.
	ctx, cancel := context.WithTimeout(context.Background(), askZone)
	defer cancel()
	d, err := w.runner.Target.Delegation(ctx, w.Region, e.Hook.IDValue)
	switch {
	case err != nil:
		w.runner.Reporter.Notice(fmt.Sprintf("Enter the name servers of the new zone %s above it now, as Route 53 shows them. "+
			"(They could not be asked for: %v)", e.Hook.IDValue, err))
	case d != nil:
		w.runner.Reporter.Notice(d.String())
	}
}

// String says what to do. How long it takes: ACM validates within minutes of the records being found (ACM user guide, DNS validation), and
// the AWS provider waits for 75 minutes (its aws_acm_certificate_validation).
func (d Delegation) String() string {
	return fmt.Sprintf("Enter these name servers (NS) for %s in the zone above it now: %s. The certificate waits for them, usually for some "+
		"minutes after they are entered, and for 75 minutes at most.", d.Zone, strings.Join(d.NameServers, ", "))
}

// delegations are those of the public zones among resources of a state, which knows them before there is any output.
func delegations(resources []*tfjson.StateResource) []Delegation {
	var all []Delegation
	for _, resource := range resources {
		if private, _ := resource.AttributeValues["vpc"].([]any); resource.Type != zoneType || len(private) > 0 {
			continue
		}
		d := Delegation{Zone: fmt.Sprint(resource.AttributeValues["name"])}
		servers, _ := resource.AttributeValues["name_servers"].([]any)
		for _, server := range servers {
			d.NameServers = append(d.NameServers, fmt.Sprint(server))
		}
		all = append(all, d)
	}
	return all
}
