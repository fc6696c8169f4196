package service_test

import (
	"encoding/base64"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// sshKey is a public key of a kind, as ssh-keygen writes it; the numbers in it are none.
func sshKey(kind string) string {
	length := string([]byte{0, 0, 0, byte(len(kind))})
	return kind + " " + base64.StdEncoding.EncodeToString([]byte(length+kind+text(64))) + " user@host"
}

func TestInstances(t *testing.T) {
	instance := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			n := networkIn(t, d, 1)
			return "aws_instance", merged(object{"ami": "ami-0123456789abcdef0", "instance_type": "t3.micro", "subnet_id": n.subnets[0]["id"]},
				change)
		}
	}
	from := func(architecture, instanceType string) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			ami, err := d.Data("aws_ami", object{"owners": []any{"amazon"}, "most_recent": true,
				"filter": []object{{"name": "name", "values": []any{"al2023-ami-2*-" + architecture}}}})
			expect(t, err, "")
			return instance(object{"ami": ami["id"], "instance_type": instanceType})(t, d)
		}
	}
	check(t, []rule{
		{name: "an instance", given: instance(nil)},
		{name: "an image for its processor", given: from("arm64", "t4g.micro")},
		{name: "an image for another processor", given: from("arm64", "t3.micro"),
			refused: "InvalidParameterValue: The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64' of " +
				"the specified AMI."},
		{name: "an id that is none", given: instance(object{"ami": "al2023"}),
			refused: `InvalidAMIID.Malformed: Invalid id: "al2023" (expecting "ami-...")`},
		{name: "no image", given: instance(object{"ami": nil}), refused: "MissingParameter: The request must contain the parameter ImageId"},
		{name: "an unknown type", given: instance(object{"instance_type": "t3.gigantic"}),
			refused: "InvalidParameterValue: Invalid value 't3.gigantic' for InstanceType."},
		{name: "no subnet", given: instance(object{"subnet_id": nil}), refused: "VPCIdNotSpecified: No default VPC for this user."},
		{name: "a subnet that there is not", given: instance(object{"subnet_id": "subnet-0"}), refused: "InvalidSubnetID.NotFound"},
		{name: "a key that there is not", given: instance(object{"key_name": "lost"}),
			refused: "InvalidKeyPair.NotFound: The key pair 'lost' does not exist"},
		{name: "a profile that there is not", given: instance(object{"iam_instance_profile": "none"}),
			refused: "InvalidParameterValue: Value (none) for parameter iamInstanceProfile.name is invalid."},
		{name: "user data over 16 KB", given: instance(object{"user_data": text(16385)}),
			refused: "InvalidParameterValue: User data is limited to 16384 bytes"},
		{name: "an unknown disk", given: instance(object{"root_block_device": []object{{"volume_type": "gp9"}}}),
			refused: "InvalidParameterValue: Value (gp9) for parameter volumeType is invalid."},
		{name: "a group of another VPC", refused: "belong to different networks.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return instance(object{"vpc_security_group_ids": []any{groupIn(t, d, vpcOf(t, d), "other")["id"]}})(t, d)
			}},
		{name: "a type that the zone does not offer",
			refused: "Unsupported: Your requested instance type (m5.large) is not supported in your requested Availability Zone (us-east-1e).",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpcOf(t, d), "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1e"})
				return instance(object{"instance_type": "m5.large", "subnet_id": subnet["id"]})(t, d)
			}},
		{name: "over a limit on vCPUs",
			refused: "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 1 allows",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				limit(d, "L-1216C47A", 1)
				return instance(nil)(t, d)
			}},
	})
}

func TestInstanceLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 1)
	key := d.MustCreate(t, "aws_key_pair", object{"key_name": "admin", "public_key": sshKey("ssh-ed25519")})
	template := d.MustCreate(t, "aws_launch_template", object{"name": "bastion", "image_id": "ami-0123456789abcdef0",
		"instance_type": "t3.micro"})
	config := object{"subnet_id": n.subnets[0]["id"], "key_name": key["key_name"],
		"launch_template":         []object{{"id": template["id"], "version": "1"}},
		"disable_api_termination": true, "associate_public_ip_address": true,
		"ebs_block_device": []object{{"device_name": "/dev/sdf", "volume_size": 20, "volume_type": "gp3"}}}
	made := d.MustCreate(t, "aws_instance", config)
	if made["instance_type"] != "t3.micro" || made["ami"] != "ami-0123456789abcdef0" {
		t.Errorf("the instance is a %v from %v, want the template's", made["instance_type"], made["ami"])
	}
	expect(t, d.Delete("aws_subnet", n.subnets[0]), "DependencyViolation")
	expect(t, d.Delete("aws_instance", made), "OperationNotPermitted: The instance '"+made["id"].(string)+"' may not be terminated.")
	free, err := d.Update("aws_instance", made, merged(config, object{"disable_api_termination": false}))
	expect(t, err, "")
	expect(t, d.Delete("aws_instance", free), "")
	noFallbacks(t, d)
}

func TestKeyPairs(t *testing.T) {
	key := func(change object) given {
		return func(*testing.T, *sandboxtest.Driver) (string, object) {
			return "aws_key_pair", merged(object{"key_name": "admin", "public_key": sshKey("ssh-rsa")}, change)
		}
	}
	check(t, []rule{
		{name: "an RSA key", given: key(nil)},
		{name: "an ED25519 key", given: key(object{"public_key": sshKey("ssh-ed25519")})},
		{name: "a key of another kind", given: key(object{"public_key": sshKey("ecdsa-sha2-nistp256")}),
			refused: "InvalidKey.Format: Key is not in valid OpenSSH public key format"},
		{name: "no key", given: key(object{"public_key": "secret"}), refused: "InvalidKey.Format"},
		{name: "a name that is taken", refused: "InvalidKeyPair.Duplicate", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_key_pair", object{"key_name": "admin", "public_key": sshKey("ssh-rsa")})
			return "aws_key_pair", object{"key_name": "admin", "public_key": sshKey("ssh-ed25519")}
		}},
	})
}

func TestVolumes(t *testing.T) {
	volume := func(change object) given {
		return func(*testing.T, *sandboxtest.Driver) (string, object) {
			return "aws_ebs_volume", merged(object{"availability_zone": "us-east-1a", "size": 100, "type": "gp3"}, change)
		}
	}
	check(t, []rule{
		{name: "a volume", given: volume(nil)},
		{name: "in a zone that there is not", given: volume(object{"availability_zone": "us-east-1x"}),
			refused: "InvalidZone.NotFound: The zone 'us-east-1x' does not exist."},
		{name: "of no size", given: volume(object{"size": nil}),
			refused: "MissingParameter: The request must contain the parameter size/snapshot"},
		{name: "of too large a size", given: volume(object{"type": "gp2", "size": 16385}),
			refused: "InvalidParameterValue: Volume of 16385GiB is invalid for volume type gp2"},
		{name: "of too many operations", given: volume(object{"iops": 80001}), refused: "InvalidParameterValue: Volume iops of 80001"},
		{name: "over the region's storage", refused: "VolumeLimitExceeded", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			limit(d, "L-7A658B76", 0.1)
			return volume(object{"size": 103})(t, d)
		}},
	})
	d := sandboxtest.New(t, "")
	d.MustCreate(t, "aws_ebs_encryption_by_default", object{"enabled": true})
	own := d.MustCreate(t, "aws_ec2_instance_metadata_defaults", object{"http_tokens": "required"})
	if own["http_put_response_hop_limit"] != -1.0 || own["http_endpoint"] != "no-preference" {
		t.Errorf("the account prefers %v", own)
	}
	d.MustCreate(t, "aws_ec2_instance_metadata_defaults", object{"http_tokens": "required", "http_put_response_hop_limit": 1})
	typeName, config := volume(nil)(t, d)
	made := d.MustCreate(t, typeName, config)
	if made["encrypted"] != true || made["iops"] != 3000.0 || made["throughput"] != 125.0 {
		t.Errorf("the volume is encrypted: %v, with %v operations and %v MiB/s; want true, 3000 and 125", made["encrypted"], made["iops"],
			made["throughput"])
	}
	larger, err := d.Update(typeName, made, merged(config, object{"size": 200}))
	expect(t, err, "")
	_, err = d.Update(typeName, larger, config)
	expect(t, err, "InvalidParameterValue: New size cannot be smaller than existing size")
	_, err = d.Create("aws_ec2_instance_metadata_defaults", object{"http_put_response_hop_limit": 65})
	expect(t, err, "InvalidParameterValue")
	noFallbacks(t, d)
}
