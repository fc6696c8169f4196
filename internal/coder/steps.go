package coder

import (
	"context"
	"io"
	"net/http"
	"time"

	"coderaws/internal/diagnostic"
)

// FirstSteps makes a new coderd usable: it has an owner, a licence, and provisioners that can sign in. Each step looks
// at what is there before it does anything, and what is done is kept in coderd and in Secrets Manager alone: a run that
// was interrupted anywhere goes on when it is started again, on whatever machine.
type FirstSteps struct {
	Client  *Client
	Secrets Secrets
	Random  io.Reader
	Now     func() time.Time
	Wanted  Wanted

	// began says that the steps have signed in by themselves.
	began bool
}

// Wanted is what a deployment wants of its first steps. Secrets are ARNs; an empty one is a step that is not wanted.
type Wanted struct {
	// Domain is that of Coder.
	Domain string
	// OwnerSecret keeps the owner, and is written by the first step.
	OwnerSecret string
	// LicenseSecret holds the licence. Its value never leaves this process but for coderd.
	LicenseSecret string
	// KeySecret keeps the key of the provisioners, and is written by the third step.
	KeySecret string
	// OIDC says that coderd is set up for single sign-on.
	OIDC bool
	// Models are the AI models that coderd is to have; nil for none.
	Models *Models
	// Adopt is the address of the owner of a coderd whose users coderaws did not make; "" where none is adopted.
	Adopt string
}

// The steps, in their order.
const (
	OwnerStep   = "owner"
	LicenseStep = "licence"
	KeyStep     = "provisioner key"
	OIDCStep    = "single sign-on"
)

// Outcome is what became of a step.
type Outcome string

const (
	// Done means that this run did it.
	Done Outcome = "done"
	// Already means that there was nothing left to do.
	Already Outcome = "already"
	// Unwanted means that the settings do not ask for it.
	Unwanted Outcome = "not wanted"
	// Waiting means that a person has to do something first; Todo says what.
	Waiting Outcome = "waiting"
	// Unseen means that nobody could look, because coderaws cannot sign in any more; Todo says how it could.
	Unseen Outcome = "not looked at"
	// Later means that it is done on AWS.
	Later Outcome = "on AWS"
)

// Step is what became of one step.
type Step struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	// Detail says what is so now, in a sentence without its full stop.
	Detail string `json:"detail"`
	// Todo is for whoever the step waits for.
	Todo string `json:"todo,omitempty"`
}

// Report is what became of all steps.
type Report struct {
	Steps []Step `json:"steps"`
	// OIDCProven says that an owner has signed in by OIDC, so that passwords can be turned off without locking everybody out.
	OIDCProven bool `json:"oidc_proven"`
	// License is the licence that coderd has from Secrets Manager; nil if there is none.
	License *License `json:"-"`
}

// Ready reports whether nothing waits for anybody.
func (r *Report) Ready() bool {
	for _, step := range r.Steps {
		if step.Outcome == Waiting {
			return false
		}
	}
	return true
}

// Run takes the steps. The report holds those that were taken also if an error ended it. Its errors are diagnostics.
func (f *FirstSteps) Run(ctx context.Context) (report *Report, err error) {
	report = &Report{}
	steps := []struct {
		take func(context.Context, *Report) (Step, error)
		what string
	}{
		{f.owner, noOwnerMade},
		{f.license, "coderd cannot be given its licence"},
		{f.key, "the key of the provisioners cannot be issued"},
		{f.rememberedOIDC, "nobody can tell whether single sign-on works"},
	}
	if f.Wanted.Models != nil {
		steps = append(steps, struct {
			take func(context.Context, *Report) (Step, error)
			what string
		}{f.models, "coderd cannot be given its AI models"})
	}
	defer f.Leave(ctx)
	for _, step := range steps {
		taken, err := step.take(ctx, report)
		if err != nil {
			return report, Explain(step.what, err)
		}
		report.Steps = append(report.Steps, taken)
	}
	return report, nil
}

// Leave ends the session that the steps have begun, if they have, and gives connections back. A session that cannot be ended ends by itself
// within a day.
func (f *FirstSteps) Leave(ctx context.Context) {
	if f.began {
		_ = f.Client.SignOut(context.WithoutCancel(ctx))
		f.began = false
	}
	f.Client.Close()
}

// Proven takes only the last step, which changes nothing: whether passwords can be turned off. Leave ends what it began.
func (f *FirstSteps) Proven(ctx context.Context) (Step, bool, error) {
	report := &Report{}
	step, err := f.oidc(ctx, report)
	return step, report.OIDCProven, Explain("nobody can tell whether single sign-on works", err)
}

// blocked is a step that cannot be taken because nobody is signed in; nil if somebody is.
type blocked struct {
	outcome   Outcome
	why, todo string
}

func (b *blocked) step(name string) Step {
	if b == nil {
		return Step{}
	}
	return Step{name, b.outcome, b.why, b.todo}
}

// signInTodo is what a person does where coderaws cannot sign in by itself.
const signInTodo = "sign in as an owner with `coder login`, put the output of `coder tokens create` into " +
	"CODER_SESSION_TOKEN, and run the same command again"

// signIn makes the client speak for an owner: whom its token belongs to, or else the owner of Secrets Manager. Where only a person can help
// it says how, and its error is that coderd or Secrets Manager failed.
func (f *FirstSteps) signIn(ctx context.Context) (*blocked, error) {
	if f.Client.SignedIn() {
		me, err := f.Client.Me(ctx)
		switch {
		case status(err) == http.StatusUnauthorized:
			return &blocked{Waiting, "coderd does not accept the session token: " + said(err), signInTodo}, nil
		case err != nil:
			return nil, err
		case !me.IsOwner():
			return &blocked{Waiting, "the session token belongs to " + me.Username + ", who is no owner", signInTodo}, nil
		}
		return nil, nil
	}
	owner, kept, err := f.Owner(ctx)
	switch {
	case err != nil:
		return nil, err
	case !kept:
		return &blocked{Waiting, "the first user was not made by coderaws, so that Secrets Manager has no password", signInTodo}, nil
	case owner.Adopted:
		return &blocked{Waiting, owner.String() + " was adopted, so that Secrets Manager has no password", signInTodo}, nil
	}
	err = f.Client.SignIn(ctx, owner)
	f.began = err == nil
	switch status(err) {
	case http.StatusUnauthorized:
		return &blocked{Waiting, "coderd does not take the password in Secrets Manager, so that somebody changed it: " +
			said(err), signInTodo}, nil
	case http.StatusForbidden:
		methods, asked := f.Client.AuthMethods(ctx)
		if asked == nil && !methods.Password {
			return &blocked{Unseen, "passwords are off, so that coderaws cannot sign in", signInTodo}, nil
		}
		return &blocked{Waiting, "coderd takes no password of " + owner.Email + ": " + said(err), signInTodo}, nil
	}
	return nil, err
}

// SignIn makes the client speak for an owner, and returns an error that says why that is not possible.
func (f *FirstSteps) SignIn(ctx context.Context) error {
	blocked, err := f.signIn(ctx)
	if err != nil {
		return Explain("coderd cannot be asked", err)
	}
	if blocked == nil {
		return nil
	}
	d := diagnostic.Errorf("nobody is signed in to Coder")
	d.Code, d.Why, d.Todo = "coder.not_signed_in", blocked.why, blocked.todo
	return d
}
