package permission

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Watch holds Terraform's own calls to the policies of a principal, and tells an observer of what they need. Its zero value lets
// everything pass and tells nobody.
type Watch struct {
	// Principal is who runs Terraform; nil for somebody who may do anything.
	Principal *Principal
	// Observer is told of each need, while the world is held; nil for nobody.
	Observer func(Need)
}

// Idle reports whether there is nothing to hold to anything.
func (w Watch) Idle() bool { return w.Principal == nil && w.Observer == nil }

// Check is AWS's answer to what a call of Terraform's needs; nil if the principal may do all of it.
func (w Watch) Check(c *model.Call, needs []Need) *world.Error {
	for _, n := range needs {
		if w.Observer != nil {
			w.Observer(n)
		}
		if w.Principal == nil {
			continue
		}
		if why := w.Principal.Refusal(c, n); why != "" {
			return refused(c, n, why)
		}
	}
	return nil
}

// Around holds the calls of Terraform to the policies of the principal. AWS looks at them before anything else.
func (w Watch) Around(inner model.Actor) model.Actor {
	if w.Idle() {
		return inner
	}
	return watched{inner, w}
}

type watched struct {
	model.Actor
	watch Watch
}

// Admit looks at what the call needs. A part of a resource is made with calls of its own, which are the same whoever makes it, so that only
// what changes it is looked at: what is read is read with the whole.
func (w watched) Admit(c *model.Call) *world.Error {
	if c.Caller == "" {
		needs := Needs(c)
		if c.OnPart() {
			needs = changing(needs)
		}
		if err := w.watch.Check(c, needs); err != nil {
			return err
		}
	}
	return w.Actor.Admit(c)
}

func changing(needs []Need) []Need {
	var all []Need
	for _, n := range needs {
		if rank(n.Action) == 0 {
			all = append(all, n)
		}
	}
	return all
}

// older are services that answer in XML, whose code has no Exception at its end, and EC2 and SNS, which have their own (the services' API
// references, common errors).
var older = map[string]string{
	"autoscaling": "AccessDenied", "cloudwatch": "AccessDenied", "ec2": "UnauthorizedOperation", "elasticloadbalancing": "AccessDenied",
	"iam": "AccessDenied", "rds": "AccessDenied", "route53": "AccessDenied", "s3": "AccessDenied", "sns": "AuthorizationError",
	"sts": "AccessDenied",
}

// refused words AWS's refusal of a call.
func refused(c *model.Call, n Need, why string) *world.Error {
	service, operation, _ := strings.Cut(n.Action, ":")
	message := "User: " + c.CallerSession() + " is not authorized to perform: " + n.Action
	switch {
	case service == "s3":
		message += ` on resource: "` + n.Resource + `"`
	case service != "ec2" || n.Resource != "*":
		message += " on resource: " + n.Resource
	}
	err := &world.Error{Status: 403, Code: "AccessDeniedException", Message: message + " " + why}
	if code := older[service]; code != "" {
		err.Code = code
	}
	if service == "ec2" {
		err.Message = "You are not authorized to perform this operation. " + err.Message
	}
	if !n.Beside && service != "s3" && service != "budgets" { // whose actions are not called as their operations are
		err.Call = operation
	}
	return err
}
