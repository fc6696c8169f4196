package rds

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

func clusterInstance() *model.Type {
	return &model.Type{
		Name: "aws_rds_cluster_instance", API: api, Noun: "RDS Cluster Instance",
		CreateCall: "CreateDBInstance", UpdateCall: "ModifyDBInstance", DeleteCall: "DeleteDBInstance",
		Identify: func(c *model.Call) string { return strings.ToLower(databaseName(c, "identifier", "identifier_prefix")) },
		References: append(dbReferences(),
			model.Reference{Path: "cluster_identifier", To: []string{"aws_rds_cluster"}, Missing: auroraMissing},
			model.Reference{
				Path: "db_parameter_group_name", To: []string{"aws_db_parameter_group"}, By: "name",
				Missing: parameterGroupMissing("DBParameterGroupNotFound", "DBParameterGroup not found: %s"),
			}),
		Unique: []model.Unique{{Attribute: "identifier", FoldCase: true, Taken: instanceTaken}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				return validIdentifier("DBInstanceIdentifier", databaseName(c, "identifier", "identifier_prefix"), 63)
			},
			instanceNotTaken("aws_db_instance"), memberEngine, memberClass, memberZone, memberCount, promotionTier,
			databaseWindows("preferred_backup_window", "preferred_maintenance_window"), databaseKey("performance_insights_kms_key_id"),
			func(c *model.Call) *world.Error {
				return parameterGroupFits(c, "db_parameter_group_name", "aws_db_parameter_group", clusterOf(c).String("engine_version_actual"))
			},
			databaseMonitoring,
		},
		Launch: memberLaunch,
		Fill:   fillClusterInstance,
		Refresh: func(c *model.Call) {
			if cluster := clusterOf(c); cluster != nil {
				showMemberVersion(c, cluster)
				c.Force("writer", writerOf(c, cluster.ID) == c.ID)
			}
		},
		Latency: model.Latency{Create: model.Seconds(400, 300, 741), Update: model.Seconds(120, 30, 600), Delete: model.Seconds(480, 300, 720),
			Source: "creation: logs of real deployments (6 min 21 s, 12 min 21 s); update and deletion: estimate"},
	}
}

func instanceTaken(*model.Call, string) *world.Error {
	return world.Fail("DBInstanceAlreadyExists", "DB instance already exists")
}

// instanceNotTaken refuses the identifier of an instance of the other Terraform type: RDS has one name space for both.
func instanceNotTaken(otherType string) model.Check {
	return func(c *model.Call) *world.Error {
		if c.Creating() && c.FindBy(otherType, "identifier", strings.ToLower(c.String("identifier"))) != nil {
			return instanceTaken(c, "")
		}
		return nil
	}
}

// clusterOf is the cluster of an instance; Admit has made sure that there is one.
func clusterOf(c *model.Call) *world.Resource {
	return c.Find("aws_rds_cluster", c.String("cluster_identifier"))
}

func memberEngine(c *model.Call) *world.Error {
	if own, cluster := c.String("engine"), clusterOf(c).String("engine"); own != cluster {
		return world.Fail("InvalidParameterCombination",
			"The engine name requested for your DB instance (%s) doesn't match the engine name of your DB cluster (%s).", own, cluster)
	}
	return nil
}

// auroraClasses are the instance classes that Aurora PostgreSQL runs on (AWS documentation); sizes are checked by their form alone.
var auroraClasses = model.Expression(
	`^db\.(r5|r6g|r6gd|r6i|r6id|r7g|r7gd|r7i|r8g|r8gd|r8i|x2g)\.(large|xlarge|[0-9]{1,2}xlarge)$|^db\.(t3|t4g)\.(medium|large)$`)

func memberClass(c *model.Call) *world.Error {
	class, cluster := c.String("instance_class"), clusterOf(c)
	switch {
	case !strings.HasPrefix(class, "db."):
		return world.Fail("InvalidParameterValue", "Invalid DB Instance class: %s", class)
	case class == "db.serverless" && len(model.Every(cluster.Attributes, "serverlessv2_scaling_configuration")) == 0:
		return world.Fail("InvalidDBClusterStateFault",
			"Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.")
	case class != "db.serverless" && cluster.String("engine") == auroraPostgreSQL && !auroraClasses().MatchString(class):
		return unsupportedClass(class, auroraPostgreSQL, cluster.String("engine_version_actual"))
	}
	return nil
}

// memberZone holds an instance to the zones of its cluster's subnets.
func memberZone(c *model.Call) *world.Error {
	zone, covered := c.String("availability_zone"), memberZones(c)
	if zone == "" || len(covered) == 0 || slices.Contains(covered, zone) {
		return nil
	}
	return world.Fail("InvalidVPCNetworkStateFault",
		// unverified text
		"DB Subnet Group doesn't meet availability zone coverage requirement. Please add subnets to cover at least 2 availability zones. "+
			"Current coverage: %s", strings.Join(covered, ", "))
}

func memberZones(c *model.Call) []string {
	name := c.String("db_subnet_group_name")
	if cluster := clusterOf(c); name == "" && cluster != nil {
		name = cluster.String("db_subnet_group_name")
	}
	group := c.Find("aws_db_subnet_group", name)
	if group == nil {
		return nil
	}
	return c.Zones(model.Strings(group.Attributes, "subnet_ids"))
}

// memberCount holds a cluster to a writer and fifteen readers.
func memberCount(c *model.Call) *world.Error {
	if c.Creating() && len(membersOf(c, c.String("cluster_identifier"))) >= 16 {
		return world.Fail("InvalidDBClusterStateFault", "The DB cluster already has the maximum number of 15 Aurora Replicas.") // unverified text
	}
	return nil
}

func promotionTier(c *model.Call) *world.Error {
	if tier, ok := c.Number("promotion_tier"); ok && (tier < 0 || tier > 15) {
		// unverified text
		return world.Fail("InvalidParameterValue", "Invalid promotion tier: %s. It must be between 0 and 15.", model.FormatNumber(tier))
	}
	return nil
}

// membersOf lists the instances of a cluster in order of creation.
func membersOf(c *model.Call, cluster string) []*world.Resource {
	return slices.DeleteFunc(c.All("aws_rds_cluster_instance"), func(r *world.Resource) bool {
		return r.String("cluster_identifier") != cluster
	})
}

// writerOf is the instance that was made first: without a failover it stays the writer.
func writerOf(c *model.Call, cluster string) string {
	if all := membersOf(c, cluster); len(all) > 0 {
		return all[0].ID
	}
	return c.ID
}

func fillClusterInstance(c *model.Call) {
	cluster := clusterOf(c)
	c.Set("identifier", c.ID)
	c.Set("identifier_prefix", "")
	c.Set("arn", c.ARN("rds", "db:"+c.ID))
	c.Set("dbi_resource_id", "db-"+c.Upper(26))
	c.Set("endpoint", c.ID+"."+databaseSuffix(c))
	c.Set("ca_cert_identifier", "rds-ca-rsa2048-g1")
	c.Set("writer", writerOf(c, cluster.ID) == c.ID)
	for _, inherited := range []string{"engine_version", "engine_version_actual", "port", "storage_encrypted", "kms_key_id", "network_type",
		"db_subnet_group_name", "preferred_backup_window"} {
		c.Set(inherited, cluster.Attributes[inherited])
	}
	if zones := memberZones(c); len(zones) > 0 {
		c.Set("availability_zone", zones[len(membersOf(c, cluster.ID))%len(zones)])
	} else {
		c.Set("availability_zone", c.World.Zones(c.Region)[0].Name)
	}
	c.Set("db_parameter_group_name", "default."+parameterFamily(c.String("engine"), cluster.String("engine_version_actual")))
	model.FillWindows(c, "preferred_backup_window", "preferred_maintenance_window")
	fillInsights(c)
	c.Set("monitoring_role_arn", "")
	c.Set("publicly_accessible", false)
	c.Set("apply_immediately", nil) // an argument of Terraform's alone
	if c.Creating() {
		makeDatabaseInterface(c)
	}
}

// showMemberVersion shows the version that the cluster has come to, and with another major version the default parameter group of its
// family, which RDS gives to instances that have the default one.
func showMemberVersion(c *model.Call, cluster *world.Resource) {
	running, _ := c.Look(cluster)["engine_version_actual"].(string)
	c.Force("engine_version_actual", running)
	if own := c.String("engine_version"); own != running && !strings.HasPrefix(running, own+".") {
		c.Force("engine_version", running)
	}
	if strings.HasPrefix(c.String("db_parameter_group_name"), "default.") {
		c.Force("db_parameter_group_name", "default."+parameterFamily(c.String("engine"), running))
	}
}

// fillInsights settles Performance Insights, which is off unless asked for.
func fillInsights(c *model.Call) {
	c.Set("performance_insights_enabled", false)
	key, days := "", 0.0
	if c.Bool("performance_insights_enabled") {
		key, days = kms.ManagedKey(c, "rds"), 7
	}
	c.Set("performance_insights_kms_key_id", key)
	c.Set("performance_insights_retention_period", days)
}

// makeDatabaseInterface makes the network interface of a database instance, which holds its subnet and security groups back.
func makeDatabaseInterface(c *model.Call) {
	group := c.Find("aws_db_subnet_group", c.String("db_subnet_group_name"))
	if group == nil {
		return
	}
	for _, id := range model.Strings(group.Attributes, "subnet_ids") {
		if c.Zone(id) != c.String("availability_zone") {
			continue
		}
		groups := c.At("vpc_security_group_ids")
		if groups == nil {
			groups = clusterOf(c).Attributes["vpc_security_group_ids"]
		}
		eni := "eni-" + c.Hex(17, "interface")
		c.Make("aws_network_interface", eni, world.Object{
			"subnet_id": id, "security_groups": groups, "description": "RDSNetworkInterface", "interface_type": "interface", "owner_id": c.Account,
			"arn": c.ARN("ec2", "network-interface/"+eni), "private_ip": ec2.HostIn(c, id), "source_dest_check": true, "region": c.Region,
		})
		return
	}
}

// memberLaunch is what an instance of a cluster starts: where it is told to be, or in the next zone of its subnets that has room.
func memberLaunch(c *model.Call) model.Launch {
	if c.String("availability_zone") != "" {
		return databaseLaunch(c)
	}
	launch := launchDatabase(memberZones(c))
	launch.Elsewhere = func(room []string) {
		c.Set("availability_zone", room[len(membersOf(c, c.String("cluster_identifier")))%len(room)])
	}
	return launch
}
