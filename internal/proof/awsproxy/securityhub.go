package awsproxy

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// securityHub answers what moto 5.2 lacks of Security Hub: its configuration, which moto tells and cannot change, and the standards that
// an account subscribes to. Whether the hub is on, moto knows.
func (p *Proxy) securityHub() http.Handler {
	mux := http.NewServeMux()
	p.handle(mux, "PATCH /accounts", p.updateHub)
	p.handle(mux, "GET /accounts", p.describeHub)
	p.handle(mux, "DELETE /accounts", p.disableHub)
	p.handle(mux, "POST /standards/register", p.enableStandards)
	p.handle(mux, "POST /standards/get", p.enabledStandards)
	p.handle(mux, "POST /standards/deregister", p.disableStandards)
	mux.Handle("/", p.forward)
	return mux
}

func (p *Proxy) updateHub(c call) (document, error) {
	at := c.at("securityhub")
	if p.store.documents[at] == nil {
		p.store.documents[at] = document{}
	}
	maps.Copy(p.store.documents[at], c.in)
	return document{}, nil
}

func (p *Proxy) describeHub(c call) (document, error) {
	out, err := p.pass(c)
	if err == nil {
		maps.Copy(out, p.store.documents[c.at("securityhub")])
	}
	return out, err
}

func (p *Proxy) disableHub(c call) (document, error) {
	out, err := p.pass(c)
	if err == nil {
		p.store.removeTree(c.at("securityhub"))
	}
	return out, err
}

// enableStandards makes a subscription of each standard, arn:aws:securityhub:REGION::standards/NAME/v/VERSION: its own ARN has the account
// and the same end (Security Hub API Reference, StandardsSubscription).
func (p *Proxy) enableStandards(c call) (document, error) {
	made := []any{}
	for _, one := range list(c.in, "StandardsSubscriptionRequests") {
		request, _ := one.(document)
		scope, standard, found := strings.Cut(text(request, "StandardsArn"), "::standards/")
		if !found {
			return nil, &apiError{http.StatusBadRequest, "InvalidInputException",
				fmt.Sprintf("Invalid parameter 'StandardsArn': %q", text(request, "StandardsArn"))}
		}
		subscription := fmt.Sprintf("%s:%s:subscription/%s", scope, accountID, standard)
		d := document{
			"StandardsArn": request["StandardsArn"], "StandardsSubscriptionArn": subscription,
			"StandardsInput": document{}, "StandardsStatus": "READY",
		}
		p.store.documents[c.at("securityhub", "standards", subscription)] = d
		made = append(made, d)
	}
	return document{"StandardsSubscriptions": made}, nil
}

// enabledStandards tells those that are asked for, or all.
func (p *Proxy) enabledStandards(c call) (document, error) {
	asked := texts(list(c.in, "StandardsSubscriptionArns"))
	found := []any{}
	if len(asked) == 0 {
		for _, d := range p.store.children(c.at("securityhub", "standards")) {
			found = append(found, d)
		}
	}
	for _, arn := range asked {
		if d, ok := p.store.documents[c.at("securityhub", "standards", arn)]; ok {
			found = append(found, d)
		}
	}
	return document{"StandardsSubscriptions": found}, nil
}

func (p *Proxy) disableStandards(c call) (document, error) {
	ended := []any{}
	for _, arn := range texts(list(c.in, "StandardsSubscriptionArns")) {
		at := c.at("securityhub", "standards", arn)
		if d, ok := p.store.documents[at]; ok {
			delete(p.store.documents, at)
			gone := maps.Clone(d)
			gone["StandardsStatus"] = "DELETING"
			ended = append(ended, gone)
		}
	}
	return document{"StandardsSubscriptions": ended}, nil
}
