// Package compliance says which controls of a framework a deployment meets, as far as its plan can show it: each control by checks,
// each check by the resources that it looked at, with their values and the lines where they stand. It reads inventories, and what
// the releases of the rehearsed world made in Kubernetes. What no plan can show is said to be so, with what would show it: it is
// never called satisfied. What does not belong here: asking an account, and reading HCL. The command line imports it.
package compliance

import (
	"cmp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// Answer is what can be said of a control, a check or a resource.
type Answer string

// The four answers.
const (
	Satisfied     Answer = "satisfied"
	NotSatisfied  Answer = "not satisfied"
	NotProvable   Answer = "not provable from a plan"
	NotApplicable Answer = "not applicable"
)

// Answers are all of them, the worst first.
func Answers() []Answer { return []Answer{NotSatisfied, NotProvable, Satisfied, NotApplicable} }

// Evidence is what a check found of one resource or object.
type Evidence struct {
	Answer Answer `json:"answer"`
	// Place is where it is, of the places that were looked at together; empty where there is one.
	Place   string `json:"place,omitempty"`
	Address string `json:"address"`
	Type    string `json:"type"`
	// Attribute is what was looked at, Found what it is and Wanted what it has to be. Secrets are not shown.
	Attribute string `json:"attribute,omitempty"`
	Found     string `json:"found,omitempty"`
	Wanted    string `json:"wanted,omitempty"`
	// Why says more where that is not enough.
	Why   string            `json:"why,omitempty"`
	Where *diagnostic.Range `json:"where,omitempty"`
}

// Check is one thing that is so or not.
type Check struct {
	ID string
	// What is so where it is satisfied.
	What string
	// Reads are the types that it looks at: Terraform's, or kinds of Kubernetes.
	Reads []string
	// Elsewhere is set where others than this plan make what the check looks for, such as the account's own trail: it says what would prove
	// that it is there. Where it is empty, a plan without it is none that the check applies to.
	Elsewhere string

	rule rule
}

// CheckResult is what a check found.
type CheckResult struct {
	ID       string     `json:"id"`
	What     string     `json:"what"`
	Answer   Answer     `json:"answer"`
	Evidence []Evidence `json:"evidence"`
	// Why says, where there is no evidence, why not, and Proof what would prove it.
	Why   string `json:"why,omitempty"`
	Proof string `json:"proof,omitempty"`
}

// ControlResult is what is known of a control.
type ControlResult struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Baselines []string `json:"baselines,omitempty"`
	Answer    Answer   `json:"answer"`
	Checks    []string `json:"checks"`
	// Why says why a control is not applicable or not provable, and Proof what would prove it.
	Why   []string `json:"why,omitempty"`
	Proof []string `json:"proof,omitempty"`
}

// Report is what a framework's controls come to.
type Report struct {
	Framework string          `json:"framework"`
	Title     string          `json:"title"`
	Source    string          `json:"source"`
	AsOf      string          `json:"as_of"`
	Baseline  string          `json:"baseline,omitempty"`
	Controls  []ControlResult `json:"controls"`
	Checks    []CheckResult   `json:"checks"`
	// Unread are the types in the plan that no check knows, with how many there are of each: what they bear on is not in the answers.
	Unread []TypeCount `json:"unread_types,omitempty"`
	// Unrendered are releases of Helm whose charts were not at hand, so that nothing is known of what they make.
	Unrendered []string `json:"unrendered_releases,omitempty"`
}

// TypeCount is how many resources of a type there are.
type TypeCount struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// Count is how many controls have an answer.
func (r *Report) Count(answer Answer) (n int) {
	for _, control := range r.Controls {
		if control.Answer == answer {
			n++
		}
	}
	return n
}

// Check finds the result of a check; nil if the report has none of that name.
func (r *Report) Check(id string) *CheckResult {
	for i := range r.Checks {
		if r.Checks[i].ID == id {
			return &r.Checks[i]
		}
	}
	return nil
}

// noteUnrendered notes each release of which nothing is known once: each region has one of the same chart.
func (r *Report) noteUnrendered(places []Place) {
	for _, place := range places {
		for _, release := range place.Unrendered {
			if !slices.Contains(r.Unrendered, release) {
				r.Unrendered = append(r.Unrendered, release)
			}
		}
	}
}

// Assess looks at what is planned, and says what it comes to for some controls of a framework.
func Assess(subject *Subject, framework *Framework, controls []Control, baseline string) *Report {
	report := &Report{Framework: framework.ID, Title: framework.Title, Source: framework.Source, AsOf: framework.AsOf, Baseline: baseline,
		Unread: subject.unread(), Controls: []ControlResult{}, Checks: []CheckResult{}}
	report.noteUnrendered(subject.Places)
	wanted := map[string]bool{}
	for _, control := range controls {
		for _, id := range control.Checks {
			wanted[id] = true
		}
	}
	for _, check := range Checks() {
		if wanted[check.ID] {
			report.Checks = append(report.Checks, check.run(subject))
		}
	}
	for _, control := range controls {
		report.Controls = append(report.Controls, report.judge(control))
	}
	return report
}

// run applies a check.
func (c Check) run(subject *Subject) CheckResult {
	result := CheckResult{ID: c.ID, What: c.What, Evidence: []Evidence{}}
	result.Evidence = append(result.Evidence, c.rule(subject)...)
	slices.SortStableFunc(result.Evidence, func(a, b Evidence) int { return cmp.Compare(severity(a.Answer), severity(b.Answer)) })
	// What some releases make is no proof for those of which it is not known.
	unknown := len(subject.unrendered()) > 0 && kinds(c.Reads)
	switch {
	case len(result.Evidence) > 0 && (result.Evidence[0].Answer != Satisfied || !unknown):
		result.Answer = result.Evidence[0].Answer
	case c.Elsewhere != "":
		result.Answer, result.Why = NotProvable, "the plan has no "+words(c.Reads)+": others may have made it"
		if subject.elsewhere(c.Reads) {
			result.Why = "the plan has no " + words(c.Reads) + ", and says that others have: it is said to exist"
		}
		result.Proof = c.Elsewhere
	case unknown:
		result.Answer, result.Why = NotProvable, "nothing is known of what these releases make: "+strings.Join(subject.unrendered(), ", ")
		result.Proof = "the charts themselves, where `coderaws` finds them (CODERAWS_CHARTS)"
	default:
		result.Answer, result.Why = NotApplicable, "the plan has no "+words(c.Reads)
	}
	return result
}

// severity puts the worst first.
func severity(a Answer) int { return slices.Index(Answers(), a) }

// judge says what the checks of a control come to. One that fails is enough to fail; one that cannot be proved is enough for that, as is
// whatever the framework's file says no plan can show.
func (r *Report) judge(control Control) ControlResult {
	result := ControlResult{ID: control.ID, Title: control.Title, Baselines: control.Baselines, Answer: NotApplicable, Checks: control.Checks}
	if result.Checks == nil {
		result.Checks = []string{}
	}
	var open, lacking []string
	satisfied := false
	for _, id := range control.Checks {
		check := r.Check(id)
		switch check.Answer {
		case NotSatisfied:
			result.Answer = NotSatisfied
		case NotProvable:
			open = append(open, id)
			result.Proof = appendNew(result.Proof, check.proof())
		case Satisfied:
			satisfied = true
		case NotApplicable:
			lacking = appendNew(lacking, check.Why)
		}
	}
	if control.Remains != "" {
		result.Proof = appendNew(result.Proof, control.Remains)
	}
	switch {
	case result.Answer == NotSatisfied:
	case len(result.Proof) > 0:
		result.Answer = NotProvable
		if len(open) > 0 {
			result.Why = []string{"the plan leaves open: " + strings.Join(open, ", ")}
		} else {
			result.Why = []string{"no plan shows all of it"}
		}
	case satisfied:
		result.Answer = Satisfied
	default:
		result.Why = lacking
	}
	return result
}

// proof is what would settle a check that a plan leaves open.
func (c *CheckResult) proof() string {
	if c.Proof != "" {
		return c.Proof
	}
	for _, e := range c.Evidence {
		if e.Answer == NotProvable && e.Why != "" {
			return e.Address + ": " + e.Why
		}
	}
	return "the plan after it was applied, or the account itself: " + c.What
}

func appendNew(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// kinds reports whether types are kinds of Kubernetes, which begin with a capital letter.
func kinds(types []string) bool {
	return slices.ContainsFunc(types, func(t string) bool { return strings.ToLower(t[:1]) != t[:1] })
}

// words lists types for a sentence.
func words(types []string) string { return strings.Join(types, " or ") }
