package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// nodeTemplate is a template as node groups have it.
func nodeTemplate() object {
	return object{
		"name_prefix": "nodes-", "update_default_version": true,
		"metadata_options": []object{{"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1}},
		"block_device_mappings": []object{{"device_name": "/dev/xvda", "ebs": []object{{
			"volume_type": "gp3", "volume_size": 50, "encrypted": "true", "delete_on_termination": "true"}}}},
		"tag_specifications": []object{{"resource_type": "instance", "tags": object{"Name": "node"}}},
	}
}

func TestLaunchTemplate(t *testing.T) {
	with := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(*testing.T, *sandboxtest.Driver) (string, object) {
			config := nodeTemplate()
			for name, value := range change {
				config[name] = value
			}
			return "aws_launch_template", config
		}
	}
	disk := func(disk object) object {
		return object{"block_device_mappings": []object{{"device_name": "/dev/xvda", "ebs": []object{disk}}}}
	}
	check(t, []rule{
		{name: "a template for nodes", given: with(nil)},
		{name: "an interface with groups of its own",
			given: with(object{"vpc_security_group_ids": nil, "network_interfaces": []object{{"device_index": 0}}})},
		{name: "an interface beside groups",
			given:   with(object{"vpc_security_group_ids": []any{"sg-0"}, "network_interfaces": []object{{"device_index": 0}}}),
			refused: "InvalidParameterCombination: Network interfaces and an instance-level security groups may not be specified on the same request"},
		{name: "a name of 128 characters", given: with(object{"name_prefix": nil, "name": text(128)})},
		{name: "a name of 129 characters", given: with(object{"name_prefix": nil, "name": text(129)}),
			refused: "InvalidLaunchTemplateName.MalformedException"},
		{name: "a name of 2 characters", given: with(object{"name_prefix": nil, "name": "no"}),
			refused: "InvalidLaunchTemplateName.MalformedException"},
		{name: "a name with a blank", given: with(object{"name_prefix": nil, "name": "two words"}),
			refused: "InvalidLaunchTemplateName.MalformedException"},
		{name: "user data in base64", given: with(object{"user_data": "IyEvYmluL3NoCg=="})},
		{name: "user data that is not base64", given: with(object{"user_data": "#!/bin/sh"}),
			refused: "InvalidUserData.Malformed: Invalid BASE64 encoding of user data."},
		{name: "user data of 16 KB", given: with(object{"user_data": base64Of(16384)})},
		{name: "user data over 16 KB", given: with(object{"user_data": base64Of(16385)}),
			refused: "InvalidUserData.Malformed: User data is limited to 16384 bytes"},
		{name: "an unknown type of volume", given: with(disk(object{"volume_type": "gp4"})),
			refused: "InvalidParameterValue: Value (gp4) for parameter volumeType is invalid."},
		{name: "gp3 with 16000 operations", given: with(disk(object{"volume_type": "gp3", "iops": 16000, "throughput": 1000}))},
		{name: "gp3 with too few operations", given: with(disk(object{"volume_type": "gp3", "iops": 100})),
			refused: "InvalidParameterValue: Volume iops of 100"},
		{name: "gp2 with throughput", given: with(disk(object{"volume_type": "gp2", "throughput": 250})), refused: "InvalidParameterCombination"},
		{name: "gp3 with too little throughput", given: with(disk(object{"volume_type": "gp3", "throughput": 100})),
			refused: "InvalidParameterValue: Throughput of 100 MiB/s"},
		{name: "io2 without operations", given: with(disk(object{"volume_type": "io2", "volume_size": 50})), refused: "MissingParameter"},
		{name: "st1 of 125 GiB", given: with(disk(object{"volume_type": "st1", "volume_size": 125}))},
		{name: "st1 below 125 GiB", given: with(disk(object{"volume_type": "st1", "volume_size": 124})),
			refused: "InvalidParameterValue: Volume of 124GiB is invalid"},
		{name: "metadata over 64 hops", given: with(object{"metadata_options": []object{{"http_put_response_hop_limit": 65}}}),
			refused: "InvalidParameterValue"},
		{name: "metadata tokens that may be", given: with(object{"metadata_options": []object{{"http_tokens": "maybe"}}}),
			refused: "InvalidParameterValue"},
		{name: "a name that is taken", refused: "InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_launch_template", object{"name": "nodes"})
				return "aws_launch_template", object{"name": "nodes"}
			}},
	})
}

func TestLaunchTemplateVersions(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := nodeTemplate()
	first := d.MustCreate(t, "aws_launch_template", config)
	numbers(t, first, 1, 1)

	config["image_id"] = "ami-0123456789abcdef0"
	planned, err := d.Plan("aws_launch_template", first, config)
	expect(t, err, "")
	if !isUnknown(planned["latest_version"]) || !isUnknown(planned["default_version"]) {
		t.Errorf("a change plans latest_version %v and default_version %v, want both unknown", planned["latest_version"],
			planned["default_version"])
	}
	second, err := d.Update("aws_launch_template", first, config)
	expect(t, err, "")
	numbers(t, second, 2, 2)

	config["tags"] = object{"Name": "nodes"}
	tagged, err := d.Update("aws_launch_template", second, config)
	expect(t, err, "")
	numbers(t, tagged, 3, 3)

	config["update_default_version"] = false
	config["default_version"] = 2
	pinned, err := d.Update("aws_launch_template", tagged, config)
	expect(t, err, "")
	numbers(t, pinned, 4, 2)

	config["default_version"] = 3
	moved, err := d.Update("aws_launch_template", pinned, config)
	expect(t, err, "")
	numbers(t, moved, 4, 3)

	config["default_version"] = 5
	_, err = d.Update("aws_launch_template", moved, config)
	expect(t, err, "InvalidLaunchTemplateId.VersionNotFound: Could not find the specified version 5")
	noFallbacks(t, d)
}

func numbers(t *testing.T, state object, latest, standard float64) {
	t.Helper()
	if state["latest_version"] != latest || state["default_version"] != standard {
		t.Errorf("latest_version %v, default_version %v, want %v and %v", state["latest_version"], state["default_version"], latest, standard)
	}
}
