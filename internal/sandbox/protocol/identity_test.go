package protocol_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// Types without an id in their schema are found again all the same, and told apart.
func TestTypesWithoutID(t *testing.T) {
	t.Parallel()
	const typ = "aws_athena_capacity_reservation"
	d := sandboxtest.New(t, "")
	first := d.MustCreate(t, typ, sandboxtest.Object{"name": "first", "target_dpus": 24})
	second := d.MustCreate(t, typ, sandboxtest.Object{"name": "second", "target_dpus": 24})

	changed, err := d.Update(typ, first, sandboxtest.Object{"name": "first", "target_dpus": 48})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []sandboxtest.Object{changed, second} {
		found, err := d.Read(typ, state)
		if err != nil || found == nil {
			t.Fatalf("%v is not found again: %v", state["name"], err)
		}
		if found["name"] != state["name"] || found["target_dpus"] != state["target_dpus"] {
			t.Errorf("%v is read as %v with %v", state["name"], found["name"], found["target_dpus"])
		}
	}
	if err := d.Delete(typ, changed); err != nil {
		t.Fatal(err)
	}
	if found, err := d.Read(typ, changed); err != nil || found != nil {
		t.Errorf("deleted, and still there: %v %v", found, err)
	}
	if found, err := d.Read(typ, second); err != nil || found == nil {
		t.Errorf("the other one is gone: %v", err)
	}
}
