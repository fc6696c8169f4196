package cost

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
)

// without are the providers whose resources cost nothing by themselves: values, files, and what runs in a cluster whose nodes are priced.
var without = []string{
	"archive", "cloudinit", "coderd", "external", "helm", "http", "kubectl", "kubernetes", "local", "null", "random", "template", "terraform",
	"time", "tls",
}

// foreign says why a resource of another provider than AWS's is not priced; "" if it costs nothing, or is AWS's.
func foreign(r inventory.Resource) string {
	provider, _, _ := strings.Cut(r.Type, "_")
	switch {
	case provider == "aws":
		return ""
	case !slices.Contains(without, provider):
		return fmt.Sprintf("this program has prices of the provider aws alone, and this is of %s", provider)
	}
	switch kind := strings.TrimSuffix(r.Type, "_v1"); {
	case kind == "kubernetes_service" && r.Values.At("spec", "type").Text().Else("", "LoadBalancer") == "LoadBalancer":
		return "it makes a load balancer, of a kind that the cluster decides"
	case kind == "kubernetes_persistent_volume_claim", kind == "kubernetes_stateful_set" && hasClaims(r):
		return "it makes volumes, of a type that the cluster decides"
	}
	return ""
}

func hasClaims(r inventory.Resource) bool {
	for _, spec := range r.Values.Blocks("spec") {
		if len(spec.Blocks("volume_claim_template")) > 0 {
			return true
		}
	}
	return false
}

// extras names what resources buy beside what is priced of them, and the book has no price of.
func (e *estimate) extras() {
	says := func(r inventory.Resource, path []string, common string) bool {
		value, state := r.Values.At(path...).Text().Get()
		return state == plan.IsKnown && value != "" && !strings.EqualFold(value, common)
	}
	for _, instance := range e.Inventory.Instances {
		if says(instance.Resource, []string{"tenancy"}, "default") {
			e.missing(instance.Resource, "the price book has shared hardware alone: what a dedicated instance or host costs more is not in the bill")
		}
	}
	for _, cluster := range e.Inventory.Clusters {
		if cluster.Values.At("compute_config", "enabled").Bool().Else(false, false) {
			e.missing(cluster.Resource, "EKS Auto Mode starts nodes that no plan has, and asks for each of them beside its price")
		}
		if says(cluster.Resource, []string{"control_plane_scaling_config", "tier"}, "standard") {
			e.missing(cluster.Resource, "what a provisioned control plane costs beside the cluster's hours is not in the bill")
		}
	}
	for _, database := range e.Inventory.Databases {
		if says(database.Resource, []string{"database_insights_mode"}, "standard") {
			e.missing(database.Resource, "what the advanced mode of Database Insights costs is not in the bill")
		}
	}
	for _, resource := range e.Inventory.Others {
		if resource.Type == "aws_flow_log" && says(resource, []string{"log_destination_type"}, "cloud-watch-logs") {
			e.missing(resource, "what flow logs cost elsewhere than in CloudWatch Logs is not in the bill")
		}
	}
}
