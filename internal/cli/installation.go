package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"
	"coderaws/internal/verify"

	"github.com/zclconf/go-cty/cty"
)

// installation is what a deployment has made in a region: a cloud for Coder, and mostly Coder itself.
type installation struct {
	region *deployment.Region
	verify.Deployment
	// complete says that Coder is installed.
	complete bool
	wanted   coder.Wanted
	// templates is the platform stack's output of that name: what workspace templates need to know.
	templates json.RawMessage
}

// How long coderd is waited for: not at all by those who ask how it is; by those who ask it to do something as long as a pod takes to
// start anew; and after an installation until the load balancer has found it and DNS the load balancer.
const (
	noPatience    time.Duration = 0
	somePatience                = 90 * time.Second
	startPatience               = 10 * time.Minute
)

// installationOf reads what the stacks said; nil where there is no cloud for Coder.
func installationOf(region *deployment.Region, cloud, platform map[string]engine.Output) *installation {
	read, err := verify.Read(cloud["platform"].Value)
	if err != nil {
		return nil
	}
	var coderd struct {
		Provisioners int `json:"provisioners"`
	}
	complete := json.Unmarshal(platform["coderd"].Value, &coderd) == nil
	read.Provisioners = coderd.Provisioners
	return &installation{region: region, Deployment: read, complete: complete, wanted: wantedOf(region, read), templates: platform["templates"].Value}
}

// wantedOf is what the settings of a region want of the first steps.
func wantedOf(region *deployment.Region, d verify.Deployment) coder.Wanted {
	oidc := region.Value("coder.oidc")
	return coder.Wanted{
		Domain: d.Domain, OwnerSecret: d.Secrets.OwnerPassword, LicenseSecret: region.String("secrets.license"), KeySecret: d.Secrets.ProvisionerKey,
		OIDC: oidc != cty.NilVal && !oidc.IsNull(),
	}
}

// placed is what a place said: its outputs, and where it is.
type placed struct {
	lifecycle.Place
	outputs map[string]engine.Output
}

func placesOf(states []lifecycle.State) []placed {
	var places []placed
	for _, s := range states {
		places = append(places, placed{s.Place, s.Outputs})
	}
	return places
}

// installations are what a deployment has made, by what its places said.
func installations(d *deployment.Deployment, places []placed) []*installation {
	said := map[lifecycle.Place]map[string]engine.Output{}
	for _, p := range places {
		said[p.Place] = p.outputs
	}
	var all []*installation
	for i := range d.Regions {
		region := &d.Regions[i]
		at := func(stack string) map[string]engine.Output {
			return said[lifecycle.Place{Region: region.Name, Stack: stack}]
		}
		if found := installationOf(region, at(lifecycle.CloudStack), at(lifecycle.PlatformStack)); found != nil {
			all = append(all, found)
		}
	}
	return all
}

// made finds what a deployment has made, by its states, and complains if there is nothing.
func (sh *shell) made(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) ([]*installation, error) {
	if err := sh.ready(ctx, r.Target, d); err != nil {
		return nil, err
	}
	states, err := r.Status(ctx, d, false)
	if err != nil {
		return nil, err
	}
	all := installations(d, placesOf(states))
	if len(all) == 0 {
		return nil, notInstalled(r, d)
	}
	return all, nil
}

// installed is made for commands that need Coder itself.
func (sh *shell) installed(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) ([]*installation, error) {
	all, err := sh.made(ctx, r, d)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i *installation) bool { return !i.complete })
	if len(all) == 0 {
		return nil, notInstalled(r, d)
	}
	return all, nil
}

func notInstalled(r *lifecycle.Runner, d *deployment.Deployment) error {
	e := diagnostic.Errorf("%s has no Coder on %s", d.Dir, r.Target.Name())
	e.Code, e.Why = "coder.not_installed", "the states of its stacks name none: nothing was made yet, or making it did not come to its end"
	e.Todo = fmt.Sprintf("run `coderaws up %s --target %s`", d.Dir, r.Target.Name())
	return e
}

// only is the one region that a command is for.
func only(all []*installation, name string) (*installation, error) {
	names := make([]string, len(all))
	for i, one := range all {
		if names[i] = one.Region; one.Region == name || name == "" && len(all) == 1 {
			return one, nil
		}
	}
	e := diagnostic.Errorf("it is not said which region is meant")
	if name != "" {
		e = diagnostic.Errorf("there is no Coder in %s", name)
	}
	e.Code, e.Why, e.Todo = "usage.region", fmt.Sprintf("there is a Coder in %v", names), "name one of them: --region "+names[0]
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, e)
}

// client reaches the coderd of an installation, by the user's session token if there is one.
func (sh *shell) client(i *installation, patience time.Duration) (*coder.Client, error) {
	return coder.New(coder.Options{
		URL: i.AccessURL, Fallback: i.LoadBalancer.Hostname, Token: sh.variable("CODER_SESSION_TOKEN"), Agent: "coderaws/" + version(), Patience: patience,
	})
}

// firstSteps prepares the first steps of an installation on AWS.
func (sh *shell) firstSteps(ctx context.Context, i *installation, patience time.Duration) (*coder.FirstSteps, error) {
	client, err := sh.client(i, patience)
	if err != nil {
		return nil, err
	}
	secrets, err := coder.OpenSecretsManager(ctx, i.Region)
	if err != nil {
		return nil, err
	}
	return &coder.FirstSteps{Client: client, Secrets: secrets, Random: sh.Random, Now: sh.Now, Wanted: i.wanted}, nil
}

// checksTimeout bounds the looking at one installation.
const checksTimeout = time.Minute

// checks looks at an installation on its target.
func (sh *shell) checks(ctx context.Context, target lifecycle.Target, i *installation) ([]verify.Check, error) {
	ctx, cancel := context.WithTimeout(ctx, checksTimeout)
	defer cancel()
	if embedded, ok := target.(*rehearsal.Embedded); ok {
		return verify.Run(ctx, i.Deployment, embedded.Look(i.Deployment)), nil
	}
	steps, err := sh.firstSteps(ctx, i, noPatience)
	if err != nil {
		return nil, err
	}
	defer steps.Leave(ctx)
	source, err := verify.NewAWS(ctx, verify.Options{Deployment: i.Deployment, Coder: steps.Client, SignIn: steps.SignIn, Resolver: net.DefaultResolver})
	if err != nil {
		return nil, err
	}
	return verify.Run(ctx, i.Deployment, source), nil
}

// unproven warns that coderd could not be asked, so that what was known last holds.
func unproven(region string, known bool, err error) *diagnostic.Diagnostic {
	passwords := "on"
	if known {
		passwords = "off"
	}
	w := diagnostic.Warningf("coderd of %s cannot be asked whether single sign-on works: passwords stay %s, as was known last", region, passwords)
	w.Code, w.Why = "coder.oidc_unknown", diagnostic.From(err)[0].Error()
	w.Todo = "see `coderaws status DIR --target aws`; if single sign-on itself is broken, take coder.oidc out of the settings to let passwords in again"
	return w
}

// derived asks coderd what no user writes: whether single sign-on was proven.
func (sh *shell) derived(d *deployment.Deployment) func(context.Context, string, json.RawMessage) (map[string]any, error) {
	return func(ctx context.Context, name string, platform json.RawMessage) (map[string]any, error) {
		region, err := d.Region(name)
		if err != nil {
			return nil, err
		}
		read, err := verify.Read(platform)
		if err != nil || !wantedOf(region, read).OIDC {
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(ctx, checksTimeout)
		defer cancel()
		steps, err := sh.firstSteps(ctx, &installation{region: region, Deployment: read, wanted: wantedOf(region, read)}, noPatience)
		if err != nil {
			return nil, err
		}
		defer steps.Leave(ctx)
		owner, kept, err := steps.Owner(ctx)
		if err == nil && !kept {
			return nil, nil // nothing was ever installed that could be asked
		}
		step, proven, err := steps.Proven(ctx)
		if err != nil {
			sh.show(sh.Stderr, diagnostic.List{unproven(name, owner.OIDCProven, err)})
			return map[string]any{"oidc_proven": owner.OIDCProven}, nil
		}
		if step.Outcome == coder.Waiting {
			if _, err := fmt.Fprintf(sh.Stderr, "%s, single sign-on: %s\n", name, step.Detail); err != nil {
				return nil, err
			}
		}
		return map[string]any{"oidc_proven": proven}, nil
	}
}
