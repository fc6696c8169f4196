package awsproxy

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// handleAddons: moto lacks EKS add-ons altogether.
func (p *Proxy) handleAddons(mux *http.ServeMux) {
	p.handle(mux, "POST /clusters/{name}/addons", p.createAddon)
	p.handle(mux, "GET /clusters/{name}/addons", p.listAddons)
	p.handle(mux, "GET /clusters/{name}/addons/{addon}", p.describeAddon)
	p.handle(mux, "POST /clusters/{name}/addons/{addon}/update", p.updateAddon)
	p.handle(mux, "DELETE /clusters/{name}/addons/{addon}", p.deleteAddon)
	p.handle(mux, "GET /addons/supported-versions", p.describeAddonVersions)
	p.handle(mux, "GET /addons/configuration-schemas", p.describeAddonConfiguration)
}

var addonVersion = regexp.MustCompile(`^v\d+\.\d+\.\d+-eksbuild\.\d+$`)

// addonVersions gives the versions on offer of every add-on for a Kubernetes version, newest first; the last one is
// the default, as with AWS, whose default is seldom the newest. kube-proxy follows the cluster's version.
func addonVersions(kubernetes string) map[string][]string {
	return map[string][]string{
		"amazon-cloudwatch-observability":       {"v6.5.0-eksbuild.1", "v6.4.0-eksbuild.1"},
		"aws-ebs-csi-driver":                    {"v1.65.0-eksbuild.1", "v1.64.0-eksbuild.1"},
		"aws-efs-csi-driver":                    {"v2.3.1-eksbuild.1", "v2.3.0-eksbuild.1"},
		"aws-secrets-store-csi-driver-provider": {"v2.1.0-eksbuild.1", "v2.0.0-eksbuild.1"},
		"cert-manager":                          {"v1.19.3-eksbuild.1", "v1.19.2-eksbuild.1"},
		"coredns":                               {"v1.13.2-eksbuild.4", "v1.13.2-eksbuild.3"},
		"eks-node-monitoring-agent":             {"v1.6.0-eksbuild.1", "v1.5.0-eksbuild.1"},
		"eks-pod-identity-agent":                {"v1.4.0-eksbuild.1", "v1.3.10-eksbuild.3"},
		"external-dns":                          {"v0.20.0-eksbuild.1", "v0.19.0-eksbuild.2"},
		"kube-proxy":                            {"v" + kubernetes + ".3-eksbuild.2", "v" + kubernetes + ".0-eksbuild.2"},
		"kube-state-metrics":                    {"v2.18.0-eksbuild.1", "v2.17.0-eksbuild.1"},
		"metrics-server":                        {"v0.8.1-eksbuild.6", "v0.8.0-eksbuild.6"},
		"prometheus-node-exporter":              {"v1.10.2-eksbuild.1", "v1.9.1-eksbuild.1"},
		"snapshot-controller":                   {"v8.4.0-eksbuild.1", "v8.3.0-eksbuild.1"},
		"vpc-cni":                               {"v1.21.1-eksbuild.7", "v1.21.1-eksbuild.5"},
	}
}

func (p *Proxy) addon(c call) (document, error) {
	if d, ok := p.store.documents[c.at("clusters", c.PathValue("name"), "addons", c.PathValue("addon"))]; ok {
		return d, nil
	}
	return nil, notFound("No addon: %s found in cluster: %s", c.PathValue("addon"), c.PathValue("name"))
}

func (p *Proxy) createAddon(c call) (document, error) {
	cluster, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	clusterName, name := c.PathValue("name"), text(c.in, "addonName")
	at := c.at("clusters", clusterName, "addons", name)
	if _, ok := p.store.documents[at]; ok {
		return nil, inUse("Addon already exists.")
	}
	versions, ok := addonVersions(text(cluster, "version"))[name]
	if !ok {
		return nil, invalidParameter("Addon %s specified is not supported in %s kubernetes version", name, text(cluster, "version"))
	}
	d := pick(c.in, "addonName", "addonVersion", "serviceAccountRoleArn", "configurationValues", "tags")
	maps.Copy(d, document{
		"addonArn":    eksARN(c, "addon", clusterName, name, p.store.newUUID()),
		"clusterName": clusterName,
		"createdAt":   p.timestamp(),
		"modifiedAt":  p.timestamp(),
		"health":      document{"issues": []any{}},
		"status":      "ACTIVE",
	})
	setDefault(d, "addonVersion", versions[len(versions)-1])
	setDefault(d, "tags", document{})
	if err := validateAddon(d); err != nil {
		return nil, err
	}
	if err := p.setAddonPodIdentity(c, d); err != nil {
		return nil, err
	}
	p.store.documents[at] = d
	return document{"addon": d}, nil
}

// validateAddon refuses what EKS refuses. A version is held to its form, not to the short list of addonVersions: a
// deployment may pin any that EKS has.
func validateAddon(d document) error {
	if !addonVersion.MatchString(text(d, "addonVersion")) {
		return invalidParameter("Addon version specified is not supported")
	}
	if values := text(d, "configurationValues"); values != "" && !json.Valid([]byte(values)) {
		return invalidParameter("ConfigurationValue provided in request is not supported: it is not valid JSON")
	}
	return nil
}

// setAddonPodIdentity replaces the associations that the add-on owns with those of the request, if it names any.
func (p *Proxy) setAddonPodIdentity(c call, d document) error {
	wanted, ok := c.in["podIdentityAssociations"].([]any)
	if !ok {
		return nil
	}
	p.deleteOwnedPodIdentity(c, text(d, "addonArn"))
	arns := []any{}
	for _, w := range wanted {
		association, _ := w.(document)
		a, err := p.associate(c, document{
			"namespace": "kube-system", "serviceAccount": association["serviceAccount"],
			"roleArn": association["roleArn"], "ownerArn": d["addonArn"],
		})
		if err != nil {
			return err
		}
		arns = append(arns, a["associationArn"])
	}
	d["podIdentityAssociations"] = arns
	return nil
}

func (p *Proxy) listAddons(c call) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	names := []any{}
	for _, d := range p.store.children(c.at("clusters", c.PathValue("name"), "addons")) {
		names = append(names, d["addonName"])
	}
	return document{"addons": names}, nil
}

func (p *Proxy) describeAddon(c call) (document, error) {
	d, err := p.addon(c)
	return document{"addon": d}, err
}

func (p *Proxy) updateAddon(c call) (document, error) {
	d, err := p.addon(c)
	if err != nil {
		return nil, err
	}
	changed := maps.Clone(d)
	maps.Copy(changed, pick(c.in, "addonVersion", "serviceAccountRoleArn", "configurationValues"))
	if err := validateAddon(changed); err != nil {
		return nil, err
	}
	maps.Copy(d, changed)
	if err := p.setAddonPodIdentity(c, d); err != nil {
		return nil, err
	}
	d["modifiedAt"] = p.timestamp()
	return p.recordUpdate(c, "AddonUpdate"), nil
}

func (p *Proxy) deleteAddon(c call) (document, error) {
	d, err := p.addon(c)
	if err != nil {
		return nil, err
	}
	p.deleteOwnedPodIdentity(c, text(d, "addonArn"))
	p.store.removeTree(c.at("clusters", c.PathValue("name"), "addons", c.PathValue("addon")))
	d["status"] = "DELETING"
	return document{"addon": d}, nil
}

func (p *Proxy) describeAddonVersions(c call) (document, error) {
	wanted, kubernetes := c.URL.Query().Get("addonName"), c.URL.Query().Get("kubernetesVersion")
	offered := clusterVersions()
	if kubernetes != "" {
		offered = []string{kubernetes}
	}
	addons := []any{}
	for _, name := range slices.Sorted(maps.Keys(addonVersions(defaultClusterVersion))) {
		if wanted != "" && name != wanted {
			continue
		}
		addons = append(addons, document{
			"addonName": name, "publisher": "eks", "owner": "aws", "type": addonType(name),
			"addonVersions": addonVersionInfo(name, offered),
		})
	}
	if wanted != "" && len(addons) == 0 {
		return nil, invalidParameter("Addon %s specified is not supported", wanted)
	}
	return document{"addons": addons}, nil
}

// addonVersionInfo lists the versions of an add-on, each with the Kubernetes versions that it is for.
func addonVersionInfo(name string, kubernetes []string) []any {
	var order []string
	compatibilities := map[string][]any{}
	for _, k := range kubernetes {
		versions := addonVersions(k)[name]
		for i, v := range versions {
			if _, seen := compatibilities[v]; !seen {
				order = append(order, v)
			}
			compatibilities[v] = append(compatibilities[v], document{
				"clusterVersion": k, "defaultVersion": i == len(versions)-1, "platformVersions": []any{"*"},
			})
		}
	}
	infos := []any{}
	for _, v := range order {
		infos = append(infos, document{
			"addonVersion": v, "architecture": []any{"amd64", "arm64"}, "computeTypes": []any{"ec2"},
			"compatibilities": compatibilities[v], "requiresConfiguration": false,
			"requiresIamPermissions": strings.HasPrefix(name, "aws-") || name == "vpc-cni" || name == "external-dns",
		})
	}
	return infos
}

func addonType(name string) string {
	switch {
	case name == "vpc-cni" || name == "coredns" || name == "kube-proxy":
		return "networking"
	case strings.HasSuffix(name, "-csi-driver") || name == "snapshot-controller":
		return "storage"
	case name == "eks-pod-identity-agent":
		return "security"
	default:
		return "observability"
	}
}

func (p *Proxy) describeAddonConfiguration(c call) (document, error) {
	name, version := c.URL.Query().Get("addonName"), c.URL.Query().Get("addonVersion")
	if _, ok := addonVersions(defaultClusterVersion)[name]; !ok {
		return nil, invalidParameter("Addon %s specified is not supported", name)
	}
	return document{
		"addonName": name, "addonVersion": version,
		"configurationSchema":      fmt.Sprintf(`{"$schema":"http://json-schema.org/draft-06/schema#","title":%q,"type":"object"}`, name),
		"podIdentityConfiguration": []any{},
	}, nil
}
