package bundle

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/proof/awsproxy/awsproxytest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// redirect sends what is meant for one host over TLS to a server on loopback, which moto's ECR has not: it knows repositories, and keeps no
// images.
type redirect struct{ from, to string }

func (r redirect) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Host != r.from || request.URL.Scheme != "https" {
		return nil, errors.New("asked for " + request.URL.String())
	}
	sent := request.Clone(request.Context())
	sent.URL.Scheme, sent.URL.Host = "http", r.to
	answer, err := http.DefaultTransport.RoundTrip(sent)
	if err == nil {
		answer.Request = request
	}
	return answer, err
}

// TestAWS: into an account, with the sign-in of ECR for its registry alone and S3's own word on what it holds.
func TestAWS(t *testing.T) {
	settings := awsproxytest.Emulate(t, "the way into an account")
	client := s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true })
	must(client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("mirror")}))(t)
	target := must(AWS(t.Context(), "us-east-1", "coder", "mirror"))(t)
	if !strings.HasSuffix(target.Registry, ".dkr.ecr.us-east-1.amazonaws.com") {
		t.Fatalf("the registry is %s", target.Registry)
	}
	s, there := newServer(t), newServer(t)
	there.behave(func(w http.ResponseWriter, r *http.Request) bool {
		if user, _, is := r.BasicAuth(); is && user == "AWS" {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="`+target.Registry+`"`) // as ECR does
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}, nil)
	target.Registries.Transport = redirect{target.Registry, there.host}
	c := s.wanted(t)
	c.AddProvider("registry.terraform.io/coder/coder", "~> 2.4", "main.tf:9")
	a := opened(t, saved(t, c, SaveOptions{Mirror: func(_ context.Context, dir string) error {
		return os.WriteFile(filepath.Join(dir, "provider.zip"), []byte("a provider"), 0o600)
	}}))
	pushed := must(a.Push(t.Context(), target, quiet))(t)
	if pushed.Objects != "s3://mirror/coder" || len(pushed.Digests) != 3 {
		t.Errorf("got %+v", pushed)
	}
	if _, err := a.Arrived(t.Context(), target, quiet); err != nil {
		t.Error(err)
	}
	t.Run("another object in its place is found", func(t *testing.T) {
		must(client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("mirror"), Key: aws.String("coder/providers/provider.zip"),
			Body: strings.NewReader("another provider")}))(t)
		said(t, arrived(t, a, target), "bundle.not_arrived", "providers/provider.zip in s3://mirror/coder is not what was saved",
			"push the bundle again")
		must(a.Push(t.Context(), target, quiet))(t)
		if _, err := a.Arrived(t.Context(), target, quiet); err != nil {
			t.Error(err)
		}
	})
	t.Run("no such bucket", func(t *testing.T) {
		target := must(AWS(t.Context(), "us-east-1", "coder", "nobodys"))(t)
		target.Registries.Transport = redirect{target.Registry, there.host}
		_, err := a.Push(t.Context(), target, quiet)
		said(t, err, "bundle.bucket", "cannot be put into s3://nobodys/coder", "--bucket")
	})
	t.Run("an account that cannot be asked", func(t *testing.T) {
		t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
		t.Setenv("AWS_MAX_ATTEMPTS", "1")
		_, err := AWS(t.Context(), "us-east-1", "coder", "")
		said(t, err, "bundle.aws", "ECR gives no sign-in", "aws ecr get-authorization-token")
	})
}

// everywhere sends every registry to one on loopback, under its own name: GHCR's images below ghcr.io.
type everywhere struct{ to string }

func (e everywhere) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" {
		return nil, errors.New("asked for " + request.URL.String())
	}
	return redirect{request.URL.Host, e.to}.RoundTrip(request)
}

// TestPublishedImages: all images of a platform and its templates, by the names that they are published by and with small ones in their
// place, go through save, push and verify with the digests that they were published with.
func TestPublishedImages(t *testing.T) {
	s, there := newServer(t), newServer(t)
	c := &Contents{}
	published := map[string]string{}
	for i, reference := range []string{"ghcr.io/coder/coder:v2.35.1", "ghcr.io/coder/envbuilder:1.3.0",
		"mcr.microsoft.com/devcontainers/base:2.1.7",
		"public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5", "public.ecr.aws/docker/library/postgres:17.6-bookworm",
		"registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0"} {
		_, name, _ := strings.Cut(reference, "/")
		published[name] = s.publish(t, name, index(t, int64(100*i)))
		c.AddImage(reference, "somewhere")
	}
	c.Sort()
	a := opened(t, saved(t, c, SaveOptions{Registries: Registries{Transport: everywhere{s.host}}}))
	pushed := must(a.Push(t.Context(), there.targetOf(nil), quiet))(t)
	if _, err := a.Arrived(t.Context(), there.targetOf(nil), quiet); err != nil {
		t.Error(err)
	}
	for name, digest := range published {
		if pushed.Digests[name] != digest {
			t.Errorf("%s: published as %s, there as %s", name, digest, pushed.Digests[name])
		}
	}
}
