package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/service/secretsmanager"
	"coderaws/internal/sandbox/world"
	"coderaws/internal/verify"
)

// looks looks at an installation on the embedded AWS. What that models is looked at as on AWS; coderd and the provisioners are programs,
// which nothing runs there.
type looks struct {
	world      *world.World
	deployment verify.Deployment
}

// Look looks at an installation in this AWS.
func (e *Embedded) Look(_ context.Context, i *lifecycle.Installation) (verify.Source, func(), error) {
	return &looks{e.world, i.Deployment}, func() {}, nil
}

// Coder is none: the embedded AWS runs no program.
func (*Embedded) Coder(context.Context, *lifecycle.Installation, time.Duration) (*coder.FirstSteps, error) {
	return nil, nil
}

// Keep gives the owner's secret a value, as on AWS. It is no password: nobody signs in here.
func (e *Embedded) Keep(_ context.Context, i *lifecycle.Installation) error {
	return secretsmanager.GiveValue(e.world, i.Wanted.OwnerSecret)
}

// Serve gives the secrets of a spoke values, as the hub's coderd does on AWS.
func (e *Embedded) Serve(_ context.Context, _, spoke *lifecycle.Installation) error {
	return errors.Join(secretsmanager.GiveValue(e.world, spoke.Secrets.ProxyToken),
		secretsmanager.GiveValue(e.world, spoke.Secrets.ProvisionerKey))
}

// Cluster is at hand: nothing between it and its providers is modelled.
func (*Embedded) Cluster(context.Context, *lifecycle.Installation) (*lifecycle.ClusterAccess, error) {
	return nil, nil
}

// Reach is always given.
func (*Embedded) Reach(*deployment.Deployment) diagnostic.List { return nil }

// list finds the resources of a type in the deployment's region, or in none.
func (l *looks) list(typ string, keep func(*world.Resource) bool) []*world.Resource {
	var found []*world.Resource
	// Looking changes nothing, so that there is nothing to save and nothing that can fail.
	_ = l.world.Do(func() error {
		found = l.world.List(func(r *world.Resource) bool {
			return r.Type == typ && (r.Region == l.deployment.Region || r.Region == Global) && (keep == nil || keep(r))
		})
		return nil
	})
	return found
}

// ofCluster keeps what belongs to the deployment's cluster.
func (l *looks) ofCluster(attribute string) func(*world.Resource) bool {
	return func(r *world.Resource) bool { return r.String(attribute) == l.deployment.Cluster.Name }
}

// status is AWS's status of what exists; what AWS failed to make has another.
func status(r *world.Resource, works, fails string) string {
	if r.Failed {
		return fails
	}
	if said := r.String("status"); said != "" {
		return said
	}
	return works
}

// NodeGroups are those of the world.
func (l *looks) NodeGroups(context.Context) ([]verify.NodeGroup, error) {
	var groups []verify.NodeGroup
	for _, r := range l.list("aws_eks_node_group", l.ofCluster("cluster_name")) {
		groups = append(groups, verify.NodeGroup{Name: r.String("node_group_name"), Status: status(r, "ACTIVE", "CREATE_FAILED"),
			Desired: desired(r)})
	}
	return groups, nil
}

// desired is how many nodes a group has.
func desired(r *world.Resource) int {
	count := 0
	for _, scaling := range objects(r.Attributes["scaling_config"]) {
		if n, ok := scaling["desired_size"].(float64); ok {
			count += int(n)
		}
	}
	return count
}

// objects are the elements of a list of blocks.
func objects(value any) []world.Object {
	list, _ := value.([]any)
	var all []world.Object
	for _, element := range list {
		if o, ok := element.(world.Object); ok {
			all = append(all, o)
		}
	}
	return all
}

// Nodes are as many as the groups want: in the world every machine starts.
func (l *looks) Nodes(ctx context.Context) ([]verify.Node, error) {
	groups, err := l.NodeGroups(ctx)
	var nodes []verify.Node
	for _, g := range groups {
		for i := range g.Desired {
			nodes = append(nodes, verify.Node{Name: fmt.Sprintf("%s-%d", g.Name, i), Group: g.Name, Ready: g.Status == "ACTIVE",
				Problem: "its group is " + g.Status})
		}
	}
	return nodes, err
}

// Addons are those of the world.
func (l *looks) Addons(context.Context) ([]verify.Addon, error) {
	var addons []verify.Addon
	for _, r := range l.list("aws_eks_addon", l.ofCluster("cluster_name")) {
		addons = append(addons, verify.Addon{Name: r.String("addon_name"), Version: r.String("addon_version"),
			Status: status(r, "ACTIVE", "CREATE_FAILED")})
	}
	return addons, nil
}

// releases are those that the embedded Helm provider installed (its record in the world).
func (l *looks) releases() []*world.Resource { return l.list("helm_release", l.ofCluster("cluster")) }

// Workloads has one for each release: how many of its pods have a node and run. No first steps are taken in the world, so that what waits
// for them is no fault there.
func (l *looks) Workloads(context.Context) ([]verify.Workload, error) {
	var all []verify.Workload
	for _, r := range l.releases() {
		pods, later := count(r, "pods"), count(r, "pods_later")
		waiting := count(r, "pods_waiting") - later
		one := verify.Workload{Namespace: r.String("namespace"), Name: r.String("name"), Ready: pods, Wanted: pods + waiting,
			Unseen: r.String("unrendered") != "", Later: later > 0}
		if r.String("status") != "deployed" {
			one.Wanted = max(one.Wanted, one.Ready+1)
		}
		all = append(all, one)
	}
	return all, nil
}

func count(r *world.Resource, attribute string) int {
	n, _ := r.Attributes[attribute].(float64)
	return int(n)
}

// balancer is the deployment's load balancer; nil if there is none.
func (l *looks) balancer() *world.Resource {
	found := l.list("aws_lb", func(r *world.Resource) bool {
		return strings.EqualFold(r.String("dns_name"), l.deployment.LoadBalancer.Hostname)
	})
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// listener is the load balancer's for TLS, or the error that it is gone.
func (l *looks) listener() (*world.Resource, error) {
	lb := l.balancer()
	if lb == nil {
		return nil, verify.Gone("the load balancer " + l.deployment.LoadBalancer.Hostname)
	}
	found := l.list("aws_lb_listener", func(r *world.Resource) bool {
		return r.String("load_balancer_arn") == lb.String("arn") && r.String("protocol") == "TLS"
	})
	if len(found) == 0 {
		return nil, verify.Gone("the load balancer's listener for TLS")
	}
	return found[0], nil
}

// Certificate is that of the listener.
func (l *looks) Certificate(context.Context) (verify.Certificate, error) {
	listener, err := l.listener()
	if err != nil {
		return verify.Certificate{}, err
	}
	found := l.list("aws_acm_certificate", func(r *world.Resource) bool { return r.String("arn") == listener.String("certificate_arn") })
	if len(found) == 0 {
		return verify.Certificate{}, verify.Gone("the certificate " + listener.String("certificate_arn"))
	}
	c := verify.Certificate{Status: found[0].String("status"), Names: []string{found[0].String("domain_name")}}
	names, _ := found[0].Attributes["subject_alternative_names"].([]any)
	for _, name := range names {
		if text, ok := name.(string); ok {
			c.Names = append(c.Names, text)
		}
	}
	return c, nil
}

// Targets are the nodes of the Auto Scaling groups that the listener's target group is attached to. They are healthy where coderd is
// installed.
func (l *looks) Targets(context.Context) ([]verify.Target, error) {
	listener, err := l.listener()
	if err != nil {
		return nil, err
	}
	attached := map[string]bool{}
	for _, action := range objects(listener.Attributes["default_action"]) {
		for _, r := range l.list("aws_autoscaling_attachment", func(r *world.Resource) bool {
			return r.String("lb_target_group_arn") == action["target_group_arn"]
		}) {
			attached[r.String("autoscaling_group_name")] = true
		}
	}
	state, reason := "healthy", ""
	if l.release("coder") == nil {
		state, reason = "unhealthy", "nothing listens on the node port"
	}
	var targets []verify.Target
	for _, group := range l.list("aws_eks_node_group", l.ofCluster("cluster_name")) {
		for _, resources := range objects(group.Attributes["resources"]) {
			for _, scaling := range objects(resources["autoscaling_groups"]) {
				if name, _ := scaling["name"].(string); attached[name] {
					for i := range desired(group) {
						targets = append(targets, verify.Target{ID: fmt.Sprintf("%s-%d", group.String("node_group_name"), i), State: state, Reason: reason})
					}
				}
			}
		}
	}
	return targets, nil
}

// release is a release of a chart that was deployed; nil if there is none.
func (l *looks) release(chart string) *world.Resource {
	for _, r := range l.releases() {
		if r.String("chart") == chart && r.String("status") == "deployed" {
			return r
		}
	}
	return nil
}

// Names are the records of the domain and its wildcard. Whether a zone is delegated is nothing that the world knows.
func (l *looks) Names(context.Context) ([]verify.Name, error) {
	var names []verify.Name
	for _, name := range []string{l.deployment.Domain, l.deployment.WildcardDomain} {
		found := verify.Name{Name: name}
		for _, r := range l.list("aws_route53_record", func(r *world.Resource) bool {
			return r.String("fqdn") == name && r.String("type") == "A"
		}) {
			for _, alias := range objects(r.Attributes["alias"]) {
				found.To, _ = alias["name"].(string)
				found.Points = strings.EqualFold(found.To, l.deployment.LoadBalancer.Hostname)
			}
		}
		names = append(names, found)
	}
	return names, nil
}

// Database is the cluster that the host belongs to.
func (l *looks) Database(context.Context) (verify.Database, error) {
	clusters := l.list("aws_rds_cluster", func(r *world.Resource) bool { return r.String("endpoint") == l.deployment.Database.Host })
	if len(clusters) == 0 {
		return verify.Database{}, verify.Gone("the database cluster " + l.deployment.Database.Host)
	}
	db := verify.Database{Status: status(clusters[0], "available", "failed")}
	for _, r := range l.list("aws_rds_cluster_instance", func(r *world.Resource) bool {
		return r.String("cluster_identifier") == clusters[0].String("cluster_identifier")
	}) {
		if state := status(r, "available", "failed"); state != "available" {
			db.Instances = append(db.Instances, r.String("identifier")+" "+state)
			continue
		}
		db.Ready++
	}
	return db, nil
}

// Coderd is installed or not; that it runs is for AWS to show.
func (l *looks) Coderd(context.Context) (verify.Coderd, error) {
	if l.release("coder") == nil {
		d := diagnostic.Errorf("Coder is not installed")
		d.Code, d.Todo = "verify.not_installed", "run `coderaws up`, which installs it"
		return verify.Coderd{}, d
	}
	return verify.Coderd{}, verify.ErrNotRun
}

// Provisioners run nowhere here.
func (l *looks) Provisioners(context.Context) (verify.Provisioners, error) {
	return verify.Provisioners{}, verify.ErrNotRun
}
