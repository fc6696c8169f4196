package account_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// isolate hides the caller's credentials and points the SDK at endpoint.
func isolate(t *testing.T, endpoint string) {
	t.Helper()
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL_STS": endpoint, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// sts answers every request with one status and body, as AWS STS would.
func sts(t *testing.T, status int, body string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Form.Get("Action") != "GetCallerIdentity" {
			t.Errorf("asked %s %v, want GetCallerIdentity alone: nothing may be changed", r.Method, r.Form)
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server
}

const known = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/admin/anna</Arn>` +
	`<UserId>AROATESTER:anna</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

func refusal(code, message string) string {
	return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message + "</Message></Error></ErrorResponse>"
}

// TestIdentify is the specification of what a user learns about the credentials that were found.
func TestIdentify(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   account.Identity
		// code and why are those of the finding; code is empty where there is none.
		code, summary, why string
	}{
		{name: "they work", status: http.StatusOK, body: known,
			want: account.Identity{Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/admin/anna"}},
		{name: "they are unknown to AWS", status: http.StatusForbidden,
			body: refusal("InvalidClientTokenId", "The security token included in the request is invalid."),
			code: "InvalidClientTokenId", summary: "AWS does not accept these credentials",
			why: "The security token included in the request is invalid."},
		{name: "they have expired", status: http.StatusForbidden,
			body: refusal("ExpiredToken", "The security token included in the request is expired"),
			code: "ExpiredToken", summary: "AWS does not accept these credentials", why: "expired"},
		{name: "the answer is not AWS's", status: http.StatusOK, body: "<html>Sign in to the network</html>",
			code: "aws.unreachable", summary: "AWS cannot be asked whose credentials these are", why: "deserialization"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			isolate(t, sts(t, test.status, test.body).URL)
			got, err := account.Identify(t.Context(), "eu-west-1")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			expect(t, err, test.code, test.summary, test.why)
		})
	}
}

// expect demands a finding that says what is wrong, why, and what to do.
func expect(t *testing.T, err error, code, summary, why string) {
	t.Helper()
	var d *diagnostic.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("error %v, want a finding", err)
	}
	if d.Code != code || d.Summary != summary || !strings.Contains(d.Why, why) || d.Todo == "" {
		t.Errorf("finding %q %q, why %q, to do %q; want %q %q with %q and something to do", d.Code, d.Summary, d.Why, d.Todo, code, summary, why)
	}
}

func TestIdentifyWithoutCredentials(t *testing.T) {
	isolate(t, "http://127.0.0.1:1")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	began := time.Now()
	_, err := account.Identify(t.Context(), "eu-west-1")
	expect(t, err, "aws.no_credentials", "there are no AWS credentials that work", "")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s to find out", took)
	}
}

func TestIdentifyWithoutNetwork(t *testing.T) {
	isolate(t, "http://127.0.0.1:1") // nobody listens on port 1
	_, err := account.Identify(t.Context(), "eu-west-1")
	expect(t, err, "aws.unreachable", "AWS cannot be asked whose credentials these are", "connection refused")
}

func TestIdentifyStops(t *testing.T) {
	isolate(t, sts(t, http.StatusOK, known).URL)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := account.Identify(ctx, "eu-west-1"); err == nil {
		t.Errorf("an interrupted question was answered: %+v", got)
	}
}
