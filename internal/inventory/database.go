package inventory

// databases finds Aurora clusters and RDS instances.
func (r *reading) databases(inv *Inventory) {
	const clusterType, groupType = "aws_rds_cluster", "aws_db_subnet_group"
	for _, resource := range r.of(clusterType) {
		database := Database{
			Resource: resource, Engine: Text(resource.Values, "engine"), Version: Text(resource.Values, "engine_version"),
			Encrypted: truth(resource.Values, "storage_encrypted"), BackupDays: int(Number(resource.Values, "backup_retention_period")),
			Instances: []DatabaseInstance{}, Subnets: []string{},
		}
		database.Name = Text(resource.Values, "cluster_identifier")
		for _, scaling := range Blocks(resource.Values, "serverlessv2_scaling_configuration") {
			database.MinACU, database.MaxACU = Number(scaling, "min_capacity"), Number(scaling, "max_capacity")
		}
		if group, ok := r.resource(r.refersOne(resource, "db_subnet_group_name", groupType)); ok {
			database.Subnets = r.refers(group, "subnet_ids", subnetType)
		}
		for _, member := range r.of("aws_rds_cluster_instance") {
			if r.refersOne(member, "cluster_identifier", clusterType) == resource.Address {
				database.Instances = append(database.Instances, databaseInstance(member))
			}
		}
		database.writer()
		inv.Databases = append(inv.Databases, database)
	}
	for _, resource := range r.of("aws_db_instance") {
		database := Database{
			Resource: resource, Engine: Text(resource.Values, "engine"), Version: Text(resource.Values, "engine_version"),
			Encrypted: truth(resource.Values, "storage_encrypted"), BackupDays: int(Number(resource.Values, "backup_retention_period")),
			Instances: []DatabaseInstance{databaseInstance(resource)}, Subnets: []string{},
		}
		database.Name = Text(resource.Values, "identifier")
		if group, ok := r.resource(r.refersOne(resource, "db_subnet_group_name", groupType)); ok {
			database.Subnets = r.refers(group, "subnet_ids", subnetType)
		}
		database.writer()
		inv.Databases = append(inv.Databases, database)
	}
	r.of(groupType)
}

func databaseInstance(resource Resource) DatabaseInstance {
	return DatabaseInstance{Resource: resource, Zone: Text(resource.Values, "availability_zone"), Class: Text(resource.Values, "instance_class")}
}

// writer marks the instance that is meant to take writes: the one that Aurora promotes first. Which one does at a moment, AWS decides:
// the first that was made, until a failover.
func (d *Database) writer() {
	first := -1
	for i := range d.Instances {
		if first < 0 || Number(d.Instances[i].Values, "promotion_tier") < Number(d.Instances[first].Values, "promotion_tier") {
			first = i
		}
	}
	if first >= 0 {
		d.Instances[first].Writer = true
	}
}
