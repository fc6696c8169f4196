// Package dynamodb declares Amazon DynamoDB: tables. Beside the model it imports kms; the catalog imports it.
//
// Rules: API model (botocore); messages: moto, unless marked unverified.
package dynamodb

import (
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "DynamoDB"

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{{
		Name: "aws_dynamodb_table", API: api, Noun: "DynamoDB Table",
		CreateCall: "CreateTable", UpdateCall: "UpdateTable", DeleteCall: "DeleteTable",
		Identify: model.IDFrom("name"),
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("ResourceInUseException", "Table already exists: %s", name)
		}}},
		Checks: []model.Check{tableName, tableKeys, tableCapacity},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-F98FE922", Service: "dynamodb", Name: "Maximum number of tables", Default: 2500},
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "Subscriber limit exceeded: There is a limit of 2500 tables per subscriber")
			},
		}},
		Plan:    planTable,
		Replace: model.ReplacedBy("name", "hash_key", "range_key", "local_secondary_index"),
		Recompute: map[string][]string{"stream_arn": {"stream_enabled", "stream_view_type"},
			"stream_label": {"stream_enabled", "stream_view_type"}},
		Fill:         fillTable,
		BeforeDelete: []model.Check{tableProtection},
		Latency: model.Latency{Create: model.Seconds(8, 6, 15), Update: model.Seconds(10, 1, 600), Delete: model.Seconds(5, 2, 15),
			Source: "estimate"},
	}}
}

var tableNames = model.Expression(`^[a-zA-Z0-9_.-]{3,255}$`)

func tableName(c *model.Call) *world.Error {
	if name := c.String("name"); !tableNames().MatchString(name) {
		return world.Fail("ValidationException",
			"Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, "+
				"0-9, '_', '-', and '.'")
	}
	return nil
}

// tableKeys holds the attributes to those that keys and indexes use, each with a type.
func tableKeys(c *model.Call) *world.Error {
	used := append(c.Strings("hash_key"), c.Strings("range_key")...)
	for _, index := range []string{"global_secondary_index", "local_secondary_index"} {
		used = append(append(used, c.Strings(index+".hash_key")...), c.Strings(index+".range_key")...)
		used = append(used, c.Strings(index+".key_schema.attribute_name")...)
	}
	defined := c.Strings("attribute.name")
	for _, name := range used {
		if name != "" && !slices.Contains(defined, name) {
			return &world.Error{Message: "all indexes must match a defined attribute. Unmatched indexes: [" + name + "]"}
		}
	}
	for _, name := range defined {
		if !slices.Contains(used, name) {
			return &world.Error{Message: "all attributes must be indexed. Unused attributes: [" + name + "]"}
		}
	}
	return model.OneOf("ValidationException", "attribute.type", "attributeDefinitions.member.attributeType", "B", "N", "S")(c)
}

func tableCapacity(c *model.Call) *world.Error {
	read, _ := c.Number("read_capacity")
	write, _ := c.Number("write_capacity")
	switch mode := c.String("billing_mode"); {
	case mode == "PAY_PER_REQUEST" && c.Creating() && (read > 0 || write > 0):
		return world.Fail("ValidationException",
			"One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "+
				"PAY_PER_REQUEST")
	case mode != "PAY_PER_REQUEST" && (read < 1 || write < 1):
		return &world.Error{Message: `read_capacity and write_capacity must be at least 1 when billing_mode is "PROVISIONED"`}
	}
	return nil
}

func tableProtection(c *model.Call) *world.Error {
	if !c.Bool("deletion_protection_enabled") {
		return nil
	}
	return world.Fail("ValidationException",
		"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
}

// planTable gives the provider's defaults (measured).
func planTable(c *model.Call) {
	c.Default("billing_mode", "PROVISIONED")
	c.DefaultBlocks("point_in_time_recovery", "server_side_encryption", "ttl")
}

func fillTable(c *model.Call) {
	c.Set("arn", c.ARN("dynamodb", "table/"+c.ID))
	label, arn, view := "", "", ""
	if c.Bool("stream_enabled") {
		label = c.World.Now().Format("2006-01-02T15:04:05.000")
		arn, view = c.ARN("dynamodb", "table/"+c.ID+"/stream/"+label), "NEW_AND_OLD_IMAGES"
	}
	c.Set("stream_label", label)
	c.Set("stream_arn", arn)
	c.Set("stream_view_type", view)
	c.SetEach(0.0, "read_capacity", "write_capacity")
	c.Set("hash_key", "")
	c.Set("point_in_time_recovery", []any{world.Object{"enabled": false, "recovery_period_in_days": 0.0}})
	days := 0.0
	if c.Bool("point_in_time_recovery.enabled") {
		days = 35
	}
	c.SetIn("point_in_time_recovery", "recovery_period_in_days", days)
	c.Set("server_side_encryption", []any{})
	c.SetIn("server_side_encryption", "kms_key_arn", kms.ManagedKey(c, "dynamodb"))
	c.Set("ttl", []any{world.Object{"enabled": false, "attribute_name": ""}})
	for _, block := range []string{"on_demand_throughput", "global_secondary_index.on_demand_throughput"} {
		c.SetIn(block, "max_read_request_units", 0.0)
		c.SetIn(block, "max_write_request_units", 0.0)
	}
	for _, block := range []string{"warm_throughput", "global_secondary_index.warm_throughput"} {
		c.SetIn(block, "read_units_per_second", 12000.0)
		c.SetIn(block, "write_units_per_second", 4000.0)
	}
	for _, attribute := range []string{"read_capacity", "write_capacity"} {
		c.SetIn("global_secondary_index", attribute, 0.0)
	}
	c.SetIn("global_secondary_index", "hash_key", "")
	c.SetIn("global_table_witness", "region_name", "")
	for _, replica := range c.Blocks("replica") {
		region, _ := replica["region_name"].(string)
		for attribute, value := range map[string]any{
			"arn": "arn:" + c.Partition() + ":dynamodb:" + region + ":" + c.Account + ":table/" + c.ID, "kms_key_arn": "", "stream_arn": "",
			"stream_label":                "",
			"deletion_protection_enabled": false,
		} {
			if model.IsUnknown(replica[attribute]) {
				replica[attribute] = value
			}
		}
	}
}
