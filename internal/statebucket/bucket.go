// Package statebucket makes and checks the S3 bucket that keeps the Terraform states of an account's deployments in one region. What
// belongs here is the bucket: its name, its settings, how each is put and verified, and whose it must be. What does not: which state
// lies under which key (package lifecycle decides), and asking the user (the command line does). Package lifecycle imports it; of this
// module it imports diagnostic alone.
package statebucket

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Name is the name of the bucket of an account and region. It holds nothing random, so that every machine finds the bucket without
// being told; the account, because bucket names are shared by all accounts of a partition; and the region, because a bucket lies in
// one. With the longest names of regions, such as ap-southeast-1 and us-isob-east-1, it has 42 of the 63 characters that S3 allows.
func Name(account, region string) string { return "coderaws-" + account + "-" + region + "-state" }

// Owner says where a bucket is and whose it must be.
type Owner struct {
	// Account is the twelve-digit account id.
	Account string
	// Partition is the first part of its ARNs: aws, aws-us-gov or aws-cn.
	Partition string
	Region    string
}

// Bucket is the bucket of one account and region. All calls name the account as the expected owner: whoever else took the name
// beforehand gets no state to read.
type Bucket struct {
	Owner
	// PathStyle is set where the environment replaces S3's address: such servers rarely know buckets as host names.
	PathStyle bool
	// Patience bounds how long Make waits for S3 to show what was put; Open sets a minute. S3 calls its bucket settings eventually
	// consistent (Amazon S3 User Guide, "Amazon S3 data consistency model").
	Patience time.Duration

	client *s3.Client
}

// askTimeout bounds the look for credentials and one question to S3.
const askTimeout = 20 * time.Second

// Open prepares to talk of the bucket, with the credentials that the AWS SDK finds in the usual places. It asks AWS nothing.
func Open(ctx context.Context, owner Owner) (*Bucket, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(owner.Region))
	if err != nil {
		d := diagnostic.Errorf("the settings of the AWS SDK cannot be used")
		d.Code, d.Why = "aws.config", err.Error()
		d.Todo = "correct AWS_PROFILE or the files in ~/.aws, and try `aws s3 ls`"
		return nil, d
	}
	b := &Bucket{Owner: owner, Patience: time.Minute}
	b.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		b.PathStyle = o.BaseEndpoint != nil
		o.UsePathStyle = b.PathStyle
	})
	return b, nil
}

// Name is the bucket's name.
func (b *Bucket) Name() string { return Name(b.Account, b.Region) }

// arn is the bucket's ARN; S3's have neither region nor account.
func (b *Bucket) arn() string { return "arn:" + b.Partition + ":s3:::" + b.Name() }

// Condition is what a bucket was found in.
type Condition string

const (
	// Absent means that there is no such bucket.
	Absent Condition = "absent"
	// Unfinished means that coderaws began to make it and did not come to the end.
	Unfinished Condition = "unfinished"
	// Ready means that it can keep states.
	Ready Condition = "ready"
)

// Find tells whether the bucket is there and belongs to the account. It takes one call, does not look at settings, and says Ready for
// an unfinished bucket too: enough for those who only read.
func (b *Bucket) Find(ctx context.Context) (Condition, error) {
	answer, err := b.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account)})
	if err == nil {
		if region := aws.ToString(answer.BucketRegion); region != "" && region != b.Region {
			return "", b.elsewhere(region)
		}
		return Ready, nil
	}
	switch status, region := response(err); {
	case region != "" && region != b.Region:
		return "", b.elsewhere(region) // S3 says so even to those whom it refuses
	case status == http.StatusNotFound:
		return Absent, nil
	case status == http.StatusForbidden:
		return "", b.foreign("S3 answers 403 to HeadBucket")
	}
	return "", b.failure("s3:ListBucket", err)
}

// Examine finds out whether the bucket can keep states. Its errors are diagnostics that ask for diagnostic.ExitRefused where the bucket
// is not to be used: it belongs to another account, or lacks settings, each of which is named.
func (b *Bucket) Examine(ctx context.Context) (Condition, error) {
	condition, err := b.Find(ctx)
	if err != nil || condition == Absent {
		return condition, err
	}
	tags, err := b.tags(ctx)
	if err != nil {
		return "", err
	}
	if tags[setupTag] == setupPending {
		return Unfinished, nil
	}
	if tags[setupTag] == "" {
		// Between the creation and the first tag there is a moment too.
		if bare, err := b.bare(ctx, tags); err != nil || bare {
			return Unfinished, err
		}
	}
	if err := b.verify(ctx, true); err != nil {
		return "", err
	}
	return Ready, nil
}

// bare tells whether the bucket is as it is made: nobody has tagged it, given it a policy, or put anything into it.
func (b *Bucket) bare(ctx context.Context, tags map[string]string) (bool, error) {
	if len(tags) > 0 {
		return false, nil
	}
	if policy, err := b.policy(ctx); err != nil || policy != "" {
		return false, err
	}
	list, err := b.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account), MaxKeys: aws.Int32(1),
	})
	if err != nil {
		return false, b.failure("s3:ListBucketVersions", err)
	}
	return len(list.Versions) == 0 && len(list.DeleteMarkers) == 0, nil
}

// response is the HTTP status of an error, 0 if there was no answer, and the region that the bucket is in, "" if S3 did not say.
func response(err error) (status int, region string) {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil {
		return 0, ""
	}
	return answer.HTTPStatusCode(), answer.Response.Header.Get("x-amz-bucket-region")
}

func (b *Bucket) foreign(why string) error {
	d := diagnostic.Errorf("the bucket %s is not to be used: it belongs to another account, or these credentials may not see it", b.Name())
	d.Code = "state.bucket_foreign"
	d.Why = why + "; Terraform's state is kept in no bucket but one of account " + b.Account
	d.Todo = fmt.Sprintf("if `aws s3api list-buckets --query \"Buckets[?Name=='%s']\"` shows it, give yourself s3:ListBucket on it; "+
		"otherwise somebody else took the name: keep the state elsewhere with a backend.tfbackend of your own", b.Name())
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}

func (b *Bucket) elsewhere(region string) error {
	d := diagnostic.Errorf("the bucket %s is not in %s", b.Name(), b.Region)
	d.Code = "state.bucket_region"
	d.Why = "it is in " + region + ", and the state of a region is kept in that region"
	d.Todo = "delete that bucket, if it holds nothing, or keep the state elsewhere with a backend.tfbackend of your own"
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}
