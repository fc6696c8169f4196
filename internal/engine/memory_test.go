package engine

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestStateServer is what Terraform's http backend asks of a server, and that nobody without the secret gets anything.
func TestStateServer(t *testing.T) {
	server, err := NewStateServer(bytes.NewReader(make([]byte, secretLength)))
	if err != nil {
		t.Fatal(err)
	}
	addressOf := func(name string) string {
		return strings.TrimPrefix(server.Backend(name).Environ[0], "TF_HTTP_ADDRESS=")
	}
	address := addressOf("us-east-1/cloud")
	for _, step := range []struct {
		name, method, address, body string
		status                      int
		want                        string
	}{
		{"there is no state yet", "GET", address, "", 404, ""},
		{"a state is kept", "POST", address, "one", 200, ""},
		{"and found", "GET", address, "", 200, "one"},
		{"and replaced", "POST", address, "two", 200, ""},
		{"whole", "GET", address, "", 200, "two"},
		{"another state is another", "GET", addressOf("us-east-1/platform"), "", 404, ""},
		{"nobody finds it without the secret", "GET", strings.Replace(address, "00000000", "11111111", 1), "", 404, ""},
		{"there are no locks", "LOCK", address, "{}", 405, ""},
		{"it is dropped", "DELETE", address, "", 200, ""},
		{"and gone", "GET", address, "", 404, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), step.method, step.address, strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != step.status || step.want != "" && string(text) != step.want {
			t.Errorf("%s: got %d %q, want %d %q", step.name, response.StatusCode, text, step.status, step.want)
		}
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if response, err := http.Get(address); err == nil {
		t.Errorf("after the end it still answers: %d", response.StatusCode)
	}
	if _, err := NewStateServer(strings.NewReader("short")); err == nil {
		t.Error("a server without a secret was started")
	}
}
