package awsproxy

import (
	"fmt"
	"maps"
)

// defaultClusterVersion is what EKS takes where a request names no version; the versions on offer run from
// oldestMinor to newestMinor of Kubernetes 1.
const (
	oldestMinor           = 30
	newestMinor           = 36
	defaultClusterVersion = "1.35"
)

// clusterVersions lists the Kubernetes versions on offer, newest first, as DescribeClusterVersions does.
func clusterVersions() []string {
	var out []string
	for minor := newestMinor; minor >= oldestMinor; minor-- {
		out = append(out, fmt.Sprintf("1.%d", minor))
	}
	return out
}

// describeClusterVersions: moto lacks the call.
func (p *Proxy) describeClusterVersions(call) (document, error) {
	versions := []any{}
	for _, v := range clusterVersions() {
		versions = append(versions, document{
			"clusterVersion": v, "clusterType": "eks", "defaultVersion": v == defaultClusterVersion,
			"defaultPlatformVersion": "eks.1", "kubernetesPatchVersion": v + ".0",
			"status": "STANDARD_SUPPORT", "versionStatus": "STANDARD_SUPPORT",
		})
	}
	return document{"clusterVersions": versions}, nil
}

// recordUpdate stores an update that is done at once, for DescribeUpdate, which moto lacks and the provider polls.
func (p *Proxy) recordUpdate(c call, kind string) document {
	id := p.store.newUUID()
	update := document{
		"id": id, "status": "Successful", "type": kind, "params": []any{}, "errors": []any{}, "createdAt": p.timestamp(),
	}
	p.store.documents[c.at("clusters", c.PathValue("name"), "updates", id)] = update
	return document{"update": update}
}

func (p *Proxy) describeUpdate(c call) (document, error) {
	d, ok := p.store.documents[c.at("clusters", c.PathValue("name"), "updates", c.PathValue("id"))]
	if !ok {
		return nil, notFound("No update found for ID: %s", c.PathValue("id"))
	}
	return document{"update": d}, nil
}

// updateClusterConfig merges what the request names. moto replaces the whole resourcesVpcConfig with the part that
// a request carries, and so loses the subnets.
func (p *Proxy) updateClusterConfig(c call) (document, error) {
	d, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	kind := "ConfigUpdate"
	for field, updateType := range map[string]string{
		"resourcesVpcConfig": "EndpointAccessUpdate", "accessConfig": "AccessConfigUpdate",
		"upgradePolicy": "UpgradePolicyUpdate", "zonalShiftConfig": "ZonalShiftConfigUpdate",
		"kubernetesNetworkConfig": "AutoModeUpdate", "computeConfig": "AutoModeUpdate", "storageConfig": "AutoModeUpdate",
		"remoteNetworkConfig": "RemoteNetworkConfigUpdate",
	} {
		change := object(c.in, field)
		if change == nil {
			continue
		}
		kind = updateType
		setDefault(d, field, document{})
		maps.Copy(object(d, field), change)
	}
	if logging := object(c.in, "logging"); logging != nil {
		kind = "LoggingUpdate"
		d["logging"] = logging
	}
	if protection, ok := c.in["deletionProtection"]; ok {
		kind = "DeletionProtectionUpdate"
		d["deletionProtection"] = protection
	}
	normalizePublicAccess(object(d, "resourcesVpcConfig"))
	return p.recordUpdate(c, kind), nil
}

func (p *Proxy) updateClusterVersion(c call) (document, error) {
	d, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	var from, to int
	// A version that does not read as 1.<minor> leaves to at 0 and is refused with the rest.
	_, _ = fmt.Sscanf(text(d, "version"), "1.%d", &from)
	_, _ = fmt.Sscanf(text(c.in, "version"), "1.%d", &to)
	if to != from+1 || to > newestMinor {
		return nil, invalidParameter("Unsupported Kubernetes minor version update from %s to %s", text(d, "version"), text(c.in, "version"))
	}
	d["version"] = c.in["version"]
	return p.recordUpdate(c, "VersionUpdate"), nil
}

func (p *Proxy) associateEncryptionConfig(c call) (document, error) {
	d, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	if len(list(d, "encryptionConfig")) > 0 {
		return nil, inUse("Cluster already has encryption enabled")
	}
	d["encryptionConfig"] = list(c.in, "encryptionConfig")
	return p.recordUpdate(c, "AssociateEncryptionConfig"), nil
}
