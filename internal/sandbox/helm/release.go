package helm

import (
	"maps"
	"strings"

	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Declare adds helm_release to a catalog: what is so of every release, whatever its chart is. What depends on the chart comes between a
// call and this: see deployment.
func Declare(catalog *model.Catalog) {
	catalog.Types[releaseType] = &model.Type{
		Name: releaseType, API: "Helm", Noun: "Helm Release", CreateCall: "Install", UpdateCall: "Upgrade", DeleteCall: "Uninstall",
		Identify: model.IDFrom("name"), Scope: []string{"cluster", "namespace"},
		References: []model.Reference{{Path: "cluster", To: []string{"aws_eks_cluster"}, By: "name", Inside: true}},
		Deleted:    uninstalled,
		ImportBy:   named,
		LatencyOf:  Times,
		Attempts:   once,
	}
}

// once is how often Helm makes a call: what fails, fails. Its client tries again only where the API server asks it to, with a header
// Retry-After (package rest of k8s.io/client-go), which no order of a fault does.
func once(world.Action, *world.Error) int { return 1 }

// named finds a release by namespace/name, in the cluster of the call.
func named(c *model.Call, id string) *world.Resource {
	namespace, name, _ := strings.Cut(id, "/")
	return c.World.Get(c.Account, c.Region, releaseType, releaseKey(c.String("cluster"), namespace, name))
}

// verbs make, read, change and delete releases, with what goes wrong by order around an actor.
func verbs(inner model.Actor) model.Verbs { return model.Verbs{Actor: fault.Around(inner)} }

// about begins a call about a release of a cluster, by what Terraform has of it: its arguments, its state, or both.
func (s *Server) about(c cluster, prior, wanted world.Object) *model.Call {
	call := *c.call
	call.Type, call.Prior, call.Object, call.ID = s.Catalog.Types[releaseType], c.holds(prior), c.holds(wanted), text(prior, "id")
	return &call
}

// holds adds to the attributes of a release the cluster that it is in, which Terraform knows by the address of the provider block alone.
func (c cluster) holds(release world.Object) world.Object {
	if release == nil {
		return nil
	}
	held := maps.Clone(release)
	held["cluster"] = c.name()
	return held
}

// words are an answer as the provider shows it: what Helm says and, below it, what the cluster knows; or what was ordered, and by whom.
func words(err *world.Error) string {
	switch {
	case err.Code == "" && err.Timing == "":
		return err.Message
	case err.Code == "":
		return err.Message + "\n\n" + err.Timing
	case err.Late:
		return err.Message + " " + err.Timing
	default:
		return err.Error() + " " + err.Timing
	}
}
