package sandboxtest

// Variations are further examples of types that do otherwise with arguments which the specimens have not. They are made after those, in
// this order, and may refer to them.
func Variations() []Specimen {
	var all []Specimen
	for _, part := range [][]Specimen{networkVariations(), storageVariations(), balancerVariations(), computeVariations(),
		databaseVariations(), watchVariations()} {
		all = append(all, part...)
	}
	return all
}

func networkVariations() []Specimen {
	return []Specimen{
		{"vpc-six", "aws_vpc", object{"cidr_block": "10.30.0.0/16", "assign_generated_ipv6_cidr_block": true, "instance_tenancy": "default"}},
		{"nat-private", "aws_nat_gateway", object{"subnet_id": "${b.id}", "connectivity_type": "private", "private_ip": "10.0.16.40"}},
		{"acl-ping", "aws_network_acl", object{"vpc_id": "${vpc.id}", "ingress": list{object{"rule_no": 100, "protocol": "icmp",
			"action": "allow", "cidr_block": "10.0.0.0/16", "from_port": 0, "to_port": 0, "icmp_type": 8, "icmp_code": 0}}}},
		{"acl-rule-ping", "aws_network_acl_rule", object{"network_acl_id": "${acl-ping.id}", "rule_number": 300, "protocol": "icmp",
			"rule_action": "deny", "egress": true, "cidr_block": "10.0.0.0/16", "icmp_type": 8, "icmp_code": 0}},
		{"group-rule-source", "aws_security_group_rule", object{"security_group_id": "${other-group.id}", "type": "ingress", "protocol": "tcp",
			"from_port": 81, "to_port": 81, "source_security_group_id": "${group.id}"}},
		{"group-rule-self", "aws_security_group_rule", object{"security_group_id": "${other-group.id}", "type": "egress", "protocol": "tcp",
			"from_port": 82, "to_port": 82, "self": true}},
		{"group-ping", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${other-group.id}", "ip_protocol": "icmp",
			"from_port": 8, "to_port": -1, "cidr_ipv4": "10.0.0.0/16"}},
		{"group-six", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${other-group.id}", "ip_protocol": "tcp",
			"from_port": 443, "to_port": 443, "cidr_ipv6": "2001:db8::/32"}},
		{"record-apex", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "", "type": "TXT", "ttl": 300,
			"records": list{"v=spf1 -all"}}},
		{"record-same", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "also", "type": "A",
			"alias": list{object{"zone_id": "${zone.zone_id}", "name": "www.example.com", "evaluate_target_health": false}}}},
		{"record-balancer", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "app", "type": "A",
			"alias": list{object{"zone_id": "${balancer.zone_id}", "name": "${balancer.dns_name}", "evaluate_target_health": true}}}},
		{"record-weighed", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "shared", "type": "A", "ttl": 60,
			"records": list{"192.0.2.2"}, "set_identifier": "one", "health_check_id": "${health.id}",
			"weighted_routing_policy": list{object{"weight": 10}}}},
		{"record-near", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "near", "type": "A", "ttl": 60,
			"records": list{"192.0.2.3"}, "set_identifier": "here", "latency_routing_policy": list{object{"region": "us-east-1"}}}},
	}
}

func storageVariations() []Specimen {
	return []Specimen{
		{"bucket-inline", "aws_s3_bucket", object{"bucket": "coderaws-specimen-inline", "acl": "private",
			"versioning": list{object{"enabled": true}},
			"server_side_encryption_configuration": list{object{"rule": list{object{"bucket_key_enabled": true,
				"apply_server_side_encryption_by_default": list{object{"sse_algorithm": "aws:kms", "kms_master_key_id": "${key.arn}"}}}}}},
			"cors_rule": list{object{"allowed_methods": list{"GET"}, "allowed_origins": list{"*"}, "max_age_seconds": 60}},
			"logging":   list{object{"target_bucket": "${bucket-logs.id}", "target_prefix": "inline/"}},
			"lifecycle_rule": list{
				object{"enabled": true, "prefix": "old/", "abort_incomplete_multipart_upload_days": 7,
					"expiration":                    list{object{"days": 400}},
					"transition":                    list{object{"days": 30, "storage_class": "STANDARD_IA"}},
					"noncurrent_version_expiration": list{object{"days": 90}},
					"noncurrent_version_transition": list{object{"days": 30, "storage_class": "GLACIER"}}},
				object{"id": "tagged", "enabled": false, "prefix": "new/", "tags": object{"team": "dev"}, "expiration": list{object{"days": 10}}},
			}}},
		{"bucket-object-key", "aws_s3_object", object{"bucket": "${bucket.id}", "key": "sealed", "content": "c", "kms_key_id": "${key.arn}"}},
		{"bucket-object-base64", "aws_s3_object", object{"bucket": "${bucket.id}", "key": "bytes", "content_base64": "aGVsbG8="}},
		{"bucket-object-file", "aws_s3_object", object{"bucket": "${bucket-logs.id}", "key": "file", "source": "main.tf", "source_hash": "1"}},
		{"bucket-logs-owner", "aws_s3_bucket_ownership_controls", object{"bucket": "${bucket-logs.id}",
			"rule": list{object{"object_ownership": "ObjectWriter"}}}},
		{"bucket-logs-acl", "aws_s3_bucket_acl", object{"bucket": "${bucket-logs.id}", "access_control_policy": list{object{
			"owner": list{object{"id": "c1daexampleaaf850ea79cf0430f33d72579fd1611c97f7ded193374c0b163b6"}},
			"grant": list{object{"permission": "FULL_CONTROL", "grantee": list{object{"type": "CanonicalUser",
				"id": "c1daexampleaaf850ea79cf0430f33d72579fd1611c97f7ded193374c0b163b6"}}}}}}}},
		{"volume-gp2", "aws_ebs_volume", object{"availability_zone": "us-east-1a", "size": 100, "type": "gp2"}},
		{"volume-gp2-large", "aws_ebs_volume", object{"availability_zone": "us-east-1a", "size": 6000, "type": "gp2"}},
		{"volume-io2", "aws_ebs_volume", object{"availability_zone": "us-east-1b", "size": 100, "type": "io2", "iops": 1000}},
		{"volume-st1", "aws_ebs_volume", object{"availability_zone": "us-east-1b", "size": 500, "type": "st1"}},
		{"secret-elsewhere", "aws_secretsmanager_secret", object{"name": "elsewhere", "recovery_window_in_days": 0,
			"replica": list{object{"region": "eu-west-1"}}}},
		{"table-everywhere", "aws_dynamodb_table", object{"name": "everywhere", "billing_mode": "PROVISIONED", "read_capacity": 5,
			"write_capacity": 5, "hash_key": "id", "range_key": "at", "stream_enabled": true, "stream_view_type": "NEW_AND_OLD_IMAGES",
			"attribute": list{object{"name": "id", "type": "S"}, object{"name": "at", "type": "N"}, object{"name": "who", "type": "S"}},
			"global_secondary_index": list{object{"name": "by-who", "hash_key": "who", "projection_type": "ALL", "read_capacity": 5,
				"write_capacity": 5}},
			"point_in_time_recovery": list{object{"enabled": true}}, "ttl": list{object{"enabled": true, "attribute_name": "until"}},
			"server_side_encryption": list{object{"enabled": true}}, "replica": list{object{"region_name": "eu-west-1"}}}},
		{"files-fast", "aws_efs_file_system", object{"creation_token": "fast", "throughput_mode": "provisioned",
			"provisioned_throughput_in_mibps": 10, "performance_mode": "generalPurpose"}},
		{"files-point-bare", "aws_efs_access_point", object{"file_system_id": "${files-fast.id}"}},
		{"images-fixed", "aws_ecr_repository", object{"name": "fixed", "image_tag_mutability": "IMMUTABLE",
			"encryption_configuration":     list{object{"encryption_type": "KMS"}},
			"image_scanning_configuration": list{object{"scan_on_push": true}}}},
		{"queue-fifo", "aws_sqs_queue", object{"name": "q.fifo", "fifo_queue": true, "content_based_deduplication": true,
			"kms_master_key_id": "${key.arn}"}},
		{"topic-fifo", "aws_sns_topic", object{"name": "t.fifo", "fifo_topic": true}},
		{"parameter-secure", "aws_ssm_parameter", object{"name": "secure", "type": "SecureString", "value": "v", "tier": "Advanced"}},
	}
}

func balancerVariations() []Specimen {
	return []Specimen{
		{"address-balancer", "aws_eip", object{"domain": "vpc"}},
		{"balancer-fixed", "aws_lb", object{"name": "fixed", "load_balancer_type": "network", "enable_deletion_protection": false,
			"subnet_mapping": list{object{"subnet_id": "${a.id}", "allocation_id": "${address-balancer.id}"}}}},
		{"balancer-inside", "aws_lb", object{"name": "inside", "load_balancer_type": "network", "internal": true,
			"security_groups": list{"${group.id}"},
			"subnet_mapping":  list{object{"subnet_id": "${b.id}", "private_ipv4_address": "10.0.16.50"}}}},
		{"balancer-between", "aws_lb", object{"name": "between", "load_balancer_type": "gateway", "subnets": list{"${a.id}"}}},
		{"balancer-logged", "aws_lb", object{"name": "logged", "internal": true, "subnets": list{"${a.id}", "${b.id}"},
			"security_groups": list{"${group.id}"}, "idle_timeout": 120, "drop_invalid_header_fields": true}},
		{"targets-full", "aws_lb_target_group", object{"name": "full", "port": 443, "protocol": "HTTPS", "vpc_id": "${vpc.id}",
			"target_type": "ip", "slow_start": 30, "deregistration_delay": "60", "protocol_version": "HTTP2",
			"health_check": list{object{"path": "/healthz", "matcher": "200-299", "interval": 10, "timeout": 5, "protocol": "HTTPS"}},
			"stickiness":   list{object{"type": "lb_cookie", "cookie_duration": 3600, "enabled": true}}}},
		{"targets-lambda", "aws_lb_target_group", object{"name": "lambda", "target_type": "lambda",
			"health_check": list{object{"enabled": true, "path": "/", "interval": 35}}}},
		{"targets-chain", "aws_lb_target_group", object{"name": "chain", "target_type": "alb", "port": 80, "protocol": "TCP",
			"vpc_id": "${vpc.id}"}},
		{"targets-udp", "aws_lb_target_group", object{"name": "udp", "port": 53, "protocol": "UDP", "vpc_id": "${vpc.id}",
			"health_check": list{object{"protocol": "TCP", "port": "80"}}}},
		{"listener-udp", "aws_lb_listener", object{"load_balancer_arn": "${balancer-fixed.arn}", "port": 53, "protocol": "UDP",
			"default_action": list{object{"type": "forward", "target_group_arn": "${targets-udp.arn}"}}}},
		{"rule-full", "aws_lb_listener_rule", object{"listener_arn": "${listener.arn}", "priority": 7,
			"action": list{object{"type": "forward", "forward": list{object{
				"target_group": list{object{"arn": "${targets.arn}", "weight": 80}},
				"stickiness":   list{object{"enabled": true, "duration": 600}}}}}},
			"condition": list{object{"source_ip": list{object{"values": list{"10.0.0.0/8"}}}},
				object{"http_header": list{object{"http_header_name": "X-Team", "values": list{"dev"}}}},
				object{"query_string": list{object{"key": "v", "value": "1"}}}}}},
		{"rule-login", "aws_lb_listener_rule", object{"listener_arn": "${listener-tls.arn}", "priority": 8,
			"action": list{
				object{"type": "authenticate-oidc", "order": 1, "authenticate_oidc": list{object{
					"authorization_endpoint": "https://id.example.com/authorize", "client_id": "c", "client_secret": "s",
					"issuer": "https://id.example.com", "token_endpoint": "https://id.example.com/token",
					"user_info_endpoint": "https://id.example.com/user"}}},
				object{"type": "redirect", "order": 2, "redirect": list{object{"status_code": "HTTP_302", "host": "b.example.com"}}}},
			"condition": list{object{"http_request_method": list{object{"values": list{"GET"}}}}}}},
	}
}
