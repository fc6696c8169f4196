package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// databaseQuestions are those about RDS.
func databaseQuestions() []question {
	return []question{
		{action: "rds:DescribeDBClusters", about: "database clusters", counts: []string{"L-952B80B8"},
			names: []string{"aws_rds_cluster"}, ask: databaseClusters},
		{action: "rds:DescribeDBInstances", about: "database instances", counts: []string{"L-7B6409FD"},
			names: []string{"aws_db_instance", "aws_rds_cluster_instance"}, ask: databaseInstances},
		{action: "rds:DescribeDBSubnetGroups", about: "database subnet groups", counts: []string{"L-48C6BF61"},
			names: []string{"aws_db_subnet_group"}, ask: subnetGroups},
		{action: "rds:DescribeDBParameterGroups", about: "database parameter groups", counts: []string{"L-DE55804A"},
			names: []string{"aws_db_parameter_group"}, ask: parameterGroups},
		{action: "rds:DescribeDBClusterParameterGroups", about: "parameter groups of database clusters",
			counts: []string{"L-E4C808A8"}, names: []string{"aws_rds_cluster_parameter_group"}, ask: clusterParameterGroups},
	}
}

// counted is the answer that these names are taken and count against a quota.
func counted(code string, names []string, types ...string) answer {
	a := used(code, len(names))
	a.names = both(types, names)
	return a
}

func databaseClusters(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := rds.NewFromConfig(q.config)
	in := &rds.DescribeDBClustersInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeDBClusters(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, cluster := range page.DBClusters {
			names = append(names, aws.ToString(cluster.DBClusterIdentifier))
		}
		return page.Marker, nil
	})
	return counted("L-952B80B8", names, "aws_rds_cluster"), err
}

func databaseInstances(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := rds.NewFromConfig(q.config)
	in := &rds.DescribeDBInstancesInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeDBInstances(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, instance := range page.DBInstances {
			names = append(names, aws.ToString(instance.DBInstanceIdentifier))
		}
		return page.Marker, nil
	})
	return counted("L-7B6409FD", names, "aws_db_instance", "aws_rds_cluster_instance"), err
}

func subnetGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := rds.NewFromConfig(q.config)
	in := &rds.DescribeDBSubnetGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeDBSubnetGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, group := range page.DBSubnetGroups {
			names = append(names, aws.ToString(group.DBSubnetGroupName))
		}
		return page.Marker, nil
	})
	return counted("L-48C6BF61", names, "aws_db_subnet_group"), err
}

// AWS's own parameter groups, one for each version of each engine, count against no quota.
func ofAWS(group string) bool { return strings.HasPrefix(group, "default.") }

func parameterGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := rds.NewFromConfig(q.config)
	in := &rds.DescribeDBParameterGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeDBParameterGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, group := range page.DBParameterGroups {
			if name := aws.ToString(group.DBParameterGroupName); !ofAWS(name) {
				names = append(names, name)
			}
		}
		return page.Marker, nil
	})
	return counted("L-DE55804A", names, "aws_db_parameter_group"), err
}

func clusterParameterGroups(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := rds.NewFromConfig(q.config)
	in := &rds.DescribeDBClusterParameterGroupsInput{}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.DescribeDBClusterParameterGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, group := range page.DBClusterParameterGroups {
			if name := aws.ToString(group.DBClusterParameterGroupName); !ofAWS(name) {
				names = append(names, name)
			}
		}
		return page.Marker, nil
	})
	return counted("L-E4C808A8", names, "aws_rds_cluster_parameter_group"), err
}
