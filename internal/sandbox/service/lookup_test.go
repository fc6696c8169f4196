package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// TestLookup reads everything that a broad network holds through the data sources that find one thing by name or id.
func TestLookup(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	listener := d.MustCreate(t, "aws_lb_listener", listenerOn(t, d, n, nil))
	system := d.MustCreate(t, "aws_efs_file_system", object{"creation_token": "homes", "tags": object{"team": "dev"}})
	target := d.MustCreate(t, "aws_efs_mount_target", object{"file_system_id": system["id"], "subnet_id": n.subnets[0]["id"]})
	point := d.MustCreate(t, "aws_efs_access_point", object{"file_system_id": system["id"]})
	d.MustCreate(t, "aws_elasticache_subnet_group", object{"name": "cache", "subnet_ids": []any{n.subnets[0]["id"]}})
	cache := d.MustCreate(t, "aws_elasticache_replication_group", object{"replication_group_id": "cache", "description": "cache"})
	d.MustCreate(t, "aws_ecr_pull_through_cache_rule", object{"ecr_repository_prefix": "quay", "upstream_registry_url": "quay.io"})
	d.MustCreate(t, "aws_db_parameter_group", object{"name": "one", "family": "postgres17"})
	d.MustCreate(t, "aws_ecr_repository", object{"name": "tagged", "tags": object{"team": "dev"}})
	d.MustCreate(t, "aws_rds_cluster", aurora(nil))
	d.MustCreate(t, "aws_db_cluster_snapshot", object{"db_cluster_identifier": "coder", "db_cluster_snapshot_identifier": "first"})
	d.MustCreate(t, "aws_db_cluster_snapshot", object{"db_cluster_identifier": "coder", "db_cluster_snapshot_identifier": "second"})
	zone := zoneOf(t, d, "example.com")
	for _, test := range []struct {
		name, source string
		config       object
		attribute    string
		want         any
		refused      string
	}{
		{name: "a load balancer by name", source: "aws_lb", config: object{"name": "coder"}, attribute: "arn",
			want: listener["load_balancer_arn"]},
		{name: "a load balancer by its older type", source: "aws_alb", config: object{"arn": listener["load_balancer_arn"]}, attribute: "name",
			want: "coder"},
		{name: "a load balancer that does not exist", source: "aws_lb", config: object{"name": "none"}, refused: "no matching lb found"},
		{name: "all load balancers", source: "aws_lbs", config: object{}, attribute: "arns", want: []any{listener["load_balancer_arn"]}},
		{name: "the load balancers of a team", source: "aws_lbs", config: object{"tags": object{"team": "dev"}}, attribute: "arns",
			want: []any{}},
		{name: "a target group by name", source: "aws_lb_target_group", config: object{"name": "coderd"}, attribute: "port", want: 30080.0},
		{name: "a listener by port", source: "aws_lb_listener", config: object{"load_balancer_arn": listener["load_balancer_arn"], "port": 443},
			attribute: "arn", want: listener["arn"]},
		{name: "the zone of network load balancers", source: "aws_lb_hosted_zone_id",
			config: object{"load_balancer_type": "network", "region": "eu-central-1"}, attribute: "id", want: "Z3F0SRJ5LGBH90"},
		{name: "the zone of application load balancers", source: "aws_lb_hosted_zone_id", config: object{}, attribute: "id",
			want: "Z35SXDOTRQ7X7K"},
		{name: "the account that writes access logs", source: "aws_elb_service_account", config: object{}, attribute: "arn",
			want: "arn:aws:iam::127311923021:root"},
		{name: "a region without such an account", source: "aws_elb_service_account", config: object{"region": "eu-central-2"},
			refused: "unsupported AWS Region: eu-central-2"},
		{name: "a file system by token", source: "aws_efs_file_system", config: object{"creation_token": "homes"}, attribute: "file_system_id",
			want: system["id"]},
		{name: "a file system by tags", source: "aws_efs_file_system", config: object{"tags": object{"team": "dev"}}, attribute: "id",
			want: system["id"]},
		{name: "a file system of another team", source: "aws_efs_file_system", config: object{"tags": object{"team": "ops"}},
			refused: "no matching efs file system found"},
		{name: "a mount target", source: "aws_efs_mount_target", config: object{"file_system_id": system["id"]}, attribute: "ip_address",
			want: target["ip_address"]},
		{name: "an access point", source: "aws_efs_access_point", config: object{"access_point_id": point["id"]}, attribute: "arn",
			want: point["arn"]},
		{name: "a cache", source: "aws_elasticache_replication_group", config: object{"replication_group_id": "cache"},
			attribute: "primary_endpoint_address", want: cache["primary_endpoint_address"]},
		{name: "a cache's subnets", source: "aws_elasticache_subnet_group", config: object{"name": "cache"}, attribute: "vpc_id",
			want: n.vpc["id"]},
		{name: "a cache of a registry", source: "aws_ecr_pull_through_cache_rule", config: object{"ecr_repository_prefix": "quay"},
			attribute: "upstream_registry_url", want: "quay.io"},
		{name: "all repositories", source: "aws_ecr_repositories", config: object{}, attribute: "names", want: []any{"tagged"}},
		{name: "a parameter group", source: "aws_db_parameter_group", config: object{"name": "one"}, attribute: "family", want: "postgres17"},
		{name: "a repository's tags", source: "aws_ecr_repository", config: object{"name": "tagged"}, attribute: "tags",
			want: object{"team": "dev"}},
		{name: "a snapshot", source: "aws_db_cluster_snapshot", config: object{"db_cluster_snapshot_identifier": "first"}, attribute: "id",
			want: "first"},
		{name: "the newest snapshot", source: "aws_db_cluster_snapshot", config: object{"db_cluster_identifier": "coder", "most_recent": true},
			attribute: "id", want: "second"},
		{name: "one of two snapshots", source: "aws_db_cluster_snapshot", config: object{"db_cluster_identifier": "coder"},
			refused: "Your query returned more than one result."},
		{name: "no snapshot", source: "aws_db_cluster_snapshot", config: object{"db_cluster_identifier": "none"},
			refused: "Your query returned no results."},
		{name: "all zones", source: "aws_route53_zones", config: object{}, attribute: "ids", want: []any{zone["id"]}},
		{name: "the records of no zone", source: "aws_route53_records", config: object{"zone_id": "Z0"}, refused: "NoSuchHostedZone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := d.Data(test.source, test.config)
			expect(t, err, test.refused)
			if err != nil {
				return
			}
			if diff := cmp.Diff(test.want, got[test.attribute]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.attribute, diff)
			}
		})
	}
	records, err := d.Data("aws_route53_records", object{"zone_id": zone["zone_id"], "name_regex": "^example"})
	expect(t, err, "")
	if got := records["resource_record_sets"].([]any); len(got) != 2 {
		t.Errorf("a new zone has its name servers and its start of authority, not %v", got)
	}
}
