package rehearsal

import (
	"os"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/sandbox/service/iam"
	"coderaws/internal/sandbox/service/route53"
)

// Existing is what is there before a deployment, and what the embedded AWS, which starts empty, has to be told of.
type Existing struct {
	// HostedZones are public hosted zones, each as NAME or NAME=ID.
	HostedZones []string
	// Policies are managed policies of IAM, such as a permissions boundary, each as ARN, or as ARN=FILE with the policy's document.
	Policies []string
}

// AddExisting puts into the embedded AWS what no deployment made.
func (e *Embedded) AddExisting(existing Existing) error {
	for _, zone := range existing.HostedZones {
		name, id, _ := strings.Cut(zone, "=")
		if err := route53.AddHostedZone(e.world, name, id); err != nil {
			return err
		}
	}
	for _, policy := range existing.Policies {
		if err := e.addPolicy(policy); err != nil {
			d := diagnostic.Errorf("the policy %s cannot be put into the embedded AWS", policy)
			d.Code, d.Why = "sandbox.policy", err.Error()
			d.Todo = "write the ARN that iam.permissions_boundary has, and after = a file with the policy in JSON, or nothing for one that " +
				"allows everything"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	return nil
}

// addPolicy takes the last = for the one before the file: the name of a policy may have one, too.
func (e *Embedded) addPolicy(policy string) error {
	arn, document := policy, ""
	if at := strings.LastIndex(policy, "="); at >= 0 {
		text, err := os.ReadFile(policy[at+1:])
		if err != nil {
			return err
		}
		arn, document = policy[:at], string(text)
	}
	return iam.AddPolicy(e.world, arn, document)
}
