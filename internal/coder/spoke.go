package coder

import (
	"context"
	"errors"
	"slices"

	"coderaws/internal/diagnostic"
)

// Spoke is a region that serves this coderd: it has a workspace proxy, and provisioners with a tag. Both sign in with what coderd shows
// once, which goes straight into the region's secrets.
type Spoke struct {
	// Region is its name, by which coderd knows the proxy, and which jobs for its provisioners have in their tag RegionTag.
	Region string
	// Secrets are those of the region; ProxySecret and KeySecret are the ARNs of the proxy's token and of the provisioners' key.
	Secrets                Secrets
	ProxySecret, KeySecret string
}

// ProxyStep is what a spoke needs beside its KeyStep.
const ProxyStep = "workspace proxy"

// RegionTag is the tag of provisioner jobs that run in one region.
const RegionTag = "region"

// Serve lets a spoke serve this coderd. It does what is left to do: a proxy or a key whose value is lost is issued anew. Its errors are
// diagnostics.
func (f *FirstSteps) Serve(ctx context.Context, spoke Spoke) ([]Step, error) {
	what := "coderd cannot let " + spoke.Region + " serve it"
	if err := f.SignIn(ctx); err != nil {
		return nil, err
	}
	proxy, err := f.proxy(ctx, spoke)
	if err != nil {
		return nil, unlicensed(what, err)
	}
	steps := []Step{proxy}
	names, err := f.Client.ProvisionerKeys(ctx)
	if err != nil {
		return steps, unlicensed(what, err)
	}
	key := issuedKey{name: spokeKeyName(spoke.Region), tags: map[string]string{RegionTag: spoke.Region}, secret: spoke.KeySecret,
		secrets: spoke.Secrets}
	step, err := f.issue(ctx, key, names)
	if err != nil {
		return steps, unlicensed(what, err)
	}
	return append(steps, step), nil
}

// WorkspacesIn lists the workspaces that the provisioners of a region have built, and that nobody else can delete. Its errors are
// diagnostics.
func (f *FirstSteps) WorkspacesIn(ctx context.Context, region string) ([]Workspace, error) {
	if err := f.SignIn(ctx); err != nil {
		return nil, err
	}
	all, err := f.Client.Workspaces(ctx)
	if err != nil {
		return nil, Explain("coderd does not tell which workspaces are in "+region, err)
	}
	return slices.DeleteFunc(all, func(w Workspace) bool { return w.Region != region }), nil
}

// Dismiss takes back what Serve gave to a region that is no more: its proxy and its key. What is gone already is no error; errors are
// diagnostics.
func (f *FirstSteps) Dismiss(ctx context.Context, region string) error {
	what := "coderd still knows the region " + region
	if err := f.SignIn(ctx); err != nil {
		return err
	}
	if err := f.Client.DeleteWorkspaceProxy(ctx, region); err != nil {
		return unlicensed(what, err)
	}
	if err := f.Client.DeleteProvisionerKey(ctx, spokeKeyName(region)); err != nil {
		return unlicensed(what, err)
	}
	return nil
}

// spokeKeyName is the name of the key of a region's provisioners.
func spokeKeyName(region string) string { return KeyName + "-" + region }

// proxy makes the proxy of a spoke, or repairs what of it is not there. Source of the order: coderd's handlers of workspace proxies
// (enterprise/coderd/workspaceproxy.go), which show a token when it is made and keep its hash alone.
func (f *FirstSteps) proxy(ctx context.Context, spoke Spoke) (Step, error) {
	wanted := WorkspaceProxy{Name: spoke.Region, DisplayName: spoke.Region, Icon: globe}
	there, err := f.Client.WorkspaceProxy(ctx, spoke.Region)
	if err != nil {
		return Step{}, err
	}
	_, kept, err := spoke.Secrets.Get(ctx, spoke.ProxySecret)
	if err != nil {
		return Step{}, err
	}
	var token, detail string
	switch {
	case there != nil && kept:
		return Step{ProxyStep, Already, "coderd knows the proxy " + spoke.Region + ", whose token is in Secrets Manager", ""}, nil
	case there != nil:
		// Its names are an operator's to change.
		detail = "its token is issued anew: the value of the former had been lost"
		token, err = f.Client.RenewWorkspaceProxy(ctx, *there)
	default:
		detail = "made, and its token is kept in Secrets Manager"
		token, err = f.Client.CreateWorkspaceProxy(ctx, wanted)
	}
	if err != nil {
		return Step{}, err
	}
	return Step{ProxyStep, Done, detail, ""}, spoke.Secrets.Put(ctx, spoke.ProxySecret, token)
}

// unlicensed explains what no licence grants, and any other error by what it kept from being done.
func unlicensed(what string, err error) error {
	if !errors.Is(err, ErrNotPremium) {
		return Explain(what, err)
	}
	d := diagnostic.Errorf("%s", what)
	d.Code, d.Why = "coder.not_premium", "workspace proxies and external provisioners are features of a Premium licence: "+said(err)
	d.Todo = "write the ARN of the secret with the licence into secrets.license of the hub, or ask Coder for a licence that holds both"
	return d
}
