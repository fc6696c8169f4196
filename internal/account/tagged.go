package account

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// ofOthers begin the keys of tags that AWS's services and the drivers of a cluster set on what they make themselves,
// such as the instances of a node group, the volumes of workspaces and the secrets of RDS: nobody's Terraform has made
// that. Sources: "Tag naming limits and requirements" of the tagging API for aws:, the EKS user guide for eks:, the
// EBS CSI driver for the rest.
var ofOthers = []string{"aws:", "eks:", "kubernetes.io/created-for/", "ebs.csi.aws.com/", "CSIVolumeName"}

// copies are in the ARNs of what is made of a database or a disk, and is kept on purpose. Source: "Resource types
// defined by" RDS, EC2 and Backup in AWS's service authorization reference.
var copies = []string{":cluster-snapshot:", ":snapshot:", ":snapshot/", ":recovery-point:"}

// Strays lists the ARNs of what carries the tag of a deployment in a region and is not known, as AWS's index of tags
// has it. IAM's roles are not in that index, and what belongs to no region is left out, as a deployment of the same
// name may have made it in another. What was deleted and waits for that, and keys that kept snapshots need, are left
// out too.
func Strays(ctx context.Context, region, deployment string, known func(arn string) bool) ([]string, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return nil, err
	}
	found, kept, err := tagged(ctx, resourcegroupstaggingapi.NewFromConfig(settings), region, deployment)
	if err != nil {
		return nil, err
	}
	var needed []string // nil until it was asked
	var strays []string
	for _, name := range found {
		if known(name) {
			continue
		}
		leaves := false
		switch parsed, _ := arn.Parse(name); parsed.Service {
		case "kms":
			if len(kept) > 0 && needed == nil {
				if needed, err = keysOf(ctx, rds.NewFromConfig(settings)); err != nil {
					return nil, err
				}
			}
			leaves, err = isLeavingKey(ctx, kms.NewFromConfig(settings), name)
		case "secretsmanager":
			leaves, err = isLeavingSecret(ctx, secretsmanager.NewFromConfig(settings), name)
		}
		if err != nil {
			return nil, err
		}
		if !leaves && !slices.Contains(needed, name) {
			strays = append(strays, name)
		}
	}
	slices.Sort(strays)
	return strays, nil
}

// tagged are the ARNs of what a deployment has made in a region, and of the copies of its data.
func tagged(ctx context.Context, client *resourcegroupstaggingapi.Client, region, deployment string) (found, kept []string, err error) {
	pager := resourcegroupstaggingapi.NewGetResourcesPaginator(client, &resourcegroupstaggingapi.GetResourcesInput{
		TagFilters: []types.TagFilter{{Key: aws.String(deploymentTag), Values: []string{deployment}}},
	})
	for pager.HasMorePages() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range page.ResourceTagMappingList {
			name := aws.ToString(r.ResourceARN)
			parsed, err := arn.Parse(name)
			if err != nil || parsed.Region != region && parsed.Service != "s3" || slices.ContainsFunc(r.Tags, isOfOthers) {
				continue
			}
			if slices.ContainsFunc(copies, func(part string) bool { return strings.Contains(name, part) }) {
				kept = append(kept, name)
				continue
			}
			found = append(found, name)
		}
	}
	return found, kept, nil
}

func isOfOthers(tag types.Tag) bool {
	return slices.ContainsFunc(ofOthers, func(start string) bool { return strings.HasPrefix(aws.ToString(tag.Key), start) })
}

// keysOf are the keys of the snapshots of clusters in a region.
func keysOf(ctx context.Context, client *rds.Client) ([]string, error) {
	keys := []string{}
	pager := rds.NewDescribeDBClusterSnapshotsPaginator(client, &rds.DescribeDBClusterSnapshotsInput{})
	for pager.HasMorePages() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, snapshot := range page.DBClusterSnapshots {
			keys = append(keys, aws.ToString(snapshot.KmsKeyId))
		}
	}
	return keys, nil
}

// isLeavingKey tells whether a key waits for its deletion, or is gone.
func isLeavingKey(ctx context.Context, client *kms.Client, name string) (bool, error) {
	out, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(name)})
	if _, gone := errors.AsType[*kmstypes.NotFoundException](err); gone {
		return true, nil // the index of tags names for a while what is gone
	}
	if err != nil {
		return false, err
	}
	return out.KeyMetadata.KeyState == kmstypes.KeyStatePendingDeletion, nil
}

// isLeavingSecret tells whether a secret waits for its deletion, or is gone.
func isLeavingSecret(ctx context.Context, client *secretsmanager.Client, name string) (bool, error) {
	out, err := client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(name)})
	if _, gone := errors.AsType[*smtypes.ResourceNotFoundException](err); gone {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return out.DeletedDate != nil, nil
}
