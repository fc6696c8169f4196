package bundle

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-containerregistry/pkg/authn"
)

// AWS is the target in an account: its registry in ECR, and a bucket for what is no image ("" for none). prefix is what the repositories
// begin with, which is the name of the deployment. Credentials are those that the AWS SDK finds in the usual places.
func AWS(ctx context.Context, region, prefix, bucket string) (*Target, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return nil, unreachable("the settings of the AWS SDK cannot be used", err)
	}
	// The token is that of the account's own registry, and lasts for 12 hours (ECR API, GetAuthorizationToken).
	answer, err := ecr.NewFromConfig(cfg).GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
	if err != nil {
		return nil, unreachable("ECR gives no sign-in to the registry of the account", err)
	}
	t := &Target{Prefix: prefix}
	t.Missing = fmt.Sprintf("run `up` of the cloud stack first, which makes the repositories of the platform's own images; name those of "+
		"charts and of templates' images in the setting `repositories`, without %s/", prefix)
	for _, data := range answer.AuthorizationData {
		endpoint, err := url.Parse(aws.ToString(data.ProxyEndpoint))
		signIn, wrong := base64.StdEncoding.DecodeString(aws.ToString(data.AuthorizationToken))
		if err != nil || wrong != nil {
			return nil, unreachable("ECR's sign-in cannot be understood", errors.Join(err, wrong))
		}
		user, password, _ := strings.Cut(string(signIn), ":")
		t.Registry = endpoint.Host
		t.Registries.Keychain = oneRegistry{endpoint.Host, &authn.Basic{Username: user, Password: password}}
	}
	if t.Registry == "" {
		return nil, unreachable("ECR gives no sign-in to the registry of the account", errors.New("its answer is empty"))
	}
	if bucket != "" {
		client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
		t.Objects = &objects{client, bucket, prefix}
	}
	return t, nil
}

func unreachable(what string, err error) error {
	d := diagnostic.Errorf("%s", what)
	d.Code, d.Why = "bundle.aws", err.Error()
	d.Todo = "try `aws ecr get-authorization-token` with the same profile and region"
	return d
}

// oneRegistry has the credentials of one registry, and none for others: a token of AWS is nobody else's concern.
type oneRegistry struct {
	host string
	auth authn.Authenticator
}

// Resolve implements authn.Keychain.
func (k oneRegistry) Resolve(of authn.Resource) (authn.Authenticator, error) {
	if of.RegistryStr() == k.host {
		return k.auth, nil
	}
	return authn.Anonymous, nil
}

// objects are those of a bucket below a prefix. S3 computes the digest of what it gets, refuses what differs, and keeps it (S3 User Guide,
// "Checking object integrity").
type objects struct {
	client         *s3.Client
	bucket, prefix string
}

// String is the address of the objects.
func (o *objects) String() string { return "s3://" + o.bucket + "/" + o.prefix }

func (o *objects) key(f File) *string { return aws.String(o.prefix + "/" + f.Path) }

// Put implements Objects.
func (o *objects) Put(ctx context.Context, f File, content io.ReadSeeker) error {
	if o.Check(ctx, f) == nil {
		return nil
	}
	sum, err := checksum(f)
	if err != nil {
		return err
	}
	_, err = o.client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(o.bucket), Key: o.key(f), Body: content,
		ContentLength: aws.Int64(f.Size), ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(sum)})
	if err == nil {
		return nil
	}
	d := diagnostic.Errorf("%s cannot be put into %s", f.Path, o)
	d.Code, d.Why = "bundle.bucket", err.Error()
	d.Todo = "name a bucket of this region that you may write to with --bucket; what has arrived is not sent again"
	return d
}

// Check implements Objects.
func (o *objects) Check(ctx context.Context, f File) error {
	want, err := checksum(f)
	if err != nil {
		return err
	}
	found, err := o.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(o.bucket), Key: o.key(f),
		ChecksumMode: s3types.ChecksumModeEnabled})
	if err != nil {
		return err
	}
	if got := aws.ToString(found.ChecksumSHA256); got != want {
		return fmt.Errorf("S3 has the SHA-256 %q of it, and it should be %q, both in base64", got, want)
	}
	return nil
}

// checksum is a file's digest as S3 writes it.
func checksum(f File) (string, error) {
	sum, err := hex.DecodeString(f.SHA256)
	return base64.StdEncoding.EncodeToString(sum), err
}
