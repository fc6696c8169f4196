package awsproxy

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// queryLogs answers all calls about logs of DNS queries: moto 5.2 makes such configurations and associations, but tells no tags of them
// and deletes none. The rest of Route 53 Resolver is moto's.
func (p *Proxy) queryLogs() http.Handler {
	return p.targets(map[string]operation{
		"CreateResolverQueryLogConfig":         p.createQueryLog,
		"GetResolverQueryLogConfig":            p.getQueryLog,
		"ListResolverQueryLogConfigs":          p.listQueryLogs,
		"DeleteResolverQueryLogConfig":         p.deleteQueryLog,
		"AssociateResolverQueryLogConfig":      p.associateQueryLog,
		"GetResolverQueryLogConfigAssociation": p.getQueryLogAssociation,
		"DisassociateResolverQueryLogConfig":   p.disassociateQueryLog,
		"ListTagsForResource":                  p.listResolverTags,
		"TagResource":                          p.tagResolver,
		"UntagResource":                        p.untagResolver,
	})
}

// tagsField is where a document of this file keeps its tags. The calls that describe it do not tell them.
const tagsField = "tags"

func withoutTags(d document) document {
	shown := document{}
	for field, value := range d {
		if field != tagsField {
			shown[field] = value
		}
	}
	return shown
}

func (p *Proxy) createQueryLog(c call) (document, error) {
	id := "rslvr-qlc-" + p.store.newHex(17)
	d := document{
		"Id": id, "Arn": fmt.Sprintf("arn:aws:route53resolver:%s:%s:resolver-query-log-config/%s", c.region, accountID, id),
		"Name": c.in["Name"], "DestinationArn": c.in["DestinationArn"], "CreatorRequestId": c.in["CreatorRequestId"],
		"OwnerId": accountID, "ShareStatus": "NOT_SHARED", "Status": "CREATED", "AssociationCount": 0,
		"CreationTime": p.now().UTC().Format(time.RFC3339), tagsField: list(c.in, "Tags"),
	}
	p.store.documents[c.at("querylogs", id)] = d
	return document{"ResolverQueryLogConfig": withoutTags(d)}, nil
}

// queryLog finds what a call names, of a kind: configurations and their associations.
func (p *Proxy) queryLog(c call, kind, id string) (document, error) {
	if d, ok := p.store.documents[c.at(kind, id)]; ok {
		return d, nil
	}
	return nil, &apiError{http.StatusBadRequest, "ResourceNotFoundException", fmt.Sprintf("[RSLVR-01601] There is no %q", id)}
}

func (p *Proxy) getQueryLog(c call) (document, error) {
	d, err := p.queryLog(c, "querylogs", text(c.in, "ResolverQueryLogConfigId"))
	if err != nil {
		return nil, err
	}
	return document{"ResolverQueryLogConfig": withoutTags(d)}, nil
}

func (p *Proxy) listQueryLogs(c call) (document, error) {
	all := []any{}
	for _, d := range p.store.children(c.at("querylogs")) {
		all = append(all, withoutTags(d))
	}
	return document{"ResolverQueryLogConfigs": all}, nil
}

// association gives that of a configuration and a VPC, or nil.
func (p *Proxy) association(c call, config, vpc string) document {
	for _, d := range p.store.children(c.at("querylog-associations")) {
		if d["ResolverQueryLogConfigId"] == config && (vpc == "" || d["ResourceId"] == vpc) {
			return d
		}
	}
	return nil
}

func (p *Proxy) deleteQueryLog(c call) (document, error) {
	id := text(c.in, "ResolverQueryLogConfigId")
	d, err := p.queryLog(c, "querylogs", id)
	if err != nil {
		return nil, err
	}
	if p.association(c, id, "") != nil {
		return nil, &apiError{http.StatusBadRequest, "InvalidRequestException", fmt.Sprintf("%q is associated with VPCs", id)}
	}
	delete(p.store.documents, c.at("querylogs", id))
	shown := withoutTags(d)
	shown["Status"] = "DELETING"
	return document{"ResolverQueryLogConfig": shown}, nil
}

func (p *Proxy) associateQueryLog(c call) (document, error) {
	config, vpc := text(c.in, "ResolverQueryLogConfigId"), text(c.in, "ResourceId")
	if _, err := p.queryLog(c, "querylogs", config); err != nil {
		return nil, err
	}
	if p.association(c, config, vpc) != nil {
		return nil, &apiError{http.StatusBadRequest, "ResourceExistsException", fmt.Sprintf("%q has %q already", config, vpc)}
	}
	d := document{
		"Id": "rslvr-qlca-" + p.store.newHex(17), "ResolverQueryLogConfigId": config, "ResourceId": vpc,
		"Status": "ACTIVE", "Error": "NONE", "ErrorMessage": "", "CreationTime": p.now().UTC().Format(time.RFC3339),
	}
	p.store.documents[c.at("querylog-associations", text(d, "Id"))] = d
	return document{"ResolverQueryLogConfigAssociation": d}, nil
}

func (p *Proxy) getQueryLogAssociation(c call) (document, error) {
	d, err := p.queryLog(c, "querylog-associations", text(c.in, "ResolverQueryLogConfigAssociationId"))
	if err != nil {
		return nil, err
	}
	return document{"ResolverQueryLogConfigAssociation": d}, nil
}

func (p *Proxy) disassociateQueryLog(c call) (document, error) {
	d := p.association(c, text(c.in, "ResolverQueryLogConfigId"), text(c.in, "ResourceId"))
	if d == nil {
		return nil, &apiError{http.StatusBadRequest, "ResourceNotFoundException", "There is no such association"}
	}
	delete(p.store.documents, c.at("querylog-associations", text(d, "Id")))
	return document{"ResolverQueryLogConfigAssociation": d}, nil
}

// tagged finds a configuration by its ARN; nil says that the ARN is of something else, which is moto's.
func (p *Proxy) tagged(c call) document {
	for _, d := range p.store.children(c.at("querylogs")) {
		if d["Arn"] == c.in["ResourceArn"] {
			return d
		}
	}
	return nil
}

func (p *Proxy) listResolverTags(c call) (document, error) {
	d := p.tagged(c)
	if d == nil {
		return p.pass(c)
	}
	return document{"Tags": list(d, tagsField)}, nil
}

func (p *Proxy) tagResolver(c call) (document, error) {
	d := p.tagged(c)
	if d == nil {
		return p.pass(c)
	}
	for _, tag := range list(c.in, "Tags") {
		new, _ := tag.(document)
		d[tagsField] = append(untagged(d, []string{text(new, "Key")}), tag)
	}
	return document{}, nil
}

func (p *Proxy) untagResolver(c call) (document, error) {
	d := p.tagged(c)
	if d == nil {
		return p.pass(c)
	}
	d[tagsField] = untagged(d, texts(list(c.in, "TagKeys")))
	return document{}, nil
}

// untagged gives the tags of d without those of keys.
func untagged(d document, keys []string) []any {
	return slices.DeleteFunc(slices.Clone(list(d, tagsField)), func(tag any) bool {
		old, _ := tag.(document)
		return slices.Contains(keys, text(old, "Key"))
	})
}
