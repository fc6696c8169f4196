package principal

import (
	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/world"
)

// Admits reports whether a resource or trust policy lets a service of AWS, such as eks.amazonaws.com, do an action, on whatever resource.
// Conditions are taken to hold in what allows, and not in what denies.
func Admits(policy, service, action string) bool {
	return possible(policy, iampolicy.Request{Action: action, Caller: iampolicy.Caller{Service: service}})
}

// Trusts reports whether a role lets a service assume it.
func Trusts(role *world.Resource, service string) bool {
	return Admits(role.String("assume_role_policy"), service, "sts:AssumeRole")
}

// Assumable reports whether a role's trust policy lets a service assume it on behalf of a resource, given by its ARN, of an account. These
// are looked at where the policy guards against the confused deputy, by aws:SourceAccount and aws:SourceArn.
func Assumable(role *world.Resource, service, account, source string) bool {
	return possible(role.String("assume_role_policy"), iampolicy.Request{
		Action: "sts:AssumeRole", Caller: iampolicy.Caller{Service: service},
		Context: iampolicy.Context{"aws:sourceaccount": {account}, "aws:sourcearn": {source}},
	})
}

func possible(policy string, r iampolicy.Request) bool {
	document, _ := iampolicy.Parse(policy)
	return iampolicy.Decide(r, document).Possible()
}
