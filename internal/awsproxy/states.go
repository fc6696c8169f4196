package awsproxy

import (
	"net/http"
)

// states answers the one call of Step Functions that moto 5.2 lacks and the provider makes: it asks whether a definition is valid while it
// plans. Every definition passes, as with moto's own creation of state machines; whether AWS takes it is what the sandbox knows.
func (p *Proxy) states() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") != "AWSStepFunctions.ValidateStateMachineDefinition" {
			p.forward.ServeHTTP(w, r)
			return
		}
		writeJSON(w, http.StatusOK, document{"result": "OK", "diagnostics": []any{}, "truncated": false})
	})
}
