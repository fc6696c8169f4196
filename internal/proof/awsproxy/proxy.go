// Package awsproxy stands in front of moto_server (a public emulator of AWS) and answers what moto does not know, so
// that the real AWS provider can carry the modules of this project through a whole life: create, plan again, destroy.
// It belongs to the proof, not to the program: only tests and its own command import it, and it imports nothing of
// coderaws.
//
// Everything that it answers is named beside its code with what moto 5.2 lacks there. What it keeps, it keeps in memory
// for as long as the Proxy lives, as moto does.
package awsproxy

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// accountID is the account that moto puts every caller without an assumed role into.
const accountID = "123456789012"

// credentialScope finds region and service in a Signature Version 4 header:
// Credential=<key>/<date>/<region>/<service>/aws4_request.
var credentialScope = regexp.MustCompile(`Credential=([^/]*)/[0-9]*/([^/]*)/([^/]*)/aws4_request`)

// Options are what a Proxy needs from outside.
type Options struct {
	// Backend is the address of a moto_server, for example http://127.0.0.1:5000.
	Backend *url.URL
	// Now gives the times that answers carry; nil means time.Now.
	Now func() time.Time
}

// Proxy is an http.Handler that speaks the AWS APIs: the services that moto lacks from its own store, all others
// by passing requests on to moto.
type Proxy struct {
	backend  *url.URL
	forward  *httputil.ReverseProxy
	moto     http.RoundTripper
	now      func() time.Time
	services map[string]http.Handler
	mends    map[string]repair

	// mu is held during one request that the proxy answers itself: these APIs read, decide and write, and Terraform
	// calls them ten at a time.
	mu    sync.Mutex
	store store
}

// New gives a Proxy in front of o.Backend. It does not contact the backend.
func New(o Options) *Proxy {
	p := &Proxy{
		backend: o.Backend,
		forward: httputil.NewSingleHostReverseProxy(o.Backend),
		moto:    &serial{next: http.DefaultTransport},
		now:     o.Now,
		store:   newStore(),
	}
	p.forward.Transport, p.forward.ModifyResponse = p.moto, failFast
	if p.now == nil {
		p.now = time.Now
	}
	p.services = map[string]http.Handler{
		"acm":             p.acm(),
		"eks":             p.eks(),
		"backup":          p.backup(),
		"budgets":         p.budgets(),
		"states":          p.states(),
		"s3":              p.s3(),
		"cloudtrail":      p.cloudtrail(),
		"guardduty":       p.guardduty(),
		"route53resolver": p.queryLogs(),
		"securityhub":     p.securityHub(),
	}
	p.mends = p.repairs()
	return p
}

// ServeHTTP answers one AWS API call.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r)
	if service, ok := p.services[c.service]; ok {
		service.ServeHTTP(w, r)
		return
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		p.serveQuery(w, r, c)
		return
	}
	p.forward.ServeHTTP(w, r)
}

// caller is what the signature of a request says about it.
type caller struct {
	accessKey, region, service string
}

// callerOf reads the signature's scope. An unsigned request has no service, and goes to moto.
func callerOf(r *http.Request) caller {
	m := credentialScope.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		return caller{}
	}
	return caller{accessKey: m[1], region: cmp.Or(m[2], "us-east-1"), service: m[3]}
}

// signature is a header with the caller's scope for another service. moto reads the scope and does not verify the rest.
func (c caller) signature(service string) string {
	return fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0",
		c.accessKey, c.region, service)
}

// relay sends r to moto and gives moto's answer back without writing it, for calls that are moto's but whose
// consequences the proxy has to remember.
func (p *Proxy) relay(r *http.Request, body []byte) (*http.Response, []byte, error) {
	out := r.Clone(r.Context())
	out.URL = p.backend.ResolveReference(&url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery})
	out.RequestURI = ""
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.ContentLength = int64(len(body))
	resp, err := p.moto.RoundTrip(out)
	if err != nil {
		return nil, nil, fmt.Errorf("pass %s %s on to moto: %w", r.Method, r.URL.Path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("read moto's answer to %s %s: %w", r.Method, r.URL.Path, err)
	}
	return resp, answer, failFast(resp)
}

// failFast makes moto's crashes final. moto answers 500 where it lacks a call, and the SDK repeats a 500 for minutes;
// it repeats no 501.
func failFast(resp *http.Response) error {
	if resp.StatusCode == http.StatusInternalServerError {
		resp.StatusCode, resp.Status = http.StatusNotImplemented, http.StatusText(http.StatusNotImplemented)
	}
	return nil
}

// copyAnswer writes what relay brought back.
func copyAnswer(w http.ResponseWriter, resp *http.Response, body []byte) {
	for name, values := range resp.Header {
		if name != "Content-Length" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(resp.StatusCode)
	// A client that has gone away is its own affair: there is nobody left to tell.
	_, _ = w.Write(body)
}
