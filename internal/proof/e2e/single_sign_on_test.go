//go:build unix

package e2e_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"

	"coderaws/internal/coder"
)

// singleSignOn goes from passwords to single sign-on: somebody comes in by it, becomes an owner, and passwords are turned off.
func singleSignOn(t *testing.T, m machine, settings map[string]string, provider *issuer, coderd *process,
	steps *coder.FirstSteps, owner coder.Owner) {
	url := settings["CODER_ACCESS_URL"]
	look := func(outcome coder.Outcome, proven bool, detail string) {
		t.Helper()
		report, err := steps.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		step := report.Steps[len(report.Steps)-1]
		if step.Name != coder.OIDCStep || step.Outcome != outcome || report.OIDCProven != proven || !strings.Contains(step.Detail, detail) {
			t.Errorf("the step is %+v, proven %v; want %s, %v, with %q", step, report.OIDCProven, outcome, proven, detail)
		}
	}
	look(coder.Waiting, false, "nobody has come in")
	provider.signIn(url, "ada").must(http.MethodGet, "/api/v2/users/me", nil)
	look(coder.Waiting, false, "ada has come in by OIDC, but no owner has")

	root, status, message := signIn(t, url, owner.Email, owner.Password)
	if status != http.StatusCreated {
		t.Fatalf("the owner cannot sign in: %d %s", status, message)
	}
	root.must(http.MethodPut, "/api/v2/users/ada/roles", map[string]any{"roles": []string{"owner"}})
	look(coder.Done, true, "ada has come in by OIDC and is an owner")

	// What stacks/platform sets with oidc_proven = true.
	coderd.stop(t, syscall.SIGTERM)
	bootCoderd(t, m, with(settings, map[string]string{"CODER_DISABLE_PASSWORD_AUTH": "true"}))
	// The help of this setting says that owners may still sign in with a password. They may not.
	if _, status, message = signIn(t, url, owner.Email, owner.Password); status != http.StatusForbidden {
		t.Errorf("with passwords off an owner gets %d %s, want 403", status, message)
	}
	provider.signIn(url, "ada").must(http.MethodGet, "/api/v2/deployment/config", nil) // owners alone may
	look(coder.Already, true, "passwords are off")
}
