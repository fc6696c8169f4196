package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// database is a valid PostgreSQL instance; change overrides its arguments.
func database(change object) object {
	return merged(object{
		"identifier": "coder", "engine": "postgres", "engine_version": "17", "instance_class": "db.t4g.medium", "allocated_storage": 20,
		"username": "coder", "manage_master_user_password": true, "skip_final_snapshot": true,
	}, change)
}

func TestDatabaseInstance(t *testing.T) {
	instance := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_db_instance", database(change))
	}
	check(t, []rule{
		{name: "an instance", given: instance(nil)},
		{name: "no backups", given: instance(object{"backup_retention_period": 0})},
		{name: "backups for 36 days", given: instance(object{"backup_retention_period": 36}),
			refused: "InvalidParameterValue: Invalid backup retention period: 36. Retention period must be between 0 and 35"},
		{name: "no storage", given: instance(object{"allocated_storage": nil}),
			refused: "InvalidParameterCombination: AllocatedStorage must be specified."},
		{name: "19 GiB", given: instance(object{"allocated_storage": 19}),
			refused: "InvalidParameterValue: Invalid storage size for engine name postgres and storage type gp2: 19"},
		{name: "storage of an unknown kind", given: instance(object{"storage_type": "gp9"}),
			refused: "InvalidParameterValue: Invalid storage type: gp9"},
		{name: "provisioned storage without its rate", given: instance(object{"storage_type": "io1", "allocated_storage": 100}),
			refused: "You must specify Iops when StorageType is set to io1."},
		{name: "a rate on small gp3 storage", given: instance(object{"storage_type": "gp3", "iops": 3000}),
			refused: "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400."},
		{name: "a class that PostgreSQL does not run on", given: instance(object{"instance_class": "db.m1.small"}),
			refused: "DBInstanceClass=db.m1.small, Engine=postgres, EngineVersion=17.7, LicenseModel=postgresql-license"},
		{name: "Aurora outside of a cluster", given: instance(object{"engine": "aurora-postgresql"}),
			refused: "InvalidParameterCombination: The DB instance must be part of a DB cluster"},
		{name: "a version that is not offered", given: instance(object{"engine_version": "9.5"}),
			refused: "InvalidParameterCombination: Cannot find version 9.5 for postgres"},
		{name: "the name of an Aurora instance", refused: "DBInstanceAlreadyExists: DB instance already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				cluster := clusterIn(t, d, nil)
				d.MustCreate(t, "aws_rds_cluster_instance", object{"identifier": "coder", "cluster_identifier": cluster["id"],
					"engine": "aurora-postgresql", "instance_class": "db.serverless"})
				return "aws_db_instance", database(nil)
			}},
		{name: "a proxy in one zone", refused: "InvalidSubnet", given: proxy(1, "rds.amazonaws.com", nil)},
		{name: "a proxy", given: proxy(2, "rds.amazonaws.com", nil)},
		{name: "a proxy whose role RDS may not assume", refused: "RDS is not authorized to assume", given: proxy(2, "ec2.amazonaws.com", nil)},
		{name: "a proxy of a family that RDS does not have", refused: "Value 'ORACLE' at 'engineFamily'",
			given: proxy(2, "rds.amazonaws.com", object{"engine_family": "ORACLE"})},
	})
}

func proxy(subnets int, service string, change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		ids := []any{}
		for _, subnet := range networkIn(t, d, subnets).subnets {
			ids = append(ids, subnet["id"])
		}
		role := d.MustCreate(t, "aws_iam_role", object{"name": "proxy", "assume_role_policy": sandboxtest.JSON(object{
			"Version":   "2012-10-17",
			"Statement": []any{object{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{"Service": service}}}})})
		secret := d.MustCreate(t, "aws_secretsmanager_secret", object{"name": "proxy"})
		return "aws_db_proxy", merged(object{
			"name": "coder", "engine_family": "POSTGRESQL", "role_arn": role["arn"], "vpc_subnet_ids": ids,
			"auth": []object{{"secret_arn": secret["arn"], "auth_scheme": "SECRETS"}},
		}, change)
	}
}

func TestDatabaseLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := database(object{"db_subnet_group_name": subnetGroupIn(t, d)["id"], "skip_final_snapshot": false,
		"final_snapshot_identifier": "last", "storage_encrypted": true})
	made := d.MustCreate(t, "aws_db_instance", config)
	group, err := d.Import("aws_db_subnet_group", "coder")
	expect(t, err, "")
	d.MustCreate(t, "aws_db_snapshot", object{"db_instance_identifier": "coder", "db_snapshot_identifier": "now"})
	typeName, proxied := proxy(2, "rds.amazonaws.com", nil)(t, d)
	d.MustCreate(t, typeName, proxied)
	noFallbacks(t, d)

	found, err := d.Data("aws_db_instance", object{"db_instance_identifier": "coder"})
	expect(t, err, "")
	if diff := cmp.Diff([]any{made["endpoint"], made["resource_id"], "17.7"},
		[]any{found["endpoint"], found["resource_id"], found["engine_version"]}); diff != "" {
		t.Errorf("data source (-want +got):\n%s", diff)
	}
	_, err = d.Update("aws_db_instance", made, merged(config, object{"allocated_storage": 10}))
	expect(t, err, "InvalidParameterValue: Invalid storage size")
	grown, err := d.Update("aws_db_instance", made, merged(config, object{"allocated_storage": 40}))
	expect(t, err, "")
	_, err = d.Update("aws_db_instance", grown, merged(config, object{"allocated_storage": 30}))
	expect(t, err, "InvalidParameterCombination: Invalid storage size.")
	if _, err = d.Update("aws_db_instance", grown, merged(config, object{"username": "other"})); err == nil {
		t.Error("another master user needs another instance")
	}
	expect(t, d.Delete("aws_db_subnet_group", group), "because at least one database instance: coder is still using it.")
	expect(t, d.Delete("aws_db_instance", grown), "")
	snapshot, err := d.Import("aws_db_snapshot", "last")
	expect(t, err, "")
	if snapshot["encrypted"] != true || snapshot["db_instance_identifier"] != "coder" {
		t.Errorf("final snapshot: %v", snapshot)
	}
	expect(t, d.Delete("aws_db_snapshot", snapshot), "")
}

func TestDatabaseData(t *testing.T) {
	d := sandboxtest.New(t, "")
	cluster := clusterIn(t, d, nil)
	d.MustCreate(t, "aws_rds_cluster_instance", object{"identifier": "one", "cluster_identifier": "coder", "engine": "aurora-postgresql",
		"instance_class": "db.serverless"})
	d.MustCreate(t, "aws_rds_cluster_endpoint", object{"cluster_identifier": "coder", "cluster_endpoint_identifier": "readers",
		"custom_endpoint_type": "READER"})
	noFallbacks(t, d)
	for _, test := range []struct {
		name, source string
		config       object
		attribute    string
		want         any
		refused      string
	}{
		{name: "a cluster", source: "aws_rds_cluster", config: object{"cluster_identifier": "coder"}, attribute: "endpoint",
			want: cluster["endpoint"]},
		{name: "no cluster", source: "aws_rds_cluster", config: object{"cluster_identifier": "none"},
			refused: "DBClusterNotFoundFault: DBCluster none not found."},
		{name: "an instance of a cluster", source: "aws_db_instance", config: object{"db_instance_identifier": "one"},
			attribute: "db_cluster_identifier", want: "coder"},
		{name: "no instance", source: "aws_db_instance", config: object{"db_instance_identifier": "none"},
			refused: "DBInstanceNotFound: DBInstance none not found."},
		{name: "a subnet group", source: "aws_db_subnet_group", config: object{"name": "coder"}, attribute: "status", want: "Complete"},
		{name: "the default version", source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql"},
			attribute: "version_actual", want: "17.7"},
		{name: "the default of a major version", source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql", "version": "16"},
			attribute: "parameter_group_family", want: "aurora-postgresql16"},
		{name: "the latest of a major version", source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql", "version": "16",
			"latest": true}, attribute: "version_actual", want: "16.14"},
		{name: "the first of the preferred versions", source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql",
			"preferred_versions": []string{"17.1", "17.6"}}, attribute: "version_actual", want: "17.6"},
		{name: "a version that was withdrawn", source: "aws_rds_engine_version", config: object{"engine": "aurora-postgresql", "version": "16.3"},
			refused: "no RDS engine versions match the criteria"},
		{name: "an instance class", source: "aws_rds_orderable_db_instance", config: object{"engine": "aurora-postgresql",
			"preferred_instance_classes": []string{"db.t3.micro", "db.serverless"}}, attribute: "instance_class", want: "db.serverless"},
		{name: "no instance class", source: "aws_rds_orderable_db_instance", config: object{"engine": "aurora-postgresql",
			"preferred_instance_classes": []string{"db.t3.micro"}}, refused: "no RDS Orderable DB Instance Options found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := d.Data(test.source, test.config)
			expect(t, err, test.refused)
			if err == nil && got[test.attribute] != test.want {
				t.Errorf("%s is %v, want %v", test.attribute, got[test.attribute], test.want)
			}
		})
	}
}
