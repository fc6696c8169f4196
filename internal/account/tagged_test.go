package account_test

import (
	"testing"

	"coderaws/internal/account"
	"coderaws/internal/proof/awsproxy/awsproxytest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/go-cmp/cmp"
)

// TestStrays makes what carries a deployment's tag by AWS's own client, and finds what of it nobody knows.
func TestStrays(t *testing.T) {
	settings := awsproxytest.Emulate(t, "what an account is asked")
	ctx := t.Context()
	cloud, keys, vault := ec2.NewFromConfig(settings), kms.NewFromConfig(settings), secretsmanager.NewFromConfig(settings)
	volume := func(tags ...string) string {
		var list []ec2types.Tag
		for i := 0; i < len(tags); i += 2 {
			list = append(list, ec2types.Tag{Key: aws.String(tags[i]), Value: aws.String(tags[i+1])})
		}
		out := made[*ec2.CreateVolumeOutput](t)(cloud.CreateVolume(ctx, &ec2.CreateVolumeInput{
			AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1),
			TagSpecifications: []ec2types.TagSpecification{{ResourceType: ec2types.ResourceTypeVolume, Tags: list}},
		}))
		return "arn:aws:ec2:us-east-1:123456789012:volume/" + *out.VolumeId
	}
	secret := func(name string) string {
		return *made[*secretsmanager.CreateSecretOutput](t)(vault.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
			Name: aws.String(name), SecretString: aws.String("x"),
			Tags: []secrettypes.Tag{{Key: aws.String("coderaws:deployment"), Value: aws.String("coder")}},
		})).ARN
	}
	key := func() *kmstypes.KeyMetadata {
		return made[*kms.CreateKeyOutput](t)(keys.CreateKey(ctx, &kms.CreateKeyInput{
			Tags: []kmstypes.Tag{{TagKey: aws.String("coderaws:deployment"), TagValue: aws.String("coder")}},
		})).KeyMetadata
	}

	lost, known := volume("coderaws:deployment", "coder"), volume("coderaws:deployment", "coder")
	volume("coderaws:deployment", "other")
	volume("coderaws:deployment", "coder", "kubernetes.io/created-for/pvc/name", "home") // a workspace's
	volume("coderaws:deployment", "coder", "eks:nodegroup-name", "control")
	lostSecret, goneSecret := secret("lost"), secret("gone")
	made[*secretsmanager.DeleteSecretOutput](t)(vault.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: aws.String(goneSecret)}))
	lostKey, goneKey := key(), key()
	made[*kms.ScheduleKeyDeletionOutput](t)(keys.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: goneKey.KeyId}))

	got, err := account.Strays(ctx, "us-east-1", "coder", func(arn string) bool { return arn == known })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{lost, *lostKey.Arn, lostSecret}, got); diff != "" {
		t.Errorf("strays (-want +got):\n%s", diff)
	}
}
