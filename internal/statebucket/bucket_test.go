package statebucket_test

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/statebucket"
	"coderaws/internal/statebucket/buckettest"
)

const (
	account = "111122223333"
	other   = "999988887777"
	region  = "eu-west-1"
	name    = "coderaws-111122223333-eu-west-1-state"
)

// isolate hides the caller's credentials and points the SDK at an S3.
func isolate(t *testing.T, endpoint string) {
	t.Helper()
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL_S3": endpoint, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

func open(t *testing.T, owner statebucket.Owner) *statebucket.Bucket {
	t.Helper()
	bucket, err := statebucket.Open(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	bucket.Patience = time.Nanosecond
	return bucket
}

// serve gives a bucket of an empty S3.
func serve(t *testing.T) (*buckettest.Server, *statebucket.Bucket) {
	t.Helper()
	s3 := buckettest.New(account)
	server := httptest.NewServer(s3)
	t.Cleanup(server.Close)
	isolate(t, server.URL)
	return s3, open(t, statebucket.Owner{Account: account, Partition: "aws", Region: region})
}

func TestName(t *testing.T) {
	for _, test := range []struct{ region, want string }{
		{"us-east-1", "coderaws-111122223333-us-east-1-state"},
		{"us-gov-west-1", "coderaws-111122223333-us-gov-west-1-state"},
		{"ap-southeast-1", "coderaws-111122223333-ap-southeast-1-state"},
	} {
		got := statebucket.Name(account, test.region)
		if got != test.want || len(got) > 63 {
			t.Errorf("bucket of %s: %q with %d characters, want %q and at most S3's 63", test.region, got, len(got), test.want)
		}
	}
}

// TestLife: a bucket is absent, is made, and is ready; making it again changes nothing.
func TestLife(t *testing.T) {
	s3, bucket := serve(t)
	want(t, bucket, statebucket.Absent)
	for range 2 {
		if err := bucket.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(t, bucket, statebucket.Ready)
	}
	for subresource, holds := range map[string]string{
		"versioning":        "<Status>Enabled</Status>",
		"encryption":        "<SSEAlgorithm>AES256</SSEAlgorithm>",
		"publicAccessBlock": "<RestrictPublicBuckets>true</RestrictPublicBuckets>",
		"ownershipControls": "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>",
		"lifecycle":         "<NoncurrentDays>90</NoncurrentDays>",
		"policy":            `{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`,
		"tagging":           "<Key>coderaws:setup</Key><Value>complete</Value>",
	} {
		if got := s3.Setting(name, subresource); !strings.Contains(got, holds) {
			t.Errorf("%s is %q, which does not hold %s", subresource, got, holds)
		}
	}
}

// want demands what Examine finds.
func want(t *testing.T, bucket *statebucket.Bucket, condition statebucket.Condition) {
	t.Helper()
	got, err := bucket.Examine(t.Context())
	if err != nil || got != condition {
		t.Fatalf("found it %q, %v; want %q", got, err, condition)
	}
}

// TestCrash ends the making at every call that it consists of, and goes on.
func TestCrash(t *testing.T) {
	s3, bucket := serve(t)
	if err := bucket.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := len(s3.Calls())
	if calls < 15 {
		t.Fatalf("it took %d calls, which cannot be all: %v", calls, s3.Calls())
	}
	for n := range calls {
		s3, bucket := serve(t)
		left := n
		s3.Refuse(func(string) (int, string) {
			if left == 0 {
				return -1, ""
			}
			left--
			return 0, ""
		})
		if err := bucket.Make(t.Context()); err == nil {
			t.Fatalf("it was made although call %d failed", n)
		}
		s3.Refuse(nil)
		if n > 0 {
			want(t, bucket, statebucket.Unfinished)
		}
		if err := bucket.Make(t.Context()); err != nil {
			t.Fatalf("after a crash at call %d: %v", n, err)
		}
		want(t, bucket, statebucket.Ready)
	}
}

// TestRefusals is the specification of buckets that get no state: each lacks one thing.
func TestRefusals(t *testing.T) {
	both := `["arn:aws:s3:::` + name + `","arn:aws:s3:::` + name + `/*"]`
	deny := func(operator, key, value string) string {
		return `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":["s3:*"],"Resource":` + both + `,"Condition":{"` +
			operator + `":{"` + key + `":[` + value + `]}}}`
	}
	plain, old := deny("Bool", "aws:SecureTransport", `"false"`), deny("NumericLessThan", "s3:TlsVersion", `1.3`)
	for _, test := range []struct {
		name, subresource, body string
		// wrong is the end of the summary; empty where the bucket is accepted.
		wrong, command string
	}{
		{name: "versioning never on", subresource: "versioning", wrong: "its versioning is not enabled", command: "put-bucket-versioning"},
		{name: "versioning suspended", subresource: "versioning",
			body:  "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
			wrong: "its versioning is not enabled", command: "put-bucket-versioning"},
		{name: "no public access block", subresource: "publicAccessBlock",
			wrong: "its public access block is off or has gaps", command: "put-public-access-block"},
		{name: "a gap in the public access block", subresource: "publicAccessBlock",
			body:  "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
			wrong: "its public access block is off or has gaps", command: "put-public-access-block"},
		{name: "access control lists", subresource: "ownershipControls",
			body:  "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
			wrong: "its object ownership is not BucketOwnerEnforced", command: "put-bucket-ownership-controls"},
		{name: "no encryption", subresource: "encryption", wrong: "it does not encrypt what is put into it", command: "put-bucket-encryption"},
		{name: "encryption with a key of the account's", subresource: "encryption",
			body: "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-west-1:111122223333:key/k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"},
		{name: "no policy", subresource: "policy", wrong: "its policy does not deny requests without TLS", command: "put-bucket-policy"},
		{name: "any TLS", subresource: "policy", body: `{"Statement":` + plain + `}`,
			wrong: "its policy does not deny requests with a TLS older than 1.2", command: "put-bucket-policy"},
		{name: "a denial that excepts somebody", subresource: "policy",
			body: `{"Statement":[` + strings.Replace(plain, `"Condition":{`,
				`"Condition":{"StringNotEquals":{"aws:PrincipalAccount":["1"]},`, 1) + `,` + old + `]}`,
			wrong: "its policy does not deny requests without TLS", command: "put-bucket-policy"},
		{name: "a denial of reading alone", subresource: "policy",
			body:  `{"Statement":[` + strings.Replace(plain, "s3:*", "s3:GetObject", 1) + `,` + old + `]}`,
			wrong: "its policy does not deny requests without TLS", command: "put-bucket-policy"},
		{name: "a stricter policy with statements of one's own", subresource: "policy",
			body: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"s3:GetObject","Resource":"*"},` + plain +
				`,` + old + `]}`},
		{name: "a policy that is no JSON", subresource: "policy", body: `{"Statement":`,
			wrong: "its policy cannot be understood: unexpected end of JSON input", command: "put-bucket-policy"},
		{name: "nothing ever expires", subresource: "lifecycle"},
		{name: "states expire", subresource: "lifecycle",
			body:  "<LifecycleConfiguration><Rule><ID>tidy</ID><Status>Enabled</Status><Expiration><Days>365</Days></Expiration></Rule></LifecycleConfiguration>",
			wrong: `its lifecycle rule "tidy" deletes states`, command: "put-bucket-lifecycle-configuration"},
		{name: "former versions expire early", subresource: "lifecycle",
			body:  "<LifecycleConfiguration><Rule><ID>tidy</ID><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>",
			wrong: `its lifecycle rule "tidy" deletes former versions of states after 30 days`, command: "put-bucket-lifecycle-configuration"},
		{name: "a rule that is off", subresource: "lifecycle",
			body: "<LifecycleConfiguration><Rule><ID>tidy</ID><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s3, bucket := serve(t)
			if err := bucket.Make(t.Context()); err != nil {
				t.Fatal(err)
			}
			s3.Set(name, test.subresource, test.body)
			if test.wrong == "" {
				want(t, bucket, statebucket.Ready)
				return
			}
			_, err := bucket.Examine(t.Context())
			refused(t, err, "state.bucket_setting", "the bucket "+name+" may not keep a state: "+test.wrong, "aws s3api "+test.command)
		})
	}
}

// refused demands a finding with the exit status of a gate.
func refused(t *testing.T, err error, code, summary, todo string) {
	t.Helper()
	var list diagnostic.List
	if !errors.As(err, &list) {
		list = diagnostic.From(err)
	}
	if len(list) != 1 || diagnostic.Exit(err) != diagnostic.ExitRefused {
		t.Fatalf("%d findings, exit status %d, %v; want one, and %d", len(list), diagnostic.Exit(err), err, diagnostic.ExitRefused)
	}
	if d := list[0]; d.Code != code || d.Summary != summary || !strings.Contains(d.Todo, todo) || d.Why == "" {
		t.Errorf("finding %q %q, why %q, to do %q; want %q %q with %q", d.Code, d.Summary, d.Why, d.Todo, code, summary, todo)
	}
}

// TestOwner: whoever took the name in another account gets no state.
func TestOwner(t *testing.T) {
	const summary = "the bucket " + name + " is not to be used: it belongs to another account, or these credentials may not see it"
	t.Run("the name is taken", func(t *testing.T) {
		s3, bucket := serve(t)
		s3.AddBucket(name, other, region)
		_, err := bucket.Examine(t.Context())
		refused(t, err, "state.bucket_foreign", summary, "backend.tfbackend")
		refused(t, bucket.Make(t.Context()), "state.bucket_foreign", summary, "backend.tfbackend")
	})
	t.Run("the credentials are of another account than was asked for", func(t *testing.T) {
		s3, bucket := serve(t)
		s3.AddBucket(name, other, region)
		s3.Owner = other
		_, err := bucket.Find(t.Context())
		refused(t, err, "state.bucket_foreign", summary, "backend.tfbackend")
		for _, call := range s3.Calls() {
			if !strings.HasPrefix(call, "HEAD") {
				t.Errorf("it was asked %s before it was known whose it is", call)
			}
		}
	})
	t.Run("it is in another region", func(t *testing.T) {
		s3, bucket := serve(t)
		s3.AddBucket(name, account, "us-east-1")
		_, err := bucket.Examine(t.Context())
		refused(t, err, "state.bucket_region", "the bucket "+name+" is not in eu-west-1", "backend.tfbackend")
	})
}

// TestBucketOfOthers: a bucket of that name that somebody of the account has made is used if it is right, and never changed.
func TestBucketOfOthers(t *testing.T) {
	for _, test := range []struct {
		name  string
		given func(*buckettest.Server)
		want  statebucket.Condition
	}{
		{"it is as S3 makes it, and holds nothing: a run may have crashed", func(*buckettest.Server) {}, statebucket.Unfinished},
		{"it holds something", func(s *buckettest.Server) { s.Put(name, "report.csv", "1,2") }, ""},
		{"it has tags", func(s *buckettest.Server) {
			s.Set(name, "tagging", "<Tagging><TagSet><Tag><Key>team</Key><Value>data</Value></Tag></TagSet></Tagging>")
		}, ""},
		{"it has a policy", func(s *buckettest.Server) { s.Set(name, "policy", `{"Statement":[]}`) }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s3, bucket := serve(t)
			s3.AddBucket(name, account, region)
			test.given(s3)
			got, err := bucket.Examine(t.Context())
			if got != test.want || (err == nil) != (test.want != "") || err != nil && diagnostic.Exit(err) != diagnostic.ExitRefused {
				t.Errorf("found it %q, %v; want %q, or a refusal", got, err, test.want)
			}
			for _, call := range s3.Calls() {
				if strings.HasPrefix(call, "PUT") {
					t.Errorf("it was changed: %s", call)
				}
			}
		})
	}
}

// TestMissingPermission names the action, and the bucket's ARN in its partition.
func TestMissingPermission(t *testing.T) {
	for call, action := range map[string]string{
		"PUT bucket": "s3:CreateBucket", "PUT bucket?tagging": "s3:PutBucketTagging", "PUT bucket?policy": "s3:PutBucketPolicy",
		"GET bucket?encryption": "s3:GetEncryptionConfiguration",
	} {
		t.Run(action, func(t *testing.T) {
			s3, bucket := serve(t)
			bucket.Partition = "aws-us-gov"
			s3.Refuse(func(got string) (int, string) {
				if got == call {
					return 403, "AccessDenied"
				}
				return 0, ""
			})
			err := bucket.Make(t.Context())
			var d *diagnostic.Diagnostic
			if !errors.As(err, &d) || d.Code != "AccessDenied" || !strings.Contains(d.Todo, action+" on arn:aws-us-gov:s3:::"+name) {
				t.Errorf("finding %+v, want one that asks for %s", d, action)
			}
		})
	}
}
