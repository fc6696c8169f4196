package coder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

const (
	ownerARN   = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:coder/owner-password-AbCdEf"
	licenseARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:coder-licence-AbCdEf"
	keyARN     = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:coder/provisioner-key-AbCdEf"
)

var (
	today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	all   = coder.Wanted{Domain: domain, OwnerSecret: ownerARN, LicenseSecret: licenseARN, KeySecret: keyARN, OIDC: true}
)

// vault is a Secrets Manager in memory.
type vault struct {
	values map[string]string
	calls  []string
	// fail is asked before each call.
	fail func() error
}

func (v *vault) Get(_ context.Context, arn string) (string, bool, error) {
	v.calls = append(v.calls, "get "+arn)
	if err := v.failure(); err != nil {
		return "", false, err
	}
	value, has := v.values[arn]
	return value, has, nil
}

func (v *vault) Put(_ context.Context, arn, value string) error {
	v.calls = append(v.calls, "put "+arn)
	if err := v.failure(); err != nil {
		return err
	}
	v.values[arn] = value
	return nil
}

func (v *vault) failure() error {
	if v.fail == nil {
		return nil
	}
	return v.fail()
}

// claims of a licence that Coder might give.
func claims(change map[string]any) map[string]any {
	c := map[string]any{
		"jti": "4d5a3b0e-0000-4000-8000-000000000001", "exp": day(2027, 2), "license_expires": day(2027, 1),
		"account_id": "example", "version": 3,
		"feature_set": "premium", "features": map[string]any{"user_limit": 50},
	}
	for name, value := range change {
		c[name] = value
	}
	return c
}

func day(year, month int) int64 {
	return time.Date(year, time.Month(month), 15, 0, 0, 0, 0, time.UTC).Unix()
}

// world is a coderd and a Secrets Manager, and what runs left in them.
type world struct {
	*place
	vault *vault
	// given is the session token that the user gave.
	given string
	// adopt is whom the user names as the owner.
	adopt string
	t     *testing.T
}

func newWorld(t *testing.T, settings codertest.Settings) *world {
	w := &world{place: start(t, settings), vault: &vault{values: map[string]string{}}, t: t}
	w.vault.values[licenseARN] = codertest.License(claims(nil)) + "\n"
	return w
}

func (w *world) run(t *testing.T, wanted coder.Wanted) (*coder.Report, error) {
	t.Helper()
	report, err := w.steps(t, wanted).Run(t.Context())
	w.keepsSecrets(t, report, err)
	return report, err
}

func (w *world) steps(t *testing.T, wanted coder.Wanted) *coder.FirstSteps {
	t.Helper()
	w.options.Token, wanted.Adopt = w.given, w.adopt
	return &coder.FirstSteps{
		Client: w.client(t), Secrets: w.vault, Random: rand.New(rand.NewSource(1)), Now: func() time.Time { return today }, Wanted: wanted,
	}
}

// took lets the first steps be taken before a test begins.
func (w *world) took() {
	w.t.Helper()
	if _, err := w.run(w.t, all); err != nil {
		w.t.Fatal(err)
	}
}

// keepsSecrets demands that neither a report nor an error shows a value.
func (w *world) keepsSecrets(t *testing.T, report *coder.Report, err error) {
	t.Helper()
	var shown bytes.Buffer
	fmt.Fprintf(&shown, "%+v %#v %v", report, report, err)
	if writeErr := diagnostic.WriteText(&shown, diagnostic.From(err), diagnostic.Style{}); writeErr != nil {
		t.Fatal(writeErr)
	}
	secrets := append(w.Secrets(), w.given)
	for _, value := range w.vault.values {
		secrets = append(secrets, value)
		if owner, err := coder.ParseOwner(value); err == nil {
			secrets = append(secrets, owner.Password)
		}
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(shown.String(), strings.TrimSpace(secret)) {
			t.Errorf("%q is shown in %s", secret, shown.String())
		}
	}
}

// end is what a world is like after a run, as far as anybody cares.
type end struct {
	Owner, KeptOwner     string
	Licenses, Sessions   int
	KeyIssued, KeyIsKept bool
	Outcomes             string
	OIDCProven           bool
}

func (w *world) end(report *coder.Report) end {
	owner, _ := coder.ParseOwner(w.vault.values[ownerARN])
	first := w.FirstUser()
	key := w.Key(coder.KeyName)
	e := end{
		Owner: first.Email + " " + first.Password, KeptOwner: owner.Email + " " + owner.Password, Licenses: w.Licenses(), Sessions: w.Sessions(),
		KeyIssued: key != "", KeyIsKept: key == w.vault.values[keyARN],
	}
	if report != nil {
		e.OIDCProven = report.OIDCProven
		for _, step := range report.Steps {
			e.Outcomes += string(step.Outcome) + "; "
		}
	}
	return e
}

func TestFirstSteps(t *testing.T) {
	w := newWorld(t, codertest.Settings{OIDC: true})
	report, err := w.run(t, all)
	if err != nil {
		t.Fatal(err)
	}
	want := end{Licenses: 1, KeyIssued: true, KeyIsKept: true, Outcomes: "done; done; done; waiting; "}
	got := w.end(report)
	if got.Owner != got.KeptOwner || !strings.HasPrefix(got.Owner, "owner@example.com ") || len(got.Owner) != len("owner@example.com ")+25 {
		t.Errorf("owner %q, kept %q", got.Owner, got.KeptOwner)
	}
	want.Owner, want.KeptOwner = got.Owner, got.Owner
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after the first run (-want +got):\n%s", diff)
	}
	if detail := report.Steps[1].Detail; detail != "a Premium licence for 50 users, until 15 January 2027; 1 of 50 users are active" {
		t.Errorf("of the licence: %q", detail)
	}

	calls := len(w.Calls())
	report, err = w.run(t, all)
	if err != nil {
		t.Fatal(err)
	}
	want.Outcomes = "already; already; already; waiting; "
	if diff := cmp.Diff(want, w.end(report)); diff != "" {
		t.Errorf("after the second run (-want +got):\n%s", diff)
	}
	for _, call := range w.Calls()[calls:] {
		if !strings.HasPrefix(call, "GET ") && !strings.Contains(call, "/users/log") {
			t.Errorf("the second run made %s", call)
		}
	}

	w.AddUser(codertest.User{Username: "bob", Email: "bob@example.com", LoginType: "oidc", Seen: today})
	report, err = w.run(t, all)
	if err != nil || report.OIDCProven || !strings.Contains(report.Steps[3].Detail, "bob has come in by OIDC, but no owner has") {
		t.Errorf("a user who is no owner proves single sign-on: %+v, %v", report, err)
	}
	w.AddUser(codertest.User{Username: "carol", Email: "carol@example.com", LoginType: "oidc", Owner: true})
	if report, err = w.run(t, all); err != nil || report.OIDCProven {
		t.Errorf("an owner who has never been there proves single sign-on: %+v, %v", report, err)
	}
	w.AddUser(codertest.User{Username: "alice", Email: "alice@example.com", LoginType: "oidc", Owner: true, Seen: today})
	if report, err = w.run(t, all); err != nil || !report.OIDCProven {
		t.Errorf("an owner who came in by OIDC does not prove it: %+v, %v", report, err)
	}
	if owner, err := coder.ParseOwner(w.vault.values[ownerARN]); err != nil || !owner.OIDCProven {
		t.Errorf("it is not remembered: %v", err)
	}

	// Passwords are off: nobody can look any more without a token, and it stays so.
	w.Set(func(s *codertest.Settings) { s.PasswordsOff = true })
	report, err = w.run(t, all)
	if err != nil || !report.OIDCProven || w.end(report).Outcomes != "already; not looked at; not looked at; already; " {
		t.Errorf("without passwords: %+v, %v", report, err)
	}
	w.Owner()
	w.given = codertest.Token
	if report, err = w.run(t, all); err != nil || w.end(report).Outcomes != "already; already; already; already; " || w.Sessions() != 0 {
		t.Errorf("with a token: %+v, %v", report, err)
	}
}

// TestWithoutLicense: Coder without Premium has an owner, and nothing else is done or asked for.
func TestWithoutLicense(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	report, err := w.run(t, coder.Wanted{Domain: domain, OwnerSecret: ownerARN, KeySecret: keyARN})
	if err != nil || w.end(report).Outcomes != "done; not wanted; not wanted; not wanted; " || !report.Ready() {
		t.Errorf("%+v, %v", report, err)
	}
	if diff := cmp.Diff([]string{"GET /api/v2/users/first", "POST /api/v2/users/first"}, w.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

var errCut = errors.New("the connection was cut")

// TestCrash ends a run after each call to coderd and to Secrets Manager, before the call has an effect or after it, and goes on: the end is
// that of a run that nobody interrupted.
func TestCrash(t *testing.T) {
	whole := newWorld(t, codertest.Settings{OIDC: true})
	if _, err := whole.run(t, all); err != nil {
		t.Fatal(err)
	}
	calls, puts := len(whole.Calls()), len(whole.vault.calls)
	if calls < 10 || puts < 6 {
		t.Fatalf("it took %d calls of coderd and %d of Secrets Manager, which cannot be all", calls, puts)
	}
	finish := func(t *testing.T, w *world, last bool) {
		t.Helper()
		// The last call ends the session, which nobody misses.
		if _, err := w.run(t, all); err == nil && !last {
			t.Fatal("the run did not fail although it was cut")
		}
		w.Refuse(nil)
		w.vault.fail, w.cut = nil, nil
		if _, err := w.run(t, all); err != nil {
			t.Fatal(err)
		}
		report, err := w.run(t, all)
		if err != nil {
			t.Fatal(err)
		}
		got := w.end(report)
		if got.Owner != got.KeptOwner || got.Owner == " " || got.Licenses != 1 || !got.KeyIsKept || !got.KeyIssued ||
			got.Outcomes != "already; already; already; waiting; " {
			t.Errorf("%+v", got)
		}
	}
	for n := range calls {
		t.Run(fmt.Sprintf("coderd refuses call %d", n), func(t *testing.T) {
			w := newWorld(t, codertest.Settings{OIDC: true})
			left := n
			w.Refuse(func(string) (int, string) {
				if left--; left >= 0 {
					return 0, ""
				}
				return 500, "Internal error."
			})
			finish(t, w, n == calls-1)
		})
		t.Run(fmt.Sprintf("the answer to call %d is lost", n), func(t *testing.T) {
			w := newWorld(t, codertest.Settings{OIDC: true})
			left := n
			w.cut = func() bool { left--; return left < 0 }
			finish(t, w, n == calls-1)
		})
	}
	for n := range puts {
		t.Run(fmt.Sprintf("Secrets Manager refuses call %d", n), func(t *testing.T) {
			w := newWorld(t, codertest.Settings{OIDC: true})
			left := n
			w.vault.fail = func() error {
				if left--; left >= 0 {
					return nil
				}
				return errCut
			}
			finish(t, w, false)
		})
	}
}
