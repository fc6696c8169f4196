package chart

import (
	"strings"
	"testing"
	"time"
)

// FuzzChart reads and renders whatever template and values there may be: neither may panic, and reading may not run on. What makes Helm
// itself run on or overflow, as templates that call themselves without end, is read and not rendered. The seeds run with all tests; `go
// test -fuzz FuzzChart ./internal/sandbox/chart` looks for more.
func FuzzChart(f *testing.F) {
	for _, seed := range [][2]string{
		{"{{ .Values.a.b }}", "a: {b: 1}"},
		{"{{ range $k, $v := .Values }}{{ tpl $k $ }}{{ $v.x }}{{ end }}", "'{{ .Values.a }}': {x: 1}"},
		{`{{ $d := dict "a" . }}{{ $_ := set $d "d" $d }}{{ $d.d.d.a.Values.x }}{{ toYaml $d.d }}`, "x: 1"},
		{`{{ $_ := set .Values "v" .Values }}{{ .Values.v.v.x }}`, "v: 1"},
		{`{{ $m := merge .Values .Values (dict "a" .Values) }}{{ $m.a.a.x }}{{ range $m }}{{ . }}{{ end }}`, "a: {a: {x: 1}}"},
		{`{{ define "t" }}{{ include "t" (dict "a" .) }}{{ end }}{{ include "t" .Values }}`, ""},
		{`{{ define "t" }}{{ include "t" .a }}{{ end }}{{ include "t" .Values }}`, "a: {}"},
		{`{{ index (list 1 2) 0 }}{{ index .Values "a" 0 "b" }}{{ first . }}{{ append .Values.l 1 }}{{ dig "a" }}{{ get }}`, "a: [{b: 1}]"},
		{`{{ with $x := .Values.a }}{{ $x = .b }}{{ $y = 1 }}{{ end }}{{ (.Values.f).g }}{{ .Files.Get "x" }}{{ template "no" }}`, "a: {b: [1]}"},
		{`{{ tpl .Values.t . }}`, "t: '{{ tpl .Values.t . }}'"},
		{`{{ printf "%s" "a" | printf }}{{ pick .Values .Values.k }}{{ $.Subcharts.x.Values }}{{ break }}`, "k: a"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, template, text string) {
		given, err := ParseValues(text)
		if err != nil {
			t.Skip()
		}
		c := fixture(t, "-- templates/a.yaml --\n"+template+"\n")
		begun := time.Now()
		c.Unread(given)
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("Unread took %v", took)
		}
		for _, endless := range []string{"tpl", "set", "merge", "include", "template", "define", "repeat", "indent", "until",
			"seq", "gen", "crypt", "htpasswd", "rand", "%"} {
			if strings.Contains(template+text, endless) {
				return
			}
		}
		_, _ = c.Render(app(given))
	})
}
