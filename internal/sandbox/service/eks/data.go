package eks

import (
	"encoding/base64"
	"fmt"
	"slices"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources declares what Terraform asks Amazon EKS.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_eks_addon_version", API: api, Noun: "EKS Add-On version info", Call: "DescribeAddonVersions", Read: readAddonVersion},
		{Name: "aws_eks_cluster", API: api, Noun: "EKS Cluster", Call: "DescribeCluster", Read: readCluster},
		{Name: "aws_eks_clusters", API: api, Noun: "EKS Clusters", Call: "ListClusters", Read: func(c *model.Call) *world.Error {
			return listNames(c, "aws_eks_cluster", "name", func(*world.Resource) bool { return true }, c.Region)
		}},
		{Name: "aws_eks_cluster_auth", API: api, Noun: "EKS Cluster Auth", Call: "none", Read: readClusterAuth},
		{Name: "aws_eks_cluster_versions", API: api, Noun: "EKS Cluster Versions", Call: "DescribeClusterVersions", Read: readClusterVersions},
		{Name: "aws_eks_node_group", API: api, Noun: "EKS Node Group", Call: "DescribeNodegroup", Read: readNodeGroup},
		{Name: "aws_eks_node_groups", API: api, Noun: "EKS Node Groups", Call: "ListNodegroups", Read: func(c *model.Call) *world.Error {
			cluster := c.String("cluster_name")
			if c.Find("aws_eks_cluster", cluster) == nil {
				return clusterMissing(cluster)
			}
			return listNames(c, "aws_eks_node_group", "node_group_name", func(r *world.Resource) bool {
				return r.String("cluster_name") == cluster
			}, cluster)
		}},
		{Name: "aws_eks_addon", API: api, Noun: "EKS Add-On", Call: "DescribeAddon", Read: func(c *model.Call) *world.Error {
			cluster, name := c.String("cluster_name"), c.String("addon_name")
			return copyFrom(c, c.Find("aws_eks_addon", cluster+":"+name), "ResourceNotFoundException", "No addon: %s found in cluster: %s",
				name, cluster)
		}},
	}
}

func listNames(c *model.Call, typ, attribute string, keep func(*world.Resource) bool, id string) *world.Error {
	var names []any
	for _, r := range c.All(typ) {
		if keep(r) {
			names = append(names, r.String(attribute))
		}
	}
	c.Force("id", id)
	c.Force("names", model.List(names))
	return nil
}

// copyFrom answers a data source with the attributes of the resource that it is about; those that the resource lacks stay unset.
func copyFrom(c *model.Call, from *world.Resource, code, format string, args ...any) *world.Error {
	if from == nil {
		return world.NotFound(code, format, args...)
	}
	for name, value := range from.Attributes {
		if _, asked := c.Object[name]; asked && name != "region" {
			c.Force(name, value)
		}
	}
	return nil
}

func readAddonVersion(c *model.Call) *world.Error {
	name, kubernetes := c.String("addon_name"), c.String("kubernetes_version")
	found, ok := facts.FindAddon(name)
	if _, offered := facts.Kubernetes(kubernetes, c.World.Now()); !ok || !offered {
		answer := &world.Error{Message: "reading EKS Add-On version info (" + name + ", " + kubernetes + "): couldn't find resource"}
		if _, offered := facts.Kubernetes(kubernetes, c.World.Now()); !offered && name != "" {
			answer.Timing = "Kubernetes " + kubernetes + " is not supported by Amazon EKS, or no longer: there are no add-ons for it."
		}
		return answer
	}
	c.Force("id", name)
	c.Force("version", found.Standard(kubernetes))
	if c.Bool("most_recent") {
		c.Force("version", found.Latest(kubernetes))
	}
	return nil
}

func readCluster(c *model.Call) *world.Error {
	name := c.String("name")
	if err := copyFrom(c, c.Find("aws_eks_cluster", name), "ResourceNotFoundException", "No cluster found for name: %s.", name); err != nil {
		return err
	}
	for _, block := range []string{"access_config", "compute_config", "control_plane_scaling_config", "kube_api_server_config",
		"kube_controller_manager_config",
		"kube_scheduler_config", "kubernetes_network_config", "outpost_config", "remote_network_config", "storage_config", "upgrade_policy",
		"zonal_shift_config"} {
		c.Set(block, []any{})
	}
	return nil
}

// readClusterAuth makes a token of the shape that EKS takes: a signed URL of STS. It signs in nowhere.
func readClusterAuth(c *model.Call) *world.Error {
	url := fmt.Sprintf(
		"https://sts.%s.%s/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=0&X-Amz-Signature=%s",
		c.Region, facts.DNSSuffix(c.Region), c.Hex(64, "token"))
	c.Force("id", c.String("name"))
	c.Force("token", "k8s-aws-v1."+base64.RawURLEncoding.EncodeToString([]byte(url)))
	return nil
}

func readClusterVersions(c *model.Call) *world.Error {
	now := c.World.Now()
	wanted := map[string]bool{}
	for _, name := range c.Strings("cluster_versions_only") {
		wanted[name] = true
	}
	var versions []any
	for _, v := range slices.Backward(facts.KubernetesVersions()) {
		status, usual := v.Support(now), v.Name == facts.DefaultKubernetes(now)
		if !v.Offered(now) && !c.Bool("include_all") || len(wanted) > 0 && !wanted[v.Name] || c.Bool("default_only") && !usual ||
			c.String("version_status") != "" && c.String("version_status") != status {
			continue
		}
		versions = append(versions, world.Object{
			"cluster_type": "eks", "cluster_version": v.Name, "default_platform_version": fmt.Sprintf("eks.%d", v.Platform),
			"default_version":              usual,
			"end_of_extended_support_date": v.ExtendedEnd + "T00:00:00Z", "end_of_standard_support_date": v.StandardEnd + "T00:00:00Z",
			"kubernetes_patch_version": fmt.Sprintf("%s.%d", v.Name, v.Patch), "release_date": v.Released + "T00:00:00Z", "version_status": status,
			"control_plane_component_config": []any{}, "control_plane_scaling_tiers": []any{},
		})
	}
	c.Force("cluster_versions", model.List(versions))
	return nil
}

func readNodeGroup(c *model.Call) *world.Error {
	cluster, name := c.String("cluster_name"), c.String("node_group_name")
	group := c.Find("aws_eks_node_group", cluster+":"+name)
	if err := copyFrom(c, group, "ResourceNotFoundException", "No node group found for name: %s.", name); err != nil {
		return err
	}
	c.Force("taints", group.Attributes["taint"])
	for _, block := range []string{"launch_template", "remote_access", "taints", "update_config", "warm_pool_config"} {
		if c.Object[block] == nil {
			c.Force(block, []any{})
		}
		c.Set(block, []any{})
	}
	return nil
}
