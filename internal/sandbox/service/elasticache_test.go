package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestCache(t *testing.T) {
	cache := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_elasticache_replication_group",
			merged(object{"replication_group_id": "coder", "description": "cache", "node_type": "cache.t4g.micro"}, change))
	}
	check(t, []rule{
		{name: "a replication group", given: cache(nil)},
		{name: "a name of 41 characters", given: cache(object{"replication_group_id": text(41)}), refused: "InvalidParameterValue"},
		{name: "an engine without replication", given: cache(object{"engine": "memcached"}),
			refused: "InvalidParameterValue: Invalid engine: memcached"},
		{name: "failover to nothing", given: cache(object{"automatic_failover_enabled": true}),
			refused: "You must specify at least 2 cache clusters when automatic failover is enabled"},
		{name: "failover to a replica", given: cache(object{"automatic_failover_enabled": true, "num_cache_clusters": 2})},
		{name: "seven nodes", given: cache(object{"num_cache_clusters": 7}), refused: "InvalidParameterValue"},
		{name: "several zones without failover", given: cache(object{"multi_az_enabled": true}),
			refused: "automatic_failover_enabled must be true if multi_az_enabled is true"},
		{name: "two shards without failover", given: cache(object{"num_node_groups": 2}),
			refused: "Automatic failover must be enabled for a replication group with more than one node group."},
		{name: "two shards with failover", given: cache(object{"num_node_groups": 2, "automatic_failover_enabled": true})},
		{name: "one shard", given: cache(object{"num_node_groups": 1})},
		{name: "one shard with failover to nothing", given: cache(object{"num_node_groups": 1, "automatic_failover_enabled": true}),
			refused: "You must specify at least 2 cache clusters"},
		{name: "several zones with failover",
			given: cache(object{"multi_az_enabled": true, "automatic_failover_enabled": true, "num_cache_clusters": 2})},
		{name: "a token of 16 characters", given: cache(object{"auth_token": text(16), "transit_encryption_enabled": true})},
		{name: "a token of 128 characters", given: cache(object{"auth_token": text(128), "transit_encryption_enabled": true})},
		{name: "a token of 129 characters", given: cache(object{"auth_token": text(129), "transit_encryption_enabled": true}),
			refused: "InvalidParameterValue"},
		{name: "Valkey", given: cache(object{"engine": "valkey"})},
		{name: "a token without encryption", given: cache(object{"auth_token": text(16)}), refused: "InvalidParameterCombination"},
		{name: "a token of 15 characters", given: cache(object{"auth_token": text(15), "transit_encryption_enabled": true}),
			refused: "InvalidParameterValue"},
		{name: "a subnet group that does not exist", given: cache(object{"subnet_group_name": "none"}), refused: "CacheSubnetGroupNotFoundFault"},
		{name: "a second replication group of one name", refused: "ReplicationGroupAlreadyExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := cache(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, merged(config, object{"replication_group_id": "CODER"})
			}},
		{name: "a subnet group over two VPCs", refused: "InvalidSubnet",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_elasticache_subnet_group",
					object{"name": "coder", "subnet_ids": []any{networkIn(t, d, 1).subnets[0]["id"], networkIn(t, d, 1).subnets[0]["id"]}}
			}},
	})
}

func TestCacheLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	group := d.MustCreate(t, "aws_elasticache_subnet_group", object{"name": "Coder", "subnet_ids": []any{networkIn(t, d, 1).subnets[0]["id"]}})
	cache := d.MustCreate(t, "aws_elasticache_replication_group", object{"replication_group_id": "coder", "description": "cache",
		"subnet_group_name":          group["name"],
		"automatic_failover_enabled": true, "num_cache_clusters": 2, "transit_encryption_enabled": true})
	noFallbacks(t, d)
	if got := cache["member_clusters"].([]any); len(got) != 2 || got[1] != "coder-002" {
		t.Errorf("members %v", got)
	}
	expect(t, d.Delete("aws_elasticache_subnet_group", group), "CacheSubnetGroupInUse")
	expect(t, d.Delete("aws_elasticache_replication_group", cache), "")
	expect(t, d.Delete("aws_elasticache_subnet_group", group), "")
}
