package compliance

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// The parts of OSCAL assessment-results 1.1.3 that a report fills in. They are written here and not taken from a library, so that
// the program does not carry one for them; a test holds what is written to the schema.
type (
	oscalDocument struct {
		Results oscalResults `json:"assessment-results"`
	}
	oscalResults struct {
		UUID       string          `json:"uuid"`
		Metadata   oscalMetadata   `json:"metadata"`
		ImportAP   oscalHref       `json:"import-ap"`
		Results    []oscalResult   `json:"results"`
		BackMatter oscalBackMatter `json:"back-matter"`
	}
	oscalMetadata struct {
		Title        string `json:"title"`
		LastModified string `json:"last-modified"`
		Version      string `json:"version"`
		OSCALVersion string `json:"oscal-version"`
	}
	oscalHref struct {
		Href string `json:"href"`
	}
	oscalBackMatter struct {
		Resources []oscalResource `json:"resources"`
	}
	oscalResource struct {
		UUID        string `json:"uuid"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Include []oscalControl `json:"include-controls"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Methods     []string        `json:"methods"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
	}
	oscalEvidence struct {
		Href        string `json:"href"`
		Description string `json:"description"`
	}
	oscalFinding struct {
		UUID        string         `json:"uuid"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Target      oscalTarget    `json:"target"`
		Related     []oscalRelated `json:"related-observations,omitempty"`
	}
	oscalTarget struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
)

// WriteOSCAL writes the report as OSCAL assessment-results. OSCAL knows two states of a finding: what is not provable from a plan is an
// observation with what would prove it, and no finding. program names who wrote it, with its version. The same report of the same moment
// is the same file.
func (r *Report) WriteOSCAL(w io.Writer, name, program string, at time.Time) error {
	moment := at.UTC().Format(time.RFC3339)
	whole, err := json.Marshal(r)
	if err != nil {
		return err
	}
	id := func(of string) string { return nameUUID(name + "\n" + moment + "\n" + string(whole) + "\n" + of) }
	result := oscalResult{UUID: id("result"), Title: name + " and " + r.Title, Start: moment,
		Description: "What a plan shows, and not what runs. Which checks bear on which control is the judgement of " + program + "."}
	for _, check := range r.Checks {
		result.Observations = append(result.Observations, check.observation(id("check "+check.ID), "#"+id("plan"), moment))
	}
	selection := oscalSelection{Include: []oscalControl{}}
	for _, control := range r.Controls {
		selection.Include = append(selection.Include, oscalControl{token(control.ID)})
		words := strings.Join(append(append([]string{}, control.Why...), control.Proof...), "; ")
		switch control.Answer {
		case Satisfied, NotSatisfied:
			finding := oscalFinding{UUID: id("finding " + control.ID), Title: control.ID + " " + control.Title,
				Description: string(control.Answer) + ", as far as checks go: " + strings.Join(control.Checks, ", "),
				Target:      oscalTarget{"statement-id", token(control.ID) + "_smt", oscalStatus{"satisfied", "pass"}}}
			if control.Answer == NotSatisfied {
				finding.Target.Status = oscalStatus{"not-satisfied", "fail"}
			}
			for _, check := range control.Checks {
				finding.Related = append(finding.Related, oscalRelated{id("check " + check)})
			}
			result.Findings = append(result.Findings, finding)
		default:
			result.Observations = append(result.Observations, oscalObservation{UUID: id("control " + control.ID),
				Title: control.ID + " " + control.Title, Description: string(control.Answer) + ": " + words, Methods: []string{"UNKNOWN"},
				Collected: moment})
		}
	}
	result.Reviewed.Selections = []oscalSelection{selection}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(oscalDocument{oscalResults{
		UUID: id("document"), Metadata: oscalMetadata{result.Title, moment, "1", "1.1.3"}, ImportAP: oscalHref{"#" + id("plan")},
		Results: []oscalResult{result},
		BackMatter: oscalBackMatter{[]oscalResource{{id("plan"), "Checks of a plan",
			"There is no assessment plan of its own: " + program + " looked at the Terraform plan of " + name + " with its checks."}}},
	}})
}

// observation is what a check found, with the place of each resource; what has none in a file refers to elsewhere.
func (c *CheckResult) observation(uuid, elsewhere, moment string) oscalObservation {
	o := oscalObservation{UUID: uuid, Title: c.ID, Methods: []string{"EXAMINE"}, Collected: moment,
		Description: c.What + ": " + string(c.Answer)}
	if c.Why != "" {
		o.Description += ", " + c.Why
	}
	if c.Proof != "" {
		o.Description += "; would show it: " + c.Proof
	}
	for _, e := range c.Evidence {
		href := elsewhere
		if e.Where != nil {
			href = fmt.Sprintf("%s#L%d", strings.ReplaceAll(e.Where.File, " ", "%20"), e.Where.Line)
		}
		words := fmt.Sprintf("%s: %s. %s: %s", e.Address, e.Answer, e.Attribute, e.Found)
		if e.Wanted != "" {
			words += ", wanted " + e.Wanted
		}
		o.Evidence = append(o.Evidence, oscalEvidence{href, words})
	}
	return o
}

// token is a control's id as OSCAL writes it: SC-7(5) is sc-7.5. One that begins with a digit has a letter before it.
func token(id string) string {
	id = strings.NewReplacer("(", ".", ")", "").Replace(strings.ToLower(id))
	if id[0] >= '0' && id[0] <= '9' {
		return "c-" + id
	}
	return id
}

// nameUUID makes a UUID of a text, as RFC 9562 has it for version 5.
func nameUUID(text string) string {
	sum := sha1.Sum([]byte(text))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
