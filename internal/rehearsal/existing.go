package rehearsal

import (
	"bytes"
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"
	"coderaws/internal/sandbox/service/iam"
	"coderaws/internal/sandbox/service/route53"
)

// Existing is what is there before a deployment, and what the embedded AWS, which starts empty, has to be told of.
type Existing struct {
	// HostedZones are public hosted zones, each as NAME or NAME=ID.
	HostedZones []string
	// Policies are managed policies of IAM, such as a permissions boundary, each as ARN, or as ARN=FILE with the policy's document.
	Policies []string
	// Shared are private hosted zones and resolver rules that another account shares, each as DOMAIN=ID.
	Shared []string
}

// AddExisting puts into the embedded AWS what no deployment made.
func (e *Embedded) AddExisting(existing Existing) error {
	for _, zone := range existing.HostedZones {
		name, id, _ := strings.Cut(zone, "=")
		if err := route53.AddHostedZone(e.world, name, id); err != nil {
			return err
		}
	}
	for _, shared := range existing.Shared {
		domain, id, _ := strings.Cut(shared, "=")
		if err := route53.AddShared(e.world, domain, id); err != nil {
			d := diagnostic.Errorf("who answers for a name, %s, cannot be put into the embedded AWS", shared)
			d.Code, d.Why = "sandbox.shared_name", err.Error()
			d.Todo = "write a domain, = and the ID of a private hosted zone or of a resolver rule, as names of network.connections have it, " +
				"such as amazonaws.com=rslvr-rr-0123456789abcdef0"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	for _, policy := range existing.Policies {
		if err := e.addPolicy(policy); err != nil {
			d := diagnostic.Errorf("the policy %s cannot be put into the embedded AWS", policy)
			d.Code, d.Why = "sandbox.policy", err.Error()
			d.Todo = "write the ARN that iam.permissions_boundary has: alone, for a policy that allows everything, or with = and a file with " +
				"the policy in JSON"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	return nil
}

// addPolicy takes the last = for the one before the file: the name of a policy may have one, too.
func (e *Embedded) addPolicy(policy string) error {
	at := strings.LastIndex(policy, "=")
	if at < 0 {
		return iam.AddPolicy(e.world, policy, "")
	}
	arn, file := policy[:at], policy[at+1:]
	text, d := hclfile.Settings.Read(file)
	switch {
	case d != nil:
		return fmt.Errorf("%q: %s: %s", file, d.Summary, d.Why)
	case len(bytes.TrimSpace(text)) == 0:
		return fmt.Errorf("%q is empty", file)
	}
	return iam.AddPolicy(e.world, arn, string(text))
}
