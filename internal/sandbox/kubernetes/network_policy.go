package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	apps "k8s.io/api/apps/v1"
)

// networkAddon is the add-on that gives pods their addresses. It enforces policies only where its configuration says so (AWS
// documentation: network policies of the VPC CNI).
const networkAddon = "vpc-cni"

// otherEngines are parts of the names of the DaemonSets of others that enforce network policies.
var otherEngines = []string{"calico", "cilium", "antrea", "kube-router"}

// networkPolicies finds policies that nobody enforces: the API server takes them, and every connection goes on. A cluster of which the
// add-ons are not known may have an engine.
func (k *checker) networkPolicies(objects []Object) {
	if k.Addons == nil || k.enforces() {
		return
	}
	for _, o := range objects {
		if o.Kind != "NetworkPolicy" {
			continue
		}
		p := o.problem(Finding, PolicyWithoutEngine, "No engine of the cluster enforces this NetworkPolicy: it has no effect.")
		p.Why = "The network add-on leaves network policies alone unless it is told to enforce them."
		p.Todo = `Give the add-on vpc-cni the configuration {"enableNetworkPolicy":"true"}, or install another engine.`
		k.add(p)
	}
}

// enforces reports whether the network add-on, or an engine of others, enforces network policies.
func (k *checker) enforces() bool {
	if fmt.Sprint(k.Addons[networkAddon]["enableNetworkPolicy"]) == "true" {
		return true
	}
	found := false
	k.all(func(o Object) {
		_, daemon := o.Typed.(*apps.DaemonSet)
		found = found || daemon && slices.ContainsFunc(otherEngines, func(engine string) bool { return strings.Contains(o.Name, engine) })
	})
	return found
}
