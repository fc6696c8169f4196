package verify

import (
	"context"
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/sandbox/world"
)

// World looks at a deployment on the embedded AWS. What that models is looked at as on AWS; coderd and the provisioners are programs, which
// nothing runs there.
type World struct {
	World      *world.World
	Deployment Deployment
}

// global is the region of what has none, as Route 53's records.
const global = "aws-global"

// list finds the resources of a type in the deployment's region, or in none.
func (w *World) list(typ string, keep func(*world.Resource) bool) []*world.Resource {
	var found []*world.Resource
	// Looking changes nothing, so that there is nothing to save and nothing that can fail.
	_ = w.World.Do(func() error {
		found = w.World.List(func(r *world.Resource) bool {
			return r.Type == typ && (r.Region == w.Deployment.Region || r.Region == global) && (keep == nil || keep(r))
		})
		return nil
	})
	return found
}

// ofCluster keeps what belongs to the deployment's cluster.
func (w *World) ofCluster(attribute string) func(*world.Resource) bool {
	return func(r *world.Resource) bool { return r.String(attribute) == w.Deployment.Cluster.Name }
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
func (w *World) NodeGroups(context.Context) ([]NodeGroup, error) {
	var groups []NodeGroup
	for _, r := range w.list("aws_eks_node_group", w.ofCluster("cluster_name")) {
		groups = append(groups, NodeGroup{Name: r.String("node_group_name"), Status: status(r, "ACTIVE", "CREATE_FAILED"), Desired: desired(r)})
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
func (w *World) Nodes(ctx context.Context) ([]Node, error) {
	groups, err := w.NodeGroups(ctx)
	var nodes []Node
	for _, g := range groups {
		for i := range g.Desired {
			nodes = append(nodes, Node{Name: fmt.Sprintf("%s-%d", g.Name, i), Group: g.Name, Ready: g.Status == "ACTIVE", Problem: "its group is " + g.Status})
		}
	}
	return nodes, err
}

// Addons are those of the world.
func (w *World) Addons(context.Context) ([]Addon, error) {
	var addons []Addon
	for _, r := range w.list("aws_eks_addon", w.ofCluster("cluster_name")) {
		addons = append(addons, Addon{Name: r.String("addon_name"), Version: r.String("addon_version"), Status: status(r, "ACTIVE", "CREATE_FAILED")})
	}
	return addons, nil
}

// releases are those that the embedded Helm provider installed (its record in the world).
func (w *World) releases() []*world.Resource { return w.list("helm_release", w.ofCluster("cluster")) }

// Workloads has one for each release: how many of its pods have a node and run. No first steps are taken in the world, so that what waits for
// them is no fault there.
func (w *World) Workloads(context.Context) ([]Workload, error) {
	var all []Workload
	for _, r := range w.releases() {
		pods, later := count(r, "pods"), count(r, "pods_later")
		waiting := count(r, "pods_waiting") - later
		one := Workload{Namespace: r.String("namespace"), Name: r.String("name"), Ready: pods, Wanted: pods + waiting, Unseen: r.String("unrendered") != "", Later: later > 0}
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
func (w *World) balancer() *world.Resource {
	found := w.list("aws_lb", func(r *world.Resource) bool {
		return strings.EqualFold(r.String("dns_name"), w.Deployment.LoadBalancer.Hostname)
	})
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// listener is the load balancer's for TLS, or the error that it is gone.
func (w *World) listener() (*world.Resource, error) {
	lb := w.balancer()
	if lb == nil {
		return nil, gone("the load balancer " + w.Deployment.LoadBalancer.Hostname)
	}
	found := w.list("aws_lb_listener", func(r *world.Resource) bool {
		return r.String("load_balancer_arn") == lb.String("arn") && r.String("protocol") == "TLS"
	})
	if len(found) == 0 {
		return nil, gone("the load balancer's listener for TLS")
	}
	return found[0], nil
}

// Certificate is that of the listener.
func (w *World) Certificate(context.Context) (Certificate, error) {
	listener, err := w.listener()
	if err != nil {
		return Certificate{}, err
	}
	found := w.list("aws_acm_certificate", func(r *world.Resource) bool { return r.String("arn") == listener.String("certificate_arn") })
	if len(found) == 0 {
		return Certificate{}, gone("the certificate " + listener.String("certificate_arn"))
	}
	c := Certificate{Status: found[0].String("status"), Names: []string{found[0].String("domain_name")}}
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
func (w *World) Targets(context.Context) ([]Target, error) {
	listener, err := w.listener()
	if err != nil {
		return nil, err
	}
	attached := map[string]bool{}
	for _, action := range objects(listener.Attributes["default_action"]) {
		for _, r := range w.list("aws_autoscaling_attachment", func(r *world.Resource) bool { return r.String("lb_target_group_arn") == action["target_group_arn"] }) {
			attached[r.String("autoscaling_group_name")] = true
		}
	}
	state, reason := "healthy", ""
	if w.release("coder") == nil {
		state, reason = "unhealthy", "nothing listens on the node port"
	}
	var targets []Target
	for _, group := range w.list("aws_eks_node_group", w.ofCluster("cluster_name")) {
		for _, resources := range objects(group.Attributes["resources"]) {
			for _, scaling := range objects(resources["autoscaling_groups"]) {
				if name, _ := scaling["name"].(string); attached[name] {
					for i := range desired(group) {
						targets = append(targets, Target{fmt.Sprintf("%s-%d", group.String("node_group_name"), i), state, reason})
					}
				}
			}
		}
	}
	return targets, nil
}

// release is a release of a chart that was deployed; nil if there is none.
func (w *World) release(chart string) *world.Resource {
	for _, r := range w.releases() {
		if r.String("chart") == chart && r.String("status") == "deployed" {
			return r
		}
	}
	return nil
}

// Names are the records of the domain and its wildcard. Whether a zone is delegated is nothing that the world knows.
func (w *World) Names(context.Context) ([]Name, error) {
	var names []Name
	for _, name := range []string{w.Deployment.Domain, w.Deployment.WildcardDomain} {
		found := Name{Name: name}
		for _, r := range w.list("aws_route53_record", func(r *world.Resource) bool { return r.String("fqdn") == name && r.String("type") == "A" }) {
			for _, alias := range objects(r.Attributes["alias"]) {
				found.To, _ = alias["name"].(string)
				found.Points = strings.EqualFold(found.To, w.Deployment.LoadBalancer.Hostname)
			}
		}
		names = append(names, found)
	}
	return names, nil
}

// Database is the cluster that the host belongs to.
func (w *World) Database(context.Context) (Database, error) {
	clusters := w.list("aws_rds_cluster", func(r *world.Resource) bool { return r.String("endpoint") == w.Deployment.Database.Host })
	if len(clusters) == 0 {
		return Database{}, gone("the database cluster " + w.Deployment.Database.Host)
	}
	db := Database{Status: status(clusters[0], "available", "failed")}
	for _, r := range w.list("aws_rds_cluster_instance", func(r *world.Resource) bool {
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
func (w *World) Coderd(context.Context) (Coderd, error) {
	if w.release("coder") == nil {
		d := diagnostic.Errorf("Coder is not installed")
		d.Code, d.Todo = "verify.not_installed", "run `coderaws up`, which installs it"
		return Coderd{}, d
	}
	return Coderd{}, ErrNotRun
}

// Provisioners run nowhere here.
func (w *World) Provisioners(context.Context) (Provisioners, error) { return Provisioners{}, ErrNotRun }
