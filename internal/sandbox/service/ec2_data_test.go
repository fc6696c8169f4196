package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// question is one data source: what it asks and what a part of its answer is, or with what words it fails.
type question struct {
	name   string
	source string
	config object
	want   object
	fails  string
}

func ask(t *testing.T, d *sandboxtest.Driver, questions []question) {
	t.Helper()
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			got, err := d.Data(q.source, q.config)
			expect(t, err, q.fails)
			for attribute, want := range q.want {
				if fmt.Sprint(got[attribute]) != fmt.Sprint(want) {
					t.Errorf("%s is %v, want %v", attribute, got[attribute], want)
				}
			}
		})
	}
}

func filter(name string, values ...any) []object { return []object{{"name": name, "values": values}} }

func TestNetworkDataSources(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	vpc := n.vpc["id"]
	tagged := d.MustCreate(t, "aws_subnet",
		object{"vpc_id": vpc, "cidr_block": "10.0.9.0/24", "tags": object{"Name": "app/one", "tier": "private"}})
	group := groupIn(t, d, vpc, "web")
	d.MustCreate(t, "aws_route", object{"route_table_id": n.table["id"], "destination_cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]})
	d.MustCreate(t, "aws_route_table_association", object{"route_table_id": n.table["id"], "subnet_id": tagged["id"]})
	eip := d.MustCreate(t, "aws_eip", object{})
	nat := d.MustCreate(t, "aws_nat_gateway", object{"subnet_id": tagged["id"], "allocation_id": eip["id"]})
	other := vpcOf(t, d)

	ask(t, d, []question{
		{name: "a VPC by its id", source: "aws_vpc", config: object{"id": vpc},
			want: object{"cidr_block": "10.0.0.0/16", "main_route_table_id": n.vpc["main_route_table_id"], "default": false}},
		{name: "the default VPC, of which there is none", source: "aws_vpc", config: object{"default": true}, fails: "no matching EC2 VPC found"},
		{name: "a VPC of two", source: "aws_vpc",
			fails: "multiple EC2 VPCs matched; use additional constraints to reduce matches to a single EC2 VPC"},
		{name: "all VPCs", source: "aws_vpcs", want: object{"ids": []any{vpc, other}}},
		{name: "a subnet by its range", source: "aws_subnet", config: object{"vpc_id": vpc, "cidr_block": "10.0.9.0/24"},
			want: object{"id": tagged["id"], "available_ip_address_count": 251}},
		{name: "a subnet by a tag", source: "aws_subnet", config: object{"tags": object{"tier": "private"}}, want: object{"id": tagged["id"]}},
		{name: "a subnet by a filter with a wildcard", source: "aws_subnet", config: object{"filter": filter("tag:Name", "app*")},
			want: object{"id": tagged["id"]}},
		{name: "a subnet by its zone", source: "aws_subnet", config: object{"vpc_id": vpc, "availability_zone": "us-east-1b"},
			want: object{"id": n.subnets[1]["id"]}},
		{name: "no subnet", source: "aws_subnet", config: object{"filter": filter("tag:Name", "db")}, fails: "no matching EC2 Subnet found"},
		{name: "the subnets of a VPC", source: "aws_subnets", config: object{"filter": filter("vpc-id", vpc)},
			want: object{"ids": []any{n.subnets[0]["id"], n.subnets[1]["id"], tagged["id"]}}},
		{name: "no subnets", source: "aws_subnets", config: object{"filter": filter("vpc-id", other)}, want: object{"ids": []any{}}},
		{name: "a filter that EC2 does not know", source: "aws_subnets", config: object{"filter": filter("colour", "blue")},
			want: object{"ids": []any{}}},
		{name: "a security group by its name", source: "aws_security_group", config: object{"vpc_id": vpc, "name": "web"},
			want: object{"id": group["id"], "arn": group["arn"]}},
		{name: "the default security group", source: "aws_security_group",
			config: object{"vpc_id": vpc, "filter": filter("group-name", "default")}, want: object{"id": n.vpc["default_security_group_id"]}},
		{name: "the security groups of a VPC", source: "aws_security_groups", config: object{"filter": filter("vpc-id", vpc)},
			want: object{"vpc_ids": []any{vpc, vpc}}},
		{name: "the table of a subnet", source: "aws_route_table", config: object{"subnet_id": tagged["id"]},
			want: object{"id": n.table["id"], "vpc_id": vpc}},
		{name: "the main table", source: "aws_route_table", config: object{"vpc_id": vpc, "filter": filter("association.main", "true")},
			want: object{"id": n.vpc["main_route_table_id"]}},
		{name: "no table", source: "aws_route_table", config: object{"subnet_id": n.subnets[0]["id"]}, fails: "query returned no results"},
		{name: "all tables of a VPC", source: "aws_route_tables", config: object{"vpc_id": other}, want: object{"id": "us-east-1"}},
		{name: "an internet gateway by its VPC", source: "aws_internet_gateway", config: object{"filter": filter("attachment.vpc-id", vpc)},
			want: object{"internet_gateway_id": n.gateway["id"]}},
		{name: "a NAT gateway by its subnet", source: "aws_nat_gateway", config: object{"subnet_id": tagged["id"]},
			want: object{"id": nat["id"], "public_ip": eip["public_ip"], "state": "available"}},
		{name: "all NAT gateways", source: "aws_nat_gateways", want: object{"ids": []any{nat["id"]}}},
		{name: "an address", source: "aws_eip", config: object{"public_ip": eip["public_ip"]}, want: object{"id": eip["id"]}},
		{name: "the prefix list of S3", source: "aws_prefix_list", config: object{"name": "com.amazonaws.us-east-1.s3"},
			want: object{"id": "pl-63a5400a"}},
		{name: "the prefix list of CloudFront", source: "aws_ec2_managed_prefix_list",
			config: object{"name": "com.amazonaws.global.cloudfront.origin-facing"}, want: object{"max_entries": 55, "owner_id": "AWS"}},
		{name: "a prefix list that there is not", source: "aws_prefix_list", config: object{"name": "com.amazonaws.us-east-1.s4"},
			fails: "no matching EC2 Prefix List found"},
		{name: "an endpoint service", source: "aws_vpc_endpoint_service", config: object{"service": "ecr.api"},
			want: object{"service_name": "com.amazonaws.us-east-1.ecr.api", "service_type": "Interface"}},
		{name: "an endpoint service of a kind that it has not", source: "aws_vpc_endpoint_service",
			config: object{"service": "ec2", "service_type": "Gateway"}, fails: "no matching EC2 VPC Endpoint Service found"},
	})
}

func TestInstanceDataSources(t *testing.T) {
	d := sandboxtest.New(t, "")
	typeName, config := workers(t, d, object{"tag": []object{{"key": "team", "value": "a", "propagate_at_launch": true}}})
	group := d.MustCreate(t, typeName, config)
	ask(t, d, []question{
		{name: "a zone", source: "aws_availability_zone", config: object{"name": "us-east-1b"},
			want: object{"zone_id": "use1-az1", "name_suffix": "b"}},
		{name: "a zone that there is not", source: "aws_availability_zone", config: object{"name": "us-east-1x"},
			fails: "no matching EC2 Availability Zone found"},
		{name: "a type of instance", source: "aws_ec2_instance_type", config: object{"instance_type": "m5.large"},
			want: object{"default_vcpus": 2, "memory_size": 8192, "supported_architectures": []any{"x86_64"}}},
		{name: "a type on the hypervisor of today", source: "aws_ec2_instance_type", config: object{"instance_type": "m5.large"},
			want: object{"hypervisor": "nitro", "current_generation": true, "maximum_network_interfaces": 3,
				"maximum_ipv4_addresses_per_interface": 10}},
		{name: "a type on the hypervisor before it", source: "aws_ec2_instance_type", config: object{"instance_type": "m4.large"},
			want: object{"hypervisor": "xen"}},
		{name: "a type of instance that there is not", source: "aws_ec2_instance_type", config: object{"instance_type": "m5.gigantic"},
			fails: "InvalidInstanceType: The following supplied instance types do not exist: [m5.gigantic]"},
		{name: "where a type is offered", source: "aws_ec2_instance_type_offerings",
			config: object{"location_type": "availability-zone", "filter": filter("instance-type", "m5.large")},
			want:   object{"locations": []any{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"}}},
		{name: "a group", source: "aws_autoscaling_group", config: object{"name": "workers"}, want: object{"arn": group["arn"], "max_size": 3}},
		{name: "a group that there is not", source: "aws_autoscaling_group", config: object{"name": "none"},
			fails: "no matching Auto Scaling Group found"},
		{name: "groups by a tag", source: "aws_autoscaling_groups", config: object{"filter": filter("tag:team", "a")},
			want: object{"names": []any{"workers"}}},
		{name: "a template", source: "aws_launch_template", config: object{"name": "workers"},
			want: object{"instance_type": "m5.large", "latest_version": 1}},
		{name: "an Ubuntu image", source: "aws_ami", want: object{"architecture": "x86_64", "owner_id": "099720109477",
			"virtualization_type": "hvm"},
			config: object{"owners": []any{"099720109477"}, "most_recent": true,
				"filter": filter("name", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*")}},
		{name: "an image of two", source: "aws_ami", config: object{"owners": []any{"099720109477"}},
			fails: "Your query returned more than one result."},
		{name: "no image", source: "aws_ami", config: object{"owners": []any{"self"}}, fails: "Your query returned no results."},
		{name: "an image by an expression", source: "aws_ami", want: object{"platform": "windows"},
			config: object{"owners": []any{"amazon"}, "most_recent": true, "name_regex": "^Windows_Server-2022-English"}},
	})
}
