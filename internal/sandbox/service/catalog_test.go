package service_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestDeclarations holds the figures and tables that the services declare to testdata/declarations.txt: the time that AWS takes, its
// quotas, what a type refers to, and what is computed anew. No row of a table could state a figure; so that none changes unseen, its
// difference is read there, beside its source.
func TestDeclarations(t *testing.T) {
	catalog := service.NewCatalog()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(catalog.Types)) {
		b.WriteString(declared(catalog.Types[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(catalog.DataSources)) {
		source := catalog.DataSources[name]
		fmt.Fprintf(&b, "data %s: %s, %s, %s\n", name, source.API, source.Noun, source.Call)
	}
	file := filepath.Join("testdata", "declarations.txt")
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("the services declare otherwise than %s says (go test ./internal/sandbox/service -update writes it; read the difference):\n%s",
			file, diff)
	}
}

// declared is what a type declares.
func declared(t *model.Type) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format+"\n", args...) }
	fmt.Fprintf(&b, "%s: %s, %s\n", t.Name, t.API, t.Noun)
	line("calls %s, %s, %s", t.CreateCall, t.UpdateCall, t.DeleteCall)
	if t.LatencyOf != nil {
		line("takes what its arguments say")
	} else {
		line("takes %s", times(t.Latency))
	}
	if len(t.Scope) > 0 {
		line("is itself within %s", strings.Join(t.Scope, ", "))
	}
	if len(t.Same) > 0 {
		line("is the same by %s", strings.Join(t.Same, ", "))
	}
	for _, p := range t.Parts {
		line("has by %s each %s whose %s is its %s, all of them %t", p.Argument, p.Type, p.Of, cmp.Or(p.By, "id"), p.Exclusive)
	}
	for _, r := range t.References {
		line("refers by %s to %s of %s, weakly %t, as a part %t: %s",
			r.Path, or(r.By, "id"), strings.Join(r.To, ", "), r.Weak, r.Inside, missing(r))
	}
	for _, u := range t.Unique {
		line("is unique by %s within %s, without regard to case %t", u.Attribute, or(u.Within, "its region"), u.FoldCase)
	}
	for _, q := range t.Quotas {
		line("counts against %s, per region %t, per zone %t, only some %t: %v",
			quota(q.Quota), q.Per == nil, q.PerZone, q.Only != nil, q.Exceeded())
	}
	for _, q := range t.Counted {
		line("counts by itself against %s, shared %t: %s", quota(q.Quota), q.Shared, q.Error)
	}
	for _, argument := range slices.Sorted(maps.Keys(t.Recompute)) {
		line("with %s computes anew %s", argument, strings.Join(t.Recompute[argument], ", "))
	}
	for _, argument := range slices.Sorted(maps.Keys(t.Replace)) {
		line("is replaced by some changes of %s", argument)
	}
	return b.String()
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// missing is the answer to a name that does not exist.
func missing(r model.Reference) string {
	if r.Missing == nil {
		return "AWS does not look"
	}
	if err := r.Missing("NAME"); err != nil {
		return err.Error()
	}
	return "may be anything"
}

func quota(q world.Quota) string {
	granted := ""
	if q.Granted {
		granted = ", granted"
	}
	return fmt.Sprintf("%s %s %q of %v%s", q.Service, q.Code, q.Name, q.Default, granted)
}

// times are the figures of a latency, with their source.
func times(l model.Latency) string {
	span := func(s model.Span) string { return fmt.Sprintf("%s (%s to %s)", s.Typical, s.Min, s.Max) }
	return fmt.Sprintf("%s to create, %s to update, %s to delete: %s", span(l.Create), span(l.Update), span(l.Delete), l.Source)
}

// examples are all examples of the modelled types, in the order in which they are made.
func examples() []sandboxtest.Specimen {
	return append(sandboxtest.Specimens(), sandboxtest.Variations()...)
}

// TestEveryType makes an example of each modelled type in one world, and holds what AWS answers; then all is read, when everything is there
// that others change.
func TestEveryType(t *testing.T) {
	known := answersOf(t)
	m := sandboxtest.NewMuseum(t)
	var names []string
	hold := func(name, answer string) {
		names = append(names, name)
		known.hold(t, name, answer)
	}
	arguments := map[string]object{}
	for _, s := range examples() {
		arguments[s.Name] = m.Fill(t, s.Arguments).(object)
		m.Add(t, s)
		hold(s.Name, answered(m.Driver, s.TypeName, arguments[s.Name], m.States[s.Name]))
	}
	for _, s := range examples() {
		state, err := m.Read(s.TypeName, m.States[s.Name])
		if err != nil {
			t.Error(err)
		}
		if diff := changed(m.States[s.Name], state); diff != "" {
			hold(s.Name+", read", diff)
		}
	}
	known.end(t, names)
	noFallbacks(t, m.Driver)
}

// TestEveryTypeGoes deletes the examples of all types in the order in which they were made, again and again until no more can be deleted:
// what is in use is refused at first. It holds AWS's answers, and what goes or is left along with each. The VPC stays with the group that a
// rule of its default group names: AWS lets that rule go with neither.
func TestEveryTypeGoes(t *testing.T) {
	known := answersOf(t)
	m := sandboxtest.NewMuseum(t)
	left := examples()
	for _, s := range left {
		m.Add(t, s)
	}
	var names []string
	for pass := 1; len(left) > 0; pass++ {
		tried := len(left)
		left = slices.DeleteFunc(left, func(s sandboxtest.Specimen) bool {
			before := there(m.Driver)
			err := m.Delete(s.TypeName, m.States[s.Name])
			names = append(names, fmt.Sprintf("%s, time %d", s.Name, pass))
			known.hold(t, names[len(names)-1], s.TypeName+"\n"+departed(before, there(m.Driver), err))
			return err == nil
		})
		if len(left) == tried {
			break
		}
	}
	known.end(t, names)
}

// there is what a world holds, by keys.
func there(d *sandboxtest.Driver) map[string]bool {
	all := map[string]bool{}
	_ = d.World.Do(func() error { // looking cannot fail
		for _, r := range d.World.List(nil) {
			all[r.Type+" "+r.ID] = true
		}
		return nil
	})
	return all
}

// departed is what became of a deletion.
func departed(before, after map[string]bool, err error) string {
	var b strings.Builder
	if err != nil {
		_, answer, _ := strings.Cut(err.Error(), "api error ")
		fmt.Fprintf(&b, "  refused: %s\n", or(answer, err.Error()))
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if !after[key] {
			fmt.Fprintf(&b, "  gone: %s\n", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if !before[key] {
			fmt.Fprintf(&b, "  left: %s\n", key)
		}
	}
	return b.String()
}

// changed is what a state has become.
func changed(before, after object) string {
	var b strings.Builder
	was, is := leaves(before), leaves(after)
	for _, path := range slices.Sorted(maps.Keys(is)) {
		if was[path] != is[path] {
			fmt.Fprintf(&b, "  %s = %s\n", path, is[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[path]; !still {
			fmt.Fprintf(&b, "  %s is gone\n", path)
		}
	}
	return b.String()
}
