package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// Resolver asks the internet's DNS; *net.Resolver is one.
type Resolver interface {
	LookupNS(ctx context.Context, name string) ([]*net.NS, error)
}

// zoneQuestions are those about Route 53, which is the same in all regions.
func zoneQuestions() []question {
	return []question{{
		action: "route53:ListHostedZones", more: []string{"route53:GetHostedZone"}, about: "hosted zones",
		counts: []string{"L-4EA4796A"}, ask: hostedZones,
	}}
}

// mostZones is up to how many public zones each is asked about by itself: Route 53 answers five calls a second for a whole account.
const mostZones = 50

func hostedZones(ctx context.Context, q *asking) (answer, error) {
	client := route53.NewFromConfig(q.config)
	found := []HostedZone{}
	in := &route53.ListHostedZonesInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.ListHostedZones(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, zone := range page.HostedZones {
			found = append(found, HostedZone{
				Name: plainName(aws.ToString(zone.Name)), ID: strings.TrimPrefix(aws.ToString(zone.Id), "/hostedzone/"),
				Private: zone.Config != nil && zone.Config.PrivateZone,
			})
		}
		return page.NextMarker, nil
	})
	if err != nil {
		return answer{}, err
	}
	slices.SortFunc(found, func(a, b HostedZone) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	if err := describeZones(ctx, q, client, found); err != nil {
		return answer{}, err
	}
	a := used("L-4EA4796A", len(found))
	a.set = func(s *Snapshot, _ *Region) { s.HostedZones = found }
	return a, nil
}

// describeZones finds out the name servers of public zones and what DNS says of them.
func describeZones(ctx context.Context, q *asking, client *route53.Client, zones []HostedZone) error {
	var wait sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	asked := 0
	for i := range zones {
		zone := &zones[i]
		if zone.Private {
			continue
		}
		if asked++; asked > mostZones {
			zone.Delegation = &Delegation{NameServers: []string{}, Failure: fmt.Sprintf("the account has more than %d public zones", mostZones)}
			continue
		}
		out, err := client.GetHostedZone(ctx, &route53.GetHostedZoneInput{Id: aws.String(zone.ID)})
		if err != nil {
			wait.Wait()
			return err
		}
		zone.NameServers = serverNames(out.DelegationSet)
		wait.Add(1)
		go func() {
			defer wait.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			zone.Delegation = delegation(ctx, q.resolver, zone.Name)
		}()
	}
	wait.Wait()
	return nil
}

func serverNames(set *types.DelegationSet) []string {
	if set == nil {
		return nil
	}
	var names []string
	for _, name := range set.NameServers {
		names = append(names, plainName(name))
	}
	slices.Sort(names)
	return names
}

// delegation asks DNS who answers for a name. That there is no such name is an answer too: it is delegated to nobody.
func delegation(ctx context.Context, resolver Resolver, name string) *Delegation {
	records, err := resolver.LookupNS(ctx, name+".")
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return &Delegation{NameServers: []string{}}
	case err != nil:
		return &Delegation{NameServers: []string{}, Failure: err.Error()}
	}
	servers := []string{}
	for _, record := range records {
		servers = append(servers, plainName(record.Host))
	}
	slices.Sort(servers)
	return &Delegation{NameServers: servers}
}

// plainName writes a name of DNS in lower case and without the last dot.
func plainName(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }
