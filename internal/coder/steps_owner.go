package coder

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"coderaws/internal/diagnostic"
)

// noOwnerMade is what could not be done when the first step fails.
const noOwnerMade = "the owner of Coder cannot be made"

// Prepare puts an owner into Secrets Manager where there is none yet, before coderd is installed: what makes the first user inside of the
// cluster finds it there.
func (f *FirstSteps) Prepare(ctx context.Context) error {
	if f.Wanted.OwnerSecret == "" {
		return nil
	}
	_, kept, err := f.Owner(ctx)
	if err == nil && !kept {
		_, err = f.newOwner(ctx)
	}
	return Explain(noOwnerMade, err)
}

// owner makes the first user, or makes sure that the one of Secrets Manager is known to coderd. The password is in Secrets Manager before
// coderd has it: the other way round, an interruption between would leave an owner whose password nobody knows.
func (f *FirstSteps) owner(ctx context.Context, _ *Report) (Step, error) {
	if f.Wanted.OwnerSecret == "" {
		return Step{OwnerStep, Unwanted, "there is no secret to keep a password in", ""}, nil
	}
	exists, err := f.Client.HasFirstUser(ctx)
	if err != nil {
		return Step{}, err
	}
	owner, kept, err := f.Owner(ctx)
	switch {
	case err != nil:
		return Step{}, err
	case exists:
		return f.recognise(ctx, owner, kept)
	case !kept || owner.Adopted:
		if owner, err = f.newOwner(ctx); err != nil {
			return Step{}, err
		}
	}
	err = f.Client.CreateFirstUser(ctx, owner)
	if errors.Is(err, ErrHasFirstUser) {
		// Somebody was faster: another run of coderaws, which has kept whom it made, or a stranger.
		if owner, kept, err = f.Owner(ctx); err != nil {
			return Step{}, err
		}
		return f.recognise(ctx, owner, kept)
	}
	if err != nil {
		return Step{}, err
	}
	owner.Confirmed = true
	return Step{OwnerStep, Done, "made " + owner.String() + ", whose password is in Secrets Manager", ""}, f.keep(ctx, owner)
}

// recognise looks whether a coderd that has users belongs to the owner of Secrets Manager. A password that coderd takes proves it, once and
// for all: later the owner may change it. A coderd that does not belong to that owner belongs to whoever came first, until somebody who is
// an owner there names it as adopted.
func (f *FirstSteps) recognise(ctx context.Context, owner Owner, kept bool) (Step, error) {
	switch {
	case kept && (owner.Confirmed || owner.OIDCProven):
		return Step{OwnerStep, Already, "coderd has its first user, and Secrets Manager " + owner.String(), ""}, nil
	case f.Wanted.Adopt != "":
		return f.adopt(ctx)
	case kept && owner.Adopted:
		return Step{OwnerStep, Already, "coderd belongs to " + owner.String() + ", who was adopted", ""}, nil
	case !kept:
		return Step{}, f.stranger("Secrets Manager has no owner of it, so that coderaws made none of them")
	}
	err := f.Client.TryPassword(ctx, owner)
	switch status(err) {
	case http.StatusUnauthorized:
		return Step{}, f.stranger("it does not take the password that Secrets Manager keeps of " + owner.String() + ": " + said(err))
	case http.StatusForbidden:
		return Step{}, f.stranger("the password of " + owner.String() + " in Secrets Manager cannot be tried: " + said(err))
	}
	if err != nil {
		return Step{}, err
	}
	owner.Confirmed = true
	return Step{OwnerStep, Done, owner.String() + " owns coderd, and has the password in Secrets Manager", ""}, f.keep(ctx, owner)
}

// adopt notes that a coderd belongs to an owner whom coderaws did not make. It takes a token of that owner, so that nobody adopts what is
// somebody else's.
func (f *FirstSteps) adopt(ctx context.Context) (Step, error) {
	refused := func(why string) error {
		d := diagnostic.Errorf("%s cannot be adopted as the owner of %s", f.Wanted.Adopt, f.Client.URL())
		d.Code, d.Why, d.Todo = "coder.not_adopted", why, signInTodo
		return d
	}
	if !f.Client.SignedIn() {
		return Step{}, refused("only a token of that owner proves that this Coder is yours")
	}
	if blocked, err := f.signIn(ctx); err != nil || blocked != nil {
		if blocked != nil {
			err = refused(blocked.why)
		}
		return Step{}, err
	}
	me, err := f.Client.Me(ctx)
	if err != nil {
		return Step{}, err
	}
	if me.Email != f.Wanted.Adopt {
		return Step{}, refused("the session token belongs to " + me.Email)
	}
	owner := Owner{Username: me.Username, Email: me.Email, Adopted: true}
	return Step{OwnerStep, Done, "adopted " + owner.String() + ", who owned coderd before", ""}, f.keep(ctx, owner)
}

// stranger is the error of a coderd that has users of whom coderaws knows nothing.
func (f *FirstSteps) stranger(why string) error {
	d := diagnostic.Errorf("%s has users whom coderaws did not make", f.Client.URL())
	d.Code, d.Why = "coder.stranger", why+". Whoever becomes the first user owns Coder and all that runs in it"
	d.Todo = "if they are yours, put a token of an owner into CODER_SESSION_TOKEN and run " +
		"`coderaws first-steps DIR --target aws --adopt-owner ADDRESS`; if they are not, take this Coder for lost: " +
		"`coderaws down DIR --target aws`, and make it anew"
	return d
}

// newOwner makes an owner up, and keeps it in Secrets Manager.
func (f *FirstSteps) newOwner(ctx context.Context) (Owner, error) {
	owner, err := NewOwner(f.Wanted.Domain, f.Random)
	if err != nil {
		return Owner{}, err
	}
	return owner, f.keep(ctx, owner)
}

// keep writes the owner into Secrets Manager.
func (f *FirstSteps) keep(ctx context.Context, owner Owner) error {
	secret, err := owner.secret()
	if err != nil {
		return err
	}
	return f.Secrets.Put(ctx, f.Wanted.OwnerSecret, secret)
}

// Owner reads the owner from Secrets Manager; kept is false if there is none.
func (f *FirstSteps) Owner(ctx context.Context) (owner Owner, kept bool, err error) {
	if f.Wanted.OwnerSecret == "" {
		return Owner{}, false, nil
	}
	text, kept, err := f.Secrets.Get(ctx, f.Wanted.OwnerSecret)
	if err != nil || !kept {
		return Owner{}, false, err
	}
	if owner, err = ParseOwner(text); err != nil {
		return Owner{}, false, fmt.Errorf("%s: %w", f.Wanted.OwnerSecret, err)
	}
	return owner, true, nil
}
