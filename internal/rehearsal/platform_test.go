package rehearsal_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// clusterWithRelease is a source of two stacks: a cluster with nodes, and a release of a chart that makes a namespace and runs a pod.
func clusterWithRelease() fstest.MapFS {
	return fstest.MapFS{
		"stacks/cloud/main.tf": {Data: []byte(header + nodeGroup("a", "m5.large", "2") + `
output "platform" {
  value = { cluster = { endpoint = aws_eks_cluster.this.endpoint, certificate_authority_data = aws_eks_cluster.this.certificate_authority[0].data } }
}
`)},
		"stacks/platform/main.tf": {Data: []byte(`
terraform {
  required_providers {
    helm = { source = "hashicorp/helm" }
  }
}
variable "cloud" {
  type = object({ cluster = object({ endpoint = string, certificate_authority_data = string }) })
}
variable "replicas" {
  type    = number
  default = 1
}
provider "helm" {
  kubernetes = {
    host                   = var.cloud.cluster.endpoint
    cluster_ca_certificate = base64decode(var.cloud.cluster.certificate_authority_data)
    token                  = "none"
  }
}
resource "helm_release" "foundation" {
  name      = "foundation"
  namespace = "kube-system"
  chart     = "${path.module}/../../charts/foundation"
  values    = [yamlencode({ replicas = var.replicas })]
}
`)},
		"charts/foundation/Chart.yaml":  {Data: []byte("apiVersion: v2\nname: foundation\nversion: 1.2.3\n")},
		"charts/foundation/values.yaml": {Data: []byte("replicas: 1\n")},
		"charts/foundation/templates/all.yaml": {Data: []byte(`
apiVersion: v1
kind: Namespace
metadata: { name: workspaces }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pause, namespace: kube-system }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: pause } }
  template:
    metadata: { labels: { app: pause } }
    spec:
      containers:
        - name: pause
          image: registry.k8s.io/pause:3.10
          resources: { requests: { cpu: 100m, memory: 64Mi } }
`)},
	}
}

// platformRig is a deployment of that source on a world that lives in memory.
type platformRig struct {
	*lifecycle.Runner
	target     *rehearsal.Embedded
	deployment *deployment.Deployment
	progress   bytes.Buffer
}

func newPlatformRig(t *testing.T, settings string) *platformRig {
	t.Helper()
	source := clusterWithRelease()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/us-east-1.tfvars", []byte("region = \"us-east-1\"\n"+settings), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, source)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	rig := &platformRig{target: rehearsal.New("test", now), deployment: d}
	rig.Runner = &lifecycle.Runner{
		Source: source, Program: "test", Binary: engineOrSkip(t), Environ: environ(),
		Target: rig.target, Reporter: progress.NewPlain(&rig.progress, now), Now: now, Random: chance(),
	}
	return rig
}

// exists counts the resources of a type in the world.
func (rig *platformRig) exists(typ string) (n int) {
	_ = rig.target.World().Do(func() error {
		n = len(rig.target.World().List(func(r *world.Resource) bool { return r.Type == typ }))
		return nil
	})
	return n
}

// TestPlatformIsRehearsed: a rehearsal counts what it installs, and says when all of it is there.
func TestPlatformIsRehearsed(t *testing.T) {
	t.Parallel()
	rig := newPlatformRig(t, "replicas = 3\n")
	report, err := rig.target.Rehearse(t.Context(), rig.Runner, "test", rig.deployment)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Good() || len(report.Places) != 2 || len(report.Ready) != 1 {
		t.Fatalf("%+v", report)
	}
	want := []rehearsal.Release{{Namespace: "kube-system", Name: "foundation", Chart: "foundation", Version: "1.2.3", Objects: 2, Placed: 3}}
	if diff := cmp.Diff(want, report.Places[1].Releases, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("releases (-want +got):\n%s", diff)
	}
	cloud, platform := report.Places[0].Up.Typical, report.Places[1].Up.Typical
	if ready := report.Ready[0]; platform == 0 || ready.Typical != cloud+platform ||
		ready.Critical[len(ready.Critical)-1].Stack != lifecycle.PlatformStack {
		t.Errorf("it is ready after %v s, with %v s for the cloud and %v s for the platform: %+v", ready.Typical, cloud, platform, ready.Critical)
	}
}

// TestPlatformIsPlannedBeforeItsCloud: its chart is rendered with the real values, and nothing comes to exist.
func TestPlatformIsPlannedBeforeItsCloud(t *testing.T) {
	t.Parallel()
	rig := newPlatformRig(t, "")
	plans, err := rig.Plan(t.Context(), rig.deployment)
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) != 2 || plans[0].Basis != "" || plans[1].Basis != lifecycle.Imagined {
		t.Fatalf("%d plans, of %q and %q", len(plans), plans[0].Basis, plans[len(plans)-1].Basis)
	}
	want := []lifecycle.Change{{Address: "helm_release.foundation", Action: "create"}}
	if diff := cmp.Diff(want, lifecycle.Changes(plan.Read(plans[1].Plan.JSON))); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if n := rig.exists("aws_eks_cluster") + rig.exists("helm_release"); n > 0 {
		t.Errorf("%d things exist after a plan", n)
	}
	broken := newPlatformRig(t, "replicas = 1.5\n")
	if _, err = broken.Plan(t.Context(), broken.deployment); err == nil || diagnostic.From(err)[0].Address != "helm_release.foundation" {
		t.Errorf("a deployment with one and a half replicas is planned: %v", err)
	}
}

// TestHomesAreGuarded: the release that owns the namespace of workspaces is destroyed only by name, and before anything is.
func TestHomesAreGuarded(t *testing.T) {
	t.Parallel()
	rig := newPlatformRig(t, "")
	if _, err := rig.Up(t.Context(), rig.deployment, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, err := rig.Down(t.Context(), rig.deployment, nil, nil)
	findings := diagnostic.From(err)
	if diagnostic.Exit(err) != diagnostic.ExitRefused || len(findings) != 1 ||
		findings[0].Summary != "this would destroy foundation, which holds the homes of all workspaces, and it was not named" ||
		findings[0].Todo != "to lose it, name what is to be destroyed: --delete-data 'helm_release.foundation'" {
		t.Errorf("the destruction ends with %v", err)
	}
	if rig.exists("helm_release") != 1 || rig.exists("aws_eks_cluster") != 1 {
		t.Error("something was destroyed although it was refused")
	}
	results, err := rig.Down(t.Context(), rig.deployment, []string{"helm_release.foundation"}, nil)
	if err != nil || len(results) != 2 || results[0].Stack != lifecycle.PlatformStack || results[0].Changes.Remove != 1 {
		t.Errorf("named, it ends with %+v, %v", results, err)
	}
	if rig.exists("helm_release") != 0 || rig.exists("aws_eks_cluster") != 0 {
		t.Error("something is left")
	}
}

// TestLostPlatform: a cluster that somebody has deleted does not stop a destruction, which says what it did not find.
func TestLostPlatform(t *testing.T) {
	t.Parallel()
	rig := newPlatformRig(t, "")
	if _, err := rig.Up(t.Context(), rig.deployment, nil, nil); err != nil {
		t.Fatal(err)
	}
	w := rig.target.World()
	_ = w.Do(func() error {
		sandbox.Remove(w, w.List(func(r *world.Resource) bool { return r.Type == "aws_eks_cluster" })[0])
		return nil
	})
	if _, err := rig.Down(t.Context(), rig.deployment, []string{"helm_release.foundation"}, nil); err != nil {
		t.Fatal(err)
	}
	const notice = "Of the platform of us-east-1, 1 of 1 releases were not there any more, or their cluster did not answer"
	if !strings.Contains(rig.progress.String(), notice) {
		t.Errorf("nothing is said of the release that was not found:\n%s", &rig.progress)
	}
	if n := rig.exists("aws_vpc"); n > 0 {
		t.Errorf("%d networks are left", n)
	}
}
