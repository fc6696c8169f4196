package coder

import (
	"context"
	"errors"
	"net/http"
)

// BuildInfo is what a coderd says of itself.
type BuildInfo struct {
	// Version is its version, such as v2.27.0+1a2b3c4.
	Version string `json:"version"`
	// DashboardURL is the access URL that coderd was given.
	DashboardURL string `json:"dashboard_url"`
	// DeploymentID is what a licence may be bound to.
	DeploymentID string `json:"deployment_id"`
	Telemetry    bool   `json:"telemetry"`
}

// BuildInfo asks for the version of coderd; nobody has to sign in for it.
func (c *Client) BuildInfo(ctx context.Context) (BuildInfo, error) {
	var info BuildInfo
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/buildinfo", accept: []int{http.StatusOK}, into: &info, repeatable: true})
	return info, err
}

// Healthy returns nil if coderd answers. It says so as soon as it serves, which it does after it has reached its database and migrated it.
func (c *Client) Healthy(ctx context.Context) error {
	return c.do(ctx, request{method: http.MethodGet, path: "/healthz", accept: []int{http.StatusOK}, repeatable: true})
}

// AuthMethods are the ways to sign in.
type AuthMethods struct {
	Password, OIDC bool
}

// AuthMethods asks how people can sign in; nobody has to sign in for it.
func (c *Client) AuthMethods(ctx context.Context) (AuthMethods, error) {
	type method struct {
		Enabled bool `json:"enabled"`
	}
	var methods struct {
		Password method `json:"password"`
		OIDC     method `json:"oidc"`
	}
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/users/authmethods", accept: []int{http.StatusOK},
		into: &methods, repeatable: true})
	return AuthMethods{methods.Password.Enabled, methods.OIDC.Enabled}, err
}

// Health is coderd's own opinion of its health.
type Health struct {
	Healthy bool
	// Database is what it says of its database.
	Database Part
}

// Part is the health of one part of coderd.
type Part struct {
	Healthy bool
	// Severity is ok, warning or error.
	Severity string
	// Problem is empty if there is none.
	Problem string
	// LatencyMS is the time of a query in milliseconds.
	LatencyMS int64
}

// Health asks for the report of coderd's health, which owners may read. coderd makes one at most every ten minutes, unless force is set.
func (c *Client) Health(ctx context.Context, force bool) (Health, error) {
	var report struct {
		Healthy  bool `json:"healthy"`
		Database struct {
			Healthy   bool    `json:"healthy"`
			Severity  string  `json:"severity"`
			Error     *string `json:"error"`
			LatencyMS int64   `json:"latency_ms"`
		} `json:"database"`
	}
	path := "/api/v2/debug/health"
	if force {
		path += "?force=true"
	}
	err := c.do(ctx, request{method: http.MethodGet, path: path, accept: []int{http.StatusOK}, into: &report, repeatable: true})
	health := Health{report.Healthy, Part{Healthy: report.Database.Healthy, Severity: report.Database.Severity,
		LatencyMS: report.Database.LatencyMS}}
	if report.Database.Error != nil {
		health.Database.Problem = c.redact(*report.Database.Error)
	}
	return health, err
}

// Entitlements are what coderd makes of its licences.
type Entitlements struct {
	HasLicense bool               `json:"has_license"`
	Trial      bool               `json:"trial"`
	Warnings   []string           `json:"warnings"`
	Errors     []string           `json:"errors"`
	Features   map[string]Feature `json:"features"`
}

// Feature is one feature that a licence may grant.
type Feature struct {
	// Entitlement is entitled, grace_period or not_entitled.
	Entitlement string `json:"entitlement"`
	Enabled     bool   `json:"enabled"`
	// Limit and Actual are counts, such as users; nil where the feature has none.
	Limit  *int64 `json:"limit"`
	Actual *int64 `json:"actual"`
}

// Entitlements asks what the licences grant. Whoever is signed in may ask.
func (c *Client) Entitlements(ctx context.Context) (Entitlements, error) {
	var e Entitlements
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/entitlements", accept: []int{http.StatusOK}, into: &e, repeatable: true})
	return e, err
}

// absent reports whether coderd says that it has no such thing.
func absent(err error) bool {
	var answer *Error
	return errors.As(err, &answer) && !answer.foreign && answer.Status == http.StatusNotFound
}
