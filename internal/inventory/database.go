package inventory

import (
	"math"
	"slices"

	"coderaws/internal/plan"
)

const (
	databaseType = "aws_rds_cluster"
	memberType   = "aws_rds_cluster_instance"
	groupType    = "aws_db_subnet_group"
)

// databases finds Aurora clusters and RDS instances.
func (r *reading) databases(inv *Inventory) {
	members := map[string][]DatabaseInstance{}
	for _, member := range r.of(memberType) {
		of := r.refersOne(member, "cluster_identifier", databaseType)
		members[of] = append(members[of], databaseInstance(member))
	}
	for _, resource := range r.of(databaseType) {
		database := r.database(resource, "cluster_identifier")
		database.MinACU = r.amount(resource, resource.Values, "serverlessv2_scaling_configuration", "min_capacity")
		database.MaxACU = r.amount(resource, resource.Values, "serverlessv2_scaling_configuration", "max_capacity")
		database.BackupDays = database.BackupDays.Default(1) // that of Aurora
		database.Instances = append(database.Instances, members[resource.Address]...)
		delete(members, resource.Address)
		database.writer()
		inv.Databases = append(inv.Databases, database)
	}
	for _, resource := range r.of("aws_db_instance") {
		database := r.database(resource, "identifier")
		database.BackupDays = database.BackupDays.Default(0)
		database.Instances = append(database.Instances, databaseInstance(resource))
		database.writer()
		inv.Databases = append(inv.Databases, database)
	}
	for _, loose := range members {
		inv.Loose = append(inv.Loose, loose...)
	}
	slices.SortFunc(inv.Loose, func(a, b DatabaseInstance) int { return plan.Compare(a.Address, b.Address) })
	r.of(groupType)
}

// database is what clusters and instances have in common.
func (r *reading) database(resource Resource, named string) Database {
	values := resource.Values
	database := Database{
		Resource: resource, Engine: text(values, "engine"), Version: text(values, "engine_version"),
		Encrypted:  values.Attr("storage_encrypted").Bool().Default(false),
		BackupDays: r.count(resource, values, "backup_retention_period"),
		Instances:  []DatabaseInstance{}, Subnets: []string{},
	}
	database.Name = shown(values, named)
	if group, ok := r.resource(r.refersOne(resource, "db_subnet_group_name", groupType)); ok {
		database.Subnets = r.refers(group, "subnet_ids", subnetType)
	}
	return database
}

func databaseInstance(resource Resource) DatabaseInstance {
	return DatabaseInstance{Resource: resource, Zone: text(resource.Values, "availability_zone"),
		Class: text(resource.Values, "instance_class")}
}

// writer marks the instance that is meant to take writes: the one that Aurora promotes first. Which one does at a moment, AWS decides:
// the first that was made, until a failover.
func (d *Database) writer() {
	first, lowest := -1, math.Inf(1)
	for i := range d.Instances {
		if tier := d.Instances[i].Tier().Else(0, math.MaxFloat64); tier < lowest {
			first, lowest = i, tier
		}
	}
	if first >= 0 {
		d.Instances[first].Writer = true
	}
}

// Tier is the order in which Aurora promotes instances, the lowest first.
func (i DatabaseInstance) Tier() plan.Maybe[float64] { return i.Values.Attr("promotion_tier").Number() }
