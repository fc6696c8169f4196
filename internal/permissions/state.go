package permissions

// State is the statements for the bucket in which the target aws keeps Terraform's state, by its ARN: what Terraform's own backend calls
// (its documentation, S3, permissions required), and what is looked at and set as the bucket is made. No rehearsal calls it.
func State(bucket string) Policy {
	policy := newPolicy()
	policy.Statements = []Statement{
		{SID: "StateBucket", Effect: "Allow", Resources: []string{bucket}, Actions: []string{
			"s3:CreateBucket", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging",
			"s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:ListBucket", "s3:ListBucketVersions",
			"s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
			"s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
		}},
		{SID: "StateObjects", Effect: "Allow", Resources: []string{bucket + "/*"}, Actions: []string{
			"s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject",
		}},
	}
	return policy
}
