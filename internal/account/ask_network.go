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
		{action: "ec2:DescribeNatGateways", more: []string{"ec2:DescribeSubnets"}, about: "NAT gateways", counts: []string{natGateways}, ask: gatewaysByZone},
		{action: "ec2:DescribeVpcEndpoints", about: "gateway endpoints", counts: []string{"L-1B52E74A"}, ask: gatewayEndpoints},
		{action: "ec2:DescribeSecurityGroups", about: "security groups", counts: []string{"L-E79EC296"}, ask: securityGroups},
		{action: "elasticloadbalancing:DescribeLoadBalancers", about: "load balancers", counts: []string{networkBalancers, applicationBalancers}, names: balancerTypes, ask: loadBalancers},
		{action: "elasticloadbalancing:DescribeTargetGroups", about: "target groups", counts: []string{"L-B22855CB"}, names: targetTypes, ask: targetGroups},
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
	p := ec2.NewDescribeVpcsPaginator(ec2.NewFromConfig(q.config), &ec2.DescribeVpcsInput{})
	err := pages(ctx, p, func(page *ec2.DescribeVpcsOutput) { n += len(page.Vpcs) })
	return used("L-F678F1CE", n), err
}

func internetGateways(ctx context.Context, q *asking) (answer, error) {
	n := 0
	p := ec2.NewDescribeInternetGatewaysPaginator(ec2.NewFromConfig(q.config), &ec2.DescribeInternetGatewaysInput{})
	err := pages(ctx, p, func(page *ec2.DescribeInternetGatewaysOutput) { n += len(page.InternetGateways) })
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
	err := pages(ctx, ec2.NewDescribeNatGatewaysPaginator(client, &ec2.DescribeNatGatewaysInput{Filter: []types.Filter{states}}), func(page *ec2.DescribeNatGatewaysOutput) {
		for _, gateway := range page.NatGateways {
			inSubnet[aws.ToString(gateway.SubnetId)]++
		}
	})
	if err != nil || len(inSubnet) == 0 {
		return answer{}, err
	}
	perZone := map[string]float64{}
	err = pages(ctx, ec2.NewDescribeSubnetsPaginator(client, &ec2.DescribeSubnetsInput{}), func(page *ec2.DescribeSubnetsOutput) {
		for _, subnet := range page.Subnets {
			if n := inSubnet[aws.ToString(subnet.SubnetId)]; n > 0 {
				perZone[aws.ToString(subnet.AvailabilityZone)] += float64(n)
			}
		}
	})
	return answer{usage: map[string]map[string]float64{natGateways: perZone}}, err
}

func gatewayEndpoints(ctx context.Context, q *asking) (answer, error) {
	n := 0
	p := ec2.NewDescribeVpcEndpointsPaginator(ec2.NewFromConfig(q.config), &ec2.DescribeVpcEndpointsInput{})
	err := pages(ctx, p, func(page *ec2.DescribeVpcEndpointsOutput) {
		for _, endpoint := range page.VpcEndpoints {
			if endpoint.VpcEndpointType == types.VpcEndpointTypeGateway {
				n++
			}
		}
	})
	return used("L-1B52E74A", n), err
}

func securityGroups(ctx context.Context, q *asking) (answer, error) {
	n := 0
	p := ec2.NewDescribeSecurityGroupsPaginator(ec2.NewFromConfig(q.config), &ec2.DescribeSecurityGroupsInput{})
	err := pages(ctx, p, func(page *ec2.DescribeSecurityGroupsOutput) { n += len(page.SecurityGroups) })
	return used("L-E79EC296", n), err
}

func loadBalancers(ctx context.Context, q *asking) (answer, error) {
	codes := map[elbtypes.LoadBalancerTypeEnum]string{
		elbtypes.LoadBalancerTypeEnumNetwork: networkBalancers, elbtypes.LoadBalancerTypeEnumApplication: applicationBalancers,
	}
	usage := map[string]map[string]float64{networkBalancers: {}, applicationBalancers: {}}
	var names []string
	p := elb.NewDescribeLoadBalancersPaginator(elb.NewFromConfig(q.config), &elb.DescribeLoadBalancersInput{})
	err := pages(ctx, p, func(page *elb.DescribeLoadBalancersOutput) {
		for _, balancer := range page.LoadBalancers {
			names = append(names, aws.ToString(balancer.LoadBalancerName))
			if code, counted := codes[balancer.Type]; counted {
				usage[code][""]++
			}
		}
	})
	return answer{usage: usage, names: both(balancerTypes, names)}, err
}

func targetGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	p := elb.NewDescribeTargetGroupsPaginator(elb.NewFromConfig(q.config), &elb.DescribeTargetGroupsInput{})
	err := pages(ctx, p, func(page *elb.DescribeTargetGroupsOutput) {
		for _, group := range page.TargetGroups {
			names = append(names, aws.ToString(group.TargetGroupName))
		}
	})
	a := used("L-B22855CB", len(names))
	a.names = both(targetTypes, names)
	return a, err
}
