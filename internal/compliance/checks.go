package compliance

import "slices"

// Checks are all checks, in the order in which reports have them.
func Checks() []Check {
	return slices.Concat(networkChecks(), ingressChecks(), encryptionChecks(), transitChecks(), bucketChecks(), recoveryChecks(),
		recordChecks(),
		accountChecks(), identityChecks(), nodeChecks(), imageChecks(), kubernetesChecks())
}
