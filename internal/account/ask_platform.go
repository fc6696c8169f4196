package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// platformQuestions are those about clusters, keys and logs.
func platformQuestions() []question {
	return []question{
		{action: "eks:ListClusters", more: []string{"eks:DescribeCluster"}, about: "EKS clusters",
			counts: []string{"L-1194D53C"}, names: []string{"aws_eks_cluster"}, ask: clusters},
		{action: "kms:ListAliases", about: "names of KMS keys", names: []string{"aws_kms_alias"}, ask: aliases},
		{action: "logs:DescribeLogGroups", about: "log groups", names: []string{"aws_cloudwatch_log_group"}, ask: logGroups},
	}
}

// deploymentTag is on everything that the stacks make; its value is the setting name.
const deploymentTag = "coderaws:deployment"

func clusters(ctx context.Context, q *asking) (answer, error) {
	client := eks.NewFromConfig(q.config)
	var names []string
	in := &eks.ListClustersInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.ListClusters(ctx, in)
		if err != nil {
			return nil, err
		}
		names = append(names, page.Clusters...)
		return page.NextToken, nil
	})
	deployments := []string{}
	for _, name := range names {
		if err != nil {
			break
		}
		var out *eks.DescribeClusterOutput
		if out, err = client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: aws.String(name)}); err == nil && out.Cluster != nil {
			if deployment := out.Cluster.Tags[deploymentTag]; deployment != "" {
				deployments = append(deployments, deployment)
			}
		}
	}
	a := used("L-1194D53C", len(names))
	a.names = map[string][]string{"aws_eks_cluster": names}
	a.set = func(_ *Snapshot, r *Region) { r.Deployments = deployments }
	return a, err
}

// aliases leaves out AWS's own, which nobody can take.
func aliases(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := kms.NewFromConfig(q.config)
	in := &kms.ListAliasesInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.ListAliases(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, alias := range page.Aliases {
			if name := aws.ToString(alias.AliasName); !strings.HasPrefix(name, "alias/aws/") {
				names = append(names, name)
			}
		}
		return page.NextMarker, nil
	})
	return answer{names: map[string][]string{"aws_kms_alias": names}}, err
}

func logGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := cloudwatchlogs.NewFromConfig(q.config)
	in := &cloudwatchlogs.DescribeLogGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeLogGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, group := range page.LogGroups {
			names = append(names, aws.ToString(group.LogGroupName))
		}
		return page.NextToken, nil
	})
	return answer{names: map[string][]string{"aws_cloudwatch_log_group": names}}, err
}
