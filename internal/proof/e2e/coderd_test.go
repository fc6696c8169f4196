//go:build unix

package e2e_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is the part of a coderd's environment that the machine gives it and no setting does.
type machine struct {
	home, settings string
}

// environment is what coderd is started with: its settings, and what a machine has.
func (m machine) environment(settings map[string]string) []string {
	environ := append(nowhere(), "HOME="+m.home, "PATH="+os.Getenv("PATH"), "TF_CLI_CONFIG_FILE="+m.settings)
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		environ = append(environ, name+"="+settings[name])
	}
	return environ
}

// startCoderd starts a program of Coder with an environment.
func startCoderd(t *testing.T, m machine, settings map[string]string, arguments ...string) *process {
	t.Helper()
	command := exec.Command(built(t, "coder"), arguments...)
	command.Env, command.Dir = m.environment(settings), m.home
	p := &process{command: command}
	p.start(t)
	return p
}

// bootCoderd starts coderd, waits until it is healthy, and ends it with the test.
func bootCoderd(t *testing.T, m machine, settings map[string]string) *process {
	t.Helper()
	p := startCoderd(t, m, settings, "server")
	t.Cleanup(func() { p.stop(t, syscall.SIGTERM) })
	until(t, p, time.Minute, "coderd is healthy", func() bool { return statusOf(settings["CODER_ACCESS_URL"]+"/healthz") == http.StatusOK })
	return p
}

// statusOf is the HTTP status that an address answers with; 0 if it does not answer.
func statusOf(address string) int {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(address)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// local is what coderd is told instead of what the charts say, because there is neither a load balancer nor AWS here.
// All else is as the charts have it.
func local(t *testing.T, database, issuer string) map[string]string {
	t.Helper()
	port := freePort(t)
	return map[string]string{
		// The load balancer and the domain.
		"CODER_ACCESS_URL":          fmt.Sprintf("http://127.0.0.1:%d", port),
		"CODER_WILDCARD_ACCESS_URL": "*.coder.localhost",
		// Aurora, and the sign-in to it by IAM.
		"CODER_PG_CONNECTION_URL": database,
		"CODER_PG_AUTH":           "password",
		// The identity provider, whose client and secret stay.
		"CODER_OIDC_ISSUER_URL": issuer,
		// The pod's own ports.
		"CODER_HTTP_ADDRESS":          fmt.Sprintf("127.0.0.1:%d", port),
		"CODER_PROMETHEUS_ADDRESS":    fmt.Sprintf("127.0.0.1:%d", freePort(t)),
		"CODER_DERP_SERVER_RELAY_URL": fmt.Sprintf("http://127.0.0.1:%d", port),
	}
}

// with is settings with others in their place.
func with(settings map[string]string, others map[string]string) map[string]string {
	all := maps.Clone(settings)
	maps.Copy(all, others)
	return all
}

// complaint is the last lines of a log that is not all worth reading.
func complaint(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
