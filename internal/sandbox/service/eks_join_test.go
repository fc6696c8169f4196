package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestNodesJoin is what keeps nodes from joining, or from becoming ready, after they were launched.
func TestNodesJoin(t *testing.T) {
	const (
		never     = "last error: NodeCreationFailure: Instances failed to join the kubernetes cluster"
		unhealthy = "last error: NodeCreationFailure: Unhealthy nodes in the kubernetes cluster"
	)
	// group is a node group in a network that leads nowhere yet, with a role that has some policies.
	group := func(t *testing.T, d *sandboxtest.Driver, policies ...string) (object, network) {
		t.Helper()
		_, n := eksClusterIn(t, d)
		role := roleFor(t, d, "coder-node", "ec2.amazonaws.com")
		attach(t, d, role, policies...)
		return object{"cluster_name": "coder", "node_group_name": "workspace", "node_role_arn": role["arn"],
			"subnet_ids":     []any{n.subnets[0]["id"]},
			"scaling_config": []any{object{"min_size": 1, "desired_size": 1, "max_size": 3}}}, n
	}
	having := func(policies ...string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := group(t, d, policies...)
			route(t, d, n, object{"transit_gateway_id": "tgw-0123456789abcdef0"})
			return "aws_eks_node_group", config
		}
	}
	routed := func(given func(t *testing.T, d *sandboxtest.Driver, n network) (subnet object)) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := group(t, d, nodePolicies...)
			return "aws_eks_node_group", merged(config, object{"subnet_ids": []any{given(t, d, n)["id"]}})
		}
	}
	answered := func(t *testing.T, d *sandboxtest.Driver, n network, domain string) {
		t.Helper()
		rule := d.MustCreate(t, "aws_route53_resolver_rule", object{"domain_name": domain, "rule_type": "FORWARD",
			"resolver_endpoint_id": "rslvr-out-1", "target_ip": []any{object{"ip": "172.16.0.2"}}})
		d.MustCreate(t, "aws_route53_resolver_rule_association", object{"resolver_rule_id": rule["id"], "vpc_id": n.vpc["id"]})
	}
	// connected is a network with a route to another one, which answers for some names.
	connected := func(domains ...string) setting {
		return routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
			route(t, d, n, object{"transit_gateway_id": "tgw-0123456789abcdef0", "destination_cidr_block": "172.16.0.0/12"})
			for _, domain := range domains {
				answered(t, d, n, domain)
			}
			return n.subnets[0]
		})
	}
	viaNAT := func(gateway bool) setting {
		return routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
			address := d.MustCreate(t, "aws_eip", object{"domain": "vpc"})
			nat := d.MustCreate(t, "aws_nat_gateway", object{"subnet_id": n.subnets[1]["id"], "allocation_id": address["id"]})
			route(t, d, n, object{"nat_gateway_id": nat["id"]})
			d.MustCreate(t, "aws_route_table_association", object{"route_table_id": n.table["id"], "subnet_id": n.subnets[1]["id"]})
			if gateway {
				d.MustCreate(t, "aws_route", object{"route_table_id": n.table["id"], "destination_cidr_block": "0.0.0.0/0",
					"gateway_id": n.gateway["id"]})
			}
			return n.subnets[0]
		})
	}
	viaGateway := func(public bool) setting {
		return routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
			route(t, d, n, object{"gateway_id": n.gateway["id"]})
			return d.MustCreate(t, "aws_subnet", object{"vpc_id": n.vpc["id"], "cidr_block": "10.0.9.0/24",
				"availability_zone": "us-east-1a", "map_public_ip_on_launch": public})
		})
	}
	// behind is a node group in a network without a way out, which has an endpoint for each service, as the change of a service says.
	behind := func(private bool, services []string, changes map[string]object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := eksClusterConfig(t, d)
			d.MustCreate(t, "aws_eks_cluster", vpcConfig(config, object{"endpoint_private_access": private}))
			open := d.MustCreate(t, "aws_security_group", object{"name": "endpoints", "vpc_id": n.vpc["id"]})
			d.MustCreate(t, "aws_vpc_security_group_ingress_rule", object{"security_group_id": open["id"], "cidr_ipv4": "10.0.0.0/16",
				"ip_protocol": "tcp", "from_port": 443, "to_port": 443})
			for _, service := range services {
				d.MustCreate(t, "aws_vpc_endpoint", merged(object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1." + service,
					"vpc_endpoint_type": "Interface", "subnet_ids": []any{n.subnets[0]["id"]}, "private_dns_enabled": true,
					"security_group_ids": []any{open["id"]}}, changes[service]))
			}
			d.MustCreate(t, "aws_vpc_endpoint", merged(object{"vpc_id": n.vpc["id"], "service_name": "com.amazonaws.us-east-1.s3",
				"route_table_ids": []any{n.vpc["main_route_table_id"]}}, changes["s3"]))
			return "aws_eks_node_group", object{"cluster_name": "coder", "node_group_name": "workspace", "node_role_arn": nodeRole(t, d)["arn"],
				"subnet_ids":     []any{n.subnets[0]["id"]},
				"scaling_config": []any{object{"min_size": 1, "desired_size": 1, "max_size": 3}}}
		}
	}
	viaEndpoints := func(private bool, services ...string) setting { return behind(private, services, nil) }
	all := []string{"ec2", "ecr.api", "ecr.dkr"}
	but := func(service string, change object) setting {
		return behind(true, all, map[string]object{service: change})
	}
	policy := func(effect, action, resource string, more object) object {
		statement := merged(object{"Effect": effect, "Principal": "*", "Action": action, "Resource": resource}, more)
		statements := []any{statement}
		if effect == "Deny" {
			statements = append(statements, object{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
		}
		return object{"policy": sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": statements})}
	}
	caller := func(arn string) object {
		return object{"Condition": object{"ArnEquals": object{"aws:PrincipalArn": arn}}}
	}
	const node = "arn:aws:iam::123456789012:role/coder-node"
	// signed is a node group whose network add-on has a role by EKS Pod Identity.
	signed := func(given setting) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := given(t, d)
			role := roleFor(t, d, "cni", "pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")
			d.MustCreate(t, "aws_eks_pod_identity_association", object{"cluster_name": "coder", "namespace": "kube-system",
				"service_account": "aws-node", "role_arn": role["arn"]})
			return typ, config
		}
	}
	withDisks := func(policy func(account string) any) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := nodeGroupConfig(t, d)
			key := d.MustCreate(t, "aws_kms_key", object{"policy": policy("arn:aws:iam::123456789012:root")})
			template := d.MustCreate(t, "aws_launch_template", object{"name": "nodes", "block_device_mappings": []any{object{
				"device_name": "/dev/xvda", "ebs": []any{object{"encrypted": "true", "volume_size": 80, "kms_key_id": key["arn"]}}}}})
			return "aws_eks_node_group", merged(config, object{"launch_template": []any{object{"id": template["id"], "version": "1"}}})
		}
	}
	allows := func(principals ...string) func(string) any {
		return func(account string) any {
			return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow",
				"Principal": object{"AWS": append([]string{account}, principals...)}, "Action": "kms:*", "Resource": "*"}}})
		}
	}
	instancesWith := func(policy func(account string) any) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			_, config := withDisks(policy)(t, d)
			template := config["launch_template"].([]any)[0].(object)
			return "aws_autoscaling_group", object{"name": "own", "min_size": 1, "max_size": 1, "vpc_zone_identifier": config["subnet_ids"],
				"launch_template": []any{object{"id": template["id"], "version": "$Latest"}}}
		}
	}
	// withGroup is a node group whose launch template names a security group, and what this group and the cluster's let through.
	withGroup := func(private bool, rules ...object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := eksClusterConfig(t, d)
			cluster := d.MustCreate(t, "aws_eks_cluster", vpcConfig(config, object{"endpoint_private_access": private}))
			route(t, d, n, object{"transit_gateway_id": "tgw-0123456789abcdef0"})
			group := d.MustCreate(t, "aws_security_group", object{"name": "nodes", "vpc_id": n.vpc["id"]})
			clusters := cluster["vpc_config"].([]any)[0].(object)["cluster_security_group_id"]
			for _, rule := range rules {
				typ, of := "aws_vpc_security_group_ingress_rule", clusters
				if rule["out"] == true {
					typ, of = "aws_vpc_security_group_egress_rule", group["id"]
				}
				rule = merged(rule, object{"security_group_id": of})
				delete(rule, "out")
				if rule["cidr_ipv4"] == nil {
					rule["referenced_security_group_id"] = group["id"]
				}
				d.MustCreate(t, typ, rule)
			}
			template := d.MustCreate(t, "aws_launch_template", object{"name": "nodes", "vpc_security_group_ids": []any{group["id"]}})
			return "aws_eks_node_group", object{"cluster_name": "coder", "node_group_name": "workspace", "node_role_arn": nodeRole(t, d)["arn"],
				"subnet_ids": []any{n.subnets[0]["id"]}, "launch_template": []any{object{"id": template["id"], "version": "1"}},
				"scaling_config": []any{object{"min_size": 1, "desired_size": 1, "max_size": 3}}}
		}
	}
	// guarded is a node group behind a NAT gateway, where one of the two subnets, of the nodes or of the gateway, has a network ACL.
	entry := func(egress bool, number float64, action, cidr string, first, last float64) object {
		return object{"egress": egress, "rule_number": number, "protocol": "tcp", "rule_action": action, "cidr_block": cidr,
			"from_port": first, "to_port": last}
	}
	ofNodes, ofGateway := 0, 1
	guarded := func(at int, entries ...object) setting {
		return routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
			address := d.MustCreate(t, "aws_eip", object{"domain": "vpc"})
			nat := d.MustCreate(t, "aws_nat_gateway", object{"subnet_id": n.subnets[1]["id"], "allocation_id": address["id"]})
			route(t, d, n, object{"nat_gateway_id": nat["id"]})
			d.MustCreate(t, "aws_route", object{"route_table_id": n.table["id"], "destination_cidr_block": "0.0.0.0/0",
				"gateway_id": n.gateway["id"]})
			d.MustCreate(t, "aws_route_table_association", object{"route_table_id": n.table["id"], "subnet_id": n.subnets[1]["id"]})
			acl := d.MustCreate(t, "aws_network_acl", object{"vpc_id": n.vpc["id"], "subnet_ids": []any{n.subnets[at]["id"]}})
			for _, e := range entries {
				d.MustCreate(t, "aws_network_acl_rule", merged(e, object{"network_acl_id": acl["id"]}))
			}
			return n.subnets[0]
		})
	}
	const everywhere = "0.0.0.0/0"
	calls, answers := entry(true, 100, "allow", everywhere, 443, 443), entry(false, 100, "allow", everywhere, 1024, 65535)
	// apart is a node group in a subnet of its own, which has a network ACL, with endpoints in another one.
	apart := func(entries ...object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := viaEndpoints(true, all...)(t, d)
			other, err := d.Data("aws_subnet", object{"id": config["subnet_ids"].([]any)[0]})
			if err != nil {
				t.Fatal(err)
			}
			subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": other["vpc_id"], "cidr_block": "10.0.8.0/24",
				"availability_zone": "us-east-1a"})
			acl := d.MustCreate(t, "aws_network_acl", object{"vpc_id": other["vpc_id"], "subnet_ids": []any{subnet["id"]}})
			for _, e := range entries {
				d.MustCreate(t, "aws_network_acl_rule", merged(e, object{"network_acl_id": acl["id"]}))
			}
			return typ, merged(config, object{"subnet_ids": []any{subnet["id"]}})
		}
	}
	port := func(protocol string, first, last float64) object {
		return object{"ip_protocol": protocol, "from_port": first, "to_port": last}
	}
	out := object{"ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0", "out": true}
	check(t, []rule{
		{name: "a security group that the control plane lets in", given: withGroup(true, out, port("tcp", 443, 443))},
		{name: "a security group whose range the control plane lets in",
			given: withGroup(true, out, merged(port("tcp", 0, 1023), object{"cidr_ipv4": "10.0.0.0/8"}))},
		{name: "a security group that nobody lets in", given: withGroup(true, out), refused: never},
		{name: "a security group that is let in to another port", given: withGroup(true, out, port("tcp", 444, 1023)), refused: never},
		{name: "a security group that is let in by another protocol", given: withGroup(true, out, port("udp", 443, 443)), refused: never},
		{name: "a security group whose range is only nearly let in", refused: never,
			given: withGroup(true, out, merged(port("tcp", 443, 443), object{"cidr_ipv4": "10.0.0.0/28"}))},
		{name: "a security group that lets nothing out", given: withGroup(true, port("tcp", 443, 443)), refused: never},
		{name: "a security group that nobody lets in to an API that is reached from outside", given: withGroup(false, out)},

		{name: "a role with all that nodes need", given: having(nodePolicies...)},
		{name: "a role without the policy for nodes", given: having("AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly")},
		{name: "a role that knows nothing of EC2", given: having("AmazonEC2ContainerRegistryPullOnly"), refused: never},
		{name: "a role without the policy for addresses of pods", refused: unhealthy,
			given: having("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")},
		{name: "a role without the right to images", given: having("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"), refused: unhealthy},
		{name: "an add-on for addresses with a role of its own",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := having("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")(t, d)
				role := roleFor(t, d, "cni", "pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")
				d.MustCreate(t, "aws_eks_pod_identity_association", object{"cluster_name": "coder", "namespace": "kube-system",
					"service_account": "aws-node", "role_arn": role["arn"]})
				return typ, config
			}},

		{name: "subnets that lead nowhere", refused: never,
			given: routed(func(_ *testing.T, _ *sandboxtest.Driver, n network) object { return n.subnets[0] })},
		{name: "a NAT gateway", given: viaNAT(true)},
		{name: "a NAT gateway in a subnet that leads nowhere", given: viaNAT(false), refused: never},
		{name: "a route to a network of the company, without the names of endpoints in it", given: connected(), refused: never},
		{name: "a route to a network of the company, and a resolver rule for AWS's names", given: connected("amazonaws.com")},
		{name: "a network ACL of the nodes with calls out and answers in", given: guarded(ofNodes, calls, answers)},
		{name: "one without an entry", given: guarded(ofNodes), refused: never},
		{name: "one that lets nothing out", given: guarded(ofNodes, answers), refused: never},
		{name: "one that lets no answers in", given: guarded(ofNodes, calls), refused: never},
		{name: "one that lets answers in to a few ports alone", refused: never,
			given: guarded(ofNodes, calls, entry(false, 100, "allow", everywhere, 49152, 65535))},
		{name: "one that denies before it allows", refused: never,
			given: guarded(ofNodes, calls, answers, entry(true, 90, "deny", everywhere, 0, 1023))},
		{name: "one that denies what was allowed before",
			given: guarded(ofNodes, calls, answers, entry(true, 110, "deny", everywhere, 0, 1023))},
		{name: "one that lets out to the VPC alone", refused: never,
			given: guarded(ofNodes, entry(true, 100, "allow", "10.0.0.0/16", 443, 443), answers)},
		{name: "one of the NAT gateway that takes what comes and lets answers out",
			given: guarded(ofGateway, calls, answers, entry(false, 110, "allow", "10.0.0.0/16", 443, 443),
				entry(true, 110, "allow", "10.0.0.0/16", 1024, 65535))},
		{name: "one of the NAT gateway that takes nothing of the nodes", refused: never,
			given: guarded(ofGateway, calls, answers, entry(true, 110, "allow", "10.0.0.0/16", 1024, 65535))},
		{name: "one of the NAT gateway that lets no answers out to nodes", refused: never,
			given: guarded(ofGateway, calls, answers, entry(false, 110, "allow", "10.0.0.0/16", 443, 443))},
		{name: "one that lets calls of endpoints out and their answers in", given: apart(calls, answers)},
		{name: "one that denies a part of the endpoints' subnet", refused: never,
			given: apart(calls, answers, entry(true, 90, "deny", "10.0.0.0/28", 443, 443))},
		{name: "one that denies another network",
			given: apart(calls, answers, entry(true, 90, "deny", "10.9.0.0/16", 443, 443))},
		{name: "one that lets nothing of endpoints in", refused: never,
			given: apart(calls, entry(false, 100, "allow", "10.1.0.0/16", 1024, 65535))},
		{name: "a resolver rule for the names of one service", given: connected("ec2.us-east-1.amazonaws.com"), refused: never},
		{name: "a resolver rule for each service that nodes call", given: connected("ec2.us-east-1.amazonaws.com",
			"api.ecr.us-east-1.amazonaws.com", "dkr.ecr.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com")},
		{name: "a resolver rule, and no route to another network", refused: never,
			given: routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
				answered(t, d, n, "amazonaws.com")
				return n.subnets[0]
			})},
		{name: "servers of the company for all names", given: routed(func(t *testing.T, d *sandboxtest.Driver, n network) object {
			route(t, d, n, object{"vpc_peering_connection_id": "pcx-0123456789abcdef0", "destination_cidr_block": "172.16.0.0/12"})
			options := d.MustCreate(t, "aws_vpc_dhcp_options", object{"domain_name_servers": []any{"172.16.0.2"}})
			d.MustCreate(t, "aws_vpc_dhcp_options_association", object{"vpc_id": n.vpc["id"], "dhcp_options_id": options["id"]})
			return n.subnets[0]
		})},
		{name: "an internet gateway and public addresses", given: viaGateway(true)},
		{name: "an internet gateway and no public addresses", given: viaGateway(false),
			refused: "last error: Ec2SubnetInvalidConfiguration: One or more Amazon EC2 Subnets of [subnet-"},
		{name: "endpoints of all that nodes need", given: viaEndpoints(true, "ec2", "ecr.api", "ecr.dkr")},
		{name: "endpoints without that of EC2", given: viaEndpoints(true, "ecr.api", "ecr.dkr"), refused: never},
		{name: "endpoints, and a cluster that is reached from outside alone", given: viaEndpoints(false, "ec2", "ecr.api", "ecr.dkr"),
			refused: never},

		{name: "an endpoint without private DNS", given: but("ec2", object{"private_dns_enabled": false}), refused: never},
		{name: "an endpoint with the closed group of its VPC", given: but("ecr.api", object{"security_group_ids": nil}), refused: never},
		{name: "a gateway for S3 that no route leads to", given: but("s3", object{"route_table_ids": []any{}}), refused: never},
		{name: "a policy that allows what nodes ask", given: but("ec2", policy("Allow", "ec2:Describe*", "*", nil))},
		{name: "a policy that allows it to nodes", given: but("ec2", policy("Allow", "ec2:Describe*", "*", caller(node)))},
		{name: "a policy that allows it to somebody else", given: but("ec2", policy("Allow", "ec2:*", "*", caller(node+"s"))), refused: never},
		{name: "a policy that allows something else", given: but("ecr.dkr", policy("Allow", "ecr:DescribeImages", "*", nil)), refused: never},
		{name: "a policy that denies it", given: but("ec2", policy("Deny", "ec2:DescribeInstances", "*", nil)), refused: never},
		{name: "a policy that denies it to others",
			given: but("ec2", policy("Deny", "ec2:DescribeInstances", "*", caller(node+"s")))},
		{name: "a policy of S3 with the bucket of layers",
			given: but("s3", policy("Allow", "s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*", nil))},
		{name: "a policy of S3 with that of another region", refused: never,
			given: but("s3", policy("Allow", "s3:GetObject", "arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*", nil))},
		{name: "a policy of S3 for nodes alone, though ECR signs what they ask", refused: never,
			given: but("s3", policy("Allow", "s3:GetObject", "*", caller(node)))},

		{name: "an add-on for addresses that signs in through an endpoint",
			given: signed(behind(true, []string{"ec2", "ecr.api", "ecr.dkr", "eks-auth"}, nil))},
		{name: "one without an endpoint to sign in through", given: signed(viaEndpoints(true, all...)), refused: unhealthy},
		{name: "one that the policy of EC2's endpoint does not know", refused: unhealthy,
			given: signed(behind(true, []string{"ec2", "ecr.api", "ecr.dkr", "eks-auth"},
				map[string]object{"ec2": policy("Allow", "ec2:*", "*", caller(node))}))},

		{name: "disks with a key that the account alone may use", given: withDisks(allows()),
			refused: "last error: AsgInstanceLaunchFailures: Instance became unhealthy while waiting for instance to be in InService state. " +
				"Termination Reason: Client.InvalidKMSKey.InvalidState"},
		{name: "instances of one's own with such disks", given: instancesWith(allows()),
			refused: "last error: Client.InternalError: Client error on launch"},
		{name: "instances of one's own with disks that Auto Scaling may use",
			given: instancesWith(allows("arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"))},
		{name: "disks with a key that Auto Scaling may use",
			given: withDisks(allows("arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"))},
	})
}
