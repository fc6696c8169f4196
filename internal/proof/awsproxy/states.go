package awsproxy

import (
	"net/http"
)

// states answers the two calls of Step Functions that the provider makes and moto 5.2 lacks. It asks whether a definition is valid while it
// plans: every definition passes, as with moto's own creation of state machines; what AWS refuses, the sandbox knows. And it asks
// for the versions of a state machine: none is ever published.
func (p *Proxy) states() http.Handler {
	answers := map[string]document{
		"AWSStepFunctions.ValidateStateMachineDefinition": {"result": "OK", "diagnostics": []any{}, "truncated": false},
		"AWSStepFunctions.ListStateMachineVersions":       {"stateMachineVersions": []any{}},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := answers[r.Header.Get("X-Amz-Target")]; ok {
			writeJSON(w, http.StatusOK, answer)
			return
		}
		p.forward.ServeHTTP(w, r)
	})
}
