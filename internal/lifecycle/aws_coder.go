package lifecycle

import (
	"context"
	"net"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/verify"
)

// Coder reaches coderd, and the secrets of its installation.
func (a *AWS) Coder(ctx context.Context, i *Installation, patience time.Duration) (*coder.FirstSteps, error) {
	options := coder.Options{URL: i.AccessURL, Fallback: i.LoadBalancer.Hostname, Token: a.Token, Agent: a.Agent, Patience: patience}
	if i.LoadBalancer.Internal {
		options.Dial = a.dialer(i.Deployment, "the load balancer of "+i.Domain)
	}
	client, err := coder.New(options)
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

// Serve takes the hub's first steps, so that its licence counts, and asks its coderd for the token and the key of the spoke.
func (a *AWS) Serve(ctx context.Context, hub, spoke *Installation) error {
	first, err := a.Coder(ctx, hub, startPatience)
	if err != nil {
		return err
	}
	if _, err := first.Run(ctx); err != nil {
		return insideOnly(hub, err)
	}
	steps, err := a.Coder(ctx, hub, SomePatience)
	if err != nil {
		return err
	}
	defer steps.Leave(ctx)
	secrets, err := coder.OpenSecretsManager(ctx, spoke.Region)
	if err != nil {
		return err
	}
	_, err = steps.Serve(ctx, coder.Spoke{Region: spoke.Region, Secrets: secrets, ProxySecret: spoke.Secrets.ProxyToken,
		KeySecret: spoke.Secrets.ProvisionerKey})
	return insideOnly(hub, err)
}

// Look looks by the API of AWS, that of the cluster, and coderd's.
func (a *AWS) Look(ctx context.Context, i *Installation) (verify.Source, func(), error) {
	steps, err := a.Coder(ctx, i, noPatience)
	if err != nil {
		return nil, nil, err
	}
	done := func() { steps.Leave(ctx) }
	source, err := verify.NewAWS(ctx, verify.Options{Deployment: i.Deployment, Coder: steps.Client, SignIn: steps.SignIn,
		Resolver: net.DefaultResolver, Dial: a.dialer(i.Deployment, kubernetesAPI(i.Deployment))})
	if err != nil {
		done()
		return nil, nil, err
	}
	return source, done, nil
}
