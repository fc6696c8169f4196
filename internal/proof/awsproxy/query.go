package awsproxy

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// query calls an operation of one of moto's query-protocol services (ec2, autoscaling) on the caller's behalf, as EKS
// does for its clusters and node groups, and decodes the XML answer into out (nil: nothing is wanted from it).
func (p *Proxy) query(c call, service, version, action string, params url.Values, out any) error {
	form := url.Values{"Action": {action}, "Version": {version}}
	for k, v := range params {
		form[k] = v
	}
	req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, p.backend.String()+"/", strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("%s %s: %w", service, action, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	req.Header.Set("Authorization", c.signature(service))
	// moto chooses the service of a query request by the host name.
	req.Host = service + "." + c.region + ".amazonaws.com"
	resp, err := p.moto.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", service, action, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", service, action, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: moto answered %s: %s", service, action, resp.Status, body)
	}
	if out == nil {
		return nil
	}
	if err := xml.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: decode moto's answer: %w", service, action, err)
	}
	return nil
}

func (p *Proxy) ec2(c call, action string, params url.Values, out any) error {
	return p.query(c, "ec2", "2016-11-15", action, params, out)
}

func (p *Proxy) autoscaling(c call, action string, params url.Values) error {
	return p.query(c, "autoscaling", "2011-01-01", action, params, nil)
}

// numbered gives query parameters prefix1, prefix2, ... for values.
func numbered(prefix string, values []string) url.Values {
	params := url.Values{}
	for i, v := range values {
		params.Set(fmt.Sprintf("%s%d", prefix, i+1), v)
	}
	return params
}

// texts gives the strings of a decoded JSON list.
func texts(values []any) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
