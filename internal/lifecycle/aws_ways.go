package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"sync"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/tunnel"
	"coderaws/internal/verify"

	"github.com/zclconf/go-cty/cty"
)

// ways are the ways into the VPCs of deployments, which are looked for when something in one is asked, and stay open until the target is
// closed.
type ways struct {
	mu   sync.Mutex
	into map[string]*tunnel.Gateway
}

// of are the ways into the VPC of a deployment.
func (w *ways) of(d verify.Deployment, notice func(string)) *tunnel.Gateway {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := d.Region + " " + d.Cluster.Name
	if w.into == nil {
		w.into = map[string]*tunnel.Gateway{}
	}
	if w.into[key] == nil {
		w.into[key] = tunnel.New(tunnel.Options{Region: d.Region, Cluster: d.Cluster.Name, Notice: notice})
	}
	return w.into[key]
}

func (w *ways) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []error
	for _, gateway := range w.into {
		all = append(all, gateway.Close())
	}
	clear(w.into)
	return errors.Join(all...)
}

// dialer connects to what is in the VPC of a deployment. what names it.
func (a *AWS) dialer(d verify.Deployment, what string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return a.ways.of(d, a.notice).Dialer(what)
}

// kubernetesAPI names a cluster's API to people.
func kubernetesAPI(d verify.Deployment) string { return "the Kubernetes API of " + d.Cluster.Name }

// Cluster finds the way to a cluster's API: directly, or by Session Manager. Where a proxy of the user's leads there, Terraform takes that.
func (a *AWS) Cluster(ctx context.Context, i *Installation) (*ClusterAccess, error) {
	at, err := url.Parse(i.Deployment.Cluster.Endpoint)
	if err != nil || at.Host == "" {
		return nil, nil // stacks of the user's own may have no cluster
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: at}); err != nil || proxy != nil {
		return nil, nil
	}
	port := at.Port()
	if port == "" {
		port = "443"
	}
	local, err := a.ways.of(i.Deployment, a.notice).Way(ctx, kubernetesAPI(i.Deployment), net.JoinHostPort(at.Hostname(), port))
	if err != nil || local == "" {
		return nil, err
	}
	return &ClusterAccess{Host: "https://" + local, TLSServerName: at.Hostname()}, nil
}

// Reach looks for the AWS CLI, and for what clusters take that answer inside of their VPC alone.
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
			list = append(list, privateAPI()...)
		}
	}
	return list
}

// privateAPI is PrivateAPI on a machine that lacks what a way through Session Manager takes.
func privateAPI() diagnostic.List {
	if _, err := exec.LookPath(tunnel.Plugin); err == nil {
		return nil
	}
	d := PrivateAPI()
	d.Why += fmt.Sprintf("; %s is not on PATH", tunnel.Plugin)
	return diagnostic.List{d}
}

// PrivateAPI is the warning that not every machine can install what runs in the cluster.
func PrivateAPI() *diagnostic.Diagnostic {
	d := diagnostic.Warningf("the Kubernetes API will answer inside of the VPC alone")
	d.Code = "cluster.private"
	d.Why = "from elsewhere `coderaws up` goes through Session Manager and a control node, which takes AWS's " + tunnel.Plugin +
		" on this machine"
	d.Todo = "install " + tunnel.Plugin + ", or run `coderaws up` where the VPC is reached; or name the public addresses that you work from in " +
		"cluster.public_access_cidrs, such as [\"203.0.113.7/32\"]"
	return d
}
