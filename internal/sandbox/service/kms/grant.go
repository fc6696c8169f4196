package kms

import (
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// grantOperations are what a grant can allow (API model).
var grantOperations = []string{
	"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo", "Sign",
	"Verify", "GetPublicKey",
	"CreateGrant", "RetireGrant", "DescribeKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateMac", "VerifyMac",
	"DeriveSharedSecret",
}

func grant() *model.Type {
	return &model.Type{
		Name: "aws_kms_grant", API: api, Noun: "KMS Grant",
		CreateCall: "CreateGrant", UpdateCall: "CreateGrant", DeleteCall: "RevokeGrant",
		Identify: func(c *model.Call) string { return c.String("key_id") + ":" + c.Hex(64) },
		Checks: []model.Check{
			model.Pattern("ValidationException", "name", "name", `[a-zA-Z0-9:/_-]{1,256}`),
			model.OneOf("ValidationException", "operations", "operations", grantOperations...),
			func(c *model.Call) *world.Error {
				if id := c.String("key_id"); id != "" && FindKey(c, id) == nil && !KeyElsewhere(c, id) {
					return world.Fail("NotFoundException", "Key '%s' does not exist", c.ARN("kms", "key/"+id[strings.LastIndex(id, "/")+1:]))
				}
				for _, attribute := range []string{"grantee_principal", "retiring_principal"} {
					if arn := c.String(attribute); arn != "" && !strings.HasPrefix(arn, "arn:") {
						return world.Fail("InvalidArnException", "ARN does not refer to a valid principal: %s", arn) // text unverified
					}
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			c.Set("grant_id", c.ID[strings.LastIndex(c.ID, ":")+1:])
			c.Set("grant_token", c.Upper(200, "token"))
		},
		Latency: model.Instant("estimate"),
	}
}

// DataSources declares what Terraform asks KMS.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_kms_key", API: api, Noun: "KMS Key", Call: "DescribeKey", Read: readKey},
		{Name: "aws_kms_alias", API: api, Noun: "KMS Alias", Call: "ListAliases", Read: readAlias},
	}
}

// awsServiceKey is the service of an alias of AWS's own, such as ebs for alias/aws/ebs; every account has these keys once they are used.
func awsServiceKey(name string) (service string, is bool) {
	_, service, is = strings.Cut(name, "alias/aws/")
	return service, is
}

func readKey(c *model.Call) *world.Error {
	name := c.String("key_id")
	key := FindKey(c, name)
	service, awsOwn := awsServiceKey(name)
	if key == nil && !awsOwn {
		if strings.Contains(name, "alias/") {
			return world.Fail("NotFoundException", "Alias %s is not found.", c.ARN("kms", name[strings.Index(name, "alias/"):]))
		}
		return world.Fail("NotFoundException", "Key '%s' does not exist", c.ARN("kms", "key/"+name[strings.LastIndex(name, "/")+1:]))
	}
	description, usage, spec, manager, enabled, multi := "", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "CUSTOMER", true, false
	var id string
	if key != nil {
		id, description = key.ID, key.String("description")
		if given := key.String("key_usage"); given != "" {
			usage = given
		}
		if given := key.String("customer_master_key_spec"); given != "" {
			spec = given
		}
		if on, told := key.Attributes["is_enabled"].(bool); told {
			enabled = on
		}
		multi, _ = key.Attributes["multi_region"].(bool)
	} else {
		id, manager, description = ManagedKeyID(c, service), "AWS", "Default key that protects my "+strings.ToUpper(service)+
			" data when no other key is defined"
	}
	state := map[bool]string{true: "Enabled", false: "Disabled"}[enabled]
	for attribute, value := range map[string]any{
		"id": id, "arn": c.ARN("kms", "key/"+id), "aws_account_id": c.Account, "description": description, "key_usage": usage, "key_spec": spec,
		"customer_master_key_spec": spec, "key_manager": manager, "key_state": state, "enabled": enabled, "multi_region": multi,
		"origin":        "AWS_KMS",
		"creation_date": c.World.Now().Format(time.RFC3339), "pending_deletion_window_in_days": 0.0,
		"multi_region_configuration": []any{}, "xks_key_configuration": []any{},
	} {
		c.Force(attribute, value)
	}
	c.SetEach("", "cloud_hsm_cluster_id", "custom_key_store_id", "deletion_date", "expiration_model", "valid_to")
	return nil
}

func readAlias(c *model.Call) *world.Error {
	name := c.String("name")
	if service, ours := awsServiceKey(name); ours {
		id := ManagedKeyID(c, service)
		c.Force("target_key_id", id)
		c.Force("target_key_arn", c.ARN("kms", "key/"+id))
	} else {
		alias := c.Find("aws_kms_alias", name)
		if alias == nil {
			return &world.Error{Message: "reading KMS Alias (" + name + "): couldn't find resource"}
		}
		target := alias.String("target_key_arn")
		c.Force("target_key_arn", target)
		c.Force("target_key_id", target[strings.LastIndex(target, "/")+1:])
	}
	c.Force("arn", c.ARN("kms", name))
	c.Force("id", c.ARN("kms", name))
	return nil
}
