package coder_test

import (
	"errors"
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"
)

// TestSteps is the specification of what the steps find and say. Each row changes what is there, and names the step and its answer.
func TestSteps(t *testing.T) {
	const licence, key, owner, oidc = 1, 2, 0, 3
	for _, test := range []struct {
		name     string
		settings codertest.Settings
		given    func(w *world)
		step     int
		outcome  coder.Outcome
		// detail and todo are parts of what is said; refused is a part of the error that ends the run instead.
		detail, todo, refused string
	}{
		{name: "somebody else is the first user", step: owner, outcome: coder.Already, detail: "coderaws made none",
			given: func(w *world) { w.AddUser(codertest.User{Email: "eve@example.com", LoginType: "password"}) }},
		{name: "the owner was made up and coderd does not have it", step: owner, outcome: coder.Done, detail: "owner <owner@example.com>",
			given: func(w *world) {
				w.vault.values[ownerARN] = `{"username":"owner","email":"owner@example.com","password":"a-password-of-before"}`
			}},
		{name: "the secret of the owner holds something else", step: owner, refused: "does not hold",
			given: func(w *world) { w.vault.values[ownerARN] = "canary-plain-password" }},
		{name: "Secrets Manager refuses", step: owner, refused: "the connection was cut",
			given: func(w *world) { w.vault.fail = func() error { return errCut } }},

		{name: "the secret has no value yet", step: licence, outcome: coder.Waiting, detail: "has no value",
			todo:  "aws secretsmanager put-secret-value",
			given: func(w *world) { delete(w.vault.values, licenseARN) }},
		{name: "the secret holds no licence", step: licence, refused: "a licence is three parts with dots between them, and this has 1",
			given: func(w *world) { w.vault.values[licenseARN] = "canary-not-a-licence" }},
		{name: "the licence was cut off", step: licence, refused: "its second part is not base64",
			given: func(w *world) { w.vault.values[licenseARN] = "canary.not!base64.signature" }},
		{name: "it is some other token", step: licence, refused: "it does not say when it expires",
			given: func(w *world) { w.vault.values[licenseARN] = codertest.License(map[string]any{"exp": day(2030, 1)}) }},
		{name: "the licence has ended", step: licence, refused: "it ended on 15 October 2026",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"license_expires": day(2026, 9), "exp": day(2026, 10)}))
			}},
		{name: "the licence is in its time of grace", step: licence, outcome: coder.Done,
			detail: "expired on 15 November 2026: its features work until 15 December 2026",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"license_expires": day(2026, 11), "exp": day(2026, 12)}))
			}},
		{name: "the licence ends soon", step: licence, outcome: coder.Done, detail: "ends on 15 December 2026, in 22 days",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"license_expires": day(2026, 12)}))
			}},
		{name: "a trial", step: licence, outcome: coder.Done, detail: "a trial licence for 50 users",
			given: func(w *world) { w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"trial": true})) }},
		{name: "features one by one", step: licence, outcome: coder.Done, detail: "with audit_log, external_provisioner_daemons",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{
					"feature_set": "", "features": map[string]any{"audit_log": 1, "external_provisioner_daemons": 1, "scim": 0, "user_limit": 5},
				}))
			}},
		{name: "a licence without an identifier is known again by its claims", step: licence, outcome: coder.Already,
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"jti": ""}))
				w.took()
			}},
		{name: "coderd finds the signature wrong", step: licence, refused: "Invalid license: parse license [redacted]: signature is invalid",
			given: func(w *world) { w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"forged": true})) }},
		{name: "a coderd without the code of Premium", step: licence,
			refused:  "it was built without the features that licences are for: Route not found.",
			settings: codertest.Settings{WithoutPremium: true}},
		{name: "a licence that wants telemetry", step: licence, outcome: coder.Waiting,
			detail:   "coderd says: License requires telemetry but telemetry is disabled",
			todo:     "set coder.telemetry = true",
			settings: codertest.Settings{EntitlementErrors: []string{"License requires telemetry but telemetry is disabled"}},
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"require_telemetry": true}))
			}},
		{name: "the owner has changed the password", step: licence, outcome: coder.Waiting,
			detail: "coderd does not take the password in Secrets Manager", todo: "CODER_SESSION_TOKEN",
			given: func(w *world) {
				w.vault.values[ownerARN] = `{"username":"owner","email":"owner@example.com","password":"a-password-of-before"}`
				w.AddUser(codertest.User{Email: "owner@example.com", Password: "another", LoginType: "password", Owner: true})
			}},
		{name: "there is no password to sign in with", step: licence, outcome: coder.Waiting,
			detail: "the first user was not made by coderaws", todo: "CODER_SESSION_TOKEN",
			given: func(w *world) { w.AddUser(codertest.User{Email: "eve@example.com", LoginType: "password"}) }},
		{name: "the session token has ended", step: licence, outcome: coder.Waiting,
			detail: "coderd does not accept the session token: You are signed out", todo: "coder tokens create",
			given: func(w *world) { w.given = "canary-token-of-last-year" }},

		{name: "the licence grants no external provisioners", step: key, outcome: coder.Waiting,
			detail: "External Provisioner Daemons is a Premium feature", todo: "a licence with external_provisioner_daemons",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{"feature_set": "", "features": map[string]any{"audit_log": 1}}))
			}},
		{name: "coderd has a key whose value is lost", step: key, outcome: coder.Done, detail: "the value of the former had been lost",
			given: func(w *world) { w.took(); delete(w.vault.values, keyARN) }},
		{name: "the secret has the key of another coderd", step: key, outcome: coder.Done,
			detail: "coderd did not know the one in Secrets Manager",
			given:  func(w *world) { w.vault.values[keyARN] = "canary-key-of-another-coderd" }},
		{name: "both were there and do not fit", step: key, outcome: coder.Done, detail: "coderd did not know the one in Secrets Manager",
			given: func(w *world) { w.took(); w.vault.values[keyARN] = "canary-key-of-another-coderd" }},

		{name: "coderd does not offer single sign-on", step: oidc, outcome: coder.Waiting, detail: "offers no single sign-on",
			todo: "kubectl -n coder logs"},
		{name: "nobody has come in by single sign-on", settings: codertest.Settings{OIDC: true}, step: oidc, outcome: coder.Waiting,
			detail: "passwords stay on", todo: "sign in at https://example.com by single sign-on"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.settings)
			if test.given != nil {
				test.given(w)
			}
			report, err := w.run(t, all)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) || len(report.Steps) != test.step {
					t.Errorf("after %d steps: %v", len(report.Steps), err)
				}
				if found := diagnostic.From(err); len(found) != 1 || found[0].Todo == "" {
					t.Errorf("nobody knows what to do about %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			step := report.Steps[test.step]
			if step.Outcome != test.outcome || !strings.Contains(step.Detail, test.detail) || !strings.Contains(step.Todo, test.todo) {
				t.Errorf("%+v", step)
			}
			if (step.Outcome == coder.Waiting) != (step.Todo != "") {
				t.Errorf("waiting and something to do go together: %+v", step)
			}
			if test.step == key && step.Outcome == coder.Done && w.Key(coder.KeyName) != w.vault.values[keyARN] {
				t.Error("coderd's key is not the one that is kept")
			}
		})
	}
}

// TestConcurrent: two who run the first steps at once make one owner between them.
func TestConcurrent(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	w.Refuse(func(call string) (int, string) {
		if call == "POST /api/v2/users/first" {
			return 409, "The initial user has already been created."
		}
		return 0, ""
	})
	report, err := w.run(t, coder.Wanted{Domain: domain, OwnerSecret: ownerARN})
	if err != nil || report.Steps[0].Outcome != coder.Already || !strings.Contains(report.Steps[0].Detail, "somebody else") {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestOwner(t *testing.T) {
	seen := map[string]bool{}
	random := strings.NewReader(strings.Repeat("\xff\xfe0123456789abcdefghijklmnopqrstuvwxyz", 40))
	for range 20 {
		o, err := coder.NewOwner(domain, random)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Password) != 25 || strings.ContainsAny(o.Password, "lIO01$\"'` \\") || seen[o.Password] {
			t.Errorf("password %q", o.Password)
		}
		seen[o.Password] = true
		if strings.Contains(o.String()+o.GoString(), o.Password) {
			t.Error("the owner shows the password")
		}
	}
	if _, err := coder.NewOwner(domain, strings.NewReader("short")); err == nil {
		t.Error("a password was made without chance")
	}
}

// TestPreview: what a rehearsal lists are the steps that a run takes, in their order.
func TestPreview(t *testing.T) {
	w := newWorld(t, codertest.Settings{OIDC: true})
	report, err := w.run(t, all)
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range all.Preview() {
		if step.Name != report.Steps[i].Name || step.Outcome != coder.Later || step.Detail == "" {
			t.Errorf("%+v in place of %+v", step, report.Steps[i])
		}
	}
	for i, step := range (coder.Wanted{OwnerSecret: ownerARN}).Preview() {
		if (step.Outcome == coder.Later) != (i == 0) {
			t.Errorf("without licence and single sign-on: %+v", step)
		}
	}
}

func TestExplainKeepsDiagnostics(t *testing.T) {
	d := diagnostic.Errorf("known")
	if got := coder.Explain("it cannot be", d); !errors.Is(got, d) {
		t.Errorf("%v", got)
	}
	if coder.Explain("it cannot be", nil) != nil {
		t.Error("nothing is explained as something")
	}
}
