package world

import (
	"slices"
	"testing"
	"time"
)

// TestIndex is how resources are found by an attribute, also by one that was asked for before they changed.
func TestIndex(t *testing.T) {
	w := New(Options{Now: func() time.Time { return time.Time{} }})
	put := func(id, table string) *Resource {
		r := &Resource{Type: "route", ID: id, Account: w.Account(), Region: "us-east-1", Owner: table, Attributes: Object{"table": table}}
		w.Put(r)
		return r
	}
	ids := func(found []*Resource) string {
		text := ""
		for _, r := range found {
			text += r.ID
		}
		return text
	}
	expect := func(when, ofA, ofB, all string) {
		t.Helper()
		got := []string{ids(w.Where("route", "table", "a")), ids(w.Where("route", "table", "b")), ids(w.Of("route")), ids(w.Owned("a"))}
		if want := []string{ofA, ofB, all, ofA}; !slices.Equal(got, want) {
			t.Errorf("%s: by a table, by another, all, and by owner are %q, want %q", when, got, want)
		}
	}
	put("1", "a")
	two := put("2", "b")
	expect("what was there before the question", "1", "2", "12")
	put("3", "a")
	expect("what came after it", "13", "2", "123")
	changed := w.Change(two, Object{"table": "a"})
	changed.Owner = "a"
	w.Put(changed)
	expect("what was changed, in the order of creation", "123", "", "123")
	w.Remove(w.Get(w.Account(), "us-east-1", "route", "1"))
	expect("what was removed", "23", "", "23")
	w.Put(&Resource{Type: "table", ID: "a", Account: w.Account(), Region: "us-east-1"})
	if found := w.Where("table", "table", "a"); len(found) != 0 {
		t.Errorf("a resource without the attribute is found by it")
	}
}
