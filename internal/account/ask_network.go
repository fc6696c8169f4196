package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// networkQuestions are those about VPCs and load balancers.
func networkQuestions() []question {
	return []question{
		{action: "ec2:DescribeVpcs", about: "VPCs", counts: []string{"L-F678F1CE"}, ask: vpcs},
		{action: "ec2:DescribeInternetGateways", about: "internet gateways", counts: []string{"L-A4707A72"}, ask: internetGateways},
		{action: "ec2:DescribeAddresses", about: "elastic IPs", counts: []string{"L-0263D0A3"}, ask: addresses},
		{action: "ec2:DescribeNatGateways", more: []string{"ec2:DescribeSubnets"}, about: "NAT gateways",
			counts: []string{natGateways}, ask: gatewaysByZone},
		{action: "ec2:DescribeVpcEndpoints", about: "gateway endpoints", counts: []string{"L-1B52E74A"}, ask: gatewayEndpoints},
		{action: "ec2:DescribeSecurityGroups", about: "security groups", counts: []string{"L-E79EC296"}, ask: securityGroups},
		{action: "elasticloadbalancing:DescribeLoadBalancers", about: "load balancers",
			counts: []string{networkBalancers, applicationBalancers}, names: balancerTypes, ask: loadBalancers},
		{action: "elasticloadbalancing:DescribeTargetGroups", about: "target groups", counts: []string{"L-B22855CB"},
			names: targetTypes, ask: targetGroups},
	}
}

const (
	natGateways          = "L-FE5A380F"
	networkBalancers     = "L-69A177A2"
	applicationBalancers = "L-53DA6B97"
)

// Terraform has two names for each of these.
var (
	balancerTypes = []string{"aws_lb", "aws_alb"}
	targetTypes   = []string{"aws_lb_target_group", "aws_alb_target_group"}
)

func both(types, names []string) map[string][]string {
	all := map[string][]string{}
	for _, typ := range types {
		all[typ] = names
	}
	return all
}

func vpcs(ctx context.Context, q *asking) (answer, error) {
	n := 0
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeVpcsInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeVpcs(ctx, in)
		if err != nil {
			return nil, err
		}
		n += len(page.Vpcs)
		return page.NextToken, nil
	})
	return used("L-F678F1CE", n), err
}

func internetGateways(ctx context.Context, q *asking) (answer, error) {
	n := 0
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeInternetGatewaysInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeInternetGateways(ctx, in)
		if err != nil {
			return nil, err
		}
		n += len(page.InternetGateways)
		return page.NextToken, nil
	})
	return used("L-A4707A72", n), err
}

func addresses(ctx context.Context, q *asking) (answer, error) {
	out, err := ec2.NewFromConfig(q.config).DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return answer{}, err
	}
	return used("L-0263D0A3", len(out.Addresses)), nil
}

// gatewaysByZone counts NAT gateways as their quota does: those that are made, exist, or are being deleted, per zone. The zone is that of
// the subnet; regional NAT gateways have none, and count in no zone.
func gatewaysByZone(ctx context.Context, q *asking) (answer, error) {
	client := ec2.NewFromConfig(q.config)
	states := types.Filter{Name: aws.String("state"), Values: []string{"pending", "available", "deleting"}}
	inSubnet := map[string]int{}
	in := &ec2.DescribeNatGatewaysInput{Filter: []types.Filter{states}}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeNatGateways(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, gateway := range page.NatGateways {
			inSubnet[aws.ToString(gateway.SubnetId)]++
		}
		return page.NextToken, nil
	})
	if err != nil || len(inSubnet) == 0 {
		return answer{}, err
	}
	perZone := map[string]float64{}
	subnets := &ec2.DescribeSubnetsInput{}
	err = pages(func(token *string) (*string, error) {
		subnets.NextToken = token
		page, err := client.DescribeSubnets(ctx, subnets)
		if err != nil {
			return nil, err
		}
		for _, subnet := range page.Subnets {
			if n := inSubnet[aws.ToString(subnet.SubnetId)]; n > 0 {
				perZone[aws.ToString(subnet.AvailabilityZone)] += float64(n)
			}
		}
		return page.NextToken, nil
	})
	return answer{usage: map[string]map[string]float64{natGateways: perZone}}, err
}

func gatewayEndpoints(ctx context.Context, q *asking) (answer, error) {
	n := 0
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeVpcEndpointsInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeVpcEndpoints(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, endpoint := range page.VpcEndpoints {
			if endpoint.VpcEndpointType == types.VpcEndpointTypeGateway {
				n++
			}
		}
		return page.NextToken, nil
	})
	return used("L-1B52E74A", n), err
}

func securityGroups(ctx context.Context, q *asking) (answer, error) {
	n := 0
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeSecurityGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeSecurityGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		n += len(page.SecurityGroups)
		return page.NextToken, nil
	})
	return used("L-E79EC296", n), err
}

func loadBalancers(ctx context.Context, q *asking) (answer, error) {
	codes := map[elbtypes.LoadBalancerTypeEnum]string{
		elbtypes.LoadBalancerTypeEnumNetwork: networkBalancers, elbtypes.LoadBalancerTypeEnumApplication: applicationBalancers,
	}
	usage := map[string]map[string]float64{networkBalancers: {}, applicationBalancers: {}}
	var names []string
	client := elb.NewFromConfig(q.config)
	in := &elb.DescribeLoadBalancersInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeLoadBalancers(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, balancer := range page.LoadBalancers {
			names = append(names, aws.ToString(balancer.LoadBalancerName))
			if code, counted := codes[balancer.Type]; counted {
				usage[code][""]++
			}
		}
		return page.NextMarker, nil
	})
	return answer{usage: usage, names: both(balancerTypes, names)}, err
}

func targetGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := elb.NewFromConfig(q.config)
	in := &elb.DescribeTargetGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeTargetGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, group := range page.TargetGroups {
			names = append(names, aws.ToString(group.TargetGroupName))
		}
		return page.NextMarker, nil
	})
	a := used("L-B22855CB", len(names))
	a.names = both(targetTypes, names)
	return a, err
}
