package ec2

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// image is an AMI that the sandbox offers. The ids of real images differ from region to region and from week to week; these are made up,
// the same in every run of a world.
type image struct {
	id, name, description, architecture string
	owner, ownerAlias                   string
	created                             time.Time
	rootDevice                          string
	diskGiB                             float64
	platform                            string
	bootMode                            string
}

// imageFamily is a series of images under one owner. The names hold the architecture for %[1]s and the date for %[2]s.
type imageFamily struct {
	owner, alias, name, description string
	dateFormat                      string
	// names of the architectures as the family writes them, by EC2's names
	architectures map[string]string
	rootDevice    string
	diskGiB       float64
	platform      string
}

// imageFamilies are what Terraform configurations look for most. Owners and names: the vendors' documentation, unverified.
func imageFamilies() []imageFamily {
	both := map[string]string{"x86_64": "x86_64", "arm64": "arm64"}
	ubuntu := map[string]string{"x86_64": "amd64", "arm64": "arm64"}
	families := []imageFamily{
		{"137112412989", "amazon", "al2023-ami-2023.8.%[2]s.0-kernel-6.1-%[1]s", "Amazon Linux 2023 AMI", "20060102", both, "/dev/xvda", 8, ""},
		{"137112412989", "amazon", "al2023-ami-minimal-2023.8.%[2]s.0-kernel-6.1-%[1]s", "Amazon Linux 2023 minimal AMI", "20060102",
			both, "/dev/xvda", 2, ""},
		{"137112412989", "amazon", "amzn2-ami-hvm-2.0.%[2]s.0-%[1]s-gp2", "Amazon Linux 2 AMI", "20060102", both, "/dev/xvda", 8, ""},
		{"099720109477", "", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-%[1]s-server-%[2]s", "Canonical, Ubuntu, 24.04", "20060102",
			ubuntu, "/dev/sda1", 8, ""},
		{"099720109477", "", "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-%[1]s-server-%[2]s", "Canonical, Ubuntu, 22.04", "20060102",
			ubuntu, "/dev/sda1", 8, ""},
		{"136693071363", "", "debian-12-%[1]s-%[2]s-2000", "Debian 12", "20060102", ubuntu, "/dev/xvda", 8, ""},
		{"309956199498", "", "RHEL-9.5.0_HVM-%[2]s-%[1]s-0-Hourly2-GP3", "Red Hat Enterprise Linux 9.5", "20060102", both, "/dev/sda1", 10, ""},
		{"801119661308", "amazon", "Windows_Server-2022-English-Full-Base-%[2]s", "Microsoft Windows Server 2022", "2006.01.02",
			map[string]string{"x86_64": ""}, "/dev/sda1", 30, "windows"},
	}
	families = append(families,
		imageFamily{"568608671756", "", "fck-nat-al2023-hvm-1.3.0-%[2]s-%[1]s-ebs", "fck-nat 1.3.0", "20060102", both, "/dev/xvda", 2, ""},
		imageFamily{"591542846629", "amazon", "amzn2-ami-ecs-hvm-2.0.%[2]s-%[1]s-ebs", "Amazon Linux AMI 2 ECS HVM GP2",
			"20060102", both, "/dev/xvda", 30, ""},
		imageFamily{"591542846629", "amazon", "al2023-ami-ecs-hvm-2023.0.%[2]s-kernel-6.1-%[1]s", "Amazon Linux AMI 2023 ECS HVM EBS",
			"20060102", both, "/dev/xvda", 30, ""},
	)
	for minor := 29; minor <= 36; minor++ {
		version := fmt.Sprintf("1.%d", minor)
		families = append(families,
			imageFamily{"602401143452", "amazon", "amazon-eks-node-al2023-%[1]s-standard-" + version + "-v%[2]s",
				"EKS-optimized Kubernetes node based on Amazon Linux 2023, (k8s: " + version + ")", "20060102", both, "/dev/xvda", 20, ""},
			imageFamily{"092701018921", "amazon", "bottlerocket-aws-k8s-" + version + "-%[1]s-v1.49.0-%[2]s", "bottlerocket-aws-k8s-" + version,
				"20060102", map[string]string{"x86_64": "x86_64", "arm64": "aarch64"}, "/dev/xvda", 2, ""},
		)
	}
	return families
}

// images lists all images of the region, newest first: each family has one of a month ago and one of a week ago, by the world's clock.
func images(c *model.Call) []*image {
	var all []*image
	for _, family := range imageFamilies() {
		for _, age := range []int{7, 35} {
			day := c.World.Now().AddDate(0, 0, -age)
			// Whole weeks, so that a name stays what it is for some days.
			day = day.AddDate(0, 0, -int(day.Weekday())).Truncate(24 * time.Hour)
			for architecture, written := range family.architectures {
				name := fmt.Sprintf(family.name, written, day.Format(family.dateFormat))
				all = append(all, &image{
					id: imageIDOf(c, family.owner, name), name: name, description: family.description, architecture: architecture,
					owner: family.owner, ownerAlias: family.alias, created: day, rootDevice: family.rootDevice, diskGiB: family.diskGiB,
					platform: family.platform, bootMode: "uefi-preferred",
				})
			}
		}
	}
	slices.SortFunc(all, func(a, b *image) int {
		return cmp.Or(b.created.Compare(a.created), cmp.Compare(a.name, b.name))
	})
	return all
}

// imageIDOf makes up the id of an image; the region and its name decide it.
func imageIDOf(c *model.Call, owner, name string) string {
	return "ami-" + c.World.Digest(17, "image", c.Region, owner, name)
}

// findImage finds an image by id, or returns nil: images of others exist too, and nothing is known of them.
func findImage(c *model.Call, id string) *image {
	for _, candidate := range images(c) {
		if candidate.id == id {
			return candidate
		}
	}
	return nil
}

// readAMI answers the data source aws_ami.
func readAMI(c *model.Call) *world.Error {
	expression, err := regexp.Compile(c.String("name_regex"))
	if err != nil {
		return &world.Error{Message: "invalid value for name_regex: " + err.Error()}
	}
	var matches []*image
	for _, candidate := range images(c) {
		owners := c.Strings("owners")
		owned := len(owners) == 0 || slices.Contains(owners, candidate.owner) || candidate.ownerAlias != "" &&
			slices.Contains(owners, candidate.ownerAlias)
		if owned && expression.MatchString(candidate.name) && MatchesFilters(c, imageFilters(candidate)) {
			matches = append(matches, candidate)
		}
	}
	switch {
	case len(matches) == 0:
		return &world.Error{Message: "Your query returned no results. Please change your search criteria and try again."}
	case len(matches) > 1 && !c.Bool("most_recent"):
		return &world.Error{Message: "Your query returned more than one result. Please try a more specific search criteria, or set " +
			"`most_recent` attribute to true."}
	}
	fillAMI(c, matches[0])
	return nil
}

func imageFilters(i *image) map[string][]string {
	platform := "Linux/UNIX"
	if i.platform == "windows" {
		platform = "Windows"
	}
	return map[string][]string{
		"name": {i.name}, "image-id": {i.id}, "architecture": {i.architecture}, "owner-id": {i.owner}, "owner-alias": {i.ownerAlias},
		"virtualization-type": {"hvm"}, "root-device-type": {"ebs"}, "root-device-name": {i.rootDevice}, "state": {"available"},
		"image-type": {"machine"}, "is-public": {"true"}, "ena-support": {"true"}, "hypervisor": {"xen"}, "description": {i.description},
		"platform": {i.platform}, "platform-details": {platform}, "block-device-mapping.volume-type": {"gp3"},
		"creation-date": {i.created.Format(time.RFC3339)},
		"boot-mode":     {i.bootMode},
	}
}

func fillAMI(c *model.Call, i *image) {
	created := i.created.Format("2006-01-02T15:04:05.000Z")
	for name, value := range map[string]any{
		"id": i.id, "image_id": i.id, "name": i.name, "description": i.description, "architecture": i.architecture, "owner_id": i.owner,
		"image_owner_alias": i.ownerAlias, "creation_date": created,
		"deprecation_time": i.created.AddDate(2, 0, 0).Format("2006-01-02T15:04:05.000Z"),
		"image_location":   cmp.Or(i.ownerAlias, i.owner) + "/" + i.name, "image_type": "machine", "hypervisor": "xen",
		"virtualization_type": "hvm",
		"root_device_name":    i.rootDevice, "root_device_type": "ebs", "root_snapshot_id": "snap-" + c.World.Digest(17, i.id),
		"state":    "available",
		"platform": i.platform, "platform_details": map[bool]string{true: "Windows", false: "Linux/UNIX"}[i.platform == "windows"],
		"usage_operation": map[bool]string{true: "RunInstances:0002", false: "RunInstances"}[i.platform == "windows"],
		"boot_mode":       i.bootMode, "ena_support": true, "public": true, "sriov_net_support": "simple", "imds_support": "v2.0",
		"tpm_support": "",
		"kernel_id":   "", "ramdisk_id": "", "last_launched_time": "",
		"arn":          fmt.Sprintf("arn:%s:ec2:%s::image/%s", c.Partition(), c.Region, i.id),
		"state_reason": world.Object{"code": "UNSET", "message": "UNSET"}, "tags": world.Object{}, "product_codes": []any{},
		"block_device_mappings": []any{world.Object{"device_name": i.rootDevice, "no_device": "", "virtual_name": "", "ebs": world.Object{
			"delete_on_termination": "true", "encrypted": "false", "iops": "3000", "throughput": "125", "volume_size": model.FormatNumber(i.diskGiB),
			"volume_type": "gp3", "snapshot_id": "snap-" + c.World.Digest(17, i.id), "volume_initialization_rate": "0"}}},
	} {
		c.Set(name, value)
	}
}
