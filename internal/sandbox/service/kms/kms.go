// Package kms declares AWS Key Management Service: keys, aliases and grants, and how other services find a key. Beside the model it
// imports iampolicy; the catalog imports it, and so do backup, cloudtrail, dynamodb, ecr, efs, eks, elasticache, logs, rds, s3 and
// secretsmanager.
//
// Rules: API model (botocore kms 2014-11-01) and answers recorded from real accounts (LocalStack) except where marked; times: logs of
// real deployments.
package kms

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{key(), policyOf(), alias(), grant()}
}

const api = "KMS"

func key() *model.Type {
	return &model.Type{
		Name: "aws_kms_key", API: api, Noun: "KMS Key",
		CreateCall: "CreateKey", UpdateCall: "PutKeyPolicy", DeleteCall: "ScheduleKeyDeletion",
		Identify: func(c *model.Call) string {
			if c.Bool("multi_region") {
				return "mrk-" + c.Hex(32)
			}
			return c.UUID()
		},
		Checks: []model.Check{
			model.Length("ValidationException", "description", "description", 0, 8192),
			model.Between("ValidationException", "deletion_window_in_days", "pendingWindowInDays", 7, 30),
			keyUsage, keyRotation, keyPolicy,
		},
		Parts: []model.Part{{
			Argument: "policy", Type: "aws_kms_key_policy", Of: "key_id", Single: true, None: defaultPolicy,
			Make: func(c *model.Call, text any) world.Object {
				return world.Object{"policy": text, lockout: c.Object[lockout]}
			},
			Show: func(_ *model.Call, part *world.Resource) any { return part.Attributes["policy"] },
		}},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-C2F1777E", Service: "kms", Name: "Customer Master Keys (CMKs)", Default: 100000},
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "You have reached the limit of KMS keys in this Region.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("kms", "key/"+c.ID))
			c.Set("key_id", c.ID)
			c.Set("description", "")
			c.Set("multi_region", false)
			if c.Bool("enable_key_rotation") {
				c.Set("rotation_period_in_days", 365.0)
			}
			c.Set("rotation_period_in_days", 0.0)
		},
		// AWS schedules the deletion of any key, also of one in use: what it encrypts is lost when the window ends.
		Latency: model.Latency{Create: model.Seconds(20, 1, 29), Update: model.Seconds(12, 1, 29), Delete: model.Seconds(1, 0.5, 2),
			Source: "logs of real deployments (12-29 s with a policy or rotation: Terraform waits until all of KMS knows)"},
	}
}

// lockout is the argument that lets a policy lock everybody out.
const lockout = "bypass_policy_lockout_safety_check"

// policyOf is the policy of a key, which has one always: what takes it away puts the default in its place.
func policyOf() *model.Type {
	return &model.Type{
		Name: "aws_kms_key_policy", API: api, Noun: "KMS Key Policy",
		CreateCall: "PutKeyPolicy", UpdateCall: "PutKeyPolicy", DeleteCall: "PutKeyPolicy",
		Identify: model.IDFrom("key_id"), Same: []string{"key_id"},
		References: []model.Reference{{Path: "key_id", To: []string{"aws_kms_key"}, Inside: true, Missing: func(id string) *world.Error {
			return world.Fail("NotFoundException", "Key '%s' does not exist", id)
		}}},
		Checks:  []model.Check{keyPolicy},
		Replace: model.ReplacedBy("key_id"),
		Latency: model.Latency{Create: model.Seconds(12, 1, 29), Update: model.Seconds(12, 1, 29), Delete: model.Seconds(12, 1, 29),
			Source: "as of a key with a policy: Terraform waits until all of KMS knows"},
	}
}

// defaultPolicy is the policy of a key that was given none.
func defaultPolicy(c *model.Call) any {
	return `{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":"` +
		accountRoot(c) + `"},"Resource":"*","Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`
}

// accountRoot is the principal that stands for the call's account.
func accountRoot(c *model.Call) string { return c.GlobalARN("iam", "root") }

// keySpecs lists what each kind of key can be used for (API model).
var keySpecs = map[string][]string{
	"SYMMETRIC_DEFAULT":     {"ENCRYPT_DECRYPT"},
	"RSA_2048":              {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_3072":              {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_4096":              {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"ECC_NIST_P256":         {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P384":         {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P521":         {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_EDWARDS25519": {"SIGN_VERIFY"},
	"ECC_SECG_P256K1":       {"SIGN_VERIFY"},
	"HMAC_224":              {"GENERATE_VERIFY_MAC"},
	"HMAC_256":              {"GENERATE_VERIFY_MAC"},
	"HMAC_384":              {"GENERATE_VERIFY_MAC"},
	"HMAC_512":              {"GENERATE_VERIFY_MAC"},
	"ML_DSA_44":             {"SIGN_VERIFY"},
	"ML_DSA_65":             {"SIGN_VERIFY"},
	"ML_DSA_87":             {"SIGN_VERIFY"},
	"SM2":                   {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"},
}

func symmetric(c *model.Call) bool {
	spec := c.String("customer_master_key_spec")
	return spec == "" || spec == "SYMMETRIC_DEFAULT"
}

func keyUsage(c *model.Call) *world.Error {
	spec, usage := c.String("customer_master_key_spec"), c.String("key_usage")
	if spec == "" {
		spec = "SYMMETRIC_DEFAULT"
	}
	if usage == "" {
		usage = "ENCRYPT_DECRYPT"
	}
	usages, known := keySpecs[spec]
	switch {
	case !known:
		return model.Unsatisfied("ValidationException", spec, "keySpec",
			"Member must satisfy enum value set: [RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, "+
				"SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2]")
	case !slices.Contains(usages, usage):
		return world.Fail("ValidationException", "KeyUsage %s is not compatible with KeySpec %s", usage, spec)
	}
	return nil
}

func keyRotation(c *model.Call) *world.Error {
	if c.Bool("enable_key_rotation") && !symmetric(c) {
		return world.Fail("UnsupportedOperationException", "You cannot perform this operation on asymmetric or HMAC KMS keys.")
	}
	if days, _ := c.Number("rotation_period_in_days"); days == 0 && !c.Creating() {
		return nil // a key that is not rotated shows no days, and none are sent
	}
	return model.Between("ValidationException", "rotation_period_in_days", "rotationPeriodInDays", 90, 2560)(c)
}

// keyPolicy holds a key policy to the policy language, and refuses one that locks everybody out (texts unverified).
func keyPolicy(c *model.Call) *world.Error {
	text, ok := c.At("policy").(string)
	if !ok || text == "" {
		return nil
	}
	if iampolicy.Fault(iampolicy.Resource, text) != "" {
		return world.Fail("MalformedPolicyDocumentException", "The new key policy is malformed: %s", iampolicy.Fault(iampolicy.Resource, text))
	}
	if principal.Nobody(c, text) != "" {
		return world.Fail("MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals.")
	}
	if !c.Bool(lockout) && !administers(c, text) {
		return world.Fail("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

// administers reports whether a key policy lets anyone of the account change it.
func administers(c *model.Call, text string) bool {
	document, _ := iampolicy.Parse(text)
	return slices.ContainsFunc(document.Statements, func(s iampolicy.Statement) bool {
		ours := s.Principals.Everybody() || slices.ContainsFunc(s.Principals["AWS"], func(principal string) bool {
			return strings.Contains(principal, c.Account)
		})
		return ours && s.Effect == "Allow" && s.Speaks("kms:PutKeyPolicy")
	})
}

func alias() *model.Type {
	return &model.Type{
		Name: "aws_kms_alias", API: api, Noun: "KMS Alias",
		CreateCall: "CreateAlias", UpdateCall: "UpdateAlias", DeleteCall: "DeleteAlias",
		Identify: func(c *model.Call) string {
			if model.IsUnset(c.Object["name"]) && c.String("name_prefix") == "" {
				c.Object["name_prefix"] = "alias/"
			}
			return c.Name("name", "name_prefix")
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(c *model.Call, name string) *world.Error {
			return world.Fail("AlreadyExistsException", "An alias with the name %s already exists", c.ARN("kms", name))
		}}},
		Checks: []model.Check{aliasName, model.Length("ValidationException", "name", "aliasName", 1, 256),
			model.Pattern("ValidationException", "name", "aliasName", `[a-zA-Z0-9:/_-]+`), aliasTarget},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("kms", c.ID))
			c.Set("name_prefix", "")
			if target := FindKey(c, c.String("target_key_id")); target != nil {
				c.Force("target_key_arn", target.String("arn"))
			}
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 1), Update: model.Seconds(1, 0.5, 1), Delete: model.Seconds(1, 0.5, 1),
			Source: "logs of real deployments"},
	}
}

func aliasName(c *model.Call) *world.Error {
	name := c.String("name")
	switch {
	case name == "":
		return nil
	case !strings.HasPrefix(name, "alias/"):
		return world.Fail("ValidationException",
			`Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html`)
	case strings.HasPrefix(name, "alias/aws/"):
		return world.Fail("NotAuthorizedException", "")
	}
	return nil
}

func aliasTarget(c *model.Call) *world.Error {
	target := c.String("target_key_id")
	if target == "" || FindKey(c, target) != nil {
		return nil
	}
	if strings.HasPrefix(target, "arn:") {
		return world.Fail("NotFoundException", "Key '%s' does not exist", target)
	}
	return world.Fail("NotFoundException", "Key '%s' does not exist", c.ARN("kms", "key/"+target))
}
