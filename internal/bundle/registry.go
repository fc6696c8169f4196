package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Registries say how registries are reached. The zero value asks the network, with the credentials that docker has for each
// (~/.docker/config.json and its helpers). No credential is written anywhere.
type Registries struct {
	// Transport carries requests; nil for one with time-outs.
	Transport http.RoundTripper
	// Keychain has the credentials; nil for those of docker.
	Keychain authn.Keychain
}

const (
	connectTimeout = 10 * time.Second
	// answerTimeout is for the head of an answer: a layer may take as long as it takes.
	answerTimeout = time.Minute
)

// backoff is how often and after what time a request is made again that a registry did not answer.
var backoff = remote.Backoff{Duration: 200 * time.Millisecond, Factor: 3, Steps: 3}

func (r Registries) options(ctx context.Context) []remote.Option {
	carry := r.Transport
	if carry == nil {
		carry = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: connectTimeout}).DialContext,
			TLSHandshakeTimeout: connectTimeout, ResponseHeaderTimeout: answerTimeout, ForceAttemptHTTP2: true,
		}
	}
	keys := r.Keychain
	if keys == nil {
		keys = authn.DefaultKeychain
	}
	return []remote.Option{
		remote.WithContext(ctx), remote.WithTransport(encrypted{carry}), remote.WithAuthFromKeychain(keys),
		remote.WithRetryBackoff(backoff), remote.WithUserAgent("coderaws"),
	}
}

// encrypted refuses registries that anybody on the way could answer: an image is a program that runs in the cluster. The library would
// speak http to private addresses.
type encrypted struct{ next http.RoundTripper }

func (e encrypted) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" && !loopback(request.URL.Hostname()) {
		return nil, fmt.Errorf("%s is not encrypted, so that anybody on the way could send another image", request.URL.Host)
	}
	return e.next.RoundTrip(request)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// otherManifest are the words of the library for a manifest that is not the one which was asked for by its digest. It has no type for it.
const otherManifest = "does not match requested digest"

// failed says what a registry's answer means for an image.
func failed(ctx context.Context, reference string, registry name.Registry, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d := diagnostic.Errorf("%s cannot be fetched", reference)
	d.Code, d.Why = "bundle.registry", err.Error()
	d.Todo = "let this machine reach " + registry.RegistryStr() + ", and run it again: what was fetched is kept"
	var differs *digestError
	var broken *brokenError
	var answer *transport.Error
	var file *fs.PathError
	switch {
	case errors.As(err, &differs), strings.Contains(err.Error(), otherManifest):
		d.Summary = fmt.Sprintf("the registry %s sent something else than %s", registry.RegistryStr(), reference)
		d.Code = "bundle.digest"
		d.Todo = "do not use it; ask who runs the registry or a proxy on the way, and run it again"
	case errors.As(err, &broken):
		d.Summary = fmt.Sprintf("the registry %s broke off in the midst of %s", registry.RegistryStr(), reference)
		d.Code, d.Todo = "bundle.broken_off", "run it again: what was fetched is kept"
	case errors.As(err, &file):
		return err
	case errors.As(err, &answer):
		switch answer.StatusCode {
		case http.StatusUnauthorized, http.StatusForbidden:
			d.Summary = fmt.Sprintf("the registry %s wants a sign-in for %s", registry.RegistryStr(), reference)
			d.Code, d.Todo = "bundle.sign_in", "sign in with `docker login "+registry.RegistryStr()+"`, if the image is there at all"
		case http.StatusNotFound:
			d.Summary = fmt.Sprintf("there is no image %s", reference)
			d.Code, d.Todo = "bundle.no_image", "compare the version with those that are published"
		}
	}
	return d
}
