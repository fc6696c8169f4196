package coder

import (
	"context"
	"net/http"
	"net/url"
)

// Models are the two AI models that coderd's gateway has from Amazon Bedrock.
type Models struct {
	// Region is the one of Bedrock that is called, and Endpoint the URL of its runtime there.
	Region, Endpoint string
	// Main and Small are inference profiles: the one that answers, and the one that does work in the background.
	Main, Small string
}

// AIProvider is whom coderd's gateway gets models from. Keys are not among what is read.
type AIProvider struct {
	Type        string             `json:"type"`
	Name        string             `json:"name"`
	DisplayName string             `json:"display_name"`
	Enabled     bool               `json:"enabled"`
	BaseURL     string             `json:"base_url"`
	Settings    *AIProviderBedrock `json:"settings"`
}

// AIProviderBedrock is what a provider has that is Amazon Bedrock (codersdk, AIProviderBedrockSettings).
type AIProviderBedrock struct {
	Type    string `json:"_type"`
	Version int    `json:"_version"`
	Region  string `json:"region"`
	Model   string `json:"model"`
	Small   string `json:"small_fast_model"`
}

const aiProviders = "/api/v2/ai/providers"

// AIProvider finds a provider by its name; nil if there is none.
func (c *Client) AIProvider(ctx context.Context, name string) (*AIProvider, error) {
	var answer AIProvider
	err := c.do(ctx, request{method: http.MethodGet, path: aiProviders + "/" + url.PathEscape(name), accept: []int{http.StatusOK},
		into: &answer, repeatable: true})
	if absent(err) {
		return nil, nil
	}
	return &answer, err
}

// CreateAIProvider makes a provider, and returns what coderd has made of it.
func (c *Client) CreateAIProvider(ctx context.Context, p AIProvider) (*AIProvider, error) {
	var answer AIProvider
	err := c.do(ctx, request{method: http.MethodPost, path: aiProviders, accept: []int{http.StatusCreated}, into: &answer, body: p})
	return &answer, err
}

// UpdateAIProvider changes where a provider is and what it has, and returns what coderd has made of it. It stays on or off as it is.
func (c *Client) UpdateAIProvider(ctx context.Context, p AIProvider) (*AIProvider, error) {
	var answer AIProvider
	err := c.do(ctx, request{method: http.MethodPatch, path: aiProviders + "/" + url.PathEscape(p.Name), accept: []int{http.StatusOK},
		into: &answer, repeatable: true, body: map[string]any{"base_url": p.BaseURL, "settings": p.Settings}})
	return &answer, err
}
