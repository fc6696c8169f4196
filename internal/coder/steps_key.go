package coder

import (
	"context"
	"errors"
	"slices"
)

// KeyName is what coderd knows the key of the provisioners by.
const KeyName = "coderaws"

// key issues the key with which external provisioners sign in. coderd shows a key once, so that a key whose value is not in Secrets Manager
// is worth nothing: it is taken back, and another issued.
func (f *FirstSteps) key(ctx context.Context, report *Report) (Step, error) {
	switch {
	case f.Wanted.KeySecret == "" || f.Wanted.LicenseSecret == "":
		return Step{KeyStep, Unwanted, "without a licence coderd provisions by itself", ""}, nil
	case report.License == nil:
		before := report.Steps[len(report.Steps)-1]
		return Step{KeyStep, before.Outcome, "external provisioners need the licence, and that comes first", ""}, nil
	}
	if blocked, err := f.signIn(ctx); err != nil || blocked != nil {
		return blocked.step(KeyStep), err
	}
	names, err := f.Client.ProvisionerKeys(ctx)
	if errors.Is(err, ErrNotPremium) {
		return Step{KeyStep, Waiting, "the licence grants no external provisioners: " + said(err),
			"ask Coder for a licence with external_provisioner_daemons, or set secrets.license to null to let coderd provision by itself"}, nil
	}
	if err != nil {
		return Step{}, err
	}
	return f.issue(ctx, issuedKey{name: KeyName, tags: map[string]string{}, secret: f.Wanted.KeySecret, secrets: f.Secrets}, names)
}

// issuedKey is a key of provisioners that coderd knows by a name, and whose value is in a secret.
type issuedKey struct {
	name    string
	tags    map[string]string
	secret  string
	secrets Secrets
}

// issue issues a key, unless the one in its secret is known to coderd. names are those of all keys that there are.
func (f *FirstSteps) issue(ctx context.Context, key issuedKey, names []string) (Step, error) {
	value, kept, err := key.secrets.Get(ctx, key.secret)
	if err != nil {
		return Step{}, err
	}
	detail := "issued, and kept in Secrets Manager"
	if kept {
		name, err := f.Client.ProvisionerKeyName(ctx, value)
		switch {
		case err != nil:
			return Step{}, err
		case name == key.name:
			return Step{KeyStep, Already, "coderd knows the key that is in Secrets Manager", ""}, nil
		}
		detail = "issued anew: coderd did not know the one in Secrets Manager. Provisioners take it when their pods start again"
	}
	if slices.Contains(names, key.name) {
		if err := f.Client.DeleteProvisionerKey(ctx, key.name); err != nil {
			return Step{}, err
		}
		if !kept {
			detail = "issued anew: the value of the former had been lost"
		}
	}
	if value, err = f.Client.CreateProvisionerKey(ctx, key.name, key.tags); err != nil {
		return Step{}, err
	}
	if err := key.secrets.Put(ctx, key.secret, value); err != nil {
		return Step{}, err
	}
	return Step{KeyStep, Done, detail, ""}, nil
}
