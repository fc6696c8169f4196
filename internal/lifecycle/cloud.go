package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
	"coderaws/internal/verify"
)

const (
	// platformOutput is the cloud stack's output that is the platform stack's variable cloudVariable.
	platformOutput = "platform"
	cloudVariable  = "cloud"
	// clusterAccess is the platform stack's variable for a way to the cluster that is not its address.
	clusterAccess = "cluster_access"
)

// Basis says of which cloud a platform was planned.
type Basis string

// The bases.
const (
	// Existing is the cloud as it is, and as its own plan leaves it.
	Existing Basis = "existing"
	// Changing is the cloud as it is, although its own plan changes what the platform is told.
	Changing Basis = "changing"
	// Imagined is a cloud that is only planned. What AWS will decide, such as names of hosts, is stood in for.
	Imagined Basis = "planned"
)

// Cloud is what the platform stack of a region gets to know of the cloud stack.
type Cloud struct {
	// platform is the value of the output; nil if there is none.
	platform json.RawMessage
	// addresses is the value of the output addressesOutput; nil if there is none.
	addresses json.RawMessage
	// basis is "" until it was found out.
	basis Basis
}

// derived are the settings of the platform stack that no user writes.
func (s *Site) derived(ctx context.Context) (map[string]any, error) {
	c, err := s.find(ctx)
	if err != nil {
		return nil, err
	}
	if c.platform == nil {
		return nil, s.noCloud()
	}
	settings := map[string]any{}
	if !s.runner.leaving && c.basis != Imagined {
		more, err := s.runner.proven(ctx, s.region, c.platform)
		if err != nil {
			return nil, err
		}
		maps.Copy(settings, more)
	}
	settings[cloudVariable] = c.platform
	if c.basis != Imagined {
		access, err := s.runner.clusterAccess(ctx, c.platform)
		if err != nil {
			return nil, err
		}
		if access != nil {
			settings[clusterAccess] = access
		}
	}
	return settings, nil
}

// clusterAccess is the way to the cluster of a platform, nil for its address. To who leaves, a cluster without any way is as one that is
// gone: its releases count as gone with it.
func (r *Runner) clusterAccess(ctx context.Context, platform json.RawMessage) (*ClusterAccess, error) {
	read, err := verify.Read(platform)
	if err != nil {
		return nil, nil // a cloud that names no cluster needs no way to it
	}
	access, err := r.Target.Cluster(ctx, &Installation{Deployment: read})
	if err != nil && r.leaving && ctx.Err() == nil {
		r.Reporter.Notice(diagnostic.From(err)[0].Error())
		return nil, nil
	}
	return access, err
}

// noCloud says that the platform has nothing to stand on.
func (s *Site) noCloud() error {
	d := diagnostic.Errorf("the platform of %s has no cloud to run in", s.region.Name)
	d.Code = "platform.no_cloud"
	d.Why = fmt.Sprintf("the state of the stack %s has no output %s: nothing was made there yet, or it was destroyed",
		CloudStack, platformOutput)
	d.Todo = "run `coderaws up` for this deployment, which makes the cloud first"
	return d
}

// find is Cloud, asking the cloud stack's state for what nobody has told yet.
func (s *Site) find(ctx context.Context) (c Cloud, err error) {
	if c = s.Cloud(); c.basis != "" {
		return c, nil
	}
	w := s.place(CloudStack)
	if w == nil {
		if w, err = s.runner.open(s, CloudStack); err != nil {
			return c, err
		}
		defer func() { err = errors.Join(err, w.Engine.Close()) }()
	}
	c.basis = Existing
	if has, err := w.Engine.HasState(ctx); err != nil {
		return c, err
	} else if has {
		if err := w.Engine.Init(ctx); err != nil {
			return c, err
		}
		outputs, err := w.Engine.Outputs(ctx)
		if err != nil {
			return c, err
		}
		c.platform, c.addresses = outputs[platformOutput].Value, outputs[addressesOutput].Value
	}
	s.Tell(c)
	return c, nil
}

// Imagine takes from the plan of the cloud stack what the platform stack, and spokes of a hub, are to be planned with: what there is, or,
// where nothing was made yet, what the plan knows of it. Plans of other stacks say nothing.
func (w *Work) Imagine(p *plan.Plan) error {
	s := w.site
	if w.Stack != CloudStack || s.place(PlatformStack) == nil && !s.leads {
		return nil
	}
	change, changes := p.OutputChange(platformOutput)
	if prior := p.PriorOutput(platformOutput).Known(); prior != nil {
		basis := Existing
		if changes && !change.Actions.NoOp() {
			basis = Changing
		}
		return s.tellValue(prior, p.PriorOutput(addressesOutput).Known(), basis)
	}
	if !changes {
		s.Tell(Cloud{basis: Imagined})
		return nil
	}
	shape, err := deployment.DerivedType(s.runner.Source, PlatformStack, cloudVariable)
	if err != nil {
		return err
	}
	var addresses any
	if planned, _ := p.OutputChange(addressesOutput); planned.After.State() == plan.IsKnown && !planned.After.HasUnknown() {
		addresses = planned.After.Known()
	}
	return s.tellValue(newImagination(s.region.Name).complete(change.After, shape, cloudVariable), addresses, Imagined)
}

func (s *Site) tellValue(value, addresses any, basis Basis) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("the output %s of the stack %s: %w", platformOutput, CloudStack, err)
	}
	seen, err := json.Marshal(addresses)
	if err != nil {
		return fmt.Errorf("the output %s of the stack %s: %w", addressesOutput, CloudStack, err)
	}
	s.Tell(Cloud{text, seen, basis})
	return nil
}

// unreachable adds to the errors of a platform whose cluster does not answer what to do.
func (w *Work) unreachable(err error) error {
	for _, d := range diagnostic.From(err) {
		if w.Stack == PlatformStack && strings.Contains(strings.ToLower(d.Summary+" "+d.Why), "cluster unreachable") {
			d.Code = "platform.unreachable"
			d.Todo = "let this machine reach the API of the cluster: through Session Manager, by its address in cluster.public_access_cidrs, " +
				"or from inside of the VPC; and run the same command again"
		}
	}
	return err
}
