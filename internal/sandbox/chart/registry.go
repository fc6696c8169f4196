package chart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/registry"
)

// fromRegistry fetches a chart from an OCI registry, with the credentials that helm and docker have for it.
func (f *Finder) fromRegistry(ctx context.Context, r Reference, address *url.URL) (*Chart, error) {
	if err := f.dead[address.Host]; err != nil {
		return nil, &UnavailableError{Reference: r, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	client := f.client()
	watched := &watch{ctx: ctx, next: client.Transport}
	client.Transport = watched
	options := []registry.ClientOption{registry.ClientOptHTTPClient(client), registry.ClientOptWriter(io.Discard),
		registry.ClientOptEnableCache(true)}
	if loopback(address.Hostname()) {
		options = append(options, registry.ClientOptPlainHTTP())
	}
	helm, err := registry.NewClient(options...)
	if err != nil {
		return nil, &UnavailableError{Reference: r, Err: err}
	}
	repository := address.Host + address.Path
	tag, err := f.tag(r, helm, repository)
	if err == nil && tag == "" {
		return nil, f.noTag(r, helm, repository)
	}
	var pulled *registry.PullResult
	if err == nil {
		// A version's build metadata, after a plus, is written with an underscore in a tag; Helm's client does that itself.
		pulled, err = helm.Pull(repository + ":" + tag)
	}
	if err != nil {
		return nil, f.registryError(ctx, r, helm, repository, watched, err)
	}
	where := "oci://" + repository
	c, err := unpack(pulled.Chart.Data, where+":"+tag)
	if err == nil {
		err = c.is(repository[strings.LastIndex(repository, "/")+1:], tag)
	}
	if err != nil {
		return nil, &InvalidError{Reference: r, Where: where, Err: err}
	}
	f.keep(r, c, pulled.Chart.Data)
	return c, nil
}

// tag is the version to pull: the reference's own if it is exact, else the newest that it allows; "" if there is none.
func (f *Finder) tag(r Reference, helm *registry.Client, repository string) (string, error) {
	if _, ok := r.exact(); ok {
		return r.Version, nil
	}
	tags, err := helm.Tags(repository)
	if err != nil {
		return "", err
	}
	tag, err := registry.GetTagMatchingVersionOrConstraint(tags, r.Version)
	if err != nil {
		return "", nil
	}
	return tag, nil
}

// noTag says which versions there are instead.
func (f *Finder) noTag(r Reference, helm *registry.Client, repository string) error {
	tags, err := helm.Tags(repository)
	if err != nil {
		tags = nil
	}
	var all []entry
	for _, tag := range tags {
		if v, err := semver.NewVersion(tag); err == nil {
			all = append(all, entry{Version: tag, parsed: v})
		}
	}
	return &MissingError{Reference: r, Where: "oci://" + repository, Versions: nearestVersions(r.Version, all)}
}

// registryError tells by the registry's last answer what an error of Helm's client means.
func (f *Finder) registryError(ctx context.Context, r Reference, helm *registry.Client, repository string,
	watched *watch, err error) error {
	host, _, _ := strings.Cut(repository, "/")
	switch {
	case errors.Is(err, errTooLarge):
		return &InvalidError{Reference: r, Where: "oci://" + repository, Err: err}
	case watched.failure != nil || watched.status >= http.StatusInternalServerError:
		return &UnavailableError{Reference: r, Err: f.failed(ctx, host, err)}
	case watched.status == http.StatusNotFound:
		return f.noTag(r, helm, repository)
	case watched.status == http.StatusUnauthorized, watched.status == http.StatusForbidden:
		return &UnavailableError{Reference: r, Err: fmt.Errorf("%w; sign in with `helm registry login %s`, if the chart is there at all",
			err, host)}
	default:
		return &InvalidError{Reference: r, Where: "oci://" + repository, Err: err}
	}
}

// watch is a transport that bounds answers and remembers the last one: Helm's client tells an unreachable registry and a missing tag
// apart in words alone, and takes no context.
type watch struct {
	ctx  context.Context
	next http.RoundTripper

	mu      sync.Mutex
	status  int
	failure error
}

// saw notes the last answer, or that there was none.
func (w *watch) saw(status int, failure error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.failure = status, failure
}

// RoundTrip implements http.RoundTripper.
func (w *watch) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := secure(request.URL); err != nil {
		return nil, err
	}
	next := w.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(request.WithContext(w.ctx))
	if err != nil {
		w.saw(0, err)
		return nil, err
	}
	w.saw(response.StatusCode, nil)
	data, err := io.ReadAll(io.LimitReader(response.Body, maxArchive+1))
	_ = response.Body.Close()
	if err == nil && len(data) > maxArchive {
		return nil, fmt.Errorf("%s: %w: %d MiB", request.URL.Redacted(), errTooLarge, maxArchive>>20)
	}
	if err != nil {
		w.saw(0, err)
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(data))
	return response, nil
}
