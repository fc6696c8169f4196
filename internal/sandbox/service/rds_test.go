package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// aurora is a valid Aurora cluster; change overrides its arguments.
func aurora(change object) object {
	return merged(object{
		"cluster_identifier": "coder", "engine": "aurora-postgresql", "engine_version": "17.7",
		"master_username": "coder", "manage_master_user_password": true, "skip_final_snapshot": true,
		"serverlessv2_scaling_configuration": []object{{"min_capacity": 0.5, "max_capacity": 4}},
	}, change)
}

// capacity is the argument for a range of Aurora capacity units.
func capacity(least, most float64) object {
	return object{"serverlessv2_scaling_configuration": []object{{"min_capacity": least, "max_capacity": most}}}
}

// creates is a rule's scene without anything made before.
func creates(typeName string, config object) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(*testing.T, *sandboxtest.Driver) (string, object) { return typeName, config }
}

func TestAuroraCluster(t *testing.T) {
	cluster := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_rds_cluster", aurora(change))
	}
	check(t, []rule{
		{name: "a cluster", given: cluster(nil)},
		{name: "storage in two zones, which Aurora completes to three",
			given: cluster(object{"availability_zones": []any{"us-east-1b", "us-east-1f"}})},
		{name: "capacity from 0.5 to 256", given: cluster(capacity(0.5, 256))},
		{name: "capacity from zero, which pauses", given: cluster(capacity(0, 1))},
		{name: "capacity in thirds", given: cluster(capacity(0.3, 4)),
			refused: "InvalidParameterValue: Serverless v2 capacity value 0.3 is not valid. It must be a multiple of 0.5."},
		{name: "a maximum not in half steps", given: cluster(capacity(0.5, 1.2)),
			refused: "InvalidParameterValue: Serverless v2 capacity value 1.2 is not valid."},
		{name: "a minimum above the maximum", given: cluster(capacity(4, 2)),
			refused: "InvalidParameterValue: Serverless v2 minimum capacity must be less than or equal to maximum capacity."},
		{name: "a maximum below 1", given: cluster(capacity(0.5, 0.5)),
			refused: "InvalidParameterValue: Serverless v2 maximum capacity 0.5 is not valid."},
		{name: "a maximum above 256", given: cluster(capacity(0.5, 256.5)),
			refused: "InvalidParameterValue: Serverless v2 maximum capacity 256.5 is not valid."},
		{name: "a negative minimum", given: cluster(capacity(-1, 4)),
			refused: "InvalidParameterValue: Serverless v2 minimum capacity -1 is not valid."},
		{name: "capacity from zero in a version that cannot pause", given: cluster(merged(capacity(0, 1), object{"engine_version": "13.9"})),
			refused: "Serverless v2 minimum capacity 0 isn't supported for engine version"},
		{name: "a pause at zero capacity",
			given: cluster(object{"serverlessv2_scaling_configuration": []object{
				{"min_capacity": 0, "max_capacity": 4, "seconds_until_auto_pause": 300}}})},
		{name: "a pause above zero capacity",
			refused: "InvalidParameterCombination: SecondsUntilAutoPause can only be specified when minimum capacity is 0.",
			given: cluster(
				object{"serverlessv2_scaling_configuration": []object{{"min_capacity": 0.5, "max_capacity": 4, "seconds_until_auto_pause": 300}}})},
		{name: "a major version alone", given: cluster(object{"engine_version": "16"})},
		{name: "a version that was withdrawn", given: cluster(object{"engine_version": "16.3"}),
			refused: "InvalidParameterCombination: Cannot find version 16.3 for aurora-postgresql"},
		{name: "a version before Serverless v2", given: cluster(object{"engine_version": "12.22"}),
			refused: "InvalidParameterCombination: Aurora Serverless v2 isn't supported for DB engine aurora-postgresql version 12.22."},
		{name: "an old version without Serverless v2",
			given: cluster(object{"engine_version": "12.22", "serverlessv2_scaling_configuration": nil})},
		{name: "an engine that RDS does not have", given: cluster(object{"engine": "aurora-oracle"}),
			refused: "InvalidParameterValue: Invalid DB engine: aurora-oracle"},
		{name: "Serverless v1", given: cluster(object{"engine_mode": "serverless"}),
			refused: "The engine mode serverless you requested is currently unavailable."},
		{name: "retention of 1 day", given: cluster(object{"backup_retention_period": 1})},
		{name: "retention of 35 days", given: cluster(object{"backup_retention_period": 35})},
		{name: "retention of 0 days", given: cluster(object{"backup_retention_period": 0}),
			refused: "InvalidParameterValue: Invalid backup retention period: 0. Retention period must be between 1 and 35"},
		{name: "retention of 36 days", given: cluster(object{"backup_retention_period": 36}),
			refused: "InvalidParameterValue: Invalid backup retention period: 36. Retention period must be between 1 and 35"},
		{name: "a name of 63 characters", given: cluster(object{"cluster_identifier": text(63)})},
		{name: "a name of 64 characters", given: cluster(object{"cluster_identifier": text(64)}),
			refused: "InvalidParameterValue: The parameter DBClusterIdentifier is not a valid identifier because it is longer than 63 characters."},
		{name: "a name that begins with a digit", given: cluster(object{"cluster_identifier": "1a"}),
			refused: "InvalidParameterValue: The parameter DBClusterIdentifier is not a valid identifier. Identifiers must begin with a letter"},
		{name: "a name with two hyphens in a row", given: cluster(object{"cluster_identifier": "a--b"}),
			refused: "The parameter DBClusterIdentifier is not a valid identifier."},
		{name: "a name that ends in a hyphen", given: cluster(object{"cluster_identifier": "a-"}),
			refused: "The parameter DBClusterIdentifier is not a valid identifier."},
		{name: "the same name twice, in other letters", refused: "DBClusterAlreadyExistsFault: DB Cluster already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_rds_cluster", aurora(nil))
				return "aws_rds_cluster", aurora(object{"cluster_identifier": "CODER"})
			}},
		{name: "a reserved master user", given: cluster(object{"master_username": "admin"}),
			refused: "InvalidParameterValue: MasterUsername admin cannot be used as it is a reserved word used by the engine"},
		{name: "a password beside a managed one", given: cluster(object{"master_password": "correcthorse"}),
			refused: "InvalidParameterCombination: You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."},
		{name: "no password", given: cluster(object{"manage_master_user_password": nil}),
			refused: "InvalidParameterValue: The parameter MasterUserPassword must be provided and must not be blank."},
		{name: "a short password", given: cluster(object{"manage_master_user_password": nil, "master_password": "secret"}),
			refused: "it is shorter than 8 characters"},
		{name: "a password with a slash", given: cluster(object{"manage_master_user_password": nil, "master_password": "a/bcdefgh"}),
			refused: "Only printable ASCII characters besides"},
		{name: "a port below 1150", given: cluster(object{"port": 1000}),
			refused: "InvalidParameterValue: Invalid endpoint port 1000. Valid range is: 1150-65535"},
		{name: "four zones", given: cluster(object{"availability_zones": []string{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"}}),
			refused: "You cannot specify more than 3 availability zones."},
		{name: "a zone of another region", given: cluster(object{"availability_zones": []string{"eu-west-1a"}}),
			refused: "InvalidVPCNetworkStateFault"},
		{name: "storage of a Multi-AZ cluster", given: cluster(object{"allocated_storage": 100}),
			refused: "InvalidParameterCombination: AllocatedStorage isn't supported for DB engine aurora-postgresql."},
		{name: "storage that Aurora does not have", given: cluster(object{"storage_type": "gp3"}),
			refused: "InvalidParameterCombination: You can't use the gp3 storage type."},
		{name: "storage that is optimized for input and output", given: cluster(object{"storage_type": "aurora-iopt1"})},
		{name: "a log that Aurora does not write", given: cluster(object{"enabled_cloudwatch_logs_exports": []string{"general"}}),
			refused: "InvalidParameterCombination: You cannot use the log types 'general' with engine version aurora-postgresql 17.7."},
		{name: "windows apart",
			given: cluster(object{"preferred_backup_window": "03:00-04:00", "preferred_maintenance_window": "sun:04:00-sun:05:00"})},
		{name: "windows that overlap",
			given:   cluster(object{"preferred_backup_window": "03:00-04:00", "preferred_maintenance_window": "sun:03:30-sun:05:00"}),
			refused: "InvalidParameterCombination: The backup window and maintenance window must not overlap."},
		{name: "windows that overlap over the end of the week",
			given:   cluster(object{"preferred_backup_window": "23:45-00:15", "preferred_maintenance_window": "sun:23:00-mon:00:05"}),
			refused: "The backup window and maintenance window must not overlap."},
		{name: "a window of ten minutes", given: cluster(object{"preferred_backup_window": "03:00-03:10"}),
			refused: "InvalidParameterValue: Invalid backup window: 03:00-03:10."},
		{name: "a week's window of half an hour", given: cluster(object{"preferred_maintenance_window": "sun:04:00-sun:04:30"})},
		{name: "a week's window of 29 minutes", given: cluster(object{"preferred_maintenance_window": "sun:04:00-sun:04:29"}),
			refused: "InvalidParameterValue: Invalid maintenance window: sun:04:00-sun:04:29."},
		{name: "a subnet group that does not exist", given: cluster(object{"db_subnet_group_name": "none"}),
			refused: "DBSubnetGroupNotFoundFault: DB subnet group 'none' does not exist."},
		{name: "a key that does not exist",
			given:   cluster(object{"storage_encrypted": true, "kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/0"}),
			refused: "KMSKeyNotAccessibleFault: Specified KMS key [arn:aws:kms:us-east-1:123456789012:key/0] does not exist"},
		{name: "a parameter group that does not exist", given: cluster(object{"db_cluster_parameter_group_name": "none"}),
			refused: "DBClusterParameterGroupNotFound"},
		{name: "the default parameter group", given: cluster(object{"db_cluster_parameter_group_name": "default.aurora-postgresql17"})},
		{name: "a parameter group of another version",
			refused: "The Parameter Group old with DBParameterGroupFamily aurora-postgresql16 can't be used for this instance. Please use a " +
				"Parameter Group with DBParameterGroupFamily aurora-postgresql17",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_rds_cluster_parameter_group", object{"name": "old", "family": "aurora-postgresql16"})
				return "aws_rds_cluster", aurora(object{"db_cluster_parameter_group_name": "old"})
			}},
		{name: "a security group of another VPC", refused: "The DB instance and EC2 security group are in different VPCs.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				group := subnetGroupIn(t, d)
				other := d.MustCreate(t, "aws_security_group", object{"name": "other", "vpc_id": vpcOf(t, d)})
				return "aws_rds_cluster", aurora(object{"db_subnet_group_name": group["id"], "vpc_security_group_ids": []any{other["id"]}})
			}},
		{name: "the 41st cluster", refused: "DBClusterQuotaExceededFault",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				for i := range 40 {
					d.MustCreate(t, "aws_rds_cluster", aurora(object{"cluster_identifier": text(i + 1)}))
				}
				return "aws_rds_cluster", aurora(nil)
			}},
	})
}

func subnetGroupIn(t *testing.T, d *sandboxtest.Driver) object {
	t.Helper()
	n := networkIn(t, d, 2)
	return d.MustCreate(t, "aws_db_subnet_group", object{"name": "coder", "subnet_ids": []any{n.subnets[0]["id"], n.subnets[1]["id"]}})
}

func TestDatabaseGroups(t *testing.T) {
	subnetGroup := func(name string, zones int) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			ids := []any{}
			for _, subnet := range networkIn(t, d, zones).subnets {
				ids = append(ids, subnet["id"])
			}
			return "aws_db_subnet_group", object{"name": name, "subnet_ids": ids}
		}
	}
	parameter := func(name, family string, parameters ...object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_rds_cluster_parameter_group", object{"name": name, "family": family, "parameter": parameters})
	}
	check(t, []rule{
		{name: "a subnet group over two zones", given: subnetGroup("coder", 2)},
		{name: "a subnet group over one zone", given: subnetGroup("coder", 1),
			refused: "DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current " +
				"AZ coverage: us-east-1a. Add subnets to cover at least 2 AZs."},
		{name: "a subnet group of the reserved name", given: subnetGroup("default", 2),
			refused: "InvalidParameterValue: The parameter DBSubnetGroupName is not a valid identifier."},
		{name: "a subnet group with a slash in its name", given: subnetGroup("a/b", 2),
			refused: "The parameter DBSubnetGroupName is not a valid identifier."},
		{name: "a subnet group of 256 characters", given: subnetGroup(text(256), 2),
			refused: "The parameter DBSubnetGroupName is not a valid identifier."},
		{name: "a subnet group over two VPCs", refused: "InvalidSubnet: The requested subnet",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_db_subnet_group",
					object{"name": "coder", "subnet_ids": []any{networkIn(t, d, 2).subnets[0]["id"], networkIn(t, d, 2).subnets[1]["id"]}}
			}},
		{name: "a subnet group of a subnet that does not exist",
			given:   creates("aws_db_subnet_group", object{"name": "coder", "subnet_ids": []string{"subnet-0"}}),
			refused: "InvalidSubnet: The requested subnet subnet-0 is invalid"},
		{name: "a second subnet group of one name", refused: "DBSubnetGroupAlreadyExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				group := subnetGroupIn(t, d)
				return "aws_db_subnet_group", object{"name": "coder", "subnet_ids": group["subnet_ids"]}
			}},
		{name: "a parameter group", given: parameter("coder", "aurora-postgresql17", object{"name": "rds.force_ssl", "value": "1"})},
		{name: "a parameter group of a family that does not exist", given: parameter("coder", "aurora-postgresql99"),
			refused: "InvalidParameterValue: ParameterGroupFamily aurora-postgresql99 is not a valid parameter group family"},
		{name: "a static parameter at once",
			given:   parameter("coder", "aurora-postgresql17", object{"name": "shared_preload_libraries", "value": "pg_cron"}),
			refused: "InvalidParameterCombination: cannot use immediate apply method for static parameter"},
		{name: "a static parameter at the next restart", given: parameter("coder", "aurora-postgresql17",
			object{"name": "shared_preload_libraries", "value": "pg_cron", "apply_method": "pending-reboot"})},
		{name: "a parameter group that ends in a hyphen", given: parameter("coder-", "aurora-postgresql17"),
			refused: "The parameter DBClusterParameterGroupName is not a valid identifier."},
		{name: "a second parameter group of one name", refused: "DBParameterGroupAlreadyExists: Parameter group coder already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := parameter("coder", "aurora-postgresql17")(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
	})
}

// clusterIn makes a cluster in a subnet group over two zones.
func clusterIn(t *testing.T, d *sandboxtest.Driver, change object) object {
	t.Helper()
	return d.MustCreate(t, "aws_rds_cluster", aurora(merged(object{"db_subnet_group_name": subnetGroupIn(t, d)["id"]}, change)))
}

func TestAuroraInstance(t *testing.T) {
	instance := func(clusterChange, change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			cluster := clusterIn(t, d, clusterChange)
			return "aws_rds_cluster_instance", merged(object{
				"identifier": "coder-0", "cluster_identifier": cluster["id"], "engine": "aurora-postgresql", "instance_class": "db.serverless",
			}, change)
		}
	}
	monitored := func(service string, interval float64) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			role := d.MustCreate(t, "aws_iam_role", object{"name": "monitoring", "assume_role_policy": sandboxtest.JSON(object{
				"Version":   "2012-10-17",
				"Statement": []any{object{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{"Service": service}}}})})
			return instance(nil, object{"monitoring_interval": interval, "monitoring_role_arn": role["arn"]})(t, d)
		}
	}
	check(t, []rule{
		{name: "a serverless instance", given: instance(nil, nil)},
		{name: "a provisioned instance", given: instance(nil, object{"instance_class": "db.r6g.large"})},
		{name: "a serverless instance of a cluster without a capacity", given: instance(object{"serverlessv2_scaling_configuration": nil}, nil),
			refused: "InvalidDBClusterStateFault: Set the Serverless v2 scaling configuration on the parent DB cluster before creating a " +
				"Serverless v2 DB instance."},
		{name: "an instance class that Aurora does not run on", given: instance(nil, object{"instance_class": "db.t3.micro"}),
			refused: "InvalidParameterCombination: RDS does not support creating a DB instance with the following combination: " +
				"DBInstanceClass=db.t3.micro, Engine=aurora-postgresql, EngineVersion=17.7, LicenseModel=postgresql-license."},
		{name: "an instance class of EC2", given: instance(nil, object{"instance_class": "r6g.large"}),
			refused: "InvalidParameterValue: Invalid DB Instance class: r6g.large"},
		{name: "another engine than the cluster's", given: instance(nil, object{"engine": "aurora-mysql"}),
			refused: "The engine name requested for your DB instance (aurora-mysql) doesn't match the engine name of your DB cluster " +
				"(aurora-postgresql)."},
		{name: "a zone of the subnet group", given: instance(nil, object{"availability_zone": "us-east-1b"})},
		{name: "a zone outside the subnet group", given: instance(nil, object{"availability_zone": "us-east-1f"}),
			refused: "InvalidVPCNetworkStateFault"},
		{name: "a promotion tier above 15", given: instance(nil, object{"promotion_tier": 16}),
			refused: "InvalidParameterValue: Invalid promotion tier: 16."},
		{name: "monitoring without a role", given: instance(nil, object{"monitoring_interval": 60}),
			refused: "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."},
		{name: "monitoring by a role that RDS may assume", given: monitored("monitoring.rds.amazonaws.com", 60)},
		{name: "monitoring every 7 seconds", given: monitored("monitoring.rds.amazonaws.com", 7),
			refused: "InvalidParameterValue: Invalid monitoring interval: 7."},
		{name: "monitoring by a role of another service", given: monitored("ec2.amazonaws.com", 60),
			refused: "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"},
		{name: "Performance Insights kept for 8 days",
			given:   instance(nil, object{"performance_insights_enabled": true, "performance_insights_retention_period": 8}),
			refused: "Invalid Performance Insights retention period: 8."},
		{name: "an instance of no cluster", given: creates("aws_rds_cluster_instance",
			object{"cluster_identifier": "none", "engine": "aurora-postgresql", "instance_class": "db.serverless"}),
			refused: "DBClusterNotFoundFault: DBCluster none not found."},
		{name: "a second instance of one name", refused: "DBInstanceAlreadyExists: DB instance already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := instance(nil, nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
		{name: "a sixteenth reader", refused: "InvalidDBClusterStateFault",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := instance(nil, nil)(t, d)
				for i := range 16 {
					d.MustCreate(t, typeName, merged(config, object{"identifier": text(i + 1)}))
				}
				return typeName, config
			}},
	})
}

// TestAuroraLife follows a cluster from its creation to the snapshot that stays of it.
func TestAuroraLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := object{"engine_version": "16", "skip_final_snapshot": false, "final_snapshot_identifier": "last", "deletion_protection": true,
		"copy_tags_to_snapshot": true, "tags": object{"team": "dev"}}
	cluster := clusterIn(t, d, config)
	group, err := d.Import("aws_db_subnet_group", "coder")
	expect(t, err, "")
	config["db_subnet_group_name"] = group["id"]

	for attribute, want := range map[string]any{"engine_version": "16", "engine_version_actual": "16.11", "port": 5432.0,
		"backup_retention_period": 1.0, "arn": "arn:aws:rds:us-east-1:123456789012:cluster:coder"} {
		if diff := cmp.Diff(want, cluster[attribute]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", attribute, diff)
		}
	}
	secret, err := d.Import("aws_secretsmanager_secret", cluster["master_user_secret"].([]any)[0].(object)["secret_arn"].(string))
	expect(t, err, "")

	writer := d.MustCreate(t, "aws_rds_cluster_instance",
		object{"identifier": "one", "cluster_identifier": "coder", "engine": "aurora-postgresql", "instance_class": "db.serverless"})
	reader := d.MustCreate(t, "aws_rds_cluster_instance",
		object{"identifier": "two", "cluster_identifier": "coder", "engine": "aurora-postgresql", "instance_class": "db.serverless"})
	if writer["writer"] != true || reader["writer"] != false || writer["availability_zone"] == reader["availability_zone"] {
		t.Errorf("the first instance is the writer and the second a reader in another zone; got %v in %v and %v in %v", writer["writer"],
			writer["availability_zone"], reader["writer"], reader["availability_zone"])
	}
	cluster, err = d.Read("aws_rds_cluster", cluster)
	expect(t, err, "")
	if diff := cmp.Diff([]any{"one", "two"}, cluster["cluster_members"]); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	noFallbacks(t, d)

	_, err = d.Update("aws_rds_cluster", cluster, aurora(merged(config, object{"engine_version": "17.7"})))
	expect(t, err, "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	_, err = d.Update("aws_rds_cluster", cluster, aurora(merged(config, object{"engine_version": "16.9"})))
	expect(t, err, "InvalidParameterCombination: Cannot find upgrade target from 16.11 with requested version 16.9.")
	upgraded, err := d.Update("aws_rds_cluster", cluster,
		aurora(merged(config, object{"engine_version": "16.13", "backup_retention_period": 7, "apply_immediately": true})))
	expect(t, err, "")
	if upgraded["engine_version_actual"] != "16.13" {
		t.Errorf("upgraded to %v, want 16.13", upgraded["engine_version_actual"])
	}

	expect(t, d.Delete("aws_db_subnet_group", group),
		"InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'coder' because at least one database cluster: coder is still using it.")
	expect(t, d.Delete("aws_rds_cluster", upgraded),
		"InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection and try again.")
	unprotected, err := d.Update("aws_rds_cluster", upgraded,
		aurora(merged(config, object{"engine_version": "16.13", "backup_retention_period": 7, "deletion_protection": false})))
	expect(t, err, "")
	expect(t, d.Delete("aws_rds_cluster", unprotected),
		"InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
	expect(t, d.Delete("aws_rds_cluster_instance", reader), "")
	expect(t, d.Delete("aws_rds_cluster_instance", writer), "")
	expect(t, d.Delete("aws_rds_cluster", unprotected), "")
	expect(t, d.Delete("aws_db_subnet_group", group), "")

	if gone, err := d.Read("aws_secretsmanager_secret", secret); gone != nil || err != nil {
		t.Errorf("RDS deletes the master secret with its cluster; the sandbox has %v, %v", gone, err)
	}
	var kept []string
	for _, r := range d.World.List(nil) {
		if r.Kept {
			kept = append(kept, r.Type+" "+r.ID)
		}
	}
	if diff := cmp.Diff([]string{"aws_db_cluster_snapshot last"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// TestDatabaseLogs shows why a deployment makes its log groups first: RDS makes those that are missing, and then they are taken.
func TestDatabaseLogs(t *testing.T) {
	const name = "/aws/rds/cluster/coder/postgresql"
	config := aurora(object{"enabled_cloudwatch_logs_exports": []string{"postgresql"}})

	late := sandboxtest.New(t, "")
	late.MustCreate(t, "aws_rds_cluster", config)
	_, err := late.Create("aws_cloudwatch_log_group", object{"name": name})
	expect(t, err, "ResourceAlreadyExistsException")

	early := sandboxtest.New(t, "")
	group := early.MustCreate(t, "aws_cloudwatch_log_group", object{"name": name, "retention_in_days": 30})
	early.MustCreate(t, "aws_rds_cluster", config)
	read, err := early.Read("aws_cloudwatch_log_group", group)
	expect(t, err, "")
	if read["retention_in_days"] != 30.0 {
		t.Errorf("retention %v, want what the deployment said", read["retention_in_days"])
	}
}

func TestFinalSnapshot(t *testing.T) {
	d := sandboxtest.New(t, "")
	nameless := d.MustCreate(t, "aws_rds_cluster", aurora(object{"skip_final_snapshot": false}))
	expect(t, d.Delete("aws_rds_cluster", nameless), "final_snapshot_identifier is required when skip_final_snapshot is false")
	first := d.MustCreate(t, "aws_rds_cluster",
		aurora(object{"cluster_identifier": "first", "skip_final_snapshot": false, "final_snapshot_identifier": "last"}))
	expect(t, d.Delete("aws_rds_cluster", first), "")
	second := d.MustCreate(t, "aws_rds_cluster",
		aurora(object{"cluster_identifier": "second", "skip_final_snapshot": false, "final_snapshot_identifier": "last"}))
	expect(t, d.Delete("aws_rds_cluster", second),
		"DBClusterSnapshotAlreadyExistsFault: Cannot create the snapshot because a snapshot with the identifier last already exists.")
}

// TestRestore makes databases of snapshots that others have left: AWS does it for as long as there is the key.
func TestRestore(t *testing.T) {
	for _, typ := range []struct {
		name, absent string
		config       func(object) object
	}{
		{"aws_rds_cluster", "DBClusterSnapshotNotFoundFault: DBClusterSnapshot not found: other", aurora},
		{"aws_db_instance", "DBSnapshotNotFound: DBSnapshot not found: other", database},
	} {
		t.Run(typ.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			key := d.MustCreate(t, "aws_kms_key", object{"description": "database"})
			leaving := typ.config(object{
				"skip_final_snapshot": false, "final_snapshot_identifier": "last", "storage_encrypted": true, "kms_key_id": key["arn"],
			})
			expect(t, d.Delete(typ.name, d.MustCreate(t, typ.name, leaving)), "")

			_, err := d.Create(typ.name, typ.config(object{"snapshot_identifier": "other"}))
			expect(t, err, typ.absent)
			restored := d.MustCreate(t, typ.name, typ.config(object{"snapshot_identifier": "last"}))
			if restored["kms_key_id"] != key["arn"] {
				t.Errorf("restored with key %v, want that of the snapshot, %v", restored["kms_key_id"], key["arn"])
			}
			expect(t, d.Delete(typ.name, restored), "")
			expect(t, d.Delete("aws_kms_key", key), "")
			_, err = d.Create(typ.name, typ.config(object{"snapshot_identifier": "last"}))
			expect(t, err, "KMSKeyNotAccessibleFault: Specified KMS key ["+key["arn"].(string)+"] does not exist, is not enabled")
			noFallbacks(t, d)
		})
	}
}

func TestParameterGroupDeletion(t *testing.T) {
	d := sandboxtest.New(t, "")
	group := d.MustCreate(t, "aws_rds_cluster_parameter_group", object{"name": "coder", "family": "aurora-postgresql17"})
	cluster := d.MustCreate(t, "aws_rds_cluster", aurora(object{"db_cluster_parameter_group_name": "coder"}))
	expect(t, d.Delete("aws_rds_cluster_parameter_group", group),
		"InvalidDBParameterGroupState: One or more database instances are still members of this parameter group coder, so the group "+
			"cannot be deleted")
	expect(t, d.Delete("aws_rds_cluster", cluster), "")
	expect(t, d.Delete("aws_rds_cluster_parameter_group", group), "")
	noFallbacks(t, d)
}
