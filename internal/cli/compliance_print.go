package cli

import (
	"fmt"
	"io"
	"strings"

	"coderaws/internal/compliance"
	"coderaws/internal/diagnostic"
)

// shownEvidence is how many findings of a check are shown by themselves, unless all are asked for.
const shownEvidence = 5

// printCompliance writes a report for people.
func printCompliance(w io.Writer, result *ComplianceResult, all bool) error {
	var b strings.Builder
	r := result.Report
	fmt.Fprintf(&b, "%s and %s", result.Name, r.Title)
	if r.Baseline != "" {
		fmt.Fprintf(&b, ", baseline %s", r.Baseline)
	}
	fmt.Fprintf(&b, ": %s\n", plural(len(r.Controls), "control"))
	b.WriteString("What a plan shows, and not what runs.\n\n")
	for _, answer := range []compliance.Answer{compliance.Satisfied, compliance.NotSatisfied, compliance.NotProvable,
		compliance.NotApplicable} {
		fmt.Fprintf(&b, "  %4d  %s\n", r.Count(answer), answer)
	}
	if result.Against != "" {
		printComplianceChanges(&b, result)
	} else {
		printControls(&b, r, all)
	}
	printUnknown(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

// printControls writes the controls by their answers: those that fail with what fails, and the others in short unless all are asked for.
func printControls(b *strings.Builder, r *compliance.Report, all bool) {
	told := map[string]string{}
	for _, answer := range compliance.Answers() {
		if r.Count(answer) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s\n", answer)
		var brief []string
		for _, control := range r.Controls {
			if control.Answer != answer {
				continue
			}
			// What nothing of the plan bears on is a long list of papers in a baseline.
			if !all && (answer == compliance.Satisfied || answer == compliance.NotApplicable || len(control.Checks) == 0) {
				brief = append(brief, control.ID)
				continue
			}
			fmt.Fprintf(b, "  %-10s %s\n", control.ID, control.Title)
			printControl(b, r, control, all, told)
		}
		if len(brief) > 0 {
			if answer == compliance.NotProvable {
				b.WriteString("  by records and people, not by what is deployed (--all says by which):\n")
			}
			fmt.Fprintf(b, "  %s\n", wrap(strings.Join(brief, " "), 100, "  "))
		}
	}
}

// printControl writes the checks of a control; the evidence of a check stands at the first control that it bears on.
func printControl(b *strings.Builder, r *compliance.Report, control compliance.ControlResult, all bool, told map[string]string) {
	signs := map[compliance.Answer]string{
		compliance.NotSatisfied: "no", compliance.NotProvable: "?", compliance.Satisfied: "yes", compliance.NotApplicable: "-",
	}
	for _, id := range control.Checks {
		check := r.Check(id)
		if !all && check.Answer != compliance.NotSatisfied &&
			(check.Answer != compliance.NotProvable || control.Answer == compliance.NotSatisfied) {
			continue
		}
		fmt.Fprintf(b, "    %-4s %s: %s", signs[check.Answer], check.ID, check.What)
		switch first, again := told[id]; {
		case again:
			fmt.Fprintf(b, " (see %s)\n", first)
		case check.Answer == compliance.NotApplicable:
			fmt.Fprintf(b, " (%s)\n", check.Why)
		default:
			b.WriteByte('\n')
			told[id] = control.ID
			printEvidence(b, check.Evidence, check.Answer, all)
		}
	}
	if control.Answer == compliance.NotProvable {
		for _, proof := range control.Proof {
			fmt.Fprintf(b, "         would show it: %s\n", wrap(proof, 100, "           "))
		}
	}
}

// printEvidence writes findings with an answer: what they are about, what is there, what is wanted and where it stands.
func printEvidence(b *strings.Builder, list []compliance.Evidence, answer compliance.Answer, all bool) {
	shown, more := 0, 0
	for _, e := range list {
		if e.Answer != answer {
			continue
		}
		if shown == shownEvidence && !all {
			more++
			continue
		}
		shown++
		fmt.Fprintf(b, "           %s\n             %s", e.Address, evidenceWords(e))
		if e.Where != nil {
			fmt.Fprintf(b, "  %s", e.Where)
		}
		b.WriteByte('\n')
	}
	if more > 0 {
		fmt.Fprintf(b, "           and %d more (--all)\n", more)
	}
}

// evidenceWords says what was found and what was wanted.
func evidenceWords(e compliance.Evidence) string {
	text := e.Found
	if e.Attribute != "" {
		text = e.Attribute + ": " + e.Found
	}
	if e.Answer != compliance.Satisfied && e.Wanted != "" {
		text += ", wanted " + e.Wanted
	}
	if e.Why != "" {
		text += " (" + e.Why + ")"
	}
	return text
}

// printComplianceChanges writes what a change does to controls.
func printComplianceChanges(b *strings.Builder, result *ComplianceResult) {
	fmt.Fprintf(b, "\nSince %s:\n", result.Against)
	if len(result.Changes) == 0 {
		b.WriteString("  no control has another answer\n")
	}
	for _, change := range result.Changes {
		verb := "moves"
		switch {
		case change.Breaks():
			verb = "breaks"
		case change.Mends():
			verb = "mends"
		}
		fmt.Fprintf(b, "  this change %s %s %s (%s, was %s)\n", verb, change.ID, change.Title, change.After, change.Before)
		for _, check := range change.Checks {
			answer := fmt.Sprintf("%s, was %s", check.After, check.Before)
			if check.After == check.Before {
				answer = fmt.Sprintf("%s as before, and now of this too", check.After)
			}
			fmt.Fprintf(b, "    %s: %s (%s)\n", check.ID, check.What, answer)
			printEvidence(b, check.Evidence, check.After, false)
		}
	}
}

// printUnknown says what the answers know nothing of.
func printUnknown(b *strings.Builder, r *compliance.Report) {
	if len(r.Unread) > 0 {
		var types []string
		for _, one := range r.Unread {
			types = append(types, fmt.Sprintf("%s (%d)", one.Type, one.Count))
		}
		fmt.Fprintf(b, "\nNo check knows these types, and the answers say nothing of them:\n  %s\n", wrap(strings.Join(types, ", "), 100, "  "))
	}
	if len(r.Unrendered) > 0 {
		fmt.Fprintf(b, "\nNothing is known of what these releases make:\n  %s\n", wrap(strings.Join(r.Unrendered, ", "), 100, "  "))
	}
}

// refuseNonCompliance refuses what --strict does not let pass.
func refuseNonCompliance(result *ComplianceResult) error {
	var list diagnostic.List
	refuse := func(id, title, verb, why string) {
		d := diagnostic.Errorf("%s %s, and --strict was given", id, verb)
		d.Code, d.Why, d.Todo = "gate.compliance", title+": "+why, "change the settings or modules that the report names, or leave --strict out"
		list = append(list, d)
	}
	if result.Against != "" {
		for _, change := range result.Changes {
			if change.Breaks() {
				refuse(change.ID, change.Title, "is broken by this change", changedChecks(change))
			}
		}
	} else {
		for _, control := range result.Report.Controls {
			if control.Answer == compliance.NotSatisfied {
				refuse(control.ID, control.Title, "is not satisfied", strings.Join(failing(result.Report, control), ", "))
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, list)
}

func changedChecks(change compliance.Change) string {
	var ids []string
	for _, check := range change.Checks {
		if check.After == compliance.NotSatisfied {
			ids = append(ids, check.ID)
		}
	}
	return strings.Join(ids, ", ")
}

// failing are the checks of a control that fail.
func failing(r *compliance.Report, control compliance.ControlResult) []string {
	var ids []string
	for _, id := range control.Checks {
		if r.Check(id).Answer == compliance.NotSatisfied {
			ids = append(ids, id)
		}
	}
	return ids
}
