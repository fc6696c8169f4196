package helm

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// TestFaults: what is ordered to go wrong goes wrong, and the next run goes on.
func TestFaults(t *testing.T) {
	fault := func(action world.Action) *world.Faults {
		return world.NewFaults([]*world.Fault{{Name: "the fault", Type: releaseType, Actions: []world.Action{action}, Error: *world.Fail("Timeout", "the server was unable to return a response in the time allotted"), Times: 1}}, nil)
	}
	d := newDriver(t)
	d.world.Disturb(fault(world.Create))
	if _, err := d.apply(nil, release("web", "")); err == nil || !strings.Contains(err.Error(), "installation failed\nTimeout: the server was unable") || !strings.Contains(err.Error(), `"the fault"`) {
		t.Fatalf("got %v", err)
	}
	state := d.must(nil, release("web", ""))
	d.world.Disturb(fault(world.Update))
	if _, err := d.apply(state, release("web", "replicas: 1")); err == nil || !strings.Contains(err.Error(), "Upgrade failed: Timeout") {
		t.Fatalf("got %v", err)
	}
	state = d.must(state, release("web", "replicas: 1"))
	d.world.Disturb(fault(world.Delete))
	if _, err := d.change(state, nil, nil); err == nil || !strings.Contains(err.Error(), "Unable to uninstall Helm release shop: Timeout") {
		t.Fatalf("got %v", err)
	}
	if _, err := d.change(state, nil, nil); err != nil {
		t.Fatal(err)
	}
}

// TestCluster: releases, and what they leave, go with their cluster.
func TestCluster(t *testing.T) {
	d := newDriver(t)
	d.must(nil, release("web", "", object{"namespace": "web", "create_namespace": true}))
	catalog := service.NewCatalog()
	Declare(catalog)
	err := d.world.Do(func() error {
		catalog.Remove(d.world, d.world.Get(world.DefaultAccount, "us-east-1", "aws_eks_cluster", "main"))
		return nil
	})
	if left := d.remains(); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestTimes(t *testing.T) {
	for name, row := range map[string]struct {
		release        object
		shortest, most time.Duration
	}{
		"coderd brings its database up to date":    {object{"chart": "coder", "repository": repository}, time.Minute, 2 * time.Minute},
		"nobody waits for provisioners":            {object{"chart": "coder-provisioner", "repository": repository, "wait": false}, time.Second, 10 * time.Second},
		"atomic waits":                             {object{"chart": "coder", "repository": repository, "wait": false, "atomic": true}, time.Minute, 2 * time.Minute},
		"a chart of one's own, with a job":         {object{"chart": "./../../charts/foundation", "wait": true}, 20 * time.Second, time.Minute},
		"any chart":                                {object{"chart": "thing", "repository": "https://charts.example.com"}, 20 * time.Second, time.Minute},
		"a chart of a registry is nobody's own":    {object{"chart": "oci://registry.example.com/thing"}, 20 * time.Second, time.Minute},
		"the autoscaler, which is a small program": {object{"chart": "cluster-autoscaler", "repository": "https://kubernetes.github.io/autoscaler"}, 10 * time.Second, 40 * time.Second},
	} {
		got := Times(row.release)
		if typical := got.Create.Typical; typical < row.shortest || typical > row.most || got.Source == "" || got.Create.Min > typical || got.Create.Max < typical || got.Delete.Typical <= 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
