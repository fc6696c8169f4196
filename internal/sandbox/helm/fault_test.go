package helm

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// disturb orders a fault of releases, once.
func (d *driver) disturb(fault *world.Fault) {
	fault.Name, fault.Type, fault.Times = "the fault", releaseType, 1
	d.world.Disturb(world.NewFaults([]*world.Fault{fault}, nil))
}

// TestFaults: what is ordered to go wrong goes wrong, and the next run goes on.
func TestFaults(t *testing.T) {
	fault := func(action world.Action) *world.Fault {
		return &world.Fault{Actions: []world.Action{action}, Error: *world.Fail("Timeout", "the server was unable to answer in time")}
	}
	d := newDriver(t)
	d.disturb(fault(world.Create))
	if _, err := d.apply(nil, release("web", "")); err == nil ||
		!strings.Contains(err.Error(), "installation failed\nTimeout: the server was unable") || !strings.Contains(err.Error(), `"the fault"`) {
		t.Fatalf("got %v", err)
	}
	state := d.must(nil, release("web", ""))
	d.disturb(fault(world.Update))
	if _, err := d.apply(state, release("web", "replicas: 1")); err == nil || !strings.Contains(err.Error(), "Upgrade failed: Timeout") {
		t.Fatalf("got %v", err)
	}
	state = d.must(state, release("web", "replicas: 1"))
	d.disturb(fault(world.Delete))
	if _, err := d.change(state, nil, nil); err == nil || !strings.Contains(err.Error(), "Unable to uninstall Helm release shop: Timeout") {
		t.Fatalf("got %v", err)
	}
	if _, err := d.change(state, nil, nil); err != nil {
		t.Fatal(err)
	}
}

// TestFaultAimed: a fault that is meant for one release finds it by Terraform's id, which is its name.
func TestFaultAimed(t *testing.T) {
	for _, row := range []struct {
		name   string
		action world.Action
		id     string
		fails  bool
	}{
		{"its upgrade", world.Update, "shop", true},
		{"its removal", world.Delete, "shop", true},
		{"another one's", world.Delete, "bakery", false},
	} {
		d := newDriver(t)
		state := d.must(nil, release("web", ""))
		aimed := &world.Fault{Address: "helm_release.shop", Actions: []world.Action{row.action}, Error: *world.Fail("Timeout", "too slow")}
		aimed.Aim(row.id, object{"name": row.id})
		d.disturb(aimed)
		_, err := d.apply(state, release("web", "replicas: 1"))
		if row.action == world.Delete {
			_, err = d.change(state, nil, nil)
		}
		if (err != nil) != row.fails {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// TestFaultAfter: what fails after Helm has made it is there, marked as failed, and Terraform does not know it.
func TestFaultAfter(t *testing.T) {
	d := newDriver(t)
	d.disturb(&world.Fault{Actions: []world.Action{world.Create}, After: true, Error: *world.Fail("Timeout", "too slow")})
	state, err := d.apply(nil, release("web", ""))
	if state != nil || err == nil {
		t.Fatalf("state %v, error %v", state, err)
	}
	for _, words := range []string{
		"Helm release error\nwaiting for Helm Release (shop) create: unexpected state 'failed', wanted target 'deployed'",
		"last error: Timeout: too slow",
		`"the fault"`, "upgrade_install = true",
	} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("it says %v, without %q", err, words)
		}
	}
	if all := Releases(d.world); len(all) != 1 || all[0].Status != "failed" {
		t.Fatalf("left %+v", all)
	}
	if state = d.must(nil, release("web", "", object{"upgrade_install": true})); state["status"] != "deployed" {
		t.Errorf("the next run makes %v", state["status"])
	}
}

// TestFaultRead: a release that cannot be read counts as gone, as the provider has it.
func TestFaultRead(t *testing.T) {
	d := newDriver(t)
	state := d.must(nil, release("web", ""))
	d.disturb(&world.Fault{Actions: []world.Action{world.Read}, Error: *world.Fail("Timeout", "too slow")})
	if found := d.read(state); found != nil {
		t.Errorf("read %v", found)
	}
	if found := d.read(state); found == nil {
		t.Error("it is gone")
	}
}

// TestAttempts: Helm makes a call once, also where the AWS provider would try again.
func TestAttempts(t *testing.T) {
	d := newDriver(t)
	throttled := world.Error{Code: "Throttling", Message: "Rate exceeded", Status: 503}
	d.disturb(&world.Fault{Actions: []world.Action{world.Create}, Error: throttled})
	if _, err := d.apply(nil, release("web", "")); err == nil || !strings.Contains(err.Error(), "Throttling: Rate exceeded") {
		t.Errorf("got %v", err)
	}
	if strikes := d.world.Strikes(); len(strikes) != 1 || strikes[0].Survived {
		t.Errorf("struck %+v", strikes)
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
		"coderd brings its database up to date": {object{"chart": "coder", "repository": repository}, time.Minute, 2 * time.Minute},
		"nobody waits for provisioners": {object{"chart": "coder-provisioner", "repository": repository, "wait": false}, time.Second,
			10 * time.Second},
		"atomic waits": {object{"chart": "coder", "repository": repository, "wait": false, "atomic": true},
			time.Minute, 2 * time.Minute},
		"a chart of one's own, with a job": {object{"chart": "./../../charts/foundation", "wait": true}, 20 * time.Second, time.Minute},
		"any chart": {object{"chart": "thing", "repository": "https://charts.example.com"},
			20 * time.Second, time.Minute},
		"a chart of a registry is nobody's own": {object{"chart": "oci://registry.example.com/thing"}, 20 * time.Second, time.Minute},
		"the autoscaler, which is a small program": {object{"chart": "cluster-autoscaler",
			"repository": "https://kubernetes.github.io/autoscaler"}, 10 * time.Second, 40 * time.Second},
	} {
		got := Times(row.release)
		if typical := got.Create.Typical; typical < row.shortest || typical > row.most || got.Source == "" || got.Create.Min > typical ||
			got.Create.Max < typical || got.Delete.Typical <= 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
