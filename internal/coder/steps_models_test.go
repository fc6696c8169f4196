package coder_test

import (
	"slices"
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
)

// withModels wants AI models as well as all else.
func withModels() coder.Wanted {
	wanted := all
	wanted.Models = &coder.Models{Region: "eu-west-1", Endpoint: "https://bedrock-runtime.eu-west-1.amazonaws.com",
		Main: "eu.anthropic.claude-sonnet-4-6", Small: "eu.anthropic.claude-haiku-4-5-20251001-v1:0"}
	return wanted
}

// TestModelsStep is the specification of the step that names AI models to coderd.
func TestModelsStep(t *testing.T) {
	provider := func(change map[string]any) map[string]any {
		p := map[string]any{"type": "bedrock", "name": "anthropic", "enabled": true,
			"base_url": "https://bedrock-runtime.eu-west-1.amazonaws.com",
			"settings": map[string]any{"_type": "bedrock", "_version": 1, "region": "eu-west-1", "model": "eu.anthropic.claude-sonnet-4-6",
				"small_fast_model": "eu.anthropic.claude-haiku-4-5-20251001-v1:0"}}
		for key, value := range change {
			p[key] = value
		}
		return p
	}
	for _, test := range []struct {
		name     string
		settings codertest.Settings
		given    func(w *world)
		outcome  coder.Outcome
		// detail and todo are parts of what is said; refused is a part of the error that ends the run instead.
		detail, todo, refused string
		// changes says that coderd's provider is made or changed.
		changes bool
	}{
		{name: "no provider is there", outcome: coder.Done, detail: "coderd has the models eu.anthropic.claude-sonnet-4-6 and", changes: true},
		{name: "the provider is there", outcome: coder.Already, detail: "coderd has the models",
			given: func(w *world) { w.SetProvider("anthropic", provider(nil)) }},
		{name: "it has other models", outcome: coder.Done, detail: "coderd has other models now", changes: true,
			given: func(w *world) {
				w.SetProvider("anthropic", provider(map[string]any{"settings": map[string]any{"_type": "bedrock", "_version": 1, "model": "old"}}))
			}},
		{name: "it is of another type", outcome: coder.Waiting, detail: "of type anthropic, which coderaws did not make", todo: "delete it",
			given: func(w *world) {
				w.SetProvider("anthropic", provider(map[string]any{"type": "anthropic", "settings": nil}))
			}},
		{name: "somebody has switched it off", outcome: coder.Already, detail: "is switched off in Coder, and stays so",
			given: func(w *world) { w.SetProvider("anthropic", provider(map[string]any{"enabled": false})) }},
		{name: "the licence does not hold the gateway", outcome: coder.Waiting, detail: "does not hold the AI Gateway (feature aibridge)",
			todo: "ask Coder for a licence that holds AI Governance",
			given: func(w *world) {
				w.vault.values[licenseARN] = codertest.License(claims(map[string]any{
					"feature_set": "", "features": map[string]any{"external_provisioner_daemons": 1}}))
			}},
		{name: "no licence is in the secret", outcome: coder.Waiting, detail: "needs the licence, and that comes first",
			given: func(w *world) { delete(w.vault.values, licenseARN) }},
		{name: "a coderd that has no providers", outcome: coder.Waiting, detail: "has no providers of AI models", todo: "raise coder.version",
			settings: codertest.Settings{WithoutProviders: true}},
		{name: "a coderd that answers without what it was given", refused: "coderd did not keep the AI models that it was given", changes: true,
			settings: codertest.Settings{Forgetful: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.settings.OIDC = true
			w := newWorld(t, test.settings)
			if test.given != nil {
				test.given(w)
			}
			report, err := w.run(t, withModels())
			changed := slices.ContainsFunc(w.Calls(), func(call string) bool {
				return strings.Contains(call, "/ai/providers") && !strings.HasPrefix(call, "GET ")
			})
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Fatalf("%v, want %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			step := report.Steps[len(report.Steps)-1]
			if step.Name != coder.ModelsStep || step.Outcome != test.outcome || !strings.Contains(step.Detail, test.detail) ||
				!strings.Contains(step.Todo, test.todo) {
				t.Errorf("%+v", step)
			}
			if (step.Outcome == coder.Waiting) != (step.Todo != "") {
				t.Errorf("%s and todo %q", step.Outcome, step.Todo)
			}
			if changed != test.changes && test.outcome != coder.Waiting {
				t.Errorf("it called %v", w.Calls())
			}
		})
	}
}

// TestModelsTwice takes the steps twice: the second run changes nothing, and the provider has no key.
func TestModelsTwice(t *testing.T) {
	w := newWorld(t, codertest.Settings{OIDC: true})
	for i, want := range []coder.Outcome{coder.Done, coder.Already} {
		report, err := w.run(t, withModels())
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Steps[4].Outcome; got != want {
			t.Errorf("run %d: %s, want %s", i+1, got, want)
		}
	}
	made := w.Provider("anthropic")
	if made["type"] != "bedrock" || made["api_keys"] != nil || made["base_url"] != "https://bedrock-runtime.eu-west-1.amazonaws.com" {
		t.Errorf("the provider is %v", made)
	}
	steps := withModels().Preview()
	if last := steps[len(steps)-1]; last.Name != coder.ModelsStep || last.Outcome != coder.Later {
		t.Errorf("a rehearsal lists %+v", last)
	}
}
