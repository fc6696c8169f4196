package guide

// seen is how resources of EC2 are found: by the tags that every one of them has. Together with the type they are unique.
func seen(operation, place string) func(*resource) look {
	return func(r *resource) look { return byTags(r, operation, "--filters", place) }
}

func byTags(r *resource, operation, flag, place string, more ...string) look {
	filters := []string{flag, "Name=tag:Name,Values=" + r.name()}
	if deployment := r.keyed("tags_all")["coderaws:deployment"]; deployment != "" {
		filters = append(filters, "Name=tag:coderaws:deployment,Values="+deployment)
	}
	return look{argv: aws(operation, append(filters, more...)...), place: place}
}

func networkKinds() []*kind {
	return []*kind{
		{
			typ: "aws_vpc", noun: "VPC", why: "The network that all else is in, with its range of private addresses.",
			find: seen("ec2 describe-vpcs", "Vpcs[0]"), owns: []own{{attr: "id", field: "VpcId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-vpc", fields{"CidrBlock": r.text("cidr_block"), "InstanceTenancy": r.text("instance_tenancy"),
					"TagSpecifications": r.tagged("vpc")})
			}),
			settle: func(r *resource) []call {
				set := func(flag, path string) call {
					return run("ec2 modify-vpc-attribute", "--vpc-id", r.text("id"), flag, "Value="+r.text(path))
				}
				return []call{
					run("ec2 wait vpc-available", "--vpc-ids", r.text("id")), set("--enable-dns-support", "enable_dns_support"),
					set("--enable-dns-hostnames", "enable_dns_hostnames"),
				}
			},
			end: one(func(r *resource) call { return run("ec2 delete-vpc", "--vpc-id", r.text("id")) }), id: attribute("id"),
		},
		{
			typ: "aws_subnet", noun: "subnet", why: "A part of the network's addresses, in one availability zone.",
			find: seen("ec2 describe-subnets", "Subnets[0]"), owns: []own{{attr: "id", field: "SubnetId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-subnet", fields{"VpcId": r.text("vpc_id"), "CidrBlock": r.text("cidr_block"),
					"AvailabilityZone": r.text("availability_zone"), "TagSpecifications": r.tagged("subnet")})
			}),
			settle: func(r *resource) []call {
				calls := []call{run("ec2 wait subnet-available", "--subnet-ids", r.text("id"))}
				if r.text("map_public_ip_on_launch") == "true" {
					calls = append(calls, run("ec2 modify-subnet-attribute", "--subnet-id", r.text("id"), "--map-public-ip-on-launch"))
				}
				return calls
			},
			end: one(func(r *resource) call { return run("ec2 delete-subnet", "--subnet-id", r.text("id")) }), id: attribute("id"),
		},
		{
			typ: "aws_internet_gateway", noun: "internet gateway", why: "The way between the network and the internet.",
			find: seen("ec2 describe-internet-gateways", "InternetGateways[0]"), owns: []own{{attr: "id", field: "InternetGatewayId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-internet-gateway", fields{"TagSpecifications": r.tagged("internet-gateway")})
			}),
			settle: one(func(r *resource) call {
				return run("ec2 attach-internet-gateway", "--internet-gateway-id", r.text("id"), "--vpc-id", r.text("vpc_id")).
					done("Resource.AlreadyAssociated")
			}),
			end: func(r *resource) []call {
				return []call{
					run("ec2 detach-internet-gateway", "--internet-gateway-id", r.text("id"), "--vpc-id", r.text("vpc_id")).done("Gateway.NotAttached"),
					run("ec2 delete-internet-gateway", "--internet-gateway-id", r.text("id")),
				}
			},
			id: attribute("id"),
		},
		{
			typ: "aws_eip", noun: "public address", why: "A public IPv4 address that stays the same.",
			find: seen("ec2 describe-addresses", "Addresses[0]"),
			owns: []own{{attr: "id", field: "AllocationId", as: "ID"}, {attr: "public_ip", field: "PublicIp", as: "ADDRESS"}},
			make: one(func(r *resource) call {
				return send("ec2 allocate-address", fields{"Domain": r.text("domain"), "TagSpecifications": r.tagged("elastic-ip")})
			}),
			end: one(func(r *resource) call { return run("ec2 release-address", "--allocation-id", r.text("id")) }), id: attribute("id"),
		},
		{
			typ: "aws_nat_gateway", noun: "NAT gateway", why: "Lets nodes without public addresses reach the internet.",
			find: func(r *resource) look {
				return byTags(r, "ec2 describe-nat-gateways", "--filter", "NatGateways[0]", "Name=state,Values=pending,available",
					"Name=subnet-id,Values="+r.text("subnet_id"))
			},
			owns: []own{{attr: "id", field: "NatGatewayId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-nat-gateway", fields{"SubnetId": r.text("subnet_id"), "AllocationId": r.text("allocation_id"),
					"ConnectivityType": r.text("connectivity_type"), "TagSpecifications": r.tagged("natgateway")})
			}),
			wait: one(func(r *resource) call {
				return run("ec2 wait nat-gateway-available", "--nat-gateway-ids", r.text("id"))
			}),
			end: func(r *resource) []call {
				return []call{
					run("ec2 delete-nat-gateway", "--nat-gateway-id", r.text("id")),
					run("ec2 wait nat-gateway-deleted", "--nat-gateway-ids", r.text("id")),
				}
			},
			id: attribute("id"),
		},
		{
			typ: "aws_route_table", noun: "route table", why: "Says where the traffic of subnets goes.",
			find: seen("ec2 describe-route-tables", "RouteTables[0]"), owns: []own{{attr: "id", field: "RouteTableId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-route-table", fields{"VpcId": r.text("vpc_id"), "TagSpecifications": r.tagged("route-table")})
			}),
			end: one(func(r *resource) call { return run("ec2 delete-route-table", "--route-table-id", r.text("id")) }), id: attribute("id"),
		},
		{
			typ: "aws_route", noun: "route", why: "One way out of the network.",
			find: func(r *resource) look {
				return look{aws("ec2 describe-route-tables", "--route-table-ids", r.text("route_table_id")),
					"RouteTables[0].Routes[?DestinationCidrBlock=='" + r.text("destination_cidr_block") + "'].DestinationCidrBlock | [0]"}
			},
			make: one(func(r *resource) call {
				return send("ec2 create-route", fields{"RouteTableId": r.text("route_table_id"),
					"DestinationCidrBlock": r.text("destination_cidr_block"), "NatGatewayId": r.text("nat_gateway_id"),
					"GatewayId": r.text("gateway_id"), "TransitGatewayId": r.text("transit_gateway_id"),
					"VpcPeeringConnectionId": r.text("vpc_peering_connection_id"), "NetworkInterfaceId": r.text("network_interface_id")})
			}),
			end: one(func(r *resource) call {
				return run("ec2 delete-route", "--route-table-id", r.text("route_table_id"), "--destination-cidr-block",
					r.text("destination_cidr_block"))
			}),
			id: joined("_", "route_table_id", "destination_cidr_block"),
		},
		{
			typ: "aws_route_table_association", noun: "association", why: "Gives a subnet its route table.",
			find: func(r *resource) look {
				return look{aws("ec2 describe-route-tables", "--filters", "Name=association.subnet-id,Values="+r.text("subnet_id")),
					"RouteTables[0].Associations[?SubnetId=='" + r.text("subnet_id") + "'] | [0]"}
			},
			owns: []own{{attr: "id", field: "RouteTableAssociationId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 associate-route-table", fields{"RouteTableId": r.text("route_table_id"), "SubnetId": r.text("subnet_id")})
			}),
			end: one(func(r *resource) call { return run("ec2 disassociate-route-table", "--association-id", r.text("id")) }),
			id:  joined("/", "subnet_id", "route_table_id"),
		},
		{
			typ: "aws_vpc_endpoint", noun: "VPC endpoint", why: "Reaches a service of AWS without the internet.",
			find: func(r *resource) look {
				return byTags(r, "ec2 describe-vpc-endpoints", "--filters", "VpcEndpoints[?State!='deleted' && State!='deleting'] | [0]")
			},
			owns: []own{{attr: "id", field: "VpcEndpointId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-vpc-endpoint", fields{"VpcEndpointType": r.text("vpc_endpoint_type"), "VpcId": r.text("vpc_id"),
					"ServiceName": r.text("service_name"), "PolicyDocument": r.text("policy"), "RouteTableIds": r.sorted("route_table_ids"),
					"SubnetIds": r.sorted("subnet_ids"), "SecurityGroupIds": r.sorted("security_group_ids"),
					"PrivateDnsEnabled": r.truth("private_dns_enabled"), "TagSpecifications": r.tagged("vpc-endpoint")})
			}),
			wait: one(func(r *resource) call {
				return call{argv: append([]string{"until_is", "available"}, aws("ec2 describe-vpc-endpoints", "--vpc-endpoint-ids", r.text("id"),
					"--query", "VpcEndpoints[0].State", "--output", "text")...)}
			}),
			end: one(func(r *resource) call { return run("ec2 delete-vpc-endpoints", "--vpc-endpoint-ids", r.text("id")) }),
			id:  attribute("id"),
		},
		{
			typ: "aws_flow_log", noun: "flow log", why: "Records who talks to whom in the network.",
			find: func(r *resource) look { return byTags(r, "ec2 describe-flow-logs", "--filter", "FlowLogs[0]") },
			owns: []own{{attr: "id", field: "FlowLogId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-flow-logs", fields{"ResourceIds": []string{r.text("vpc_id")}, "ResourceType": "VPC",
					"TrafficType": r.text("traffic_type"), "LogDestinationType": r.text("log_destination_type"),
					"LogDestination": r.text("log_destination"), "DeliverLogsPermissionArn": r.text("iam_role_arn"),
					"LogFormat": r.text("log_format"), "MaxAggregationInterval": r.number("max_aggregation_interval"),
					"TagSpecifications": r.tagged("vpc-flow-log")})
			}),
			end: one(func(r *resource) call { return run("ec2 delete-flow-logs", "--flow-log-ids", r.text("id")) }), id: attribute("id"),
		},
	}
}
