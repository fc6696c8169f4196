// Package ec2 declares Amazon EC2 and its networks: VPCs with all that belongs to them, instances, volumes and launch templates. It
// knows the model alone; the catalog imports it, and so do autoscaling, efs, eks and rds.
package ec2

import (
	"slices"

	"coderaws/internal/sandbox/model"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return slices.Concat(
		vpcTypes(), routingTypes(), securityGroupTypes(), endpointTypes(), flowLogTypes(), launchTemplateTypes(), networkACLTypes(),
		networkSettingTypes(), instanceTypes(), volumeTypes(),
	)
}
