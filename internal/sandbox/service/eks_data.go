package service

import (
	"coderaws/internal/sandbox/world"
)

// eksDataSources declares what Terraform asks Amazon EKS.
func eksDataSources() []*DataSource {
	return []*DataSource{
		{Name: "aws_eks_addon_version", API: eks, Noun: "EKS Add-On version info", Call: "DescribeAddonVersions", Read: readAddonVersion},
	}
}

func readAddonVersion(c *Call) *world.Error {
	name, kubernetes := c.String("addon_name"), c.String("kubernetes_version")
	found, ok := addons[name]
	if _, offered := findKubernetes(kubernetes, c.World.Now()); !ok || !offered {
		return &world.Error{Message: "reading EKS Add-On version info (" + name + ", " + kubernetes + "): couldn't find resource"}
	}
	c.Force("id", name)
	c.Force("version", found.standard(kubernetes))
	if c.Bool("most_recent") {
		c.Force("version", found.latest(kubernetes))
	}
	return nil
}
