package statebucket

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// OldVersions is for how many days each former version of a state is kept at least.
const OldVersions = 90

// newestVersions is how many former versions of a state are kept without end: a deployment that nobody changed for a year can be
// set back all the same.
const newestVersions = 10

// setting is one thing that a bucket with states must have.
type setting struct {
	// why says what happens without it.
	why string
	// optional settings may be missing in a bucket that is complete, and are put into a new one.
	optional             bool
	putAction, getAction string
	put                  func(context.Context, *Bucket) error
	check                func(context.Context, *Bucket) (verdict, error)
	// arguments are those of the aws command that puts it back, after `aws s3api`.
	arguments func(*Bucket) string
}

// verdict is what was found of a setting.
type verdict struct {
	right bool
	// missing means that the bucket has no such setting at all.
	missing bool
	// wrong says what is not right, as a clause about the bucket.
	wrong string
}

func (s setting) command(b *Bucket) string {
	return "aws s3api " + s.arguments(b) + " --bucket " + b.Name() + " --expected-bucket-owner " + b.Account + " --region " + b.Region
}

// settings are put in this order: what closes the bucket comes first.
var settings = []setting{
	{
		why:       "an access control list or a policy could open it to everybody",
		putAction: "s3:PutBucketPublicAccessBlock", getAction: "s3:GetBucketPublicAccessBlock",
		put: putPublicAccessBlock, check: checkPublicAccessBlock,
		arguments: func(*Bucket) string {
			return "put-public-access-block --public-access-block-configuration " +
				"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
		},
	}, {
		why:       "access control lists could give single states to others; with BucketOwnerEnforced there are none",
		putAction: "s3:PutBucketOwnershipControls", getAction: "s3:GetBucketOwnershipControls",
		put: putOwnership, check: checkOwnership,
		arguments: func(*Bucket) string {
			return "put-bucket-ownership-controls --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'"
		},
	}, {
		why:       "a state could be read on its way; nothing but TLS 1.2 and later may reach it",
		putAction: "s3:PutBucketPolicy", getAction: "s3:GetBucketPolicy",
		put: putPolicy, check: checkPolicy,
		arguments: func(b *Bucket) string { return fmt.Sprintf("put-bucket-policy --policy '%s'", b.tlsPolicy()) },
	}, {
		why:       "it is encrypted at rest by its bucket, with SSE-S3 or a KMS key",
		putAction: "s3:PutEncryptionConfiguration", getAction: "s3:GetEncryptionConfiguration",
		put: putEncryption, check: checkEncryption,
		arguments: func(*Bucket) string {
			return `put-bucket-encryption --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'`
		},
	}, {
		why:       "a state that is overwritten or deleted by mistake could not be brought back",
		putAction: "s3:PutBucketVersioning", getAction: "s3:GetBucketVersioning",
		put: putVersioning, check: checkVersioning,
		arguments: func(*Bucket) string { return "put-bucket-versioning --versioning-configuration Status=Enabled" },
	}, {
		why:       fmt.Sprintf("a state itself never expires, and former versions are kept for %d days at least", OldVersions),
		optional:  true,
		putAction: "s3:PutLifecycleConfiguration", getAction: "s3:GetLifecycleConfiguration",
		put: putLifecycle, check: checkLifecycle,
		arguments: func(*Bucket) string {
			return fmt.Sprintf(
				`put-bucket-lifecycle-configuration --lifecycle-configuration '{"Rules":[{"ID":"%s","Status":"Enabled","Filter":{"Prefix":""},`+
					`"NoncurrentVersionExpiration":{"NoncurrentDays":%d,"NewerNoncurrentVersions":%d}}]}'`, lifecycleRule, OldVersions, newestVersions)
		},
	},
}

func putPublicAccessBlock(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true),
			RestrictPublicBuckets: aws.Bool(true),
		},
	})
	return err
}

func checkPublicAccessBlock(ctx context.Context, b *Bucket) (verdict, error) {
	answer, err := b.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	const wrong = "its public access block is off or has gaps"
	if code(err) == "NoSuchPublicAccessBlockConfiguration" {
		return verdict{missing: true, wrong: wrong}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	c := answer.PublicAccessBlockConfiguration
	right := c != nil && aws.ToBool(c.BlockPublicAcls) && aws.ToBool(c.IgnorePublicAcls) &&
		aws.ToBool(c.BlockPublicPolicy) && aws.ToBool(c.RestrictPublicBuckets)
	return verdict{right: right, wrong: wrong}, nil
}

func putOwnership(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{
			ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced,
		}}},
	})
	return err
}

func checkOwnership(ctx context.Context, b *Bucket) (verdict, error) {
	answer, err := b.client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	const wrong = "its object ownership is not BucketOwnerEnforced"
	if code(err) == "OwnershipControlsNotFoundError" {
		return verdict{missing: true, wrong: wrong}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	c := answer.OwnershipControls
	right := c != nil && len(c.Rules) == 1 && c.Rules[0].ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced
	return verdict{right: right, wrong: wrong}, nil
}

// putEncryption chooses SSE-S3. The AWS managed key aws/s3 would let in the same people, whoever may read the object, and adds a charge
// for each call and a second permission; a key of one's own can be made unusable, and the state with it. Who needs one sets it as the
// bucket's default: any encryption is accepted, and Terraform is left to use the default.
func putEncryption(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256},
		}}},
	})
	return err
}

func checkEncryption(ctx context.Context, b *Bucket) (verdict, error) {
	answer, err := b.client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	const wrong = "it does not encrypt what is put into it"
	if code(err) == "ServerSideEncryptionConfigurationNotFoundError" {
		return verdict{missing: true, wrong: wrong}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	c := answer.ServerSideEncryptionConfiguration
	right := c != nil && len(c.Rules) > 0 && c.Rules[0].ApplyServerSideEncryptionByDefault != nil &&
		c.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm != ""
	return verdict{right: right, wrong: wrong}, nil
}

func putVersioning(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	return err
}

func checkVersioning(ctx context.Context, b *Bucket) (verdict, error) {
	answer, err := b.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if err != nil {
		return verdict{}, err
	}
	return verdict{
		right: answer.Status == types.BucketVersioningStatusEnabled, missing: answer.Status == "",
		wrong: "its versioning is not enabled",
	}, nil
}
