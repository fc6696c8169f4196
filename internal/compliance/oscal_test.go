package compliance

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/defenseunicorns/go-oscal/src/pkg/validation"
)

// mixed is a report that has all four answers.
func mixed(t *testing.T, framework, baseline string) *Report {
	t.Helper()
	s := sound(t)
	s.Resources["aws_kms_key.this"]["enable_key_rotation"] = false
	delete(s.Resources, "aws_guardduty_detector.this")
	delete(s.Resources, "aws_eks_pod_identity_association.coderd")
	f, err := Load(framework)
	if err != nil {
		t.Fatal(err)
	}
	controls, err := f.Pick(baseline, nil)
	if err != nil {
		t.Fatal(err)
	}
	report := Assess(s.subject(t), f, controls, baseline)
	report.Checks[0].Evidence[0].Where = &diagnostic.Range{File: "modules/a b/main.tf", Line: 3}
	return report
}

// TestOSCAL holds what is written to OSCAL's own schema, for each framework.
func TestOSCAL(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	for _, framework := range Frameworks() {
		baseline := ""
		if framework == NIST {
			baseline = "high"
		}
		report := mixed(t, framework, baseline)
		var file, again bytes.Buffer
		if err := report.WriteOSCAL(&file, "shop", "coderaws dev", at); err != nil {
			t.Fatal(err)
		}
		validator, err := validation.NewValidator(file.Bytes())
		if err == nil {
			err = validator.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", framework, err)
		}
		if version := validator.GetSchemaVersion(); version != "1.1.3" {
			t.Errorf("%s is held to OSCAL %s", framework, version)
		}
		if err := report.WriteOSCAL(&again, "shop", "coderaws dev", at); err != nil || again.String() != file.String() {
			t.Errorf("%s: the same report is another file (%v)", framework, err)
		}
		// A file whose finding has a third state is refused: the schema is really asked.
		wrong := bytes.Replace(file.Bytes(), []byte(`"state": "satisfied"`), []byte(`"state": "not provable"`), 1)
		if validator, err := validation.NewValidator(wrong); err != nil || validator.Validate() == nil {
			t.Errorf("%s: a third state is not refused (%v)", framework, err)
		}
	}
}

// TestOSCALStates: each control has a finding if it is satisfied or not, and else an observation alone.
func TestOSCALStates(t *testing.T) {
	report := mixed(t, NIST, "high")
	var file bytes.Buffer
	if err := report.WriteOSCAL(&file, "shop", "coderaws dev", time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	var document oscalDocument
	if err := json.Unmarshal(file.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, finding := range document.Results.Results[0].Findings {
		states[finding.Target.ID] = finding.Target.Status.State
	}
	for _, control := range report.Controls {
		want := map[Answer]string{Satisfied: "satisfied", NotSatisfied: "not-satisfied"}[control.Answer]
		if got := states[token(control.ID)+"_smt"]; got != want {
			t.Errorf("%s is %s, and its finding %q", control.ID, control.Answer, got)
		}
	}
	for id, want := range map[string]string{"sc-12_smt": "not-satisfied", "sc-7.5_smt": "satisfied", "si-4_smt": "", "at-2_smt": ""} {
		if states[id] != want {
			t.Errorf("%s has the state %q, not %q", id, states[id], want)
		}
	}
	if !strings.Contains(file.String(), `"href": "modules/a%20b/main.tf#L3"`) {
		t.Error("the evidence does not name the line")
	}
}

// TestHTML: a page has each control with its answer, and shows what comes from a plan as text.
func TestHTML(t *testing.T) {
	report := mixed(t, NIST, "")
	report.Checks[0].Evidence[0].Found = "<script>"
	var file bytes.Buffer
	if err := report.WriteHTML(&file, "shop", time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h3>SC-12 ", "not provable from a plan", "modules/a b/main.tf:3", "&lt;script&gt;",
		"1970-01-01 00:00 UTC"} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(file.String(), "<script>") {
		t.Error("the page has a script of the plan's")
	}
}
