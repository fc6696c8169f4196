// Package ec2 declares Amazon EC2 and its networks: VPCs with all that belongs to them, instances, volumes and launch templates. It
// knows the model alone; the catalog imports it, and so do autoscaling, efs, eks and rds.
package ec2

import (
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return slices.Concat(
		vpcTypes(), routingTypes(), securityGroupTypes(), endpointTypes(), transitTypes(), flowLogTypes(), launchTemplateTypes(),
		networkACLTypes(), networkSettingTypes(), instanceTypes(), volumeTypes(),
	)
}

// Blank is EC2's answer to a required argument that is empty.
func Blank(argument string) *world.Error {
	return world.Fail("MissingParameter", "The request must contain the parameter %s", model.Member(argument))
}
