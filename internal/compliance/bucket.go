package compliance

import (
	"slices"
	"strings"
)

// bucketChecks are about buckets of S3.
func bucketChecks() []Check {
	bucket := "aws_s3_bucket"
	return []Check{
		{ID: "buckets-private", What: "no bucket can be made public", Reads: []string{bucket, "aws_s3_bucket_public_access_block"},
			rule: has(bucket, "bucket", []string{"aws_s3_bucket_public_access_block"}, "public access block", "all four true",
				func(_ *Subject, i item) Answer {
					worst := Satisfied
					for _, name := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
						if so := yes(false).holds(i.Values.Attr(name)); severity(so) < severity(worst) {
							worst = so
						}
					}
					return worst
				})},
		{ID: "buckets-own-key", What: "buckets are encrypted with a key of your own",
			Reads: []string{bucket, "aws_s3_bucket_server_side_encryption_configuration"},
			rule: has(bucket, "bucket", []string{"aws_s3_bucket_server_side_encryption_configuration"}, "encryption", "aws:kms",
				func(_ *Subject, i item) Answer {
					return oneOf("", "aws:kms", "aws:kms:dsse").holds(i.Values.At("rule", "apply_server_side_encryption_by_default", "sse_algorithm"))
				})},
		{ID: "buckets-versioned", What: "buckets keep former versions", Reads: []string{bucket, "aws_s3_bucket_versioning"},
			rule: has(bucket, "bucket", []string{"aws_s3_bucket_versioning"}, "versioning", "Enabled",
				func(_ *Subject, i item) Answer {
					return oneOf("", "Enabled").holds(i.Values.At("versioning_configuration", "status"))
				})},
		{ID: "buckets-tls", What: "buckets refuse requests without TLS", Reads: []string{bucket, "aws_s3_bucket_policy"},
			rule: has(bucket, "bucket", []string{"aws_s3_bucket_policy"}, "policy", "aws:SecureTransport false is denied",
				func(_ *Subject, i item) Answer {
					list, read := statements(i.Values.Attr("policy"))
					for _, one := range list {
						if one.Effect == "Deny" && one.everybody() && one.insecure() &&
							(slices.Contains(one.Actions, "*") || slices.Contains(one.Actions, "s3:*")) {
							return Satisfied
						}
					}
					if read == NotProvable {
						return NotProvable
					}
					return NotSatisfied
				})},
	}
}

// insecure reports whether a statement is about all requests without TLS.
func (s statement) insecure() bool {
	return len(s.Conditions) == 1 && s.Conditions[0].Operator == "Bool" &&
		strings.EqualFold(s.Conditions[0].Key, "aws:SecureTransport") && slices.Equal(s.Conditions[0].Values, []string{"false"})
}
