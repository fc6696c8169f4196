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
	// Strange is told of types whose calls are not known; nil for nobody.
	Strange func(typeName string)
}

// tell says of a type whose calls are not known that there is one.
func (w Watch) tell(typeName string) {
	if w.Strange != nil && !Recorded(typeName) {
		w.Strange(typeName)
	}
}

// Idle reports whether there is nothing to hold to anything.
func (w Watch) Idle() bool { return w.Principal == nil && w.Observer == nil && w.Strange == nil }

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

// CheckData is the same for the reading of a data source.
func (w Watch) CheckData(c *model.Call, name string) *world.Error {
	w.tell("data." + name)
	return w.Check(c, DataNeeds(c, name))
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
		} else {
			w.watch.tell(c.Type.Name)
		}
		if err := w.watch.Check(c, needs); err != nil {
			return err
		}
		w.tellChange(c)
	}
	return w.Actor.Admit(c)
}

// tellChange tells the observer, of what is about to be deleted, what a change of it would have taken: a life that is made and deleted has
// none.
func (w watched) tellChange(c *model.Call) {
	if w.watch.Observer == nil || c.Action != world.Delete || c.OnPart() {
		return
	}
	change := *c
	change.Action, change.Prior = world.Update, c.Object
	for _, n := range Needs(&change) {
		w.watch.Observer(n)
	}
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
