package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// instanceTypes declares EC2 instances and key pairs. Error codes and texts: EC2 API model, moto's record of real answers and messages of
// AWS seen in public reports.
func instanceTypes() []*model.Type { return []*model.Type{instance(), keyPair()} }

func instance() *model.Type {
	return &model.Type{
		Name: "aws_instance", API: api, Noun: "EC2 Instance",
		CreateCall: "RunInstances", UpdateCall: "ModifyInstanceAttribute", DeleteCall: "TerminateInstances",
		Identify: model.GeneratedID("i-", 17),
		References: []model.Reference{
			{Path: "subnet_id", To: []string{"aws_subnet"}, Missing: subnetMissing},
			{Path: "vpc_security_group_ids", To: []string{"aws_security_group"}, Missing: securityGroupMissing},
			{Path: "key_name", To: []string{"aws_key_pair"}, By: "key_name", Weak: true,
				Missing: model.Missing("InvalidKeyPair.NotFound", "The key pair '%s' does not exist")},
			{Path: "iam_instance_profile", To: []string{"aws_iam_instance_profile"}, By: "name",
				Missing: model.Missing("InvalidParameterValue",
					"Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name")},
			{Path: "launch_template.id", To: []string{"aws_launch_template"}, Weak: true, Missing: launchTemplateMissing},
			{Path: "launch_template.name", To: []string{"aws_launch_template"}, By: "name", Weak: true,
				Missing: model.Missing("InvalidLaunchTemplateName.NotFoundException",
					"The specified launch template, with template name %s, does not exist.")},
		},
		Checks: []model.Check{
			instanceTemplate, instancePlace, instanceImage, instanceOffered, instanceGroups, launchTemplateUserDataPlain, instanceDisks,
			model.OneOf("InvalidParameterValue", "metadata_options.http_tokens", "httpTokens", "optional", "required"),
			model.OneOf("InvalidParameterValue", "metadata_options.http_endpoint", "httpEndpoint", "disabled", "enabled"),
			model.Between("InvalidParameterValue", "metadata_options.http_put_response_hop_limit", "httpPutResponseHopLimit", 1, 64),
			func(c *model.Call) *world.Error { return VCPULimit(c, instanceLaunch(c)) },
		},
		Counted: countedVCPUs(),
		Launch:  instanceLaunch,
		Plan: func(c *model.Call) {
			if c.Object["source_dest_check"] == nil {
				c.Force("source_dest_check", true) // the provider's default, which depends on other arguments
			}
		},
		Fill: fillInstance,
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if c.Bool("disable_api_termination") {
				return world.Fail("OperationNotPermitted",
					"The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", c.Self.ID)
			}
			return nil
		}},
		InUse: func(*model.Call, *world.Resource) *world.Error { return nil }, // AWS detaches whatever was attached
		Latency: model.Latency{Create: model.Seconds(15, 12, 45), Update: model.Seconds(5, 1, 60), Delete: model.Seconds(45, 30, 90),
			Source: "logs of real deployments, unverified"},
	}
}

// instanceTemplate takes from the launch template what the arguments leave open, as RunInstances does.
func instanceTemplate(c *model.Call) *world.Error {
	template := c.Find("aws_launch_template", c.String("launch_template.id"))
	if template == nil {
		template = c.FindBy("aws_launch_template", "name", c.String("launch_template.name"))
	}
	if template == nil || !c.Creating() {
		return nil
	}
	if err := CheckTemplateVersion(template, c.String("launch_template.version")); err != nil {
		return err
	}
	for argument, from := range map[string]string{"ami": "image_id", "instance_type": "instance_type", "key_name": "key_name"} {
		if value := template.String(from); value != "" && model.IsUnset(c.Object[argument]) {
			c.Force(argument, value)
		}
	}
	if groups := model.Strings(template.Attributes, "vpc_security_group_ids"); len(groups) > 0 {
		c.Set("vpc_security_group_ids", template.Attributes["vpc_security_group_ids"])
	}
	return nil
}

// instancePlace asks for a subnet: this account has no default VPC.
func instancePlace(c *model.Call) *world.Error {
	if c.String("subnet_id") == "" && len(c.Blocks("network_interface")) == 0 && c.Creating() {
		return world.Fail("VPCIdNotSpecified", "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.")
	}
	if zone := c.String("availability_zone"); zone != "" && c.Creating() && c.Zone(c.String("subnet_id")) != "" &&
		zone != c.Zone(c.String("subnet_id")) {
		// text: unverified
		return world.Fail("InvalidParameterValue", "The availability zone %s does not match the subnet's: %s", zone,
			c.Zone(c.String("subnet_id")))
	}
	return nil
}

var imageID = model.Expression(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)

// instanceImage refuses ids that are none, and images for another processor than the instance has.
func instanceImage(c *model.Call) *world.Error {
	ami, name := c.String("ami"), c.String("instance_type")
	switch {
	case !c.Creating():
		return nil
	case ami == "":
		return world.Fail("MissingParameter", "The request must contain the parameter ImageId")
	case !imageID().MatchString(ami):
		return world.Fail("InvalidAMIID.Malformed", `Invalid id: "%s" (expecting "ami-...")`, ami)
	}
	image, kind := findImage(c, ami), facts.Instance(name)
	if image == nil || kind == nil || slices.Contains(kind.Architectures, image.architecture) {
		return nil
	}
	return world.Fail("InvalidParameterValue",
		"The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance "+
			"type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to "+
			"discover the architecture of the instance type or AMI.",
		strings.Join(kind.Architectures, ","), image.architecture)
}

func instanceOffered(c *model.Call) *world.Error {
	name, zone := c.String("instance_type"), c.Zone(c.String("subnet_id"))
	if name == "" && c.Creating() {
		return world.Fail("MissingParameter", "The request must contain the parameter InstanceType")
	}
	if name == "" || zone == "" || !c.Changed("instance_type") {
		return nil
	}
	return Offered(c, name, zone)
}

// instanceGroups refuses security groups of another VPC than the subnet's.
func instanceGroups(c *model.Call) *world.Error {
	subnet := c.String("subnet_id")
	for _, group := range c.Strings("vpc_security_group_ids") {
		if subnet != "" && c.VPCOf(group) != c.VPCOf(subnet) {
			return world.Fail("InvalidParameter", "Security group %s and subnet %s belong to different networks.", group, subnet)
		}
	}
	return nil
}

// launchTemplateUserDataPlain holds user data to 16 KB; the provider encodes it.
func launchTemplateUserDataPlain(c *model.Call) *world.Error {
	if len(c.String("user_data")) > 16384 {
		return world.Fail("InvalidParameterValue", "User data is limited to 16384 bytes")
	}
	return nil
}

func instanceDisks(c *model.Call) *world.Error {
	for _, disk := range append(c.Blocks("root_block_device"), c.Blocks("ebs_block_device")...) {
		if err := checkVolume(disk, "volume_type", "volume_size", c.Creating()); err != nil {
			return err
		}
	}
	return nil
}

func fillInstance(c *model.Call) {
	subnet := c.Find("aws_subnet", c.String("subnet_id"))
	c.Set("arn", c.ARN("ec2", "instance/"+c.ID))
	c.Set("availability_zone", c.Zone(c.String("subnet_id")))
	c.Set("instance_state", "running")
	c.Set("private_ip", HostIn(c, c.String("subnet_id")))
	c.Set("private_dns", "ip-"+strings.ReplaceAll(c.String("private_ip"), ".", "-")+"."+privateDomain(c.Region))
	c.Set("primary_network_interface_id", "eni-"+c.Hex(17, "interface"))
	public := false
	if subnet != nil {
		public, _ = subnet.Attributes["map_public_ip_on_launch"].(bool)
		if vpc := c.Find("aws_vpc", subnet.String("vpc_id")); vpc != nil {
			c.Set("vpc_security_group_ids", []any{vpc.String("default_security_group_id")})
		}
	}
	c.Set("associate_public_ip_address", public)
	if c.Bool("associate_public_ip_address") {
		address := publicAddress(c)
		c.Set("public_ip", address)
		c.Set("public_dns", publicName(c.Region, address))
	}
	c.SetEach("", "public_ip", "public_dns", "instance_lifecycle", "outpost_arn", "password_data", "spot_instance_request_id",
		"placement_group",
		"placement_group_id", "key_name", "iam_instance_profile", "host_id", "host_resource_group_arn", "user_data_base64")
	c.Set("tenancy", "default")
	c.Set("instance_initiated_shutdown_behavior", "stop")
	c.SetEach(false, "disable_api_stop", "disable_api_termination", "ebs_optimized", "monitoring", "enable_primary_ipv6")
	c.SetEach(0.0, "ipv6_address_count", "placement_partition_number")
	c.SetEach([]any{}, "ipv6_addresses", "secondary_private_ips", "security_groups", "vpc_security_group_ids")
	fillInstanceBlocks(c)
}

// privateDomain is the domain of EC2's private host names in a region.
func privateDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}

// fillInstanceBlocks completes the nested blocks, which AWS reports whether they were asked for or not.
func fillInstanceBlocks(c *model.Call) {
	size, root := 8.0, "/dev/xvda"
	if image := findImage(c, c.String("ami")); image != nil {
		size, root = image.diskGiB, image.rootDevice
	}
	whole := func(block string, attributes world.Object) {
		if model.IsUnset(c.Object[block]) {
			c.Force(block, []any{attributes})
			return
		}
		for name, value := range attributes {
			c.SetIn(block, name, value)
		}
	}
	cores, threads := 1.0, 1.0
	if kind := facts.Instance(c.String("instance_type")); kind != nil {
		cores, threads = float64(kind.VCPU), 1
		if slices.Contains(kind.Architectures, "x86_64") && kind.VCPU > 1 {
			cores, threads = float64(kind.VCPU)/2, 2
		}
	}
	whole("cpu_options", world.Object{"amd_sev_snp": "", "core_count": cores, "nested_virtualization": "", "threads_per_core": threads})
	whole("capacity_reservation_specification",
		world.Object{"capacity_reservation_preference": "open", "capacity_reservation_target": []any{}})
	whole("enclave_options", world.Object{"enabled": false})
	whole("maintenance_options", world.Object{"auto_recovery": "default"})
	whole("metadata_options", world.Object{"http_endpoint": "enabled", "http_protocol_ipv6": "disabled", "http_put_response_hop_limit": 1.0,
		"http_tokens": "optional", "instance_metadata_tags": "disabled"})
	whole("private_dns_name_options", world.Object{"enable_resource_name_dns_a_record": false, "enable_resource_name_dns_aaaa_record": false,
		"hostname_type": "ip-name"})
	whole("primary_network_interface",
		world.Object{"delete_on_termination": true, "network_interface_id": c.String("primary_network_interface_id")})
	encrypted := encryptedByDefault(c)
	whole("root_block_device", world.Object{"delete_on_termination": true, "device_name": root, "encrypted": encrypted,
		"iops": world.Unknown{}, "kms_key_id": "",
		"tags": world.Object{}, "tags_all": world.Object{}, "throughput": world.Unknown{}, "volume_id": "vol-" + c.Hex(17, "root"),
		"volume_size": size, "volume_type": "gp2"})
	for _, disk := range c.Blocks("root_block_device") {
		fillPerformance(disk, "volume_type", "volume_size")
	}
	for _, disk := range c.Blocks("ebs_block_device") {
		device, _ := disk["device_name"].(string)
		for name, value := range map[string]any{"encrypted": encrypted, "kms_key_id": "", "snapshot_id": "", "tags_all": world.Object{},
			"volume_id": "vol-" + c.Hex(17, "disk", device), "volume_size": 8.0, "volume_type": "gp2"} {
			if model.IsUnknown(disk[name]) {
				disk[name] = value
			}
		}
		fillPerformance(disk, "volume_type", "volume_size")
	}
	c.SetIn("launch_template", "id", "")
	c.SetIn("launch_template", "name", "")
	c.SetIn("instance_market_options", "market_type", "spot")
	for name, value := range map[string]any{"instance_interruption_behavior": "terminate", "max_price": "", "spot_instance_type": "one-time",
		"valid_until": ""} {
		c.SetIn("instance_market_options.spot_options", name, value)
	}
	for name, value := range map[string]any{"mac_address": "", "secondary_interface_id": "", "secondary_network_id": "", "status": "in-use",
		"source_dest_check": true} {
		c.SetIn("secondary_network_interface", name, value)
	}
	c.SetIn("secondary_network_interface", "private_ip_addresses", []any{})
}

// instanceLaunch is what an instance starts: itself.
func instanceLaunch(c *model.Call) model.Launch {
	spot := c.String("instance_market_options.market_type") == "spot"
	zones := c.Zones([]string{c.String("subnet_id")})
	if len(zones) == 0 {
		zones = c.Strings("availability_zone")
	}
	return model.Launch{InstanceTypes: []string{c.String("instance_type")}, Zones: zones, Now: 1, Most: 1, Spot: spot, OnlySpot: spot}
}
