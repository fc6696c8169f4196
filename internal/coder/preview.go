package coder

// Preview lists the steps that Run will take, for a target on which no coderd runs.
func (w Wanted) Preview() []Step {
	steps := []Step{
		{OwnerStep, Later, "the first owner, made in the cluster before anybody else reaches Coder; Secrets Manager keeps the password", ""},
		{LicenseStep, Unwanted, "secrets.license is not set, so that Coder runs without Premium", ""},
		{KeyStep, Unwanted, "without a licence coderd provisions by itself", ""},
		{OIDCStep, Unwanted, "coder.oidc is not set, so that people sign in with passwords", ""},
	}
	if w.LicenseSecret != "" {
		steps[1] = Step{LicenseStep, Later, "the licence of " + w.LicenseSecret + " is given to coderd", ""}
		steps[2] = Step{KeyStep, Later, "a key for external provisioners is issued, and kept in Secrets Manager", ""}
	}
	if w.OIDC {
		steps[3] = Step{OIDCStep, Later, "passwords are turned off once an owner has come in by OIDC", ""}
	}
	if w.Models != nil {
		steps = append(steps, Step{ModelsStep, Later, "coderd is given " + w.Models.Main + " and " + w.Models.Small + " of Amazon Bedrock", ""})
	}
	return steps
}
