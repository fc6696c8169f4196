package coder

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// soon is how long before its end a licence is worth a word; coderd itself warns for as long.
const soon = 30 * 24 * time.Hour

// license gives coderd the licence of Secrets Manager, unless coderd has it.
func (f *FirstSteps) license(ctx context.Context, report *Report) (Step, error) {
	if f.Wanted.LicenseSecret == "" {
		return Step{LicenseStep, Unwanted, "secrets.license is not set, so that Coder runs without Premium", ""}, nil
	}
	text, kept, err := f.Secrets.Get(ctx, f.Wanted.LicenseSecret)
	if err != nil {
		return Step{}, err
	}
	text = strings.TrimSpace(text)
	if !kept || text == "" {
		return Step{LicenseStep, Waiting, "the secret " + f.Wanted.LicenseSecret + " has no value",
			"put the licence into it: aws secretsmanager put-secret-value " +
				"--secret-id " + f.Wanted.LicenseSecret + " --secret-string file://licence.jwt"}, nil
	}
	f.Client.hide(text)
	license, err := ParseLicense(text)
	if err != nil {
		return Step{}, f.badLicense("the secret "+f.Wanted.LicenseSecret+" holds no licence of Coder", err.Error(),
			"put the licence into it as Coder sent it, with nothing around it")
	}
	if now := f.Now(); !license.GraceEnds.After(now) {
		return Step{}, f.badLicense("the licence in "+f.Wanted.LicenseSecret+" has expired", "it ended on "+day(license.GraceEnds),
			"put a new licence of Coder into the secret, or set secrets.license to null to run without Premium")
	}
	if blocked, err := f.signIn(ctx); err != nil || blocked != nil {
		return blocked.step(LicenseStep), err
	}
	outcome := Already
	has, err := f.hasLicense(ctx, license)
	if err != nil {
		return Step{}, err
	}
	if !has {
		outcome = Done
		if err := f.Client.AddLicense(ctx, text); err != nil {
			return Step{}, f.refusedLicense(err)
		}
	}
	report.License = license
	return f.judged(ctx, outcome, license)
}

func (f *FirstSteps) hasLicense(ctx context.Context, license *License) (bool, error) {
	there, err := f.Client.Licenses(ctx)
	if errors.Is(err, ErrNotPremium) {
		return false, f.refusedLicense(err)
	}
	return slices.ContainsFunc(there, license.Same), err
}

// judged asks coderd what it makes of its licences: it takes a licence that it then does not count.
func (f *FirstSteps) judged(ctx context.Context, outcome Outcome, license *License) (Step, error) {
	step := Step{LicenseStep, outcome, license.Describe(f.Now()), ""}
	entitlements, err := f.Client.Entitlements(ctx)
	if err != nil {
		return Step{}, err
	}
	if users := entitlements.Features["user_limit"]; users.Limit != nil && users.Actual != nil {
		step.Detail += fmt.Sprintf("; %d of %d users are active", *users.Actual, *users.Limit)
	}
	problems := append(slices.Clone(entitlements.Errors), entitlements.Warnings...)
	if len(problems) > 0 {
		step.Detail += "; coderd says: " + f.Client.redact(strings.Join(problems, " "))
	}
	if len(entitlements.Errors) > 0 {
		step.Outcome, step.Todo = Waiting, "see what coderd says of the licence"
		if license.RequiresTelemetry && slices.ContainsFunc(entitlements.Errors,
			func(s string) bool { return strings.Contains(s, "telemetry") }) {
			step.Todo = "this licence counts only with telemetry: set coder.telemetry = true and run `coderaws up` again"
		}
	}
	return step, nil
}

// Describe says what a licence grants, until when.
func (l *License) Describe(now time.Time) string {
	parts := []string{"a licence"}
	switch {
	case l.Trial:
		parts[0] = "a trial licence"
	case l.FeatureSet != "":
		parts[0] = "a " + strings.ToUpper(l.FeatureSet[:1]) + l.FeatureSet[1:] + " licence"
	}
	if l.UserLimit > 0 {
		parts[0] += fmt.Sprintf(" for %d users", l.UserLimit)
	}
	switch {
	case !l.Expires.After(now):
		parts = append(parts, fmt.Sprintf("expired on %s: its features work until %s", day(l.Expires), day(l.GraceEnds)))
	case l.Expires.Sub(now) < soon:
		parts = append(parts, fmt.Sprintf("ends on %s, in %d days", day(l.Expires), int(l.Expires.Sub(now).Hours()/24)))
	default:
		parts = append(parts, "until "+day(l.Expires))
	}
	if len(l.Features) > 0 && l.FeatureSet == "" {
		parts = append(parts, "with "+strings.Join(l.Features, ", "))
	}
	return strings.Join(parts, ", ")
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

func (f *FirstSteps) badLicense(summary, why, todo string) error {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Why, d.Todo = "coder.licence", why, todo
	return d
}

// refusedLicense explains why coderd does not take a licence.
func (f *FirstSteps) refusedLicense(err error) error {
	switch {
	case errors.Is(err, ErrNotPremium):
		return f.badLicense("this coderd takes no licences", "it was built without the features that licences are for: "+said(err),
			"run Coder's own image, ghcr.io/coder/coder, in which they are")
	case status(err) == http.StatusBadRequest && strings.Contains(said(err), "deployment"):
		return f.badLicense("coderd does not take the licence", said(err),
			"ask Coder for a licence for this deployment, whose identifier is in the message")
	case status(err) == http.StatusBadRequest:
		return f.badLicense("coderd does not take the licence", said(err),
			"put the licence into "+f.Wanted.LicenseSecret+" as Coder sent it; if it is, ask Coder's support")
	}
	return err
}
