//go:build !race

// The detector of races takes memory of its own for each byte that a program uses, and that counts against the limit.

package renderer

import (
	"strings"
	"testing"
	"time"
)

// TestLimits: whatever a chart does, one error says what, and the next chart is rendered.
func TestLimits(t *testing.T) {
	const patient = 5 * time.Minute // on a machine that is busy, each of them takes a hundred times as long
	r := started(t, patient)
	endless := strings.Repeat("{{ range until 10000 }}", 5) + strings.Repeat("{{ end }}", 5)
	for _, test := range []struct {
		name, template string
		patient        time.Duration
		want           string
	}{
		{"two thousand million repeats of a text", `a: {{ repeat 2000000000 "x" }}`, patient, "more than 512 MiB of memory"},
		{"two thousand million turns", `{{ range until 2000000000 }}{{ end }}`, patient, "more than 512 MiB of memory"},
		{"a loop that seems endless", endless, 2 * time.Second, "was not rendered after 2s"},
		{"a template that includes itself", `{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`, patient,
			"rendering template has a nested reference name"},
		{"a template that is itself", `{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`, patient,
			"exceeded maximum template depth"},
		{"more than anybody reads", `a: {{ repeat 40000000 "x" }}`, patient, "renders to more than 32 MiB"},
		{"parentheses without end", "a: {{ " + strings.Repeat("(", 4<<20) + " }}", patient, "max"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r.patient = test.patient
			if _, err := r.Render(templated(t, test.template), release(nil)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
			r.patient = patient
			if _, err := r.Render(templated(t, "a: b"), release(nil)); err != nil {
				t.Errorf("the next one: %v", err)
			}
		})
	}
}
