package chart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// fetchTimeout bounds all that one Find asks of the network.
	fetchTimeout = 10 * time.Second
	// maxIndex is the most that an index.yaml may have, in bytes. Those of repositories with thousands of charts have some 20 MiB.
	maxIndex = 64 << 20
	// maxRedirects are followed, as Go does by default.
	maxRedirects = 10
)

// errTooLarge says that an answer was cut off.
var errTooLarge = errors.New("the answer is larger than is allowed")

// statusError is an answer that is none.
type statusError struct {
	address string
	code    int
}

func (e *statusError) Error() string {
	text := fmt.Sprintf("%s answered %d %s", e.address, e.code, http.StatusText(e.code))
	if e.code == http.StatusUnauthorized || e.code == http.StatusForbidden {
		text += ": it wants credentials, or refuses them"
	}
	return text
}

// source is the address that a reference leads to first: that of the repository, or of the chart itself.
func source(r Reference) (*url.URL, error) {
	text := r.Repository
	if text == "" {
		text = r.Chart
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if address.Scheme == "oci" {
		if r.Repository != "" {
			address = address.JoinPath(r.Chart)
		}
		address.Path = "/" + strings.Trim(address.Path, "/")
		if address.Host == "" || address.Path == "/" {
			return nil, fmt.Errorf("%s names no chart of a registry: write oci://registry/path/chart", text)
		}
		return address, nil
	}
	return address, secure(address)
}

// secure refuses addresses that anybody on the way could answer: a chart is a program that runs in the cluster.
func secure(address *url.URL) error {
	switch {
	case address.Host == "":
		return fmt.Errorf("%q is no address of a chart repository: write https://… or oci://…", address)
	case address.Scheme == "https", address.Scheme == "http" && loopback(address.Hostname()):
		return nil
	case address.Scheme == "http":
		return fmt.Errorf("%s is not encrypted, so that anybody on the way could send another chart: write https://…", address)
	default:
		return fmt.Errorf("%s: charts are fetched from https:// and oci:// addresses", address)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// client is the caller's, or one with time-outs, that follows redirects to secure addresses alone.
func (f *Finder) client() *http.Client {
	client := &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: fetchTimeout / 2}).DialContext,
		TLSHandshakeTimeout:   fetchTimeout / 2,
		ResponseHeaderTimeout: fetchTimeout,
		ForceAttemptHTTP2:     true,
		DisableKeepAlives:     true, // few requests each, and nothing that would have to be closed
	}}
	if f.Client != nil {
		copied := *f.Client
		client = &copied
	}
	client.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if len(before) >= maxRedirects {
			return fmt.Errorf("more than %d redirects", maxRedirects)
		}
		return secure(next.URL)
	}
	return client
}

// get fetches an address, of which limit bytes at most, unless its host has failed before. A *statusError is an answer; any other
// error is none, and keeps the host from being asked again.
func (f *Finder) get(ctx context.Context, address *url.URL, limit int64) ([]byte, error) {
	if err := f.dead[address.Host]; err != nil {
		return nil, err
	}
	if err := secure(address); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "coderaws")
	response, err := f.client().Do(request)
	if err != nil {
		return nil, f.failed(ctx, address.Host, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		err := &statusError{address.Redacted(), response.StatusCode}
		if response.StatusCode >= http.StatusInternalServerError {
			return nil, f.failed(ctx, address.Host, err)
		}
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, f.failed(ctx, address.Host, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w: %d MiB", address.Redacted(), errTooLarge, limit>>20)
	}
	return data, nil
}

// failed remembers that a host cannot be reached, and returns why. What the caller has cancelled says nothing of the host.
func (f *Finder) failed(ctx context.Context, host string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	var unknown *net.DNSError
	if errors.As(err, &unknown) && unknown.IsNotFound {
		// Without the name server that was asked, which is nobody's concern.
		err = fmt.Errorf("there is no host %s in DNS, as far as this machine sees", unknown.Name)
	}
	if f.dead == nil {
		f.dead = map[string]error{}
	}
	f.dead[host] = err
	return err
}

// permanent reports whether an error of get is an answer that will not change: what was asked for is not there, or may not be asked for.
func permanent(err error) bool {
	var status *statusError
	return errors.As(err, &status) && (status.code == http.StatusNotFound || status.code == http.StatusGone)
}
