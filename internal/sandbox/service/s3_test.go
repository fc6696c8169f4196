package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// inBucket makes a bucket, what a test needs in it, and returns a setting of it.
func inBucket(typeName string, config object, before ...object) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs"})
		for _, first := range before {
			for name, arguments := range first {
				d.MustCreate(t, name, merged(arguments.(object), object{"bucket": "coder-logs"}))
			}
		}
		return typeName, merged(config, object{"bucket": "coder-logs"})
	}
}

// bucketPolicy is a policy that lets a principal read a resource.
func bucketPolicy(principal any, resource string) object {
	return object{"policy": sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
		object{"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource}}})}
}

func TestBucket(t *testing.T) {
	bucket := func(name string) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_s3_bucket", object{"bucket": name})
	}
	const invalid = "InvalidBucketName: The specified bucket is not valid."
	check(t, []rule{
		{name: "a bucket", given: bucket("coder.logs-1")},
		{name: "a name of 2 characters", given: bucket("ab"), refused: invalid},
		{name: "a name of 63 characters", given: bucket(text(63))},
		{name: "a name of 64 characters", given: bucket(text(64)), refused: invalid},
		{name: "a name with a capital", given: bucket("Coder"), refused: invalid},
		{name: "a name with two dots in a row", given: bucket("coder..logs"), refused: invalid},
		{name: "an address", given: bucket("192.168.5.4"), refused: invalid},
		{name: "a reserved prefix", given: bucket("xn--coder"), refused: invalid},
		{name: "a reserved suffix", given: bucket("coder-s3alias"), refused: invalid},
		{name: "a name that the account has", refused: "BucketAlreadyOwnedByYou",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs"})
				return "aws_s3_bucket", object{"bucket": "coder-logs"}
			}},
		{name: "a name that the account has in another region", refused: "BucketAlreadyOwnedByYou",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs", "region": "eu-west-1"})
				return "aws_s3_bucket", object{"bucket": "coder-logs"}
			}},
		{name: "a name that another account has", refused: "BucketAlreadyExists: The requested bucket name is not available.",
			given: func(_ *testing.T, d *sandboxtest.Driver) (string, object) {
				d.World.Put(&world.Resource{Type: "aws_s3_bucket", ID: "coder-logs", Account: "999999999999", Region: "us-west-2",
					Attributes: object{"id": "coder-logs"}})
				return "aws_s3_bucket", object{"bucket": "coder-logs"}
			}},
	})
}

func TestBucketSettings(t *testing.T) {
	versioning := func(status string) object {
		return object{"versioning_configuration": []object{{"status": status}}}
	}
	encryption := func(algorithm string, key any) object {
		return object{
			"rule": []object{{"apply_server_side_encryption_by_default": []object{{"sse_algorithm": algorithm, "kms_master_key_id": key}}}}}
	}
	lifecycle := func(rules ...object) object {
		for _, rule := range rules {
			rule["status"] = "Enabled"
		}
		return object{"rule": rules}
	}
	retention := func(of object) object { return object{"rule": []object{{"default_retention": []object{of}}}} }
	lockedBucket := func(lock object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			bucket := d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-records", "object_lock_enabled": true})
			return "aws_s3_bucket_object_lock_configuration", merged(lock, object{"bucket": bucket["id"]})
		}
	}
	check(t, []rule{
		{name: "versioning", given: inBucket("aws_s3_bucket_versioning", versioning("Enabled"))},
		{name: "versioning of a third kind", given: inBucket("aws_s3_bucket_versioning", versioning("On")), refused: "MalformedXML"},
		{name: "versioning of no bucket", given: creates("aws_s3_bucket_versioning", merged(versioning("Enabled"), object{"bucket": "none"})),
			refused: "NoSuchBucket: The specified bucket does not exist"},
		{name: "a lock of a bucket that has its versions locked", given: lockedBucket(retention(object{"mode": "GOVERNANCE", "days": 913}))},
		{name: "a lock of a bucket without versions", refused: "InvalidBucketState: Versioning must be 'Enabled' on the bucket to apply",
			given: inBucket("aws_s3_bucket_object_lock_configuration", retention(object{"mode": "GOVERNANCE", "days": 913}))},
		{name: "a lock of a third kind", refused: "MalformedXML",
			given: lockedBucket(retention(object{"mode": "LEGAL", "days": 913}))},
		{name: "a lock for days and years", refused: "MalformedXML",
			given: lockedBucket(retention(object{"mode": "COMPLIANCE", "days": 913, "years": 2}))},
		{name: "encryption by a key", given: inBucket("aws_s3_bucket_server_side_encryption_configuration",
			encryption("aws:kms", "alias/aws/s3"))},
		{name: "a key without its algorithm", given: inBucket("aws_s3_bucket_server_side_encryption_configuration",
			encryption("AES256", "alias/aws/s3")), refused: "InvalidArgument: a KMSMasterKeyID is not applicable"},
		{name: "an algorithm that S3 does not have", given: inBucket("aws_s3_bucket_server_side_encryption_configuration",
			encryption("DES", nil)), refused: "MalformedXML"},
		{name: "ownership",
			given: inBucket("aws_s3_bucket_ownership_controls", object{"rule": []object{{"object_ownership": "BucketOwnerEnforced"}}})},
		{name: "ownership of an unknown kind", given: inBucket("aws_s3_bucket_ownership_controls",
			object{"rule": []object{{"object_ownership": "Everybody"}}}), refused: "InvalidArgument"},
		{name: "an access list for a new bucket", given: inBucket("aws_s3_bucket_acl", object{"acl": "private"}),
			refused: "AccessControlListNotSupported: The bucket does not allow ACLs"},
		{name: "an access list where writers own their objects", given: inBucket("aws_s3_bucket_acl", object{"acl": "private"},
			object{"aws_s3_bucket_ownership_controls": object{"rule": []object{{"object_ownership": "BucketOwnerPreferred"}}}})},

		{name: "a policy", given: inBucket("aws_s3_bucket_policy", bucketPolicy(object{"AWS": "123456789012"}, "arn:aws:s3:::coder-logs/*"))},
		{name: "a policy that is no JSON", given: inBucket("aws_s3_bucket_policy", object{"policy": "[]"}),
			refused: "MalformedPolicy: Policies must be valid JSON and the first byte must be '{'"},
		{name: "a policy that says nothing", given: inBucket("aws_s3_bucket_policy", object{"policy": `{"Version":"2012-10-17"}`}),
			refused: "MalformedPolicy: Missing required field Statement"},
		{name: "a policy about another bucket",
			given:   inBucket("aws_s3_bucket_policy", bucketPolicy(object{"AWS": "123456789012"}, "arn:aws:s3:::other/x")),
			refused: "MalformedPolicy: Policy has invalid resource"},
		{name: "a policy for everybody", given: inBucket("aws_s3_bucket_policy", bucketPolicy("*", "arn:aws:s3:::coder-logs/*")),
			refused: "AccessDenied: User:"},
		{name: "a policy for everybody, where that was allowed",
			given: inBucket("aws_s3_bucket_policy", bucketPolicy("*", "arn:aws:s3:::coder-logs/*"),
				object{"aws_s3_bucket_public_access_block": object{"block_public_policy": false}})},

		{name: "a lifecycle",
			given: inBucket("aws_s3_bucket_lifecycle_configuration", lifecycle(object{"id": "old", "expiration": []object{{"days": 30}}}))},
		{name: "two rules of one name", given: inBucket("aws_s3_bucket_lifecycle_configuration",
			lifecycle(object{"id": "old", "expiration": []object{{"days": 30}}}, object{"id": "old", "expiration": []object{{"days": 60}}})),
			refused: "InvalidArgument: Rule ID must be unique."},
		{name: "a rule that does nothing", given: inBucket("aws_s3_bucket_lifecycle_configuration", lifecycle(object{"id": "old"})),
			refused: "InvalidRequest: At least one action needs to be specified in a rule"},
		{name: "infrequent access after 30 days", given: inBucket("aws_s3_bucket_lifecycle_configuration",
			lifecycle(object{"id": "old", "transition": []object{{"days": 30, "storage_class": "STANDARD_IA"}}}))},
		{name: "infrequent access after 29 days", given: inBucket("aws_s3_bucket_lifecycle_configuration",
			lifecycle(object{"id": "old", "transition": []object{{"days": 29, "storage_class": "STANDARD_IA"}}})),
			refused: "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'"},

		{name: "logs into a bucket that does not exist", given: inBucket("aws_s3_bucket_logging",
			object{"target_bucket": "none", "target_prefix": "log/"}), refused: "InvalidTargetBucketForLogging"},
		{name: "logs into the bucket itself",
			given: inBucket("aws_s3_bucket_logging", object{"target_bucket": "coder-logs", "target_prefix": "log/"})},
		{name: "events for a queue that does not exist", given: inBucket("aws_s3_bucket_notification",
			object{"queue": []object{{"queue_arn": "arn:none", "events": []string{"s3:ObjectCreated:*"}}}}),
			refused: "InvalidArgument: Unable to validate the following destination configurations"},
		{name: "events for a queue that does not let S3 in",
			refused: "InvalidArgument: Unable to validate the following destination configurations", given: notified("")},
		{name: "events for a queue that lets S3 in", given: notified(policyFor(object{"Service": "s3.amazonaws.com"}, "sqs:SendMessage"))},
		{name: "an object", given: inBucket("aws_s3_object", object{"key": "template.zip", "content": "text"})},
		{name: "an object without a name", given: inBucket("aws_s3_object", object{"key": "", "content": "text"}), refused: "InvalidArgument"},
	})
}

func notified(policy string) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		queue := object{"name": "events"}
		if policy != "" {
			queue["policy"] = policy
		}
		made := d.MustCreate(t, "aws_sqs_queue", queue)
		return inBucket("aws_s3_bucket_notification",
			object{"queue": []object{{"queue_arn": made["arn"], "events": []string{"s3:ObjectCreated:*"}}}})(t, d)
	}
}

func TestBucketLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	bucket := d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs"})
	settings := map[string]object{
		"aws_s3_bucket_versioning": {"versioning_configuration": []object{{"status": "Enabled"}}},
		"aws_s3_bucket_server_side_encryption_configuration": {"rule": []object{{
			"apply_server_side_encryption_by_default": []object{{"sse_algorithm": "aws:kms"}}}}},
		"aws_s3_bucket_public_access_block": {"block_public_policy": true},
		"aws_s3_bucket_ownership_controls":  {"rule": []object{{"object_ownership": "BucketOwnerPreferred"}}},
		"aws_s3_bucket_policy":              bucketPolicy(object{"AWS": "123456789012"}, "arn:aws:s3:::coder-logs/*"),
		"aws_s3_bucket_lifecycle_configuration": {"rule": []object{{"id": "old", "status": "Enabled", "filter": []object{{"prefix": "log/"}},
			"expiration": []object{{"days": 30}}, "transition": []object{{"days": 30, "storage_class": "STANDARD_IA"}}}}},
		"aws_s3_bucket_logging":      {"target_bucket": "coder-logs", "target_prefix": "log/"},
		"aws_s3_bucket_notification": {"eventbridge": true},
	}
	made := map[string]object{}
	for name, config := range settings {
		made[name] = d.MustCreate(t, name, merged(config, object{"bucket": "coder-logs"}))
	}
	d.MustCreate(t, "aws_s3_bucket_acl", object{"bucket": "coder-logs", "acl": "private"})
	thing := d.MustCreate(t, "aws_s3_object", object{"bucket": "coder-logs", "key": "a", "content": "text"})
	if thing["etag"] != "1cb251ec0d568de6a929b520c4aed8d1" || thing["version_id"] == "" {
		t.Errorf("the object has the tag %v and the version %v", thing["etag"], thing["version_id"])
	}
	found, err := d.Data("aws_s3_object", object{"bucket": "coder-logs", "key": "a"})
	expect(t, err, "")
	if found["body"] != "text" {
		t.Errorf("the object holds %v", found["body"])
	}
	bucket, err = d.Read("aws_s3_bucket", bucket)
	expect(t, err, "")
	if bucket["policy"] != made["aws_s3_bucket_policy"]["policy"] || bucket["versioning"].([]any)[0].(object)["enabled"] != true {
		t.Errorf("the bucket shows the policy %v and versioning %v", bucket["policy"], bucket["versioning"])
	}
	noFallbacks(t, d)
	_, err = d.Update("aws_s3_bucket_versioning", made["aws_s3_bucket_versioning"],
		object{"bucket": "coder-logs", "versioning_configuration": []object{{"status": "Disabled"}}})
	expect(t, err, "versioning_configuration.status cannot be updated from 'Enabled' to 'Disabled'")

	expect(t, d.Delete("aws_s3_bucket", bucket), "BucketNotEmpty: The bucket you tried to delete is not empty")
	expect(t, d.Delete("aws_s3_object", thing), "")
	expect(t, d.Delete("aws_s3_bucket", bucket), "")
	if left := d.World.List(nil); len(left) > 0 {
		t.Errorf("settings go with their bucket; left is %s %s", left[0].Type, left[0].ID)
	}

	full := d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-logs", "force_destroy": true})
	d.MustCreate(t, "aws_s3_object", object{"bucket": "coder-logs", "key": "a", "content": "text"})
	expect(t, d.Delete("aws_s3_bucket", full), "")
	_, err = d.Data("aws_s3_bucket", object{"bucket": "coder-logs"})
	expect(t, err, "couldn't find resource")
}
