package rehearsal_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"
	"coderaws/internal/sandbox/world"
	"coderaws/internal/verify"
)

// installed is what the cloud stack says of SR-Simple.
func installed(t *testing.T) verify.Deployment {
	t.Helper()
	d, err := verify.Read(json.RawMessage(`{
  "region": "us-east-1", "name": "coder", "domain": "coder.example.com", "access_url": "https://coder.example.com", "wildcard_domain": "*.coder.example.com",
  "cluster": {"name": "coder"}, "database": {"host": "coder.cluster-abc.us-east-1.rds.amazonaws.com"},
  "load_balancer": {"hostname": "coder-1234.elb.us-east-1.amazonaws.com"}
}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// looked looks at an installation in a world.
func looked(t *testing.T, d verify.Deployment, w *world.World) []verify.Check {
	t.Helper()
	source, done, err := rehearsal.Over(w).Look(t.Context(), &lifecycle.Installation{Deployment: d})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	return verify.Run(t.Context(), d, source)
}

// furnished is a world with what the stacks make of SR-Simple, as far as it is looked at. The scripts of the command line look at the
// stacks' own worlds.
func furnished(change func(r *world.Resource)) *world.World {
	w := world.New(world.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	one := func(o world.Object) []any { return []any{o} }
	resources := []*world.Resource{
		{Type: "aws_eks_node_group", ID: "control", Region: "us-east-1", Attributes: world.Object{
			"cluster_name": "coder", "node_group_name": "control", "status": "ACTIVE", "scaling_config": one(world.Object{"desired_size": 2.0}),
			"resources": one(world.Object{"autoscaling_groups": one(world.Object{"name": "eks-control-1"})}),
		}},
		{Type: "aws_eks_node_group", ID: "another cluster's", Region: "us-east-1", Failed: true,
			Attributes: world.Object{"cluster_name": "other"}},
		{Type: "aws_eks_addon", ID: "coredns", Region: "us-east-1", Attributes: world.Object{"cluster_name": "coder", "addon_name": "coredns"}},
		{Type: "aws_lb", ID: "lb", Region: "us-east-1",
			Attributes: world.Object{"arn": "arn:lb", "dns_name": "coder-1234.elb.us-east-1.amazonaws.com"}},
		{Type: "aws_lb_listener", ID: "listener", Region: "us-east-1", Attributes: world.Object{
			"load_balancer_arn": "arn:lb", "protocol": "TLS", "certificate_arn": "arn:certificate",
			"default_action": one(world.Object{"target_group_arn": "arn:group"}),
		}},
		{Type: "aws_acm_certificate", ID: "certificate", Region: "us-east-1", Attributes: world.Object{
			"arn": "arn:certificate", "status": "ISSUED", "domain_name": "coder.example.com",
			"subject_alternative_names": []any{"*.coder.example.com"},
		}},
		{Type: "aws_autoscaling_attachment", ID: "attachment", Region: "us-east-1", Attributes: world.Object{
			"autoscaling_group_name": "eks-control-1", "lb_target_group_arn": "arn:group",
		}},
		{Type: "aws_route53_record", ID: "domain", Region: "aws-global", Attributes: world.Object{
			"fqdn": "coder.example.com", "type": "A", "alias": one(world.Object{"name": "coder-1234.elb.us-east-1.amazonaws.com"}),
		}},
		{Type: "aws_route53_record", ID: "wildcard", Region: "aws-global", Attributes: world.Object{
			"fqdn": "*.coder.example.com", "type": "A", "alias": one(world.Object{"name": "coder-1234.elb.us-east-1.amazonaws.com"}),
		}},
		{Type: "aws_rds_cluster", ID: "coder", Region: "us-east-1", Attributes: world.Object{
			"cluster_identifier": "coder", "endpoint": "coder.cluster-abc.us-east-1.rds.amazonaws.com",
		}},
		{Type: "aws_rds_cluster_instance", ID: "coder-1", Region: "us-east-1",
			Attributes: world.Object{"cluster_identifier": "coder", "identifier": "coder-1"}},
		{Type: "helm_release", ID: "coder", Region: "us-east-1", Attributes: world.Object{
			"cluster": "coder", "name": "coder", "namespace": "coder", "chart": "coder", "status": "deployed", "pods": 1.0, "pods_waiting": 0.0,
		}},
		{Type: "helm_release", ID: "autoscaler", Region: "us-east-1", Attributes: world.Object{
			"cluster": "coder", "name": "cluster-autoscaler", "namespace": "kube-system", "chart": "cluster-autoscaler", "status": "deployed",
			"pods":         0.0,
			"pods_waiting": 0.0, "unrendered": "no such host",
		}},
	}
	_ = w.Do(func() error {
		for _, r := range resources {
			r.Account = w.Account()
			if change != nil {
				change(r)
			}
			if r.Type != "" {
				w.Put(r)
			}
		}
		return nil
	})
	return w
}

// TestWorld is the specification of what is found in the embedded AWS. Each row changes or takes away one resource, and names the checks
// that tell of it.
func TestWorld(t *testing.T) {
	without := func(typ string) func(*world.Resource) {
		return func(r *world.Resource) {
			if r.Type == typ {
				r.Type = ""
			}
		}
	}
	set := func(typ, attribute string, value any) func(*world.Resource) {
		return func(r *world.Resource) {
			if r.Type == typ {
				r.Attributes[attribute] = value
			}
		}
	}
	for _, test := range []struct {
		name   string
		change func(*world.Resource)
		// failed are the checks that fail, and detail is of the first of them.
		failed []string
		detail string
	}{
		{name: "everything is there"},
		{name: "AWS failed to make a node group", change: func(r *world.Resource) { r.Failed = r.Failed || r.ID == "control" },
			failed: []string{"node groups", "nodes"}, detail: "control is CREATE_FAILED"},
		{name: "AWS failed to make an add-on", change: func(r *world.Resource) { r.Failed = r.Failed || r.ID == "coredns" },
			failed: []string{"add-ons"}, detail: "coredns is CREATE_FAILED"},
		{name: "Coder is not installed", change: func(r *world.Resource) {
			if r.ID == "coder" && r.Type == "helm_release" {
				r.Type = ""
			}
		}, failed: []string{"load balancer", "coderd"},
			detail: "control-0 is unhealthy: nothing listens on the node port, control-1 is unhealthy: nothing listens on the node port"},
		{name: "nothing is installed", change: without("helm_release"), failed: []string{"workloads", "load balancer", "coderd"},
			detail: "nothing is installed in the cluster"},
		{name: "a pod waits", change: set("helm_release", "pods_waiting", 1.0), failed: []string{"workloads"},
			detail: "coder/coder has 1 of 2 pods, kube-system/cluster-autoscaler has 0 of 1 pods"},
		{name: "a release failed", change: set("helm_release", "status", "failed"), failed: []string{"workloads", "load balancer", "coderd"},
			detail: "coder/coder has 1 of 2 pods, kube-system/cluster-autoscaler has 0 of 1 pods"},
		{name: "the certificate waits", change: set("aws_acm_certificate", "status", "PENDING_VALIDATION"), failed: []string{"certificate"},
			detail: "PENDING_VALIDATION"},
		{name: "the group is not attached", change: without("aws_autoscaling_attachment"), failed: []string{"load balancer"},
			detail: "it has no targets"},
		{name: "the records are gone", change: without("aws_route53_record"), failed: []string{"DNS"},
			detail: "coder.example.com is not known, *.coder.example.com is not known"},
		{name: "a record leads elsewhere", change: set("aws_route53_record", "alias", []any{world.Object{"name": "old.elb.amazonaws.com"}}),
			failed: []string{"DNS"}, detail: "coder.example.com leads to old.elb.amazonaws.com, *.coder.example.com leads to old.elb.amazonaws.com"},
		{name: "the database has no instance", change: without("aws_rds_cluster_instance"), failed: []string{"database"},
			detail: "the cluster is available, with 0 available"},
		{name: "AWS failed to make an instance", change: func(r *world.Resource) { r.Failed = r.Failed || r.ID == "coder-1" },
			failed: []string{"database"}, detail: "the cluster is available, with 0 available and coder-1 failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := installed(t)
			var failed []string
			for _, c := range looked(t, d, furnished(test.change)) {
				switch c.State {
				case verify.Failed:
					if failed = append(failed, c.Name); len(failed) == 1 && c.Detail != test.detail {
						t.Errorf("%s: %q, want %q", c.Name, c.Detail, test.detail)
					}
				case verify.Unknown:
					t.Errorf("%+v", c)
				case verify.NotRun:
					if c.Name != "coderd" && c.Name != "provisioners" {
						t.Errorf("%+v", c)
					}
				}
			}
			if !slices.Equal(failed, test.failed) {
				t.Errorf("%v failed, want %v", failed, test.failed)
			}
		})
	}
}

// TestWorldGone: what is gone is not there to be looked at, and that is said.
func TestWorldGone(t *testing.T) {
	d := installed(t)
	d.LoadBalancer.Hostname, d.Database.Host = "gone.elb.amazonaws.com", "gone.cluster-abc.us-east-1.rds.amazonaws.com"
	for _, c := range looked(t, d, furnished(nil)) {
		if gone := slices.Contains([]string{"database", "certificate", "load balancer"}, c.Name); gone != (c.State == verify.Unknown) {
			t.Errorf("%+v", c)
		}
	}
	// Of a chart that could not be fetched the pods are not known, which is said.
	for _, c := range looked(t, installed(t), furnished(nil)) {
		if c.Name == "workloads" && c.Detail != "2 with 1 pods ready; not rendered: cluster-autoscaler" {
			t.Errorf("%+v", c)
		}
	}
}
