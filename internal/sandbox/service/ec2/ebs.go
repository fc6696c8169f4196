package ec2

import (
	"maps"
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// volumeLimits are the sizes (GiB) and the operations and throughput (MiB/s) that may be asked of a type of EBS volume; zero where
// nothing may be asked. Source: EC2 API model and EBS documentation.
var volumeLimits = map[string]struct {
	minSize, maxSize             float64
	minIOPS, maxIOPS             float64
	minThroughput, maxThroughput float64
}{
	"gp2":      {minSize: 1, maxSize: 16384},
	"gp3":      {minSize: 1, maxSize: 65536, minIOPS: 3000, maxIOPS: 80000, minThroughput: 125, maxThroughput: 2000},
	"io1":      {minSize: 4, maxSize: 16384, minIOPS: 100, maxIOPS: 64000},
	"io2":      {minSize: 4, maxSize: 65536, minIOPS: 100, maxIOPS: 256000},
	"st1":      {minSize: 125, maxSize: 16384},
	"sc1":      {minSize: 125, maxSize: 16384},
	"standard": {minSize: 1, maxSize: 1024},
}

// checkVolume holds a disk to what its type of volume can do. What AWS itself set on a disk that exists is not taken as asked for. Texts:
// unverified.
func checkVolume(disk world.Object, typeArgument, sizeArgument string, creating bool) *world.Error {
	kind, _ := disk[typeArgument].(string)
	if kind == "" {
		return nil
	}
	limits, known := volumeLimits[kind]
	if !known {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter volumeType is invalid. Invalid volume type.", kind)
	}
	if size, ok := disk[sizeArgument].(float64); ok && size != 0 && (size < limits.minSize || size > limits.maxSize) {
		return world.Fail("InvalidParameterValue", "Volume of %sGiB is invalid for volume type %s; it must be between %s and %sGiB.",
			model.FormatNumber(size), kind, model.FormatNumber(limits.minSize), model.FormatNumber(limits.maxSize))
	}
	if iops, ok := disk["iops"].(float64); ok && iops != 0 && (creating || limits.maxIOPS != 0) {
		switch {
		case limits.maxIOPS == 0:
			return world.Fail("InvalidParameterCombination", "The parameter iops is not supported for %s volumes.", kind)
		case iops < limits.minIOPS || iops > limits.maxIOPS:
			return world.Fail("InvalidParameterValue", "Volume iops of %s is invalid for volume type %s; it must be between %s and %s.",
				model.FormatNumber(iops), kind, model.FormatNumber(limits.minIOPS), model.FormatNumber(limits.maxIOPS))
		}
	}
	if throughput, ok := disk["throughput"].(float64); ok && throughput != 0 && (creating || limits.maxThroughput != 0) {
		switch {
		case limits.maxThroughput == 0:
			return world.Fail("InvalidParameterCombination", "The parameter throughput is not supported for %s volumes.", kind)
		case throughput < limits.minThroughput || throughput > limits.maxThroughput:
			return world.Fail("InvalidParameterValue", "Throughput of %s MiB/s is invalid for volume type %s; it must be between %s and %s.",
				model.FormatNumber(throughput), kind, model.FormatNumber(limits.minThroughput), model.FormatNumber(limits.maxThroughput))
		}
	}
	if slices.Contains([]string{"io1", "io2"}, kind) && (model.IsUnset(disk["iops"]) || disk["iops"] == 0.0) {
		return world.Fail("MissingParameter", "The request must contain the parameter iops for volume type %s", kind)
	}
	return nil
}

// volumeTypes declares EBS volumes and the region's settings for them.
func volumeTypes() []*model.Type {
	return []*model.Type{ebsVolume(), ebsEncryptionByDefault(), instanceMetadataDefaults()}
}

func ebsVolume() *model.Type {
	return &model.Type{
		Name: "aws_ebs_volume", API: api, Noun: "EBS Volume",
		CreateCall: "CreateVolume", UpdateCall: "ModifyVolume", DeleteCall: "DeleteVolume",
		Identify: model.GeneratedID("vol-", 17),
		References: []model.Reference{
			{Path: "kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true},
			{Path: "snapshot_id", To: []string{"aws_ebs_snapshot"}, Weak: true},
		},
		Checks: []model.Check{volumeZone, volumeSource, func(c *model.Call) *world.Error {
			return checkVolume(c.Object, "type", "size", c.Creating())
		}, volumeShrinks, volumeStorage},
		Counted: countedStorage(),
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "volume/"+c.ID))
			c.Set("create_time", c.World.Now().Format("2006-01-02T15:04:05Z"))
			c.Set("type", "gp2")
			c.Set("encrypted", encryptedByDefault(c))
			c.Set("kms_key_id", "")
			c.Set("size", 0.0)
			c.Set("snapshot_id", "")
			fillPerformance(c.Object, "type", "size")
		},
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			return world.Fail("VolumeInUse", "Volume %s is currently attached to %s", c.Self.ID, by.String("instance_id"))
		},
		Latency: model.Latency{Create: model.Seconds(10, 5, 15), Update: model.Seconds(10, 5, 60), Delete: model.Seconds(10, 5, 15),
			Source: "logs of real deployments, unverified"},
	}
}

func volumeZone(c *model.Call) *world.Error {
	if zone := c.String("availability_zone"); zone != "" && c.World.ZoneID(c.Region, zone) == "" {
		return world.Fail("InvalidZone.NotFound", "The zone '%s' does not exist.", zone)
	}
	return nil
}

func volumeSource(c *model.Call) *world.Error {
	if _, sized := c.Number("size"); !sized && c.String("snapshot_id") == "" && c.Creating() {
		return world.Fail("MissingParameter", "The request must contain the parameter size/snapshot")
	}
	return nil
}

// volumeShrinks refuses to make a volume smaller. Text: unverified.
func volumeShrinks(c *model.Call) *world.Error {
	before, _ := model.At(c.Prior, "size").(float64)
	if after, ok := c.Number("size"); ok && !c.Creating() && after < before {
		return world.Fail("InvalidParameterValue", "New size cannot be smaller than existing size")
	}
	return nil
}

// storageQuotas limit the storage of all volumes of a type in a region, in TiB.
var storageQuotas = map[string]world.Quota{
	"gp2": {Code: "L-D18FCD1D", Service: "ebs", Name: "Storage for General Purpose SSD (gp2) volumes, in TiB", Default: 50},
	"gp3": {Code: "L-7A658B76", Service: "ebs", Name: "Storage for General Purpose SSD (gp3) volumes, in TiB", Default: 50},
}

// countedStorage are the quotas on storage as volumes count against them.
func countedStorage() []model.CountedQuota {
	var all []model.CountedQuota
	for _, kind := range slices.Sorted(maps.Keys(storageQuotas)) {
		all = append(all, model.CountedQuota{Quota: storageQuotas[kind], Error: "VolumeLimitExceeded", Shared: true})
	}
	return all
}

func volumeStorage(c *model.Call) *world.Error {
	kind := volumeType(c.Object)
	quota, limited := storageQuotas[kind]
	if !limited {
		return nil
	}
	total, _ := c.Number("size")
	for _, other := range c.All("aws_ebs_volume") {
		if volumeType(other.Attributes) == kind && (c.Self == nil || other.Key() != c.Self.Key()) {
			size, _ := other.Attributes["size"].(float64)
			total += size
		}
	}
	if !c.World.Use(quota, c.Region, "", total/1024) {
		return world.Fail("VolumeLimitExceeded",
			"You have exceeded your maximum %s storage limit of %s TiB in this region. Please contact AWS Support to request an Elastic Block "+
				"Store service limit increase.",
			kind, model.FormatNumber(c.World.LimitIn(quota, c.Region))) // text: unverified
	}
	return nil
}

// volumeType is the type of a volume; EC2 takes gp2 where none is given.
func volumeType(volume world.Object) string {
	if kind, _ := volume["type"].(string); kind != "" {
		return kind
	}
	return "gp2"
}

// encryptedByDefault reports whether the region encrypts new volumes of which nothing else is said.
func encryptedByDefault(c *model.Call) bool {
	for _, setting := range c.All("aws_ebs_encryption_by_default") {
		if on, ok := setting.Attributes["enabled"].(bool); !ok || on {
			return true
		}
	}
	return false
}

// fillPerformance sets what AWS gives a volume that asks for nothing: gp3 has 3000 operations and 125 MiB/s, gp2 three operations for
// each GiB, at least 100 and at most 16000 (EBS documentation).
func fillPerformance(disk world.Object, typeArgument, sizeArgument string) {
	kind, _ := disk[typeArgument].(string)
	size, _ := disk[sizeArgument].(float64)
	iops, throughput := 0.0, 0.0
	switch kind {
	case "gp3":
		iops, throughput = 3000, 125
	case "gp2":
		iops = min(max(3*size, 100), 16000)
	}
	for name, value := range map[string]float64{"iops": iops, "throughput": throughput} {
		if model.IsUnknown(disk[name]) {
			disk[name] = value
		}
	}
}

// ebsEncryptionByDefault is a setting of the region, which every region has once.
func ebsEncryptionByDefault() *model.Type {
	return &model.Type{
		Name: "aws_ebs_encryption_by_default", API: api, Noun: "EBS Encryption by Default",
		CreateCall: "EnableEbsEncryptionByDefault", UpdateCall: "EnableEbsEncryptionByDefault", DeleteCall: "DisableEbsEncryptionByDefault",
		Identify: func(c *model.Call) string { return "terraform-" + c.Hex(26) },
		Latency:  model.Instant("logs of real deployments"),
	}
}

// instanceMetadataDefaults is a setting of the region, which every region has once.
func instanceMetadataDefaults() *model.Type {
	return &model.Type{
		Name: "aws_ec2_instance_metadata_defaults", API: api, Noun: "EC2 Instance Metadata Defaults",
		CreateCall: "ModifyInstanceMetadataDefaults", UpdateCall: "ModifyInstanceMetadataDefaults", DeleteCall: "ModifyInstanceMetadataDefaults",
		Identify: func(c *model.Call) string { return c.Region },
		Checks: []model.Check{
			model.OneOf("InvalidParameterValue", "http_tokens", "httpTokens", "optional", "required", "no-preference"),
			model.OneOf("InvalidParameterValue", "http_endpoint", "httpEndpoint", "disabled", "enabled", "no-preference"),
			model.OneOf("InvalidParameterValue", "instance_metadata_tags", "instanceMetadataTags", "disabled", "enabled", "no-preference"),
			func(c *model.Call) *world.Error {
				if n, _ := c.Number("http_put_response_hop_limit"); n == -1 {
					return nil // no preference
				}
				return model.Between("InvalidParameterValue", "http_put_response_hop_limit", "httpPutResponseHopLimit", 1, 64)(c)
			},
		},
		Fill: func(c *model.Call) {
			c.SetEach("no-preference", "http_tokens", "http_endpoint", "instance_metadata_tags")
			c.Set("http_put_response_hop_limit", -1.0)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}
