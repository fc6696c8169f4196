//go:build unix

package tunnel

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// built is the directory of the programs that `make test-tunnel` builds.
func built(t *testing.T) string {
	t.Helper()
	bin, err := filepath.Abs("../../bin")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{Plugin, "session-manager-peer"} {
		if _, err := os.Stat(filepath.Join(bin, name)); err != nil {
			t.Skipf("SKIPPED: this test speaks with AWS's own plugin, and bin/%s is not built: make test-tunnel", name)
		}
	}
	return bin
}

// peer starts what answers the plugin, and leads what comes through it to an address. It returns the URL of the data channel.
func peer(t *testing.T, bin, address string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(bin, "session-manager-peer"), address)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Wait() }) // the end of the context has killed it
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "ws://" + strings.TrimSpace(line) + "/v1/data-channel/tester?role=publish_subscribe"
}

// TestRealPlugin: AWS's own plugin carries TLS from end to end, is followed by another one when it is killed, and says good-bye.
func TestRealPlugin(t *testing.T) {
	bin := built(t)
	text := strings.Repeat("0123456789abcdef", 1<<16)
	api := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }))
	defer api.Close()
	s := &scene{t: t, nodes: []string{"i-1 control-1"}, stream: peer(t, bin, api.Listener.Addr().String())}
	gateway := s.set()
	t.Setenv("PATH", bin)
	t.Setenv("TMPDIR", t.TempDir()) // a plugin that is killed leaves a socket there, named for its session
	settings := api.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	settings.ServerName, settings.MinVersion = "example.com", tls.VersionTLS12
	client := &http.Client{Transport: &http.Transport{DialContext: gateway.Dialer("the API"), TLSClientConfig: settings,
		DisableKeepAlives: true}}
	ask := func() {
		t.Helper()
		answer, err := client.Get("https://" + inside + "/livez")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if got, err := io.ReadAll(answer.Body); err != nil || string(got) != text {
			t.Errorf("%d of %d bytes came, or others: %v", len(got), len(text), err)
		}
	}
	for range 3 {
		ask()
	}
	first := gateway.ways[inside].current
	if err := first.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-first.ended
	ask()
	if err := gateway.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"DescribeInstances", "StartSession i-1 api.internal", "TerminateSession tester-1",
		"DescribeInstances", "StartSession i-1 api.internal", "TerminateSession tester-2"}
	if got := s.said(&s.asked); !slices.Equal(got, want) {
		t.Errorf("AWS was asked %q, want %q", got, want)
	}
}
