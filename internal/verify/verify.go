// Package verify finds out whether a deployment that exists works: nodes, add-ons, certificate, DNS, load balancer, database, coderd and
// its provisioners. What belongs here is what is looked at, how each finding is judged, and how AWS, its Kubernetes API and coderd are
// looked at. What does not: the look at the embedded AWS (package rehearsal), whether the deployment is as its settings say (Terraform's
// drift), and printing. It changes nothing. Targets and the command line import it.
package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"coderaws/internal/diagnostic"
)

// State is what became of a check.
type State string

const (
	// OK means that it is as it should be.
	OK State = "ok"
	// Failed means that it is not; Todo says what to do.
	Failed State = "failed"
	// Unknown means that nobody could look.
	Unknown State = "unknown"
	// NotRun means that there is nothing to look at on this target: the sandbox runs no program.
	NotRun State = "not run"
)

// Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	// Detail says what was found, on one line.
	Detail string `json:"detail"`
	// Todo says what to do about it; empty where nothing is to be done.
	Todo string `json:"todo,omitempty"`
}

// Deployment is what the cloud stack's output platform says of a deployment, as far as it is looked at.
type Deployment struct {
	Region         string `json:"region"`
	Name           string `json:"name"`
	Domain         string `json:"domain"`
	AccessURL      string `json:"access_url"`
	WildcardDomain string `json:"wildcard_domain"`
	Cluster        struct {
		Name      string `json:"name"`
		Endpoint  string `json:"endpoint"`
		Authority string `json:"certificate_authority_data"`
	} `json:"cluster"`
	Database struct {
		Host       string `json:"host"`
		ResourceID string `json:"resource_id"`
	} `json:"database"`
	LoadBalancer struct {
		Hostname string `json:"hostname"`
		// Internal says that it can be reached from the VPC alone.
		Internal bool `json:"internal"`
	} `json:"load_balancer"`
	Secrets struct {
		OwnerPassword  string `json:"owner_password"`
		ProvisionerKey string `json:"provisioner_key"`
		// ProxyToken is a spoke's alone, which has no owner.
		ProxyToken string `json:"proxy_token"`
	} `json:"secrets"`
	// Provisioners is how many external provisioners the platform stack asks for; 0 where coderd provisions by itself. It is none of the
	// cloud stack's outputs: the caller sets it.
	Provisioners int `json:"-"`
}

// Read reads the output platform of the cloud stack.
func Read(output json.RawMessage) (Deployment, error) {
	var d Deployment
	if err := json.Unmarshal(output, &d); err != nil || d.Cluster.Name == "" || d.AccessURL == "" {
		e := diagnostic.Errorf("the cloud stack does not say what it made")
		e.Code, e.Why = "verify.no_output", "its output platform names no cluster"
		e.Todo = "run `coderaws up`, which completes the cloud stack"
		return Deployment{}, e
	}
	return d, nil
}

// ErrNotRun says that a target runs nothing that could be asked.
var ErrNotRun = errors.New("nothing runs here that could be asked")

// Source looks at a deployment. Each method returns ErrNotRun where there is nothing to look at, and any other error where looking failed.
type Source interface {
	// NodeGroups are those of the cluster.
	NodeGroups(context.Context) ([]NodeGroup, error)
	// Nodes are those that Kubernetes knows.
	Nodes(context.Context) ([]Node, error)
	Addons(context.Context) ([]Addon, error)
	// Workloads are the deployments and the daemon sets in the namespaces of the system, of Coder and of its provisioners.
	Workloads(context.Context) ([]Workload, error)
	Certificate(context.Context) (Certificate, error)
	Targets(context.Context) ([]Target, error)
	// Names are the domain and a name below its wildcard.
	Names(context.Context) ([]Name, error)
	Database(context.Context) (Database, error)
	Coderd(context.Context) (Coderd, error)
	Provisioners(context.Context) (Provisioners, error)
}

// IsSpoke reports whether the deployment serves another region's Coder: it has a workspace proxy, and neither coderd nor database.
func (d Deployment) IsSpoke() bool { return d.Secrets.ProxyToken != "" }

// Run looks at everything at once and judges it. The checks have one order, of which those of coderd are left out of a spoke. The context
// bounds the looking: what it ends is Unknown.
func Run(ctx context.Context, d Deployment, s Source) []Check {
	type look struct {
		name string
		look func(context.Context, Deployment, Source) Check
	}
	looks := []look{
		{"node groups", nodeGroups}, {"nodes", nodes}, {"add-ons", addons}, {"workloads", workloads}, {"database", database},
		{"certificate", certificate},
		{"DNS", dns}, {"load balancer", targets}, {"coderd", coderd}, {"provisioners", provisioners},
	}
	if d.IsSpoke() {
		// What answers its load balancer is the proxy. coderd, whose provisioners these are too, is asked in the hub.
		looks = slices.DeleteFunc(looks, func(l look) bool { return l.name == "database" || l.name == "coderd" || l.name == "provisioners" })
	}
	checks := make([]Check, len(looks))
	var wait sync.WaitGroup
	for i, l := range looks {
		wait.Add(1)
		go func() {
			defer wait.Done()
			checks[i] = l.look(ctx, d, s)
			checks[i].Name = l.name
		}()
	}
	wait.Wait()
	return checks
}

// Healthy reports whether all works: false if anything failed, and nil if nothing did but not everything was looked at. unseen names what
// was not.
func Healthy(checks []Check) (healthy *bool, unseen []string) {
	works, unseen := true, []string{}
	for _, c := range checks {
		switch c.State {
		case Failed:
			works = false
		case Unknown, NotRun:
			unseen = append(unseen, c.Name)
		}
	}
	if works && len(unseen) > 0 {
		return nil, unseen
	}
	return &works, unseen
}

// Gone is the error of what the state knows and its target does not.
func Gone(what string) error {
	d := diagnostic.Errorf("%s is not there any more", what)
	d.Code = "verify.gone"
	d.Todo = "`coderaws status DIR --target aws --drift` shows what was deleted; `coderaws up DIR --target aws` makes it again"
	return d
}

// unseen is the check of what could not be looked at.
func unseen(err error, todo string) Check {
	if errors.Is(err, ErrNotRun) {
		return Check{State: NotRun, Detail: "the sandbox runs no program"}
	}
	list := diagnostic.From(err)
	c := Check{State: Unknown, Detail: oneLine(cause(err, list[0])), Todo: list[0].Todo}
	if c.Todo == "" {
		c.Todo = todo
	}
	return c
}

func ok(format string, args ...any) Check {
	return Check{State: OK, Detail: fmt.Sprintf(format, args...)}
}

func failed(todo, format string, args ...any) Check {
	return Check{State: Failed, Detail: oneLine(fmt.Sprintf(format, args...)), Todo: todo}
}
