package awsproxy

import (
	"net/http"
	"strings"
)

// cloudtrail mends two things of moto 5.2: it starts, stops and deletes a trail by its name alone, where AWS and the provider take the
// ARN as well; and it does not tell of a trail that it has event selectors, without which the provider does not ask for them.
func (p *Proxy) cloudtrail() http.Handler {
	return p.targets(map[string]operation{
		"StartLogging":      p.trailByName,
		"StopLogging":       p.trailByName,
		"DeleteTrail":       p.deleteTrail,
		"PutEventSelectors": p.putEventSelectors,
		"DescribeTrails":    p.describeTrails,
	})
}

// trailByName passes a call on with the name of a trail for its ARN, the last part of which that is.
func (p *Proxy) trailByName(c call) (document, error) {
	name := text(c.in, "Name")
	c.in["Name"] = name[strings.LastIndex(name, "/")+1:]
	return p.pass(c)
}

func (p *Proxy) deleteTrail(c call) (document, error) {
	out, err := p.trailByName(c)
	if err == nil {
		delete(p.store.documents, c.at("cloudtrail", text(c.in, "Name")))
	}
	return out, err
}

func (p *Proxy) putEventSelectors(c call) (document, error) {
	out, err := p.pass(c)
	if err == nil {
		trail := text(out, "TrailARN")
		p.store.documents[c.at("cloudtrail", trail[strings.LastIndex(trail, "/")+1:])] = out
	}
	return out, err
}

func (p *Proxy) describeTrails(c call) (document, error) {
	out, err := p.pass(c)
	for _, one := range list(out, "trailList") {
		if trail, ok := one.(document); ok {
			trail["HasCustomEventSelectors"] = p.store.documents[key(text(trail, "HomeRegion"), "cloudtrail", text(trail, "Name"))] != nil
		}
	}
	return out, err
}
