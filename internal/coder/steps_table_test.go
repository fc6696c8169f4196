package coder_test

import (
	"errors"
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"
)

// What Secrets Manager may hold of an owner: one that was made up, one that coderd has taken the password of, and one that was adopted.
const (
	keptOwner    = `{"username":"owner","email":"owner@example.com","password":"a-password-of-before"}`
	seenOwner    = `{"username":"owner","email":"owner@example.com","password":"a-password-of-before","confirmed":true}`
	adoptedOwner = `{"username":"alice","email":"alice@example.com","password":"","adopted":true}`
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
		{name: "somebody else is the first user", step: owner, refused: "has users whom coderaws did not make",
			given: func(w *world) { w.AddUser(codertest.User{Email: "eve@example.com", LoginType: "password"}) }},
		{name: "somebody else became the first user after the password was kept", step: owner,
			refused: "it does not take the password that Secrets Manager keeps of owner <owner@example.com>",
			given: func(w *world) {
				w.vault.values[ownerARN] = keptOwner
				w.AddUser(codertest.User{Email: "eve@example.com", Password: "something-long", LoginType: "password", Owner: true})
			}},
		{name: "a user whom coderaws did not make, and passwords are off", step: owner,
			refused:  "cannot be tried: Password authentication is disabled",
			settings: codertest.Settings{PasswordsOff: true},
			given: func(w *world) {
				w.vault.values[ownerARN] = keptOwner
				w.AddUser(codertest.User{Email: "owner@example.com", Password: "a-password-of-before", LoginType: "password", Owner: true})
			}},
		{name: "the owner was made inside of the cluster", step: owner, outcome: coder.Done, detail: "owner <owner@example.com> owns coderd",
			given: func(w *world) {
				w.vault.values[ownerARN] = keptOwner
				w.AddUser(codertest.User{Email: "owner@example.com", Password: "a-password-of-before", LoginType: "password", Owner: true})
			}},
		{name: "the owner was seen before, and has changed the password", step: owner, outcome: coder.Already,
			detail: "coderd has its first user",
			given: func(w *world) {
				w.vault.values[ownerARN] = seenOwner
				w.AddUser(codertest.User{Email: "owner@example.com", Password: "another", LoginType: "password", Owner: true})
			}},
		{name: "an owner is adopted", step: owner, outcome: coder.Done, detail: "adopted alice <alice@example.com>",
			given: func(w *world) { w.Owner(); w.given, w.adopt = codertest.Token, "alice@example.com" }},
		{name: "an owner was adopted", step: owner, outcome: coder.Already, detail: "alice <alice@example.com>, who was adopted",
			given: func(w *world) { w.Owner(); w.vault.values[ownerARN] = adoptedOwner }},
		{name: "an owner is adopted by somebody else", step: owner, refused: "the session token belongs to alice@example.com",
			given: func(w *world) { w.Owner(); w.given, w.adopt = codertest.Token, "eve@example.com" }},
		{name: "an owner is adopted without a token", step: owner, refused: "only a token of that owner proves",
			given: func(w *world) { w.Owner(); w.adopt = "alice@example.com" }},
		{name: "an owner is adopted where coderaws made one", step: owner, outcome: coder.Already, detail: "owner <owner@example.com>",
			given: func(w *world) { w.took(); w.adopt = "alice@example.com" }},
		{name: "a new coderd where an owner had been adopted", step: owner, outcome: coder.Done, detail: "made owner <owner@example.com>",
			given: func(w *world) { w.vault.values[ownerARN] = adoptedOwner }},
		{name: "the owner was made up and coderd does not have it", step: owner, outcome: coder.Done, detail: "owner <owner@example.com>",
			given: func(w *world) {
				w.vault.values[ownerARN] = keptOwner
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
			refused:  "it was built without the features that licences are for: Route not found",
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
				w.vault.values[ownerARN] = seenOwner
				w.AddUser(codertest.User{Email: "owner@example.com", Password: "another", LoginType: "password", Owner: true})
			}},
		{name: "there is no password to sign in with", step: licence, outcome: coder.Waiting,
			detail: "alice <alice@example.com> was adopted", todo: "CODER_SESSION_TOKEN",
			given: func(w *world) { w.Owner(); w.vault.values[ownerARN] = adoptedOwner }},
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

// TestConcurrent: two who run the first steps at once make one owner between them, and the slower one sees whom the other has made.
func TestConcurrent(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	w.Refuse(func(call string) (int, string) {
		if call == "POST /api/v2/users/first" {
			w.vault.values[ownerARN] = seenOwner
			return 409, "The initial user has already been created."
		}
		return 0, ""
	})
	report, err := w.run(t, coder.Wanted{Domain: domain, OwnerSecret: ownerARN})
	if err != nil || report.Steps[0].Outcome != coder.Already || w.vault.values[ownerARN] != seenOwner {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestStranger: who becomes the first user between the look and the making of one is not taken for the owner, in this run or any later.
func TestStranger(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	w.vault.fail = func() error {
		if len(w.vault.calls) == 2 {
			w.AddUser(codertest.User{Email: "eve@example.com", Password: "something-long", LoginType: "password", Owner: true})
		}
		return nil
	}
	for range 2 {
		report, err := w.run(t, coder.Wanted{Domain: domain, OwnerSecret: ownerARN})
		found := diagnostic.From(err)
		if len(report.Steps) != 0 || len(found) != 1 || found[0].Code != "coder.stranger" || !strings.Contains(found[0].Todo, "--adopt-owner") {
			t.Errorf("%+v, %v", report, err)
		}
	}
}

// TestPrepare: the owner is in Secrets Manager before anybody could ask coderd, once.
func TestPrepare(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	var first string
	for range 2 {
		if err := w.steps(t, all).Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		made, err := coder.ParseOwner(w.vault.values[ownerARN])
		if first == "" {
			first = made.Password
		}
		if err != nil || made.Password != first || made.Confirmed || len(w.Calls()) != 0 {
			t.Errorf("%v, %v, %v", made, err, w.Calls())
		}
	}
	if err := w.steps(t, coder.Wanted{Domain: domain}).Prepare(t.Context()); err != nil {
		t.Errorf("without a secret: %v", err)
	}
	w.vault.fail = func() error { return errCut }
	if found := diagnostic.From(w.steps(t, all).Prepare(t.Context())); len(found) != 1 || !strings.Contains(found[0].Why, "was cut") {
		t.Errorf("%v", found)
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
