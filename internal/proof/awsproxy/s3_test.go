package awsproxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestBucketPolicies: policies are kept by the proxy, and all else of S3 is moto's.
func TestBucketPolicies(t *testing.T) {
	var passed []string
	moto := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		passed = append(passed, r.Method+" "+r.URL.RequestURI())
	}))
	defer moto.Close()
	backend, err := url.Parse(moto.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(New(Options{Backend: backend}))
	defer proxy.Close()
	for _, call := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{http.MethodGet, "/b?policy", "", http.StatusNotFound, "<Code>NoSuchBucketPolicy</Code>"},
		{http.MethodPut, "/b?policy", `{"Statement":[]}`, http.StatusNoContent, ""},
		{http.MethodGet, "/b?policy", "", http.StatusOK, `{"Statement":[]}`},
		{http.MethodGet, "/other?policy", "", http.StatusNotFound, "NoSuchBucketPolicy"},
		{http.MethodDelete, "/b?policy", "", http.StatusNoContent, ""},
		{http.MethodGet, "/b?policy", "", http.StatusNotFound, "NoSuchBucketPolicy"},
		{http.MethodGet, "/b?versioning", "", http.StatusOK, ""},
		{http.MethodGet, "/b/key?policy", "", http.StatusOK, ""},
		{http.MethodPut, "/b", "", http.StatusOK, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), call.method, proxy.URL+call.path, strings.NewReader(call.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, "+
			"SignedHeaders=host, Signature=0")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != call.status || !strings.Contains(string(answer), call.want) {
			t.Errorf("%s %s: %s %q, %v; want %d and %q", call.method, call.path, response.Status, answer, err, call.status, call.want)
		}
	}
	if want := "GET /b?versioning, GET /b/key?policy, PUT /b"; strings.Join(passed, ", ") != want {
		t.Errorf("passed on to moto: %v; want %s", passed, want)
	}
}
