package world_test

import (
	"testing"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

func newWorld() *world.World { return world.New(world.Options{Now: time.Now}) }

// TestUseBesideOthers is the specification of what a quota allows where others use a part of it.
func TestUseBesideOthers(t *testing.T) {
	addresses := world.Quota{Code: "L-0263D0A3", Service: "ec2", Name: "EC2-VPC Elastic IPs", Default: 5}
	vcpus := world.Quota{Code: "L-1216C47A", Service: "ec2", Name: "vCPUs", Default: 5, Granted: true}
	for _, test := range []struct {
		name    string
		quota   world.Quota
		given   func(*world.World)
		amount  float64
		allowed bool
	}{
		{"the default alone", addresses, func(*world.World) {}, 5, true},
		{"over the default", addresses, func(*world.World) {}, 6, false},
		{"beside three of others", addresses, func(w *world.World) { w.SetUsed("L-0263D0A3", "us-east-1", "", 3) }, 2, true},
		{"one too many beside others", addresses, func(w *world.World) { w.SetUsed("L-0263D0A3", "us-east-1", "", 3) }, 3, false},
		{"beside others in another region", addresses, func(w *world.World) { w.SetUsed("L-0263D0A3", "eu-west-1", "", 3) }, 5, true},
		{"beside others in another scope", addresses, func(w *world.World) { w.SetUsed("L-0263D0A3", "us-east-1", "us-east-1a", 3) }, 5, true},
		{"a quota raised in this region", addresses, func(w *world.World) { w.SetLimitIn("L-0263D0A3", "us-east-1", 20) }, 20, true},
		{"a quota raised in another region", addresses, func(w *world.World) { w.SetLimitIn("L-0263D0A3", "eu-west-1", 20) }, 6, false},
		{"what new accounts are granted", vcpus, func(*world.World) {}, 500, true},
		{"what this account was not granted", vcpus, func(w *world.World) { w.SetLimitIn("L-1216C47A", "us-east-1", 5) }, 6, false},
		{"what is counted only", vcpus, func(w *world.World) { w.SetLimitIn("L-1216C47A", "us-east-1", 5); w.CountOnly() }, 6, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			test.given(w)
			if allowed := w.Use(test.quota, "us-east-1", "", test.amount); allowed != test.allowed {
				t.Errorf("allowed is %v, want %v", allowed, test.allowed)
			}
			usages := w.Usages()
			if test.allowed && (len(usages) != 1 || usages[0].Peak != test.amount) {
				t.Errorf("usages %+v, want a peak of %v, without what others use", usages, test.amount)
			}
		})
	}
}

func TestNameTaken(t *testing.T) {
	w := newWorld()
	w.TakeName("aws_iam_role", "aws-global", "Admin")
	for _, test := range []struct {
		typ, region, name string
		fold, taken       bool
	}{
		{"aws_iam_role", "aws-global", "Admin", false, true}, {"aws_iam_role", "aws-global", "admin", false, false},
		{"aws_iam_role", "aws-global", "admin", true, true},
		{"aws_iam_role", "us-east-1", "Admin", false, false}, {"aws_iam_user", "aws-global", "Admin", false, false},
	} {
		if got := w.NameTaken(test.typ, test.region, test.name, test.fold); got != test.taken {
			t.Errorf("%+v: taken is %v", test, got)
		}
	}
}

func TestZonesOfTheAccount(t *testing.T) {
	var none *world.World
	w := newWorld()
	if diff := cmp.Diff(facts.Zones("us-west-1"), w.Zones("us-west-1")); diff != "" || len(none.Zones("us-west-1")) != 2 {
		t.Errorf("zones of no account in particular (-sample +got):\n%s", diff)
	}
	w.SetZones("us-west-1", []facts.Zone{{Name: "us-west-1b", ID: "usw1-az1"}})
	if w.ZoneID("us-west-1", "us-west-1b") != "usw1-az1" || w.ZoneID("us-west-1", "us-west-1a") != "" {
		t.Errorf("zones %v", w.Zones("us-west-1"))
	}
}

func TestOffered(t *testing.T) {
	w := newWorld()
	if !w.Offered("us-east-1", "m5.large", "use1-az6") || w.Offered("us-east-1", "no.such", "use1-az6") {
		t.Error("without an account the embedded table says what is offered")
	}
	w.SetOffers("us-east-1", "m5.large", nil)
	w.SetOffers("us-east-1", "z9.newest", []string{"use1-az6"})
	if w.Offered("us-east-1", "m5.large", "use1-az6") || !w.Offered("us-east-1", "z9.newest", "use1-az6") ||
		w.Offered("us-east-1", "z9.newest", "use1-az1") {
		t.Error("the account says what is offered")
	}
}
