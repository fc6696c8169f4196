package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/verify"

	"github.com/zclconf/go-cty/cty"
)

// Installation is what a deployment has made in a region: a cloud for Coder, and mostly Coder itself.
type Installation struct {
	verify.Deployment
	// Complete says that Coder is installed.
	Complete bool
	// Wanted is what the settings want of the first steps.
	Wanted coder.Wanted
	// Templates is the platform stack's output of that name: what workspace templates need to know.
	Templates json.RawMessage
}

// installationOf reads what the stacks said; nil where there is no cloud for Coder.
func installationOf(region *deployment.Region, cloud, platform map[string]engine.Output) *Installation {
	read, err := verify.Read(cloud[platformOutput].Value)
	if err != nil {
		return nil
	}
	var coderd struct {
		Provisioners int `json:"provisioners"`
	}
	complete := json.Unmarshal(platform["coderd"].Value, &coderd) == nil
	read.Provisioners = coderd.Provisioners
	return &Installation{Deployment: read, Complete: complete, Wanted: wantedOf(region, read), Templates: platform["templates"].Value}
}

// wantedOf is what the settings of a region want of the first steps.
func wantedOf(region *deployment.Region, d verify.Deployment) coder.Wanted {
	oidc := region.Value("coder.oidc")
	return coder.Wanted{
		Domain: d.Domain, OwnerSecret: d.Secrets.OwnerPassword, LicenseSecret: region.String("secrets.license"),
		KeySecret: d.Secrets.ProvisionerKey,
		OIDC:      oidc != cty.NilVal && !oidc.IsNull(),
		Models:    modelsOf(region),
	}
}

// modelsOf are the AI models of a region's settings; nil for none. Bedrock's runtime has the same name in every partition that it is in.
func modelsOf(region *deployment.Region) *coder.Models {
	main := region.String("ai.models.main")
	if main == "" {
		return nil
	}
	return &coder.Models{Region: region.Name, Endpoint: "https://bedrock-runtime." + region.Name + ".amazonaws.com",
		Main: main, Small: region.String("ai.models.small")}
}

// said are the outputs of places.
type said map[Place]map[string]engine.Output

// Installations are what a deployment has made, by the states of its places.
func Installations(d *deployment.Deployment, states []State) []*Installation {
	outputs := said{}
	for _, s := range states {
		outputs[s.Place] = s.Outputs
	}
	return outputs.installations(d)
}

func (s said) installations(d *deployment.Deployment) []*Installation {
	var all []*Installation
	for i := range d.Regions {
		region := &d.Regions[i]
		found := installationOf(region, s[Place{region.Name, CloudStack}], s[Place{region.Name, PlatformStack}])
		if found != nil {
			all = append(all, found)
		}
	}
	return all
}

// Made finds what a deployment has made, by its states, and complains if there is nothing.
func (r *Runner) Made(ctx context.Context, d *deployment.Deployment) ([]*Installation, error) {
	states, err := r.Status(ctx, d, false)
	if err != nil {
		return nil, err
	}
	all := Installations(d, states)
	if len(all) == 0 {
		return nil, r.notInstalled(d)
	}
	return all, nil
}

// Installed is Made for who needs Coder itself.
func (r *Runner) Installed(ctx context.Context, d *deployment.Deployment) ([]*Installation, error) {
	all, err := r.Made(ctx, d)
	if err != nil {
		return nil, err
	}
	if all = complete(all); len(all) == 0 {
		return nil, r.notInstalled(d)
	}
	return all, nil
}

// complete are the installations with a Coder.
func complete(all []*Installation) []*Installation {
	return slices.DeleteFunc(all, func(i *Installation) bool { return !i.Complete })
}

func (r *Runner) notInstalled(d *deployment.Deployment) error {
	e := diagnostic.Errorf("%s has no Coder on %s", d.Dir, r.Target.Name())
	e.Code, e.Why = "coder.not_installed", "the states of its stacks name none: nothing was made yet, or making it did not come to its end"
	e.Todo = fmt.Sprintf("run `coderaws up %s --target %s`", diagnostic.Word(d.Dir), r.Target.Name())
	return e
}

// Only is the installation in a region; "" stands for the only one that there is.
func Only(all []*Installation, region string) (*Installation, error) {
	names := make([]string, len(all))
	for i, one := range all {
		if names[i] = one.Region; one.Region == region || region == "" && len(all) == 1 {
			return one, nil
		}
	}
	e := diagnostic.Errorf("it is not said which region is meant")
	if region != "" {
		e = diagnostic.Errorf("there is no Coder in %s", region)
	}
	e.Code, e.Why, e.Todo = "usage.region", fmt.Sprintf("there is a Coder in %v", names), "name one of them: --region "+names[0]
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, e)
}
