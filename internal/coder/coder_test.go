package coder_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"
)

// domain is one that no DNS knows (RFC 6761).
const domain = "example.com"

// place is a coderd behind TLS and what a client needs to reach it.
type place struct {
	*codertest.Server
	options coder.Options
	// waited is the time that clients waited, all in all.
	waited time.Duration
	// cut is asked before each answer whether the connection breaks instead; nil for never.
	cut func() bool
}

// start serves a coderd whose certificate is for example.com, by a name that DNS does not know, so that clients use the fallback.
func start(t *testing.T, settings codertest.Settings) *place {
	t.Helper()
	p := &place{Server: codertest.New(settings)}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		p.Server.ServeHTTP(answer, r)
		if p.cut != nil && p.cut() {
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	p.options = coder.Options{
		URL: "https://" + domain, Fallback: "load-balancer.elb.example.net", Roots: roots, Agent: "coderaws/test", Resolver: nowhere{},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "load-balancer.elb.example.net:443" {
				t.Errorf("connected to %s", address)
			}
			var d net.Dialer
			return d.DialContext(ctx, network, server.Listener.Addr().String())
		},
		Wait: func(ctx context.Context, d time.Duration) error {
			p.waited += d
			return ctx.Err()
		},
	}
	return p
}

func (p *place) client(t *testing.T) *coder.Client {
	t.Helper()
	c, err := coder.New(p.options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// nowhere is a DNS that knows no name.
type nowhere struct{}

func (nowhere) LookupHost(_ context.Context, host string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// elsewhere is a DNS that knows all names.
type elsewhere struct{}

func (elsewhere) LookupHost(context.Context, string) ([]string, error) {
	return []string{"127.0.0.1"}, nil
}

// TestBeforeDNSKnowsTheDomain: the load balancer is reached by its own name, and proves to be the domain.
func TestBeforeDNSKnowsTheDomain(t *testing.T) {
	p := start(t, codertest.Settings{})
	c := p.client(t)
	info, err := c.BuildInfo(t.Context())
	if err != nil || info.Version != "v2.24.4+0000000" || info.DashboardURL != "https://example.com" {
		t.Errorf("%+v, %v", info, err)
	}
	if !c.Unresolved() {
		t.Error("it is not said that DNS does not know the name")
	}
	// With another name, the same server is not the right one.
	p.options.URL = "https://coder.elsewhere.test"
	var unreachable *coder.UnreachableError
	_, err = p.client(t).BuildInfo(t.Context())
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), "not coder.elsewhere.test") {
		t.Errorf("a server with another name's certificate: %v", err)
	}
	expect(t, coder.Explain("coderd cannot be asked", err), "coder.untrusted",
		"the domain must resolve to the load balancer of this deployment")
	if p.waited != 0 {
		t.Errorf("it waited %s for somebody who is not to be trusted", p.waited)
	}
}

// TestOnceDNSKnowsTheDomain: connections go where DNS says.
func TestOnceDNSKnowsTheDomain(t *testing.T) {
	p := start(t, codertest.Settings{})
	var dialled string
	inner := p.options.Dial
	p.options.Resolver = elsewhere{}
	p.options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = address
		return inner(ctx, network, "load-balancer.elb.example.net:443")
	}
	c := p.client(t)
	if err := c.Healthy(t.Context()); err != nil || dialled != "example.com:443" || c.Unresolved() {
		t.Errorf("connected to %q, unresolved %v, %v", dialled, c.Unresolved(), err)
	}
}

// TestPatience: what is starting is asked again, with longer and longer pauses, as long as there is patience.
func TestPatience(t *testing.T) {
	for _, test := range []struct {
		name     string
		starting int
		patience time.Duration
		waited   time.Duration
		answered bool
	}{
		{"ready at once", 0, 0, 0, true},
		{"no patience", 1, 0, 0, false},
		{"ready at the fourth attempt", 3, time.Minute, 7 * time.Second, true},
		{"pauses of at most a quarter of a minute", 7, 5 * time.Minute, (1 + 2 + 4 + 8 + 15 + 15 + 15) * time.Second, true},
		{"patience has an end", 100, time.Minute, (1 + 2 + 4 + 8 + 15 + 15 + 15) * time.Second, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, codertest.Settings{Starting: test.starting})
			p.options.Patience = test.patience
			err := p.client(t).Healthy(t.Context())
			if (err == nil) != test.answered || p.waited != test.waited {
				t.Errorf("waited %s, %v; want %s", p.waited, err, test.waited)
			}
			if err != nil {
				expect(t, coder.Explain("coderd cannot be asked", err), "coder.foreign", "see what answers there")
			}
		})
	}
}

// TestRefusedConnection: nobody listens yet, which is waited for; what then comes is a diagnostic that says where to look.
func TestRefusedConnection(t *testing.T) {
	p := start(t, codertest.Settings{})
	left := 2
	inner := p.options.Dial
	p.options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if left--; left >= 0 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}
		return inner(ctx, network, address)
	}
	err := p.client(t).Healthy(t.Context())
	expect(t, coder.Explain("coderd cannot be asked", err), "coder.unreachable", "what is not ready")
	p.options.Patience = time.Minute
	if err := p.client(t).Healthy(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestInterrupted: who stops waiting is not kept.
func TestInterrupted(t *testing.T) {
	p := start(t, codertest.Settings{Starting: 1000})
	p.options.Patience = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	p.options.Wait = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	if err := p.client(t).Healthy(ctx); !errors.Is(err, context.Canceled) || len(p.Calls()) != 1 {
		t.Errorf("%d attempts, %v", len(p.Calls()), err)
	}
}

func TestURL(t *testing.T) {
	for _, test := range []struct {
		url   string
		valid bool
	}{
		{"https://coder.example.com", true}, {"https://coder.example.com:8443/", true}, {"http://127.0.0.1:3000", true},
		{"http://localhost:3000", true},
		{"http://coder.example.com", false}, {"coder.example.com", false}, {"", false}, {"https://owner:secret@coder.example.com", false},
	} {
		_, err := coder.New(coder.Options{URL: test.url})
		if (err == nil) != test.valid {
			t.Errorf("%q: %v", test.url, err)
		}
		if err != nil {
			expect(t, err, "coder.url", "https://coder.example.com")
			if diagnostic.Exit(err) != diagnostic.ExitInvalid {
				t.Errorf("%q: exit status %d", test.url, diagnostic.Exit(err))
			}
		}
	}
}

// TestOtherAnswers: what is not coderd is said to be not coderd, and is not taken for a coderd without users.
func TestOtherAnswers(t *testing.T) {
	for _, test := range []struct {
		name string
		f    http.HandlerFunc
		code string
	}{
		{"a web server", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not here", http.StatusNotFound) }, "coder.foreign"},
		{"a portal that signs people in", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example.org", http.StatusFound)
		}, "coder.foreign"},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("<html>"), 10)) }, "coder.foreign"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.f)
			defer server.Close()
			c, err := coder.New(coder.Options{URL: server.URL, Token: "canary-token"})
			if err != nil {
				t.Fatal(err)
			}
			has, err := c.HasFirstUser(t.Context())
			if err == nil {
				_, err = c.BuildInfo(t.Context())
			}
			if has && test.name != "a page" {
				t.Error("it has users")
			}
			expect(t, coder.Explain("coderd cannot be asked", err), test.code, "the domain must resolve")
		})
	}
}

// expect demands a diagnostic.
func expect(t *testing.T, err error, code, todo string) {
	t.Helper()
	found := diagnostic.From(err)
	if len(found) != 1 || found[0].Code != code || !strings.Contains(found[0].Todo, todo) {
		t.Errorf("%v, want %s with %q to do", err, code, todo)
		for _, d := range found {
			t.Logf("%s: %q", d.Code, d.Todo)
		}
	}
}
