package awsproxy

import (
	"maps"
	"net/http"
	"strings"
)

// handleAccess: moto lacks access entries and access policies altogether. The entry that EKS makes for the creator of a
// cluster (bootstrapClusterCreatorAdminPermissions) is not made: nothing in moto has an identity that could use it.
func (p *Proxy) handleAccess(mux *http.ServeMux) {
	p.handle(mux, "POST /clusters/{name}/access-entries", p.createAccessEntry)
	p.handle(mux, "GET /clusters/{name}/access-entries", p.listAccessEntries)
	p.handle(mux, "GET /clusters/{name}/access-entries/{principal}", p.describeAccessEntry)
	p.handle(mux, "POST /clusters/{name}/access-entries/{principal}", p.updateAccessEntry)
	p.handle(mux, "DELETE /clusters/{name}/access-entries/{principal}", p.deleteAccessEntry)
	p.handle(mux, "POST /clusters/{name}/access-entries/{principal}/access-policies", p.associateAccessPolicy)
	p.handle(mux, "GET /clusters/{name}/access-entries/{principal}/access-policies", p.listAssociatedAccessPolicies)
	p.handle(mux, "DELETE /clusters/{name}/access-entries/{principal}/access-policies/{policy}", p.disassociateAccessPolicy)
}

func entryKey(c call, principal string) string {
	return c.at("clusters", c.PathValue("name"), "access-entries", principal)
}

func (p *Proxy) accessEntry(c call) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	if d, ok := p.store.documents[entryKey(c, c.PathValue("principal"))]; ok {
		return d, nil
	}
	return nil, notFound("The specified principalArn could not be found. You can view your available access entries " +
		"with 'list-access-entries'.")
}

func (p *Proxy) createAccessEntry(c call) (document, error) {
	cluster, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	if text(object(cluster, "accessConfig"), "authenticationMode") == "CONFIG_MAP" {
		return nil, invalidRequest("The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
	}
	principal := text(c.in, "principalArn")
	if _, ok := p.store.documents[entryKey(c, principal)]; ok {
		return nil, inUse("The specified access entry resource is already in use on this cluster.")
	}
	fields := strings.SplitN(principal, ":", 6)
	if len(fields) != 6 || fields[2] != "iam" {
		return nil, invalidParameter("The specified principalArn is invalid: invalid principal.")
	}
	kind, name, _ := strings.Cut(fields[5], "/")
	name = name[strings.LastIndex(name, "/")+1:]
	d := pick(c.in, "principalArn", "kubernetesGroups", "tags", "type", "username")
	maps.Copy(d, document{
		"accessEntryArn": eksARN(c, "access-entry", c.PathValue("name"), kind, fields[4], name, p.store.newUUID()),
		"clusterName":    c.PathValue("name"),
		"createdAt":      p.timestamp(),
		"modifiedAt":     p.timestamp(),
	})
	setDefault(d, "kubernetesGroups", []any{})
	setDefault(d, "tags", document{})
	setDefault(d, "type", "STANDARD")
	setDefault(d, "username", defaultUserName(text(d, "type"), principal, kind, fields[4], name))
	p.store.documents[entryKey(c, principal)] = d
	return document{"accessEntry": d}, nil
}

// defaultUserName is the Kubernetes user that EKS gives a principal whose entry names none.
func defaultUserName(entryType, principal, kind, account, name string) string {
	switch {
	case entryType != "STANDARD":
		return "system:node:{{EC2PrivateDNSName}}"
	case kind == "role":
		return "arn:aws:sts::" + account + ":assumed-role/" + name + "/{{SessionName}}"
	default:
		return principal
	}
}

// admitNodes makes the entry that EKS makes for the role of a managed node group, once per role.
func (p *Proxy) admitNodes(c call, role string) {
	if _, ok := p.store.documents[entryKey(c, role)]; ok {
		return
	}
	c.in = document{"principalArn": role, "type": "EC2_LINUX", "kubernetesGroups": []any{"system:nodes"}}
	// With the authentication mode CONFIG_MAP there are no entries, and a role that is no ARN has been refused before.
	_, _ = p.createAccessEntry(c)
}

func (p *Proxy) listAccessEntries(c call) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	principals := []any{}
	for _, d := range p.store.children(c.at("clusters", c.PathValue("name"), "access-entries")) {
		principals = append(principals, d["principalArn"])
	}
	return document{"accessEntries": principals}, nil
}

func (p *Proxy) describeAccessEntry(c call) (document, error) {
	d, err := p.accessEntry(c)
	return document{"accessEntry": d}, err
}

func (p *Proxy) updateAccessEntry(c call) (document, error) {
	d, err := p.accessEntry(c)
	if err != nil {
		return nil, err
	}
	maps.Copy(d, pick(c.in, "kubernetesGroups", "username"))
	d["modifiedAt"] = p.timestamp()
	return document{"accessEntry": d}, nil
}

func (p *Proxy) deleteAccessEntry(c call) (document, error) {
	if _, err := p.accessEntry(c); err != nil {
		return nil, err
	}
	p.store.removeTree(entryKey(c, c.PathValue("principal")))
	return document{}, nil
}

func policyKey(c call, policy string) string {
	return c.at("clusters", c.PathValue("name"), "access-entries", c.PathValue("principal"), "access-policies", policy)
}

func (p *Proxy) associateAccessPolicy(c call) (document, error) {
	if _, err := p.accessEntry(c); err != nil {
		return nil, err
	}
	policy := text(c.in, "policyArn")
	if !strings.HasPrefix(policy, "arn:aws:eks::aws:cluster-access-policy/") {
		return nil, invalidParameter("The policyArn parameter format is not valid")
	}
	d := document{
		"policyArn": policy, "accessScope": c.in["accessScope"],
		"associatedAt": p.timestamp(), "modifiedAt": p.timestamp(),
	}
	p.store.documents[policyKey(c, policy)] = d
	return document{
		"clusterName": c.PathValue("name"), "principalArn": c.PathValue("principal"), "associatedAccessPolicy": d,
	}, nil
}

func (p *Proxy) listAssociatedAccessPolicies(c call) (document, error) {
	if _, err := p.accessEntry(c); err != nil {
		return nil, err
	}
	policies := []any{}
	for _, d := range p.store.children(entryKey(c, c.PathValue("principal")) + "/access-policies") {
		policies = append(policies, d)
	}
	return document{
		"clusterName": c.PathValue("name"), "principalArn": c.PathValue("principal"), "associatedAccessPolicies": policies,
	}, nil
}

func (p *Proxy) disassociateAccessPolicy(c call) (document, error) {
	at := policyKey(c, c.PathValue("policy"))
	if _, ok := p.store.documents[at]; !ok {
		return nil, notFound("The specified policyArn could not be found.")
	}
	p.store.removeTree(at)
	return document{}, nil
}
