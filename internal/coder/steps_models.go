package coder

import (
	"context"
	"net/http"

	"coderaws/internal/diagnostic"
)

// ModelsStep names Amazon Bedrock's models to coderd. It is taken where the settings have AI models.
const ModelsStep = "AI models"

// ModelsName is what coderd knows the provider by. Coder's registry has a module for Claude Code that asks for a provider of this name
// whatever its type is.
const ModelsName = "anthropic"

// gatewayFeature is the AI Gateway in the words of coderd's entitlements.
const gatewayFeature = "aibridge"

// models makes the provider of the settings, or changes it into that. One of another type, and what people switch off, is theirs.
func (f *FirstSteps) models(ctx context.Context, report *Report) (Step, error) {
	if report.License == nil {
		return Step{ModelsStep, Waiting, "the AI Gateway needs the licence, and that comes first", "see the step of the licence"}, nil
	}
	if blocked, err := f.signIn(ctx); err != nil || blocked != nil {
		return blocked.step(ModelsStep), err
	}
	entitlements, err := f.Client.Entitlements(ctx)
	if err != nil {
		return Step{}, err
	}
	if granted := entitlements.Features[gatewayFeature].Entitlement; granted != "entitled" && granted != "grace_period" {
		return Step{ModelsStep, Waiting, "the licence does not hold the AI Gateway (feature " + gatewayFeature + "): coderd would answer each " +
			"request for a model with 403",
			"ask Coder for a licence that holds AI Governance, or set deployment_features.ai_gateway to false"}, nil
	}
	wanted := f.Wanted.Models.provider()
	there, err := f.Client.AIProvider(ctx, ModelsName)
	switch {
	case err != nil:
		return Step{}, err
	case there == nil:
		made, err := f.Client.CreateAIProvider(ctx, wanted)
		return made.taken(wanted, "coderd has the models "+wanted.models(), err)
	case there.Type != wanted.Type:
		return Step{ModelsStep, Waiting, "coderd has a provider " + ModelsName + " of type " + there.Type + ", which coderaws did not make",
			"delete it, or give it another name, and run the same command again: agents in workspaces look for this name"}, nil
	case !there.Enabled:
		return Step{ModelsStep, Already, "the provider " + ModelsName + " is switched off in Coder, and stays so", ""}, nil
	case there.same(wanted):
		return Step{ModelsStep, Already, "coderd has the models " + wanted.models(), ""}, nil
	}
	changed, err := f.Client.UpdateAIProvider(ctx, wanted)
	return changed.taken(wanted, "coderd has other models now: "+wanted.models(), err)
}

// provider is what coderd is told of models.
func (m *Models) provider() AIProvider {
	return AIProvider{Type: "bedrock", Name: ModelsName, DisplayName: "Amazon Bedrock", Enabled: true, BaseURL: m.Endpoint,
		Settings: &AIProviderBedrock{Type: "bedrock", Version: 1, Region: m.Region, Model: m.Main, Small: m.Small}}
}

func (p *AIProvider) models() string { return p.Settings.Model + " and " + p.Settings.Small }

// same reports whether a provider is where another is, and has the same models.
func (p *AIProvider) same(other AIProvider) bool {
	return p.BaseURL == other.BaseURL && p.Settings != nil && other.Settings != nil && p.Settings.Region == other.Settings.Region &&
		p.Settings.Model == other.Settings.Model && p.Settings.Small == other.Settings.Small
}

// taken is the step after coderd has answered: an answer that lacks what was sent is none.
func (p *AIProvider) taken(wanted AIProvider, detail string, err error) (Step, error) {
	switch code := status(err); {
	case code == http.StatusNotFound:
		return Step{ModelsStep, Waiting, "this coderd has no providers of AI models: " + said(err), "raise coder.version to 2.35.1 or later"}, nil
	case err != nil:
		return Step{}, err
	case !p.same(wanted):
		d := diagnostic.Errorf("coderd did not keep the AI models that it was given")
		d.Code, d.Why = "coder.models", "it answered without the region, the endpoint or the models of the provider "+ModelsName
		d.Todo = "look at the providers in Coder, under Admin settings and AI, and at whether coder.version is what runs"
		return Step{}, d
	}
	return Step{ModelsStep, Done, detail, ""}, nil
}
