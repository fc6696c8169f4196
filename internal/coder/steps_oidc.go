package coder

import (
	"context"
	"fmt"
)

// rememberedOIDC is oidc, and keeps beside the owner what coderd answered. Where coderd cannot be reached, a later run
// of Terraform takes that: to take it for not proven would let passwords in again.
func (f *FirstSteps) rememberedOIDC(ctx context.Context, report *Report) (Step, error) {
	step, err := f.oidc(ctx, report)
	if err != nil || step.Outcome == Unwanted || step.Outcome == Unseen {
		return step, err
	}
	owner, kept, err := f.Owner(ctx)
	if err != nil || !kept || owner.OIDCProven == report.OIDCProven {
		return step, err
	}
	owner.OIDCProven = report.OIDCProven
	return step, f.keep(ctx, owner)
}

// oidc finds out whether passwords can be turned off. The text of coderd's setting CODER_DISABLE_PASSWORD_AUTH says
// that owners can sign in with a password regardless; its code lets nobody (coderd/userauth.go, loginRequest, in 2.24.4
// and 2.27.0). So it takes an owner who has come in by OIDC: otherwise nobody could administer Coder any more.
func (f *FirstSteps) oidc(ctx context.Context, report *Report) (Step, error) {
	if !f.Wanted.OIDC {
		return Step{OIDCStep, Unwanted, "coder.oidc is not set, so that people sign in with passwords", ""}, nil
	}
	methods, err := f.Client.AuthMethods(ctx)
	switch {
	case err != nil:
		return Step{}, err
	case !methods.OIDC:
		return Step{OIDCStep, Waiting, "coderd offers no single sign-on yet",
			"run `coderaws up` again; if it stays so, coderd's log says why it does not " +
				"take the identity provider: kubectl -n coder logs deployment/coder"}, nil
	case !methods.Password:
		// It is off because an owner had proven OIDC, and stays off.
		report.OIDCProven = true
		return Step{OIDCStep, Already, "passwords are off, and everybody signs in by OIDC", ""}, nil
	}
	if blocked, err := f.signIn(ctx); err != nil || blocked != nil {
		return blocked.step(OIDCStep), err
	}
	users, err := f.Client.Users(ctx, "login_type:oidc status:active")
	if err != nil {
		return Step{}, err
	}
	var came, owners []User
	for _, user := range users {
		if user.LoginType != "oidc" || !user.HasSignedIn() {
			continue
		}
		came = append(came, user)
		if user.IsOwner() {
			owners = append(owners, user)
		}
	}
	switch {
	case len(owners) > 0:
		report.OIDCProven = true
		return Step{OIDCStep, Done, owners[0].Username + " has come in by OIDC and is an owner: `coderaws up` turns passwords off", ""}, nil
	case len(came) > 0:
		return Step{OIDCStep, Waiting, fmt.Sprintf("%s has come in by OIDC, but no owner has: passwords stay on", came[0].Username),
			"give somebody who comes in by OIDC the role Owner (in Coder: Admin settings, Users), and run `coderaws up` again"}, nil
	}
	return Step{OIDCStep, Waiting, "nobody has come in by OIDC yet: passwords stay on",
		"sign in at " + f.Client.URL() + " by single sign-on, give that user the role Owner, and run `coderaws up` again"}, nil
}
