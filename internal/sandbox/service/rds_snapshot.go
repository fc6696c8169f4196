package service

import (
	"time"

	"coderaws/internal/sandbox/world"
)

// KeptOnPurpose reports whether AWS keeps a resource on purpose after what it came from was deleted, such as the final snapshot of a database.
// It is no leftover: the user asked for it, pays for it, and deletes it by hand.
func KeptOnPurpose(r *world.Resource) bool { return r.Kept }

// snapshotType is the kind of snapshot that a database of a type leaves.
func snapshotType(databaseType string) string {
	if databaseType == "aws_rds_cluster" {
		return "aws_db_cluster_snapshot"
	}
	return "aws_db_snapshot"
}

// finalSnapshot refuses a deletion without a word about the final snapshot (the provider's own rule), and one whose snapshot exists already.
func finalSnapshot(c *Call) *world.Error {
	if c.Bool("skip_final_snapshot") {
		return nil
	}
	name := c.String("final_snapshot_identifier")
	cluster := c.Self.Type == "aws_rds_cluster"
	switch {
	case name == "" && cluster:
		return &world.Error{Message: "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false"}
	case name == "":
		return &world.Error{Message: "final_snapshot_identifier is required when skip_final_snapshot is false"}
	case c.Find(snapshotType(c.Self.Type), name) == nil:
		return nil
	case cluster:
		return world.Fail("DBClusterSnapshotAlreadyExistsFault", "Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
	default:
		return world.Fail("DBSnapshotAlreadyExists", "Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
	}
}

// keepFinalSnapshot leaves the final snapshot of a deleted database in the world.
func keepFinalSnapshot(c *Call) {
	if c.Bool("skip_final_snapshot") {
		return
	}
	name := c.String("final_snapshot_identifier")
	attributes := world.Object{
		"id": name, "region": c.Region, "snapshot_type": "manual", "status": "available", "engine": c.At("engine"), "port": c.At("port"),
		"allocated_storage": c.At("allocated_storage"), "storage_encrypted": c.At("storage_encrypted"), "kms_key_id": c.At("kms_key_id"),
		"engine_version": c.At("engine_version_actual"), "shared_accounts": []any{}, "tags": world.Object{}, "tags_all": world.Object{},
		"snapshot_create_time": c.World.Now().Format(time.RFC3339), "source_db_snapshot_identifier": "", "source_db_cluster_snapshot_arn": "",
	}
	if c.Bool("copy_tags_to_snapshot") {
		attributes["tags"], attributes["tags_all"] = c.At("tags"), c.At("tags_all")
	}
	typ := snapshotType(c.Self.Type)
	if typ == "aws_db_cluster_snapshot" {
		attributes["db_cluster_identifier"], attributes["db_cluster_snapshot_identifier"] = c.Self.ID, name
		attributes["db_cluster_snapshot_arn"] = c.ARN("rds", "cluster-snapshot:"+name)
		attributes["availability_zones"] = c.At("availability_zones")
	} else {
		attributes["db_instance_identifier"], attributes["db_snapshot_identifier"] = c.Self.ID, name
		attributes["db_snapshot_arn"] = c.ARN("rds", "snapshot:"+name)
		attributes["availability_zone"] = c.At("availability_zone")
	}
	c.World.Put(&world.Resource{Type: typ, ID: name, Account: c.Account, Region: c.Region, Attributes: attributes, Kept: true})
}
