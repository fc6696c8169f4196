package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// museumOf is a world that has all examples.
func museumOf(t *testing.T) *sandboxtest.Museum {
	t.Helper()
	m := sandboxtest.NewMuseum(t)
	for _, s := range examples() {
		m.Add(t, s)
	}
	return m
}

// TestDataAnswers asks data sources otherwise than by what TestEveryDataSource asks them by: by another argument, by a filter, for what AWS
// has without anybody having made it, for one of several and for what there is not. testdata/answers/TestDataAnswers.txt has the answers.
func TestDataAnswers(t *testing.T) {
	t.Parallel()
	known, m := answersOf(t), museumOf(t)
	var names []string
	for _, q := range []question{
		{name: "a region by name", source: "aws_region", config: object{"name": "eu-west-1"}},
		{name: "a region that there is not", source: "aws_region", config: object{"name": "eu-west-9"},
			fails: "no matching EC2 Region found: eu-west-9"},
		{name: "zones but one, by name", source: "aws_availability_zones", config: object{"exclude_names": []any{"us-east-1a"}}},
		{name: "zones but one, by id", source: "aws_availability_zones", config: object{"exclude_zone_ids": []any{"use1-az1"}}},
		{name: "zones by a filter of two", source: "aws_availability_zones",
			config: object{"filter": filter("zone-name", "us-east-1a", "us-east-1c")}},
		{name: "zones by their id", source: "aws_availability_zones", config: object{"filter": filter("zone-id", "use1-az2")}},
		{name: "zones that need opting in", source: "aws_availability_zones",
			config: object{"filter": filter("opt-in-status", "opted-in")}},
		{name: "zones that need none", source: "aws_availability_zones",
			config: object{"filter": filter("opt-in-status", "opt-in-not-required")}},
		{name: "zones of a kind", source: "aws_availability_zones", config: object{"filter": filter("zone-type", "availability-zone")}},
		{name: "zones of the region", source: "aws_availability_zones", config: object{"filter": filter("region-name", "us-east-1")}},
		{name: "zones of a group", source: "aws_availability_zones", config: object{"filter": filter("group-name", "us-east-1")}},
		{name: "zones in a state", source: "aws_availability_zones", config: object{"filter": filter("state", "available")}},
		{name: "zones by what they have not", source: "aws_availability_zones", config: object{"filter": filter("colour", "blue")}},
		{name: "zones that are down", source: "aws_availability_zones", config: object{"state": "unavailable"}},
		{name: "a zone by its id", source: "aws_availability_zone", config: object{"zone_id": "use1-az2"}},
		{name: "a zone of six", source: "aws_availability_zone", fails: "multiple EC2 Availability Zones matched"},
		{name: "a zone by name and the id of another", source: "aws_availability_zone",
			config: object{"name": "us-east-1a", "zone_id": "use1-az2"}, fails: "no matching EC2 Availability Zone found"},

		{name: "a VPC by its range", source: "aws_vpc", config: object{"cidr_block": "10.9.0.0/16"}},
		{name: "a VPC by a range that it got later", source: "aws_vpc",
			config: object{"filter": filter("cidr-block-association.cidr-block", "10.1.0.0/16")}},
		{name: "a VPC by a filter of its range", source: "aws_vpc", config: object{"filter": filter("cidr", "10.9.0.0/16")}},
		{name: "a VPC by its DHCP options", source: "aws_vpc", config: object{"dhcp_options_id": "${dhcp.id}"}},
		{name: "a VPC that is pending", source: "aws_vpc", config: object{"state": "pending"}, fails: "no matching EC2 VPC found"},
		{name: "VPCs that are available", source: "aws_vpcs", config: object{"filter": filter("state", "available")}},
		{name: "VPCs that are the default one", source: "aws_vpcs", config: object{"filter": filter("isDefault", "true")}},
		{name: "VPCs that are not the default one", source: "aws_vpcs", config: object{"filter": filter("is-default", "false")}},
		{name: "VPCs of the account", source: "aws_vpcs", config: object{"filter": filter("owner-id", "123456789012")}},
		{name: "subnets by their zone", source: "aws_subnets", config: object{"filter": filter("availability-zone", "us-east-1b")}},
		{name: "subnets by the id of their zone", source: "aws_subnets", config: object{"filter": filter("availability-zone-id", "use1-az6")}},
		{name: "subnets by their range", source: "aws_subnets", config: object{"filter": filter("cidr-block", "10.0.0.0/20")}},
		{name: "subnets by how they give addresses", source: "aws_subnets",
			config: object{"filter": filter("map-public-ip-on-launch", "true")}},
		{name: "security groups by description", source: "aws_security_groups",
			config: object{"filter": filter("description", "Managed by Terraform")}},
		{name: "a route table of several", source: "aws_route_table", config: object{"vpc_id": "${vpc.id}"},
			fails: "query returned more than one route table"},
		{name: "a route table by its id", source: "aws_route_table", config: object{"route_table_id": "${table.id}"}},
		{name: "route tables by a route", source: "aws_route_tables",
			config: object{"filter": filter("route.destination-cidr-block", "0.0.0.0/0")}},
		{name: "an internet gateway that there is not", source: "aws_internet_gateway", config: object{"internet_gateway_id": "igw-0"},
			fails: "no matching EC2 Internet Gateway found"},
		{name: "a NAT gateway without public addresses", source: "aws_nat_gateway", config: object{"subnet_id": "${b.id}"}},
		{name: "a NAT gateway by its VPC, of two", source: "aws_nat_gateway", config: object{"vpc_id": "${vpc.id}"},
			fails: "multiple EC2 NAT Gateways matched"},
		{name: "a NAT gateway that is pending", source: "aws_nat_gateway", config: object{"id": "${nat.id}", "state": "pending"},
			fails: "no matching EC2 NAT Gateway found"},
		{name: "NAT gateways of a subnet", source: "aws_nat_gateways", config: object{"filter": filter("subnet-id", "${b.id}")}},
		{name: "NAT gateways of a VPC", source: "aws_nat_gateways", config: object{"vpc_id": "${other-vpc.id}"}},
		{name: "an address by a filter", source: "aws_eip", config: object{"filter": filter("public-ip", "${address-balancer.public_ip}")}},
		{name: "an address of two", source: "aws_eip", config: object{"filter": filter("domain", "vpc")}, fails: "multiple EC2 EIPs matched"},
		{name: "a gateway endpoint by its service", source: "aws_vpc_endpoint",
			config: object{"vpc_id": "${vpc.id}", "service_name": "com.amazonaws.us-east-1.s3"}},
		{name: "an endpoint by its kind", source: "aws_vpc_endpoint", config: object{"filter": filter("vpc-endpoint-type", "Interface")}},
		{name: "an endpoint by its state", source: "aws_vpc_endpoint", config: object{"service_name": "com.amazonaws.us-east-1.ecr.api",
			"state": "available"}},
		{name: "an endpoint that there is not", source: "aws_vpc_endpoint", config: object{"service_name": "com.amazonaws.us-east-1.ecr.dkr"},
			fails: "no matching EC2 VPC Endpoint found"},
		{name: "the service of S3, of which there are two", source: "aws_vpc_endpoint_service", config: object{"service": "s3"},
			fails: "multiple EC2 VPC Endpoint Services matched"},
		{name: "a service by a filter of its kind", source: "aws_vpc_endpoint_service",
			config: object{"service": "s3", "filter": filter("service-type", "Interface")}},
		{name: "a service by its whole name", source: "aws_vpc_endpoint_service",
			config: object{"service_name": "com.amazonaws.us-east-1.dynamodb", "service_type": "Gateway"}},
		{name: "a service that there is not", source: "aws_vpc_endpoint_service", config: object{"service": "s4"},
			fails: "no matching EC2 VPC Endpoint Service found"},
		{name: "a prefix list by its id", source: "aws_prefix_list", config: object{"prefix_list_id": "pl-63a5400a"}},
		{name: "a prefix list by a filter", source: "aws_ec2_managed_prefix_list",
			config: object{"filter": filter("prefix-list-name", "com.amazonaws.us-east-1.dynamodb")}},
		{name: "a prefix list of several", source: "aws_ec2_managed_prefix_list", config: object{"filter": filter("owner-id", "AWS")},
			fails: "multiple EC2 Prefix Lists matched"},
		{name: "a type of instance on metal", source: "aws_ec2_instance_type", config: object{"instance_type": "m5.metal"}},
		{name: "a type of instance with credits", source: "aws_ec2_instance_type", config: object{"instance_type": "t3.micro"}},
		{name: "a type of instance of the flexible kind", source: "aws_ec2_instance_type", config: object{"instance_type": "m7i-flex.large"}},
		{name: "a type of instance that no Dedicated Host runs", source: "aws_ec2_instance_type", config: object{"instance_type": "m5a.large"}},
		{name: "a type of instance of an own processor", source: "aws_ec2_instance_type", config: object{"instance_type": "m7g.large"}},
		{name: "what zones offer by their ids", source: "aws_ec2_instance_type_offerings",
			config: object{"location_type": "availability-zone-id", "filter": filter("instance-type", "m7i.large")}},
		{name: "what a zone offers of a kind", source: "aws_ec2_instance_type_offerings",
			config: object{"location_type": "availability-zone", "filter": []object{
				{"name": "location", "values": []any{"us-east-1e"}}, {"name": "instance-type", "values": []any{"m5.*", "m4.large"}}}}},
		{name: "an image by an expression that is none", source: "aws_ami", config: object{"owners": []any{"amazon"}, "name_regex": "["},
			fails: "invalid value for name_regex"},
		{name: "an image of an own processor", source: "aws_ami", config: object{"owners": []any{"099720109477"}, "most_recent": true,
			"filter": []object{{"name": "architecture", "values": []any{"arm64"}}}}},
		{name: "a launch template by a filter", source: "aws_launch_template",
			config: object{"filter": filter("launch-template-name", "bare")}},

		{name: "the role of a session", source: "aws_iam_session_context",
			config: object{"arn": "arn:aws:sts::123456789012:assumed-role/node/i-0"}},
		{name: "the role of a session, whose role there is not", source: "aws_iam_session_context",
			config: object{"arn": "arn:aws:sts::123456789012:assumed-role/none/s"}, fails: "unable to get role (none): NoSuchEntity"},
		{name: "the role of a user", source: "aws_iam_session_context", config: object{"arn": "${user.arn}"}},
		{name: "the role of half a session", source: "aws_iam_session_context",
			config: object{"arn": "arn:aws:sts::123456789012:assumed-role/node"}},
		{name: "the role of the caller", source: "aws_iam_session_context",
			config: object{"arn": "arn:aws:sts::123456789012:assumed-role/terraform/s"}},
		{name: "a role that there is not", source: "aws_iam_role", config: object{"name": "none"}, fails: "NoSuchEntity"},
		{name: "a policy by name", source: "aws_iam_policy", config: object{"name": "read"}},
		{name: "a policy by name, below another path", source: "aws_iam_policy", config: object{"name": "read", "path_prefix": "/teams/"},
			fails: "reading IAM Policy (read): couldn't find resource"},
		{name: "a policy of AWS's", source: "aws_iam_policy",
			config: object{"arn": "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"}},
		{name: "a policy of AWS's at the top", source: "aws_iam_policy", config: object{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
		{name: "a policy of AWS's whose document is not known", source: "aws_iam_policy",
			config: object{"arn": "arn:aws:iam::aws:policy/job-function/AmazonSomethingRare"}},
		{name: "AWS's own key", source: "aws_kms_key", config: object{"key_id": "alias/aws/ebs"}},
		{name: "a key by its alias", source: "aws_kms_key", config: object{"key_id": "alias/data"}},
		{name: "a key by the ARN of its alias", source: "aws_kms_key", config: object{"key_id": "${key-alias.arn}"}},
		{name: "a key that is off", source: "aws_kms_key", config: object{"key_id": "${multi-key.key_id}"}},
		{name: "a key that signs", source: "aws_kms_key", config: object{"key_id": "${signing-key.arn}"}},
		{name: "an alias as a key, that there is not", source: "aws_kms_key", config: object{"key_id": "alias/none"},
			fails: "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found."},
		{name: "a key that there is not", source: "aws_kms_key", config: object{"key_id": "0000"},
			fails: "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/0000' does not exist"},
		{name: "the alias of AWS's own key", source: "aws_kms_alias", config: object{"name": "alias/aws/rds"}},
		{name: "an alias that there is not", source: "aws_kms_alias", config: object{"name": "alias/none"}, fails: "couldn't find resource"},

		{name: "a bucket that there is not", source: "aws_s3_bucket", config: object{"bucket": "coderaws-none"},
			fails: "couldn't find resource"},
		{name: "an object with its key", source: "aws_s3_object", config: object{"bucket": "coderaws-specimen", "key": "sealed"}},
		{name: "an object that there is not", source: "aws_s3_object", config: object{"bucket": "coderaws-specimen", "key": "none"},
			fails: "couldn't find resource"},
		{name: "a secret by name", source: "aws_secretsmanager_secret", config: object{"name": "elsewhere"}},
		{name: "a secret that there is not", source: "aws_secretsmanager_secret", config: object{"name": "none"}, fails: "find"},
		{name: "the value of a secret that there is not", source: "aws_secretsmanager_secret_version", config: object{"secret_id": "none"},
			fails: "find"},
		{name: "a value by its stage", source: "aws_secretsmanager_secret_version",
			config: object{"secret_id": "${secret.id}", "version_stage": "AWSCURRENT"}},
		{name: "a value of a stage that there is not", source: "aws_secretsmanager_secret_version",
			config: object{"secret_id": "${secret.id}", "version_stage": "AWSPENDING"},
			fails:  "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPENDING"},
		{name: "a value by its version", source: "aws_secretsmanager_secret_version",
			config: object{"secret_id": "${secret.id}", "version_id": "${secret-value.version_id}"}},
		{name: "a value of a version that there is not", source: "aws_secretsmanager_secret_version",
			config: object{"secret_id": "${secret.id}", "version_id": "0000"},
			fails:  "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: 0000"},
		{name: "the value of a secret that has none", source: "aws_secretsmanager_secret_version", config: object{"secret_id": "elsewhere"},
			fails: "for staging label: AWSCURRENT"},

		{name: "an application load balancer", source: "aws_lb", config: object{"name": "logged"}},
		{name: "a load balancer of several", source: "aws_lb", fails: "multiple"},
		{name: "a target group by name", source: "aws_lb_target_group", config: object{"name": "lambda"}},
		{name: "a listener by its port", source: "aws_lb_listener", config: object{"load_balancer_arn": "${balancer.arn}", "port": 443}},
		{name: "a listener that there is not", source: "aws_lb_listener", config: object{"load_balancer_arn": "${balancer.arn}", "port": 99},
			fails: "no matching lb listener found"},
		{name: "a certificate that is issued", source: "aws_acm_certificate", config: object{"domain": "internal.example.com"}},
		{name: "a certificate of a kind", source: "aws_acm_certificate",
			config: object{"domain": "internal.example.com", "types": []any{"PRIVATE"}}},
		{name: "a certificate of another kind", source: "aws_acm_certificate",
			config: object{"domain": "internal.example.com", "types": []any{"IMPORTED"}}, fails: "no matching ACM Certificate found"},
		{name: "a certificate that is not issued yet", source: "aws_acm_certificate", config: object{"domain": "example.com"},
			fails: "no matching ACM Certificate found"},
		{name: "a zone by name", source: "aws_route53_zone", config: object{"name": "example.com"}},
		{name: "a private zone by name", source: "aws_route53_zone", config: object{"name": "internal.example.com", "private_zone": true}},
		{name: "a public zone, which is private", source: "aws_route53_zone", config: object{"name": "internal.example.com"},
			fails: "no matching Route 53 Hosted Zone found"},
		{name: "a zone by its network", source: "aws_route53_zone",
			config: object{"name": "internal.example.com", "private_zone": true, "vpc_id": "${vpc.id}"}},
		{name: "records by an expression", source: "aws_route53_records",
			config: object{"zone_id": "${zone.zone_id}", "name_regex": "^(app|shared|near)"}},
		{name: "records by an expression that is none", source: "aws_route53_records",
			config: object{"zone_id": "${zone.zone_id}", "name_regex": "["}, fails: "Invalid regular expression"},

		{name: "a cluster that there is not", source: "aws_eks_cluster", config: object{"name": "none"},
			fails: "ResourceNotFoundException: No cluster found for name: none."},
		{name: "a node group that there is not", source: "aws_eks_node_group", config: object{"cluster_name": "c", "node_group_name": "none"},
			fails: "ResourceNotFoundException: No node group found for name: none."},
		{name: "a node group without a template", source: "aws_eks_node_group",
			config: object{"cluster_name": "c", "node_group_name": "plain"}},
		{name: "the node groups of no cluster", source: "aws_eks_node_groups", config: object{"cluster_name": "none"},
			fails: "ResourceNotFoundException: No cluster found for name: none."},
		{name: "an add-on that there is not", source: "aws_eks_addon", config: object{"cluster_name": "c", "addon_name": "none"},
			fails: "ResourceNotFoundException"},
		{name: "the newest version of an add-on", source: "aws_eks_addon_version",
			config: object{"addon_name": "vpc-cni", "kubernetes_version": "1.34", "most_recent": true}},
		{name: "an add-on of AWS's that it has not", source: "aws_eks_addon_version",
			config: object{"addon_name": "none", "kubernetes_version": "1.35"},
			fails:  "reading EKS Add-On version info (none, 1.35): couldn't find resource"},
		{name: "one version of Kubernetes", source: "aws_eks_cluster_versions", config: object{"cluster_versions_only": []any{"1.34"}}},
		{name: "the usual version of Kubernetes", source: "aws_eks_cluster_versions", config: object{"default_only": true}},
		{name: "versions of Kubernetes that left standard support", source: "aws_eks_cluster_versions",
			config: object{"version_status": "EXTENDED_SUPPORT"}},
		{name: "a token", source: "aws_eks_cluster_auth", config: object{"name": "c"}},

		{name: "a database by its id", source: "aws_db_instance", config: object{"db_instance_identifier": "mysql"}},
		{name: "a database that there is not", source: "aws_db_instance", config: object{"db_instance_identifier": "none"}, fails: "DBInstance"},
		{name: "a proxy that there is not", source: "aws_db_proxy", config: object{"name": "none"}, fails: "no matching db proxy found"},
		{name: "a subnet group that there is not", source: "aws_db_subnet_group", config: object{"name": "none"}, fails: "DBSubnetGroupNotFound"},
		{name: "a subnet group by its name in capitals", source: "aws_db_subnet_group", config: object{"name": "DB"}},
		{name: "a snapshot of a database", source: "aws_db_snapshot", config: object{"db_instance_identifier": "d", "most_recent": true}},
		{name: "the newest minor version of an engine", source: "aws_rds_engine_version",
			config: object{"engine": "postgres", "version": "16", "latest": true}},
		{name: "an engine by preference", source: "aws_rds_engine_version",
			config: object{"engine": "aurora-postgresql", "preferred_versions": []any{"99.1", "16.11", "15.10"}}},
		{name: "a version that an engine has not", source: "aws_rds_engine_version", config: object{"engine": "postgres", "version": "1.1"},
			fails: "no RDS"},
		{name: "an engine without classes of instances", source: "aws_rds_orderable_db_instance",
			config: object{"engine": "aurora-postgresql", "preferred_instance_classes": []any{"db.none.large", "db.r7g.large"}}},
		{name: "a cache that is sharded", source: "aws_elasticache_replication_group", config: object{"replication_group_id": "sharded"}},
		{name: "a cache that there is not", source: "aws_elasticache_replication_group", config: object{"replication_group_id": "none"},
			fails: "no matching elasticache replication group found"},
		{name: "a mount target by its file system and access point", source: "aws_efs_mount_target",
			config: object{"file_system_id": "${files.id}"}},
		{name: "a mount target that there is not", source: "aws_efs_mount_target", config: object{"mount_target_id": "fsmt-0"},
			fails: "no matching efs mount target found"},
		{name: "a token for the registry of another account", source: "aws_ecr_authorization_token",
			config: object{"registry_id": "210987654321"}},
		{name: "a log group that there is not", source: "aws_cloudwatch_log_group", config: object{"name": "/none"},
			fails: "reading CloudWatch Logs Log Group (/none)"},
		{name: "a quota by its name", source: "aws_servicequotas_service_quota",
			config: object{"service_code": "ec2", "quota_name": "EC2-VPC Elastic IPs"}},
		{name: "a quota that there is not", source: "aws_servicequotas_service_quota",
			config: object{"service_code": "vpc", "quota_code": "L-00000000"}, fails: "NoSuchResourceException"},
		{name: "an image of ECS", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended"}},
		{name: "an agent of ECS", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/ecs_agent_version"}},
		{name: "an image of Bottlerocket for EKS", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/bottlerocket/aws-k8s-1.35/x86_64/latest/image_version"}},
		{name: "an image of Bottlerocket for no version of EKS", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/bottlerocket/aws-k8s-1.99/x86_64/latest/image_id"}, fails: "find"},
		{name: "an image of EKS by its name", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard/recommended/image_name"}},
		{name: "an image of EKS for no version", source: "aws_ssm_parameter",
			config: object{"name": "/aws/service/eks/optimized-ami/1.99/amazon-linux-2023/x86_64/standard/recommended"}, fails: "find"},
	} {
		names = append(names, q.name)
		config := object{}
		for argument, value := range q.config {
			if blocks, ok := value.([]object); ok {
				list := []any{}
				for _, block := range blocks {
					list = append(list, block)
				}
				value = list
			}
			config[argument] = m.Fill(t, value)
		}
		state, err := m.Data(q.source, config)
		t.Run(q.name, func(t *testing.T) {
			expect(t, err, q.fails)
			if err == nil {
				known.hold(t, q.name, q.source+"\n"+said(config, state))
			}
		})
	}
	known.end(t, names)
}
