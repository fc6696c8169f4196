package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

type objects = []any

// TestRefusedBesideOthers creates what AWS refuses, or takes, because of what the other examples are: their names, networks, roles,
// policies and states. Each row begins with the world of all examples.
func TestRefusedBesideOthers(t *testing.T) {
	t.Parallel()
	m := museumOf(t)
	before := m.Kept()
	for _, test := range []struct {
		name, typeName string
		config         object
		refused        string
	}{
		{"a certificate that HTTP proves", "aws_acm_certificate", object{"domain_name": "x.example.com", "validation_method": "HTTP"},
			"HTTP validation is available for CloudFront distributions only."},
		{"a certificate that nobody approves", "aws_acm_certificate_validation", object{"certificate_arn": "${certificate-mail.arn}"},
			"timeout while waiting for state to become 'ISSUED'"},
		{"steps without steps", "aws_autoscaling_policy", object{"autoscaling_group_name": "fleet", "name": "n", "policy_type": "StepScaling",
			"adjustment_type": "ChangeInCapacity"}, "StepAdjustments is required for policy type StepScaling"},
		{"steps of no kind", "aws_autoscaling_policy", object{"autoscaling_group_name": "fleet", "name": "n", "policy_type": "StepScaling",
			"step_adjustment": objects{object{"scaling_adjustment": 1}}}, "AdjustmentType is required for policy type StepScaling"},
		{"a simple policy without a size", "aws_autoscaling_policy", object{"autoscaling_group_name": "fleet", "name": "n",
			"adjustment_type": "ChangeInCapacity"}, "ScalingAdjustment is required for policy type SimpleScaling"},
		{"a prediction of nothing", "aws_autoscaling_policy", object{"autoscaling_group_name": "fleet", "name": "n",
			"policy_type": "PredictiveScaling"}, "PredictiveScalingConfiguration is required for policy type PredictiveScaling"},
		{"a target of nothing", "aws_autoscaling_policy", object{"autoscaling_group_name": "fleet", "name": "n",
			"policy_type": "TargetTrackingScaling"}, "TargetTrackingConfiguration is required for policy type TargetTrackingScaling"},
		{"a schedule that ended", "aws_autoscaling_schedule", object{"autoscaling_group_name": "fleet", "scheduled_action_name": "n",
			"recurrence": "0 9 * * *", "end_time": "2026-11-21T00:00:00Z", "min_size": 1}, "Given end time is in the past"},
		{"a group in two networks", "aws_autoscaling_group", object{"name": "two", "min_size": 0, "max_size": 1,
			"vpc_zone_identifier": objects{"${a.id}", "${elsewhere.id}"}, "launch_template": objects{object{"id": "${bare-template.id}"}}},
			"Invalid subnets: all subnets of a group belong to one VPC"},

		{"a trail whose name ends with a dash", "aws_cloudtrail", object{"name": "trail-", "s3_bucket_name": "${bucket-logs.id}"},
			"Trail name must ends with a letter or number."},
		{"a trail whose name is an address", "aws_cloudtrail", object{"name": "10.0.0.1", "s3_bucket_name": "${bucket-logs.id}"},
			"Trail name or ARN can only contain"},
		{"a trail with a role of another service", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"cloud_watch_logs_group_arn": "${logs.arn}:*", "cloud_watch_logs_role_arn": "${role.arn}"},
			"InvalidCloudWatchLogsRoleArnException"},
		{"a trail into a group without a star", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"cloud_watch_logs_group_arn": "${logs.arn}", "cloud_watch_logs_role_arn": "${trail-role.arn}"},
			"InvalidCloudWatchLogsLogGroupArnException"},
		{"a trail with a key that does not let it", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"kms_key_id": "${key.arn}"}, "InsufficientEncryptionPolicyException"},
		{"a trail with a key that there is not", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/0"}, "KmsKeyNotFoundException"},
		{"a trail with six selectors", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"event_selector": repeated(objects{object{"read_write_type": "All"}}, 6)}, "the maximum of 5"},
		{"a trail with five selectors", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"event_selector": repeated(objects{object{"read_write_type": "All"}}, 5)}, ""},
		{"a trail with both kinds of selectors", "aws_cloudtrail", object{"name": "other", "s3_bucket_name": "${bucket-logs.id}",
			"event_selector":          objects{object{"read_write_type": "All"}},
			"advanced_event_selector": objects{object{"field_selector": objects{object{"field": "eventCategory", "equals": objects{"Data"}}}}}},
			"conflicts with event_selector"},
		{"an alarm of a metric and of queries", "aws_cloudwatch_metric_alarm", object{"alarm_name": "n",
			"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1, "threshold": 1, "metric_name": "m", "namespace": "n",
			"period": 60, "statistic": "Sum", "metric_query": objects{object{"id": "a", "expression": "1", "return_data": true}}},
			"InvalidParameterCombination"},
		{"an alarm of all alarms", "aws_cloudwatch_composite_alarm", object{"alarm_name": "n", "alarm_rule": "TRUE"}, ""},
		{"a stream of a name that there is", "aws_cloudwatch_log_stream", object{"log_group_name": "/app", "name": "s"},
			"ResourceAlreadyExistsException: The specified log stream already exists"},
		{"a stream of that name elsewhere", "aws_cloudwatch_log_stream", object{"log_group_name": "/kept", "name": "s"}, ""},
		{"a metric with four dimensions", "aws_cloudwatch_log_metric_filter", object{"log_group_name": "/app", "name": "n", "pattern": "x",
			"metric_transformation": objects{object{"name": "n", "namespace": "n", "value": "1",
				"dimensions": object{"a": "$.a", "b": "$.b", "c": "$.c", "d": "$.d"}}}}, "Dimensions cannot have more than 3 entries."},
		{"a metric with three dimensions", "aws_cloudwatch_log_metric_filter", object{"log_group_name": "/app", "name": "n", "pattern": "x",
			"metric_transformation": objects{object{"name": "n", "namespace": "n", "value": "1",
				"dimensions": object{"a": "$.a", "b": "$.b", "c": "$.c"}}}}, ""},
		{"a metric with dimensions and a value without", "aws_cloudwatch_log_metric_filter", object{"log_group_name": "/app", "name": "n",
			"pattern": "x", "metric_transformation": objects{object{"name": "n", "namespace": "n", "value": "1", "default_value": "0",
				"dimensions": object{"a": "$.a"}}}}, "dimensions and default value are mutually exclusive properties."},
		{"a backup plan of a name that there is", "aws_backup_plan", object{"name": "p", "rule": objects{object{"rule_name": "r",
			"target_vault_name": "vault"}}}, "AlreadyExistsException"},

		{"an endpoint for a table of its own kind that has one", "aws_vpc_endpoint_route_table_association",
			object{"vpc_endpoint_id": "${endpoint-interface.id}", "route_table_id": "${table.id}"},
			"Route table IDs are only supported for Gateway type VPC Endpoint."},
		{"a subnet for a gateway", "aws_vpc_endpoint_subnet_association", object{"vpc_endpoint_id": "${endpoint.id}", "subnet_id": "${a.id}"},
			"InvalidParameter"},
		{"a second subnet of a zone for an endpoint", "aws_vpc_endpoint_subnet_association",
			object{"vpc_endpoint_id": "${endpoint-interface.id}", "subnet_id": "${second.id}"}, "DuplicateSubnetsInSameZone"},
		{"a subnet of another network for an endpoint", "aws_vpc_endpoint_subnet_association",
			object{"vpc_endpoint_id": "${endpoint-interface.id}", "subnet_id": "${elsewhere.id}"}, "does not belong to the VPC"},
		{"a security group for a gateway", "aws_vpc_endpoint_security_group_association",
			object{"vpc_endpoint_id": "${endpoint.id}", "security_group_id": "${group.id}"}, "InvalidParameter"},
		{"an endpoint in a subnet of another network", "aws_vpc_endpoint", object{"vpc_id": "${vpc.id}",
			"service_name": "com.amazonaws.us-east-1.sts", "vpc_endpoint_type": "Interface", "subnet_ids": objects{"${elsewhere.id}"}},
			"does not belong to the VPC"},
		{"a security group that is called the default", "aws_security_group", object{"name": "default", "vpc_id": "${vpc.id}"},
			"InvalidParameterValue"},
		{"a ping with a code that there is not", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${group.id}",
			"ip_protocol": "icmp", "from_port": 8, "to_port": 256, "cidr_ipv4": "10.0.0.0/8"}, "ICMP code (256) out of range"},
		{"a ping with the last code", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${group.id}",
			"ip_protocol": "icmp", "from_port": 255, "to_port": 255, "cidr_ipv4": "10.0.0.0/8"}, ""},
		{"a ping with a type that there is not", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${group.id}",
			"ip_protocol": "icmp", "from_port": 256, "to_port": 0, "cidr_ipv4": "10.0.0.0/8"}, "ICMP type (256) out of range"},
		{"a route over the NAT gateway of another network", "aws_route", object{"route_table_id": "${other-table.id}",
			"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "${nat.id}"}, "belong to different networks"},
		{"a route over the gateway of another network", "aws_route", object{"route_table_id": "${other-table.id}",
			"destination_cidr_block": "0.0.0.0/0", "gateway_id": "${gateway.id}"}, "belong to different networks"},
		{"a disk of a kind that takes no speed", "aws_ebs_volume", object{"availability_zone": "us-east-1a", "size": 500, "type": "st1",
			"iops": 500}, "The parameter iops is not supported for st1 volumes."},
		{"an image for another processor", "aws_instance", object{"ami": "ami-0abcdef1234567890", "subnet_id": "${a.id}",
			"instance_type": "none.large"}, "Invalid value 'none.large' for InstanceType."},
		{"a machine in a subnet of another zone", "aws_instance", object{"ami": "ami-0abcdef1234567890", "subnet_id": "${a.id}",
			"instance_type": "t3.micro", "availability_zone": "us-east-1b"}, "does not match the subnet's"},
		{"a machine of a version of a template that there is not", "aws_instance", object{"subnet_id": "${a.id}",
			"launch_template": objects{object{"id": "${template.id}", "version": "9"}}}, "InvalidLaunchTemplateId.VersionNotFound"},
		{"a load balancer in two networks", "aws_lb", object{"name": "n", "subnets": objects{"${a.id}", "${elsewhere.id}"}},
			"are not in the same VPC"},
		{"an address that has another", "aws_lb", object{"name": "n", "load_balancer_type": "network",
			"subnet_mapping": objects{object{"subnet_id": "${b.id}", "allocation_id": "${address.id}"}}}, "ResourceInUse"},
		{"an address for an application load balancer", "aws_lb", object{"name": "n", "subnet_mapping": objects{
			object{"subnet_id": "${a.id}", "allocation_id": "${free.id}"}, object{"subnet_id": "${b.id}"}}},
			"only for an internet-facing Network Load Balancer"},
		{"an address for an internal load balancer", "aws_lb", object{"name": "n", "load_balancer_type": "network", "internal": true,
			"subnet_mapping": objects{object{"subnet_id": "${a.id}", "allocation_id": "${free.id}"}}},
			"only for an internet-facing Network Load Balancer"},
		{"an address of one's own", "aws_lb", object{"name": "n", "load_balancer_type": "network",
			"subnet_mapping": objects{object{"subnet_id": "${a.id}", "allocation_id": "${free.id}"}}}, ""},
		{"a fixed address on the internet", "aws_lb", object{"name": "n", "load_balancer_type": "network",
			"subnet_mapping": objects{object{"subnet_id": "${a.id}", "private_ipv4_address": "10.0.0.9"}}},
			"only for an internal Network Load Balancer"},
		{"a chain by another protocol", "aws_lb_target_group", object{"name": "n", "target_type": "alb", "port": 80, "protocol": "TLS",
			"vpc_id": "${vpc.id}"}, "The target type 'alb' requires the protocol"},
		{"a weight that is too high", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "n", "type": "A", "ttl": 60,
			"records": objects{"192.0.2.1"}, "set_identifier": "x", "weighted_routing_policy": objects{object{"weight": 256}}}, "InvalidInput"},
		{"a weight of nobody", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "n", "type": "A", "ttl": 60,
			"records": objects{"192.0.2.1"}, "weighted_routing_policy": objects{object{"weight": 1}}}, "must be specified"},
		{"an alias of a name that the zone has not", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "n", "type": "A",
			"alias": objects{object{"zone_id": "${zone.zone_id}", "name": "none.example.com", "evaluate_target_health": false}}},
			"InvalidChangeBatch"},
		{"an alias of a load balancer that there is not", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "n", "type": "A",
			"alias": objects{object{"zone_id": "${balancer.zone_id}", "name": "none.us-east-1.elb.amazonaws.com",
				"evaluate_target_health": false}}}, "InvalidChangeBatch"},
		{"a private zone of a name that the network has", "aws_route53_zone", object{"name": "internal.example.com",
			"vpc": objects{object{"vpc_id": "${vpc.id}"}}}, "ConflictingDomainExists"},
		{"a private zone of that name elsewhere", "aws_route53_zone", object{"name": "internal.example.com",
			"vpc": objects{object{"vpc_id": "${vpc-six.id}"}}}, ""},
		{"a private zone of another name", "aws_route53_zone", object{"name": "other.example.com",
			"vpc": objects{object{"vpc_id": "${vpc.id}"}}}, ""},
		{"a private zone for a network that has it", "aws_route53_zone_association", object{"zone_id": "${private.zone_id}",
			"vpc_id": "${vpc.id}"}, "ConflictingDomainExists"},
		{"a public zone for a network", "aws_route53_zone_association", object{"zone_id": "${zone.zone_id}", "vpc_id": "${vpc.id}"},
			"PublicZoneVPCAssociation"},

		{"a second profile for Fargate of one name", "aws_eks_fargate_profile", object{"cluster_name": "c", "fargate_profile_name": "f",
			"pod_execution_role_arn": "${fargate.arn}", "subnet_ids": objects{"${b.id}"}, "selector": objects{object{"namespace": "n"}}},
			"A Fargate Profile already exists with this name in this cluster."},
		{"a profile with a role of another service", "aws_eks_fargate_profile", object{"cluster_name": "c", "fargate_profile_name": "n",
			"pod_execution_role_arn": "${node.arn}", "subnet_ids": objects{"${b.id}"}, "selector": objects{object{"namespace": "n"}}},
			"Misconfigured PodExecutionRole Trust Policy"},
		{"a profile in another network", "aws_eks_fargate_profile", object{"cluster_name": "c", "fargate_profile_name": "n",
			"pod_execution_role_arn": "${fargate.arn}", "subnet_ids": objects{"${elsewhere.id}"},
			"selector": objects{object{"namespace": "n"}}}, "does not belong to the VPC of the cluster"},
		{"a profile in a public subnet", "aws_eks_fargate_profile", object{"cluster_name": "c", "fargate_profile_name": "n",
			"pod_execution_role_arn": "${fargate.arn}", "subnet_ids": objects{"${a.id}"}, "selector": objects{object{"namespace": "n"}}},
			"is not a private subnet"},
		{"a profile with six selectors", "aws_eks_fargate_profile", object{"cluster_name": "c", "fargate_profile_name": "n",
			"pod_execution_role_arn": "${fargate.arn}", "subnet_ids": objects{"${b.id}"},
			"selector": repeated(objects{object{"namespace": "n"}}, 6)}, "at most 5 selectors"},
		{"a second identity provider", "aws_eks_identity_provider_config", object{"cluster_name": "c", "oidc": objects{object{
			"client_id": "c", "identity_provider_config_name": "n", "issuer_url": "https://example.com"}}},
			"Identity provider config is already associated with cluster"},
		{"an entry of another account for nodes", "aws_eks_access_entry", object{"cluster_name": "c", "type": "EC2_LINUX",
			"principal_arn": "arn:aws:iam::210987654321:role/node"}, "must be from the same account as the cluster"},
		{"an entry for nodes with a name", "aws_eks_access_entry", object{"cluster_name": "c", "type": "EC2_LINUX", "user_name": "x",
			"principal_arn": "arn:aws:iam::123456789012:role/other"}, "setting username is not allowed"},
		{"an entry for nodes with groups", "aws_eks_access_entry", object{"cluster_name": "c", "type": "EC2_LINUX",
			"kubernetes_groups": objects{"x"}, "principal_arn": "arn:aws:iam::123456789012:role/other"},
			"setting kubernetesGroups is not allowed"},
		{"a policy for nodes", "aws_eks_access_policy_association", object{"cluster_name": "c", "principal_arn": "${node.arn}",
			"policy_arn":   "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
			"access_scope": objects{object{"type": "cluster"}}}, `Access Entries with a type of "STANDARD"`},
		{"a policy for who made the cluster", "aws_eks_access_policy_association", object{"cluster_name": "c",
			"principal_arn": "arn:aws:iam::123456789012:role/terraform",
			"policy_arn":    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
			"access_scope":  objects{object{"type": "cluster"}}}, ""},
		{"nodes of a template with a profile", "aws_eks_node_group", group(object{"instance_types": nil,
			"launch_template": objects{object{"id": "${template.id}", "version": "1"}}}), "should not specify an instance profile"},
		{"nodes of two types, by template and group", "aws_eks_node_group", group(object{
			"launch_template": objects{object{"id": "${template.id}", "version": "1"}}}), "in both the node group and the launch template"},
		{"nodes of a template in a subnet", "aws_eks_node_group", group(object{
			"launch_template": objects{object{"id": "${placed.id}", "version": "1"}}}), "should not specify a subnet"},
		{"nodes of an image and of a kind", "aws_eks_node_group", group(object{"ami_type": "AL2023_x86_64_STANDARD",
			"launch_template": objects{object{"id": "${template-image.id}", "version": "1"}}}), "You cannot specify an AMI Type"},
		{"nodes of an image and of a version", "aws_eks_node_group", group(object{"version": "1.35",
			"launch_template": objects{object{"name": "image", "version": "1"}}}), "You cannot specify the field kubernetesVersion"},
		{"nodes of an own image that none names", "aws_eks_node_group", group(object{"ami_type": "CUSTOM",
			"launch_template": objects{object{"name": "bare", "version": "1"}}}), "Launch template details can't be null"},
		{"nodes of a kind that the version has not", "aws_eks_node_group", group(object{"ami_type": "AL2_x86_64", "version": "1.35"}),
			"Requested amiType AL2_x86_64 is not supported for kubernetes version 1.35"},
		{"nodes with a label of Kubernetes' own", "aws_eks_node_group", group(object{"labels": object{"kubernetes.io/x": "y"}}),
			"Label cannot contain reserved prefixes"},
		{"nodes that one may miss more of than there can be", "aws_eks_node_group", group(object{
			"update_config": objects{object{"max_unavailable": 101}}}), "maxUnavailable must be from 1 to 100"},
		{"nodes that one may miss by share and number", "aws_eks_node_group", group(object{
			"update_config": objects{object{"max_unavailable": 1, "max_unavailable_percentage": 1}}}), "cannot be set"},
		{"nodes of a template that may be reached", "aws_eks_node_group", group(object{
			"launch_template": objects{object{"name": "bare", "version": "1"}}, "remote_access": objects{object{"ec2_ssh_key": "k"}}}),
			"Remote access configuration cannot be specified with a launch template."},
		{"nodes of a template with a disk", "aws_eks_node_group", group(object{"disk_size": 20,
			"launch_template": objects{object{"name": "bare", "version": "1"}}}), "Disk size must be specified within the launch template."},
		{"nodes of half a template", "aws_eks_node_group", group(object{"launch_template": objects{object{"version": "1"}}}),
			"Either provide launch template ID or launch template name in the request."},
		{"a cluster in two networks", "aws_eks_cluster", cluster(object{"subnet_ids": objects{"${a.id}", "${b.id}", "${elsewhere.id}"}}, nil),
			"Subnets specified must belong to the same VPC"},
		{"a cluster with a group of another network", "aws_eks_cluster", cluster(object{"security_group_ids": objects{"${other-net.id}"}}, nil),
			"Security group(s) are not in the same VPC as the subnets"},
		{"a cluster for addresses that are none", "aws_eks_cluster", cluster(object{"public_access_cidrs": objects{"ten"}}, nil),
			"Invalid CIDR ten in publicAccessCidrs"},
		{"a cluster for 41 ranges", "aws_eks_cluster", cluster(object{"public_access_cidrs": repeated(objects{"192.0.2.1/32"}, 41)}, nil),
			"publicAccessCidrs can have at most 40 entries"},
		{"a cluster for 40 ranges", "aws_eks_cluster", cluster(object{"public_access_cidrs": repeated(objects{"192.0.2.1/32"}, 40)}, nil), ""},
		{"a cluster with services of both kinds", "aws_eks_cluster", cluster(nil, object{"kubernetes_network_config": objects{
			object{"ip_family": "ipv6", "service_ipv4_cidr": "172.20.0.0/16"}}}), "serviceIpv4Cidr cannot be specified"},
		{"a cluster with services in the smallest range", "aws_eks_cluster", cluster(nil, object{"kubernetes_network_config": objects{
			object{"service_ipv4_cidr": "172.20.0.0/24"}}}), ""},
		{"a cluster with services in the largest range", "aws_eks_cluster", cluster(nil, object{"kubernetes_network_config": objects{
			object{"service_ipv4_cidr": "172.16.0.0/12"}}}), ""},
		{"a cluster with services in too small a range", "aws_eks_cluster", cluster(nil, object{"kubernetes_network_config": objects{
			object{"service_ipv4_cidr": "172.20.0.0/25"}}}), "bad CIDR range"},
		{"a cluster with services in too large a range", "aws_eks_cluster", cluster(nil, object{"kubernetes_network_config": objects{
			object{"service_ipv4_cidr": "10.0.0.0/11"}}}), "bad CIDR range"},

		{"a method that S3 has not", "aws_s3_bucket_cors_configuration", object{"bucket": "${bucket-logs.id}",
			"cors_rule": objects{object{"allowed_methods": objects{"PATCH"}, "allowed_origins": objects{"*"}}}}, "Unsupported method is PATCH"},
		{"a bucket's policy that is none", "aws_s3_bucket_policy", object{"bucket": "${bucket-inline.id}", "policy": `{"Statement":1}`},
			"MalformedPolicy"},
		{"no versions of what is locked", "aws_s3_bucket_versioning", object{"bucket": "${locked.id}",
			"versioning_configuration": objects{object{"status": "Suspended"}}}, "InvalidBucketState"},
		{"a secret's value that RDS looks after", "aws_secretsmanager_secret_version", object{"secret_string": "x",
			"secret_id": "${owned.id}"}, "that is managed by another service"},
		{"a third key of a user", "aws_iam_access_key", object{"user": "${user-goes.name}"}, ""},
		{"a subnet group of a name that there is, in capitals", "aws_elasticache_subnet_group", object{"name": "CACHE",
			"subnet_ids": objects{"${a.id}"}}, "CacheSubnetGroupAlreadyExists"},
		{"a snapshot of a name that there is", "aws_db_snapshot", object{"db_instance_identifier": "mysql", "db_snapshot_identifier": "S"},
			"DBSnapshotAlreadyExists"},
		{"a cluster's snapshot of a name that there is", "aws_db_cluster_snapshot", object{"db_cluster_identifier": "aurora",
			"db_cluster_snapshot_identifier": "s"}, "DBClusterSnapshotAlreadyExistsFault"},
		{"a proxy of a name that there is", "aws_db_proxy", object{"name": "P", "engine_family": "POSTGRESQL", "role_arn": "${proxy-role.arn}",
			"vpc_subnet_ids": objects{"${a.id}", "${b.id}"}, "auth": objects{object{"auth_scheme": "SECRETS", "secret_arn": "${secret.arn}"}}},
			"DBProxyAlreadyExistsFault"},
		{"an endpoint of a database of a name that there is", "aws_rds_cluster_endpoint", object{"cluster_identifier": "aurora",
			"cluster_endpoint_identifier": "e", "custom_endpoint_type": "ANY"}, "DBClusterEndpointAlreadyExistsFault"},
		{"a database out of no snapshot", "aws_db_instance", object{"identifier": "n", "instance_class": "db.t4g.medium",
			"snapshot_identifier": "none", "skip_final_snapshot": true}, "DBSnapshotNotFound"},
		{"a database out of another account's snapshot", "aws_db_instance", object{"identifier": "n", "instance_class": "db.t4g.medium",
			"engine": "postgres", "snapshot_identifier": "arn:aws:rds:us-east-1:210987654321:snapshot:theirs", "skip_final_snapshot": true}, ""},
		{"a database out of a snapshot by its ARN", "aws_db_instance", object{"identifier": "n", "instance_class": "db.t4g.medium",
			"snapshot_identifier": "${database-snapshot.db_snapshot_arn}", "skip_final_snapshot": true}, ""},
		{"advanced insights without insights", "aws_db_instance", object{"identifier": "n", "instance_class": "db.m6g.large",
			"engine": "postgres", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
			"database_insights_mode": "advanced", "skip_final_snapshot": true}, "You can't enable the Advanced mode of Database Insights"},
		{"advanced insights for a week", "aws_db_instance", object{"identifier": "n", "instance_class": "db.m6g.large",
			"engine": "postgres", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
			"performance_insights_enabled": true, "performance_insights_retention_period": 7,
			"database_insights_mode": "advanced", "skip_final_snapshot": true}, "You can't enable the Advanced mode of Database Insights"},
		{"a mount target with a group of another network", "aws_efs_mount_target", object{"file_system_id": "${files-fast.id}",
			"subnet_id": "${a.id}", "security_groups": objects{"${other-net.id}"}}, "is not in the VPC of the subnet"},
		{"a dashboard of a widget that there is not", "aws_cloudwatch_dashboard", object{"dashboard_name": "n",
			"dashboard_body": `{"widgets":[{"type":"pie"}]}`}, "Should be equal to one of the allowed values"},
		{"a parameter deeper than 15 levels", "aws_ssm_parameter", object{"type": "String", "value": "v",
			"name": "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"}, "HierarchyLevelLimitExceededException"},
		{"a parameter of 15 levels", "aws_ssm_parameter", object{"type": "String", "value": "v",
			"name": "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15"}, ""},
		{"a pattern of an event that is no list", "aws_cloudwatch_event_rule", object{"name": "n",
			"event_pattern": `{"source":"aws.ec2"}`}, "Event pattern is not valid"},
		{"a pattern of an event of an empty list", "aws_cloudwatch_event_rule", object{"name": "n", "event_pattern": `{"source":[]}`},
			"Event pattern is not valid"},
		{"a pattern of an event whose detail is no list", "aws_cloudwatch_event_rule", object{"name": "n",
			"event_pattern": `{"detail":{"state":"running"}}`}, "Event pattern is not valid"},
		{"a schedule that ended already", "aws_scheduler_schedule", object{"name": "n", "schedule_expression": "rate(1 day)",
			"end_date": "2026-11-21T00:00:00Z", "flexible_time_window": objects{object{"mode": "OFF"}}, "target": objects{object{
				"arn": "${machine-state.arn}", "role_arn": "${scheduler.arn}", "input": "{}"}}}, "The EndDate you specify cannot be in the past."},
		{"a schedule that resizes by what is no JSON", "aws_scheduler_schedule", object{"name": "n", "schedule_expression": "rate(1 day)",
			"flexible_time_window": objects{object{"mode": "OFF"}}, "target": objects{object{
				"arn":      "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig",
				"role_arn": "${scheduler.arn}", "input": "{"}}}, "Invalid RequestJson provided."},
		{"a budget for nobody", "aws_budgets_budget", object{"name": "n", "budget_type": "COST", "time_unit": "MONTHLY",
			"limit_amount": "100", "limit_unit": "USD", "notification": objects{object{"comparison_operator": "GREATER_THAN", "threshold": 80,
				"threshold_type": "PERCENTAGE", "notification_type": "ACTUAL", "subscriber_email_addresses": objects{"nobody"}}}},
			"Invalid email address: nobody"},
		{"a lifecycle of images with tags of no kind", "aws_ecr_lifecycle_policy", object{"repository": "fixed", "policy": `{"rules":[` +
			`{"rulePriority":1,"selection":{"tagStatus":"some","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}`},
			"not found in enum"},
		{"a lifecycle of images that does what there is not", "aws_ecr_lifecycle_policy", object{"repository": "fixed", "policy": `{"rules":[` +
			`{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"keep"}}]}`},
			"not found in enum"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer m.Restore(before)
			scenery(t, m)
			_, err := m.Create(test.typeName, m.Fill(t, test.config).(object))
			expect(t, err, test.refused)
		})
	}
}

// scenery is what the rows need beside the examples, and no example is.
func scenery(t *testing.T, m *sandboxtest.Museum) {
	t.Helper()
	for _, s := range []sandboxtest.Specimen{
		{Name: "elsewhere", TypeName: "aws_subnet", Arguments: object{"vpc_id": "${other-vpc.id}", "cidr_block": "10.9.0.0/24",
			"availability_zone": "us-east-1c"}},
		{Name: "second", TypeName: "aws_subnet", Arguments: object{"vpc_id": "${vpc.id}", "cidr_block": "10.0.64.0/20",
			"availability_zone": "us-east-1a"}},
		{Name: "other-net", TypeName: "aws_security_group", Arguments: object{"name": "other-net", "vpc_id": "${other-vpc.id}"}},
		{Name: "other-table", TypeName: "aws_route_table", Arguments: object{"vpc_id": "${other-vpc.id}"}},
		{Name: "free", TypeName: "aws_eip", Arguments: object{"domain": "vpc"}},
		{Name: "locked", TypeName: "aws_s3_bucket", Arguments: object{"bucket": "coderaws-specimen-locked", "object_lock_enabled": true}},
		{Name: "owned", TypeName: "aws_secretsmanager_secret", Arguments: object{"name": "rds!owned"}},
		{Name: "placed", TypeName: "aws_launch_template", Arguments: object{"name": "placed",
			"network_interfaces": objects{object{"subnet_id": "${a.id}"}}}},
	} {
		m.Add(t, s)
	}
}

// group is a node group, otherwise than one that works.
func group(change object) object {
	return merged(object{"cluster_name": "c", "node_group_name": "n2", "node_role_arn": "${node.arn}", "subnet_ids": objects{"${a.id}"},
		"scaling_config": objects{object{"min_size": 0, "desired_size": 0, "max_size": 1}}, "instance_types": objects{"t3.small"}}, change)
}

// cluster is a cluster, otherwise than one that works.
func cluster(network, change object) object {
	return merged(object{"name": "c2", "role_arn": "${role.arn}", "version": "1.35", "vpc_config": objects{
		merged(object{"subnet_ids": objects{"${a.id}", "${b.id}"}}, network)}}, change)
}
