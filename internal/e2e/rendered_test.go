//go:build unix

package e2e_test

import (
	"testing"
)

// environment is what coderd is started with.
func environment(t *testing.T, database string) map[string]string {
	t.Helper()
	return with(map[string]string{
		"CODER_PROVISIONER_DAEMONS": "3", "CODER_TELEMETRY_ENABLE": "false", "CODER_SECURE_AUTH_COOKIE": "true", "CODER_PROMETHEUS_ENABLE": "true",
	}, local(t, database))
}
