package facts

import (
	"encoding/json"
	"strings"
	"sync"
)

// ManagedPolicy is a policy that AWS manages. It exists in every account.
type ManagedPolicy struct {
	// Version is the default one, such as v6; Created and Updated are days.
	Version string `json:"version"`
	Created string `json:"created"`
	Updated string `json:"updated"`
	// Document is what it allows, in IAM's language, as of the day of the data set.
	Document json.RawMessage `json:"document"`
}

// managedPolicies are read when the first is asked for.
var managedPolicies = sync.OnceValue(func() map[string]ManagedPolicy {
	policies := map[string]ManagedPolicy{}
	_ = json.Unmarshal(policyFile, &policies) // a test reads what is embedded
	return policies
})

// FindManagedPolicy finds a policy that AWS manages by its ARN, in any partition. Those that few use are not known.
func FindManagedPolicy(arn string) (ManagedPolicy, bool) {
	_, name, managed := strings.Cut(arn, ":iam::aws:policy/")
	policy, known := managedPolicies()[name]
	return policy, managed && known
}
