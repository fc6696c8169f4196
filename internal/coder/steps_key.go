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
	value, kept, err := f.Secrets.Get(ctx, f.Wanted.KeySecret)
	if err != nil {
		return Step{}, err
	}
	detail := "issued, and kept in Secrets Manager"
	if kept {
		name, err := f.Client.ProvisionerKeyName(ctx, value)
		switch {
		case err != nil:
			return Step{}, err
		case name == KeyName:
			return Step{KeyStep, Already, "coderd knows the key that is in Secrets Manager", ""}, nil
		}
		detail = "issued anew: coderd did not know the one in Secrets Manager. Provisioners take it when their pods start again"
	}
	if slices.Contains(names, KeyName) {
		if err := f.Client.DeleteProvisionerKey(ctx, KeyName); err != nil {
			return Step{}, err
		}
		if !kept {
			detail = "issued anew: the value of the former had been lost"
		}
	}
	if value, err = f.Client.CreateProvisionerKey(ctx, KeyName); err != nil {
		return Step{}, err
	}
	if err := f.Secrets.Put(ctx, f.Wanted.KeySecret, value); err != nil {
		return Step{}, err
	}
	return Step{KeyStep, Done, detail, ""}, nil
}
