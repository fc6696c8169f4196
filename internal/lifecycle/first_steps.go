package lifecycle

import (
	"context"
	"encoding/json"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/verify"
)

// How long coderd is waited for: not at all by those who ask how it is; by those who ask it to do something as long as a pod takes to
// start anew; and after an installation until the load balancer has found it and DNS the load balancer.
const (
	noPatience    time.Duration = 0
	SomePatience                = 90 * time.Second
	startPatience               = 10 * time.Minute
)

// Steps are the first steps of one region. Their JSON form only grows.
type Steps struct {
	Region string       `json:"region"`
	URL    string       `json:"url"`
	Steps  []coder.Step `json:"steps"`
	// OIDCProven says that an owner has come in by single sign-on.
	OIDCProven bool `json:"oidc_proven"`
}

// FirstSteps takes the first steps of installations, or lists them where no coderd runs. What was done is returned with an error too.
func (r *Runner) FirstSteps(ctx context.Context, all []*Installation, patience time.Duration) ([]Steps, error) {
	lines := []Steps{}
	for _, i := range all {
		if i.IsSpoke() {
			continue // it has no coderd, and was served before its platform was made
		}
		line := Steps{Region: i.Region, URL: i.AccessURL}
		steps, err := r.Target.Coder(ctx, i, patience)
		if err != nil {
			return lines, err
		}
		if steps == nil {
			line.Steps = i.Wanted.Preview()
			lines = append(lines, line)
			continue
		}
		report, err := steps.Run(ctx)
		line.Steps, line.OIDCProven = append([]coder.Step{}, report.Steps...), report.OIDCProven
		lines = append(lines, line)
		if err != nil {
			return lines, insideOnly(i, err)
		}
	}
	return lines, nil
}

// prepare keeps the owner in Secrets Manager before the platform is made. What makes the first user runs in the cluster, before the load
// balancer reaches coderd, and takes the password from there. What a spoke's pods sign in with, the hub issues.
func (w *Work) prepare(ctx context.Context) error {
	platform := w.site.Cloud().platform
	if w.Stack != PlatformStack || platform == nil || w.runner.leaving {
		return nil
	}
	read, err := verify.Read(platform)
	if err != nil {
		return nil // a cloud that names no Coder has no owner either
	}
	installation := &Installation{Deployment: read, Wanted: wantedOf(w.region, read)}
	if w.region.IsSpoke() {
		if w.site.hub == nil || w.site.hub.installation == nil {
			return w.site.noHub()
		}
		w.site.hub.asking.Lock()
		defer w.site.hub.asking.Unlock()
		return w.runner.Target.Serve(ctx, w.site.hub.installation, installation)
	}
	return w.runner.Target.Keep(ctx, installation)
}

// insideOnly says of a Coder that answers inside of the VPC alone how to reach it.
func insideOnly(i *Installation, err error) error {
	list := diagnostic.From(err)
	if i.LoadBalancer.Internal && list[0].Code == "coder.unreachable" {
		list[0].Todo = "its load balancer is internal: run `coderaws first-steps` from a machine that reaches the VPC, or with " +
			"session-manager-plugin on PATH"
	}
	return err
}

// provenTimeout bounds the asking of one coderd.
const provenTimeout = time.Minute

// proven asks coderd what no user writes: whether single sign-on was proven. Without a coderd to ask it says nothing.
func (r *Runner) proven(ctx context.Context, region *deployment.Region, platform json.RawMessage) (map[string]any, error) {
	read, err := verify.Read(platform)
	wanted := wantedOf(region, read)
	if err != nil || !wanted.OIDC {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, provenTimeout)
	defer cancel()
	steps, err := r.Target.Coder(ctx, &Installation{Deployment: read, Wanted: wanted}, noPatience)
	if err != nil || steps == nil {
		return nil, err
	}
	defer steps.Leave(ctx)
	owner, kept, err := steps.Owner(ctx)
	if err == nil && !kept {
		return nil, nil // nothing was ever installed that could be asked
	}
	step, proven, err := steps.Proven(ctx)
	if err != nil {
		r.warn(unproven(region.Name, owner.OIDCProven, err))
		return map[string]any{"oidc_proven": owner.OIDCProven}, nil
	}
	if step.Outcome == coder.Waiting {
		r.notice(region.Name + ", single sign-on: " + step.Detail)
	}
	return map[string]any{"oidc_proven": proven}, nil
}

// unproven warns that coderd could not be asked, so that what was known last holds.
func unproven(region string, known bool, err error) *diagnostic.Diagnostic {
	passwords := "on"
	if known {
		passwords = "off"
	}
	w := diagnostic.Warningf("coderd of %s cannot be asked whether single sign-on works: passwords stay %s, as was known last",
		region, passwords)
	w.Code, w.Why = "coder.oidc_unknown", diagnostic.From(err)[0].Error()
	w.Todo = "see `coderaws status DIR --target aws`; if single sign-on itself is broken, take coder.oidc out of the settings to let passwords in again"
	return w
}
