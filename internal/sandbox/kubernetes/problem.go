package kubernetes

import (
	"cmp"
	"slices"
)

// Stage says when a problem shows, and so what it does to a release.
type Stage string

const (
	// Refused: the API server does not take the object. A release fails at once.
	Refused Stage = "refused"
	// Pending: the object is taken, and its pods are not created, not scheduled or not started. A release that waits for its pods
	// fails when its time is up; one that does not wait succeeds, and the pods go on waiting.
	Pending Stage = "pending"
	// Finding: Kubernetes takes it, and it should not be done.
	Finding Stage = "finding"
)

// Code names a kind of problem, so that callers can tell them apart without reading the message.
type Code string

// The codes of problems.
const (
	Invalid             Code = "Invalid"             // a value breaks a rule of the API server
	UnknownKind         Code = "UnknownKind"         // the cluster does not serve the kind
	RemovedKind         Code = "RemovedKind"         // the version of the API was taken out of Kubernetes
	Duplicate           Code = "Duplicate"           // two objects have one name
	Immutable           Code = "Immutable"           // an object that exists cannot be changed so
	NotFound            Code = "NotFound"            // something that an object refers to does not exist
	KeyNotFound         Code = "KeyNotFound"         // a secret or config map exists and has no such key
	DriverMissing       Code = "DriverMissing"       // no CSI driver or provider serves the volume on the node
	SecretMapping       Code = "SecretMapping"       // a SecretProviderClass names files that its provider does not write
	SecretNotReadable   Code = "SecretNotReadable"   // Secrets Manager refuses the secret, or does not have it
	SecretWithoutValue  Code = "SecretWithoutValue"  // the secret exists and has no value yet
	NotCreated          Code = "NotCreated"          // an admission rule keeps a pod from being created
	QuotaExceeded       Code = "QuotaExceeded"       // a ResourceQuota keeps a pod from being created
	Unschedulable       Code = "Unschedulable"       // no node takes a pod
	RolloutBlocked      Code = "RolloutBlocked"      // no rolling update can begin, as there is no room for one more pod
	EvictionBlocked     Code = "EvictionBlocked"     // a disruption budget never lets a pod go
	ImageNotPulled      Code = "ImageNotPulled"      // nodes do not get an image from its registry
	ContainerExits      Code = "ContainerExits"      // a program exits as it starts, again and again
	ImageNotPinned      Code = "ImageNotPinned"      // an image without a tag, or with the tag latest
	LoadBalancer        Code = "LoadBalancer"        // a Service makes a load balancer of its own
	PolicyWithoutEngine Code = "PolicyWithoutEngine" // nobody enforces a network policy
)

// Problem is something that keeps objects from being what was meant.
type Problem struct {
	Code  Code
	Stage Stage
	// Object is the object that has the problem, such as the Deployment of a pod that no node takes. Template is the file that it
	// was rendered from; empty if it is not known.
	Object   Key
	Template string
	// Field is the path of the field, such as spec.template.spec.containers[0].image; empty if it is the object as a whole.
	Field string
	// Message is in the words of the component that would say it: API server, controller, scheduler, kubelet or CSI driver.
	Message string
	// Why explains the message where it does not speak for itself, with the names that it leaves out. Todo says what to do.
	Why, Todo string
	// Pods counts the pods that wait because of it; 0 for what the API server refuses.
	Pods int
}

// Error is the problem in one line.
func (p Problem) Error() string { return p.Object.String() + ": " + p.Message }

// Fatal reports whether a release fails by the problem: whatever is refused, and, if it waits for its pods, what keeps pods from running.
func (p Problem) Fatal(wait bool) bool {
	return p.Stage == Refused || p.Stage == Pending && wait
}

// sortProblems puts what is refused first, then what waits, each in the order of objects and fields.
func sortProblems(problems []Problem) {
	rank := map[Stage]int{Refused: 0, Pending: 1, Finding: 2}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(rank[a.Stage], rank[b.Stage]),
			cmp.Compare(a.Object.String(), b.Object.String()),
			cmp.Compare(a.Field, b.Field),
		)
	})
}
