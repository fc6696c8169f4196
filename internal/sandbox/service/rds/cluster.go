package rds

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// clusterTypes declares Amazon Aurora: clusters and their instances and endpoints. Rules: API model (botocore) prose; messages: measured on
// AWS or seen in logs of real deployments, unless marked unverified.
func clusterTypes() []*model.Type {
	return []*model.Type{cluster(), clusterInstance(), clusterEndpoint()}
}

// dbSubnetGroupMissing answers for subnet groups that do not exist; the one that RDS makes in the default VPC is called default.
var dbSubnetGroupMissing = func(name string) *world.Error {
	if name == "default" {
		return nil
	}
	return world.NotFound("DBSubnetGroupNotFoundFault", "DB subnet group '%s' does not exist.", name) // unverified text
}

// dbReferences are the references that clusters and instances share.
func dbReferences() []model.Reference {
	return []model.Reference{
		{Path: "db_subnet_group_name", To: []string{"aws_db_subnet_group"}, Missing: dbSubnetGroupMissing},
		{Path: "vpc_security_group_ids", To: []string{"aws_security_group"},
			Missing: model.Missing("InvalidParameterValue", "Invalid security group , groupId= %s, groupName=.")},
		{Path: "kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true},
		{Path: "monitoring_role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true},
	}
}

func cluster() *model.Type {
	return &model.Type{
		Name: "aws_rds_cluster", API: api, Noun: "RDS Cluster",
		CreateCall: "CreateDBCluster", UpdateCall: "ModifyDBCluster", DeleteCall: "DeleteDBCluster",
		Identify: func(c *model.Call) string {
			return strings.ToLower(databaseName(c, "cluster_identifier", "cluster_identifier_prefix"))
		},
		References: append(dbReferences(), model.Reference{
			Path: "db_cluster_parameter_group_name", To: []string{"aws_rds_cluster_parameter_group"}, By: "name",
			Missing: parameterGroupMissing("DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: %s"),
		}),
		Unique: []model.Unique{{Attribute: "cluster_identifier", FoldCase: true, Taken: func(*model.Call, string) *world.Error {
			return world.Fail("DBClusterAlreadyExistsFault", "DB Cluster already exists")
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				return validIdentifier("DBClusterIdentifier", databaseName(c, "cluster_identifier", "cluster_identifier_prefix"), 63)
			},
			offeredVersion, upgradePath, clusterEngineMode, serverlessCapacity, auroraOnly, masterUser("master_username", "master_password"),
			retention("backup_retention_period", 1, 35), databasePort, auroraZones,
			databaseWindows("preferred_backup_window", "preferred_maintenance_window"),
			databaseNetwork, databaseKey("kms_key_id"), databaseKey("master_user_secret_kms_key_id"), databaseKey("performance_insights_kms_key_id"),
			func(c *model.Call) *world.Error {
				version, _ := facts.EngineVersion(c.String("engine"), c.String("engine_version"))
				return parameterGroupFits(c, "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group", version)
			},
			clusterLogs, databaseMonitoring, restoredFrom,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-952B80B8", Service: "rds", Name: "DB clusters", Default: 40},
			Exceeded: func() *world.Error {
				return &world.Error{Status: 403, Code: "DBClusterQuotaExceededFault", Message: "DB cluster quota exceeded"} // unverified text
			},
		}},
		Recompute: map[string][]string{"engine_version_actual": {"engine_version"}, "master_user_secret": {"manage_master_user_password"}},
		Fill:      fillAurora,
		Refresh: func(c *model.Call) {
			showVersion(c)
			c.Force("cluster_members", members(c))
		},
		BeforeDelete: []model.Check{deletionProtection, finalSnapshot},
		InUse: func(*model.Call, *world.Resource) *world.Error {
			return world.Fail("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
		},
		Deleted: keepFinalSnapshot,
		Latency: clusterLatency, LatencyOf: clusterTimes,
	}
}

var clusterLatency = model.Latency{
	Create: model.Seconds(50, 40, 90), Update: model.Seconds(60, 30, 300), Delete: model.Seconds(180, 60, 780),
	Source: "creation: logs of real deployments; update and deletion, with the final snapshot: estimate",
}

// clusterTimes are longer where a cluster may go to another major version, which takes 10 to 30 minutes (estimate).
func clusterTimes(attributes world.Object) model.Latency {
	times := clusterLatency
	if attributes["allow_major_version_upgrade"] == true {
		times.Update = model.Seconds(900, 600, 1800)
	}
	return times
}

// databaseName settles the identifier of a database; the provider begins the ones that it invents with tf-.
func databaseName(c *model.Call, attribute, prefix string) string {
	if model.IsUnset(c.Object[attribute]) && model.IsUnset(c.Object[prefix]) {
		c.Object[prefix] = "tf-"
	}
	return c.Name(attribute, prefix)
}

func clusterEngineMode(c *model.Call) *world.Error {
	mode := c.String("engine_mode")
	switch {
	case mode == "serverless":
		return world.Fail("InvalidParameterValue", "The engine mode serverless you requested is currently unavailable.")
	case len(c.Blocks("serverlessv2_scaling_configuration")) > 0 && mode != "" && mode != "provisioned":
		return world.Fail("InvalidParameterCombination", "Aurora Serverless v2 isn't supported for engine mode %s.", mode) // unverified text
	}
	return nil
}

// serverlessCapacity holds the capacity of Aurora Serverless v2 to half steps between its bounds, and to versions that have it.
func serverlessCapacity(c *model.Call) *world.Error {
	if len(c.Blocks("serverlessv2_scaling_configuration")) == 0 {
		return nil
	}
	engine := c.String("engine")
	version, _ := facts.EngineVersion(engine, c.String("engine_version"))
	if !facts.HasServerless(engine, version) {
		// unverified text
		return world.Fail("InvalidParameterCombination", "Aurora Serverless v2 isn't supported for DB engine %s version %s.", engine, version)
	}
	least, _ := c.Number("serverlessv2_scaling_configuration.min_capacity")
	most, _ := c.Number("serverlessv2_scaling_configuration.max_capacity")
	for _, capacity := range []float64{least, most} {
		if capacity*2 != float64(int(capacity*2)) {
			return world.Fail("InvalidParameterValue", "Serverless v2 capacity value %s is not valid. It must be a multiple of 0.5.",
				model.FormatNumber(capacity))
		}
	}
	pause, pauses := c.Number("serverlessv2_scaling_configuration.seconds_until_auto_pause")
	switch {
	case least < 0 || least > 256:
		// unverified text
		return world.Fail("InvalidParameterValue", "Serverless v2 minimum capacity %s is not valid. It must be between 0 and 256.",
			model.FormatNumber(least))
	case most < 1 || most > 256:
		// unverified text
		return world.Fail("InvalidParameterValue", "Serverless v2 maximum capacity %s is not valid. It must be between 1 and 256.",
			model.FormatNumber(most))
	case least > most:
		return world.Fail("InvalidParameterValue", "Serverless v2 minimum capacity must be less than or equal to maximum capacity.")
	case least == 0 && !facts.CanPause(engine, version):
		// unverified text
		return world.Fail("InvalidParameterValue", "Serverless v2 minimum capacity 0 isn't supported for engine version %s.", version)
	case pauses && pause > 0 && least > 0:
		return world.Fail("InvalidParameterCombination", "SecondsUntilAutoPause can only be specified when minimum capacity is 0.")
	case pauses && pause > 0 && (pause < 300 || pause > 86400):
		// unverified text
		return world.Fail("InvalidParameterValue", "SecondsUntilAutoPause %s is not valid. It must be between 300 and 86400.",
			model.FormatNumber(pause))
	}
	return nil
}

// auroraOnly refuses arguments that belong to Multi-AZ clusters, whose instances RDS makes itself.
func auroraOnly(c *model.Call) *world.Error {
	if !strings.HasPrefix(c.String("engine"), "aurora-") {
		return nil
	}
	for _, pair := range [][2]string{{"allocated_storage", "AllocatedStorage"}, {"iops", "Iops"}} {
		if n, ok := c.Number(pair[0]); ok && n > 0 && (c.Creating() || c.Changed(pair[0])) {
			return world.Fail("InvalidParameterCombination", "%s isn't supported for DB engine %s.", pair[1], c.String("engine"))
		}
	}
	if c.String("db_cluster_instance_class") != "" {
		return world.Fail("InvalidParameterCombination", "DBClusterInstanceClass isn't supported for DB engine %s.", c.String("engine"))
	}
	if storage := c.String("storage_type"); storage != "" && storage != "aurora" && storage != "aurora-iopt1" {
		return world.Fail("InvalidParameterCombination", "You can't use the %s storage type.", storage)
	}
	return nil
}

func auroraZones(c *model.Call) *world.Error {
	asked := c.Strings("availability_zones")
	if len(asked) > 3 {
		return world.Fail("InvalidParameterValue", "You cannot specify more than 3 availability zones.")
	}
	for _, zone := range asked {
		if c.World.ZoneID(c.Region, zone) == "" {
			// unverified text
			return world.Fail("InvalidVPCNetworkStateFault", "Availability zone '%s' is unavailable in this region, please choose another zone set.",
				zone)
		}
	}
	return nil
}

func clusterLogs(c *model.Call) *world.Error {
	if c.String("engine") != auroraPostgreSQL {
		return nil
	}
	version, _ := facts.EngineVersion(auroraPostgreSQL, c.String("engine_version"))
	for _, log := range c.Strings("enabled_cloudwatch_logs_exports") {
		if !slices.Contains([]string{"postgresql", "instance", "iam-db-auth-error"}, log) {
			return world.Fail("InvalidParameterCombination",
				"You cannot use the log types '%s' with engine version %s %s. For supported log types, see the documentation.", log,
				auroraPostgreSQL, version)
		}
	}
	return nil
}

func fillAurora(c *model.Call) {
	engine := c.String("engine")
	version, _ := facts.EngineVersion(engine, c.String("engine_version"))
	c.Set("cluster_identifier", c.ID)
	c.Set("cluster_identifier_prefix", "")
	c.Set("arn", c.ARN("rds", "cluster:"+c.ID))
	c.Set("cluster_resource_id", "cluster-"+c.Upper(26))
	suffix := databaseSuffix(c)
	c.Set("endpoint", c.ID+".cluster-"+suffix)
	c.Set("reader_endpoint", c.ID+".cluster-ro-"+suffix)
	c.Set("hosted_zone_id", databaseZone(c))
	c.Set("engine_version", version)
	settleVersion(c, version)
	c.Set("engine_lifecycle_support", "open-source-rds-extended-support")
	if c.Creating() {
		c.Force("availability_zones", storageZones(c))
	}
	c.Set("db_subnet_group_name", "default")
	c.Set("db_cluster_parameter_group_name", "default."+parameterFamily(engine, version))
	c.Set("port", defaultDatabasePort(engine))
	c.Set("allocated_storage", 1.0)
	c.Set("backup_retention_period", 1.0)
	c.Set("cluster_scalability_type", "standard")
	c.Set("database_insights_mode", "standard")
	c.Set("network_type", "IPV4")
	c.Set("upgrade_rollout_order", "second")
	c.Set("auto_minor_version_upgrade", true)
	fillRestored(c)
	c.Set("storage_encrypted", false)
	c.Set("cluster_members", []any{})
	c.Set("iam_roles", []any{})
	c.Set("vpc_security_group_ids", defaultGroupOf(c))
	c.Set("kms_key_id", databaseDefaultKey(c))
	model.FillWindows(c, "preferred_backup_window", "preferred_maintenance_window")
	fillMasterSecret(c, "cluster", "master_username")
	makeDatabaseLogs(c, "cluster", c.ID)
	c.SetEach("", "storage_type", "database_name", "db_system_id", "monitoring_role_arn", "performance_insights_kms_key_id",
		"ca_certificate_identifier", "ca_certificate_valid_till", "master_username")
	c.SetEach(0.0, "monitoring_interval", "performance_insights_retention_period")
	c.Set("apply_immediately", nil) // an argument of Terraform's alone
	pause := 0.0
	if least, ok := c.Number("serverlessv2_scaling_configuration.min_capacity"); ok && least == 0 {
		pause = 300
	}
	c.SetIn("serverlessv2_scaling_configuration", "seconds_until_auto_pause", pause)
}

// storageZones are the three zones that hold the cluster's storage, as Aurora completes fewer by itself (AWS documentation: the parameter
// AvailabilityZones of CreateDBCluster; the provider then plans a replacement, as its documentation says): those that are written first,
// then those of its subnets.
func storageZones(c *model.Call) []any {
	names := c.Strings("availability_zones")
	if group := c.Find("aws_db_subnet_group", c.String("db_subnet_group_name")); group != nil {
		for _, zone := range c.Zones(model.Strings(group.Attributes, "subnet_ids")) {
			if !slices.Contains(names, zone) {
				names = append(names, zone)
			}
		}
	}
	for _, zone := range c.World.Zones(c.Region) {
		if !slices.Contains(names, zone.Name) {
			names = append(names, zone.Name)
		}
	}
	names = names[:min(3, len(names))]
	zones := make([]any, len(names))
	for i, name := range names {
		zones[i] = name
	}
	return zones
}

// members are the identifiers of a cluster's instances.
func members(c *model.Call) []any {
	ids := []any{}
	for _, instance := range c.All("aws_rds_cluster_instance") {
		if instance.String("cluster_identifier") == c.ID {
			ids = append(ids, instance.ID)
		}
	}
	return ids
}

func clusterEndpoint() *model.Type {
	return &model.Type{
		Name: "aws_rds_cluster_endpoint", API: api, Noun: "RDS Cluster Endpoint",
		CreateCall: "CreateDBClusterEndpoint", UpdateCall: "ModifyDBClusterEndpoint", DeleteCall: "DeleteDBClusterEndpoint",
		Identify: model.IDFrom("cluster_endpoint_identifier"),
		References: []model.Reference{
			{Path: "cluster_identifier", To: []string{"aws_rds_cluster"}, Inside: true, Missing: auroraMissing},
			{Path: "static_members", To: []string{"aws_rds_cluster_instance"}, Weak: true, Missing: instanceMissing},
			{Path: "excluded_members", To: []string{"aws_rds_cluster_instance"}, Weak: true, Missing: instanceMissing},
		},
		Unique: []model.Unique{{Attribute: "cluster_endpoint_identifier", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("DBClusterEndpointAlreadyExistsFault", "DB Cluster Endpoint already exists") // unverified text
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				return validIdentifier("DBClusterEndpointIdentifier", c.String("cluster_endpoint_identifier"), 63)
			},
			model.OneOf("InvalidParameterValue", "custom_endpoint_type", "customEndpointType", "READER", "ANY"),
		},
		Replace: model.ReplacedBy("cluster_identifier", "cluster_endpoint_identifier"),
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("rds", "cluster-endpoint:"+c.ID))
			cluster := c.Find("aws_rds_cluster", c.String("cluster_identifier"))
			_, domain, _ := strings.Cut(cluster.String("endpoint"), ".cluster-")
			c.Set("endpoint", fmt.Sprintf("%s.cluster-custom-%s", c.ID, domain))
		},
		Latency: model.Latency{Create: model.Seconds(30, 10, 60), Update: model.Seconds(30, 10, 60), Delete: model.Seconds(30, 10, 60),
			Source: "estimate"},
	}
}

func auroraMissing(id string) *world.Error {
	return world.NotFound("DBClusterNotFoundFault", "DBCluster %s not found.", id)
}

func instanceMissing(id string) *world.Error {
	return world.NotFound("DBInstanceNotFound", "DBInstance %s not found.", id)
}
