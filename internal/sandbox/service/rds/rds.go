// Package rds declares Amazon RDS and Aurora: clusters, instances, their groups, snapshots and proxies. Beside the model it imports
// ec2, iampolicy and kms; the catalog imports it.
package rds

import (
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type { return slices.Concat(groupTypes(), clusterTypes(), instanceTypes()) }

// parameters are the names of arguments in RDS's requests.
var parameters = map[string]string{
	"cluster_identifier": "DBClusterIdentifier", "db_cluster_identifier": "DBClusterIdentifier",
	"db_instance_identifier": "DBInstanceIdentifier",
	"role_arn":               "RoleArn", "secret_arn": "SecretArn",
}

// Blank is RDS's answer to a required argument that is empty.
func Blank(argument string) *world.Error {
	name, known := parameters[argument]
	if !known {
		name = argument
	}
	return world.Fail("InvalidParameterValue", "The parameter %s must be provided and must not be blank.", name)
}
