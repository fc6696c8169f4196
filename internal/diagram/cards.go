package diagram

import (
	"fmt"
	"strings"

	"coderaws/internal/inventory"
)

// nodes words how many nodes a group has.
func nodes(group inventory.NodeGroup) string {
	if group.Min == group.Max {
		return plural(group.Max, "node")
	}
	return fmt.Sprintf("%d to %d nodes", group.Min, group.Max)
}

func nodeGroupCard(group inventory.NodeGroup) card {
	k := card{title: group.Name, accent: computeC, tip: group.Address}
	capacity := "on demand"
	if group.CapacityType == "SPOT" {
		capacity, k.dashed, k.accent = "spot", true, spotC
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
	return card{title: or(instance.Name, "Instance"), lines: []string{or(instance.InstanceType, "EC2 instance")}, accent: computeC, tip: instance.Address}
}

func clusterCard(cluster inventory.Cluster) card {
	api := "Kubernetes API in the VPC alone"
	if cluster.PublicEndpoint {
		api = "Kubernetes API on the internet"
	}
	facts := []string{api}
	if cluster.Version != "" {
		facts = []string{"Kubernetes " + cluster.Version, api}
	}
	return card{title: "EKS control plane " + cluster.Name, lines: []string{strings.Join(facts, "; ")}, accent: computeC, tip: cluster.Address}
}

func loadBalancerCard(lb inventory.LoadBalancer) card {
	kind := strings.ToUpper(lb.Kind[:1]) + lb.Kind[1:] + " load balancer "
	facts := []string{"faces the internet"}
	if lb.Internal {
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
	if database.MaxACU > 0 {
		facts = append(facts, fmt.Sprintf("%g to %g ACU each", database.MinACU, database.MaxACU))
	}
	if database.Encrypted {
		facts = append(facts, "encrypted")
	}
	if database.BackupDays > 0 {
		facts = append(facts, "backups of "+plural(database.BackupDays, "day"))
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
