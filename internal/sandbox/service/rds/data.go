package rds

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources declares what Terraform reads about databases.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_rds_cluster", API: api, Noun: "RDS Cluster", Call: "DescribeDBClusters", Read: readAurora},
		{Name: "aws_db_instance", API: api, Noun: "RDS DB Instance", Call: "DescribeDBInstances", Read: readInstance},
		{Name: "aws_db_subnet_group", API: api, Noun: "RDS DB Subnet Group", Call: "DescribeDBSubnetGroups", Read: readSubnetGroup},
		{Name: "aws_db_parameter_group", API: api, Noun: "RDS DB Parameter Group", Call: "DescribeDBParameterGroups",
			Read: model.ReadOne([]string{"aws_db_parameter_group"}, "name")},
		{Name: "aws_db_proxy", API: api, Noun: "RDS DB Proxy", Call: "DescribeDBProxies", Read: readProxy},
		{Name: "aws_db_cluster_snapshot", API: api, Noun: "RDS DB Cluster Snapshot", Call: "DescribeDBClusterSnapshots",
			Read: readSnapshot("db_cluster_identifier", "db_cluster_snapshot_identifier")},
		{Name: "aws_db_snapshot", API: api, Noun: "RDS DB Snapshot", Call: "DescribeDBSnapshots",
			Read: readSnapshot("db_instance_identifier", "db_snapshot_identifier")},
		{Name: "aws_rds_engine_version", API: api, Noun: "RDS Engine Version", Call: "DescribeDBEngineVersions", Read: readEngineVersion},
		{Name: "aws_rds_orderable_db_instance", API: api, Noun: "RDS Orderable DB Instance Option", Call: "DescribeOrderableDBInstanceOptions",
			Read: readOrderable},
	}
}

func readAurora(c *model.Call) *world.Error {
	name := c.String("cluster_identifier")
	cluster := c.Find("aws_rds_cluster", strings.ToLower(name))
	if cluster == nil {
		return auroraMissing(name)
	}
	model.CopyAttributes(c, cluster)
	c.Set("engine_mode", "provisioned")
	c.Force("engine_version", cluster.String("engine_version_actual"))
	for _, attribute := range []string{"backtrack_window", "monitoring_interval"} {
		c.Default(attribute, 0.0)
	}
	return nil
}

// readInstance finds a database instance of either Terraform type.
func readInstance(c *model.Call) *world.Error {
	name := c.String("db_instance_identifier")
	for _, typ := range []string{"aws_db_instance", "aws_rds_cluster_instance"} {
		found := c.FindBy(typ, "identifier", strings.ToLower(name))
		if found == nil {
			continue
		}
		model.CopyAttributes(c, found)
		for attribute, other := range map[string]string{
			"db_instance_identifier": "identifier", "db_instance_arn": "arn", "db_instance_class": "instance_class", "db_instance_port": "port",
			"db_cluster_identifier": "cluster_identifier", "db_subnet_group": "db_subnet_group_name", "engine_version": "engine_version_actual",
			"master_username": "username", "vpc_security_groups": "vpc_security_group_ids", "preferred_backup_window": "backup_window",
			"preferred_maintenance_window": "maintenance_window",
		} {
			if value := found.Attributes[other]; value != nil {
				c.Force(attribute, value)
			}
		}
		if typ == "aws_rds_cluster_instance" {
			cluster := c.Find("aws_rds_cluster", found.String("cluster_identifier"))
			for _, attribute := range []string{"master_username", "hosted_zone_id", "allocated_storage", "backup_retention_period"} {
				c.Force(attribute, cluster.Attributes[attribute])
			}
			c.Force("vpc_security_groups", cluster.Attributes["vpc_security_group_ids"])
			c.Force("address", found.String("endpoint"))
			c.Force("resource_id", found.String("dbi_resource_id"))
			port, _ := found.Attributes["port"].(float64)
			c.Force("endpoint", fmt.Sprintf("%s:%s", found.String("endpoint"), model.FormatNumber(port)))
		}
		group := found.String("parameter_group_name") + found.String("db_parameter_group_name")
		c.Force("db_parameter_groups", []any{group})
		c.Set("option_group_memberships", []any{found.String("option_group_name")})
		c.Set("db_cluster_identifier", "") // of an instance that is in none
		c.Set("id", found.ID)
		return nil
	}
	return instanceMissing(name)
}

func readProxy(c *model.Call) *world.Error {
	if err := model.ReadOne([]string{"aws_db_proxy"}, "name")(c); err != nil {
		return err
	}
	for _, subnet := range c.Strings("vpc_subnet_ids") { // all are in one VPC
		c.Set("vpc_id", c.VPCOf(subnet))
	}
	return nil
}

func readSubnetGroup(c *model.Call) *world.Error {
	name := c.String("name")
	group := c.Find("aws_db_subnet_group", strings.ToLower(name))
	if group == nil {
		return dbSubnetGroupMissing(name)
	}
	model.CopyAttributes(c, group)
	c.Set("status", "Complete")
	return nil
}

// readSnapshot finds a snapshot, or the newest of several.
func readSnapshot(arguments ...string) func(*model.Call) *world.Error {
	return func(c *model.Call) *world.Error {
		typ := "aws_" + strings.TrimSuffix(arguments[1], "_identifier")
		matches := model.Matching(c, []string{typ}, append(arguments, "snapshot_type"))
		switch {
		case len(matches) == 0:
			return &world.Error{Message: "Your query returned no results. Please change your search criteria and try again."}
		case len(matches) > 1 && !c.Bool("most_recent"):
			return &world.Error{Message: "Your query returned more than one result. Please try a more specific search criteria."}
		}
		model.CopyAttributes(c, matches[len(matches)-1])
		now := c.World.Now().Format(time.RFC3339)
		c.Set("snapshot_create_time", now)
		if typ == "aws_db_snapshot" { // of a cluster's snapshot the provider tells no other time
			c.Set("original_snapshot_create_time", now)
		}
		return nil
	}
}

// readEngineVersion finds the version that RDS means by an engine and what else is asked for.
func readEngineVersion(c *model.Call) *world.Error {
	engine, asked := c.String("engine"), c.String("version")
	offered := facts.OfferedVersions(engine)
	version, ok := facts.EngineVersion(engine, asked)
	if c.Bool("latest") && len(offered) > 0 {
		of := slices.DeleteFunc(slices.Clone(offered), func(v string) bool {
			return asked != "" && v != asked && !strings.HasPrefix(v, asked+".")
		})
		ok = len(of) > 0
		if ok {
			version = of[len(of)-1]
		}
	}
	for _, preferred := range c.Strings("preferred_versions") {
		if slices.Contains(offered, preferred) {
			version, ok = preferred, true
			break
		}
	}
	if !ok || version == "" {
		return &world.Error{Message: "no RDS engine versions match the criteria. Try different search"}
	}
	minors, majors := upgradeTargets(offered, version)
	c.Force("id", version)
	c.Set("version", version)
	c.Set("version_actual", version)
	c.Set("parameter_group_family", parameterFamily(engine, version))
	c.Set("status", "available")
	description := map[string]string{auroraPostgreSQL: "Aurora PostgreSQL", postgreSQL: "PostgreSQL"}[engine]
	c.Set("engine_description", description)
	c.Set("version_description", strings.TrimSpace(description+" "+version))
	c.Set("valid_minor_targets", minors)
	c.Set("valid_major_targets", majors)
	c.Set("valid_upgrade_targets", append(append([]any{}, minors...), majors...))
	c.Set("exportable_log_types", []any{"postgresql"})
	c.Set("supported_modes", []any{"provisioned"})
	c.Set("supported_feature_names", []any{"Bedrock", "Lambda", "s3Export", "s3Import", "SageMaker"})
	c.SetEach([]any{}, "supported_character_sets", "supported_timezones")
	c.Set("default_character_set", "")
	c.SetEach(true, "supports_log_exports_to_cloudwatch", "supports_read_replica", "supports_certificate_rotation_without_restart",
		"supports_integrations")
	c.Set("supports_global_databases", engine == auroraPostgreSQL)
	c.SetEach(false, "supports_limitless_database", "supports_local_write_forwarding", "supports_parallel_query")
	return nil
}

// upgradeTargets are the later minor versions, and the versions of later major ones.
func upgradeTargets(offered []string, version string) (minors, majors []any) {
	minors, majors = []any{}, []any{}
	for _, v := range offered {
		switch {
		case facts.CompareEngineVersions(v, version) <= 0:
		case major(v) == major(version):
			minors = append(minors, v)
		default:
			majors = append(majors, v)
		}
	}
	return minors, majors
}

// readOrderable finds the first preferred instance class that an engine version runs on.
func readOrderable(c *model.Call) *world.Error {
	engine := c.String("engine")
	version, ok := facts.EngineVersion(engine, c.String("engine_version"))
	classes := c.Strings("preferred_instance_classes")
	if own := c.String("instance_class"); own != "" {
		classes = []string{own}
	}
	allowed := instanceClasses
	if engine == auroraPostgreSQL {
		allowed = auroraClasses
	}
	at := slices.IndexFunc(classes, func(class string) bool {
		return allowed().MatchString(class) || class == "db.serverless" && engine == auroraPostgreSQL && facts.HasServerless(engine, version)
	})
	if !ok || at < 0 {
		return &world.Error{Message: "no RDS Orderable DB Instance Options found matching criteria; try different search"}
	}
	c.Force("id", classes[at])
	c.Force("instance_class", classes[at])
	c.Force("engine_version", version)
	var zones []any
	for _, zone := range c.World.Zones(c.Region) {
		zones = append(zones, zone.Name)
	}
	c.Set("availability_zones", model.List(zones))
	c.Set("availability_zone_group", c.Region)
	c.Set("license_model", "postgresql-license")
	c.Set("storage_type", map[bool]string{true: "aurora", false: "gp3"}[engine == auroraPostgreSQL])
	c.Set("supported_engine_modes", []any{"provisioned"})
	c.Set("supported_network_types", []any{"IPV4", "DUAL"})
	c.SetEach(true, "vpc", "supports_enhanced_monitoring", "supports_iam_database_authentication", "supports_performance_insights",
		"supports_storage_encryption", "supports_kerberos_authentication")
	c.SetEach(engine == auroraPostgreSQL, "supports_clusters", "supports_global_databases")
	c.SetEach(engine != auroraPostgreSQL, "multi_az_capable", "read_replica_capable", "supports_iops", "supports_multi_az",
		"supports_storage_autoscaling")
	c.Set("outpost_capable", false)
	c.SetEach(0.0, "max_iops_per_db_instance", "max_iops_per_gib", "max_storage_size", "min_iops_per_db_instance", "min_iops_per_gib",
		"min_storage_size")
	return nil
}
