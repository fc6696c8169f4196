package rds

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// groupTypes declares what RDS databases are configured with: subnet groups and parameter groups. Rules: API model (botocore) prose;
// messages: logs of real deployments, unless marked unverified.
func groupTypes() []*model.Type {
	return []*model.Type{
		dbSubnetGroup(),
		parameterGroup("aws_rds_cluster_parameter_group", "RDS Cluster Parameter Group", "DBClusterParameterGroup", "cluster-pg", "L-E4C808A8",
			"DB cluster parameter groups"),
		parameterGroup("aws_db_parameter_group", "RDS DB Parameter Group", "DBParameterGroup", "pg", "L-DE55804A", "Parameter groups"),
	}
}

func dbSubnetGroup() *model.Type {
	return &model.Type{
		Name: "aws_db_subnet_group", API: api, Noun: "RDS DB Subnet Group",
		CreateCall: "CreateDBSubnetGroup", UpdateCall: "ModifyDBSubnetGroup", DeleteCall: "DeleteDBSubnetGroup",
		Identify: func(c *model.Call) string { return strings.ToLower(c.Name("name", "name_prefix")) },
		References: []model.Reference{{
			Path: "subnet_ids", To: []string{"aws_subnet"}, Weak: true, // only the interfaces of its databases hold a subnet back
			Missing: func(id string) *world.Error { return invalidGroupSubnet(id) },
		}},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DBSubnetGroupAlreadyExists", "The DB subnet group '%s' already exists.", name) // unverified text
		}}},
		Checks: []model.Check{subnetGroupName, subnetGroupZones},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-48C6BF61", Service: "rds", Name: "DB subnet groups", Default: 50},
			Exceeded: func() *world.Error {
				// unverified text
				return world.Fail("DBSubnetGroupQuotaExceeded",
					"The request would exceed the maximum number of subnet groups allowed. Maximum number of subnet groups is 50.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("name", c.ID)
			c.Set("name_prefix", "")
			c.Set("arn", c.ARN("rds", "subgrp:"+c.ID))
			c.Set("supported_network_types", []any{"IPV4"})
			if ids := c.Strings("subnet_ids"); len(ids) > 0 {
				c.Set("vpc_id", c.VPCOf(ids[0]))
			}
		},
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			kind, name := "instance", by.ID
			switch by.Type {
			case "aws_rds_cluster":
				kind = "cluster"
			case "aws_db_instance":
				name = by.String("identifier")
			}
			return world.Fail("InvalidDBSubnetGroupStateFault",
				"Cannot delete the subnet group '%s' because at least one database %s: %s is still using it.", c.Self.ID, kind, name)
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 3), Update: model.Seconds(2, 1, 3), Delete: model.Seconds(1, 1, 3),
			Source: "logs of real deployments"},
	}
}

func invalidGroupSubnet(id string) *world.Error {
	return world.Fail("InvalidSubnet",
		"The requested subnet %s is invalid, or multiple subnets were requested that are not all in a common VPC.", id)
}

var subnetGroupNames = model.Expression(`^[a-z0-9._ -]{1,255}$`)

func subnetGroupName(c *model.Call) *world.Error {
	name := strings.ToLower(c.Name("name", "name_prefix"))
	if name == "default" || !subnetGroupNames().MatchString(name) {
		// unverified text
		return world.Fail("InvalidParameterValue",
			"The parameter DBSubnetGroupName is not a valid identifier. Only 1 to 255 letters, digits, spaces, periods, underscores and hyphens "+
				"may be used, and not the name Default.")
	}
	return nil
}

// subnetGroupZones holds a subnet group to one VPC and at least two availability zones.
func subnetGroupZones(c *model.Call) *world.Error {
	ids := c.Strings("subnet_ids")
	for _, id := range ids {
		if c.VPCOf(id) != c.VPCOf(ids[0]) {
			return invalidGroupSubnet(id)
		}
	}
	if zones := c.Zones(ids); len(zones) < 2 {
		return world.Fail("DBSubnetGroupDoesNotCoverEnoughAZs",
			"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: %s. Add subnets to cover at "+
				"least 2 AZs.", strings.Join(zones, ", "))
	}
	return nil
}

// parameterGroup declares one of the two kinds of parameter groups, which differ in their names alone.
func parameterGroup(name, noun, api, arnType, quotaCode, quotaName string) *model.Type {
	return &model.Type{
		Name: name, API: api, Noun: noun,
		CreateCall: "Create" + api, UpdateCall: "Modify" + api, DeleteCall: "Delete" + api,
		Identify: func(c *model.Call) string { return strings.ToLower(c.Name("name", "name_prefix")) },
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DBParameterGroupAlreadyExists", "Parameter group %s already exists", name)
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				return validIdentifier(api+"Name", c.Name("name", "name_prefix"), 255)
			},
			parameterGroupFamily, staticParameters,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: quotaCode, Service: "rds", Name: quotaName, Default: 50},
			Exceeded: func() *world.Error {
				return world.Fail("DBParameterGroupQuotaExceeded", "Cannot create more than 50 DB parameter groups.") // unverified text
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("name", c.ID)
			c.Set("name_prefix", "")
			c.Set("arn", c.ARN("rds", arnType+":"+c.ID))
		},
		InUse: func(c *model.Call, _ *world.Resource) *world.Error {
			return world.Fail("InvalidDBParameterGroupState",
				"One or more database instances are still members of this parameter group %s, so the group cannot be deleted", c.Self.ID)
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 5), Update: model.Seconds(2, 1, 5), Delete: model.Seconds(1, 1, 5),
			Source: "logs of real deployments"},
	}
}

// parameterGroupFamily refuses families of versions that no engine has.
func parameterGroupFamily(c *model.Call) *world.Error {
	family := c.String("family")
	for _, engine := range []string{auroraPostgreSQL, postgreSQL} {
		version, ok := strings.CutPrefix(family, engine)
		known := slices.ContainsFunc(facts.OfferedVersions(engine), func(v string) bool { return major(v) == version })
		if ok && !known && !facts.NewerEngineVersion(engine, version) {
			return world.Fail("InvalidParameterValue", "ParameterGroupFamily %s is not a valid parameter group family", family)
		}
	}
	return nil
}

// staticPostgreSQL are parameters that need a restart, of those that PostgreSQL databases commonly set (AWS documentation).
var staticPostgreSQL = []string{
	"autovacuum_max_workers", "huge_pages", "max_connections", "max_locks_per_transaction", "max_logical_replication_workers",
	"max_prepared_transactions", "max_replication_slots", "max_wal_senders", "max_worker_processes", "rds.logical_replication",
	"shared_buffers", "shared_preload_libraries", "track_activity_query_size", "wal_buffers",
}

func staticParameters(c *model.Call) *world.Error {
	if !strings.Contains(c.String("family"), "postgres") {
		return nil
	}
	for _, parameter := range c.Blocks("parameter") {
		name, _ := parameter["name"].(string)
		if method, _ := parameter["apply_method"].(string); method != "pending-reboot" && slices.Contains(staticPostgreSQL, name) {
			return world.Fail("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
		}
	}
	return nil
}

var rdsIdentifiers = model.Expression(`^[a-zA-Z](-?[a-zA-Z0-9])*$`)

// validIdentifier holds the names of databases and parameter groups to RDS's rule; parameter is the API's name of the argument.
func validIdentifier(parameter, name string, longest int) *world.Error {
	switch {
	case len(name) > longest:
		// unverified text
		return world.Fail("InvalidParameterValue", "The parameter %s is not a valid identifier because it is longer than %d characters.",
			parameter, longest)
	case !rdsIdentifiers().MatchString(name):
		return world.Fail("InvalidParameterValue",
			"The parameter %s is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and "+
				"hyphens; and must not end with a hyphen or contain two consecutive hyphens.", parameter)
	}
	return nil
}

// parameterGroupFits holds a database to a parameter group of its version's family.
func parameterGroupFits(c *model.Call, path, groupType, version string) *world.Error {
	group := c.FindBy(groupType, "name", c.String(path))
	want := parameterFamily(c.String("engine"), version)
	if group == nil || group.String("family") == want {
		return nil
	}
	return world.Fail("InvalidParameterCombination",
		"The Parameter Group %s with DBParameterGroupFamily %s can't be used for this instance. Please use a Parameter Group with "+
			"DBParameterGroupFamily %s",
		group.ID, group.String("family"), want)
}

// parameterGroupMissing answers for groups that do not exist; RDS has a default group for every family.
func parameterGroupMissing(code, format string) func(string) *world.Error {
	return func(name string) *world.Error {
		if strings.HasPrefix(name, "default.") {
			return nil
		}
		return world.NotFound(code, "%s", fmt.Sprintf(format, name))
	}
}
