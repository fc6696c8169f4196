package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/route53"
)

// ZoneServers asks Route 53 for the name of a hosted zone and for its name servers, which the zone above has to name. A private zone has
// none. Source: Route 53 API reference, GetHostedZone.
func ZoneServers(ctx context.Context, region, id string) (name string, servers []string, err error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return "", nil, err
	}
	out, err := route53.NewFromConfig(cfg).GetHostedZone(ctx, &route53.GetHostedZoneInput{Id: aws.String(id)})
	if err != nil || out.HostedZone == nil || out.HostedZone.Config != nil && out.HostedZone.Config.PrivateZone {
		return "", nil, err
	}
	return plainName(aws.ToString(out.HostedZone.Name)), serverNames(out.DelegationSet), nil
}
