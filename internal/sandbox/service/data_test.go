package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
)

// questions ask each data source about the specimens. ${name.attribute} stands for what a specimen has.
func questions() []question {
	return []question{
		{source: "aws_acm_certificate", config: object{"domain": "${certificate.domain_name}", "statuses": []any{"PENDING_VALIDATION"}}},
		{source: "aws_alb", config: object{"name": "alb"}},
		{source: "aws_alb_listener", config: object{"arn": "${listener-alb.arn}"}},
		{source: "aws_alb_target_group", config: object{"arn": "${targets-alb.arn}"}},
		{source: "aws_ami", config: object{"owners": []any{"099720109477"}, "most_recent": true}},
		{source: "aws_autoscaling_group", config: object{"name": "${fleet.name}"}},
		{source: "aws_autoscaling_groups"},
		{source: "aws_availability_zone", config: object{"name": "us-east-1b"}},
		{source: "aws_availability_zones", config: object{"state": "available"}},
		{source: "aws_bedrock_inference_profile", config: object{"inference_profile_id": "us.anthropic.claude-sonnet-4-6"}},
		{source: "aws_caller_identity"},
		{source: "aws_canonical_user_id"},
		{source: "aws_cloudwatch_log_group", config: object{"name": "/app"}},
		{source: "aws_db_cluster_snapshot", config: object{"db_cluster_snapshot_identifier": "${aurora-snapshot.id}"}},
		{source: "aws_db_instance", config: object{"db_instance_identifier": "${database.identifier}"}},
		{source: "aws_db_parameter_group", config: object{"name": "${db-parameters.name}"}},
		{source: "aws_db_proxy", config: object{"name": "${proxy.name}"}},
		{source: "aws_db_snapshot", config: object{"db_snapshot_identifier": "${database-snapshot.id}"}},
		{source: "aws_db_subnet_group", config: object{"name": "${db-subnets.name}"}},
		{source: "aws_ec2_instance_type", config: object{"instance_type": "g5.xlarge"}},
		{source: "aws_ec2_instance_type_offerings", config: object{"filter": filter("instance-type", "m5.large", "m7i.large")}},
		{source: "aws_ec2_managed_prefix_list", config: object{"name": "com.amazonaws.us-east-1.s3"}},
		{source: "aws_ecr_authorization_token"},
		{source: "aws_ecr_pull_through_cache_rule", config: object{"ecr_repository_prefix": "${images-cache.ecr_repository_prefix}"}},
		{source: "aws_ecr_repositories"},
		{source: "aws_ecr_repository", config: object{"name": "${images.name}"}},
		{source: "aws_efs_access_point", config: object{"access_point_id": "${files-point.id}"}},
		{source: "aws_efs_file_system", config: object{"file_system_id": "${files.id}"}},
		{source: "aws_efs_mount_target", config: object{"mount_target_id": "${files-a.id}"}},
		{source: "aws_eip", config: object{"id": "${address.id}"}},
		{source: "aws_eks_addon", config: object{"cluster_name": "${cluster.name}", "addon_name": "${addon.addon_name}"}},
		{source: "aws_eks_addon_version", config: object{"addon_name": "coredns", "kubernetes_version": "1.35"}},
		{source: "aws_eks_cluster", config: object{"name": "${cluster.name}"}},
		{source: "aws_eks_cluster_auth", config: object{"name": "${cluster.name}"}},
		{source: "aws_eks_cluster_versions"},
		{source: "aws_eks_clusters"},
		{source: "aws_eks_node_group", config: object{"cluster_name": "${cluster.name}", "node_group_name": "${nodes.node_group_name}"}},
		{source: "aws_eks_node_groups", config: object{"cluster_name": "${cluster.name}"}},
		{source: "aws_elasticache_replication_group", config: object{"replication_group_id": "${cache.replication_group_id}"}},
		{source: "aws_elasticache_subnet_group", config: object{"name": "${cache-subnets.name}"}},
		{source: "aws_elb_service_account"},
		{source: "aws_iam_policy", config: object{"arn": "${policy.arn}"}},
		{source: "aws_iam_policy_document",
			config: object{"statement": []any{object{"actions": []any{"s3:GetObject"}, "resources": []any{"*"}}}}},
		{source: "aws_iam_role", config: object{"name": "${role.name}"}},
		{source: "aws_iam_session_context", config: object{"arn": "arn:aws:sts::123456789012:assumed-role/eks/session"}},
		{source: "aws_internet_gateway", config: object{"internet_gateway_id": "${gateway.id}"}},
		{source: "aws_kms_alias", config: object{"name": "${key-alias.name}"}},
		{source: "aws_kms_key", config: object{"key_id": "${key.key_id}"}},
		{source: "aws_launch_template", config: object{"id": "${template.id}"}},
		{source: "aws_lb", config: object{"arn": "${balancer-network.arn}"}},
		{source: "aws_lb_hosted_zone_id"},
		{source: "aws_lb_listener", config: object{"arn": "${listener.arn}"}},
		{source: "aws_lb_target_group", config: object{"arn": "${targets.arn}"}},
		{source: "aws_lbs"},
		{source: "aws_nat_gateway", config: object{"id": "${nat.id}"}},
		{source: "aws_nat_gateways"},
		{source: "aws_partition"},
		{source: "aws_prefix_list", config: object{"name": "com.amazonaws.us-east-1.dynamodb"}},
		{source: "aws_rds_cluster", config: object{"cluster_identifier": "${aurora.cluster_identifier}"}},
		{source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql", "default_only": true}},
		{source: "aws_rds_orderable_db_instance", config: object{"engine": "aurora-postgresql", "instance_class": "db.r6g.large"}},
		{source: "aws_region"},
		{source: "aws_regions"},
		{source: "aws_route53_records", config: object{"zone_id": "${zone.zone_id}"}},
		{source: "aws_route53_zone", config: object{"zone_id": "${private.zone_id}"}},
		{source: "aws_route53_zones"},
		{source: "aws_route_table", config: object{"route_table_id": "${table-inline.id}"}},
		{source: "aws_route_tables"},
		{source: "aws_s3_bucket", config: object{"bucket": "${bucket.bucket}"}},
		{source: "aws_s3_object", config: object{"bucket": "${bucket-object.bucket}", "key": "${bucket-object.key}"}},
		{source: "aws_secretsmanager_secret", config: object{"arn": "${secret.arn}"}},
		{source: "aws_secretsmanager_secret_version", config: object{"secret_id": "${secret.id}"}},
		{source: "aws_security_group", config: object{"id": "${group.id}"}},
		{source: "aws_security_groups"},
		{source: "aws_service_principal", config: object{"service_name": "ec2"}},
		{source: "aws_servicequotas_service_quota", config: object{"service_code": "vpc", "quota_code": "L-F678F1CE"}},
		{source: "aws_ssm_parameter", config: object{"name": "${parameter.name}"}},
		{source: "aws_subnet", config: object{"id": "${a.id}"}},
		{source: "aws_subnets"},
		{source: "aws_vpc", config: object{"id": "${vpc.id}"}},
		{source: "aws_vpc_endpoint", config: object{"id": "${endpoint-interface.id}"}},
		{source: "aws_vpc_endpoint_service", config: object{"service": "s3", "service_type": "Gateway"}},
		{source: "aws_vpcs"},
	}
}

// TestEveryDataSource holds the whole answer of each data source, in the world that has an example of each type.
func TestEveryDataSource(t *testing.T) {
	known := answersOf(t)
	m := sandboxtest.NewMuseum(t)
	for _, s := range sandboxtest.Specimens() {
		m.Add(t, s)
	}
	asked := map[string]bool{}
	var names []string
	for _, q := range questions() {
		config := object{}
		for argument, value := range q.config {
			config[argument] = value
		}
		if blocks, ok := config["filter"].([]object); ok {
			config["filter"] = []any{blocks[0]}
		}
		config = m.Fill(t, config).(object)
		state, err := m.Data(q.source, config)
		if err != nil {
			t.Errorf("%s: %v", q.source, err)
			continue
		}
		asked[q.source], names = true, append(names, q.source)
		known.hold(t, q.source, said(config, state))
	}
	for name := range service.NewCatalog().DataSources {
		if !asked[name] {
			t.Errorf("nobody asks %s: write a question", name)
		}
	}
	known.end(t, names)
}

// TestPublicParameters are paths under which AWS and its partners publish images.
func TestPublicParameters(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	for path, begins := range map[string]string{
		"/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended":                       `{"ecs_agent_version":"1.`,
		"/aws/service/ecs/optimized-ami/amazon-linux-2/arm64/recommended/image_id":           "ami-",
		"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64":                  "ami-",
		"/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id": "ami-",
		"/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base":              "ami-",
		"/aws/service/aws-for-fluent-bit/stable":                                             "public.ecr.aws/aws-observability/",
		"/aws/service/bottlerocket/aws-ecs-2/x86_64/latest/image_id":                         "ami-",
		"/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard/recommended":  `{"image_id":"ami-`,
	} {
		found, err := d.Data("aws_ssm_parameter", object{"name": path})
		if value, _ := found["value"].(string); err != nil || !strings.HasPrefix(value, begins) {
			t.Errorf("%s: %q, %v", path, value, err)
		}
	}
	for _, path := range []string{"/aws/service/ecs/optimized-ami/amazon-linux-2022/recommended",
		"/aws/service/canonical/ubuntu/desktop/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id"} {
		if _, err := d.Data("aws_ssm_parameter", object{"name": path}); err == nil {
			t.Errorf("%s exists", path)
		}
	}
}
