// Package model says what a resource type of the embedded AWS is: its ids and ARNs, the rules that AWS enforces with their error codes and
// messages, its quotas, and the time that AWS takes; it holds what declarations are written with: calls, checks, look-ups; and the verbs by
// which everybody makes, reads, changes and deletes. It knows no service of AWS and no protocol. Services and everything that works on a
// world with their declarations import it; it imports world.
//
// Sources are named beside each figure and rule: the AWS documentation, the service's API model (botocore), messages recorded
// from real accounts, or an estimate that says so.
package model

import (
	"time"

	"coderaws/internal/sandbox/world"
)

// Type declares one Terraform resource type.
type Type struct {
	// Name is Terraform's name, such as aws_subnet.
	Name string
	// API is the AWS service as the SDK names it in errors, such as EC2.
	API string
	// Noun is what the provider calls the thing in its messages, such as EC2 Subnet.
	Noun string
	// CreateCall, UpdateCall and DeleteCall are the API operations, such as CreateSubnet.
	CreateCall, UpdateCall, DeleteCall string

	// Identify returns the id of a new resource. Required.
	Identify func(c *Call) string
	// Scope are the attributes inside which the ids of this type are unique, such as autoscaling_group_name for the scheduled actions
	// of a group; empty where an id is unique in its region.
	Scope []string
	// Same are the arguments that tell which thing of AWS is meant, where that is not in the id: AWS attaches a policy to a role once,
	// however often it is asked to. Who creates what is there already gets that one.
	Same []string
	// Parts are the arguments that name what resources of finer types are too.
	Parts []Part
	// Lists says that a resource is nothing of AWS's, but a list of such parts, which go one by one when it is deleted.
	Lists bool
	// Empty reports of a state that has been read that Terraform takes it for nothing, for types that are nothing but a list of others'
	// parts.
	Empty func(state world.Object) bool
	// References are the arguments that name other resources.
	References []Reference
	// Unique are names that may exist once.
	Unique []Unique
	// Quotas are the limits on how many may exist.
	Quotas []Quota
	// Counted are the quotas that Checks count by themselves.
	Counted []CountedQuota
	// Checks are AWS's rules, in the order in which AWS reports them; they run before a create and before an update, after
	// references were found to exist.
	Checks []Check
	// Fill sets the computed attributes of a new or changed resource, and makes what AWS makes along with it.
	Fill func(c *Call)
	// BeforeDelete are AWS's rules for deleting.
	BeforeDelete []Check
	// InUse is AWS's answer to deleting what by still refers to; nil where AWS deletes anyway.
	InUse func(c *Call, by *world.Resource) *world.Error
	// Recompute lists computed attributes that change when one of the named arguments does.
	Recompute map[string][]string
	// Replace decides, for arguments where that depends on more than the argument, whether a change of it replaces the resource. For all
	// others the table measured on the provider decides.
	Replace map[string]func(c *Call) bool
	// Plan sets in c.Object what the provider itself works out while it plans (its CustomizeDiff), from the configuration alone: the
	// world is not read. c.Prior is what exists, nil for a create.
	Plan func(c *Call)
	// Refresh sets in c.Object, at every read, what follows from other resources, such as the members of a cluster.
	Refresh func(c *Call)
	// Deleted does what AWS does along with a deletion that it has accepted: it leaves snapshots, and removes what hung on c.Self.
	Deleted func(c *Call)
	// ImportBy finds the resource for an import id that is not its id.
	ImportBy func(c *Call, id string) *world.Resource
	// Permissions are those that the caller of a call needs, by the action of the call; nil where callers are held to none.
	Permissions func(c *Call) []Permission
	// Gone is AWS's answer to a change of what does not exist; nil where nobody but Terraform makes changes, who is told to plan again.
	Gone func(c *Call) *world.Error
	// Launch is what a resource with the arguments of a call starts; nil for types that start no instances.
	Launch func(c *Call) Launch
	// Latency is the time that AWS takes.
	Latency Latency
	// LatencyOf is the same where it depends on the arguments; nil where it does not.
	LatencyOf func(attributes world.Object) Latency
	// Attempts is how often the type's provider makes a call that is answered with an error before it gives up; nil where it is AWS's
	// provider, of which package fault knows.
	Attempts func(action world.Action, err *world.Error) int
	// blank is the answer of the type's service to a required argument that is empty.
	blank func(argument string) *world.Error
}

// Times is how long AWS takes for a resource with these attributes.
func (t *Type) Times(attributes world.Object) Latency {
	if t.LatencyOf != nil {
		return t.LatencyOf(attributes)
	}
	return t.Latency
}

// Check is one rule of AWS; nil means that the call is allowed.
type Check func(c *Call) *world.Error

// Reference is an argument that names another resource.
type Reference struct {
	// Path is the dotted path of the argument, through blocks and lists, such as vpc_config.subnet_ids.
	Path string
	// To lists the types that may be meant.
	To []string
	// By is the attribute of the target that is given, id if empty.
	By string
	// Missing is AWS's answer where no such resource exists; nil where AWS does not look.
	Missing func(value string) *world.Error
	// Weak references do not stop the deletion of their target.
	Weak bool
	// Inside says that the resource is a part of its target and goes with it, as a route goes with its table.
	Inside bool
}

// Unique is a name that may exist once in its scope.
type Unique struct {
	// Attribute holds the name.
	Attribute string
	// Within is another attribute that must be equal for names to collide, such as vpc_id; empty for the whole region (or
	// the account, for global services).
	Within string
	// FoldCase compares without regard to case.
	FoldCase bool
	// Taken is AWS's answer.
	Taken func(c *Call, name string) *world.Error
}

// Quota limits how many resources of the type may exist.
type Quota struct {
	world.Quota
	// Per counts separately by this value of a resource, such as its VPC; nil counts by region.
	Per func(c *Call, attributes world.Object) string
	// Within is an argument that has the same value in all that count together, so that others need not be looked at; empty for none.
	Within string
	// PerZone says that Per is the zone, so that everything in it counts together, whoever made it.
	PerZone bool
	// Only counts the resources for which it is true; nil counts all.
	Only func(attributes world.Object) bool
	// Exceeded is AWS's answer.
	Exceeded func() *world.Error
}

// Span is how long AWS takes for one operation.
type Span struct{ Typical, Min, Max time.Duration }

// Latency is how long AWS takes to create, update and delete a resource.
type Latency struct {
	Create, Update, Delete Span
	// Source says where the figures come from.
	Source string
}

// Seconds builds a Span from seconds.
func Seconds(typical, shortest, longest float64) Span {
	s := func(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }
	return Span{s(typical), s(shortest), s(longest)}
}

// Instant is the latency of calls that only write a record.
func Instant(source string) Latency {
	return Latency{Create: Seconds(1, 0.5, 2), Update: Seconds(1, 0.5, 2), Delete: Seconds(1, 0.5, 2), Source: source}
}

// DataSource declares one Terraform data source.
type DataSource struct {
	// Name is Terraform's name, such as aws_availability_zones.
	Name string
	API  string
	Noun string
	// Call is the API operation that it reads with.
	Call string
	// Read fills the computed attributes or answers as AWS does.
	Read func(c *Call) *world.Error
}
