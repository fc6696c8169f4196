package guide

// archiveKinds are buckets of S3 and what is set for them. A setting is deleted with its bucket. S3 gives a new bucket a setting of its own
// for some, so that those are looked for by what this deployment sets.
func archiveKinds() []*kind {
	return []*kind{
		{
			typ: "aws_s3_bucket", noun: "bucket", why: "Keeps records, such as who connected to the load balancer.",
			find: func(r *resource) look {
				return look{aws("s3api list-buckets"), "Buckets[?Name=='" + r.text("bucket") + "'].Name | [0]"}
			},
			make: one(func(r *resource) call {
				input := fields{"Bucket": r.text("bucket"), "ObjectLockEnabledForBucket": r.truth("object_lock_enabled")}
				// S3 refuses the name of its first region (API Reference, CreateBucket, LocationConstraint).
				if region := r.text("region"); region != "us-east-1" {
					input["CreateBucketConfiguration"] = fields{"LocationConstraint": region}
				}
				return send("s3api create-bucket", input)
			}),
			settle: one(func(r *resource) call {
				return send("s3api put-bucket-tagging", fields{"Bucket": r.text("bucket"), "Tagging": fields{"TagSet": r.tagList("Key", "Value")}})
			}),
			end: func(r *resource) []call {
				return []call{{argv: []string{"empty_bucket", r.text("bucket")}}, run("s3api delete-bucket", "--bucket", r.text("bucket"))}
			},
			id: attribute("bucket"), memory: []string{"force_destroy"},
		},
		bucketSetting("aws_s3_bucket_public_access_block", "public access block", "Keeps records from ever being public.",
			"public-access-block", func(*resource) string { return "PublicAccessBlockConfiguration.BlockPublicAcls" },
			func(r *resource) fields {
				return fields{"PublicAccessBlockConfiguration": fields{"BlockPublicAcls": r.truth("block_public_acls"),
					"BlockPublicPolicy": r.truth("block_public_policy"), "IgnorePublicAcls": r.truth("ignore_public_acls"),
					"RestrictPublicBuckets": r.truth("restrict_public_buckets")}}
			}),
		bucketSetting("aws_s3_bucket_versioning", "versioning", "Keeps what was written over.",
			"bucket-versioning", func(*resource) string { return "Status" },
			func(r *resource) fields {
				return fields{"VersioningConfiguration": fields{"Status": r.text("versioning_configuration.0.status")}}
			}),
		bucketSetting("aws_s3_bucket_server_side_encryption_configuration", "encryption of a bucket", "Encrypts records with their key.",
			"bucket-encryption", func(r *resource) string {
				return "ServerSideEncryptionConfiguration.Rules[?ApplyServerSideEncryptionByDefault.KMSMasterKeyID=='" +
					r.text("rule.0.apply_server_side_encryption_by_default.0.kms_master_key_id") + "'].BucketKeyEnabled | [0]"
			},
			func(r *resource) fields {
				var rules []fields
				for _, rule := range r.blocks("rule") {
					rules = append(rules, fields{"BucketKeyEnabled": rule.truth("bucket_key_enabled"), "ApplyServerSideEncryptionByDefault": fields{
						"SSEAlgorithm":   rule.text("apply_server_side_encryption_by_default.0.sse_algorithm"),
						"KMSMasterKeyID": rule.text("apply_server_side_encryption_by_default.0.kms_master_key_id")}})
				}
				return fields{"ServerSideEncryptionConfiguration": fields{"Rules": rules}}
			}),
		bucketSetting("aws_s3_bucket_object_lock_configuration", "lock of a bucket", "Lets nobody delete a record before its days are over.",
			"object-lock-configuration", func(*resource) string { return "ObjectLockConfiguration.Rule.DefaultRetention.Mode" },
			func(r *resource) fields {
				kept := "rule.0.default_retention.0."
				return fields{"ObjectLockConfiguration": fields{"ObjectLockEnabled": r.text("object_lock_enabled"),
					"Rule": fields{"DefaultRetention": fields{"Mode": r.text(kept + "mode"), "Days": r.number(kept + "days")}}}}
			}),
		bucketSetting("aws_s3_bucket_lifecycle_configuration", "lifecycle of records", "Deletes records once their days are over.",
			"bucket-lifecycle-configuration", func(*resource) string { return "Rules[0].Status" }, recordLifecycle),
		bucketSetting("aws_s3_bucket_policy", "policy of a bucket", "Lets in those that write records, and nobody without TLS.",
			"bucket-policy", func(*resource) string { return "Policy && 'there'" },
			func(r *resource) fields { return fields{"Policy": r.text("policy")} }),
	}
}

// bucketSetting is what is put for a bucket as a whole; found is where the answer to the question for it says that it is as it is put.
func bucketSetting(typ, noun, why, operation string, found func(*resource) string, put func(*resource) fields) *kind {
	return &kind{
		typ: typ, noun: noun, why: why,
		find: func(r *resource) look {
			return look{aws("s3api get-"+operation, "--bucket", r.text("bucket")), found(r)}
		},
		make: one(func(r *resource) call {
			return send("s3api put-"+operation, with(put(r), fields{"Bucket": r.text("bucket")}))
		}),
		id: attribute("bucket"),
	}
}

func recordLifecycle(r *resource) fields {
	var rules []fields
	for _, rule := range r.blocks("rule") {
		rules = append(rules, fields{"ID": rule.text("id"), "Status": rule.text("status"),
			// All records. A filter must be sent, though nothing is in it.
			"Filter": map[string]any{"Prefix": ""}, "Expiration": fields{"Days": rule.number("expiration.0.days")},
			"NoncurrentVersionExpiration": fields{"NoncurrentDays": rule.number("noncurrent_version_expiration.0.noncurrent_days")},
			"AbortIncompleteMultipartUpload": fields{
				"DaysAfterInitiation": rule.number("abort_incomplete_multipart_upload.0.days_after_initiation")}})
	}
	return fields{"LifecycleConfiguration": fields{"Rules": rules},
		"TransitionDefaultMinimumObjectSize": r.text("transition_default_minimum_object_size")}
}
