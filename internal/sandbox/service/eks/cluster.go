// Package eks declares Amazon EKS: clusters, node groups, add-ons and who may sign in. Beside the model it imports ec2, iampolicy,
// kms and permission; the catalog imports it, and so does ssm.
//
// Times: logs of real deployments.
package eks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		cluster(), nodeGroup(), managedAddon(),
		accessEntry(), accessPolicyAssociation(), podIdentityAssociation(), fargateProfileType(), identityProviderConfig(),
	}
}

const api = "EKS"

// invalidParameter builds EKS's most common answer.
func invalidParameter(format string, args ...any) *world.Error {
	return world.Fail("InvalidParameterException", format, args...)
}

var clusterMissing = func(name string) *world.Error {
	return world.NotFound("ResourceNotFoundException", "No cluster found for name: %s.", name)
}

func cluster() *model.Type {
	return &model.Type{
		Name: "aws_eks_cluster", API: api, Noun: "EKS Cluster",
		CreateCall: "CreateCluster", UpdateCall: "UpdateClusterConfig", DeleteCall: "DeleteCluster",
		Identify: model.IDFrom("name"),
		References: []model.Reference{
			{Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn", Missing: roleNotAssumable},
			{Path: "vpc_config.subnet_ids", To: []string{"aws_subnet"},
				Missing: model.Missing("InvalidParameterException", "The subnet ID '%s' does not exist")},
			{Path: "vpc_config.security_group_ids", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidParameterException", "The security group '%s' does not exist")},
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("ResourceInUseException", "Cluster already exists with name: %s", name)
		}}},
		Checks: []model.Check{
			model.Length("InvalidParameterException", "name", "name", 1, 100),
			model.Pattern("InvalidParameterException", "name", "name", `[0-9A-Za-z][A-Za-z0-9\-_]*`),
			clusterRole, clusterVersion, clusterZones, clusterSubnetChange, clusterSecurityGroups, clusterEndpoints, clusterServiceRange,
			clusterEncryption, clusterAuthentication, clusterAutoMode,
			model.OneOf("InvalidParameterException", "enabled_cluster_log_types", "logging.clusterLogging.types", "api", "audit", "authenticator",
				"controllerManager", "scheduler"),
			model.OneOf("InvalidParameterException", "upgrade_policy.support_type", "upgradePolicy.supportType", "STANDARD", "EXTENDED"),
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-1194D53C", Service: "eks", Name: "Clusters", Default: 100},
			Exceeded: func() *world.Error {
				return world.Fail("ResourceLimitExceededException", "Cluster limit exceeded for account.")
			}, // text unverified
		}},
		Fill: fillCluster,
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if c.Bool("deletion_protection") {
				return world.Fail("InvalidRequestException", "Cannot delete cluster because deletion protection is enabled") // text unverified
			}
			return nil
		}},
		InUse: func(_ *model.Call, by *world.Resource) *world.Error {
			switch by.Type {
			case "aws_eks_node_group":
				return world.Conflict("ResourceInUseException", "Cluster has nodegroups attached")
			case "aws_eks_fargate_profile":
				return world.Conflict("ResourceInUseException", "Cluster has fargate profiles attached") // text unverified
			}
			return nil
		},
		Latency: model.Latency{Create: model.Seconds(570, 380, 720), Update: model.Seconds(600, 120, 900), Delete: model.Seconds(150, 69, 240),
			Source: "logs of eleven real deployments; updates are an estimate"},
	}
}

func roleNotAssumable(arn string) *world.Error {
	return invalidParameter("Role with arn: %s, could not be assumed because it does not exist or the trusted entity is not correct", arn)
}

func clusterRole(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("role_arn"))
	if role != nil && !principal.Trusts(role, "eks.amazonaws.com") {
		return roleNotAssumable(role.String("arn"))
	}
	return nil
}

// clusterVersion holds the version to EKS's calendar, and upgrades to one minor version at a time, with all nodes at the one before.
func clusterVersion(c *model.Call) *world.Error {
	version := c.String("version")
	if version == "" || !c.Changed("version") {
		return nil
	}
	if before, _ := c.Prior["version"].(string); before != "" && Minor(version) != Minor(before)+1 {
		return invalidParameter("Unsupported Kubernetes minor version update from %s to %s", before, version)
	}
	if _, ok := facts.Kubernetes(version, c.World.Now()); !ok {
		return invalidParameter("unsupported Kubernetes version %s", version)
	}
	return nodesKeepUp(c)
}

// nodesKeepUp refuses to upgrade a cluster with managed node groups of another version than it has (API reference, UpdateClusterVersion).
func nodesKeepUp(c *model.Call) *world.Error {
	if c.Creating() {
		return nil
	}
	before, _ := c.Prior["version"].(string)
	var behind []string
	for _, group := range c.Where("aws_eks_node_group", "cluster_name", c.Self.ID) {
		if version := group.String("version"); version != before && version != "" {
			behind = append(behind, group.String("node_group_name"))
		}
	}
	if len(behind) == 0 {
		return nil
	}
	return invalidParameter("Nodegroups %s must be updated to match cluster version %s before updating cluster version",
		strings.Join(behind, ", "), before)
}

// refusedZones are zones in which EKS has no control planes, by id (AWS documentation: network requirements of EKS).
var refusedZones = []string{"use1-az3", "usw1-az2", "cac1-az3"}

// clusterZones wants subnets in two zones at least, all of them zones that EKS supports.
func clusterZones(c *model.Call) *world.Error {
	zones := c.Zones(c.Strings("vpc_config.subnet_ids"))
	var valid []string
	for _, zone := range c.World.Zones(c.Region) {
		if !slices.Contains(refusedZones, zone.ID) {
			valid = append(valid, zone.Name)
		}
	}
	for _, zone := range zones {
		if !slices.Contains(valid, zone) {
			return world.Fail("UnsupportedAvailabilityZoneException",
				"Cannot create cluster '%s' because %s, the targeted availability zone, does not currently have sufficient capacity to support the "+
					"cluster. Retry and choose from these availability zones: %s",
				c.String("name"), zone, strings.Join(valid, ", "))
		}
	}
	if len(zones) < 2 {
		return invalidParameter("Subnets specified must be in at least two different AZs")
	}
	return nil
}

// clusterSubnetChange lets subnets change inside the zones and the VPC that the cluster was made with (AWS documentation; text unverified).
func clusterSubnetChange(c *model.Call) *world.Error {
	subnets := c.Strings("vpc_config.subnet_ids")
	for _, id := range subnets {
		if c.VPCOf(id) != c.VPCOf(subnets[0]) {
			return invalidParameter("Subnets specified must belong to the same VPC")
		}
	}
	if c.Creating() {
		return nil
	}
	before := c.Zones(model.Strings(c.Prior, "vpc_config.subnet_ids"))
	if now := c.Zones(subnets); len(before) > 0 && !slices.Equal(before, now) {
		return invalidParameter("Provided subnets %s belong to AZs %s which do not match the AZs %s of the cluster", strings.Join(subnets, ","),
			strings.Join(now, ","), strings.Join(before, ","))
	}
	return nil
}

func clusterSecurityGroups(c *model.Call) *world.Error {
	subnets := c.Strings("vpc_config.subnet_ids")
	for _, id := range c.Strings("vpc_config.security_group_ids") {
		if len(subnets) > 0 && c.VPCOf(id) != c.VPCOf(subnets[0]) {
			return invalidParameter("Security group(s) are not in the same VPC as the subnets")
		}
	}
	return nil
}

func clusterEndpoints(c *model.Call) *world.Error {
	public, told := c.At("vpc_config.endpoint_public_access").(bool)
	public = public || !told // EKS opens the public endpoint unless told otherwise
	if !public && !c.Bool("vpc_config.endpoint_private_access") {
		return invalidParameter("Private and public endpoint access cannot be false")
	}
	cidrs := c.Strings("vpc_config.public_access_cidrs")
	if len(cidrs) > 40 {
		return world.Fail("ResourceLimitExceededException", "publicAccessCidrs can have at most 40 entries") // text unverified
	}
	for _, text := range cidrs {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return invalidParameter("Invalid CIDR %s in publicAccessCidrs", text)
		}
		if prefix.Addr().IsPrivate() || prefix.Addr().IsLoopback() || prefix.Addr().IsLinkLocalUnicast() {
			return invalidParameter("The following CIDRs are not allowed in publicAccessCidrs: [%s]", text) // text unverified
		}
	}
	return nil
}

// clusterServiceRange holds the range of services to the private ranges, /24 to /12, apart from the VPC.
func clusterServiceRange(c *model.Call) *world.Error {
	text := c.String("kubernetes_network_config.service_ipv4_cidr")
	if text == "" {
		return nil
	}
	if c.String("kubernetes_network_config.ip_family") == "ipv6" {
		return invalidParameter(`serviceIpv4Cidr cannot be specified when creating an "ipv6" cluster`)
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil || prefix.Bits() < 12 || prefix.Bits() > 24:
		// text unverified
		return invalidParameter("bad CIDR range for Kubernetes service network: %s. It must have a netmask between /12 and /24", text)
	case !prefix.Addr().IsPrivate():
		return invalidParameter("serviceIpv4Cidr %s must be within RFC1918 range", text)
	}
	for _, id := range c.Strings("vpc_config.subnet_ids") {
		if vpc := c.Find("aws_vpc", c.VPCOf(id)); vpc != nil {
			if own, err := netip.ParsePrefix(vpc.String("cidr_block")); err == nil && own.Overlaps(prefix) {
				return invalidParameter("CIDR %s overlaps with VPC CIDR %s", text, own) // text unverified
			}
		}
	}
	return nil
}

func clusterEncryption(c *model.Call) *world.Error {
	for _, encryption := range c.Blocks("encryption_config") {
		if resources := model.Strings(encryption, "resources"); len(resources) != 1 || resources[0] != "secrets" {
			return invalidParameter("Invalid k8s resource for encryption")
		}
	}
	name := c.String("encryption_config.provider.key_arn")
	if name == "" || !c.Changed("encryption_config") {
		return nil
	}
	parts := strings.Split(name, ":")
	key := kms.FindKey(c, name)
	switch {
	case len(parts) < 6 || parts[3] != c.Region:
		return invalidParameter("The keyArn for encryptionConfig is scoped to invalid aws region.")
	case key == nil && !kms.KeyElsewhere(c, name), key != nil && key.String("customer_master_key_spec") != "" &&
		key.String("customer_master_key_spec") != "SYMMETRIC_DEFAULT":
		return invalidParameter("The keyArn in encryptionConfig provider is invalid: %s", name) // text unverified
	}
	return nil
}

var authenticationModes = []string{"CONFIG_MAP", "API_AND_CONFIG_MAP", "API"}

// clusterAuthentication lets the mode move forward only, one step at a time.
func clusterAuthentication(c *model.Call) *world.Error {
	mode := c.String("access_config.authentication_mode")
	if mode == "" {
		return nil
	}
	now := slices.Index(authenticationModes, mode)
	if now < 0 {
		return model.Unsatisfied("InvalidParameterException", mode, "accessConfig.authenticationMode",
			"Member must satisfy enum value set: [API, API_AND_CONFIG_MAP, CONFIG_MAP]")
	}
	if before, _ := model.At(c.Prior, "access_config.authentication_mode").(string); before != "" && before != mode &&
		now != slices.Index(authenticationModes, before)+1 {
		return invalidParameter("Unsupported authentication mode update from %s to %s", before, mode) // text unverified
	}
	return nil
}

// clusterAutoMode holds the three switches of EKS Auto Mode together.
func clusterAutoMode(c *model.Call) *world.Error {
	compute, network, storage := c.Bool("compute_config.enabled"), c.Bool("kubernetes_network_config.elastic_load_balancing.enabled"),
		c.Bool("storage_config.block_storage.enabled")
	switch {
	case compute != network || network != storage:
		return invalidParameter("For EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, " +
			"and blockStorage are all either fully enabled or fully disabled.")
	case compute && c.Creating() && c.Bool("bootstrap_self_managed_addons"):
		return invalidParameter("When EKS Auto Mode is enabled, bootstrapSelfManagedAddons must be set to false")
	case compute && c.String("access_config.authentication_mode") == "CONFIG_MAP":
		return invalidParameter("When EKS Auto Mode is enabled, you must use an EKS access config authentication mode of " +
			"API_AND_CONFIG_MAP or API")
	case len(c.Strings("compute_config.node_pools")) > 0 && c.String("compute_config.node_role_arn") == "":
		return invalidParameter("When Compute Config nodeRoleArn is null or empty, nodePool list cannot be populated.")
	}
	return nil
}

func fillCluster(c *model.Call) {
	name, now := c.ID, c.World.Now()
	c.Set("version", facts.DefaultKubernetes(now))
	version, _ := facts.Kubernetes(c.String("version"), now)
	subnets := c.Strings("vpc_config.subnet_ids")
	vpc := ""
	if len(subnets) > 0 {
		vpc = c.VPCOf(subnets[0])
	}
	host := strings.ToUpper(c.Hex(32, "endpoint"))
	domain := facts.DNSSuffix(c.Region)

	c.Set("arn", c.ARN("eks", "cluster/"+name))
	c.Set("status", "ACTIVE")
	c.Set("created_at", now.Format(time.RFC3339))
	c.Set("cluster_id", "")
	c.Set("platform_version", fmt.Sprintf("eks.%d", version.Platform))
	c.Set("endpoint", fmt.Sprintf("https://%s.gr7.%s.eks.%s", host, c.Region, domain))
	c.Set("certificate_authority", []any{world.Object{"data": clusterAuthority(c)}})
	c.Set("identity",
		[]any{world.Object{"oidc": []any{world.Object{"issuer": fmt.Sprintf("https://oidc.eks.%s.%s/id/%s", c.Region, domain, host)}}}})
	c.Set("deletion_protection", false)

	c.Set("access_config", []any{world.Object{"authentication_mode": "CONFIG_MAP", "bootstrap_cluster_creator_admin_permissions": true}})
	c.SetIn("access_config", "authentication_mode", "CONFIG_MAP")
	c.Set("upgrade_policy", []any{world.Object{"support_type": "EXTENDED"}})
	c.SetIn("upgrade_policy", "support_type", "EXTENDED")
	c.SetIn("compute_config", "enabled", false)
	c.SetIn("storage_config.block_storage", "enabled", false)
	c.SetIn("control_plane_scaling_config", "tier", "standard")
	fillClusterNetwork(c, vpc)
	fillControlPlane(c)

	group := "sg-" + c.Hex(17, "security group")
	c.SetIn("vpc_config", "vpc_id", vpc)
	c.SetIn("vpc_config", "cluster_security_group_id", group)
	c.SetIn("vpc_config", "public_access_cidrs", []any{"0.0.0.0/0"})
	c.SetIn("vpc_config", "control_plane_egress_mode", "")
	if c.Creating() {
		makeClusterSecurityGroup(c, group, vpc)
		makeClusterLogGroup(c)
	}
}

// fillClusterNetwork sets the ranges of services. EKS takes 10.100.0.0/16, or 172.20.0.0/16 where the VPC is in 10.0.0.0/8 (AWS
// documentation).
func fillClusterNetwork(c *model.Call, vpc string) {
	services := "10.100.0.0/16"
	if r := c.Find("aws_vpc", vpc); r != nil && strings.HasPrefix(r.String("cidr_block"), "10.") {
		services = "172.20.0.0/16"
	}
	balancing := []any{world.Object{"enabled": false}}
	c.Set("kubernetes_network_config", []any{world.Object{
		"ip_family": "ipv4", "service_ipv4_cidr": services, "service_ipv6_cidr": "", "elastic_load_balancing": balancing,
	}})
	c.SetIn("kubernetes_network_config", "ip_family", "ipv4")
	if c.String("kubernetes_network_config.ip_family") == "ipv6" {
		c.SetIn("kubernetes_network_config", "service_ipv4_cidr", "")
		c.SetIn("kubernetes_network_config", "service_ipv6_cidr", "fd"+c.Hex(2, "services")+":"+c.Hex(4, "v6")+"::/108")
	}
	c.SetIn("kubernetes_network_config", "service_ipv4_cidr", services)
	c.SetIn("kubernetes_network_config", "service_ipv6_cidr", "")
	c.SetIn("kubernetes_network_config", "elastic_load_balancing", balancing)
	c.SetIn("kubernetes_network_config.elastic_load_balancing", "enabled", false)
}

// fillControlPlane sets what Kubernetes itself has as defaults for its control plane (Kubernetes documentation).
func fillControlPlane(c *model.Call) {
	c.SetIn("kube_api_server_config", "event_ttl", "1h0m0s")
	c.SetIn("kube_api_server_config.service_node_port_range", "min_port", 30000.0)
	c.SetIn("kube_api_server_config.service_node_port_range", "max_port", 32767.0)
	c.SetIn("kube_controller_manager_config.horizontal_pod_autoscaler_controller_config", "horizontal_pod_autoscaler_sync_period", "15s")
	c.SetIn("kube_controller_manager_config.pod_gc_controller_config", "terminated_pod_gc_threshold", 12500.0)
	c.SetIn("kube_scheduler_config.node_resources_fit.scoring_strategy", "type", "LeastAllocated")
	c.SetIn("kube_scheduler_config.node_resources_fit.scoring_strategy.resource", "name", "cpu")
	c.SetIn("kube_scheduler_config.node_resources_fit.scoring_strategy.resource", "weight", 1.0)
	c.SetIn("outpost_config", "etcd_instance_type", "")
	c.SetIn("outpost_config.control_plane_placement", "spread_level", "")
	c.SetIn("outpost_config.etcd_placement", "spread_level", "")
}

// makeClusterSecurityGroup makes the group that EKS gives to the control plane and to the nodes of managed node groups.
func makeClusterSecurityGroup(c *model.Call, id, vpc string) {
	rule := func(self bool, cidrs []any) world.Object {
		return world.Object{"protocol": "-1", "from_port": 0.0, "to_port": 0.0, "self": self, "cidr_blocks": cidrs, "description": "",
			"ipv6_cidr_blocks": []any{}, "prefix_list_ids": []any{}, "security_groups": []any{}}
	}
	var number uint64
	_, _ = fmt.Sscanf(c.Hex(7, "security group name"), "%x", &number) // seven hexadecimal digits always parse
	name := fmt.Sprintf("eks-cluster-sg-%s-%d", c.ID, number)
	tags := world.Object{"Name": name, "aws:eks:cluster-name": c.ID, "kubernetes.io/cluster/" + c.ID: "owned"}
	c.Make("aws_security_group", id, world.Object{
		"name": name, "name_prefix": "", "vpc_id": vpc, "owner_id": c.Account, "arn": c.ARN("ec2", "security-group/"+id), "region": c.Region,
		"description": "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any " +
			"managed workloads.",
		"ingress": []any{rule(true, []any{})}, "egress": []any{rule(false, []any{"0.0.0.0/0"})},
		"tags": tags, "tags_all": tags,
	})
}

// makeClusterLogGroup makes the log group of the control plane where the user did not: without encryption, kept for ever.
func makeClusterLogGroup(c *model.Call) {
	name := "/aws/eks/" + c.ID + "/cluster"
	if len(c.Strings("enabled_cluster_log_types")) == 0 || c.Find("aws_cloudwatch_log_group", name) != nil {
		return
	}
	c.Make("aws_cloudwatch_log_group", name, world.Object{
		"name": name, "arn": c.ARN("logs", "log-group:"+name), "retention_in_days": 0.0, "log_group_class": "STANDARD", "region": c.Region,
	})
}
