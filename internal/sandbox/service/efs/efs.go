// Package efs declares Amazon Elastic File System: file systems, mount targets and access points. Beside the model it imports ec2 and
// kms; the catalog imports it.
//
// Rules: API model (botocore); messages: moto, unless marked unverified.
package efs

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "EFS"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{fileSystem(), mountTarget(), accessPoint()} }

func fileSystem() *model.Type {
	return &model.Type{
		Name: "aws_efs_file_system", API: api, Noun: "EFS File System",
		CreateCall: "CreateFileSystem", UpdateCall: "UpdateFileSystem", DeleteCall: "DeleteFileSystem",
		Identify: func(c *model.Call) string {
			if model.IsUnset(c.Object["creation_token"]) {
				c.Object["creation_token"] = "terraform-" + c.World.Now().Format("20060102150405") + model.Decimal(c.Hex(10, "token"))
			}
			return "fs-" + c.Hex(17)
		},
		References: []model.Reference{{Path: "kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true}},
		Unique: []model.Unique{{Attribute: "creation_token", Taken: func(c *model.Call, token string) *world.Error {
			taken := c.FindBy("aws_efs_file_system", "creation_token", token)
			return world.Conflict("FileSystemAlreadyExists", "File system '%s' already exists with creation token '%s'", taken.ID, token)
		}}},
		Checks: []model.Check{model.Length("BadRequest", "creation_token", "creationToken", 1, 64), fileSystemModes, fileSystemKey},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-848C634D", Service: "elasticfilesystem", Name: "File systems per account", Default: 1000},
			Exceeded: func() *world.Error {
				// unverified text
				return &world.Error{Status: 403, Code: "FileSystemLimitExceeded",
					Message: "You have reached the maximum number of file systems for your account"}
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("elasticfilesystem", "file-system/"+c.ID))
			c.Set("dns_name", fileSystemHost(c, c.ID))
			c.Set("owner_id", c.Account)
			name, _ := c.At("tags_all.Name").(string)
			c.Force("name", name)
			c.Set("availability_zone_name", "")
			c.Set("availability_zone_id", c.World.ZoneID(c.Region, c.String("availability_zone_name")))
			c.Set("encrypted", false)
			key := ""
			if c.Bool("encrypted") {
				key = kms.ManagedKey(c, "elasticfilesystem")
			}
			c.Set("kms_key_id", key)
			c.Set("performance_mode", "generalPurpose")
			c.Set("number_of_mount_targets", 0.0)
			c.Set("protection", []any{world.Object{"replication_overwrite": "ENABLED"}})
			c.SetIn("protection", "replication_overwrite", "ENABLED")
			c.Set("size_in_bytes", []any{world.Object{"value": 6144.0, "value_in_ia": 0.0, "value_in_standard": 6144.0}})
		},
		Refresh: func(c *model.Call) {
			targets := slices.DeleteFunc(c.All("aws_efs_mount_target"), func(r *world.Resource) bool { return r.String("file_system_id") != c.ID })
			c.Force("number_of_mount_targets", float64(len(targets)))
		},
		InUse: func(c *model.Call, _ *world.Resource) *world.Error {
			return world.Conflict("FileSystemInUse", "The file system '%s' has mount targets created in it", c.ID) // unverified text
		},
		Recompute: map[string][]string{"name": {"tags", "tags_all"}},
		Latency: model.Latency{Create: model.Seconds(7, 5, 10), Update: model.Seconds(5, 1, 60), Delete: model.Seconds(5, 1, 30),
			Source: "estimate"},
	}
}

func fileSystemHost(c *model.Call, id string) string {
	return id + ".efs." + c.Region + "." + facts.DNSSuffix(c.Region)
}

func fileSystemModes(c *model.Call) *world.Error {
	performance, throughput := c.String("performance_mode"), c.String("throughput_mode")
	zone := c.String("availability_zone_name")
	provisioned, given := c.Number("provisioned_throughput_in_mibps")
	switch {
	case performance != "" && !slices.Contains([]string{"generalPurpose", "maxIO"}, performance):
		return model.Unsatisfied("BadRequest", performance, "performanceMode", "Member must satisfy enum value set: [generalPurpose, maxIO]")
	case throughput != "" && !slices.Contains([]string{"bursting", "provisioned", "elastic"}, throughput):
		return model.Unsatisfied("BadRequest", throughput, "throughputMode",
			"Member must satisfy enum value set: [bursting, provisioned, elastic]")
	case performance == "maxIO" && (throughput == "elastic" || zone != ""):
		return world.Fail("BadRequest", "Max I/O performance mode is not supported for elastic throughput or One Zone storage") // unverified text
	case throughput == "provisioned" && (!given || provisioned < 1):
		return world.Fail("BadRequest", "ProvisionedThroughputInMibps is required when throughput mode is provisioned") // unverified text
	case zone != "" && c.World.ZoneID(c.Region, zone) == "":
		return world.Fail("BadRequest", "invalid value for parameter Availability Zone: %s", zone) // unverified text
	}
	return nil
}

func fileSystemKey(c *model.Call) *world.Error {
	key := c.String("kms_key_id")
	switch {
	case key == "" || !c.Changed("kms_key_id"):
		return nil
	case !c.Bool("encrypted"):
		return world.Fail("BadRequest", "Invalid parameter value: KmsKeyId can only be specified for an encrypted file system") // unverified text
	case !kms.KeyExists(c, key):
		return world.Fail("KmsKeyNotFound", "The KMS key %s does not exist", key) // unverified text
	}
	return nil
}

func fileSystemMissing(id string) *world.Error {
	return world.NotFound("FileSystemNotFound", "File system '%s' does not exist.", id)
}

func mountTarget() *model.Type {
	return &model.Type{
		Name: "aws_efs_mount_target", API: api, Noun: "EFS Mount Target",
		CreateCall: "CreateMountTarget", UpdateCall: "ModifyMountTargetSecurityGroups", DeleteCall: "DeleteMountTarget",
		Identify: model.GeneratedID("fsmt-", 17),
		References: []model.Reference{
			{Path: "file_system_id", To: []string{"aws_efs_file_system"}, Missing: fileSystemMissing},
			{Path: "subnet_id", To: []string{"aws_subnet"}, Missing: model.Missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "security_groups", To: []string{"aws_security_group"},
				Missing: model.Missing("SecurityGroupNotFound", "The SecurityGroup ID '%s' does not exist")},
		},
		Checks: []model.Check{mountTargetPlace, mountTargetGroups},
		Fill: func(c *model.Call) {
			subnet, system := c.Find("aws_subnet", c.String("subnet_id")), c.Find("aws_efs_file_system", c.String("file_system_id"))
			zone := subnet.String("availability_zone")
			c.Set("availability_zone_name", zone)
			c.Set("availability_zone_id", c.World.ZoneID(c.Region, zone))
			c.Set("dns_name", fileSystemHost(c, system.ID))
			c.Set("mount_target_dns_name", zone+"."+fileSystemHost(c, system.ID))
			c.Set("file_system_arn", system.String("arn"))
			c.Set("owner_id", c.Account)
			c.Set("network_interface_id", "eni-"+c.Hex(17, "interface"))
			c.Set("ip_address", ec2.HostIn(c, subnet.ID))
			c.Set("ip_address_type", "IPV4_ONLY")
			c.Set("ipv6_address", "")
			if vpc := c.Find("aws_vpc", subnet.String("vpc_id")); vpc != nil {
				c.Set("security_groups", []any{vpc.String("default_security_group_id")})
			}
		},
		Latency: model.Latency{Create: model.Seconds(105, 90, 120), Update: model.Seconds(2, 1, 10), Delete: model.Seconds(20, 10, 60),
			Source: "estimate"},
	}
}

// mountTargetPlace holds a file system to one mount target in each zone, all in one VPC, and a One Zone file system to its zone.
func mountTargetPlace(c *model.Call) *world.Error {
	zone, vpc := c.Zone(c.String("subnet_id")), c.VPCOf(c.String("subnet_id"))
	if only := c.Find("aws_efs_file_system", c.String("file_system_id")).String("availability_zone_name"); only != "" && only != zone {
		// unverified text
		return world.Fail("AvailabilityZonesMismatch", "The file system is stored in %s; its mount target cannot be in %s", only, zone)
	}
	for _, other := range c.All("aws_efs_mount_target") {
		if other.ID == c.ID || other.String("file_system_id") != c.String("file_system_id") {
			continue
		}
		switch {
		case c.Zone(other.String("subnet_id")) == zone:
			return world.Conflict("MountTargetConflict", "mount target already exists in this AZ")
		case c.VPCOf(other.String("subnet_id")) != vpc:
			return world.Conflict("MountTargetConflict", "requested subnet for new mount target is not in the same VPC as existing mount targets")
		}
	}
	return nil
}

func mountTargetGroups(c *model.Call) *world.Error {
	groups := c.Strings("security_groups")
	if len(groups) > 5 {
		return world.Fail("SecurityGroupLimitExceeded", "The maximum number of security groups per mount target is 5") // unverified text
	}
	for _, id := range groups {
		if c.VPCOf(id) != c.VPCOf(c.String("subnet_id")) {
			return world.Fail("BadRequest", "Security group %s is not in the VPC of the subnet", id) // unverified text
		}
	}
	return nil
}

var posixPermissions = model.Expression(`^[0-7]{3,4}$`)

func accessPoint() *model.Type {
	return &model.Type{
		Name: "aws_efs_access_point", API: api, Noun: "EFS Access Point",
		CreateCall: "CreateAccessPoint", UpdateCall: "TagResource", DeleteCall: "DeleteAccessPoint",
		Identify:   model.GeneratedID("fsap-", 17),
		References: []model.Reference{{Path: "file_system_id", To: []string{"aws_efs_file_system"}, Inside: true, Missing: fileSystemMissing}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			path, mode := c.String("root_directory.path"), c.String("root_directory.creation_info.permissions")
			switch {
			case path != "" && (!strings.HasPrefix(path, "/") || len(path) > 100):
				return model.Unsatisfied("BadRequest", path, "rootDirectory.path",
					`Member must satisfy regular expression pattern: ^(\/|(\/(?!\.)+[^$#<>;`+"`"+`|&?{}^*/\n]+){1,4})$`)
			case mode != "" && !posixPermissions().MatchString(mode):
				return model.Unsatisfied("BadRequest", mode, "rootDirectory.creationInfo.permissions",
					"Member must satisfy regular expression pattern: ^[0-7]{3,4}$")
			}
			return nil
		}},
		Replace: model.ReplacedBy("file_system_id", "posix_user", "root_directory"),
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("elasticfilesystem", "access-point/"+c.ID))
			c.Set("file_system_arn", c.ARN("elasticfilesystem", "file-system/"+c.String("file_system_id")))
			c.Set("owner_id", c.Account)
			c.Set("root_directory", []any{world.Object{"path": "/", "creation_info": []any{}}})
			c.SetIn("root_directory", "path", "/")
		},
		Latency: model.Latency{Create: model.Seconds(3, 1, 10), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(3, 1, 10),
			Source: "estimate"},
	}
}

// DataSources declares what Terraform reads about file systems.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_efs_file_system", API: api, Noun: "EFS File System", Call: "DescribeFileSystems", Read: func(c *model.Call) *world.Error {
			if err := model.ReadOne([]string{"aws_efs_file_system"}, "file_system_id=id", "creation_token")(c); err != nil {
				return err
			}
			c.Set("file_system_id", c.String("id"))
			c.Force("size_in_bytes", 6144.0)
			c.Default("provisioned_throughput_in_mibps", 0.0)
			return nil
		}},
		{Name: "aws_efs_mount_target", API: api, Noun: "EFS Mount Target", Call: "DescribeMountTargets", Read: func(c *model.Call) *world.Error {
			if err := model.ReadOne([]string{"aws_efs_mount_target"}, "mount_target_id=id", "file_system_id")(c); err != nil {
				return err
			}
			c.Set("mount_target_id", c.String("id"))
			return nil
		}},
		{Name: "aws_efs_access_point", API: api, Noun: "EFS Access Point", Call: "DescribeAccessPoints",
			Read: model.ReadOne([]string{"aws_efs_access_point"}, "access_point_id=id")},
	}
}
