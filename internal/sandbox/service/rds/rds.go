// Package rds declares Amazon RDS and Aurora: clusters, instances, their groups, snapshots and proxies. Beside the model it imports
// ec2, iampolicy and kms; the catalog imports it.
package rds

import (
	"slices"

	"coderaws/internal/sandbox/model"
)

// Types are the resource types of the service.
func Types() []*model.Type { return slices.Concat(groupTypes(), clusterTypes(), instanceTypes()) }
