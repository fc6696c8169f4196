package awsproxy

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// eks answers the whole EKS API. moto 5.2 has clusters, node groups and Fargate profiles, and lacks the rest: add-ons,
// access entries, pod identity associations, updates, cluster and platform versions. Of a cluster it drops
// accessConfig, upgradePolicy and the cluster security group; of a node group updateConfig and nodeRepairConfig, and the
// Auto Scaling group that it names does not exist. All of EKS lives here then, so that its parts know each other;
// security groups, launch templates and Auto Scaling groups, which EKS makes in the customer's account, are made in moto.
func (p *Proxy) eks() http.Handler {
	mux := http.NewServeMux()
	p.handle(mux, "POST /clusters", p.createCluster)
	p.handle(mux, "GET /clusters", p.listClusters)
	p.handle(mux, "GET /clusters/{name}", p.describeCluster)
	p.handle(mux, "DELETE /clusters/{name}", p.deleteCluster)
	p.handle(mux, "POST /clusters/{name}/update-config", p.updateClusterConfig)
	p.handle(mux, "POST /clusters/{name}/updates", p.updateClusterVersion)
	p.handle(mux, "GET /clusters/{name}/updates/{id}", p.describeUpdate)
	p.handle(mux, "POST /clusters/{name}/encryption-config/associate", p.associateEncryptionConfig)
	p.handle(mux, "GET /cluster-versions", p.describeClusterVersions)
	p.handle(mux, "GET /tags/{arn...}", p.listTags)
	p.handle(mux, "POST /tags/{arn...}", p.tag)
	p.handle(mux, "DELETE /tags/{arn...}", p.untag)
	p.handleNodeGroups(mux)
	p.handleAddons(mux)
	p.handleAccess(mux)
	p.handlePodIdentity(mux)
	p.handle(mux, "/", func(c call) (document, error) {
		return nil, fmt.Errorf("awsproxy does not know the EKS call %s %s", c.Method, c.URL.Path)
	})
	return mux
}

// cluster gives the cluster that the path names.
func (p *Proxy) cluster(c call) (document, error) {
	if d, ok := p.store.documents[c.at("clusters", c.PathValue("name"))]; ok {
		return d, nil
	}
	return nil, notFound("No cluster found for name: %s.", c.PathValue("name"))
}

// eksARN is an ARN of EKS in the caller's region.
func eksARN(c call, kind string, segments ...string) string {
	return fmt.Sprintf("arn:aws:eks:%s:%s:%s/%s", c.region, accountID, kind, strings.Join(segments, "/"))
}

func (p *Proxy) createCluster(c call) (document, error) {
	name := text(c.in, "name")
	at := c.at("clusters", name)
	if _, ok := p.store.documents[at]; ok {
		return nil, inUse("Cluster already exists with name: %s", name)
	}
	vpc := object(c.in, "resourcesVpcConfig")
	if vpc == nil {
		return nil, invalidParameter("resourcesVpcConfig is required")
	}
	vpcID, zones, err := p.placement(c, texts(list(vpc, "subnetIds")))
	if err != nil {
		return nil, err
	}
	if len(zones) < 2 {
		return nil, invalidParameter("Subnets specified must be in at least two different AZs")
	}
	group, err := p.createClusterSecurityGroup(c, name, vpcID)
	if err != nil {
		return nil, err
	}
	vpc["vpcId"] = vpcID
	vpc["clusterSecurityGroupId"] = group
	setDefault(vpc, "securityGroupIds", []any{})
	setDefault(vpc, "endpointPublicAccess", true)
	setDefault(vpc, "endpointPrivateAccess", false)
	normalizePublicAccess(vpc)

	access := object(c.in, "accessConfig")
	if access == nil {
		access = document{}
	}
	setDefault(access, "authenticationMode", "CONFIG_MAP")
	setDefault(access, "bootstrapClusterCreatorAdminPermissions", true)

	network := object(c.in, "kubernetesNetworkConfig")
	if network == nil {
		network = document{}
	}
	setDefault(network, "ipFamily", "ipv4")
	setDefault(network, "serviceIpv4Cidr", "172.20.0.0/16")
	setDefault(network, "elasticLoadBalancing", document{"enabled": false})

	d := pick(c.in, "name", "roleArn", "encryptionConfig", "logging", "zonalShiftConfig", "remoteNetworkConfig",
		"computeConfig", "storageConfig", "outpostConfig", "deletionProtection", "tags", "upgradePolicy", "version")
	id := strings.ToUpper(p.store.newHex(32))
	maps.Copy(d, document{
		"arn":                     eksARN(c, "cluster", name),
		"accessConfig":            access,
		"certificateAuthority":    document{"data": base64.StdEncoding.EncodeToString([]byte("certificate authority of " + name))},
		"createdAt":               p.timestamp(),
		"endpoint":                fmt.Sprintf("https://%s.gr7.%s.eks.amazonaws.com", id, c.region),
		"identity":                document{"oidc": document{"issuer": fmt.Sprintf("https://oidc.eks.%s.amazonaws.com/id/%s", c.region, id)}},
		"kubernetesNetworkConfig": network,
		"platformVersion":         "eks.1",
		"resourcesVpcConfig":      vpc,
		"status":                  "ACTIVE",
	})
	setDefault(d, "version", defaultClusterVersion)
	setDefault(d, "upgradePolicy", document{"supportType": "EXTENDED"})
	setDefault(d, "encryptionConfig", []any{})
	setDefault(d, "tags", document{})
	setDefault(d, "logging", document{"clusterLogging": []any{document{
		"enabled": false, "types": []any{"api", "audit", "authenticator", "controllerManager", "scheduler"},
	}}})
	if !slices.Contains(clusterVersions(), text(d, "version")) {
		return nil, invalidParameter("unsupported Kubernetes version")
	}
	p.store.documents[at] = d
	return document{"cluster": d}, nil
}

// normalizePublicAccess gives publicAccessCidrs as EKS describes them: everybody where a public endpoint does not say,
// nobody where there is no public endpoint.
func normalizePublicAccess(vpc document) {
	switch {
	case vpc["endpointPublicAccess"] != true:
		vpc["publicAccessCidrs"] = []any{}
	case len(list(vpc, "publicAccessCidrs")) == 0:
		vpc["publicAccessCidrs"] = []any{"0.0.0.0/0"}
	}
}

// placement asks moto which VPC and zones the subnets are in.
func (p *Proxy) placement(c call, subnets []string) (vpcID string, zones map[string]bool, err error) {
	var answer struct {
		Subnets []struct {
			VPC  string `xml:"vpcId"`
			Zone string `xml:"availabilityZone"`
		} `xml:"subnetSet>item"`
	}
	if err := p.ec2(c, "DescribeSubnets", numbered("SubnetId.", subnets), &answer); err != nil {
		return "", nil, invalidParameter("The subnets %s cannot be described: %v", strings.Join(subnets, ", "), err)
	}
	zones = map[string]bool{}
	for _, s := range answer.Subnets {
		vpcID = s.VPC
		zones[s.Zone] = true
	}
	return vpcID, zones, nil
}

// createClusterSecurityGroup makes the group that EKS puts on the control plane's interfaces and on managed nodes.
func (p *Proxy) createClusterSecurityGroup(c call, cluster, vpcID string) (string, error) {
	var answer struct {
		ID string `xml:"groupId"`
	}
	err := p.ec2(c, "CreateSecurityGroup", url.Values{
		"GroupName": {"eks-cluster-sg-" + cluster + "-" + p.store.newHex(9)},
		"GroupDescription": {"EKS created security group applied to ENI that is attached to EKS Control Plane master " +
			"nodes, as well as any managed workloads."},
		"VpcId": {vpcID},
	}, &answer)
	return answer.ID, err
}

func (p *Proxy) listClusters(c call) (document, error) {
	names := []any{}
	for _, d := range p.store.children(c.at("clusters")) {
		names = append(names, d["name"])
	}
	return document{"clusters": names}, nil
}

func (p *Proxy) describeCluster(c call) (document, error) {
	d, err := p.cluster(c)
	return document{"cluster": d}, err
}

func (p *Proxy) deleteCluster(c call) (document, error) {
	d, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	if len(p.store.children(c.at("clusters", c.PathValue("name"), "node-groups"))) > 0 {
		return nil, inUse("Cluster has nodegroups attached")
	}
	if d["deletionProtection"] == true {
		return nil, invalidRequest("Cannot delete cluster because deletion protection is enabled")
	}
	group := text(object(d, "resourcesVpcConfig"), "clusterSecurityGroupId")
	if err := p.ec2(c, "DeleteSecurityGroup", url.Values{"GroupId": {group}}, nil); err != nil {
		return nil, err
	}
	p.store.removeTree(c.at("clusters", c.PathValue("name")))
	d["status"] = "DELETING"
	return document{"cluster": d}, nil
}

func (p *Proxy) listTags(c call) (document, error) {
	d, ok := p.store.byARN(c.PathValue("arn"))
	if !ok {
		return nil, notFound("No resource found for ARN: %s", c.PathValue("arn"))
	}
	return pick(d, "tags"), nil
}

func (p *Proxy) tag(c call) (document, error) {
	d, ok := p.store.byARN(c.PathValue("arn"))
	if !ok {
		return nil, notFound("No resource found for ARN: %s", c.PathValue("arn"))
	}
	setDefault(d, "tags", document{})
	maps.Copy(object(d, "tags"), object(c.in, "tags"))
	return document{}, nil
}

func (p *Proxy) untag(c call) (document, error) {
	d, ok := p.store.byARN(c.PathValue("arn"))
	if !ok {
		return nil, notFound("No resource found for ARN: %s", c.PathValue("arn"))
	}
	for _, k := range c.URL.Query()["tagKeys"] {
		delete(object(d, "tags"), k)
	}
	return document{}, nil
}
