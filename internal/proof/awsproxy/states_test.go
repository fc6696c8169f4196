package awsproxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestStepFunctions is the specification of which calls of Step Functions the proxy answers itself.
func TestStepFunctions(t *testing.T) {
	moto := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "moto: "+r.Header.Get("X-Amz-Target")) // a test's own client reads it
	}))
	defer moto.Close()
	backend, err := url.Parse(moto.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(New(Options{Backend: backend}))
	defer proxy.Close()
	for operation, want := range map[string]string{
		"ValidateStateMachineDefinition": `"result":"OK"`,
		"ListStateMachineVersions":       `"stateMachineVersions":[]`,
		"CreateStateMachine":             "moto: AWSStepFunctions.CreateStateMachine",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, "+
			"SignedHeaders=host, Signature=0")
		request.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s, want %s", operation, response.StatusCode, body, want)
		}
	}
}
