package verify

import (
	"context"
	"fmt"
	"strings"
)

// NodeGroup is a managed node group.
type NodeGroup struct {
	// Name and Status are EKS's; it is ACTIVE where nothing goes on.
	Name, Status string
	// Desired is how many nodes it shall have now.
	Desired int
	// Issues are what EKS says is wrong with it.
	Issues []string
}

// Node is a node as Kubernetes knows it.
type Node struct {
	Name string
	// Group is its node group; "" for none.
	Group string
	Ready bool
	// Problem says why it is not ready, in Kubernetes's words.
	Problem string
}

// Addon is an EKS add-on.
type Addon struct {
	Name, Version, Status string
	Issues                []string
}

// Workload is a deployment or a daemon set.
type Workload struct {
	Namespace, Name string
	Ready, Wanted   int
	// Unseen says that its pods are not known.
	Unseen bool
	// Later says that it has pods besides, which wait for a secret that the first steps bring.
	Later bool
}

// askCluster says how to look at the cluster oneself.
const askCluster = "see whether you reach the cluster: `aws eks update-kubeconfig --name NAME --region REGION`, then `kubectl get nodes`"

func (d Deployment) kubectl(todo string) string {
	return strings.NewReplacer("NAME", d.Cluster.Name, "REGION", d.Region).Replace(todo)
}

func nodeGroups(ctx context.Context, d Deployment, s Source) Check {
	groups, err := s.NodeGroups(ctx)
	if err != nil {
		return unseen(err, "give these credentials eks:ListNodegroups and eks:DescribeNodegroup")
	}
	var bad []string
	wanted := 0
	for _, g := range groups {
		wanted += g.Desired
		switch {
		case len(g.Issues) > 0:
			bad = append(bad, g.Name+": "+strings.Join(g.Issues, "; "))
		case g.Status != "ACTIVE":
			bad = append(bad, g.Name+" is "+g.Status)
		}
	}
	switch {
	case len(groups) == 0:
		return failed("run `coderaws up`", "the cluster %s has no node group", d.Cluster.Name)
	case len(bad) > 0:
		return failed("a group that is CREATING or UPDATING needs minutes; otherwise see `aws eks describe-nodegroup --cluster-name "+
			d.Cluster.Name+
			" --region "+d.Region+" --nodegroup-name GROUP`, and run `coderaws up` again", "%s", strings.Join(bad, ", "))
	}
	return ok("%d active, %d nodes wanted", len(groups), wanted)
}

func nodes(ctx context.Context, d Deployment, s Source) Check {
	all, err := s.Nodes(ctx)
	if err != nil {
		return unseen(err, d.kubectl(askCluster))
	}
	var bad []string
	for _, n := range all {
		if !n.Ready {
			bad = append(bad, strings.TrimSuffix(n.Name+": "+n.Problem, ": "))
		}
	}
	switch {
	case len(all) == 0:
		return failed("`coderaws status` shows the node groups; nodes that never join lack a way to the cluster's endpoint, or their add-ons",
			"Kubernetes knows no node")
	case len(bad) > 0:
		return failed(d.kubectl("kubectl describe node NODE says more; a node that stays so is replaced when its instance is terminated"),
			"%d of %d are not ready: %s", len(bad), len(all), strings.Join(bad, ", "))
	}
	return ok("%d ready", len(all))
}

func addons(ctx context.Context, d Deployment, s Source) Check {
	all, err := s.Addons(ctx)
	if err != nil {
		return unseen(err, "give these credentials eks:ListAddons and eks:DescribeAddon")
	}
	var bad []string
	for _, a := range all {
		switch {
		case len(a.Issues) > 0:
			bad = append(bad, a.Name+": "+strings.Join(a.Issues, "; "))
		case a.Status != "ACTIVE":
			bad = append(bad, a.Name+" is "+a.Status)
		}
	}
	switch {
	case len(all) == 0:
		return failed("run `coderaws up`", "the cluster %s has no add-on", d.Cluster.Name)
	case len(bad) > 0:
		return failed("an add-on that is DEGRADED recovers when its pods run: see nodes and workloads; then `aws eks describe-addon "+
			"--cluster-name "+d.Cluster.Name+" --region "+d.Region+" --addon-name ADDON`", "%s", strings.Join(bad, ", "))
	}
	return ok("%d active", len(all))
}

func workloads(ctx context.Context, d Deployment, s Source) Check {
	all, err := s.Workloads(ctx)
	if err != nil {
		return unseen(err, d.kubectl(askCluster))
	}
	var bad, unseen, later []string
	ready := 0
	for _, w := range all {
		ready += w.Ready
		if w.Unseen {
			unseen = append(unseen, w.Name)
		}
		if w.Later {
			later = append(later, w.Name)
		}
		if w.Ready < w.Wanted {
			bad = append(bad, fmt.Sprintf("%s/%s has %d of %d pods", w.Namespace, w.Name, w.Ready, w.Wanted))
		}
	}
	switch {
	case len(all) == 0:
		return failed("run `coderaws up`, which installs the platform", "nothing is installed in the cluster")
	case len(bad) > 0:
		return failed("`kubectl -n NAMESPACE get pods`, then `kubectl -n NAMESPACE describe pod POD` and its logs, say why", "%s",
			strings.Join(bad, ", "))
	}
	return ok("%d with %d pods ready%s%s", len(all), ready, prefixed("; for the first steps wait: ", strings.Join(later, ", ")),
		prefixed("; not rendered: ", strings.Join(unseen, ", ")))
}

// oneLine keeps a message on one line of a screen.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
