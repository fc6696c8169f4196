package service_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// shared is an argument of one type, the whole, that writes what resources of a finer type are too.
type shared struct {
	// whole and config make what has the argument, without it; scene is made before.
	whole  string
	config object
	scene  func(t *testing.T, d *sandboxtest.Driver) object
	// argument is the argument, written the value that names the one part, shown what it is read as if that is something else, and none
	// what it is written as to say that there shall be no part.
	argument             string
	written, shown, none any
	// finer and part make the part by itself.
	finer string
	part  func(scene, whole object) object
	// strict says that the argument stands for nothing where it is not written: what others made is to go.
	strict bool
	// hidden says that the provider does not read the argument.
	hidden bool
	// stays says that the argument cannot take the part away: it is computed where it is not written, as the blocks of a bucket are.
	stays bool
}

// TestOneObject: an object of AWS is stored once, and each of the Terraform types that write it reads it there, changes it there and takes
// it away there.
func TestOneObject(t *testing.T) {
	for _, s := range slices.Concat(iamShared(), policyShared(), bucketShared(), groupShared()) {
		t.Run(s.whole+"."+s.argument+" and "+s.finer, func(t *testing.T) {
			t.Parallel()
			s.check(t)
		})
	}
}

// worldBefore copies a world that an earlier program wrote, since to open one changes its file.
func worldBefore(t *testing.T, name string) (path string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	expect(t, err, "")
	path = filepath.Join(t.TempDir(), "world.json")
	expect(t, os.WriteFile(path, text, 0o600), "")
	return path
}

func (s shared) check(t *testing.T) {
	d := sandboxtest.New(t, "")
	scene := object{}
	if s.scene != nil {
		scene = s.scene(t, d)
	}
	before := len(d.World.List(nil))
	if s.shown == nil {
		s.shown = s.written
	}
	with := merged(s.config, object{s.argument: s.written})
	without := merged(s.config, object{s.argument: s.none})

	// Made by the finer type, it is seen in the whole.
	whole := d.MustCreate(t, s.whole, s.config)
	part := d.MustCreate(t, s.finer, s.part(scene, whole))
	whole = s.read(t, d, s.whole, whole)
	if !s.hidden {
		s.says(t, "the argument with a part of the finer type", whole[s.argument], s.shown)
		s.plans(t, d, "the argument left out, with a part of the finer type", whole, s.config, s.strict)
		s.plans(t, d, "the argument written as it is", whole, with, false)
	}
	// Deleted by it, it is gone from the whole.
	expect(t, d.Delete(s.finer, part), "")
	whole = s.read(t, d, s.whole, whole)
	if !s.hidden && reflect.DeepEqual(whole[s.argument], s.shown) {
		t.Errorf("a part that was deleted by its own type is still in the argument: %v", whole[s.argument])
	}
	// Made by the whole, it is what the finer type means.
	whole, err := d.Update(s.whole, whole, with)
	expect(t, err, "")
	if found := s.read(t, d, s.finer, part); found == nil {
		t.Errorf("what the argument makes is not what %s means", s.finer)
	} else if found["id"] != part["id"] {
		t.Errorf("the id of %s has changed from %v to %v", s.finer, part["id"], found["id"])
	}
	// Put again by the finer type, it is still one.
	count := len(d.World.List(nil))
	part = d.MustCreate(t, s.finer, s.part(scene, whole))
	if now := len(d.World.List(nil)); now != count {
		t.Errorf("there are %d resources where there were %d: it is stored twice", now, count)
	}
	// Taken out of the argument, it is gone for the finer type.
	if whole = s.read(t, d, s.whole, whole); !s.stays {
		whole, err = d.Update(s.whole, whole, without)
		expect(t, err, "")
		if found := s.read(t, d, s.finer, part); found != nil {
			t.Errorf("taken out of the argument, %s is still %v", s.finer, found)
		}
	}
	// Made with the whole, it goes with it.
	expect(t, d.Delete(s.whole, whole), "")
	earlier := whole["id"]
	whole = d.MustCreate(t, s.whole, with)
	if whole["id"] != earlier { // what AWS gives an id of its own
		part = merged(merged(part, s.part(scene, whole)), object{"id": "x"})
	}
	if found := s.read(t, d, s.finer, part); found == nil {
		t.Errorf("what the whole is made with is not what %s means", s.finer)
	}
	expect(t, d.Delete(s.whole, s.read(t, d, s.whole, whole)), "")
	if left := d.World.List(nil); len(left) != before {
		t.Errorf("of %d resources are left %d, the last of them %s", before, len(left), left[len(left)-1].Key())
	}
}

func (s shared) read(t *testing.T, d *sandboxtest.Driver, typ string, state object) object {
	t.Helper()
	found, err := d.Read(typ, state)
	expect(t, err, "")
	return found
}

// says compares what is read with what is meant, leaving out what is not written.
func (s shared) says(t *testing.T, when string, got, want any) {
	t.Helper()
	if list, ok := got.([]any); ok && len(list) == 1 {
		if block, ok := list[0].(object); ok {
			got = []any{written(block, want.([]any)[0].(object))}
		}
	}
	if inOrder(got) != inOrder(want) {
		t.Errorf("%s says %v, want %v", when, got, want)
	}
}

// written is what a block says of what another one does.
func written(block, said object) object {
	some := object{}
	for name, value := range said {
		some[name] = block[name]
		inner, ok := block[name].([]any)
		if blocks, are := value.([]any); ok && are && len(inner) == 1 && len(blocks) == 1 {
			if in, ok := inner[0].(object); ok {
				some[name] = []any{written(in, blocks[0].(object))}
			}
		}
	}
	return some
}

// inOrder is a value as a text, a list without regard to its order.
func inOrder(value any) string {
	list, ok := value.([]any)
	if !ok {
		return fmt.Sprint(value)
	}
	var texts []string
	for _, element := range list {
		texts = append(texts, fmt.Sprint(element))
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// plans asks whether a configuration changes what there is.
func (s shared) plans(t *testing.T, d *sandboxtest.Driver, when string, state, config object, want bool) {
	t.Helper()
	planned, err := d.Plan(s.whole, state, config)
	expect(t, err, "")
	if changed := !reflect.DeepEqual(planned, state); changed != want {
		t.Errorf("%s: a change is planned: %t, want %t (%v, planned as %v)", when, changed, want, state[s.argument], planned[s.argument])
	}
}

// twice is what two resources of Terraform's make of one object of AWS.
type twice struct {
	name string
	// scene makes what both need and returns what they are.
	scene func(t *testing.T, d *sandboxtest.Driver) (typ string, first, second object)
	// refused is AWS's answer to the second; empty where its call overwrites.
	refused string
}

// TestMadeTwice: the second of two resources that are one object on AWS is refused where AWS refuses, and else both are the one.
func TestMadeTwice(t *testing.T) {
	for _, test := range slices.Concat(iamTwice(), settingTwice(), groupTwice()) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			typ, one, other := test.scene(t, d)
			first := d.MustCreate(t, typ, one)
			count := len(d.World.List(nil))
			second, err := d.Create(typ, other)
			expect(t, err, test.refused)
			if now := len(d.World.List(nil)); now != count {
				t.Errorf("there are %d resources where there were %d", now, count)
			}
			if err != nil {
				return
			}
			for _, state := range []object{first, second} {
				if found, err := d.Read(typ, state); err != nil || found == nil {
					t.Errorf("one of the two is not there: %v", err)
				}
			}
			expect(t, d.Delete(typ, second), "")
			if found, err := d.Read(typ, first); err != nil || found != nil {
				t.Errorf("deleted once, it is still there for the other: %v %v", found, err)
			}
			expect(t, d.Delete(typ, first), "") // what is gone needs no deletion
		})
	}
}
