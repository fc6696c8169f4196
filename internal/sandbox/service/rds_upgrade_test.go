package service_test

import (
	"testing"
	"time"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// TestAuroraUpgrade: to which version RDS brings a cluster that exists, and when.
func TestAuroraUpgrade(t *testing.T) {
	const sunday = "sun:05:00-sun:05:30"
	major := object{"allow_major_version_upgrade": true, "apply_immediately": true}
	for _, row := range []struct {
		name, from string
		// change is what is asked for, and again what is asked for by a later call, without which nothing is.
		change, again object
		refused       string
		// runs and shown are engine_version_actual and engine_version at a read afterwards, and later the first a week after that.
		runs, shown, later string
	}{
		{name: "a later minor version at once", from: "17.4", change: object{"engine_version": "17.9", "apply_immediately": true},
			runs: "17.9", shown: "17.9", later: "17.9"},
		{name: "a later minor version in the maintenance window", from: "17.4", change: object{"engine_version": "17.9"},
			runs: "17.4", shown: "17.9", later: "17.9"},
		{name: "a version that is not written in full is shown when it runs", from: "17.4", change: object{"engine_version": "17"},
			runs: "17.4", shown: "17.4", later: "17.7"},
		{name: "what waits comes with a later call", from: "17.4", change: object{"engine_version": "17.9"},
			again: object{"engine_version": "17.9", "apply_immediately": true}, runs: "17.9", shown: "17.9", later: "17.9"},
		{name: "what waits is taken back", from: "17.4", change: object{"engine_version": "17.9"},
			again: object{"engine_version": "17.4"}, runs: "17.4", shown: "17.4", later: "17.4"},
		{name: "what waits goes on to wait", from: "17.4", change: object{"engine_version": "17.9"},
			again: object{"engine_version": "17.9", "backup_retention_period": 9}, runs: "17.4", shown: "17.9", later: "17.9"},
		{name: "an earlier minor version", from: "17.7", change: object{"engine_version": "17.5", "apply_immediately": true},
			refused: "InvalidParameterCombination: Cannot find upgrade target from 17.7 with requested version 17.5."},
		{name: "an earlier major version", from: "17.7", change: merged(major, object{"engine_version": "16.11"}),
			refused: "InvalidParameterCombination: Cannot find upgrade target from 17.7 with requested version 16.11."},
		{name: "a later major version that nobody has allowed", from: "16.11",
			change:  object{"engine_version": "17.7", "apply_immediately": true},
			refused: "InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."},
		{name: "a later major version", from: "16.11", change: merged(major, object{"engine_version": "17"}),
			runs: "17.7", shown: "17", later: "17.7"},
		{name: "a later major version in the maintenance window", from: "16.11",
			change: object{"engine_version": "17.7", "allow_major_version_upgrade": true}, runs: "16.11", shown: "17.7", later: "17.7"},
		{name: "two major versions at once", from: "15.15", change: merged(major, object{"engine_version": "17.7"}),
			runs: "17.7", shown: "17.7", later: "17.7"},
		{name: "a later major version that came out earlier", from: "16.13", change: merged(major, object{"engine_version": "17.7"}),
			refused: "InvalidParameterCombination: Cannot find upgrade target from 16.13 with requested version 17.7."},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := sandboxtest.Now()
			d := sandboxtest.On(t, world.New(world.Options{Now: func() time.Time { return now }}), "")
			config := aurora(object{"engine_version": row.from, "preferred_maintenance_window": sunday})
			cluster := d.MustCreate(t, "aws_rds_cluster", config)
			member := d.MustCreate(t, "aws_rds_cluster_instance", object{"identifier": "one", "cluster_identifier": "coder",
				"engine": "aurora-postgresql", "instance_class": "db.serverless"})
			for _, change := range []object{row.change, row.again} {
				if change == nil {
					break
				}
				_, err := d.Update("aws_rds_cluster", cluster, merged(config, change))
				expect(t, err, row.refused)
				if row.refused != "" {
					return
				}
				if cluster, err = d.Read("aws_rds_cluster", cluster); err != nil {
					t.Fatal(err)
				}
			}
			if cluster["engine_version_actual"] != row.runs || cluster["engine_version"] != row.shown {
				t.Errorf("%v runs, and %v is shown, instead of %s and %s", cluster["engine_version_actual"], cluster["engine_version"], row.runs,
					row.shown)
			}
			now = now.AddDate(0, 0, 7)
			cluster, err := d.Read("aws_rds_cluster", cluster)
			expect(t, err, "")
			member, err = d.Read("aws_rds_cluster_instance", member)
			expect(t, err, "")
			family := "default.aurora-postgresql" + row.later[:2]
			if cluster["engine_version_actual"] != row.later || member["engine_version_actual"] != row.later ||
				member["db_parameter_group_name"] != family {
				t.Errorf("a week later the cluster has %v and its instance %v of %v, not %s", cluster["engine_version_actual"],
					member["engine_version_actual"], member["db_parameter_group_name"], row.later)
			}
		})
	}
}

// TestMajorUpgradeParameterGroup: until a major upgrade has happened the cluster has the parameter group of the version that runs, so that
// RDS does not delete that.
func TestMajorUpgradeParameterGroup(t *testing.T) {
	d := sandboxtest.New(t, "")
	group := func(major string) object {
		return d.MustCreate(t, "aws_rds_cluster_parameter_group", object{"name": "coder" + major, "family": "aurora-postgresql" + major})
	}
	old := group("16")
	group("17")
	cluster := d.MustCreate(t, "aws_rds_cluster", aurora(object{"engine_version": "16.11", "db_cluster_parameter_group_name": "coder16"}))
	to17 := aurora(object{"engine_version": "17.7", "db_cluster_parameter_group_name": "coder17", "allow_major_version_upgrade": true})
	cluster, err := d.Update("aws_rds_cluster", cluster, to17)
	expect(t, err, "")
	expect(t, d.Delete("aws_rds_cluster_parameter_group", old),
		"InvalidDBParameterGroupState: One or more database instances are still members")
	_, err = d.Update("aws_rds_cluster", cluster, merged(to17, object{"apply_immediately": true}))
	expect(t, err, "")
	expect(t, d.Delete("aws_rds_cluster_parameter_group", old), "")
}
