// Package coder talks to coderd, Coder's server, by its HTTP API, and takes the first steps in a new one: its owner,
// its licence, the key of its provisioners, its templates. What belongs here is what needs a running coderd and nothing
// of Terraform. What does not: installing Coder (the stacks do), asking the user, and printing (the command line does).
// Of this module it imports diagnostic alone.
//
// The paths, bodies and answers are those of coderd 2.24 to 2.27 (its package coderd and enterprise/coderd). Only the
// few fields that are used are declared, so that another version's additions harm nothing.
package coder

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"coderaws/internal/diagnostic"
)

// Options say where a coderd is and how it is asked.
type Options struct {
	// URL is the access URL, such as https://coder.example.com. Plain http is accepted for the loopback interface alone.
	URL string
	// Fallback is the host name of the load balancer. Connections go there while the host name of URL is not known to DNS; the name that the
	// certificate must have stays that of URL. Empty for none.
	Fallback string
	// Token is a session token; empty for none. SignIn sets it too.
	Token string
	// Agent is the User-Agent of requests.
	Agent string
	// Roots are the authorities that certificates are verified against; nil for the system's.
	Roots *x509.CertPool
	// Patience bounds the waiting between the attempts of one request that finds coderd starting; 0 waits for nothing.
	Patience time.Duration
	// Wait waits between attempts, and returns an error when ctx ends; nil waits in real time.
	Wait func(ctx context.Context, d time.Duration) error
	// Resolver finds addresses; nil for the system's.
	Resolver Resolver
	// Dial connects to an address host:port; nil for a TCP connection.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Resolver asks DNS; *net.Resolver is one.
type Resolver interface {
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// Client is a connection to one coderd. Its methods may be called from several goroutines.
type Client struct {
	options Options
	base    *url.URL
	http    *http.Client

	mu    sync.Mutex
	token string
	// hidden are the secrets that went through this client: no error shows them, even if coderd repeats one.
	hidden []string
	// unresolved says that the name of base was not known to DNS.
	unresolved bool
}

// answerTimeout bounds one attempt of a request. The slowest is the first sign-in: coderd hashes the password for a while.
const answerTimeout = 30 * time.Second

// New prepares to talk to a coderd; it asks nothing. Its errors are diagnostics.
func New(o Options) (*Client, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.User != nil || base.Scheme != "https" && (base.Scheme != "http" || !loopback(base.Hostname())) {
		d := diagnostic.Errorf("%q is not the URL of a Coder", o.URL)
		d.Code, d.Why = "coder.url", "passwords go there, so it must be https, and its host must be named"
		d.Todo = "write it as https://coder.example.com"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	c := &Client{options: o, base: base, token: o.Token}
	c.hide(o.Token)
	c.http = &http.Client{
		Timeout: answerTimeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: c.dial, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConns: 4,
			IdleConnTimeout:   time.Minute,
			ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
		},
		// A redirect would carry a token to where nobody looked; coderd's API has none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// URL is the access URL.
func (c *Client) URL() string { return c.base.String() }

// Unresolved reports whether the host name was not known to DNS, so that connections went to the fallback.
func (c *Client) Unresolved() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unresolved
}

// Close gives connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// dial connects to the host of base where DNS knows it, else to the fallback. TLS is spoken with the name of base in either case.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || c.options.Fallback == "" || host != c.base.Hostname() {
		return c.options.Dial(ctx, network, address)
	}
	var unknown *net.DNSError
	_, err = c.options.Resolver.LookupHost(ctx, host)
	missing := errors.As(err, &unknown) && unknown.IsNotFound
	c.mu.Lock()
	c.unresolved = missing
	c.mu.Unlock()
	if missing {
		address = net.JoinHostPort(c.options.Fallback, port)
	}
	return c.options.Dial(ctx, network, address)
}

// hide keeps a secret out of all errors of this client.
func (c *Client) hide(secret string) {
	if secret == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hidden = append(c.hidden, secret)
}

// redact takes the secrets out of a text.
func (c *Client) redact(text string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, secret := range c.hidden {
		text = strings.ReplaceAll(text, secret, "[redacted]")
	}
	return text
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// wait waits in real time.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("stopped waiting for coderd: %w", ctx.Err())
	case <-timer.C:
		return nil
	}
}
