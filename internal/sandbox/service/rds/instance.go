package rds

import (
	"fmt"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// instanceTypes declares RDS outside of Aurora: single database instances, snapshots and proxies.
func instanceTypes() []*model.Type {
	return []*model.Type{
		dbInstance(), databaseSnapshot("aws_db_cluster_snapshot", "aws_rds_cluster"), databaseSnapshot("aws_db_snapshot", "aws_db_instance"),
		dbProxy(),
	}
}

func dbInstance() *model.Type {
	return &model.Type{
		Name: "aws_db_instance", API: api, Noun: "RDS DB Instance",
		CreateCall: "CreateDBInstance", UpdateCall: "ModifyDBInstance", DeleteCall: "DeleteDBInstance",
		Identify: func(c *model.Call) string { return "db-" + c.Upper(26) },
		References: append(dbReferences(), model.Reference{
			Path: "parameter_group_name", To: []string{"aws_db_parameter_group"}, By: "name",
			Missing: parameterGroupMissing("DBParameterGroupNotFound", "DBParameterGroup not found: %s"),
		}),
		Unique: []model.Unique{{Attribute: "identifier", FoldCase: true, Taken: instanceTaken}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				return validIdentifier("DBInstanceIdentifier", databaseName(c, "identifier", "identifier_prefix"), 63)
			},
			instanceNotTaken("aws_rds_cluster_instance"), restoredFrom, restoredEngine,
			notAurora, offeredVersion, upgradePath, instanceClass, instanceStorage,
			masterUser("username", "password"), retention("backup_retention_period", 0, 35), databasePort,
			databaseWindows("backup_window", "maintenance_window"),
			databaseNetwork, databaseKey("kms_key_id"), databaseKey("master_user_secret_kms_key_id"), databaseKey("performance_insights_kms_key_id"),
			func(c *model.Call) *world.Error {
				version, _ := facts.EngineVersion(c.String("engine"), c.String("engine_version"))
				return parameterGroupFits(c, "parameter_group_name", "aws_db_parameter_group", version)
			},
			databaseMonitoring,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-7B6409FD", Service: "rds", Name: "DB instances", Default: 40},
			Exceeded: func() *world.Error {
				return world.Fail("InstanceQuotaExceeded", "DB Instance quota exceeded") // unverified text
			},
		}},
		// Measured: what replaces an instance.
		Replace: model.ReplacedBy("availability_zone", "backup_target", "character_set_name", "custom_iam_instance_profile", "db_name",
			"engine", "kms_key_id",
			"nchar_character_set_name", "snapshot_identifier", "storage_encrypted", "timezone", "username"),
		Recompute: map[string][]string{"engine_version_actual": {"engine_version"}, "master_user_secret": {"manage_master_user_password"},
			"address": {"identifier"}, "endpoint": {"identifier", "port"}, "arn": {"identifier"}},
		Launch:       databaseLaunch,
		Fill:         fillDatabase,
		BeforeDelete: []model.Check{deletionProtection, finalSnapshot},
		Deleted:      keepFinalSnapshot,
		ImportBy:     func(c *model.Call, id string) *world.Resource { return c.FindBy("aws_db_instance", "identifier", id) },
		Latency: model.Latency{Create: model.Seconds(577, 300, 900), Update: model.Seconds(120, 30, 1200),
			Delete: model.Seconds(300, 120, 900), Source: "creation: a log of a real deployment (9 min 37 s); update and deletion: estimate"},
	}
}

// notAurora refuses an Aurora instance outside of a cluster.
func notAurora(c *model.Call) *world.Error {
	if strings.HasPrefix(c.String("engine"), "aurora-") {
		// unverified text
		return world.Fail("InvalidParameterCombination", "The DB instance must be part of a DB cluster for engine %s.", c.String("engine"))
	}
	return nil
}

// instanceClasses are the classes that RDS for PostgreSQL runs on (AWS documentation); sizes are checked by their form alone.
var instanceClasses = model.Expression(
	`^db\.(t3|t4g)\.(micro|small|medium|large|xlarge|2xlarge)$|^db\.(m5d?|m6gd?|m6idn?|m6in?|m7gd?|m7i|m8gd?|r5b?d?|r6gd?|r6idn?|r6in?|r7gd?|r7i|r8gd?|x2g|x2idn|x2iedn|z1d)\.(large|[0-9]{0,2}xlarge)$`)

func instanceClass(c *model.Call) *world.Error {
	class, engine := c.String("instance_class"), c.String("engine")
	version, _ := facts.EngineVersion(engine, c.String("engine_version"))
	switch {
	case !strings.HasPrefix(class, "db."):
		return world.Fail("InvalidParameterValue", "Invalid DB Instance class: %s", class)
	case engine == postgreSQL && !instanceClasses().MatchString(class):
		return unsupportedClass(class, engine, version)
	}
	return nil
}

// instanceStorage holds storage to its kind's ranges, and to growth.
func instanceStorage(c *model.Call) *world.Error {
	kind := c.String("storage_type")
	if kind == "" {
		kind = "gp2"
	}
	size, given := c.Number("allocated_storage")
	before, _ := c.Prior["allocated_storage"].(float64)
	restored := c.String("snapshot_identifier") != "" || c.String("replicate_source_db") != "" || len(c.Blocks("restore_to_point_in_time")) > 0
	iops, hasIOPS := c.Number("iops")
	most, limited := c.Number("max_allocated_storage")
	least := map[string]float64{"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}[kind]
	switch {
	case least == 0:
		return world.Fail("InvalidParameterValue", "Invalid storage type: %s", kind)
	case !given && !restored:
		return world.Fail("InvalidParameterCombination", "AllocatedStorage must be specified.") // unverified text
	case given && (size < least || size > 65536):
		return world.Fail("InvalidParameterValue", "Invalid storage size for engine name %s and storage type %s: %s", c.String("engine"), kind,
			model.FormatNumber(size))
	case given && size < before:
		// unverified text
		return world.Fail("InvalidParameterCombination",
			"Invalid storage size. Storage size must be greater than or equal to the current storage size of %s.", model.FormatNumber(before))
	case limited && most != 0 && most < size*1.1:
		// unverified text
		return world.Fail("InvalidParameterCombination", "Max storage size must be greater than storage size by at least 10 percent.")
	case (kind == "io1" || kind == "io2") && !hasIOPS:
		return world.Fail("InvalidParameterCombination", "You must specify Iops when StorageType is set to %s.", kind)
	case kind == "gp3" && hasIOPS && iops > 0 && size < 400 && c.Creating():
		return world.Fail("InvalidParameterCombination",
			"You can't specify IOPS or storage throughput for engine %s and a storage size less than 400.", c.String("engine"))
	}
	return nil
}

// storagePerformance is what gp3 storage has where nothing else is asked for: more from 400 GiB on, where RDS spreads it over four volumes.
// Source: "DB instance storage" in the user guide of RDS, for MySQL, MariaDB and PostgreSQL.
func storagePerformance(c *model.Call) (iops, throughput float64) {
	size, _ := c.Number("allocated_storage")
	switch {
	case c.String("storage_type") != "gp3":
		return 0, 0
	case size < 400:
		return 3000, 125
	}
	return 12000, 500
}

func fillDatabase(c *model.Call) {
	engine := c.String("engine")
	version, _ := facts.EngineVersion(engine, c.String("engine_version"))
	name := strings.ToLower(c.String("identifier"))
	port := defaultDatabasePort(engine)
	c.Set("port", port)
	if own, ok := c.Number("port"); ok {
		port = own
	}
	host := name + "." + databaseSuffix(c)
	c.Set("identifier_prefix", "")
	c.Set("arn", c.ARN("rds", "db:"+name))
	c.Set("resource_id", c.ID)
	c.Set("address", host)
	c.Set("endpoint", fmt.Sprintf("%s:%s", host, model.FormatNumber(port)))
	c.Set("hosted_zone_id", databaseZone(c))
	c.Set("status", "available")
	c.Set("engine_version", version)
	c.Set("engine_version_actual", version)
	c.Set("engine_lifecycle_support", "open-source-rds-extended-support")
	c.Set("license_model", map[bool]string{true: "postgresql-license", false: "general-public-license"}[engine == postgreSQL])
	c.Set("parameter_group_name", "default."+parameterFamily(engine, version))
	c.Set("option_group_name", optionGroup(engine, version))
	c.Set("db_subnet_group_name", "default")
	c.Set("availability_zone", instanceZone(c))
	c.Set("backup_target", "region")
	c.Set("ca_cert_identifier", "rds-ca-rsa2048-g1")
	c.Set("database_insights_mode", "standard")
	c.Set("network_type", "IPV4")
	c.Set("storage_type", "gp2")
	c.Set("upgrade_rollout_order", "second")
	c.Set("multi_az", false)
	c.Set("vpc_security_group_ids", defaultGroupOf(c))
	fillRestored(c)
	c.Set("kms_key_id", databaseDefaultKey(c))
	c.Set("latest_restorable_time", c.World.Now().Format(time.RFC3339))
	c.Set("listener_endpoint", []any{})
	c.Set("replicas", []any{})
	c.SetEach(0.0, "backup_retention_period", "allocated_storage")
	iops, throughput := storagePerformance(c)
	c.Set("iops", iops)
	c.Set("storage_throughput", throughput)
	model.FillWindows(c, "backup_window", "maintenance_window")
	fillInsights(c)
	fillMasterSecret(c, "db", "username")
	makeDatabaseLogs(c, "instance", name)
	c.SetEach("", "character_set_name", "db_name", "domain_fqdn", "monitoring_role_arn", "nchar_character_set_name", "replica_mode",
		"snapshot_identifier", "timezone", "username", "engine")
	if c.Creating() {
		makeDatabaseInterface(c)
	}
}

// instanceZone is a zone of the subnet group.
func instanceZone(c *model.Call) string {
	if group := c.Find("aws_db_subnet_group", c.String("db_subnet_group_name")); group != nil {
		zones := c.Zones(model.Strings(group.Attributes, "subnet_ids"))
		return zones[len(c.All("aws_db_instance"))%len(zones)]
	}
	return c.World.Zones(c.Region)[0].Name
}

// databaseSnapshot declares one of the two kinds of snapshots that users take.
func databaseSnapshot(name, source string) *model.Type {
	kind, idArgument, sourceArgument, by := "DBClusterSnapshot", "db_cluster_snapshot_identifier", "db_cluster_identifier",
		"cluster_identifier"
	absent := auroraMissing
	if source == "aws_db_instance" {
		kind, idArgument, sourceArgument, by = "DBSnapshot", "db_snapshot_identifier", "db_instance_identifier", "identifier"
		absent = instanceMissing
	}
	return &model.Type{
		Name: name, API: api, Noun: "RDS " + strings.Replace(kind, "DB", "DB ", 1),
		CreateCall: "Create" + kind, UpdateCall: "AddTagsToResource", DeleteCall: "Delete" + kind,
		Identify:   model.IDFrom(idArgument),
		References: []model.Reference{{Path: sourceArgument, To: []string{source}, By: by, Weak: true, Missing: absent}},
		Unique: []model.Unique{{Attribute: idArgument, FoldCase: true, Taken: func(_ *model.Call, id string) *world.Error {
			return world.Fail(map[bool]string{true: "DBClusterSnapshotAlreadyExistsFault",
				false: "DBSnapshotAlreadyExists"}[source == "aws_rds_cluster"],
				"Cannot create the snapshot because a snapshot with the identifier %s already exists.", id)
		}}},
		Checks:  []model.Check{func(c *model.Call) *world.Error { return validIdentifier(kind+"Identifier", c.String(idArgument), 255) }},
		Replace: model.ReplacedBy(idArgument, sourceArgument),
		Fill: func(c *model.Call) {
			origin := c.FindBy(source, by, c.String(sourceArgument))
			if origin == nil {
				return // it was deleted, and the snapshot keeps what it has
			}
			for attribute, value := range snapshotOf(c, origin, c.ID) {
				c.Set(attribute, value)
			}
		},
		Latency: model.Latency{Create: model.Seconds(120, 30, 900), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(10, 1, 60),
			Source: "estimate"},
	}
}

func dbProxy() *model.Type {
	return &model.Type{
		Name: "aws_db_proxy", API: api, Noun: "RDS DB Proxy",
		CreateCall: "CreateDBProxy", UpdateCall: "ModifyDBProxy", DeleteCall: "DeleteDBProxy",
		Identify: model.IDFrom("name"),
		References: []model.Reference{
			{Path: "vpc_subnet_ids", To: []string{"aws_subnet"}, Missing: func(id string) *world.Error { return invalidGroupSubnet(id) }},
			{Path: "vpc_security_group_ids", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidParameterValue", "Invalid security group , groupId= %s, groupName=.")},
			// unverified text
			{Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn", Weak: true,
				Missing: model.Missing("InvalidParameterValue", "IAM role %s does not exist")},
			// unverified text
			{Path: "auth.secret_arn", To: []string{"aws_secretsmanager_secret"}, By: "arn", Weak: true,
				Missing: model.Missing("InvalidParameterValue", "Secrets Manager secret %s does not exist")},
		},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DBProxyAlreadyExistsFault", "DB Proxy %s already exists.", name) // unverified text
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error { return validIdentifier("DBProxyName", c.String("name"), 63) },
			model.OneOf("InvalidParameterValue", "engine_family", "engineFamily", "MYSQL", "POSTGRESQL", "SQLSERVER"),
			model.Between("InvalidParameterValue", "idle_client_timeout", "idleClientTimeout", 1, 28800),
			func(c *model.Call) *world.Error {
				if zones := c.Zones(c.Strings("vpc_subnet_ids")); len(zones) < 2 {
					return world.Fail("InvalidSubnet", "The DB proxy's subnets must be in at least two Availability Zones.") // unverified text
				}
				if role := c.FindBy("aws_iam_role", "arn", c.String("role_arn")); role != nil && !principal.Trusts(role, "rds.amazonaws.com") {
					// unverified text
					return world.Fail("InvalidParameterValue", "RDS is not authorized to assume service-linked role %s", c.String("role_arn"))
				}
				return nil
			},
		},
		Replace: model.ReplacedBy("engine_family", "vpc_subnet_ids"),
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("rds", "db-proxy:prx-"+c.Hex(17)))
			c.Set("endpoint", c.ID+".proxy-"+databaseSuffix(c))
			c.Set("endpoint_network_type", "IPV4")
			c.Set("target_connection_network_type", "IPV4")
			c.Set("default_auth_scheme", "NONE")
			c.Set("idle_client_timeout", 1800.0)
			c.Set("vpc_security_group_ids", []any{})
			client := map[string]string{"MYSQL": "MYSQL_CACHING_SHA2_PASSWORD", "POSTGRESQL": "POSTGRES_SCRAM_SHA_256",
				"SQLSERVER": "SQL_SERVER_AUTHENTICATION"}
			c.SetIn("auth", "client_password_auth_type", client[c.String("engine_family")])
		},
		Latency: model.Latency{Create: model.Seconds(600, 300, 900), Update: model.Seconds(60, 10, 300), Delete: model.Seconds(300, 60, 600),
			Source: "estimate"},
	}
}
