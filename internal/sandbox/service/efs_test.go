package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestFileSystem(t *testing.T) {
	system := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_efs_file_system", change)
	}
	mount := func(s scene) func(*testing.T, *sandboxtest.Driver) (string, object) { return inNetwork(s) }
	check(t, []rule{
		{name: "a file system", given: system(object{"encrypted": true})},
		{name: "a token of 65 characters", given: system(object{"creation_token": text(65)}), refused: "BadRequest: 1 validation error detected"},
		{name: "an unknown performance mode", given: system(object{"performance_mode": "fast"}), refused: "BadRequest"},
		{name: "an unknown throughput mode", given: system(object{"throughput_mode": "fast"}), refused: "BadRequest"},
		{name: "maximal input and output with elastic throughput",
			given: system(object{"performance_mode": "maxIO", "throughput_mode": "elastic"}), refused: "BadRequest"},
		{name: "provisioned throughput of nothing", given: system(object{"throughput_mode": "provisioned"}),
			refused: "ProvisionedThroughputInMibps is required"},
		{name: "a key without encryption", given: system(object{"kms_key_id": "alias/aws/elasticfilesystem"}),
			refused: "KmsKeyId can only be specified for an encrypted file system"},
		{name: "a key that does not exist", given: system(object{"encrypted": true, "kms_key_id": "alias/none"}), refused: "KmsKeyNotFound"},
		{name: "a token twice", refused: "FileSystemAlreadyExists: File system 'fs-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_efs_file_system", object{"creation_token": "coder"})
				return "aws_efs_file_system", object{"creation_token": "coder"}
			}},
		{name: "a mount target of no file system", refused: "FileSystemNotFound: File system 'fs-0' does not exist.",
			given: mount(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
				return "aws_efs_mount_target", object{"file_system_id": "fs-0", "subnet_id": n.subnets[0]["id"]}
			})},
		{name: "a second mount target in a zone", refused: "MountTargetConflict: mount target already exists in this AZ",
			given: mount(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				made := d.MustCreate(t, "aws_efs_file_system", object{})
				config := object{"file_system_id": made["id"], "subnet_id": n.subnets[0]["id"]}
				d.MustCreate(t, "aws_efs_mount_target", config)
				return "aws_efs_mount_target", config
			})},
		{name: "mount targets in two VPCs", refused: "MountTargetConflict: requested subnet for new mount target is not in the same VPC",
			given: mount(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				made := d.MustCreate(t, "aws_efs_file_system", object{})
				d.MustCreate(t, "aws_efs_mount_target", object{"file_system_id": made["id"], "subnet_id": n.subnets[0]["id"]})
				return "aws_efs_mount_target", object{"file_system_id": made["id"], "subnet_id": networkIn(t, d, 2).subnets[1]["id"]}
			})},
		{name: "a mount target outside the zone of a One Zone file system", refused: "AvailabilityZonesMismatch",
			given: mount(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				made := d.MustCreate(t, "aws_efs_file_system", object{"availability_zone_name": "us-east-1a"})
				return "aws_efs_mount_target", object{"file_system_id": made["id"], "subnet_id": n.subnets[1]["id"]}
			})},
	})
}

func TestFileSystemLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	system := d.MustCreate(t, "aws_efs_file_system", object{"encrypted": true, "tags": object{"Name": "homes"}})
	target := d.MustCreate(t, "aws_efs_mount_target", object{"file_system_id": system["id"], "subnet_id": n.subnets[0]["id"]})
	point := d.MustCreate(t, "aws_efs_access_point", object{"file_system_id": system["id"]})
	system, err := d.Read("aws_efs_file_system", system)
	expect(t, err, "")
	if system["number_of_mount_targets"] != 1.0 || system["name"] != "homes" {
		t.Errorf("%v has %v mount targets", system["name"], system["number_of_mount_targets"])
	}
	noFallbacks(t, d)
	expect(t, d.Delete("aws_efs_file_system", system), "FileSystemInUse: The file system '"+system["id"].(string)+
		"' has mount targets created in it")
	expect(t, d.Delete("aws_subnet", n.subnets[0]), "DependencyViolation")
	expect(t, d.Delete("aws_efs_mount_target", target), "")
	expect(t, d.Delete("aws_efs_file_system", system), "")
	if gone, err := d.Read("aws_efs_access_point", point); gone != nil || err != nil {
		t.Errorf("an access point goes with its file system; the sandbox has %v, %v", gone, err)
	}
}
