//go:build unix

package e2e_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/diagnostic"
)

const (
	ownerSecret   = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/owner-password"
	licenseSecret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder-license"
	keySecret     = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/provisioner-key"
)

// firstDay lives through the first day of a deployment without a licence.
func firstDay(t *testing.T, m machine, settings, variables map[string]string, provider *issuer) {
	url := settings["CODER_ACCESS_URL"]
	coderd := bootCoderd(t, m, settings)
	if status := statusOf(url + "/api/v2/users/first"); status != http.StatusNotFound {
		t.Fatalf("a new coderd answers %d to who its first user is, want 404", status)
	}
	c := client(t, url)
	if info, err := c.BuildInfo(t.Context()); err != nil || !strings.HasPrefix(info.Version, "v"+coderVersion) {
		t.Errorf("it calls itself %+v, %v", info, err)
	}

	kept := &secrets{values: map[string]string{}}
	steps := &coder.FirstSteps{
		Client: c, Secrets: kept, Random: rand.Reader, Now: time.Now,
		Wanted: coder.Wanted{Domain: "coder.example.com", OwnerSecret: ownerSecret, KeySecret: keySecret, OIDC: true},
	}
	for _, want := range []coder.Outcome{coder.Done, coder.Already} {
		report, err := steps.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		outcomes := map[string]coder.Outcome{}
		for _, step := range report.Steps {
			outcomes[step.Name] = step.Outcome
		}
		if wanted := map[string]coder.Outcome{
			coder.OwnerStep: want, coder.LicenseStep: coder.Unwanted, coder.KeyStep: coder.Unwanted, coder.OIDCStep: coder.Waiting,
		}; !maps.Equal(outcomes, wanted) {
			t.Errorf("the steps came to %v, want %v", report.Steps, wanted)
		}
	}
	owner, err := coder.ParseOwner(kept.values[ownerSecret])
	if err != nil {
		t.Fatal(err)
	}
	if log := coderd.output.String(); strings.Contains(log, owner.Password) {
		t.Error("coderd's log has the owner's password")
	}

	t.Run("without a licence", func(t *testing.T) { withoutLicense(t, c, owner, kept) })
	t.Run("templates", func(t *testing.T) { pushTemplates(t, c, owner, variables) })
	t.Run("single sign-on", func(t *testing.T) { singleSignOn(t, m, settings, provider, coderd, steps, owner) })
}

// withoutLicense asks for what is Premium.
func withoutLicense(t *testing.T, c *coder.Client, owner coder.Owner, kept *secrets) {
	if err := c.SignIn(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	if entitlements, err := c.Entitlements(t.Context()); err != nil || entitlements.HasLicense {
		t.Errorf("entitlements are %+v, %v", entitlements, err)
	}
	if health, err := c.Health(t.Context(), true); err != nil || !health.Database.Healthy {
		t.Errorf("the database is %+v, %v", health.Database, err)
	}
	_, err := c.ProvisionerKeys(t.Context())
	t.Logf("asked for provisioner keys, coderd says: %v", err)
	if !isNotPremium(err) {
		t.Errorf("provisioner keys without a licence: %v, want ErrNotPremium", err)
	}
	if _, err := c.WorkspaceProxy(t.Context(), "eu-west-2"); !isNotPremium(err) {
		t.Errorf("workspace proxies without a licence: %v", err)
	}
	if _, err := c.CreateWorkspaceProxy(t.Context(), coder.WorkspaceProxy{Name: "eu-west-2"}); !isNotPremium(err) {
		t.Errorf("a workspace proxy without a licence: %v", err)
	}
	if _, err := c.CreateProvisionerKey(t.Context(), coder.KeyName, map[string]string{}); !isNotPremium(err) {
		t.Errorf("a provisioner key without a licence: %v, want ErrNotPremium", err)
	}
	daemons, err := c.ProvisionerDaemons(t.Context())
	if err != nil || !slices.ContainsFunc(daemons, coder.ProvisionerDaemon.Connected) {
		t.Errorf("built-in provisioners are %v, %v", daemons, err)
	}
	if err := c.SignOut(t.Context()); err != nil {
		t.Error(err)
	}

	// A key that coderd has not issued is nobody's, and no error: it is how coderaws finds out that it must issue one.
	if name, err := c.ProvisionerKeyName(t.Context(), "0123456789012345678901234567890123456789012"); name != "" || err != nil {
		t.Errorf("a key that nobody issued: %q, %v", name, err)
	}

	for what, license := range map[string]string{
		"something that is no licence": "eyJhbGciOiJFZERTQSJ9.eyJmZWF0dXJlcyI6e319.c2lnbmF0dXJl",
		"a forged licence":             forgedLicense(t),
	} {
		kept.values[licenseSecret] = license
		_, err = (&coder.FirstSteps{
			Client: c, Secrets: kept, Random: rand.Reader, Now: time.Now,
			Wanted: coder.Wanted{Domain: "coder.example.com", OwnerSecret: ownerSecret, LicenseSecret: licenseSecret, KeySecret: keySecret},
		}).Run(t.Context())
		t.Logf("given %s: %v", what, err)
		var finding *diagnostic.Diagnostic
		if !errors.As(err, &finding) || finding.Todo == "" || finding.Code != "coder.licence" {
			t.Errorf("given %s, what to do is not said: %+v", what, err)
		}
		if strings.Contains(fmt.Sprintf("%+v", err), strings.Split(license, ".")[2]) {
			t.Errorf("given %s, it is shown", what)
		}
	}
	if _, has := kept.values[keySecret]; has {
		t.Error("a provisioner key was kept though none was issued")
	}
}

// pushTemplates pushes the template kubernetes with the variables of the deployment, makes a workspace of it, and stops
// and deletes that. The Kubernetes provider is a stand-in with the real one's schema: what a cluster would say is not
// tried, nor is the template ec2-linux, whose plan asks AWS.
func pushTemplates(t *testing.T, c *coder.Client, owner coder.Owner, variables map[string]string) {
	if err := c.SignIn(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	template, err := coder.Pack(os.DirFS("../../.."), "templates/kubernetes", "kubernetes", coder.RegionTagsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"namespace", "node_selector", "tolerations", "storage_class", "priority_class", "profiles"} {
		if variables[name] == "" {
			t.Errorf("the deployment does not say %s", name)
		}
	}
	// An empty value is a value: this template is without code-server.
	template.Variables = with(variables, map[string]string{"code_server_version": ""})
	var log strings.Builder
	options := coder.PushOptions{Log: func(line coder.LogLine) { fmt.Fprintln(&log, line.Stage, line.Output) }}
	for _, want := range []string{coder.Created, coder.Unchanged} {
		pushed, err := c.Push(t.Context(), template, options)
		if err != nil || pushed.Outcome != want {
			t.Fatalf("pushed: %+v, %v, want %s\n%s", pushed, err, want, complaint(log.String()))
		}
		if want != coder.Created {
			continue
		}
		parameters, err := c.Parameters(t.Context(), pushed.VersionID)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, p := range parameters {
			found[p.Name] = p.DefaultValue
		}
		if want := map[string]string{"size": "small", "home_gib": "10", "environment": "Ubuntu 24.04"}; !maps.Equal(found, want) {
			t.Errorf("coderd found the parameters %v, want %v", found, want)
		}
	}
	liveWorkspace(t, c.URL(), owner)
}

// forgedLicense is a licence that has all that Coder's have but its signature.
func forgedLicense(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	year := time.Now().Add(365 * 24 * time.Hour).Unix()
	claims := fmt.Sprintf(
		`{"jti":"1","iss":"test@coder.com","nbf":1,"iat":1,"exp":%d,"license_expires":%d,"version":3,"account_type":"salesforce","account_id":"1","feature_set":"premium","features":{"user_limit":100}}`, year, year)
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","kid":"2022-08-12","typ":"JWT"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(claims))
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(text)))
}
