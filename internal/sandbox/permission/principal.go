package permission

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
)

// Document is a policy in JSON, and where it is from.
type Document struct{ Name, Text string }

// Policies are what bounds a caller.
type Policies struct {
	// Identity are those that are attached to it. One of them has to allow what it asks.
	Identity []Document
	// Boundary, Session and Control are a permissions boundary, the policy of a session, and service control policies of an organization;
	// what there are of each has to allow it too.
	Boundary, Session, Control []Document
}

// The most characters that IAM takes of a policy: of one that is managed, as those of identities and boundaries are, without white space;
// of a session's; and of a service control policy, with it. Sources: IAM User Guide, IAM and AWS STS quotas; AWS Organizations User Guide,
// quotas.
const (
	ManagedSize = 6144
	sessionSize = 2048
	controlSize = 5120
)

// kinds are how AWS names the kinds of policies in its messages.
const (
	kindIdentity = "identity-based policy"
	kindBoundary = "permissions boundary"
	kindSession  = "session policy"
	kindControl  = "service control policy"
)

// Principal is a caller with its policies. It is safe for concurrent use.
type Principal struct {
	// layers have to allow a request, all of them, in the order in which AWS looks at them.
	layers []layer

	mu        sync.Mutex
	undecided map[string]bool
}

// layer are the policies of one kind.
type layer struct {
	kind      string
	documents []*iampolicy.Document
}

// NewPrincipal reads the policies of a caller. What is wrong with one is said in AWS's words, with its name.
func NewPrincipal(p Policies) (*Principal, error) {
	principal := &Principal{undecided: map[string]bool{}}
	for _, one := range []struct {
		kind      string
		documents []Document
		size      int
	}{
		{kindControl, p.Control, controlSize}, {kindBoundary, p.Boundary, ManagedSize}, {kindSession, p.Session, sessionSize},
		{kindIdentity, p.Identity, ManagedSize},
	} {
		if len(one.documents) == 0 && one.kind != kindIdentity {
			continue
		}
		l := layer{kind: one.kind}
		for _, document := range one.documents {
			parsed, err := read(one.kind, document, one.size)
			if err != nil {
				return nil, err
			}
			l.documents = append(l.documents, parsed)
		}
		principal.layers = append(principal.layers, l)
	}
	principal.completeControl()
	return principal, nil
}

// read holds a policy to the grammar and to its size.
func read(kind string, document Document, size int) (*iampolicy.Document, error) {
	if fault := iampolicy.Fault(iampolicy.Identity, document.Text); fault != "" {
		return nil, fmt.Errorf("%s is no %s: AWS answers MalformedPolicyDocument: %s", document.Name, kind, fault)
	}
	length := iampolicy.Size(document.Text)
	if kind == kindControl {
		length = len(document.Text)
	}
	if length > size {
		return nil, fmt.Errorf("%s is too large for %s: it has %d characters, and AWS takes %d", document.Name, article(kind), length, size)
	}
	parsed, _ := iampolicy.Parse(document.Text) // Fault has read it
	return parsed, nil
}

// completeControl adds FullAWSAccess to service control policies that only deny: AWS attaches it everywhere, and who takes it away puts a
// policy in its place that allows something (AWS Organizations User Guide, how SCPs work).
func (p *Principal) completeControl() {
	for i := range p.layers {
		l := &p.layers[i]
		allows := slices.ContainsFunc(l.documents, func(d *iampolicy.Document) bool {
			return slices.ContainsFunc(d.Statements, func(s iampolicy.Statement) bool { return s.Effect == "Allow" })
		})
		if l.kind == kindControl && !allows {
			full, _ := iampolicy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
			l.documents = append(l.documents, full)
		}
	}
}

// Refusal is why the principal may not do what a call needs, in the words of AWS; "" if it may. What hangs on a condition that a rehearsal
// does not know is let through, and Undecided tells of it. Texts: IAM User Guide, troubleshoot access denied error messages.
func (p *Principal) Refusal(c *model.Call, n Need) string {
	asked := iampolicy.Request{Action: n.Action, Resource: n.Resource, Context: n.Context,
		Caller: iampolicy.Caller{ARN: c.GlobalARN("iam", "role/"+model.CallerRole), Account: c.Account}}
	decisions := make([]iampolicy.Decision, len(p.layers))
	for i, l := range p.layers {
		decisions[i] = iampolicy.Decide(asked, l.documents...)
		if decisions[i].Deny == iampolicy.True {
			return "with an explicit deny in " + article(l.kind)
		}
	}
	for i, l := range p.layers {
		if decisions[i].Allow == iampolicy.False {
			return "because no " + l.kind + " allows the " + n.Action + " action"
		}
	}
	for i, l := range p.layers {
		p.doubt(l.kind, n, asked, decisions[i])
	}
	return ""
}

func article(kind string) string {
	if kind == kindIdentity {
		return "an " + kind
	}
	return "a " + kind
}

// doubt notes by which keys a decision hangs on what is not known.
func (p *Principal) doubt(kind string, n Need, asked iampolicy.Request, d iampolicy.Decision) {
	var keys []string
	if d.Deny == iampolicy.Unknown {
		keys = d.DeniedBy.Unknown(asked)
	}
	if d.Allow == iampolicy.Unknown {
		keys = append(keys, d.AllowedBy.Unknown(asked)...)
	}
	if d.Deny != iampolicy.Unknown && d.Allow != iampolicy.Unknown {
		return
	}
	slices.Sort(keys)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.undecided[fmt.Sprintf("%s: %s hangs on %s", n.Action, article(kind), cmp.Or(strings.Join(slices.Compact(keys), " and "),
		"a variable"))] = true
}

// Undecided lists, as sentences, what hung on conditions that a rehearsal does not know.
func (p *Principal) Undecided() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.undecided))
}
