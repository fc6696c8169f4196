package verify

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"coderaws/internal/coder"
)

// wildcardLabel stands for any name below the wildcard.
const wildcardLabel = "coderaws-check"

// Names asks DNS, as browsers do. An alias record answers with the load balancer's own addresses, so that these are compared.
func (a *AWS) Names(ctx context.Context) ([]Name, error) {
	d := a.options.Deployment
	balancer, err := a.options.Resolver.LookupHost(ctx, d.LoadBalancer.Hostname)
	if err != nil {
		return nil, err
	}
	var names []Name
	for _, name := range []string{d.Domain, strings.Replace(d.WildcardDomain, "*", wildcardLabel, 1)} {
		addresses, err := a.options.Resolver.LookupHost(ctx, name)
		var unknown *net.DNSError
		switch {
		case errors.As(err, &unknown) && unknown.IsNotFound:
			names = append(names, Name{Name: name})
		case err != nil:
			return nil, err
		default:
			slices.Sort(addresses)
			names = append(names, Name{Name: name, Points: slices.ContainsFunc(addresses, func(one string) bool {
				return slices.Contains(balancer, one)
			}), To: strings.Join(addresses, " ")})
		}
	}
	return names, nil
}

// owner signs in, once for all that ask.
func (a *AWS) owner(ctx context.Context) error {
	a.signIn.Do(func() { a.signedIn = a.options.SignIn(ctx) })
	return a.signedIn
}

// Coderd asks coderd, and where somebody can sign in, what it thinks of its own health.
func (a *AWS) Coderd(ctx context.Context) (Coderd, error) {
	info, err := a.options.Coder.BuildInfo(ctx)
	if err != nil {
		return Coderd{}, coder.Explain("coderd does not answer", err)
	}
	version, _, _ := strings.Cut(info.Version, "+")
	c := Coderd{Version: version, URL: strings.TrimSuffix(info.DashboardURL, "/"), Unresolved: a.options.Coder.Unresolved()}
	if a.owner(ctx) != nil {
		return c, nil
	}
	health, err := a.options.Coder.Health(ctx, false)
	if err != nil {
		// Who may not ask about it learns from the other checks.
		return c, nil
	}
	c.Asked = true
	switch {
	case !health.Database.Healthy:
		c.Problem = "its database is not healthy: " + health.Database.Problem
	case !health.Healthy:
		c.Problem = "it says that it is not healthy"
	}
	return c, nil
}

// builtIn is the name of the key that coderd's own provisioners have.
const builtIn = "built-in"

// Provisioners asks coderd.
func (a *AWS) Provisioners(ctx context.Context) (Provisioners, error) {
	if err := a.owner(ctx); err != nil {
		return Provisioners{}, err
	}
	daemons, err := a.options.Coder.ProvisionerDaemons(ctx)
	if err != nil {
		return Provisioners{}, coder.Explain("coderd cannot be asked about provisioners", err)
	}
	var p Provisioners
	for _, daemon := range daemons {
		if !daemon.Connected() {
			continue
		}
		p.Connected++
		if daemon.KeyName == builtIn {
			p.BuiltIn++
		}
	}
	return p, nil
}
