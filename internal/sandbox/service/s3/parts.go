package s3

import (
	"maps"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// bucketParts are the arguments of a bucket that set what has a resource of its own too since version 4 of the provider, which calls these
// arguments deprecated.
func bucketParts() []model.Part {
	return []model.Part{
		model.TextPart("policy", "aws_s3_bucket_policy", "bucket", "policy"),
		model.TextPart("acceleration_status", "aws_s3_bucket_accelerate_configuration", "bucket", "status"),
		model.TextPart("request_payer", "aws_s3_bucket_request_payment_configuration", "bucket", "payer").
			Else(func(*model.Call) any { return "BucketOwner" }),
		{
			Argument: "versioning", Type: "aws_s3_bucket_versioning", Of: "bucket", Single: true, Make: versioningOf, Show: versioningShown,
			None: func(*model.Call) any { return []any{world.Object{"enabled": false, "mfa_delete": false}} },
		},
		{
			Argument: "server_side_encryption_configuration", Type: "aws_s3_bucket_server_side_encryption_configuration", Of: "bucket", Single: true,
			Make: encryptionOf, Show: encryptionShown, None: func(*model.Call) any { return encrypted("AES256", "", false) },
		},
		{
			Argument: "logging", Type: "aws_s3_bucket_logging", Of: "bucket", Single: true, None: nothing,
			Make: func(_ *model.Call, value any) world.Object {
				return copied(first(value), "target_bucket", "target_prefix")
			},
			Show: func(_ *model.Call, part *world.Resource) any {
				return []any{copied(part.Attributes, "target_bucket", "target_prefix")}
			},
		},
		{
			Argument: "cors_rule", Type: "aws_s3_bucket_cors_configuration", Of: "bucket", Single: true, None: nothing,
			Make: func(_ *model.Call, value any) world.Object { return world.Object{"cors_rule": corsRules(value)} },
			Show: func(_ *model.Call, part *world.Resource) any { return corsRules(part.Attributes["cors_rule"]) },
		},
		{
			Argument: "lifecycle_rule", Type: "aws_s3_bucket_lifecycle_configuration", Of: "bucket", Single: true, None: nothing,
			Make: lifecycleOf, Show: lifecycleShown,
		},
	}
}

// nothing is what a block shows that is not there.
func nothing(*model.Call) any { return []any{} }

// first is the one block of an argument.
func first(value any) world.Object {
	list, _ := value.([]any)
	if len(list) == 0 {
		return nil
	}
	block, _ := list[0].(world.Object)
	return block
}

// copied are some attributes of an object.
func copied(from world.Object, names ...string) world.Object {
	to := world.Object{}
	for _, name := range names {
		to[name] = from[name]
	}
	return to
}

// versioningOf is what a bucket's block means: a bucket that never had versions is told nothing, and one that has them is to keep no more.
func versioningOf(c *model.Call, value any) world.Object {
	status := "Enabled"
	if first(value)["enabled"] != true {
		if status = "Suspended"; c.Creating() {
			return nil
		}
	}
	return world.Object{"versioning_configuration": []any{world.Object{"status": status, "mfa_delete": ""}}}
}

func versioningShown(_ *model.Call, part *world.Resource) any {
	enabled := model.At(part.Attributes, "versioning_configuration.status") == "Enabled"
	deletes := model.At(part.Attributes, "versioning_configuration.mfa_delete") == "Enabled"
	return []any{world.Object{"enabled": enabled, "mfa_delete": deletes}}
}

const byDefault = "apply_server_side_encryption_by_default"

func encrypted(algorithm, key any, bucketKey bool) any {
	return []any{world.Object{"rule": []any{world.Object{
		"bucket_key_enabled": bucketKey, byDefault: []any{world.Object{"sse_algorithm": algorithm, "kms_master_key_id": key}},
	}}}}
}

// encryptionOf is what a bucket's block means; a new bucket is told nothing of what it has anyway.
func encryptionOf(c *model.Call, value any) world.Object {
	algorithm := model.At(first(value), "rule."+byDefault+".sse_algorithm")
	bucketKey, _ := model.At(first(value), "rule.bucket_key_enabled").(bool)
	if algorithm == nil || algorithm == "AES256" && !bucketKey && c.Creating() {
		return nil
	}
	return world.Object{"rule": []any{world.Object{
		"bucket_key_enabled": bucketKey, "blocked_encryption_types": []any{},
		byDefault: []any{world.Object{"sse_algorithm": algorithm,
			"kms_master_key_id": model.At(first(value), "rule."+byDefault+".kms_master_key_id")}},
	}}}
}

func encryptionShown(_ *model.Call, part *world.Resource) any {
	key, _ := model.At(part.Attributes, "rule."+byDefault+".kms_master_key_id").(string)
	bucketKey, _ := model.At(part.Attributes, "rule.bucket_key_enabled").(bool)
	return encrypted(model.At(part.Attributes, "rule."+byDefault+".sse_algorithm"), key, bucketKey)
}

// corsRules are rules without what a bucket's own blocks cannot say.
func corsRules(value any) []any {
	list, _ := value.([]any)
	rules := []any{}
	for _, rule := range list {
		if block, ok := rule.(world.Object); ok {
			rules = append(rules, copied(block, "allowed_headers", "allowed_methods", "allowed_origins", "expose_headers", "max_age_seconds"))
		}
	}
	return rules
}

// oldDays and newDays are the words for the days after which a version that is not the current one is treated, of a bucket and of its
// configuration.
const oldDays, newDays = "days", "noncurrent_days"

// lifecycleOf are the rules of a bucket's own blocks, in the form of a lifecycle configuration.
func lifecycleOf(_ *model.Call, value any) world.Object {
	list, _ := value.([]any)
	rules := []any{}
	for _, element := range list {
		block, ok := element.(world.Object)
		if !ok {
			continue
		}
		status := "Disabled"
		if block["enabled"] == true {
			status = "Enabled"
		}
		rule := world.Object{"id": block["id"], "status": status, "prefix": "", "filter": filterOf(block),
			"expiration": block["expiration"], "transition": block["transition"],
			"noncurrent_version_expiration": renamed(block["noncurrent_version_expiration"], oldDays, newDays),
			"noncurrent_version_transition": renamed(block["noncurrent_version_transition"], oldDays, newDays),
		}
		if days, ok := block["abort_incomplete_multipart_upload_days"].(float64); ok && days > 0 {
			rule["abort_incomplete_multipart_upload"] = []any{world.Object{"days_after_initiation": days}}
		}
		rules = append(rules, rule)
	}
	return world.Object{"rule": rules}
}

// filterOf is the filter that the prefix and the tags of a bucket's block are.
func filterOf(block world.Object) []any {
	tags, _ := block["tags"].(world.Object)
	prefix, _ := block["prefix"].(string)
	if len(tags) == 0 {
		return []any{world.Object{"prefix": prefix}}
	}
	return []any{world.Object{"and": []any{world.Object{"prefix": prefix, "tags": tags}}}}
}

func lifecycleShown(_ *model.Call, part *world.Resource) any {
	list, _ := part.Attributes["rule"].([]any)
	rules := []any{}
	for _, element := range list {
		rule, ok := element.(world.Object)
		if !ok {
			continue
		}
		prefix := rule["prefix"]
		for _, path := range []string{"filter.prefix", "filter.and.prefix"} {
			if within := model.At(rule, path); within != nil && within != "" {
				prefix = within
			}
		}
		rules = append(rules, world.Object{
			"id": rule["id"], "enabled": rule["status"] == "Enabled", "prefix": prefix, "tags": model.At(rule, "filter.and.tags"),
			"abort_incomplete_multipart_upload_days": model.At(rule, "abort_incomplete_multipart_upload.days_after_initiation"),
			"expiration":                             told(rule["expiration"]), "transition": told(rule["transition"]),
			"noncurrent_version_expiration": renamed(rule["noncurrent_version_expiration"], newDays, oldDays),
			"noncurrent_version_transition": renamed(rule["noncurrent_version_transition"], newDays, oldDays),
		})
	}
	return rules
}

// blocksOf is a list of blocks, which may have none.
func blocksOf(value any) []any {
	list, _ := value.([]any)
	return model.List(list)
}

// told are blocks without what they say nothing by.
func told(value any) []any {
	blocks := []any{}
	for _, element := range blocksOf(value) {
		block, _ := element.(world.Object)
		short := maps.Clone(block)
		maps.DeleteFunc(short, func(_ string, value any) bool { return value == false || value == 0.0 || value == "" })
		blocks = append(blocks, short)
	}
	return blocks
}

// renamed are blocks in which one attribute has another name.
func renamed(value any, from, to string) []any {
	blocks := []any{}
	for _, element := range blocksOf(value) {
		if block, ok := element.(world.Object); ok {
			other := copied(block, "storage_class")
			if block["storage_class"] == nil {
				delete(other, "storage_class")
			}
			other[to] = block[from]
			blocks = append(blocks, other)
		}
	}
	return blocks
}
