// Package preflight finds out before Terraform starts whether an account has room for a deployment: it compares what the rehearsal of its
// making needed with what the account answered (package account). The command line imports it; it asks AWS nothing itself and prints
// nothing.
package preflight

import (
	"slices"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/rehearsal"
)

// Own says in which regions a deployment exists in the account already, as the tag of its clusters tells: what is used and which names are
// taken there is partly its own doing.
func Own(s *account.Snapshot, d *deployment.Deployment) map[string]bool {
	own := map[string]bool{}
	for i := range d.Regions {
		region := &d.Regions[i]
		if asked := s.Regions[region.Name]; asked != nil && slices.Contains(asked.Deployments, region.String("name")) {
			own[region.Name] = true
		}
	}
	return own
}

// Quotas are all quotas that may count for a deployment, as an account is asked for them.
func Quotas() []account.Quota {
	var all []account.Quota
	for _, quota := range rehearsal.Quotas() {
		all = append(all, account.Quota{Service: quota.Service, Code: quota.Code})
	}
	return all
}

// Instance says which quota a running instance counts against, in the form that package account asks for it; codes are all that it may
// give.
func Instance() (count func(instanceType string, spot bool) (code string, vcpus int), codes []string) {
	for _, quota := range rehearsal.Quotas() {
		if slices.Contains(launchErrors, quota.Error) {
			codes = append(codes, quota.Code)
		}
	}
	return rehearsal.VCPUs, codes
}
