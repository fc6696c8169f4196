package chart

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUnread holds the reading of templates to the ways in which templates read values. Each row has a template, values that it
// reads or not, and the paths that nothing reads.
func TestUnread(t *testing.T) {
	for _, tt := range []struct {
		name string
		// template is templates/a.yaml. A text with file names is the whole chart.
		template, values, want string
	}{
		{"a field", "{{ .Values.a.b }}", "a: {b: 1, c: 2}\nd: 3", "a.c d"},
		{"what values.yaml knows, although no template reads it", "-- values.yaml --\na: {b: 1}\n", "a: {b: 2, c: 3}", "a.c"},
		{"below defaults that are empty", "-- values.yaml --\na: {}\nb: []\nc: null\nd: {e: {}}\n",
			"a: {x: 1}\nb: {x: 1}\nc: {x: 1}\nd: {e: {x: 1}, f: 1}", "d.f"},
		{"a map that is printed", "{{ toYaml .Values.a | nindent 2 }}", "a: {b: {c: 1}}", ""},
		{"a map that is printed under a condition", "{{ if .Values.no }}{{ .Values.a }}{{ end }}", "a: {b: 1}", ""},
		{"the other side of a condition", "{{ if .Values.no }}{{ else if .Values.a }}{{ .Values.b }}{{ else }}{{ .Values.c }}{{ end }}",
			"a: 1\nb: 1\nc: 1\nd: 1", "d"},
		{"with, and what is beside it", "{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ end }}", "a: {b: 1, c: 1}\nc: 1", "a.c"},
		{"with that prints all", "{{ with .Values.a }}{{ toYaml . }}{{ end }}", "a: {b: {c: 1}}", ""},
		{"a variable", "{{ $a := .Values.a }}{{ $a.b }}", "a: {b: 1, c: 1}", "a.c"},
		{"a variable that a branch changes", "{{ $a := .Values.a }}{{ if .Values.x }}{{ $a = .Values.b }}{{ end }}{{ $a.c }}",
			"a: {c: 1}\nb: {c: 1, d: 1}", "b.d"},
		{"a variable that one turn of a loop leaves to the next",
			"{{ $a := .Values.a }}{{ range .Values.l }}{{ $a.c }}{{ $a = .b }}{{ end }}", "l: {x: {b: {c: 1, d: 1}}}\na: {c: 1}", "l.x.b.d"},
		{"a loop over a map, whose keys are free", "{{ range $k, $v := .Values.m }}{{ $k }}: {{ $v.a }}{{ end }}",
			"m: {x: {a: 1}, z: {a: 1, b: 1}}", "m.z.b"},
		{"elements of a list", "{{ range .Values.l }}{{ .name }}{{ end }}", "l: [{name: a, other: b}]", ""},
		{"index, by constants", `{{ index .Values "a" "b-c" }}`, "a: {b-c: 1, d: 1}", "a.d"},
		{"index, by a value", `{{ index .Values.a .Values.key }}`, "a: {x: 1}\nkey: x", ""},
		{"get, hasKey and dig", `{{ get .Values.a "b" }}{{ hasKey .Values.a "c" }}{{ dig "d" "e" "x" .Values.a }}`,
			"a: {b: 1, c: 1, d: {e: 1, f: 1}}", "a.d.f"},
		{"pick, omit and pluck", `{{ pick .Values.a "b" | toYaml }}{{ omit .Values.o "b" | toYaml }}{{ pluck "p" .Values.x .Values.w | first }}`,
			"a: {b: {x: 1}, c: 1}\no: {c: 1}\nx: {p: 1, q: 1}\nw: {p: 1}", "a.c x.q"},
		{"default, coalesce, ternary and required",
			`{{ (default .Values.b .Values.a).x }}{{ (coalesce .Values.c .Values.d).x }}{{ (ternary .Values.e .Values.f true).x }}{{ (required "no" .Values.g).x }}`,
			"a: {x: 1, z: 1}\nb: {x: 1, z: 1}\nc: {x: 1, z: 1}\nd: {x: 1, z: 1}\ne: {x: 1, z: 1}\nf: {x: 1, z: 1}\ng: {x: 1, z: 1}",
			"a.z b.z c.z d.z e.z f.z g.z"},
		{"merge", "{{ $m := merge (dict) .Values.a .Values.b }}{{ $m.x }}", "a: {x: 1, z: 1}\nb: {x: 1, z: 1}", "a.z b.z"},
		{"merge into a place that a variable holds",
			"{{ $m := dict }}{{ $_ := set $m \"d\" .Values.a.c }}{{ $_ := merge $m .Values.b }}{{ .Values.a }}",
			"a: {c: {x: 1}}\nb: {d: {y: 1}}", ""},
		{"merge into a variable that is used later", "{{ $m := dict }}{{ $_ := merge $m .Values.a }}{{ $m.x }}", "a: {x: 1, z: 1}", "a.z"},
		{"set on a map", `{{ $m := dict }}{{ $_ := set $m "k" .Values.a }}{{ $m.k.x }}`, "a: {x: 1, z: 1}", "a.z"},
		{"set on values", `{{ $_ := set .Values "alias" .Values.a }}{{ .Values.alias.x }}`, "a: {x: 1, z: 1}", "a.z"},
		{"set on values, in a file that is read later", "-- templates/a.yaml --\n{{ .Values.alias.x }}\n" +
			"-- templates/z.yaml --\n{{ $_ := set .Values \"alias\" .Values.a }}\n", "a: {x: 1, z: 1}", "a.z"},
		{"a function that is not known", "{{ mystery .Values.a }}", "a: {x: 1}\nb: 1", "b"},
		{"an included template", `{{ define "t" }}{{ .Values.a.b }}{{ end }}{{ include "t" . }}`, "a: {b: 1, c: 1}", "a.c"},
		{"a template that nobody includes", `{{ define "t" }}{{ .Values.a }}{{ end }}`, "a: 1", "a"},
		{"a template called by an action", `{{ define "t" }}{{ .b }}{{ end }}{{ template "t" .Values.a }}`, "a: {b: 1, c: 1}", "a.c"},
		{"a template that is handed a map",
			`{{ define "t" }}{{ .ctx.Values.a }}{{ .v.b }}{{ end }}{{ include "t" (dict "ctx" $ "v" .Values.x) }}`, "a: 1\nx: {b: 1, c: 1}", "x.c"},
		{"a template that is handed a list",
			`{{ define "t" }}{{ $v := index . 1 }}{{ $v.b }}{{ (first .).Values.a }}{{ end }}{{ include "t" (list $ .Values.x) }}`,
			"a: 1\nx: {b: 1, c: 1}", "x.c"},
		{"a name that is put together", `{{ define "app.t" }}{{ .Values.a.b }}{{ end }}{{ include (printf "%s.t" .Chart.Name) . }}`,
			"a: {b: 1, c: 1}", "a.c"},
		{"a name that a value decides",
			`{{ define "one" }}{{ .Values.a }}{{ end }}{{ define "two" }}{{ .Values.b }}{{ end }}{{ include .Values.which . }}`,
			"which: one\na: 1\nb: 1\nc: 1", "c"},
		{"another file", "-- templates/a.yaml --\n{{ include (print $.Template.BasePath \"/_b.yaml\") . | sha256sum }}\n" +
			"-- templates/_b.yaml --\n{{ .Values.a.b }}\n", "a: {b: 1, c: 1}", "a.c"},
		{"a template that calls itself",
			`{{ define "t" }}{{ .name }}{{ with .next }}{{ include "t" . }}{{ end }}{{ end }}{{ include "t" .Values.a }}`,
			"a: {name: 1, next: {name: 1, next: {nam: 1}}}", "a.next.next.nam"},
		{"a value that is a template", "{{ tpl .Values.text . }}", "text: '{{ .Values.mine.a }}'\nmine: {a: 1, b: 1}", "mine.b"},
		{"a default that is a template", "-- values.yaml --\ntext: '{{ .Values.mine.a }}'\n-- templates/a.yaml --\n{{ tpl .Values.text . }}\n",
			"mine: {a: 1, b: 1}", "mine.b"},
		{"a map with templates in it", "{{ range .Values.extra }}{{ tpl (toYaml .) $ }}{{ end }}",
			"extra: [{'{{ .Values.key }}': '{{ .Values.mine.a }}'}]\nmine: {a: 1, b: 1}\nkey: 1", "mine.b"},
		{"keys that are templates", "{{ range $k, $v := .Values.m }}{{ tpl $k $ }}{{ end }}", "m: {'{{ .Values.a }}': 1}\na: 1\nb: 1", "b"},
		{"a file that is a template may read everything", `{{ tpl (.Files.Get "x") . }}`, "a: {x: 1}", ""},
		{"an included text that is a template", `{{ define "t" }}{{ .Values.text }}{{ end }}{{ tpl (include "t" .) . }}`,
			"text: '{{ .Values.a }}'\na: 1\nb: 1", "b"},
		{"all values, printed", "{{ toYaml .Values }}", "a: {x: 1}", ""},
		{"the notes", "-- templates/NOTES.txt --\n{{ .Values.a }}\n", "a: 1\nb: 1", "b"},
		{"a template that does not parse says nothing", "{{ .Values.a", "b: 1", ""},
		{"a null, which takes a default away", "-- values.yaml --\na: {b: 1}\n", "a: {b: null, c: null}", "a.c"},
		{"a map in place of a text", "-- values.yaml --\na: x\n", "a: {b: 1}", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chart := tt.template
			if !strings.HasPrefix(chart, "-- ") {
				chart = "-- templates/a.yaml --\n" + chart + "\n"
			}
			var got []string
			for _, u := range fixture(t, chart).Unread(values(t, tt.values)) {
				got = append(got, u.Path)
			}
			if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" && len(tt.want)+len(got) > 0 {
				t.Errorf("unread (-want +got):\n%s", diff)
			}
		})
	}
}

// around is a chart with others in it: one under its own name, one under an alias, and a library.
const around = `
-- Chart.yaml --
apiVersion: v2
name: app
version: 1.0.0
dependencies:
- {name: db, version: 1.x.x, condition: db.enabled, tags: [storage]}
- {name: cache, version: 1.x.x, alias: fast, import-values: [shared]}
- {name: lib, version: 1.x.x}
-- templates/a.yaml --
{{ include "lib.names" . }}{{ .Subcharts.db.Values.port }}
-- charts/lib/Chart.yaml --
apiVersion: v2
name: lib
version: 1.0.0
type: library
-- charts/lib/templates/_names.tpl --
{{ define "lib.names" }}{{ .Values.nameOverride }}{{ end }}
-- charts/db/Chart.yaml --
apiVersion: v2
name: db
version: 1.0.0
-- charts/db/values.yaml --
size: 1
-- charts/db/templates/a.yaml --
{{ .Values.global.region }}{{ .Values.user }}
-- charts/cache/Chart.yaml --
apiVersion: v2
name: cache
version: 1.0.0
-- charts/cache/values.yaml --
exports: {shared: {ttl: 1}}
-- charts/cache/templates/a.yaml --
{{ .Values.ttl }}
`

func TestUnreadOfChartsInside(t *testing.T) {
	inside := strings.Replace(around, ", import-values: [shared]", "", 1)
	for _, tt := range []struct{ name, chart, values, want string }{
		{"what charts inside know and read", inside, "db: {enabled: true, size: 2, user: a, port: 1, global: {region: a}}\n" +
			"fast: {ttl: 1}\ntags: {storage: true}\nnameOverride: a\nglobal: {region: a}", ""},
		{"what they do not", inside, "db: {nabled: true, siz: 2}\nfast: {ttll: 1}\ncache: {ttl: 1}\ntags: {store: true}\n" +
			"lib: {x: 1}\nglobal: {zone: a}\nuser: a", "cache db.nabled db.siz fast.ttll global.zone lib.x tags.store user"},
		{"imported values may be anything", around, "ttl: 1\nother: 1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, u := range fixture(t, tt.chart).Unread(values(t, tt.values)) {
				got = append(got, u.Path)
			}
			if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" && len(tt.want)+len(got) > 0 {
				t.Errorf("unread (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnreadIsQuietWhenItLosesTheThread(t *testing.T) {
	// Each template calls the next one twice, with ever new contexts: a million million calls at the end.
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, `{{ define "t%d" }}{{ include "t%d" (dict "a" .) }}{{ include "t%d" (dict "b" .) }}{{ end }}`, i, i+1, i+1)
	}
	text.WriteString(`{{ define "t40" }}{{ .a }}{{ end }}{{ include "t0" (dict "x" .Values.a) }}`)
	c := fixture(t, "-- templates/a.yaml --\n"+text.String()+"\n")
	if got := c.Unread(values(t, "b: 1")); len(got) > 0 {
		t.Errorf("it claims to know that %v is read by nobody", got)
	}
}
