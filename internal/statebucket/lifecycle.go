package statebucket

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// lifecycleRule is the ID of the rule by which former versions go.
const lifecycleRule = "coderaws-former-versions"

func putLifecycle(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String(lifecycleRule), Status: types.ExpirationStatusEnabled,
			Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{
				NoncurrentDays: aws.Int32(OldVersions), NewerNoncurrentVersions: aws.Int32(newestVersions),
			},
		}}},
	})
	return err
}

// checkLifecycle looks for rules that delete states, or former versions too early. Where nothing is ever deleted, nothing is wrong.
func checkLifecycle(ctx context.Context, b *Bucket) (verdict, error) {
	answer, err := b.client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if code(err) == "NoSuchLifecycleConfiguration" {
		return verdict{missing: true, wrong: "no lifecycle rule removes former versions"}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	for _, rule := range answer.Rules {
		if rule.Status != types.ExpirationStatusEnabled {
			continue
		}
		name := aws.ToString(rule.ID)
		if e := rule.Expiration; e != nil && (aws.ToInt32(e.Days) > 0 || e.Date != nil) {
			return verdict{wrong: fmt.Sprintf("its lifecycle rule %q deletes states", name)}, nil
		}
		if n := rule.NoncurrentVersionExpiration; n != nil && aws.ToInt32(n.NoncurrentDays) < OldVersions {
			return verdict{wrong: fmt.Sprintf("its lifecycle rule %q deletes former versions of states after %d days", name,
				aws.ToInt32(n.NoncurrentDays))}, nil
		}
	}
	return verdict{right: true}, nil
}
