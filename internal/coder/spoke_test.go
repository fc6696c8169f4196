package coder_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"
)

const (
	proxyARN    = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:coder-europe/proxy-token-AbCdEf"
	spokeKeyARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:coder-europe/provisioner-key-AbCdEf"
)

// TestServe is the specification of what a region gets that serves another one's coderd, whatever of it is there.
func TestServe(t *testing.T) {
	const proxy, key = "workspace proxy", "provisioner key"
	for _, test := range []struct {
		name     string
		settings codertest.Settings
		// claims are those of the licence; nil for one with all features.
		claims map[string]any
		given  func(w *world, region *vault)
		// done and already are the steps with these outcomes; refused is a part of the error that ends it instead, and code its code.
		done, already, refused, code string
	}{
		{name: "nothing is there", done: proxy + ", " + key},
		{name: "all is there", already: proxy + ", " + key, given: func(w *world, region *vault) { served(t, w, region) }},
		{name: "the token is lost", done: proxy, already: key, given: func(w *world, region *vault) {
			served(t, w, region)
			delete(region.values, proxyARN)
		}},
		{name: "the key is lost", done: key, already: proxy, given: func(w *world, region *vault) {
			served(t, w, region)
			delete(region.values, spokeKeyARN)
		}},
		{name: "the key is another coderd's", done: key, already: proxy, given: func(w *world, region *vault) {
			served(t, w, region)
			region.values[spokeKeyARN] = "key-of-a-coderd-of-before"
		}},
		{name: "somebody has made the proxy, without names and picture, and with another case", done: proxy + ", " + key,
			given: func(w *world, _ *vault) { w.AddProxy(codertest.Proxy{Name: "EU-West-2"}) }},
		{name: "the proxy was deleted", done: proxy, already: key, given: func(w *world, region *vault) {
			served(t, w, region)
			w.AddProxy(codertest.Proxy{Name: "other"})
			w.RemoveProxy("eu-west-2")
		}},
		{name: "a licence that holds none of it", code: "coder.not_premium", refused: "Workspace Proxy is a Premium feature. Contact sales!",
			claims: map[string]any{"feature_set": "", "features": map[string]any{"external_provisioner_daemons": 1}}},
		{name: "a licence without external provisioners", code: "coder.not_premium", refused: "External Provisioner Daemons is a Premium feature",
			claims: map[string]any{"feature_set": "", "features": map[string]any{"workspace_proxy": 1}}},
		{name: "a coderd without what is Premium, whose first user coderaws did not make",
			settings: codertest.Settings{WithoutPremium: true}, code: "coder.not_signed_in"},
		{name: "the region's secrets cannot be written", refused: "no such secret",
			given: func(_ *world, region *vault) { region.fail = func() error { return errors.New("no such secret") } }},
		{name: "coderd fails", refused: "out of order", given: func(w *world, _ *vault) {
			w.Refuse(func(call string) (int, string) {
				if strings.HasPrefix(call, "POST /api/v2/workspaceproxies") {
					return http.StatusInternalServerError, "out of order"
				}
				return 0, ""
			})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, region := newWorld(t, test.settings), &vault{values: map[string]string{}}
			if test.claims != nil {
				w.vault.values[licenseARN] = codertest.License(claims(test.claims))
			}
			if test.settings.WithoutPremium {
				w.AddUser(codertest.User{Email: "eve@example.com", LoginType: "password"})
			} else {
				w.took()
			}
			if test.given != nil {
				test.given(w, region)
				if _, err := w.run(t, all); err != nil && test.code == "" {
					t.Fatal(err)
				}
			}
			steps, err := w.serve(t, region)
			if test.refused != "" || test.code != "" {
				list := diagnostic.From(err)
				if len(list) == 0 || !strings.Contains(list[0].Error()+list[0].Why, test.refused) || test.code != "" && list[0].Code != test.code {
					t.Fatalf("got %v, want %q and the code %q", err, test.refused, test.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			with := func(outcome coder.Outcome) string {
				var names []string
				for _, step := range steps {
					if step.Outcome == outcome {
						names = append(names, step.Name)
					}
				}
				return strings.Join(names, ", ")
			}
			if with(coder.Done) != test.done || with(coder.Already) != test.already {
				t.Errorf("got %+v, want %q done and %q already", steps, test.done, test.already)
			}
			if got, want := region.values[proxyARN], w.Proxy("eu-west-2").Token; got != want || want == "" {
				t.Errorf("the secret has %q, and coderd takes %q", got, want)
			}
			if got, want := region.values[spokeKeyARN], w.Key("coderaws-eu-west-2"); got != want || want == "" {
				t.Errorf("the secret has the key %q, and coderd takes %q", got, want)
			}
			if tags := w.Tags("coderaws-eu-west-2"); tags["region"] != "eu-west-2" || len(tags) != 1 {
				t.Errorf("the key has tags %v", tags)
			}
		})
	}
}

func served(t *testing.T, w *world, region *vault) {
	t.Helper()
	if _, err := w.serve(t, region); err != nil {
		t.Fatal(err)
	}
}

// serve lets eu-west-2 serve the coderd, and holds what is said to saying no secret.
func (w *world) serve(t *testing.T, region *vault) ([]coder.Step, error) {
	t.Helper()
	steps := w.steps(t, all)
	defer steps.Leave(t.Context())
	taken, err := steps.Serve(t.Context(), coder.Spoke{Region: "eu-west-2", Secrets: region, ProxySecret: proxyARN, KeySecret: spokeKeyARN})
	w.keepsSecrets(t, &coder.Report{Steps: taken}, err)
	return taken, err
}

// TestWorkspacesIn: workspaces live where their last build was, whoever owns them, and however many there are.
func TestWorkspacesIn(t *testing.T) {
	w := newWorld(t, codertest.Settings{})
	w.took()
	for i := range 230 {
		w.AddWorkspace(codertest.Workspace{Owner: "bo", Name: fmt.Sprintf("hub-%d", i), Tags: map[string]string{"scope": "organization"}})
		if i%100 == 7 {
			w.AddWorkspace(codertest.Workspace{Owner: "ada", Name: fmt.Sprintf("dev-%d", i), Tags: map[string]string{"region": "eu-west-2"}})
		}
	}
	steps := w.steps(t, all)
	defer steps.Leave(t.Context())
	for region, want := range map[string]string{"eu-west-2": "[ada/dev-7 ada/dev-107 ada/dev-207]", "us-west-2": "[]"} {
		if found, err := steps.WorkspacesIn(t.Context(), region); err != nil || fmt.Sprint(found) != want {
			t.Errorf("in %s there are %v, %v; want %s", region, found, err, want)
		}
	}
}

// TestDismiss: what a region had of coderd is taken back, and only that; whoever does it again finds nothing to do.
func TestDismiss(t *testing.T) {
	w, region := newWorld(t, codertest.Settings{}), &vault{values: map[string]string{}}
	w.took()
	served(t, w, region)
	w.AddProxy(codertest.Proxy{Name: "us-west-2"})
	for _, when := range []string{"once", "again"} {
		steps := w.steps(t, all)
		if err := steps.Dismiss(t.Context(), "eu-west-2"); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		steps.Leave(t.Context())
		if w.Proxy("eu-west-2") != nil || w.Key("coderaws-eu-west-2") != "" {
			t.Errorf("%s: the proxy or the key is still there", when)
		}
	}
	if w.Proxy("us-west-2") == nil || w.Key("coderaws") == "" {
		t.Error("what other regions have is gone, too")
	}
	w.Refuse(func(call string) (int, string) {
		if strings.HasPrefix(call, "DELETE /api/v2/workspaceproxies") {
			return http.StatusInternalServerError, "out of order"
		}
		return 0, ""
	})
	steps := w.steps(t, all)
	defer steps.Leave(t.Context())
	if list := diagnostic.From(steps.Dismiss(t.Context(), "eu-west-2")); len(list) != 1 ||
		!strings.Contains(list[0].Error()+list[0].Why, "out of order") {
		t.Errorf("coderd fails, and that is said as %v", list)
	}
}
