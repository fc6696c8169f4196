package rds

import (
	"maps"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// snapshotType is the kind of snapshot that a database of a type leaves.
func snapshotType(databaseType string) string {
	if databaseType == "aws_rds_cluster" {
		return "aws_db_cluster_snapshot"
	}
	return "aws_db_snapshot"
}

// finalSnapshot refuses a deletion without a word about the final snapshot (the provider's own rule), and one whose snapshot exists
// already.
func finalSnapshot(c *model.Call) *world.Error {
	if c.Bool("skip_final_snapshot") || c.Self.Failed {
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
		return world.Fail("DBClusterSnapshotAlreadyExistsFault",
			"Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
	default:
		return world.Fail("DBSnapshotAlreadyExists", "Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
	}
}

// restoredFrom refuses to make a database out of a snapshot that does not exist, or of one whose key is deleted or about to be: AWS answers
// the same while the key waits for its deletion (API model: KMSKeyNotAccessibleFault; KMS developer guide, key states).
func restoredFrom(c *model.Call) *world.Error {
	name := c.String("snapshot_identifier")
	if name == "" || !c.Creating() {
		return nil
	}
	snapshot, cluster := snapshotNamed(c, name), c.Type.Name == "aws_rds_cluster"
	switch {
	case snapshot == nil && strings.HasPrefix(name, "arn:") && strings.Split(name, ":")[4] != c.Account:
		return nil // shared by another account
	case snapshot == nil && cluster:
		return world.NotFound("DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found: %s", name)
	case snapshot == nil:
		return world.NotFound("DBSnapshotNotFound", "DBSnapshot not found: %s", name)
	}
	if key := snapshot.String("kms_key_id"); key != "" && !kms.KeyExists(c, key) {
		return keyNotAccessible(key)
	}
	return nil
}

// restoredEngine takes the engine that the arguments leave open from the snapshot, as RestoreDBInstanceFromDBSnapshot does.
func restoredEngine(c *model.Call) *world.Error {
	if snapshot := snapshotNamed(c, c.String("snapshot_identifier")); snapshot != nil && c.Creating() && model.IsUnset(c.Object["engine"]) {
		c.Force("engine", snapshot.String("engine"))
	}
	return nil
}

// snapshotNamed finds the snapshot that a new database is made of, by its name or its ARN; nil if there is none.
func snapshotNamed(c *model.Call, name string) *world.Resource {
	typ, arn := snapshotType(c.Type.Name), "db_snapshot_arn"
	if c.Type.Name == "aws_rds_cluster" {
		arn = "db_cluster_snapshot_arn"
	}
	if found := c.FindBy(typ, arn, name); found != nil {
		return found
	}
	return c.Find(typ, name)
}

// fillRestored gives a database what it has from its snapshot unless it is told otherwise: with an encrypted snapshot, its key (API model:
// RestoreDBClusterFromSnapshot, KmsKeyId).
func fillRestored(c *model.Call) {
	if snapshot := snapshotNamed(c, c.String("snapshot_identifier")); snapshot != nil && snapshot.String("kms_key_id") != "" {
		c.Set("storage_encrypted", true)
		c.Set("kms_key_id", snapshot.String("kms_key_id"))
	}
}

// keepFinalSnapshot leaves the final snapshot of a deleted database in the world.
func keepFinalSnapshot(c *model.Call) {
	// Of a database that AWS failed to make there is nothing to take a snapshot of; what AWS says to one that is asked for: unverified.
	if c.Bool("skip_final_snapshot") || c.Self.Failed {
		return
	}
	name := c.String("final_snapshot_identifier")
	attributes := snapshotOf(c, c.Self, name)
	if c.Bool("copy_tags_to_snapshot") {
		attributes["tags"], attributes["tags_all"] = c.At("tags"), c.At("tags_all")
	}
	c.World.Put(&world.Resource{Type: snapshotType(c.Self.Type), ID: name, Account: c.Account, Region: c.Region, Attributes: attributes,
		Kept: true})
}

// snapshotOf is the state of a snapshot that is taken of a database.
func snapshotOf(c *model.Call, origin *world.Resource, name string) world.Object {
	from := origin.Attributes
	attributes := world.Object{
		"id": name, "region": c.Region, "snapshot_type": "manual", "status": "available", "engine": from["engine"], "port": from["port"],
		"allocated_storage": from["allocated_storage"], "kms_key_id": from["kms_key_id"], "engine_version": from["engine_version_actual"],
		"license_model": "postgresql-license", "vpc_id": "", "shared_accounts": []any{}, "tags": world.Object{}, "tags_all": world.Object{},
	}
	if group := c.Find("aws_db_subnet_group", origin.String("db_subnet_group_name")); group != nil {
		attributes["vpc_id"] = group.String("vpc_id")
	}
	own := world.Object{
		"db_cluster_identifier": origin.ID, "db_cluster_snapshot_identifier": name,
		"db_cluster_snapshot_arn": c.ARN("rds", "cluster-snapshot:"+name),
		"availability_zones":      from["availability_zones"], "storage_encrypted": from["storage_encrypted"],
		"source_db_cluster_snapshot_arn": "",
	}
	if origin.Type == "aws_db_instance" {
		encrypted, _ := from["storage_encrypted"].(bool)
		own = world.Object{
			"db_instance_identifier": origin.String("identifier"), "db_snapshot_identifier": name, "db_snapshot_arn": c.ARN("rds", "snapshot:"+name),
			"availability_zone": from["availability_zone"], "encrypted": encrypted, "iops": from["iops"], "storage_type": from["storage_type"],
			"option_group_name": from["option_group_name"], "source_db_snapshot_identifier": "", "source_region": "",
		}
	}
	maps.Copy(attributes, own)
	return attributes
}
