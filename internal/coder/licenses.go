package coder

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// License is a licence as its claims describe it. The signature is for coderd to judge.
type License struct {
	// ID identifies the licence; empty in old ones.
	ID string
	// Account is whom it was given to.
	Account string
	// Expires is the end of the term, and GraceEnds that of the time after it in which features still work.
	Expires, GraceEnds time.Time
	Trial              bool
	// FeatureSet is premium or enterprise; empty where features are named one by one.
	FeatureSet string
	// Features are those that are named, in alphabetical order, without limits of number.
	Features []string
	// UserLimit is how many active users it allows; 0 if it does not say.
	UserLimit int64
	// Deployments are the only ones it can be used on; empty for all.
	Deployments []string
	// RequiresTelemetry says that coderd must report telemetry for it to count.
	RequiresTelemetry bool

	// claims are all of them, in one order.
	claims string
}

// claims are those of a licence that are understood here (enterprise/coderd/license, Claims).
type claims struct {
	ID               string           `json:"jti"`
	Expires          *json.Number     `json:"exp"`
	LicenseExpires   *json.Number     `json:"license_expires"`
	Account          string           `json:"account_id"`
	Deployments      []string         `json:"deployment_ids"`
	Trial            bool             `json:"trial"`
	FeatureSet       string           `json:"feature_set"`
	AllFeatures      bool             `json:"all_features"`
	Features         map[string]int64 `json:"features"`
	RequireTelemetry bool             `json:"require_telemetry"`
}

// ParseLicense reads a licence as Coder gives it out: a JSON web token. Its errors name no part of it.
func ParseLicense(text string) (*License, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("a licence is three parts with dots between them, and this has %d", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("its second part is not base64: it may have been cut off or broken into lines")
	}
	return licenseOf(payload)
}

func licenseOf(payload []byte) (*License, error) {
	var c claims
	var all map[string]any
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if json.Unmarshal(payload, &c) != nil || decoder.Decode(&all) != nil {
		return nil, fmt.Errorf("its claims are not those of a licence of Coder")
	}
	ends, err := instant(c.Expires)
	if err != nil {
		return nil, fmt.Errorf("it does not say when it ends")
	}
	expires, err := instant(c.LicenseExpires)
	if err != nil {
		return nil, fmt.Errorf("it does not say when it expires")
	}
	sorted, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write the claims of a licence: %w", err)
	}
	l := &License{
		ID: c.ID, Account: c.Account, Expires: expires, GraceEnds: ends, Trial: c.Trial,
		FeatureSet: strings.ToLower(c.FeatureSet), UserLimit: c.Features["user_limit"],
		Deployments: c.Deployments, RequiresTelemetry: c.RequireTelemetry, claims: string(sorted),
	}
	if c.AllFeatures && l.FeatureSet == "" {
		l.FeatureSet = "enterprise"
	}
	for name, value := range c.Features {
		if value > 0 && name != "user_limit" {
			l.Features = append(l.Features, name)
		}
	}
	slices.Sort(l.Features)
	return l, nil
}

func instant(n *json.Number) (time.Time, error) {
	if n == nil {
		return time.Time{}, fmt.Errorf("no time")
	}
	seconds, err := n.Float64()
	if err != nil {
		return time.Time{}, fmt.Errorf("no time: %w", err)
	}
	return time.Unix(int64(seconds), 0).UTC(), nil
}

// Same reports whether two licences are one.
func (l *License) Same(other *License) bool {
	if l.ID != "" || other.ID != "" {
		return l.ID == other.ID
	}
	return l.claims == other.claims
}

// Licenses lists the licences of coderd. Those that cannot be read are left out. It returns ErrNotPremium for a coderd that was built
// without the features that licences are for.
func (c *Client) Licenses(ctx context.Context) ([]*License, error) {
	var answer []struct {
		UUID   string          `json:"uuid"`
		Claims json.RawMessage `json:"claims"`
	}
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/licenses", accept: []int{http.StatusOK}, into: &answer, repeatable: true})
	if absent(err) {
		return nil, premium(err)
	}
	var licenses []*License
	for _, one := range answer {
		if license, parseErr := licenseOf(one.Claims); parseErr == nil {
			licenses = append(licenses, license)
		}
	}
	return licenses, err
}

// AddLicense gives coderd a licence. coderd takes the same one twice, so that callers look at Licenses first.
func (c *Client) AddLicense(ctx context.Context, text string) error {
	c.hide(text)
	err := c.do(ctx, request{
		method: http.MethodPost, path: "/api/v2/licenses", accept: []int{http.StatusCreated}, body: map[string]any{"license": text},
	})
	if absent(err) {
		return premium(err)
	}
	return err
}
