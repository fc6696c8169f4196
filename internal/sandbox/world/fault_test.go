package world

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStrikes is the specification of which calls a fault strikes.
func TestStrikes(t *testing.T) {
	vpc := Attempt{Action: Create, Type: "aws_vpc", Object: Object{"cidr_block": "10.0.0.0/16"}}
	other := Attempt{Action: Create, Type: "aws_vpc", Object: Object{"cidr_block": "10.1.0.0/16"}}
	gone := Attempt{Action: Delete, Type: "aws_vpc", ID: "vpc-1", Object: Object{"cidr_block": "10.0.0.0/16"}}
	subnet := Attempt{Action: Create, Type: "aws_subnet", Object: Object{"cidr_block": "10.0.0.0/24"}}
	aimed := func(id string, values Object) *Fault {
		f := &Fault{Address: "aws_vpc.this", Type: "aws_vpc", Actions: []Action{Create, Delete}, Times: 1}
		f.Aim(id, values)
		return f
	}
	calls := []Attempt{vpc, subnet, other, vpc, gone, gone}
	for _, test := range []struct {
		name  string
		fault *Fault
		after bool
		// struck are the calls that fail, of those above.
		struck []int
	}{
		{name: "a type, once", fault: &Fault{Type: "aws_vpc", Actions: []Action{Create}, Times: 1}, struck: []int{0}},
		{name: "a type, three times", fault: &Fault{Type: "aws_vpc", Actions: []Action{Create}, Times: 3}, struck: []int{0, 2, 3}},
		{name: "a type, always, whatever the action", fault: &Fault{Type: "aws_vpc", Actions: []Action{Create, Delete}, Times: Always},
			struck: []int{0, 2, 3, 4, 5}},
		{name: "the second of a type", fault: &Fault{Type: "aws_vpc", Nth: 2, Actions: []Action{Create}, Times: Always}, struck: []int{2}},
		{name: "each resource once", fault: &Fault{Actions: []Action{Create, Delete}, Times: 1, Each: true}, struck: []int{0, 1, 2, 4}},
		{name: "deletions", fault: &Fault{Type: "aws_vpc", Actions: []Action{Delete}, Times: 1}, struck: []int{4}},
		{name: "an address that no plan has shown", fault: &Fault{Address: "aws_vpc.this", Type: "aws_vpc", Actions: []Action{Create},
			Times: Always}},
		{name: "an address, by what is known of it", fault: aimed("", Object{"cidr_block": "10.1.0.0/16", "arn": nil}), struck: []int{2}},
		{name: "an address, by its id", fault: aimed("vpc-1", Object{"cidr_block": "10.9.0.0/16"}), struck: []int{4}},
		{name: "after the call, looked for before it", fault: &Fault{Type: "aws_vpc", Actions: []Action{Create}, Times: 1, After: true}},
		{name: "after the call", fault: &Fault{Type: "aws_vpc", Actions: []Action{Create}, Times: 1, After: true}, after: true, struck: []int{0}},
	} {
		w := New(Options{Now: func() time.Time { return time.Time{} }})
		w.Disturb(NewFaults([]*Fault{test.fault}, nil))
		w.BeginRun()
		var struck []int
		for i, call := range calls {
			if fault, _ := w.Strike(call, test.after); fault != nil {
				struck = append(struck, i)
			}
		}
		if !slices.Equal(struck, test.struck) {
			t.Errorf("%s strikes the calls %v, want %v", test.name, struck, test.struck)
		}
		if len(w.Strikes()) != len(struck) {
			t.Errorf("%s: %d strikes are noted", test.name, len(w.Strikes()))
		}
	}
}

// TestAgrees is the specification of when nothing that is known of two values differs.
func TestAgrees(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b any
		want bool
	}{
		{"equal texts", "a", "a", true},
		{"different texts", "a", "b", false},
		{"a text and a number", "1", 1.0, false},
		{"nothing is known of one", nil, "a", true},
		{"one is known after apply", "a", Unknown{}, true},
		{"an attribute that one lacks", Object{"a": 1.0}, Object{"b": 1.0}, true},
		{"a different attribute", Object{"a": 1.0, "b": 2.0}, Object{"a": 1.0, "b": 3.0}, false},
		{"lists in another order, as sets are", []any{"a", "b"}, []any{"b", "a"}, true},
		{"lists of other lengths", []any{"a"}, []any{"a", "a"}, false},
		{"an element of a list that differs", []any{"a", "b"}, []any{"a", "c"}, false},
		{"an object and a list", Object{}, []any{}, false},
	} {
		if got := Agrees(test.a, test.b); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}

// TestCopy makes a second world that lives by itself.
func TestCopy(t *testing.T) {
	w := New(Options{Seed: "s", Now: func() time.Time { return time.Time{} }})
	w.Put(&Resource{Type: "aws_vpc", ID: "vpc-1", Account: w.Account(), Region: "us-east-1", Attributes: Object{"cidr_block": "10.0.0.0/16"}})
	w.SetLimit("L-1", 7)
	w.Made("aws_vpc")
	other := w.Copy()
	if diff := cmp.Diff(w.List(nil), other.List(nil)); diff != "" {
		t.Errorf("resources (-original +copy):\n%s", diff)
	}
	if other.Digest(8, "x") != w.Digest(8, "x") || other.Generation("aws_vpc") != 1 || other.Limit(Quota{Code: "L-1"}) != 7 {
		t.Error("ids, generations or quotas differ")
	}
	other.Remove(other.List(nil)[0])
	if len(w.List(nil)) != 1 {
		t.Error("what is removed from the copy is gone from the original")
	}
}
