package verify

import (
	"context"
	"fmt"
	"strings"
)

// Certificate is that of the load balancer.
type Certificate struct {
	// Status is ACM's, ISSUED where it can be used.
	Status string
	// Names are those it is for.
	Names []string
	// Reason is why ACM has not issued it.
	Reason string
}

// Target is one that the load balancer sends connections to.
type Target struct {
	ID string
	// State is Elastic Load Balancing's: healthy, initial, unhealthy, unused, draining.
	State string
	// Reason is why it is not healthy.
	Reason string
}

// Name is a name of the deployment in DNS.
type Name struct {
	Name string
	// Points says that it leads to the load balancer.
	Points bool
	// To is where it leads, or why that is not known; empty for a name that DNS does not know.
	To string
}

// Database is the Aurora cluster.
type Database struct {
	// Status is RDS's, available where it can be used.
	Status string
	// Instances are its instances that are not available, as NAME STATUS, and Ready is how many are.
	Instances []string
	Ready     int
}

// Coderd is what coderd says of itself.
type Coderd struct {
	// Version is without what was added to it when it was built.
	Version string
	// URL is the access URL that coderd was given.
	URL string
	// Problem is what it says is wrong with itself or its database; empty where it was not asked or nothing is.
	Problem string
	// Asked says that an owner could ask it about its health.
	Asked bool
	// Unresolved says that DNS did not know the domain, so that the load balancer was asked by its own name.
	Unresolved bool
}

// Provisioners are those that coderd knows.
type Provisioners struct {
	// Connected can take jobs, or have one. BuiltIn of these are coderd's own.
	Connected, BuiltIn int
}

func certificate(ctx context.Context, d Deployment, s Source) Check {
	c, err := s.Certificate(ctx)
	if err != nil {
		return unseen(err,
			"give these credentials elasticloadbalancing:DescribeLoadBalancers, elasticloadbalancing:DescribeListeners and acm:DescribeCertificate")
	}
	if c.Status != "ISSUED" {
		return failed("Certificate Manager sees the domain's validation record once the domain is delegated to its hosted zone: enter the name "+
			"servers (`coderaws status` shows them) in the parent zone",
			"%s%s", c.Status, prefixed(": ", c.Reason))
	}
	for _, name := range []string{d.Domain, d.WildcardDomain} {
		if !holds(c.Names, name) {
			return failed("run `coderaws up`, which gives the listener the deployment's own certificate", "it is for %s, and not for %s",
				strings.Join(c.Names, ", "), name)
		}
	}
	return ok("issued for %s and %s", d.Domain, d.WildcardDomain)
}

func dns(ctx context.Context, d Deployment, s Source) Check {
	names, err := s.Names(ctx)
	if err != nil {
		return unseen(err, "see whether this machine can ask DNS: `dig "+d.Domain+"`")
	}
	var bad, unknown []string
	for _, n := range names {
		switch {
		case n.Points:
		case n.To == "":
			unknown = append(unknown, n.Name)
			bad = append(bad, n.Name+" is not known")
		default:
			bad = append(bad, n.Name+" leads to "+n.To)
		}
	}
	if len(bad) > 0 && d.LoadBalancer.Internal && len(unknown) == len(bad) {
		return Check{State: Unknown, Detail: strings.Join(bad, ", "),
			Todo: "the load balancer is internal, and its names may be known inside of its network alone: ask DNS from there"}
	}
	if len(bad) > 0 {
		return failed("delegate the domain: enter its name servers (`coderaws status` shows them) in the parent zone; what DNS had not known it "+
			"goes on not to know for some minutes", "%s", strings.Join(bad, ", "))
	}
	return ok("%s and %s lead to the load balancer", d.Domain, d.WildcardDomain)
}

func targets(ctx context.Context, _ Deployment, s Source) Check {
	all, err := s.Targets(ctx)
	if err != nil {
		return unseen(err,
			"give these credentials elasticloadbalancing:DescribeLoadBalancers, elasticloadbalancing:DescribeTargetGroups and "+
				"elasticloadbalancing:DescribeTargetHealth")
	}
	healthy := 0
	var bad []string
	for _, t := range all {
		if t.State == "healthy" {
			healthy++
			continue
		}
		bad = append(bad, t.ID+" is "+t.State+prefixed(": ", t.Reason))
	}
	switch {
	case len(all) == 0:
		return failed("the control node group's Auto Scaling group is not attached: run `coderaws up`", "it has no targets")
	case healthy == 0:
		return failed("coderd answers on no node: see workloads, and `kubectl -n coder logs deployment/coder`", "%s", strings.Join(bad, ", "))
	case len(bad) > 0:
		// A node without coderd is no target where the client's address is kept.
		return ok("%d of %d targets healthy (%s)", healthy, len(all), strings.Join(bad, ", "))
	}
	return ok("%d healthy", healthy)
}

func database(ctx context.Context, _ Deployment, s Source) Check {
	db, err := s.Database(ctx)
	if err != nil {
		return unseen(err, "give these credentials rds:DescribeDBClusters and rds:DescribeDBInstances")
	}
	if db.Status != "available" || len(db.Instances) > 0 || db.Ready == 0 {
		return failed("Aurora needs some minutes to start, to fail over or to be changed; `aws rds describe-events --duration 60` says "+
			"what it does",
			"the cluster is %s, with %d available%s", db.Status, db.Ready, prefixed(" and ", strings.Join(db.Instances, ", ")))
	}
	return ok("available, with %d of its instances", db.Ready)
}

func coderd(ctx context.Context, d Deployment, s Source) Check {
	c, err := s.Coderd(ctx)
	if err != nil {
		check := unseen(err, "`kubectl -n coder logs deployment/coder` says what coderd lacks")
		if check.State == Unknown {
			check.State = Failed
		}
		if d.LoadBalancer.Internal && check.State == Failed {
			check.State = Unknown
			check.Todo = "the load balancer is internal: look from a machine that reaches the VPC, or let Session Manager lead there " +
				"(session-manager-plugin on PATH)"
		}
		return check
	}
	switch {
	case c.URL != "" && c.URL != d.AccessURL:
		return failed("run `coderaws up`, which gives coderd its access URL", "coderd answers for %s, and not for %s", c.URL, d.AccessURL)
	case c.Problem != "":
		return failed("Coder shows its health at "+d.AccessURL+"/health to owners", "%s: %s", c.Version, c.Problem)
	}
	detail := c.Version + " at " + d.AccessURL
	if c.Asked {
		detail += ", healthy with its database"
	}
	if c.Unresolved {
		detail += " (asked through the load balancer: DNS does not know the domain yet)"
	}
	return ok("%s", detail)
}

func provisioners(ctx context.Context, d Deployment, s Source) Check {
	p, err := s.Provisioners(ctx)
	if err != nil {
		return unseen(err, "take the first steps (`coderaws first-steps DIR --target aws`), or put a token of an owner into CODER_SESSION_TOKEN")
	}
	external := p.Connected - p.BuiltIn
	switch {
	case p.Connected == 0:
		return failed("`kubectl -n coder-provisioners get pods` shows what they wait for: with a licence they need their key, which `coderaws "+
			"first-steps` issues", "none is connected: no workspace can be started")
	case d.Provisioners > 0 && external == 0:
		return failed("`kubectl -n coder-provisioners get pods` shows what they wait for", "%d of coderd's own, and none of the %d external ones",
			p.BuiltIn, d.Provisioners)
	case d.Provisioners > 0 && external < d.Provisioners:
		return ok("%d of %d connected", external, d.Provisioners)
	case d.Provisioners == 0:
		return ok("%d of coderd's own", p.Connected)
	}
	return ok("%d connected", external)
}

// prefixed is text after a prefix, or nothing.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprint(prefix, text)
}

func holds(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
