package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
)

func TestVPCEndpoints(t *testing.T) {
	gateway := func(change func(n network) object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			n := networkIn(t, d, 2)
			return "aws_vpc_endpoint",
				merged(object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.s3", "vpc_endpoint_type": "Gateway",
					"route_table_ids": []any{n.table["id"]}}, change(n))
		}
	}
	private := func(change func(n network) object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			n := networkIn(t, d, 2)
			return "aws_vpc_endpoint",
				merged(object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.ec2", "vpc_endpoint_type": "Interface",
					"subnet_ids": []any{n.subnets[0]["id"], n.subnets[1]["id"]}, "private_dns_enabled": true}, change(n))
		}
	}
	set := func(change object) func(network) object { return func(network) object { return change } }
	twice := func(of func(func(network) object) given, change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := of(set(nil))(t, d)
			d.MustCreate(t, typeName, config)
			return typeName, merged(config, change)
		}
	}
	check(t, []rule{
		{name: "a gateway to S3", given: gateway(set(nil))},
		{name: "a gateway by default", given: gateway(set(object{"vpc_endpoint_type": nil}))},
		{name: "a gateway to EC2", given: gateway(set(object{"service_name": "com.amazonaws.us-east-1.ec2"})),
			refused: "InvalidParameter: Endpoint type (Gateway) does not match available service types ([Interface])."},
		{name: "a gateway with subnets", given: gateway(func(n network) object { return object{"subnet_ids": []any{n.subnets[0]["id"]}} }),
			refused: "InvalidParameter: Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints."},
		{name: "a gateway with a security group", given: gateway(func(n network) object {
			return object{"security_group_ids": []any{n.vpc["default_security_group_id"]}}
		}), refused: "InvalidParameter"},
		{name: "a gateway in no route table", given: gateway(set(object{"route_table_ids": []any{"rtb-0"}})),
			refused: "InvalidRouteTableID.NotFound"},
		{name: "a service that there is not", given: gateway(set(object{"service_name": "com.amazonaws.us-east-1.s4"})),
			refused: "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-1.s4' does not exist"},
		{name: "a service of another region", given: gateway(set(object{"service_name": "com.amazonaws.eu-west-1.s3"})),
			refused: "InvalidServiceName"},
		{name: "a second gateway to S3 in a route table", given: twice(gateway, nil), refused: "RouteAlreadyExists: route table rtb-"},
		{name: "a gateway to DynamoDB beside that to S3", given: twice(gateway, object{"service_name": "com.amazonaws.us-east-1.dynamodb"})},
		{name: "an interface to EC2", given: private(set(nil))},
		{name: "an interface with route tables", given: private(func(n network) object {
			return object{"route_table_ids": []any{n.table["id"]}}
		}), refused: "InvalidParameter: Route table IDs are only supported"},
		{name: "two subnets in one zone",
			refused: "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of subnet-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := private(set(nil))(t, d)
				same := d.MustCreate(t, "aws_subnet", object{"vpc_id": config["vpc_id"], "cidr_block": "10.0.99.0/24",
					"availability_zone": "us-east-1a"})
				return typeName, merged(config, object{"subnet_ids": append(config["subnet_ids"].([]any), same["id"])})
			}},
		{name: "a second interface to EC2 with private DNS", given: twice(private, nil),
			refused: "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for " +
				"ec2.us-east-1.amazonaws.com in the VPC vpc-"},
		{name: "private DNS beside a private hosted zone of the same name",
			refused: "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for " +
				"ec2.us-east-1.amazonaws.com in the VPC vpc-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := private(set(nil))(t, d)
				d.MustCreate(t, "aws_route53_zone", object{"name": "ec2.us-east-1.amazonaws.com",
					"vpc": []any{object{"vpc_id": config["vpc_id"]}}})
				return typeName, config
			}},
		{name: "private DNS beside a private hosted zone of another name", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := private(set(nil))(t, d)
			d.MustCreate(t, "aws_route53_zone", object{"name": "us-east-1.amazonaws.com", "vpc": []any{object{"vpc_id": config["vpc_id"]}}})
			return typeName, config
		}},
		{name: "a second interface to EC2 without private DNS", given: twice(private, object{"private_dns_enabled": false})},
		{name: "private DNS in a VPC without host names",
			refused: "InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to " +
				"true for vpc-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_vpc_endpoint", object{"vpc_id": vpcOf(t, d), "service_name": "com.amazonaws.us-east-1.ec2",
					"vpc_endpoint_type": "Interface", "private_dns_enabled": true}
			}},
		{name: "a policy of 20480 characters", given: gateway(set(object{"policy": text(20480)}))},
		{name: "a policy over 20480 characters", given: gateway(set(object{"policy": text(20481)})), refused: "InvalidPolicyDocument"},
		{name: "a twenty-first gateway", refused: "VpcEndpointLimitExceeded: The maximum number of VPC endpoints has been reached.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := gateway(set(nil))(t, d)
				for range 20 {
					table := d.MustCreate(t, "aws_route_table", object{"vpc_id": config["vpc_id"]})
					d.MustCreate(t, typeName, merged(config, object{"route_table_ids": []any{table["id"]}}))
				}
				return typeName, config
			}},
	})
}

func TestVPCEndpointAttributes(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	s3 := d.MustCreate(t, "aws_vpc_endpoint", object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.s3"})
	d.MustCreate(t, "aws_vpc_endpoint_route_table_association", object{"vpc_endpoint_id": s3["id"], "route_table_id": n.table["id"]})
	if s3["prefix_list_id"] != "pl-63a5400a" || len(s3["network_interface_ids"].([]any)) != 0 {
		t.Errorf("the gateway has the prefix list %v and the interfaces %v", s3["prefix_list_id"], s3["network_interface_ids"])
	}
	api := d.MustCreate(t, "aws_vpc_endpoint", object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.ecr.api",
		"vpc_endpoint_type": "Interface",
		"subnet_ids":        []any{n.subnets[0]["id"], n.subnets[1]["id"]}, "private_dns_enabled": true})
	names := api["dns_entry"].([]any)
	if len(names) != 4 || names[3].(object)["dns_name"] != "api.ecr.us-east-1.amazonaws.com" {
		t.Errorf("the interface has the names %v, want its own, two of zones and api.ecr.us-east-1.amazonaws.com", names)
	}
	if got := fmt.Sprint(api["security_group_ids"]); got != fmt.Sprint([]any{n.vpc["default_security_group_id"]}) {
		t.Errorf("the interface is in the groups %v, want the VPC's default one", got)
	}
	expect(t, d.Delete("aws_subnet", n.subnets[0]), "DependencyViolation")
	expect(t, d.Delete("aws_vpc_endpoint", api), "")
	expect(t, d.Delete("aws_subnet", n.subnets[0]), "")
	noFallbacks(t, d)
}

// TestEndpointServicesOfRegions holds what regions have and how their endpoints are looked up to a table of names.
func TestEndpointServicesOfRegions(t *testing.T) {
	for _, test := range []struct{ region, service, private string }{
		{"us-east-1", "ec2", "ec2.us-east-1.amazonaws.com"},
		{"us-east-1", "ecr.api", "api.ecr.us-east-1.amazonaws.com"},
		{"us-east-1", "ecr.dkr", "*.dkr.ecr.us-east-1.amazonaws.com"},
		{"us-east-1", "eks-auth", "eks-auth.us-east-1.api.aws"},
		{"us-gov-west-1", "eks-auth", "eks-auth.us-gov-west-1.api.aws"},
		{"us-gov-west-1", "kms-fips", "kms-fips.us-gov-west-1.amazonaws.com"},
		{"us-gov-west-1", "guardduty-data-fips", "guardduty-data-fips.us-gov-west-1.amazonaws.com"},
		{"us-gov-west-1", "guardduty-data", ""},
		{"us-east-1", "kms-fips", ""},
		{"us-east-1", "ec2messages", "ec2messages.us-east-1.amazonaws.com"},
		{"mx-central-1", "ec2messages", ""},
		{"ap-southeast-5", "eks", ""},
		{"ap-southeast-5", "eks-auth", "eks-auth.ap-southeast-5.api.aws"},
	} {
		d := sandboxtest.New(t, test.region)
		found, err := d.Data("aws_vpc_endpoint_service", object{"service": test.service, "service_type": "Interface"})
		if test.private == "" {
			if err == nil {
				t.Errorf("%s has endpoints of %s", test.region, test.service)
			}
			continue
		}
		if err != nil || found["private_dns_name"] != test.private {
			t.Errorf("in %s, %s is %v (%v), want %s", test.region, test.service, found["private_dns_name"], err, test.private)
		}
	}
}

func TestVPCEndpointTimes(t *testing.T) {
	endpoint := service.NewCatalog().Types["aws_vpc_endpoint"]
	gateway, private := endpoint.Times(object{"vpc_endpoint_type": "Gateway"}), endpoint.Times(object{"vpc_endpoint_type": "Interface"})
	if gateway.Create.Max >= private.Create.Min {
		t.Errorf("a gateway takes up to %v, an interface from %v; want a gateway to be faster", gateway.Create.Max, private.Create.Min)
	}
	for _, latency := range []model.Latency{gateway, private} {
		if latency.Create.Min > latency.Create.Typical || latency.Create.Typical > latency.Create.Max {
			t.Errorf("the times %v are out of order", latency.Create)
		}
	}
}

func TestFlowLogs(t *testing.T) {
	const logs = "arn:aws:logs:us-east-1:123456789012:log-group:flow"
	flow := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_flow_log", merged(object{"vpc_id": vpcOf(t, d), "traffic_type": "ALL", "log_destination_type": "cloud-watch-logs",
				"log_destination": logs, "iam_role_arn": "arn:aws:iam::123456789012:role/flow", "max_aggregation_interval": 600}, change)
		}
	}
	check(t, []rule{
		{name: "to CloudWatch Logs", given: flow(nil)},
		{name: "to CloudWatch Logs without a role", given: flow(object{"iam_role_arn": nil}),
			refused: "InvalidParameter: DeliverLogsPermissionArn can't be empty"},
		{name: "to S3", given: flow(object{"log_destination_type": "s3", "log_destination": "arn:aws:s3:::flow", "iam_role_arn": nil})},
		{name: "to S3 by a role", given: flow(object{"log_destination_type": "s3", "log_destination": "arn:aws:s3:::flow"}),
			refused: "InvalidParameter"},
		{name: "to S3 that is CloudWatch Logs", given: flow(object{"log_destination_type": "s3", "iam_role_arn": nil}),
			refused: "InvalidParameter"},
		{name: "every minute", given: flow(object{"max_aggregation_interval": 60})},
		{name: "every five minutes", given: flow(object{"max_aggregation_interval": 300}),
			refused: "InvalidParameter: Invalid Flow Log Max Aggregation Interval"},
		{name: "of no VPC", given: flow(object{"vpc_id": "vpc-0"}), refused: "InvalidVpcID.NotFound"},
		{name: "the same twice",
			refused: "FlowLogAlreadyExists: Error. There is an existing Flow Log with the same configuration and log destination.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := flow(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
		{name: "the same of other traffic", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := flow(nil)(t, d)
			d.MustCreate(t, typeName, config)
			return typeName, merged(config, object{"traffic_type": "REJECT"})
		}},
	})
	d := sandboxtest.New(t, "")
	typeName, config := flow(nil)(t, d)
	d.MustCreate(t, typeName, config)
	noFallbacks(t, d)
}
