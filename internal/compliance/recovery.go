package compliance

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// recoveryChecks are about what is left after a loss.
func recoveryChecks() []Check {
	databases := []string{"aws_rds_cluster", "aws_db_instance"}
	return []Check{
		// FSBP RDS.11 asks for 7 days.
		{ID: "database-backups", What: "databases can be restored to any second of 7 days or more", Reads: databases,
			rule: both(attribute("backup_retention_period", atLeast(7, 1, NotSatisfied), "aws_rds_cluster"),
				attribute("backup_retention_period", atLeast(7, 0, NotSatisfied), "aws_db_instance"))},
		{ID: "database-deletion-protection", What: "databases cannot be deleted by mistake", Reads: databases,
			rule: attribute("deletion_protection", yes(false), databases...)},
		{ID: "database-final-snapshot", What: "a database that is deleted leaves a snapshot", Reads: databases,
			rule: attribute("skip_final_snapshot", no(false), databases...)},
		{ID: "database-copy-tags", What: "snapshots of databases have their tags", Reads: databases,
			rule: attribute("copy_tags_to_snapshot", yes(false), databases...)},
		{ID: "database-zones", What: "databases have servers in two zones or more", Reads: append(databases,
			"aws_rds_cluster_instance"), rule: databaseZones},
		{ID: "database-minor-upgrades", What: "databases take minor versions by themselves",
			Reads: []string{"aws_rds_cluster_instance", "aws_db_instance"},
			rule:  attribute("auto_minor_version_upgrade", yes(true), "aws_rds_cluster_instance", "aws_db_instance")},
		{ID: "backup-plan", What: "a plan of AWS Backup keeps snapshots for longer than databases themselves can",
			Reads:     []string{"aws_backup_plan"},
			Elsewhere: "`aws backup list-protected-resources`: the database with a recovery point",
			rule:      some("rule.lifecycle.delete_after", atLeast(36, 0, Satisfied), "aws_backup_plan")},
		{ID: "node-zones", What: "the nodes of a cluster stand in two zones or more", Reads: []string{"aws_eks_node_group"}, rule: nodeZones},
		{ID: "load-balancer-zones", What: "load balancers stand in two zones or more", Reads: []string{"aws_lb", "aws_alb"},
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for i := range s.Places {
					for _, lb := range s.Places[i].Inventory.LoadBalancers {
						if lb.Type != "aws_elb" {
							all = append(all, zones(item{lb.Resource, &s.Places[i]}, lb.Zones))
						}
					}
				}
				return all
			}},
		{ID: "load-balancer-deletion-protection", What: "load balancers cannot be deleted by mistake", Reads: []string{"aws_lb", "aws_alb"},
			rule: attribute("enable_deletion_protection", yes(false), "aws_lb", "aws_alb")},
	}
}

// zones looks at where something stands.
func zones(i item, found []string) Evidence {
	e := i.evidence(answer(len(found) > 1), "zones", fmt.Sprintf("%d: %s", len(found), strings.Join(found, ", ")), "2 or more")
	if len(found) == 0 {
		e.Answer, e.Found, e.Why = NotProvable, "not known", "the plan does not say in which zones its subnets are"
	}
	return e
}

func databaseZones(s *Subject) []Evidence {
	var all []Evidence
	for n := range s.Places {
		for _, database := range s.Places[n].Inventory.Databases {
			i := item{database.Resource, &s.Places[n]}
			if database.Type == "aws_db_instance" {
				all = append(all, i.look("multi_az", yes(false)))
				continue
			}
			var found []string
			unknown := false
			for _, server := range database.Instances {
				if server.Zone == "" {
					unknown = true
				} else if !slices.Contains(found, server.Zone) {
					found = append(found, server.Zone)
				}
			}
			e := zones(i, found)
			switch {
			case len(database.Instances) == 0:
				e.Answer, e.Found, e.Why = NotSatisfied, "no servers", ""
			case len(database.Instances) == 1:
				e.Answer, e.Found, e.Why = NotSatisfied, "one server", ""
			case unknown && e.Answer == NotSatisfied:
				e.Answer, e.Why = NotProvable, "AWS chooses the zones of its servers"
			}
			all = append(all, e)
		}
	}
	return all
}

// nodeZones looks at all groups of a cluster together: a group may stand in one.
func nodeZones(s *Subject) []Evidence {
	var all []Evidence
	for n := range s.Places {
		found := map[string][]string{}
		for _, group := range s.Places[n].Inventory.NodeGroups {
			if group.Type != "aws_eks_node_group" || group.Cluster == "" {
				continue
			}
			for _, zone := range group.Zones {
				if !slices.Contains(found[group.Cluster], zone) {
					found[group.Cluster] = append(found[group.Cluster], zone)
				}
			}
		}
		for _, group := range s.Places[n].Inventory.NodeGroups {
			if group.Type != "aws_eks_node_group" {
				continue
			}
			e := zones(item{group.Resource, &s.Places[n]}, found[group.Cluster])
			e.Attribute = "zones of the cluster's groups"
			all = append(all, e)
		}
	}
	return all
}

// seen reports whether a text attribute is known and one of some.
func seen(v plan.Value, texts ...string) bool {
	value, state := v.Text().Get()
	return state == plan.IsKnown && slices.Contains(texts, value)
}
