package ec2

import (
	"encoding/base64"
	"maps"
	"reflect"
	"strconv"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// launchTemplateTypes declares EC2 launch templates. Error codes and texts: EC2 API model and moto's record of real answers.
func launchTemplateTypes() []*model.Type { return []*model.Type{launchTemplate()} }

func launchTemplate() *model.Type {
	return &model.Type{
		Name: "aws_launch_template", API: api, Noun: "EC2 Launch Template",
		CreateCall: "CreateLaunchTemplate", UpdateCall: "CreateLaunchTemplateVersion", DeleteCall: "DeleteLaunchTemplate",
		Identify: model.GeneratedID("lt-", 17),
		// AWS looks at what a template names only when it launches something; nothing that is named is held by it.
		References: []model.Reference{
			{Path: "vpc_security_group_ids", To: []string{"aws_security_group"}, Weak: true},
			{Path: "network_interfaces.security_groups", To: []string{"aws_security_group"}, Weak: true},
			{Path: "network_interfaces.subnet_id", To: []string{"aws_subnet"}, Weak: true},
			{Path: "block_device_mappings.ebs.kms_key_id", To: []string{"aws_kms_key"}, By: "arn", Weak: true},
			{Path: "key_name", To: []string{"aws_key_pair"}, By: "key_name", Weak: true},
			{Path: "iam_instance_profile.name", To: []string{"aws_iam_instance_profile"}, By: "name", Weak: true},
			{Path: "iam_instance_profile.arn", To: []string{"aws_iam_instance_profile"}, By: "arn", Weak: true},
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
		}}},
		Checks: []model.Check{
			launchTemplateName, launchTemplateUserData, launchTemplateDisks,
			model.OneOf("InvalidParameterValue", "metadata_options.http_tokens", "httpTokens", "optional", "required"),
			model.OneOf("InvalidParameterValue", "metadata_options.http_endpoint", "httpEndpoint", "disabled", "enabled"),
			model.Between("InvalidParameterValue", "metadata_options.http_put_response_hop_limit", "httpPutResponseHopLimit", 1, 64),
			launchTemplateGroups, launchTemplateDefault,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-FB451C26", Service: "ec2", Name: "Launch templates per Region", Default: 5000},
			Exceeded: func() *world.Error {
				return world.Fail("LaunchTemplateLimitExceeded", "You have reached the limit on the number of launch templates.")
			},
		}},
		Plan: planLaunchTemplate,
		Fill: fillLaunchTemplate,
		Latency: model.Latency{Create: model.Seconds(2, 1, 6), Update: model.Seconds(1, 1, 3), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

// launchTemplateName holds names to 3 to 128 characters; the provider appends 26 to a prefix.
func launchTemplateName(c *model.Call) *world.Error {
	name := c.String("name")
	if name == "" || !c.Creating() {
		return nil
	}
	if err := model.Length("InvalidLaunchTemplateName.MalformedException", "name", "launchTemplateName", 3, 128)(c); err != nil {
		return err
	}
	return model.Pattern("InvalidLaunchTemplateName.MalformedException", "name", "launchTemplateName", `[a-zA-Z0-9().\-/_]+`)(c)
}

// launchTemplateUserData holds user data to base64 and to 16 KB before encoding.
func launchTemplateUserData(c *model.Call) *world.Error {
	data := c.String("user_data")
	if data == "" {
		return nil
	}
	decoded, err := base64.StdEncoding.DecodeString(data)
	switch {
	case err != nil:
		return world.Fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	case len(decoded) > 16384:
		return world.Fail("InvalidUserData.Malformed", "User data is limited to 16384 bytes")
	}
	return nil
}

// launchTemplateDisks applies the rules of EBS volumes to the template's disks.
func launchTemplateDisks(c *model.Call) *world.Error {
	for _, disk := range c.Blocks("block_device_mappings.ebs") {
		if err := checkVolume(disk, "volume_type", "volume_size", true); err != nil {
			return err
		}
	}
	return nil
}

// launchTemplateGroups refuses security groups beside network interfaces, which have groups of their own. Text: unverified.
func launchTemplateGroups(c *model.Call) *world.Error {
	if len(c.Blocks("network_interfaces")) > 0 && len(c.Strings("vpc_security_group_ids")) > 0 {
		return world.Fail("InvalidParameterCombination",
			"Network interfaces and an instance-level security groups may not be specified on the same request")
	}
	return nil
}

// launchTemplateDefault refuses to make a version the default that the template does not have.
func launchTemplateDefault(c *model.Call) *world.Error {
	version, asked := c.Number("default_version")
	latest, counted := c.Number("latest_version")
	if !asked || !counted || c.Self == nil || version <= latest {
		return nil
	}
	return world.Fail("InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.",
		model.FormatNumber(version), c.Self.ID)
}

// versionless are the attributes of a template whose change makes no new version. All others do, tags and update_default_version among
// them (measured on provider 5.100.0).
var versionless = []string{"name", "name_prefix", "default_version", "latest_version", "id", "arn", "region"}

// launchTemplateChanged reports whether a change makes a new version of the template.
func launchTemplateChanged(before, after world.Object) bool {
	before, after = maps.Clone(before), maps.Clone(after)
	for _, name := range versionless {
		delete(before, name)
		delete(after, name)
	}
	return !reflect.DeepEqual(withoutEmpty(before), withoutEmpty(after))
}

// withoutEmpty leaves out of a value what Terraform's SDK does not tell from null.
func withoutEmpty(value any) any {
	switch v := value.(type) {
	case world.Object:
		object := world.Object{}
		for name, inner := range v {
			if kept := withoutEmpty(inner); kept != nil {
				object[name] = kept
			}
		}
		if len(object) == 0 {
			return nil
		}
		return object
	case []any:
		var elements []any
		for _, inner := range v {
			elements = append(elements, withoutEmpty(inner))
		}
		if len(elements) == 0 {
			return nil
		}
		return elements
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return value
}

// planLaunchTemplate makes the numbers unknown that a new version changes.
func planLaunchTemplate(c *model.Call) {
	if c.Prior == nil || !launchTemplateChanged(c.Prior, c.Object) {
		return
	}
	c.Force("latest_version", world.Unknown{})
	if c.Bool("update_default_version") {
		c.Force("default_version", world.Unknown{})
	}
}

func fillLaunchTemplate(c *model.Call) {
	prefix := c.String("name_prefix")
	if prefix == "" && model.IsUnset(c.Object["name"]) {
		prefix = "terraform-"
	}
	c.Name("name", "name_prefix")
	c.Set("name_prefix", prefix)
	c.Set("arn", c.ARN("ec2", "launch-template/"+c.ID))
	latest := 1.0
	if !c.Creating() {
		latest, _ = c.Prior["latest_version"].(float64)
		if model.IsUnknown(c.Object["latest_version"]) {
			latest++
		}
	}
	c.Set("latest_version", latest)
	if c.Bool("update_default_version") {
		c.Force("default_version", latest)
	}
	c.Set("default_version", 1.0)
	for name, value := range map[string]any{
		"http_endpoint": "", "http_protocol_ipv6": "", "http_put_response_hop_limit": 0.0, "http_tokens": "", "instance_metadata_tags": "",
	} {
		c.SetIn("metadata_options", name, value)
	}
	for _, name := range []string{"iops", "throughput", "volume_initialization_rate", "volume_size"} {
		c.SetIn("block_device_mappings.ebs", name, 0.0)
	}
	c.SetIn("block_device_mappings.ebs", "volume_type", "")
	c.SetIn("instance_market_options.spot_options", "valid_until", "")
}

var launchTemplateMissing = model.Missing("InvalidLaunchTemplateId.NotFound",
	"The specified launch template, with template ID %s, does not exist.")

// CheckTemplateVersion holds a version to $Default, $Latest or a number that the template has.
func CheckTemplateVersion(template *world.Resource, version string) *world.Error {
	if version == "" || version == "$Default" || version == "$Latest" {
		return nil
	}
	latest, _ := template.Attributes["latest_version"].(float64)
	if n, err := strconv.Atoi(version); err != nil || n < 1 || float64(n) > latest {
		return world.Fail("InvalidLaunchTemplateId.VersionNotFound",
			"Could not find the specified version %s for the launch template with ID %s.", version, template.ID)
	}
	return nil
}
