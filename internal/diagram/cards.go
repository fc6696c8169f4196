package diagram

import (
	"fmt"
	"strings"

	"coderaws/internal/inventory"
)

// nodes words how many nodes a group has.
func nodes(group inventory.NodeGroup) string {
	least, most := group.Min.Else(0, 0), group.Max.Else(0, 0)
	switch {
	case group.Min.IsKnown() && group.Max.IsKnown() && least == most:
		return plural(most, "node")
	case group.Min.IsKnown() && group.Max.IsKnown():
		return fmt.Sprintf("%d to %d nodes", least, most)
	case group.Min.IsKnown():
		return fmt.Sprintf("%d nodes or more", least)
	case group.Max.IsKnown():
		return fmt.Sprintf("up to %d nodes", most)
	}
	return "a number of nodes that is not known yet"
}

func nodeGroupCard(group inventory.NodeGroup) card {
	k := card{title: group.Name, accent: computeC, tip: group.Address}
	capacity := "on demand"
	switch group.CapacityType {
	case "SPOT":
		capacity, k.dashed, k.accent = "spot", true, spotC
	case "":
		capacity = "on demand or spot"
	}
	k.lines = []string{nodes(group) + ", " + capacity}
	if len(group.InstanceTypes) > 0 {
		k.lines = append(k.lines, strings.Join(group.InstanceTypes, ", "))
	}
	if group.Type != "aws_eks_node_group" {
		k.lines = append(k.lines, "Auto Scaling group")
	}
	return guessed(k, group.Resource)
}

// guessed says of what is not placed for sure that it is not.
func guessed(k card, resource inventory.Resource) card {
	if len(resource.Candidates) > 0 {
		k.lines = append(k.lines, "the zones can be fewer")
	}
	return k
}

func instanceCard(instance inventory.Instance) card {
	return card{title: or(instance.Name, "Instance"), lines: []string{or(instance.InstanceType, "EC2 instance")}, accent: computeC,
		tip: instance.Address}
}

func clusterCard(cluster inventory.Cluster) card {
	api := "Kubernetes API in the VPC alone"
	if public := cluster.PublicEndpoint; public.IsUnknown() {
		api = "not known yet whether the Kubernetes API is on the internet"
	} else if public.Else(true, false) {
		api = "Kubernetes API on the internet"
	}
	facts := []string{api}
	if cluster.Version != "" {
		facts = []string{"Kubernetes " + cluster.Version, api}
	}
	return card{title: "EKS control plane " + cluster.Name, lines: []string{strings.Join(facts, "; ")}, accent: computeC, tip: cluster.Address}
}

func loadBalancerCard(lb inventory.LoadBalancer) card {
	kind := "Load balancer "
	if lb.Kind != "" {
		kind = strings.ToUpper(lb.Kind[:1]) + lb.Kind[1:] + " load balancer "
	}
	facts := []string{"faces the internet"}
	if lb.Internal.IsUnknown() {
		facts = []string{"not known yet whether it faces the internet"}
	} else if lb.Internal.Else(false, false) {
		facts = []string{"reached from private networks"}
	}
	facts = append(facts, lb.Ports...)
	if len(lb.Zones) > 0 {
		facts = append(facts, "in "+strings.Join(lb.Zones, ", "))
	}
	return guessed(card{title: kind + lb.Name, lines: []string{strings.Join(facts, "; ")}, accent: networkC, tip: lb.Address}, lb.Resource)
}

func natCard(nat inventory.NATGateway) card {
	return card{title: "NAT gateway", accent: networkC, tip: nat.Address}
}

func endpointCard(endpoint inventory.Endpoint) card {
	return card{title: "Endpoint " + endpoint.Service, accent: networkC, tip: endpoint.Address}
}

// engines are the names of database engines as people know them.
var engines = map[string]string{
	"aurora-postgresql": "Aurora PostgreSQL", "aurora-mysql": "Aurora MySQL", "postgres": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB",
}

func databaseCard(database inventory.Database) card {
	engine := or(engines[database.Engine], database.Engine)
	var facts []string
	least, most := database.MinACU, database.MaxACU
	switch {
	case least.IsUnknown() || most.IsUnknown():
		facts = append(facts, "bounds of its capacity not known yet")
	case most.Else(0, 0) > 0:
		facts = append(facts, fmt.Sprintf("%g to %g ACU each", least.Else(0, 0), most.Else(0, 0)))
	}
	switch {
	case database.Encrypted.IsUnknown():
		facts = append(facts, "not known yet whether it is encrypted")
	case database.Encrypted.Else(false, false):
		facts = append(facts, "encrypted")
	}
	switch days := database.BackupDays; {
	case days.IsUnknown():
		facts = append(facts, "backups of a number of days that is not known yet")
	case days.Else(0, 0) > 0:
		facts = append(facts, "backups of "+plural(days.Else(0, 0), "day"))
	}
	title := strings.Join(strings.Fields(engine+" "+database.Version+" "+database.Name), " ")
	k := card{title: title, accent: databaseC, tip: database.Address}
	if len(facts) > 0 {
		k.lines = []string{strings.Join(facts, "; ")}
	}
	return k
}

func databaseInstanceCard(instance inventory.DatabaseInstance) card {
	role := "Reader"
	if instance.Writer {
		role = "Writer"
	}
	return card{title: role, lines: []string{instance.Class}, accent: databaseC, tip: instance.Address}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
