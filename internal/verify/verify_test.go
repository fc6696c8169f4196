package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/verify"

	"github.com/google/go-cmp/cmp"
)

// output is the cloud stack's output platform.
const output = `{
  "region": "us-east-1", "name": "coder", "domain": "coder.example.com", "access_url": "https://coder.example.com", "wildcard_domain": "*.coder.example.com",
  "cluster": {"name": "coder", "endpoint": "https://cluster.example.net", "certificate_authority_data": ""},
  "database": {"host": "coder.cluster-abc.us-east-1.rds.amazonaws.com", "resource_id": "cluster-ABC"},
  "load_balancer": {"hostname": "coder-1234.elb.us-east-1.amazonaws.com", "node_port": 30080, "internal": false},
  "secrets": {"owner_password": "arn:owner", "provisioner_key": "arn:key"}
}`

func deployment(t *testing.T) verify.Deployment {
	t.Helper()
	d, err := verify.Read(json.RawMessage(output))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRead(t *testing.T) {
	d := deployment(t)
	if d.Cluster.Name != "coder" || d.LoadBalancer.Hostname == "" || d.Secrets.OwnerPassword != "arn:owner" || d.Database.Host == "" {
		t.Errorf("%+v", d)
	}
	for _, other := range []string{``, `null`, `"text"`, `{}`, `{"cluster": {"name": "coder"}}`} {
		if _, err := verify.Read(json.RawMessage(other)); err == nil {
			t.Errorf("%q is taken for the output of a cloud", other)
		}
	}
}

// facts are what a source says; each field replaces one answer.
type facts struct {
	groups       []verify.NodeGroup
	nodes        []verify.Node
	addons       []verify.Addon
	workloads    []verify.Workload
	certificate  verify.Certificate
	targets      []verify.Target
	names        []verify.Name
	database     verify.Database
	coderd       verify.Coderd
	provisioners verify.Provisioners
	// errs are errors by the name of the check.
	errs map[string]error
}

func healthy() *facts {
	return &facts{
		groups:       []verify.NodeGroup{{Name: "control", Status: "ACTIVE", Desired: 2}, {Name: "workspace", Status: "ACTIVE", Desired: 1}},
		nodes:        []verify.Node{{Name: "a", Ready: true}, {Name: "b", Ready: true}, {Name: "c", Ready: true}},
		addons:       []verify.Addon{{Name: "coredns", Status: "ACTIVE"}},
		workloads:    []verify.Workload{{Namespace: "coder", Name: "coder", Ready: 2, Wanted: 2}},
		certificate:  verify.Certificate{Status: "ISSUED", Names: []string{"coder.example.com", "*.coder.example.com"}},
		targets:      []verify.Target{{ID: "i-1", State: "healthy"}, {ID: "i-2", State: "healthy"}},
		names:        []verify.Name{{Name: "coder.example.com", Points: true}, {Name: "*.coder.example.com", Points: true}},
		database:     verify.Database{Status: "available", Ready: 2},
		coderd:       verify.Coderd{Version: "v2.27.0", URL: "https://coder.example.com", Asked: true},
		provisioners: verify.Provisioners{Connected: 4},
		errs:         map[string]error{},
	}
}

func (f *facts) NodeGroups(context.Context) ([]verify.NodeGroup, error) {
	return f.groups, f.errs["node groups"]
}
func (f *facts) Nodes(context.Context) ([]verify.Node, error)   { return f.nodes, f.errs["nodes"] }
func (f *facts) Addons(context.Context) ([]verify.Addon, error) { return f.addons, f.errs["add-ons"] }
func (f *facts) Workloads(context.Context) ([]verify.Workload, error) {
	return f.workloads, f.errs["workloads"]
}
func (f *facts) Certificate(context.Context) (verify.Certificate, error) {
	return f.certificate, f.errs["certificate"]
}
func (f *facts) Targets(context.Context) ([]verify.Target, error) {
	return f.targets, f.errs["load balancer"]
}
func (f *facts) Names(context.Context) ([]verify.Name, error) { return f.names, f.errs["DNS"] }
func (f *facts) Database(context.Context) (verify.Database, error) {
	return f.database, f.errs["database"]
}
func (f *facts) Coderd(context.Context) (verify.Coderd, error) { return f.coderd, f.errs["coderd"] }
func (f *facts) Provisioners(context.Context) (verify.Provisioners, error) {
	return f.provisioners, f.errs["provisioners"]
}

func TestHealthy(t *testing.T) {
	d := deployment(t)
	d.Provisioners = 4
	checks := verify.Run(t.Context(), d, healthy())
	want := []verify.Check{
		{Name: "node groups", State: verify.OK, Detail: "2 active, 3 nodes wanted"},
		{Name: "nodes", State: verify.OK, Detail: "3 ready"},
		{Name: "add-ons", State: verify.OK, Detail: "1 active"},
		{Name: "workloads", State: verify.OK, Detail: "1 with 2 pods ready"},
		{Name: "database", State: verify.OK, Detail: "available, with 2 of its instances"},
		{Name: "certificate", State: verify.OK, Detail: "issued for coder.example.com and *.coder.example.com"},
		{Name: "DNS", State: verify.OK, Detail: "coder.example.com and *.coder.example.com lead to the load balancer"},
		{Name: "load balancer", State: verify.OK, Detail: "2 healthy"},
		{Name: "coderd", State: verify.OK, Detail: "v2.27.0 at https://coder.example.com, healthy with its database"},
		{Name: "provisioners", State: verify.OK, Detail: "4 connected"},
	}
	if diff := cmp.Diff(want, checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	if healthy, unseen := verify.Healthy(checks); healthy == nil || !*healthy || len(unseen) > 0 {
		t.Errorf("it is not healthy, or %v was not looked at", unseen)
	}
}

// TestSpoke: a region that serves the Coder of another one has no database to look at, and one that has a Coder of its own always has.
func TestSpoke(t *testing.T) {
	const issued = "arn:aws:secretsmanager:us-west-2:123456789012:secret:coder/proxy-token-AbCdEf"
	for token, want := range map[string]bool{"": true, issued: false} {
		d := deployment(t)
		d.Secrets.ProxyToken = token
		looked := slices.ContainsFunc(verify.Run(t.Context(), d, healthy()), func(c verify.Check) bool { return c.Name == "database" })
		if looked != want {
			t.Errorf("with the token %q of a proxy, the database is looked at: %v, want %v", token, looked, want)
		}
	}
}

// TestJudgements is the specification of what is found wrong. Each row changes one thing, and exactly that check tells of it.
func TestJudgements(t *testing.T) {
	for _, test := range []struct {
		name, check  string
		state        verify.State
		detail, todo string
		given        func(d *verify.Deployment, f *facts)
	}{
		{name: "no node group", check: "node groups", state: verify.Failed, detail: "the cluster coder has no node group", todo: "coderaws up",
			given: func(_ *verify.Deployment, f *facts) { f.groups = nil }},
		{name: "a group is being made", check: "node groups", state: verify.Failed, detail: "control is CREATING", todo: "needs minutes",
			given: func(_ *verify.Deployment, f *facts) { f.groups[0].Status = "CREATING" }},
		{name: "EKS has an issue with a group that is active", check: "node groups", state: verify.Failed,
			detail: "control: NodeCreationFailure: Unhealthy nodes", todo: "describe-nodegroup",
			given: func(_ *verify.Deployment, f *facts) {
				f.groups[0].Issues = []string{"NodeCreationFailure: Unhealthy nodes"}
			}},
		{name: "no node has joined", check: "nodes", state: verify.Failed, detail: "Kubernetes knows no node", todo: "add-ons",
			given: func(_ *verify.Deployment, f *facts) { f.nodes = nil }},
		{name: "a node is not ready", check: "nodes", state: verify.Failed,
			detail: "1 of 3 are not ready: b: KubeletNotReady: cni plugin not initialized", todo: "kubectl describe node",
			given: func(_ *verify.Deployment, f *facts) {
				f.nodes[1] = verify.Node{Name: "b", Problem: "KubeletNotReady:\n cni plugin not initialized"}
			}},
		{name: "an add-on is degraded", check: "add-ons", state: verify.Failed, detail: "coredns: InsufficientNumberOfReplicas: none",
			todo: "recovers when its pods run",
			given: func(_ *verify.Deployment, f *facts) {
				f.addons[0] = verify.Addon{Name: "coredns", Status: "DEGRADED", Issues: []string{"InsufficientNumberOfReplicas: none"}}
			}},
		{name: "an add-on is being made", check: "add-ons", state: verify.Failed, detail: "coredns is CREATING", todo: "DEGRADED",
			given: func(_ *verify.Deployment, f *facts) { f.addons[0].Status = "CREATING" }},
		{name: "there is no add-on", check: "add-ons", state: verify.Failed, detail: "has no add-on", todo: "coderaws up",
			given: func(_ *verify.Deployment, f *facts) { f.addons = nil }},
		{name: "a pod lacks", check: "workloads", state: verify.Failed, detail: "coder/coder has 1 of 2 pods",
			todo:  "kubectl -n NAMESPACE describe pod",
			given: func(_ *verify.Deployment, f *facts) { f.workloads[0].Ready = 1 }},
		{name: "nothing is installed", check: "workloads", state: verify.Failed, detail: "nothing is installed", todo: "coderaws up",
			given: func(_ *verify.Deployment, f *facts) { f.workloads = nil }},
		{name: "provisioners are scaled to none on purpose", check: "workloads", state: verify.OK, detail: "2 with 2 pods ready",
			given: func(_ *verify.Deployment, f *facts) { f.workloads = append(f.workloads, verify.Workload{Name: "none"}) }},
		{name: "provisioners wait for their key", check: "workloads", state: verify.OK,
			detail: "2 with 2 pods ready; for the first steps wait: coder-provisioner",
			given: func(_ *verify.Deployment, f *facts) {
				f.workloads = append(f.workloads, verify.Workload{Name: "coder-provisioner", Later: true})
			}},
		{name: "the database fails over", check: "database", state: verify.Failed, detail: "the cluster is failing-over, with 2 available",
			todo:  "some minutes",
			given: func(_ *verify.Deployment, f *facts) { f.database.Status = "failing-over" }},
		{name: "an instance reboots", check: "database", state: verify.Failed, detail: "with 1 available and coder-1 rebooting",
			todo: "some minutes",
			given: func(_ *verify.Deployment, f *facts) {
				f.database = verify.Database{Status: "available", Ready: 1, Instances: []string{"coder-1 rebooting"}}
			}},
		{name: "a cluster without instances", check: "database", state: verify.Failed, detail: "with 0 available", todo: "some minutes",
			given: func(_ *verify.Deployment, f *facts) { f.database.Ready = 0 }},
		{name: "the certificate waits", check: "certificate", state: verify.Failed, detail: "PENDING_VALIDATION", todo: "name servers",
			given: func(_ *verify.Deployment, f *facts) { f.certificate.Status = "PENDING_VALIDATION" }},
		{name: "the certificate was refused", check: "certificate", state: verify.Failed, detail: "FAILED: CAA_ERROR", todo: "name servers",
			given: func(_ *verify.Deployment, f *facts) {
				f.certificate = verify.Certificate{Status: "FAILED", Reason: "CAA_ERROR"}
			}},
		{name: "the certificate of another domain", check: "certificate", state: verify.Failed, detail: "and not for *.coder.example.com",
			todo:  "own certificate",
			given: func(_ *verify.Deployment, f *facts) { f.certificate.Names = f.certificate.Names[:1] }},
		{name: "DNS knows no such name", check: "DNS", state: verify.Failed, detail: "coder.example.com is not known",
			todo:  "delegate the domain",
			given: func(_ *verify.Deployment, f *facts) { f.names[0] = verify.Name{Name: "coder.example.com"} }},
		{name: "the wildcard leads elsewhere", check: "DNS", state: verify.Failed, detail: "*.coder.example.com leads to 192.0.2.1",
			todo: "delegate the domain",
			given: func(_ *verify.Deployment, f *facts) {
				f.names[1] = verify.Name{Name: "*.coder.example.com", To: "192.0.2.1"}
			}},
		{name: "no node is a target", check: "load balancer", state: verify.Failed, detail: "it has no targets", todo: "coderaws up",
			given: func(_ *verify.Deployment, f *facts) { f.targets = nil }},
		{name: "coderd answers on no node", check: "load balancer", state: verify.Failed, detail: "i-1 is unhealthy: Health checks failed",
			todo: "logs deployment/coder",
			given: func(_ *verify.Deployment, f *facts) {
				f.targets = []verify.Target{{"i-1", "unhealthy", "Health checks failed"}}
			}},
		{name: "coderd runs on one of two nodes", check: "load balancer", state: verify.OK, detail: "1 of 2 targets healthy (i-2 is unhealthy)",
			given: func(_ *verify.Deployment, f *facts) { f.targets[1].State = "unhealthy" }},
		{name: "coderd does not answer", check: "coderd", state: verify.Failed, detail: "connection refused", todo: "logs deployment/coder",
			given: func(_ *verify.Deployment, f *facts) { f.errs["coderd"] = errors.New("connection refused") }},
		{name: "coderd does not answer outside of the VPC", check: "coderd", state: verify.Unknown, detail: "connection refused",
			todo: "from a machine that reaches the VPC",
			given: func(d *verify.Deployment, f *facts) {
				d.LoadBalancer.Internal, f.errs["coderd"] = true, errors.New("connection refused")
			}},
		{name: "coderd answers for another name", check: "coderd", state: verify.Failed, detail: "coderd answers for https://old.example.com",
			todo:  "coderaws up",
			given: func(_ *verify.Deployment, f *facts) { f.coderd.URL = "https://old.example.com" }},
		{name: "coderd does not reach its database", check: "coderd", state: verify.Failed, detail: "v2.27.0: its database is not healthy",
			todo:  "/health",
			given: func(_ *verify.Deployment, f *facts) { f.coderd.Problem = "its database is not healthy" }},
		{name: "coderd is asked before DNS knows it", check: "coderd", state: verify.OK, detail: "DNS does not know the domain yet",
			given: func(_ *verify.Deployment, f *facts) { f.coderd.Unresolved = true }},
		{name: "no provisioner", check: "provisioners", state: verify.Failed, detail: "no workspace can be started", todo: "coderaws first-steps",
			given: func(_ *verify.Deployment, f *facts) { f.provisioners = verify.Provisioners{} }},
		{name: "only coderd's own, where others are wanted", check: "provisioners", state: verify.Failed,
			detail: "3 of coderd's own, and none of the 4 external ones", todo: "coder-provisioners",
			given: func(d *verify.Deployment, f *facts) {
				d.Provisioners, f.provisioners = 4, verify.Provisioners{Connected: 3, BuiltIn: 3}
			}},
		{name: "coderd's own, as wanted", check: "provisioners", state: verify.OK, detail: "3 of coderd's own",
			given: func(_ *verify.Deployment, f *facts) { f.provisioners = verify.Provisioners{Connected: 3, BuiltIn: 3} }},
		{name: "some of them", check: "provisioners", state: verify.OK, detail: "2 of 4 connected",
			given: func(d *verify.Deployment, f *facts) { d.Provisioners, f.provisioners.Connected = 4, 2 }},
		{name: "nobody is signed in", check: "provisioners", state: verify.Unknown, detail: "nobody is signed in", todo: "CODER_SESSION_TOKEN",
			given: func(_ *verify.Deployment, f *facts) { f.errs["provisioners"] = errors.New("nobody is signed in") }},
		{name: "an error that says itself what to do", check: "nodes", state: verify.Unknown, detail: "the API does not answer: timeout",
			todo: "open the way",
			given: func(_ *verify.Deployment, f *facts) {
				f.errs["nodes"] = &diagnostic.Diagnostic{Severity: diagnostic.Error, Summary: "the API does not answer", Why: "timeout",
					Todo: "open the way"}
			}},
		{name: "the cluster cannot be asked", check: "workloads", state: verify.Unknown, detail: "timeout",
			todo:  "aws eks update-kubeconfig --name coder --region us-east-1",
			given: func(_ *verify.Deployment, f *facts) { f.errs["workloads"] = errors.New("timeout") }},
		{name: "nothing runs", check: "coderd", state: verify.NotRun, detail: "the sandbox runs no program",
			given: func(_ *verify.Deployment, f *facts) { f.errs["coderd"] = verify.ErrNotRun }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, f := deployment(t), healthy()
			test.given(&d, f)
			checks := verify.Run(t.Context(), d, f)
			for _, c := range checks {
				switch {
				case c.Name != test.check && c.State != verify.OK:
					t.Errorf("%s is %s too: %s", c.Name, c.State, c.Detail)
				case c.Name == test.check && (c.State != test.state || !strings.Contains(c.Detail, test.detail) ||
					!strings.Contains(c.Todo, test.todo)):
					t.Errorf("%+v", c)
				case (c.Todo != "") != (c.State == verify.Failed || c.State == verify.Unknown):
					t.Errorf("what fails needs something to do, and nothing else: %+v", c)
				case strings.Contains(c.Detail, "\n"):
					t.Errorf("more than a line: %q", c.Detail)
				}
			}
			// What was not looked at is neither healthy nor sick.
			want := map[verify.State]any{verify.OK: true, verify.Failed: false}[test.state]
			healthy, unseen := verify.Healthy(checks)
			var got any
			if healthy != nil {
				got = *healthy
			}
			if got != want || (len(unseen) > 0) != (want == nil) {
				t.Errorf("healthy is %v, not looked at %v; want %v", got, unseen, want)
			}
		})
	}
}
