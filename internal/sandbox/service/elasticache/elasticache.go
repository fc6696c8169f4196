// Package elasticache declares Amazon ElastiCache as far as replication groups. Beside the model it imports kms; the catalog imports
// it.
//
// Rules: API model (botocore) prose; texts are unverified unless a source is named.
package elasticache

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "ElastiCache"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{cacheSubnetGroup(), replicationGroup()} }

func cacheSubnetGroup() *model.Type {
	return &model.Type{
		Name: "aws_elasticache_subnet_group", API: api, Noun: "ElastiCache Subnet Group",
		CreateCall: "CreateCacheSubnetGroup", UpdateCall: "ModifyCacheSubnetGroup", DeleteCall: "DeleteCacheSubnetGroup",
		Identify: func(c *model.Call) string { return strings.ToLower(c.String("name")) },
		References: []model.Reference{{Path: "subnet_ids", To: []string{"aws_subnet"}, Weak: true, Missing: func(id string) *world.Error {
			return world.Fail("InvalidSubnet", "The requested subnet %s is invalid.", id)
		}}},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("CacheSubnetGroupAlreadyExists", "Cache subnet group %s already exists.", name)
		}}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			if name := strings.ToLower(c.String("name")); name == "default" || !cacheSubnetGroupNames().MatchString(name) {
				return world.Fail("InvalidParameterValue", "The parameter CacheSubnetGroupName is not a valid identifier: %s", name)
			}
			ids := c.Strings("subnet_ids")
			for _, id := range ids {
				if c.VPCOf(id) != c.VPCOf(ids[0]) {
					return world.Fail("InvalidSubnet", "The requested subnets are not all in a common VPC.")
				}
			}
			return nil
		}},
		Plan: func(c *model.Call) {
			if name := c.String("name"); name != "" {
				c.Force("name", strings.ToLower(name))
			}
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("elasticache", "subnetgroup:"+c.ID))
			if ids := c.Strings("subnet_ids"); len(ids) > 0 {
				c.Set("vpc_id", c.VPCOf(ids[0]))
			}
		},
		InUse: func(c *model.Call, _ *world.Resource) *world.Error {
			return world.Fail("CacheSubnetGroupInUse", "Cache subnet group %s is currently in use by a cache cluster.", c.ID)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

var cacheNames = model.Expression(`^[a-zA-Z](-?[a-zA-Z0-9])*$`)

func replicationGroup() *model.Type {
	return &model.Type{
		Name: "aws_elasticache_replication_group", API: api, Noun: "ElastiCache Replication Group",
		CreateCall: "CreateReplicationGroup", UpdateCall: "ModifyReplicationGroup", DeleteCall: "DeleteReplicationGroup",
		Identify: func(c *model.Call) string { return strings.ToLower(c.String("replication_group_id")) },
		References: []model.Reference{
			{Path: "subnet_group_name", To: []string{"aws_elasticache_subnet_group"}, Missing: func(name string) *world.Error {
				return world.NotFound("CacheSubnetGroupNotFoundFault", "The requested cache subnet group '%s' does not exist.", name)
			}},
			{Path: "security_group_ids", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidParameterValue", "Invalid security group: %s")},
		},
		Unique: []model.Unique{{Attribute: "replication_group_id", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("ReplicationGroupAlreadyExists", "Replication group %s already exists.", name)
		}}},
		Checks: []model.Check{cacheIdentity, cacheNodes, cacheSecurity},
		Plan: func(c *model.Call) {
			if id := c.String("replication_group_id"); id != "" {
				c.Force("replication_group_id", strings.ToLower(id))
			}
		},
		Fill: fillCache,
		Latency: model.Latency{
			Create: model.Seconds(420, 300, 900), Update: model.Seconds(300, 60, 1200), Delete: model.Seconds(300, 180, 600),
			Source: "creation: a log of a real deployment (7 min); update and deletion: estimate",
		},
	}
}

func cacheIdentity(c *model.Call) *world.Error {
	id, engine := c.String("replication_group_id"), c.String("engine")
	switch {
	case len(id) > 40 || !cacheNames().MatchString(id):
		return world.Fail("InvalidParameterValue",
			"The parameter ReplicationGroupId must be provided and must contain 1 to 40 letters, digits or hyphens, begin with a letter, not end "+
				"with a hyphen and not contain two consecutive hyphens.")
	case engine != "" && engine != "redis" && engine != "valkey":
		return world.Fail("InvalidParameterValue", "Invalid engine: %s", engine)
	case c.String("node_type") != "" && !strings.HasPrefix(c.String("node_type"), "cache."):
		return world.Fail("InvalidParameterValue", "Invalid cache node type: %s", c.String("node_type"))
	}
	return nil
}

// cacheNodes holds failover to what takes over.
func cacheNodes(c *model.Call) *world.Error {
	count, given := c.Number("num_cache_clusters")
	shards, sharded := c.Number("num_node_groups")
	failover := c.Bool("automatic_failover_enabled")
	switch {
	case given && (count < 1 || count > 6):
		return world.Fail("InvalidParameterValue", "The number of cache clusters must be between 1 and 6.")
	case failover && !(sharded && shards > 1) && count < 2:
		return world.Fail("InvalidParameterValue", "You must specify at least 2 cache clusters when automatic failover is enabled")
	case c.Bool("multi_az_enabled") && !failover:
		return &world.Error{Message: "automatic_failover_enabled must be true if multi_az_enabled is true"}
	case sharded && shards > 1 && !failover:
		return world.Fail("InvalidParameterCombination",
			"Automatic failover must be enabled for a replication group with more than one node group.")
	}
	return nil
}

func cacheSecurity(c *model.Call) *world.Error {
	token, key := c.String("auth_token"), c.String("kms_key_id")
	switch {
	case token != "" && !c.Bool("transit_encryption_enabled"):
		return world.Fail("InvalidParameterCombination", "The AUTH token can be used only with in-transit encryption.")
	case token != "" && (len(token) < 16 || len(token) > 128 || strings.ContainsAny(token, `@"/`)):
		return world.Fail("InvalidParameterValue", "The AUTH token must contain 16 to 128 printable characters other than @, \" and /.")
	case key != "" && !kms.KeyExists(c, key):
		return world.Fail("InvalidKMSKeyFault", "The KMS key %s does not exist.", key)
	}
	return nil
}

func fillCache(c *model.Call) {
	shards, sharded := c.Number("num_node_groups")
	clustered := sharded && shards > 1 || c.String("cluster_mode") == "enabled"
	engine, version := c.String("engine"), c.String("engine_version")
	family, actual := "redis7", "7.1.0"
	if engine == "valkey" {
		family, actual = "valkey8", "8.0.1"
	}
	if version != "" {
		actual = version + ".0"
	}
	c.Set("arn", c.ARN("elasticache", "replicationgroup:"+c.ID))
	c.Set("cluster_enabled", clustered)
	c.Set("cluster_mode", map[bool]string{true: "enabled", false: "disabled"}[clustered])
	c.Set("engine", "redis")
	c.Set("engine_version", strings.Join(strings.Split(actual, ".")[:2], "."))
	c.Set("engine_version_actual", actual)
	c.Set("num_node_groups", 1.0)
	c.Set("num_cache_clusters", 1.0)
	nodes, _ := c.Number("num_cache_clusters")
	c.Set("replicas_per_node_group", max(nodes-1, 0))
	members := []any{}
	for i := range int(nodes) {
		members = append(members, fmt.Sprintf("%s-%03d", c.ID, i+1))
	}
	c.Set("member_clusters", members)
	fillCacheEndpoints(c, clustered)
	suffix := ""
	if clustered {
		suffix = ".cluster.on"
	}
	c.Set("parameter_group_name", "default."+family+suffix)
	c.Set("subnet_group_name", "default")
	model.FillWindows(c, "snapshot_window", "maintenance_window")
	c.Set("at_rest_encryption_enabled", fmt.Sprint(engine == "valkey"))
	c.Set("auto_minor_version_upgrade", "true")
	c.Set("transit_encryption_enabled", engine == "valkey")
	mode := ""
	if c.Bool("transit_encryption_enabled") {
		mode = "required"
	}
	c.Set("transit_encryption_mode", mode)
	c.Set("network_type", "ipv4")
	c.Set("ip_discovery", "ipv4")
	c.Set("data_tiering_enabled", false)
	c.Set("node_type", "cache.t4g.micro")
	c.SetEach([]any{}, "security_group_ids", "security_group_names")
	c.SetEach("", "global_replication_group_id", "durability")
	c.SetEach(nil, "apply_immediately")
	for i, group := range c.Blocks("node_group_configuration") {
		for _, name := range []string{"primary_availability_zone", "primary_outpost_arn"} {
			if model.IsUnknown(group[name]) {
				group[name] = ""
			}
		}
		for _, name := range []string{"replica_availability_zones", "replica_outpost_arns"} {
			if model.IsUnknown(group[name]) {
				group[name] = []any{}
			}
		}
		if group["node_group_id"] == nil {
			group["node_group_id"] = fmt.Sprintf("%04d", i+1)
		}
	}
}

// fillCacheEndpoints names the hosts: one for the configuration of a cluster, or one for writing and one for reading.
func fillCacheEndpoints(c *model.Call, clustered bool) {
	domain := c.World.Digest(6, c.Account, c.Region, "cache") + "." + regionCode(c.Region) + ".cache." + facts.DNSSuffix(c.Region)
	configuration, primary, reader := "", "master."+c.ID+"."+domain, "replica."+c.ID+"."+domain
	if clustered {
		configuration, primary, reader = "clustercfg."+c.ID+"."+domain, "", ""
	}
	c.Set("configuration_endpoint_address", configuration)
	c.Set("primary_endpoint_address", primary)
	c.Set("reader_endpoint_address", reader)
}

// regionCode is the short name of a region, such as use1, which zone ids begin with.
func regionCode(region string) string {
	zones := facts.Zones(region)
	i := slices.IndexFunc(zones, func(z facts.Zone) bool { return strings.Contains(z.ID, "-") })
	if i < 0 {
		return region
	}
	code, _, _ := strings.Cut(zones[i].ID, "-")
	return code
}

// DataSources declares what Terraform reads about caches.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_elasticache_subnet_group", API: api, Noun: "ElastiCache Subnet Group", Call: "DescribeCacheSubnetGroups",
			Read: model.ReadOne([]string{"aws_elasticache_subnet_group"}, "name")},
		{Name: "aws_elasticache_replication_group", API: api, Noun: "ElastiCache Replication Group", Call: "DescribeReplicationGroups",
			Read: func(c *model.Call) *world.Error {
				if err := model.ReadOne([]string{"aws_elasticache_replication_group"}, "replication_group_id")(c); err != nil {
					return err
				}
				token := c.Find("aws_elasticache_replication_group", c.String("replication_group_id")).String("auth_token")
				c.Force("auth_token_enabled", token != "")
				c.Default("port", 6379.0)
				return nil
			}},
	}
}

var cacheSubnetGroupNames = model.Expression(`^[a-z0-9._ -]{1,255}$`)
