package awsproxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestCertificatesAreNotExportedUnasked: moto is told what AWS takes where a request leaves it out, and nothing else is changed.
func TestCertificatesAreNotExportedUnasked(t *testing.T) {
	var passed string
	moto := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		passed = string(body)
	}))
	defer moto.Close()
	backend, err := url.Parse(moto.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(New(Options{Backend: backend}))
	defer proxy.Close()
	for _, c := range []struct{ operation, body, want string }{
		{"RequestCertificate", `{"Options":{"A":"B"}}`, `{"Options":{"A":"B","Export":"DISABLED"}}`},
		{"RequestCertificate", `{"Options":{"Export":"ENABLED"}}`, `{"Options":{"Export":"ENABLED"}}`},
		{"RequestCertificate", `{"DomainName":"a"}`, `{"DomainName":"a"}`},
		{"UpdateCertificateOptions", `{"Options":{}}`, `{"Options":{}}`},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Amz-Target", "CertificateManager."+c.operation)
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/acm/aws4_request, "+
			"SignedHeaders=host, Signature=0")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if passed != c.want {
			t.Errorf("%s %s is passed on as %s, want %s", c.operation, c.body, passed, c.want)
		}
	}
}
