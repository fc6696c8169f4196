package lifecycle

import (
	"context"
	"net"
	"os/exec"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/verify"

	"github.com/zclconf/go-cty/cty"
)

// Reach looks for the AWS CLI, and for clusters that answer inside of their VPC alone.
func (*AWS) Reach(d *deployment.Deployment) diagnostic.List {
	var list diagnostic.List
	if _, err := exec.LookPath("aws"); err != nil {
		w := diagnostic.Warningf("the AWS CLI is not on PATH")
		w.Code, w.Why = "tools.aws",
			"the Helm provider signs in to the cluster with `aws eks get-token`, and what runs in the cluster cannot be installed without it"
		w.Todo = "install the AWS CLI, version 2, and look whether `aws --version` answers"
		list = append(list, w)
	}
	for i := range d.Regions {
		if cidrs := d.Regions[i].Value("cluster.public_access_cidrs"); cidrs != cty.NilVal && !cidrs.IsNull() && cidrs.LengthInt() == 0 {
			list = append(list, PrivateAPI())
		}
	}
	return list
}

// PrivateAPI is the warning that only who is in the VPC can install what runs in the cluster.
func PrivateAPI() *diagnostic.Diagnostic {
	d := diagnostic.Warningf("the Kubernetes API will answer inside of the VPC alone")
	d.Code = "cluster.private"
	d.Why = "from elsewhere the cloud can be made, and not what runs in the cluster: `coderaws up` ends with an unreachable cluster"
	d.Todo = "name the public addresses that you work from in cluster.public_access_cidrs, such as [\"203.0.113.7/32\"], or run `coderaws up` where the VPC is reached"
	return d
}

// Coder reaches coderd, and the secrets of its installation.
func (a *AWS) Coder(ctx context.Context, i *Installation, patience time.Duration) (*coder.FirstSteps, error) {
	client, err := coder.New(coder.Options{URL: i.AccessURL, Fallback: i.LoadBalancer.Hostname, Token: a.Token, Agent: a.Agent,
		Patience: patience})
	if err != nil {
		return nil, err
	}
	secrets, err := coder.OpenSecretsManager(ctx, i.Region)
	if err != nil {
		return nil, err
	}
	return &coder.FirstSteps{Client: client, Secrets: secrets, Random: a.Random, Now: a.Now, Wanted: i.Wanted}, nil
}

// Keep makes the owner up.
func (a *AWS) Keep(ctx context.Context, i *Installation) error {
	steps, err := a.Coder(ctx, i, noPatience)
	if err != nil {
		return err
	}
	defer steps.Leave(ctx)
	return steps.Prepare(ctx)
}

// Look looks by the API of AWS, that of the cluster, and coderd's.
func (a *AWS) Look(ctx context.Context, i *Installation) (verify.Source, func(), error) {
	steps, err := a.Coder(ctx, i, noPatience)
	if err != nil {
		return nil, nil, err
	}
	done := func() { steps.Leave(ctx) }
	source, err := verify.NewAWS(ctx, verify.Options{Deployment: i.Deployment, Coder: steps.Client, SignIn: steps.SignIn,
		Resolver: net.DefaultResolver})
	if err != nil {
		done()
		return nil, nil, err
	}
	return source, done, nil
}
