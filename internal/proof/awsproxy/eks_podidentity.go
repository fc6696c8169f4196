package awsproxy

import (
	"maps"
	"net/http"
)

// handlePodIdentity: moto lacks pod identity associations altogether.
func (p *Proxy) handlePodIdentity(mux *http.ServeMux) {
	p.handle(mux, "POST /clusters/{name}/pod-identity-associations", p.createPodIdentity)
	p.handle(mux, "GET /clusters/{name}/pod-identity-associations", p.listPodIdentity)
	p.handle(mux, "GET /clusters/{name}/pod-identity-associations/{id}", p.describePodIdentity)
	p.handle(mux, "POST /clusters/{name}/pod-identity-associations/{id}", p.updatePodIdentity)
	p.handle(mux, "DELETE /clusters/{name}/pod-identity-associations/{id}", p.deletePodIdentity)
}

func (p *Proxy) podIdentity(c call) (document, error) {
	if d, ok := p.store.documents[c.at("clusters", c.PathValue("name"), "pod-identity-associations", c.PathValue("id"))]; ok {
		return d, nil
	}
	return nil, notFound("No association found for association ID: %s", c.PathValue("id"))
}

// associate stores an association with the fields given. A service account has one association at most.
func (p *Proxy) associate(c call, fields document) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	for _, other := range p.store.children(c.at("clusters", c.PathValue("name"), "pod-identity-associations")) {
		if other["namespace"] == fields["namespace"] && other["serviceAccount"] == fields["serviceAccount"] {
			return nil, inUse("Association already exists: %s", text(other, "associationId"))
		}
	}
	id := "a-" + p.store.newHex(17)
	d := pick(fields, "namespace", "serviceAccount", "roleArn", "targetRoleArn", "disableSessionTags", "ownerArn", "tags")
	maps.Copy(d, document{
		"associationArn": eksARN(c, "podidentityassociation", c.PathValue("name"), id),
		"associationId":  id,
		"clusterName":    c.PathValue("name"),
		"createdAt":      p.timestamp(),
		"modifiedAt":     p.timestamp(),
	})
	setDefault(d, "tags", document{})
	setDefault(d, "disableSessionTags", false)
	p.store.documents[c.at("clusters", c.PathValue("name"), "pod-identity-associations", id)] = d
	return d, nil
}

func (p *Proxy) createPodIdentity(c call) (document, error) {
	delete(c.in, "ownerArn")
	d, err := p.associate(c, c.in)
	return document{"association": d}, err
}

func (p *Proxy) listPodIdentity(c call) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	associations := []any{}
	asked := c.URL.Query()
	for _, d := range p.store.children(c.at("clusters", c.PathValue("name"), "pod-identity-associations")) {
		if asked.Has("namespace") && asked.Get("namespace") != text(d, "namespace") ||
			asked.Has("serviceAccount") && asked.Get("serviceAccount") != text(d, "serviceAccount") {
			continue
		}
		associations = append(associations,
			pick(d, "clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn"))
	}
	return document{"associations": associations}, nil
}

func (p *Proxy) describePodIdentity(c call) (document, error) {
	d, err := p.podIdentity(c)
	return document{"association": d}, err
}

func (p *Proxy) updatePodIdentity(c call) (document, error) {
	d, err := p.podIdentity(c)
	if err != nil {
		return nil, err
	}
	maps.Copy(d, pick(c.in, "roleArn", "targetRoleArn", "disableSessionTags"))
	d["modifiedAt"] = p.timestamp()
	return document{"association": d}, nil
}

func (p *Proxy) deletePodIdentity(c call) (document, error) {
	d, err := p.podIdentity(c)
	if err != nil {
		return nil, err
	}
	if owner := text(d, "ownerArn"); owner != "" {
		return nil, invalidRequest("The association is owned by %s; delete it with its owner", owner)
	}
	p.store.removeTree(c.at("clusters", c.PathValue("name"), "pod-identity-associations", c.PathValue("id")))
	return document{"association": d}, nil
}

// deleteOwnedPodIdentity removes the associations that an add-on owns.
func (p *Proxy) deleteOwnedPodIdentity(c call, owner string) {
	for _, d := range p.store.children(c.at("clusters", c.PathValue("name"), "pod-identity-associations")) {
		if d["ownerArn"] == owner {
			p.store.removeTree(c.at("clusters", c.PathValue("name"), "pod-identity-associations", text(d, "associationId")))
		}
	}
}
